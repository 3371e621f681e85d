"""Models of the registry, one file per noun."""

from resources.models.availability import Availability, AvailabilityCheck
from resources.models.credentials import CredentialLink, ExternalCredential, Pool, PoolAccount, PoolAnswer
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
from resources.models.subjects import Subject, SubjectArea
from resources.models.sveden import ONE, SvedenCheck, SvedenExport, SvedenSettings, SvedenValue
from resources.models.technology import TechnologySheet
from resources.models.training import TrainingElement

__all__ = [
    "AUTHORISED",
    "AccessRequest",
    "Acquaintance",
    "Availability",
    "AvailabilityCheck",
    "BY_NAME",
    "Condition",
    "ConnectionAnswer",
    "CredentialLink",
    "DEFAULT_CLOSURE",
    "Document",
    "Edition",
    "Element",
    "ElementAdministrator",
    "ElementFile",
    "ExternalCredential",
    "FREE",
    "Holding",
    "LEVELS",
    "Level",
    "LibraryEdition",
    "MANAGEMENT",
    "METHODICAL",
    "ONE",
    "News",
    "MethodicalMaterial",
    "OutsideResource",
    "MustRead",
    "Pool",
    "PoolAccount",
    "PoolAnswer",
    "Privilege",
    "Programme",
    "Reach",
    "Review",
    "STAFF",
    "ServiceConnection",
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
    "validate_address",
]
