"""People, the school, dated facts about them, agreement, consents, files, sign-in and the audit trail."""

from accounts.models.agreement import Acceptance, AgreementEdition
from accounts.models.audit import AuditBlock, AuditEntry, AuditSeal
from accounts.models.breaches import Breach, BreachEvidence
from accounts.models.consents import Consent, ConsentKind, ConsentText
from accounts.models.credentials import OneTimeLink, Slip, SlipBatch
from accounts.models.facts import Appointment, Block, Enrolment, Relation
from accounts.models.files import StoredFile
from accounts.models.imports import ImportBatch, ImportedFile, ImportMapping
from accounts.models.incidents import AccessReport, ReportEvent
from accounts.models.jobs import Job
from accounts.models.notifications import Mail, Notification, NotificationChoice, OutgoingLetter
from accounts.models.orders import Order, OrderEffect, OrderKind, OrderLine
from accounts.models.people import User
from accounts.models.personal_files import PersonalFile
from accounts.models.registration import RegistrationSheet, SheetRow
from accounts.models.rollover import NextClass, Rollover, RolloverDecision
from accounts.models.school import AcademicYear, MethodGroup, Position, SchoolCard, SchoolClass
from accounts.models.signin import SharedCacheRow, SignInThrottle
from accounts.models.staff_records import QualificationRecord, Skill, SkillRecord, Training

__all__ = [
    "AcademicYear",
    "Acceptance",
    "AccessReport",
    "AgreementEdition",
    "Appointment",
    "AuditBlock",
    "AuditEntry",
    "AuditSeal",
    "Block",
    "Breach",
    "BreachEvidence",
    "Consent",
    "ConsentKind",
    "ConsentText",
    "Enrolment",
    "ImportBatch",
    "ImportMapping",
    "ImportedFile",
    "Job",
    "Mail",
    "MethodGroup",
    "NextClass",
    "OneTimeLink",
    "Notification",
    "NotificationChoice",
    "Order",
    "OrderEffect",
    "OrderKind",
    "OrderLine",
    "PersonalFile",
    "OutgoingLetter",
    "Position",
    "RegistrationSheet",
    "QualificationRecord",
    "Relation",
    "Rollover",
    "RolloverDecision",
    "ReportEvent",
    "SchoolCard",
    "SchoolClass",
    "SharedCacheRow",
    "SignInThrottle",
    "SheetRow",
    "Skill",
    "SkillRecord",
    "Slip",
    "SlipBatch",
    "StoredFile",
    "Training",
    "User",
]
