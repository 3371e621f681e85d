"""The course of teaching: gradebooks, load, marks, results."""

from journal.models.attestation import (
    AcademicDebt,
    AssessmentResult,
    InterimAssessment,
    Retake,
    StateExam,
)
from journal.models.councils import Council, ResultKind
from journal.models.gradebooks import (
    Gradebook,
    KeepingDecision,
    Kept,
    Scale,
    ScaleRule,
    Subgroup,
    SubgroupMember,
    TeachingLoad,
)
from journal.models.marks import Absence, Mark, Result

__all__ = [
    "Absence",
    "AcademicDebt",
    "AssessmentResult",
    "Council",
    "Gradebook",
    "InterimAssessment",
    "KeepingDecision",
    "Kept",
    "Mark",
    "Result",
    "ResultKind",
    "Retake",
    "Scale",
    "ScaleRule",
    "StateExam",
    "Subgroup",
    "SubgroupMember",
    "TeachingLoad",
]
