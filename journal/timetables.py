"""Which lessons the timetable asks for on which days: its lines, the calendar, changes for a date (6.2). Reads only."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import AcademicYear
from eios.lib.dates import week_start
from journal.models import DAY_BASIS, DayChange, TeachingLoad, Timetable, TimetableLine
from resources.calendars import DAY, SchoolDays, days_by_grade

Week = TimetableLine.Week


@dataclass(frozen=True)
class Planned:
    """A lesson on a date. `change` says what is otherwise than in the week's timetable, "" where nothing is; one that
    fell out is in no list but `day_of`'s. `usual` is whom the teacher replaces for some days, if anybody."""

    date: datetime.date
    number: int
    gradebook: int
    teacher: int | None = None
    room: int | None = None
    change: str = ""
    reason: str = ""
    usual: int | None = None


class Replacement(NamedTuple):
    """For some days the teacher gives another's lessons of the gradebook."""

    gradebook: int
    teacher: int
    replaces: int
    starts: datetime.date
    ends: datetime.date


@dataclass(frozen=True)
class Line:
    """What a day needs of a timetable's line."""

    gradebook: int
    grade: int
    weekday: int
    number: int
    week: str
    teacher: int | None
    room: int | None


def is_odd_week(year_starts: datetime.date, date: datetime.date) -> bool:
    """Is the date in an odd week: the one in which the school year begins is the first."""
    first = week_start(year_starts)
    return (date - first).days // 7 % 2 == 0


def holds(week: str, *, odd: bool) -> bool:
    return week == Week.EVERY or (week == Week.ODD) == odd


def planned(
    year: AcademicYear, starts: datetime.date, ends: datetime.date, gradebooks: Collection[int] | None = None
) -> list[Planned]:
    """Lessons of the year from–to that take place, of these gradebooks or of all, by date, number and gradebook.

    Five queries whatever the span.
    """
    return [one for one in with_fallen(year, starts, ends, gradebooks) if one.change != DayChange.Kind.CANCELLED]


def with_fallen(
    year: AcademicYear, starts: datetime.date, ends: datetime.date, gradebooks: Collection[int] | None = None
) -> list[Planned]:
    """The same with those that fell out, as a page of the timetable shows them."""
    changes = DayChange.objects.filter(date__gte=starts, date__lte=ends, gradebook__school_class__year=year)
    if gradebooks is not None:
        changes = changes.filter(gradebook__in=gradebooks)
    rows = replacements(starts, ends).filter(gradebook__school_class__year=year)
    if gradebooks is not None:
        rows = rows.filter(gradebook__in=gradebooks)
    return replaced(changed(weekly(year, starts, ends, gradebooks), changes), taken(rows))


def replacements(starts: datetime.date, ends: datetime.date) -> QuerySet[TeachingLoad]:
    """By the load, for some days from–to; one who replaces in a lesson of a day is named by the day's change."""
    rows = TeachingLoad.objects.overlapping(starts, ends).filter(replaces__isnull=False, ends__isnull=False)
    return rows.exclude(basis__startswith=DAY_BASIS)


def taken(rows: QuerySet[TeachingLoad]) -> list[Replacement]:
    return [Replacement(*row) for row in rows.order_by("starts", "pk").values_list(*Replacement._fields)]


def replaced(lessons: Iterable[Planned], rows: Iterable[Replacement]) -> list[Planned]:
    """Pure: the lessons with who replaces for some days. Whoever is named for the day itself gives the lesson."""
    of_book: dict[int, list[Replacement]] = {}
    for row in rows:
        of_book.setdefault(row.gradebook, []).append(row)
    return [_replaced(one, of_book[one.gradebook]) if one.gradebook in of_book else one for one in lessons]


def _replaced(one: Planned, rows: list[Replacement]) -> Planned:
    for row in rows:
        if not one.change and row.starts <= one.date <= row.ends and one.teacher in (None, row.replaces):
            return replace(one, teacher=row.teacher, change=DayChange.Kind.REPLACED, usual=row.replaces)
    return one


def weekly(
    year: AcademicYear, starts: datetime.date, ends: datetime.date, gradebooks: Collection[int] | None = None
) -> list[Planned]:
    """As the editions have it, before any change for a date. Three queries."""
    starts, ends = max(starts, year.starts), min(ends, year.ends)
    tables = list(
        Timetable.objects.filter(year=year, state=Timetable.State.IN_FORCE, starts__lte=ends).order_by("starts")
    )
    spans = list(_spans(tables, starts, ends))
    lines = TimetableLine.objects.filter(timetable__in=[pk for pk, *_ in spans])
    if gradebooks is not None:
        lines = lines.filter(gradebook__in=gradebooks)
    of_table: dict[int, list[Line]] = {}
    fields = ("gradebook", "gradebook__school_class__grade", "weekday", "number", "week", "teacher", "room")
    for table, *row in lines.values_list("timetable", *fields):
        of_table.setdefault(table, []).append(Line(*row))
    days = days_by_grade(year)
    return [
        one
        for pk, first, last in spans
        for one in of_week(of_table.get(pk, ()), days, year.starts, first, last)
    ]  # fmt: skip


def _spans(tables: list[Timetable], starts: datetime.date, ends: datetime.date) -> Iterator[tuple]:
    """(key, first day, last day) of each timetable within from–to."""
    for place, table in enumerate(tables):
        last = tables[place + 1].starts - DAY if place + 1 < len(tables) else ends
        if last >= starts:
            yield table.pk, max(table.starts, starts), min(last, ends)


def of_week(
    lines: Iterable[Line], days: dict[int, SchoolDays], year_starts: datetime.date, first: datetime.date,
    last: datetime.date,
) -> Iterator[Planned]:  # fmt: skip
    """Pure: lessons of the lines on every school day of each grade from first to last."""
    of_weekday: dict[int, list[Line]] = {}
    for line in lines:
        of_weekday.setdefault(line.weekday, []).append(line)
    for shift in range((last - first).days + 1):
        date = first + shift * DAY
        odd = is_odd_week(year_starts, date)
        taught = {grade: one.is_school_day(date) for grade, one in days.items()}
        for line in of_weekday.get(date.weekday(), ()):
            if taught.get(line.grade) and holds(line.week, odd=odd):
                yield Planned(date, line.number, line.gradebook, line.teacher, line.room)


def changed(lessons: Iterable[Planned], changes: Iterable[DayChange]) -> list[Planned]:
    """Pure: the week's lessons with what is otherwise; a change of a lesson that is not there adds it, unless it only
    says that it falls out."""
    found = {(one.date, one.number, one.gradebook): one for one in lessons}
    for row in changes:
        key = (row.date, row.number, row.gradebook_id)
        there = found.get(key)
        if there is None and row.kind != DayChange.Kind.ADDED:
            continue
        one = there or Planned(*key)
        found[key] = replace(
            one, teacher=row.teacher_id or one.teacher, room=row.room_id or one.room, change=row.kind,
            reason=row.reason,
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.date, one.number, one.gradebook))


def slots(lessons: Iterable[Planned]) -> dict[tuple[int, datetime.date, int], int]:
    """Pure: (gradebook, date, number) → which of the subject's lessons that day it is, from 1: the `slot` of marks."""
    found: dict[tuple[int, datetime.date, int], int] = {}
    count: dict[tuple[int, datetime.date], int] = {}
    for one in sorted(lessons, key=lambda one: (one.date, one.number)):
        place = count[one.gradebook, one.date] = count.get((one.gradebook, one.date), 0) + 1
        found[one.gradebook, one.date, one.number] = place
    return found
