"""When lessons begin and end on a date: the narrowest schedule of bells holds (1.3 b, 6.2). Reads only."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from accounts.models import AcademicYear
from journal.models import Bell


class Ring(NamedTuple):
    """A bell with what its schedule says of itself."""

    schedule: int
    date: datetime.date | None
    weekday: int | None
    grades: int
    number: int
    starts: datetime.time
    ends: datetime.time

    @property
    def narrowness(self) -> tuple:
        """Of one date over of a weekday over of every day; then of fewer grades; then the newer."""
        return self.date is not None, self.weekday is not None, -self.grades, self.schedule


def rings_of(year: AcademicYear, grade: int, starts: datetime.date, ends: datetime.date) -> list[Ring]:
    """Bells that concern the grade on some of the days; one query."""
    of_days = Q(schedule__date__isnull=True) | Q(schedule__date__gte=starts, schedule__date__lte=ends)
    rows = Bell.objects.filter(
        of_days, schedule__year=year, schedule__grade_from__lte=grade, schedule__grade_to__gte=grade
    ).order_by()  # fmt: skip
    fields = ("date", "weekday", "grade_from", "grade_to")
    rows = rows.values_list("schedule", *(f"schedule__{name}" for name in fields), "number", "starts", "ends")
    return [Ring(pk, date, weekday, last - first, *rest) for pk, date, weekday, first, last, *rest in rows]


def times_on(rings: Iterable[Ring], date: datetime.date) -> dict[int, tuple[datetime.time, datetime.time]]:
    """Pure: number of the lesson → when it begins and ends that day. Schedules are not mixed: one holds whole."""
    fitting = [one for one in rings if one.date in (None, date) and one.weekday in (None, date.weekday())]
    if not fitting:
        return {}
    held = max(fitting, key=lambda one: one.narrowness).schedule
    return {one.number: (one.starts, one.ends) for one in fitting if one.schedule == held}
