"""The verbs of bells: a schedule saved with all its bells, removed (1.3 b, 6.2)."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, Stale
from accounts.models import AcademicYear
from eios.lib import russian
from journal import bells
from journal.models import Bell, BellSchedule

Time = tuple[int, datetime.time, datetime.time]


@transaction.atomic
def save_schedule(
    row: BellSchedule, times: Sequence[Time], *, seen: Seen | None = None, by: Actor
) -> BellSchedule:  # fmt: skip
    """The schedule and its bells (number, from, to), in the place of those that it had.

    Effects: times at lessons; audit. Raises ValidationError: no bells, bells that overlap, a date outside the year, the
    same grades and days twice; Stale.
    """
    year = AcademicYear.objects.select_for_update(no_key=True).get(pk=row.year_id)
    if row.pk and seen is not None and bells.seen_of_schedule(row) != seen:
        raise Stale(row)
    _refuse_overlap(times)
    _refuse_day(row, year)
    save_row(row, by=by)
    _lay(row, sorted(times), by)
    return row


@transaction.atomic
def remove_schedule(row: BellSchedule, *, by: Actor) -> None:
    """With its bells; the next wider schedule holds then. Audited."""
    delete_row(row, by=by)


def _refuse_overlap(times: Sequence[Time]) -> None:
    rows = sorted(times)
    if not rows:
        raise ValidationError("Укажите время хотя бы одного урока.")
    for number, starts, ends in rows:
        if ends <= starts:
            raise ValidationError(f"{number}-й урок: конец — после начала.")
    for (number, _, ends), (following, starts, _) in zip(rows, rows[1:], strict=False):
        if starts < ends:
            raise ValidationError(
                f"{following}-й урок начинается в {starts:%H:%M}, раньше, чем кончается {number}-й ({ends:%H:%M})."
            )


def _refuse_day(row: BellSchedule, year: AcademicYear) -> None:
    if row.date and not year.starts <= row.date <= year.ends:
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError({"date": f"День — в пределах учебного года: {days}."})
    same = BellSchedule.objects.filter(year=year, grade_from=row.grade_from, grade_to=row.grade_to)
    other = same.filter(weekday=row.weekday, date=row.date).exclude(pk=row.pk).first()
    if other:
        raise ValidationError(f"Для этих классов и дней уже есть «{other}»: исправьте его.")


def _lay(row: BellSchedule, times: list[Time], by: Actor) -> None:
    was = list(row.bells.order_by("number").values_list("number", "starts", "ends"))
    if was == times:
        return
    row.bells.all().delete()
    Bell.objects.bulk_create([Bell(schedule=row, number=number, starts=starts, ends=ends)
                              for number, starts, ends in times])  # fmt: skip
    audit.record(by, "bell_schedule.laid", row, {"bells": [_words(was), _words(times)]})


def _words(times: list[Time]) -> str | None:
    return "; ".join(f"{number}: {starts:%H:%M}–{ends:%H:%M}" for number, starts, ends in times) or None
