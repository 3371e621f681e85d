"""What a family sees of attestation: the schedule of the own class, results, debts, state exams (1.3 b)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from accounts.models import Enrolment, SchoolClass, User
from journal.attestation.pupils import own_pupils
from journal.models import (
    AcademicDebt,
    AssessmentResult,
    InterimAssessment,
    StateExam,
    SubgroupMember,
)


@dataclass(frozen=True)
class Line:
    assessment: InterimAssessment
    result: AssessmentResult | None


@dataclass(frozen=True)
class Record:
    """One pupil of the family."""

    pupil: User
    school_class: SchoolClass | None
    lines: list[Line]
    debts: list[AcademicDebt]
    exams: list[StateExam]


def records(person: User, date: datetime.date) -> list[Record]:
    """Oneself or the own children; constant queries, however many children there are."""
    pupils = list(own_pupils(person, date))
    if not pupils:
        return []
    enrolled = Enrolment.objects.on(date).filter(pupil__in=pupils).select_related("school_class__year")
    classes = {row.pupil_id: row.school_class for row in enrolled}
    lines = _lines(pupils, classes, date)
    debts, exams = defaultdict(list), defaultdict(list)
    for debt in AcademicDebt.objects.filter(pupil__in=pupils).listed():
        debts[debt.pupil_id].append(debt)
    for exam in StateExam.objects.filter(pupil__in=pupils).listed():
        exams[exam.pupil_id].append(exam)
    return [Record(one, classes.get(one.pk), lines[one.pk], debts[one.pk], exams[one.pk]) for one in pupils]


def _lines(pupils: list[User], classes: dict[int, SchoolClass], date: datetime.date) -> dict[int, list[Line]]:
    rows = InterimAssessment.objects.filter(gradebook__school_class__in=classes.values()).listed()
    by_class = defaultdict(list)
    for row in rows.prefetch_related("commission"):
        by_class[row.gradebook.school_class_id].append(row)
    groups = set(SubgroupMember.objects.on(date).filter(pupil__in=pupils).values_list("pupil_id", "subgroup_id"))
    found = AssessmentResult.objects.filter(pupil__in=pupils, assessment__in=rows)
    results = {(one.pupil_id, one.assessment_id): one for one in found}
    lines = defaultdict(list)
    for pupil, school_class in classes.items():
        for row in by_class[school_class.pk]:
            group = row.gradebook.subgroup_id
            if group is None or (pupil, group) in groups:
                lines[pupil].append(Line(row, results.get((pupil, row.pk))))
    return lines
