"""The course of teaching: gradebooks, load, marks, results."""

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
    "Council",
    "Gradebook",
    "KeepingDecision",
    "Kept",
    "Mark",
    "Result",
    "ResultKind",
    "Scale",
    "ScaleRule",
    "Subgroup",
    "SubgroupMember",
    "TeachingLoad",
]
