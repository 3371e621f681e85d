"""The verbs of a council: called, results proposed, frozen, confirmed, later changed with a reason (1.3 b)."""

import datetime
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.marks import digest
from accounts.models import AcademicYear, AuditEntry, SchoolClass
from journal.attestation.councils import averages_of, kinds_of, results_of
from journal.models import Council, Gradebook, Result
from journal.scales import read_result

State = Council.State
CHANGED = "Пока вы заполняли страницу, результаты изменились. Проверьте таблицу и сохраните ещё раз."


@transaction.atomic
def call(
    year: AcademicYear,
    kind: str,
    number: int,
    classes: Collection[SchoolClass],
    *,
    date: datetime.date | None = None,
    by: Actor,
) -> Council:
    """A council on the results of a term or of the year: teachers may propose from now on.

    Raises ValidationError: no classes, classes of another year, a class that has such a council already.
    """
    AcademicYear.objects.select_for_update().get(pk=year.pk)
    if not classes or any(one.year_id != year.pk for one in classes):
        raise ValidationError({"classes": "Отметьте классы этого учебного года."})
    twice = SchoolClass.objects.filter(
        pk__in=[one.pk for one in classes], councils__kind=kind, councils__number=number
    )  # fmt: skip
    if names := ", ".join(one.name for one in twice.order_by("grade", "letter")):
        raise ValidationError({"classes": f"Педсовет об этих итогах уже созван: {names}."})
    row = Council(year=year, kind=kind, number=number, date=date)
    row.full_clean()
    row.save()
    row.classes.set(classes)
    names = ", ".join(sorted(one.name for one in classes))
    audit.record(by, "council.called", row, {"classes": [None, names]})
    return row


@transaction.atomic
def call_off(council: Council, *, by: Actor) -> None:
    """Takes back a council that has not frozen anything; proposed results stay. Raises ValidationError."""
    row = _locked(council, State.PROPOSING)
    entry = audit.entry(by, "council.called_off", row, {"state": [row.state, None]})
    row.delete()
    audit.record_many([entry])


def mark_of(results: Iterable[Result]) -> str:
    """What a page showed."""
    return digest(sorted([one.pupil_id, one.kind, one.value] for one in results))


@transaction.atomic
def propose(council: Council, gradebook: Gradebook, wanted: dict[tuple[int, str], str], *, seen: str, by: Actor) -> int:
    """Results by (key of the pupil, kind); "" takes one away. Families don't see them until they are confirmed.

    Effects: results with the average of the marks; audit. Returns how many changed. Raises ValidationError: frozen, a
    mirror (7.1), a value that the scale does not have, a stale page.
    """
    council = _locked(council, State.PROPOSING)
    gradebook = Gradebook.objects.select_for_update(of=("self",)).select_related("school_class").get(pk=gradebook.pk)
    if gradebook.is_mirror:
        raise ValidationError("Журнал ведётся во внешней системе: результаты приходят оттуда.")
    rows = Result.objects.filter(gradebook=gradebook, number=council.number, kind__in=kinds_of(council))
    there = {(one.pupil_id, one.kind): one for one in rows}
    if mark_of(there.values()) != seen:
        raise ValidationError(CHANGED)
    averages = averages_of(council, gradebook)
    trail: list[AuditEntry] = []
    for (pupil, kind), text in wanted.items():
        trail += _propose(council, gradebook, there, (pupil, kind), text, averages.get(pupil), by)
    audit.record_many(trail)
    return len(trail)


def _propose(
    council: Council, gradebook: Gradebook, there: dict, key: tuple[int, str], text: str, average: Decimal | None,
    by: Actor,
) -> list[AuditEntry]:  # fmt: skip
    row = there.get(key)
    value = _value(text, gradebook)
    before = row.value if row else ""
    if value == before:
        return []
    if not value:
        entry = audit.entry(by, "result.withdrawn", row, {"value": [before, None]})
        row.delete()
        return [entry]
    pupil, kind = key
    row = row or Result(
        pupil_id=pupil, year_id=council.year_id, subject_id=gradebook.subject_id, kind=kind, number=council.number,
    )  # fmt: skip
    row.value, row.average, row.gradebook = value, average, gradebook
    row.full_clean(exclude=["pupil", "year", "subject", "gradebook"])
    row.save()
    return [audit.entry(by, "result.proposed", row, {"value": [before or None, value]})]


def _value(text: str, gradebook: Gradebook) -> str:
    if not text.strip():
        return ""
    try:
        return read_result(text, gradebook.scale)
    except ValueError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def freeze(council: Council, *, by: Actor) -> None:
    """Nobody proposes any more. Raises ValidationError."""
    _move(_locked(council, State.PROPOSING), State.FROZEN, "council.frozen", by)


@transaction.atomic
def unfreeze(council: Council, *, by: Actor) -> None:
    """Teachers propose again; until the council has confirmed. Raises ValidationError."""
    _move(_locked(council, State.FROZEN), State.PROPOSING, "council.unfrozen", by)


@transaction.atomic
def confirm(council: Council, *, minutes_number: str, minutes_date: datetime.date, by: Actor) -> int:
    """The council's decision: families see the results from now on. Returns how many were confirmed.

    Effects: results given here belong to this council; mirrored ones stay the outside system's. Audit. Raises
    ValidationError: not frozen, no minutes.
    """
    row = _locked(council, State.FROZEN)
    row.minutes_number, row.minutes_date = " ".join(minutes_number.split()), minutes_date
    row.save(update_fields=["minutes_number", "minutes_date"])
    count = results_of(row).filter(batch__isnull=True, council__isnull=True).exclude(value="").update(council=row)
    changes = {"minutes_number": [None, row.minutes_number], "minutes_date": [None, str(minutes_date)]}
    _move(row, State.CONFIRMED, "council.confirmed", by, changes | {"results": [None, count]})
    return count


@transaction.atomic
def change_result(result: Result, text: str, *, reason: str, by: Actor) -> Result:
    """Another value of a result that a council has confirmed. Raises ValidationError: no reason, none confirmed."""
    row = Result.objects.select_for_update(of=("self",)).select_related("gradebook").get(pk=result.pk)
    reason = " ".join(reason.split())
    if row.council_id is None or row.batch_id is not None:
        raise ValidationError("Меняют результат, утверждённый педсоветом.")
    if not reason:
        raise ValidationError({"reason": "Напишите, почему результат меняется."})
    value = _value(text, row.gradebook)
    if not value:
        raise ValidationError({"value": "Укажите результат."})
    if value != row.value:
        before, row.value = row.value, value
        row.save(update_fields=["value", "updated_at"])
        audit.record(by, "result.changed", row, {"value": [before, value]}, basis=reason)
    return row


def _move(row: Council, state: str, action: str, by: Actor, changes: dict | None = None) -> None:
    before, row.state = row.state, state
    row.full_clean(exclude=["year"])
    row.save(update_fields=["state"])
    audit.record(by, action, row, {"state": [before, state]} | (changes or {}))


def _locked(council: Council, state: str) -> Council:
    row = Council.objects.select_for_update(of=("self",)).select_related("year").get(pk=council.pk)
    if row.state != state:
        raise ValidationError(f"Сейчас этого сделать нельзя: {row.get_state_display()}.")
    return row
