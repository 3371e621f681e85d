"""People, the school, dated facts about them, agreement, files, sign-in and the audit trail."""

from accounts.models.agreement import Acceptance, AgreementEdition
from accounts.models.audit import AuditBlock, AuditEntry, AuditSeal
from accounts.models.credentials import Slip
from accounts.models.facts import Appointment, Block, Enrolment, Relation
from accounts.models.files import StoredFile
from accounts.models.orders import Order, OrderEffect, OrderKind, OrderLine
from accounts.models.people import User
from accounts.models.school import AcademicYear, MethodGroup, Position, SchoolCard, SchoolClass
from accounts.models.signin import SharedCacheRow, SignInThrottle
from accounts.models.staff_records import QualificationRecord, Skill, SkillRecord, Training

__all__ = [
    "AcademicYear",
    "Acceptance",
    "AgreementEdition",
    "Appointment",
    "AuditBlock",
    "AuditEntry",
    "AuditSeal",
    "Block",
    "Enrolment",
    "MethodGroup",
    "Order",
    "OrderEffect",
    "OrderKind",
    "OrderLine",
    "Position",
    "QualificationRecord",
    "Relation",
    "SchoolCard",
    "SchoolClass",
    "SharedCacheRow",
    "SignInThrottle",
    "Skill",
    "SkillRecord",
    "Slip",
    "StoredFile",
    "Training",
    "User",
]
