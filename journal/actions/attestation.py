"""The verbs of interim attestation: its schedule, and results that open debts (1.3 b; 273-ФЗ, ст. 58)."""

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.marks import digest
from accounts.models import AuditEntry, SchoolClass, User
from eios.lib import russian
from eios.lib.dates import today
from journal.attestation.schedule import lacking
from journal.models import AcademicDebt, AssessmentResult, InterimAssessment

CHANGED = "Пока вы заполняли страницу, результаты изменились. Проверьте таблицу и сохраните ещё раз."


@transaction.atomic
def make_schedule(school_class: SchoolClass, *, by: Actor) -> int:
    """A line for every gradebook whose subject the approved curriculum attests, with its form.

    Effects: new lines without days; audit. Lines that are there stay. Returns how many are new. Raises ValidationError
    where the curriculum names no form.
    """
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    rows = [InterimAssessment(gradebook=book, form=form) for book, form in lacking(school_class)]
    if not rows and not InterimAssessment.objects.filter(gradebook__school_class=school_class).exists():
        raise ValidationError(
            "Составлять не из чего: у класса нет журналов или утверждённый учебный план не называет форм аттестации."
        )
    InterimAssessment.objects.bulk_create(rows)
    audit.record_many([audit.entry(by, "interim_assessment.added", one, {"form": [None, one.form]}) for one in rows])
    return len(rows)


@transaction.atomic
def set_days(school_class: SchoolClass, wanted: dict[int, tuple[str, datetime.date | None]], *, by: Actor) -> int:
    """Forms and days of a class's attestations, by key, all or none; how many changed. Raises ValidationError."""
    rows = InterimAssessment.objects.select_for_update().filter(gradebook__school_class=school_class, pk__in=wanted)
    count = 0
    for row in rows.order_by("pk"):
        form, date = wanted[row.pk]
        count += _change(row, form, date, by)
    return count


@transaction.atomic
def change_assessment(
    assessment: InterimAssessment, *, form: str, date: datetime.date | None, commission: Collection[User], by: Actor
) -> None:
    """The form, the day and the commission of one attestation; audited. Raises ValidationError."""
    row = InterimAssessment.objects.select_for_update().get(pk=assessment.pk)
    _change(row, form, date, by)
    name_commission(row, commission, "interim_assessment.commission_named", by)


def name_commission(row, people: Collection[User], action: str, by: Actor) -> None:
    before, after = (_names(found) for found in (row.commission.all(), people))
    if before != after:
        row.commission.set(people)
        audit.record(by, action, row, {"commission": [before, after]})


def _names(people: Iterable[User]) -> str:
    return ", ".join(sorted(one.initials for one in people))


def _change(row: InterimAssessment, form: str, date: datetime.date | None, by: Actor) -> bool:
    before = audit.snapshot(row, ("form", "date"))
    has_moved = row.date != date
    row.form, row.date = " ".join(form.split()), date
    if has_moved:
        _check_day(row)
    row.full_clean(exclude=["gradebook"])
    row.save(update_fields=["form", "date"])
    changes = audit.difference(before, audit.snapshot(row, ("form", "date")))
    if changes:
        audit.record(by, "interim_assessment.changed", row, changes)
    return bool(changes)


def _check_day(row: InterimAssessment) -> None:
    year = row.gradebook.school_class.year
    if row.results.exists():
        raise ValidationError(f"{row.gradebook.subject}: результаты уже внесены, день не меняется.")
    if row.date and not year.starts <= row.date <= year.ends:
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError(f"{row.gradebook.subject}: день вне учебного года ({days}).")


@transaction.atomic
def delete_assessment(assessment: InterimAssessment, *, by: Actor) -> None:
    """Takes a line out of the schedule. Raises ValidationError where results are entered."""
    row = InterimAssessment.objects.select_for_update().get(pk=assessment.pk)
    if row.results.exists():
        raise ValidationError("Результаты уже внесены: строку не убрать.")
    entry = audit.entry(by, "interim_assessment.deleted", row, {"form": [row.form, None]})
    row.delete()
    audit.record_many([entry])


def mark_of(results: Iterable[AssessmentResult]) -> str:
    """What a page showed: results that another has changed since then are not overwritten."""
    return digest(sorted([one.pupil_id, one.code] for one in results))


@transaction.atomic
def enter_results(assessment: InterimAssessment, codes: dict[int, str], *, seen: str, by: Actor) -> int:
    """Results by key of the pupil; "" takes one away. Returns how many changed.

    Effects: a failed or missed one opens an academic debt from the day of the attestation; one that is mended takes the
    debt away again, unless retakes are set. Audited. Raises ValidationError: before the day, a stale page.
    """
    row = InterimAssessment.objects.select_for_update().get(pk=assessment.pk)
    if not row.has_come(today()):
        raise ValidationError("Результаты вносят в день аттестации или позже.")
    there = {one.pupil_id: one for one in row.results.all()}
    if mark_of(there.values()) != seen:
        raise ValidationError(CHANGED)
    debts = {one.pupil_id: one for one in AcademicDebt.objects.filter(gradebook=row.gradebook_id)}
    trail: list[AuditEntry] = []
    count = 0
    for pupil, code in codes.items():
        result = there.get(pupil) or AssessmentResult(assessment=row, pupil_id=pupil)
        if result.code == code:
            continue
        trail += _enter(result, code, by)
        trail += _settle_debt(result, debts.get(pupil), by)
        count += 1
    audit.record_many(trail)
    return count


def _enter(result: AssessmentResult, code: str, by: Actor) -> list[AuditEntry]:
    before = result.words if result.pk else None
    result.code = code
    if not result.is_entered:
        entry = audit.entry(by, "assessment_result.removed", result, {"value": [before, None]})
        result.delete()
        return [entry]
    result.full_clean(exclude=["assessment", "pupil"])
    result.save()
    return [audit.entry(by, "assessment_result.entered", result, {"value": [before, result.words]})]


def _settle_debt(result: AssessmentResult, debt: AcademicDebt | None, by: Actor) -> list[AuditEntry]:
    if result.is_failed and debt is None:
        opened = result.assessment.date
        debt = AcademicDebt.objects.create(
            gradebook_id=result.assessment.gradebook_id, pupil_id=result.pupil_id, opened_on=opened
        )
        return [audit.entry(by, "academic_debt.opened", debt, {"opened_on": [None, str(opened)]})]
    if result.is_failed or debt is None:
        return []
    if debt.retakes.exists():
        raise ValidationError(f"{debt}: пересдачи уже назначены, результат аттестации не меняется.")
    entry = audit.entry(by, "academic_debt.withdrawn", debt, {"opened_on": [str(debt.opened_on), None]})
    debt.delete()
    return [entry]
