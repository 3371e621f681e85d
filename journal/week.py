"""A pupil's week: lessons by the timetable with homework and marks, and homework of the coming days (1.3 b, 2.2).

Reads only; nine queries, whatever the pupil's gradebooks.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import CharField, DecimalField, F, FilteredRelation, Q, QuerySet, Value

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from eios.lib.dates import week_start
from journal.bell_times import rings_of, times_on
from journal.models import Absence, Kept, Lesson, Mark
from journal.timetables import with_fallen
from journal.week_days import DAY, WEEK, Book, Cells, Day, Given, Held, Span, Task, coming, days_of, tasks_of
from journal.week_labels import label
from journal.work_words import work_words

# Lessons before and after the week, for homework that is asked for at the next one: over the longest holidays.
BEFORE, AFTER = 28 * DAY, 14 * DAY
SUNDAY = 6


@dataclass(frozen=True)
class Week:
    """`tasks` are the homework of the coming days; only in the week of today, and in the next one on a Sunday."""

    pupil: User
    school_class: SchoolClass | None
    monday: datetime.date
    days: list[Day]
    tasks: list[Task]
    has_timetable: bool
    is_current: bool

    @property
    def saturday(self) -> datetime.date:
        return self.monday + 5 * DAY

    @property
    def before(self) -> datetime.date:
        return self.monday - WEEK

    @property
    def after(self) -> datetime.date:
        return self.monday + WEEK

    @property
    def has_today(self) -> bool:
        return any(one.is_today for one in self.days)

    @property
    def is_empty(self) -> bool:
        return not any(one.rows for one in self.days)


class Own(NamedTuple):
    """The pupil's gradebooks in the year that the week is of."""

    year: AcademicYear
    school_class: SchoolClass
    books: dict[int, Book]
    here: frozenset[int]


def monday_of(date: datetime.date | None, today: datetime.date) -> datetime.date:
    """Of the date's week; without one of today's, on a Sunday of the coming one."""
    day = date or (today + DAY if today.weekday() == SUNDAY else today)
    return week_start(day)


def week_of(pupil: User, monday: datetime.date, today: datetime.date) -> Week:
    """The week that begins on the monday, as the pupil and whoever reads the whole diary see it."""
    is_current = monday == monday_of(None, today)
    own = _own(pupil, monday)
    if own is None:
        return Week(pupil, None, monday, [], [], has_timetable=False, is_current=is_current)
    span = Span(monday - BEFORE, monday + WEEK + AFTER)
    planned = with_fallen(own.year, *span, list(own.books))
    lessons = _lessons(own.here, span, monday)
    tasks = tasks_of(own.books, lessons, planned)
    days = days_of(own.books, planned, lessons, _cells(pupil, monday), tasks, monday)
    ahead = coming(tasks, today) if is_current else []
    _time(days, own)
    label([row for day in days for row in day.rows], tasks)
    for day in days:
        day.is_today = day.date == today
    has_timetable = any(monday <= one.date < monday + WEEK for one in planned)
    return Week(pupil, own.school_class, monday, days, ahead, has_timetable=has_timetable, is_current=is_current)


def _own(pupil: User, monday: datetime.date) -> Own | None:
    """Of the latest year that the week belongs to; None of one who was in no class then. One query."""
    path = "school_class__gradebooks__subgroup__members"
    rows = Enrolment.objects.filter(
        pupil=pupil, school_class__year__starts__lt=monday + WEEK, school_class__year__ends__gte=monday
    )
    rows = rows.annotate(member=FilteredRelation(path, condition=Q(**{f"{path}__pupil": pupil})))
    rows = rows.order_by("school_class__year__starts", "starts", "pk").select_related("school_class__year")
    book = "school_class__gradebooks__"
    rows = rows.annotate(
        book=F(f"{book}pk"), subject=F(f"{book}subject__name"), kept=F(f"{book}kept"), subgroup=F(f"{book}subgroup"),
        since=F("member__starts"), until=F("member__ends"),
    )  # fmt: skip
    found = list(rows)
    if not found:
        return None
    last = found[-1].school_class
    books: dict[int, Book] = {}
    for row in found:
        is_own = row.book and (row.subgroup is None or row.since)
        if is_own and row.school_class.year_id == last.year_id:
            span = Span(row.starts, row.ends)
            member = Span(row.since, row.until) if row.subgroup else span
            books.setdefault(row.book, Book(row.book, row.subject)).spans.append(span.within(member))
    here = frozenset(row.book for row in found if row.book in books and row.kept == Kept.HERE)
    return Own(last.year, last, books, here)


def _lessons(here: Collection[int], span: Span, monday: datetime.date) -> list[Held]:
    """Of the gradebooks kept here; those that ask for something in these days are among them, however old."""
    rows = Lesson.objects.filter(
        Q(date__gte=span.starts, date__lte=span.ends) | Q(homework__due__gte=monday, homework__due__lte=span.ends),
        gradebook__in=here,
    ).order_by("date", "slot", "gradebook")  # fmt: skip
    fields = ("number", "subject_matter", "done", "way", "homework", "homework__text", "homework__due")
    return [Held(*row) for row in rows.values_list("gradebook", "date", "slot", *fields)]


def _cells(pupil: User, monday: datetime.date) -> Cells:
    """Marks with their kind of work and absences of the week; one query."""
    marks, codes = defaultdict(list), {}
    for book, date, slot, place, value, *rest in sorted(_rows(pupil, monday), key=lambda row: row[:4]):
        if place:
            marks[book, date, slot].append(Given(value, *rest))
        else:
            codes[book, date, slot] = value
    return Cells(marks, codes)


def _rows(pupil: User, monday: datetime.date) -> QuerySet:
    """(gradebook, date, slot, place, value, weight, work, comment); an absence has place 0."""
    days = (pupil, monday, monday + WEEK - DAY)
    nothing = Value("", CharField())
    marks = Mark.objects.of_pupil(*days).order_by().values_list(
        "gradebook", "date", "slot", "place", "value", "weight", work_words(), "comment"
    )  # fmt: skip
    absences = (
        Absence.objects.of_pupil(*days)
        .order_by()
        .values_list("gradebook", "date", "slot", Value(0), "code", Value(Decimal(0), DecimalField()), nothing, nothing)
    )
    return marks.union(absences, all=True)


def _time(days: list[Day], own: Own) -> None:
    """When lessons begin and end, by the bells of each day; one query."""
    rings = rings_of(own.year, own.school_class.grade, days[0].date, days[-1].date)
    for day in days:
        times = times_on(rings, day.date)
        for row in day.rows:
            row.time = times.get(row.number)
