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
from journal.models.sheets import ArchivedSheet, SheetColumn, SheetLayout, SheetMinutes, SheetNote

__all__ = [
    "Absence",
    "ArchivedSheet",
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
    "SheetColumn",
    "SheetLayout",
    "SheetMinutes",
    "SheetNote",
    "StateExam",
    "Subgroup",
    "SubgroupMember",
    "TeachingLoad",
]
