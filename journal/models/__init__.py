"""The course of teaching: gradebooks, load, marks, results."""

from journal.models.attestation import (
    AcademicDebt,
    AssessmentResult,
    InterimAssessment,
    Retake,
    StateExam,
)
from journal.models.councils import Council, ResultKind
from journal.models.entries import CellChange, EntryOpening, EntryRules
from journal.models.gradebooks import (
    DAY_BASIS,
    Gradebook,
    KeepingDecision,
    Kept,
    Scale,
    ScaleRule,
    Subgroup,
    SubgroupMember,
    TeachingLoad,
)
from journal.models.lessons import Homework, HomeworkFile, Lesson, LessonWork, WorkKind
from journal.models.marks import Absence, Mark, Result
from journal.models.sheets import ArchivedSheet, SheetColumn, SheetLayout, SheetMinutes, SheetNote
from journal.models.timetables import Bell, BellSchedule, DayChange, Room, Timetable, TimetableLine, Weekday

__all__ = [
    "DAY_BASIS",
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
    "Bell",
    "BellSchedule",
    "DayChange",
    "Room",
    "Timetable",
    "TimetableLine",
    "Weekday",
    "Homework",
    "HomeworkFile",
    "Lesson",
    "LessonWork",
    "WorkKind",
    "CellChange",
    "EntryOpening",
    "EntryRules",
]
