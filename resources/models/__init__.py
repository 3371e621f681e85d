"""Models of the registry, one file per noun."""

from resources.models.availability import Availability, AvailabilityCheck
from resources.models.calendars import AcademicCalendar, CalendarEntry
from resources.models.complexes import ComplexItem, StudyComplex
from resources.models.course_media import CourseMedia, CourseRendition, EmbeddedPlayer
from resources.models.course_releases import CourseRelease, PageVisit, ReleasedPart
from resources.models.courses import Course, CourseAuthor, CourseComment, CoursePart, CourseText
from resources.models.credentials import CredentialLink, ExternalCredential, Pool, PoolAccount, PoolAnswer
from resources.models.curricula import Curriculum, CurriculumGrade, CurriculumHours, CurriculumRow
from resources.models.documents import Acquaintance, Document, Edition
from resources.models.elements import (
    AUTHORISED,
    BY_NAME,
    DEFAULT_CLOSURE,
    FREE,
    LEVELS,
    MANAGEMENT,
    METHODICAL,
    STAFF,
    Element,
    Level,
    Reach,
    validate_address,
)
from resources.models.files import ElementFile
from resources.models.holdings import Holding, LibraryEdition, OutsideResource
from resources.models.materials import MethodicalMaterial
from resources.models.must_read import MustRead
from resources.models.news import News
from resources.models.privileges import Condition, ElementAdministrator, Privilege
from resources.models.programmes import Programme, Topic
from resources.models.requests import AccessRequest, Suggestion
from resources.models.reviews import ConnectionAnswer, Review, ServiceConnection
from resources.models.search import SearchEntry, SearchTerm, SearchWord
from resources.models.subjects import Subject, SubjectArea
from resources.models.sveden import ONE, SvedenCheck, SvedenExport, SvedenSettings, SvedenValue
from resources.models.technology import TechnologySheet
from resources.models.training import TrainingElement
from resources.models.year_plans import GRADES, StudyLevel, YearPlan, level_of

__all__ = [
    "AUTHORISED",
    "AcademicCalendar",
    "AccessRequest",
    "Acquaintance",
    "Availability",
    "AvailabilityCheck",
    "BY_NAME",
    "CalendarEntry",
    "ComplexItem",
    "Condition",
    "ConnectionAnswer",
    "Course",
    "CourseAuthor",
    "CourseComment",
    "CourseMedia",
    "CoursePart",
    "CourseRelease",
    "CourseRendition",
    "CourseText",
    "CredentialLink",
    "Curriculum",
    "CurriculumGrade",
    "CurriculumHours",
    "CurriculumRow",
    "DEFAULT_CLOSURE",
    "Document",
    "Edition",
    "Element",
    "ElementAdministrator",
    "ElementFile",
    "EmbeddedPlayer",
    "ExternalCredential",
    "FREE",
    "GRADES",
    "Holding",
    "LEVELS",
    "Level",
    "LibraryEdition",
    "MANAGEMENT",
    "METHODICAL",
    "MethodicalMaterial",
    "MustRead",
    "News",
    "ONE",
    "OutsideResource",
    "PageVisit",
    "Pool",
    "PoolAccount",
    "PoolAnswer",
    "Privilege",
    "Programme",
    "Reach",
    "ReleasedPart",
    "Review",
    "STAFF",
    "SearchEntry",
    "SearchTerm",
    "SearchWord",
    "ServiceConnection",
    "StudyComplex",
    "StudyLevel",
    "Subject",
    "SubjectArea",
    "Suggestion",
    "SvedenCheck",
    "SvedenExport",
    "SvedenSettings",
    "SvedenValue",
    "TechnologySheet",
    "Topic",
    "TrainingElement",
    "YearPlan",
    "level_of",
    "validate_address",
]
