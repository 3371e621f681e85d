"""The verbs of state exams: typed for a class, or loaded from a file (1.3 b)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.marks import digest
from accounts.models import AcademicYear, SchoolClass
from journal.attestation import exams
from journal.models import StateExam
from resources.models import Subject

FIELDS = ("subject", "date", "score", "mark", "is_retake")
CHANGED = "Пока вы заполняли страницу, результаты изменились. Проверьте таблицу и сохраните ещё раз."


def mark_of(rows: Iterable[StateExam]) -> str:
    """What a page showed."""
    return digest(sorted([one.pupil_id, one.score or 0, one.mark, one.is_retake] for one in rows))


@transaction.atomic
def enter_exams(
    school_class: SchoolClass,
    subject: Subject,
    date: datetime.date,
    wanted: dict[int, tuple[int | None, int | None]],
    *,
    is_retake: bool,
    seen: str,
    by: Actor,
) -> int:
    """Scores and marks of one exam by key of the pupil; without a mark the result is taken away.

    Returns how many changed; each is audited. Raises ValidationError: a day of another year, a stale page.
    """
    year = AcademicYear.objects.select_for_update().get(pk=school_class.year_id)
    if not year.starts <= date <= year.ends:
        raise ValidationError(f"День экзамена — в пределах учебного года {year}.")
    rows = StateExam.objects.filter(subject=subject, date=date, pupil__in=wanted)
    there = {one.pupil_id: one for one in rows}
    if mark_of(there.values()) != seen:
        raise ValidationError(CHANGED)
    count = 0
    for pupil, (score, mark) in wanted.items():
        row = there.get(pupil)
        if mark is None:
            count += _remove(row, by)
        else:
            row = row or StateExam(pupil_id=pupil, year=year, subject=subject, date=date)
            count += _save(row, score, mark, is_retake, by)
    return count


def _remove(row: StateExam | None, by: Actor) -> bool:
    if row is None:
        return False
    entry = audit.entry(by, "state_exam.removed", row, {"mark": [row.mark, None]})
    row.delete()
    audit.record_many([entry])
    return True


def _save(row: StateExam, score: int | None, mark: int, is_retake: bool, by: Actor) -> bool:
    before = audit.snapshot(row, FIELDS) if row.pk else {}
    row.score, row.mark, row.is_retake = score, mark, is_retake
    changes = audit.difference(before, audit.snapshot(row, FIELDS))
    if not changes:
        return False
    row.full_clean(exclude=["pupil", "year", "subject"])
    row.save()
    audit.record(by, "state_exam.entered", row, changes)
    return True


@transaction.atomic
def load_exams(rows: list[list], year: AcademicYear, *, by: Actor) -> int:
    """Carries out the rows of a file, all or none; the same file again changes nothing. Raises ValidationError."""
    AcademicYear.objects.select_for_update().get(pk=year.pk)
    plan = exams.plan_of(rows, year)
    if plan.has_errors:
        raise ValidationError("В файле есть ошибки: он загружается целиком или никак.")
    for exam in plan.changes:
        old = StateExam.objects.get(pk=exam.pk) if exam.pk else None
        row = old or StateExam(pupil=exam.pupil, year=year, subject=exam.subject, date=exam.date)
        _save(row, exam.score, exam.mark, exam.is_retake, by)
    return len(plan.changes)
