"""Editions of the timetable as the deputy edits them: a class's week, conflicts, hours against the load. Reads only."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from accounts.models import AcademicYear, SchoolClass
from journal.conflicts import Conflict, Placed, conflicts
from journal.models import Gradebook, Subgroup, TeachingLoad, Timetable, TimetableLine, Weekday
from resources.calendars import DAY

HALF = Decimal("0.5")
# So many rows a week's form has at least; more where there are more lessons.
USUAL_NUMBERS = range(1, 9)


def listed() -> QuerySet[Timetable]:
    return Timetable.objects.select_related("year", "made_by").annotate(lessons=Count("lines"))


def lines_of(timetable: Timetable) -> QuerySet[TimetableLine]:
    rows = timetable.lines.select_related("gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup")
    return rows.select_related("teacher", "room").order_by("weekday", "number", "gradebook", "week")


def placed(line: TimetableLine) -> Placed:
    """A line of a file is not saved yet, and its room perhaps neither."""
    book, room = line.gradebook, line.room
    return Placed(
        line.pk or -id(line), line.weekday, line.number, line.week, line.gradebook_id, book.school_class_id,
        book.subgroup_id, book.subject_id, line.teacher_id, (room.pk or -id(room)) if room else None,
        bool(room and room.is_shared),
    )  # fmt: skip


@dataclass(frozen=True)
class Clash:
    """A conflict with its lines."""

    conflict: Conflict
    one: TimetableLine
    other: TimetableLine

    @property
    def words(self) -> str:
        where = {"TEACHER": self.one.teacher and self.one.teacher.initials, "ROOM": self.one.room}
        named = where.get(self.conflict.what.name)
        who = f" ({named})" if named else ""
        return f"{self.conflict.hour}: {self.conflict.what.value}{who} — {self.one.gradebook}; {self.other.gradebook}"


def clashes(lines: list[TimetableLine]) -> list[Clash]:
    """What can't be; lines with what they refer to."""
    found = {}
    for line in lines:
        found[placed(line).key] = line
    return [Clash(one, found[one.one.key], found[one.other.key]) for one in conflicts(map(placed, lines))]


def clashes_with(row: TimetableLine) -> list[Clash]:
    """Of one line, new or changed, with the others of its edition; one query."""
    others = lines_of(row.timetable).filter(weekday=row.weekday, number=row.number).exclude(pk=row.pk)
    return [one for one in clashes([row, *others]) if row in (one.one, one.other)]


@dataclass(frozen=True)
class Hours:
    """A gradebook whose lessons in the week are not as many as the load says."""

    gradebook: Gradebook
    wanted: Decimal
    placed: Decimal


def uneven(timetable: Timetable, lines: list[TimetableLine], date: datetime.date) -> list[Hours]:
    """Gradebooks that are taught otherwise than the load in force on the date says; two queries."""
    loads = TeachingLoad.objects.on(date).filter(
        gradebook__school_class__year=timetable.year_id, hours__isnull=False, replaces=None
    )
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for pk, hours in loads.values_list("gradebook", "hours"):
        wanted[pk] = max(wanted[pk], hours)
    given: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        given[line.gradebook_id] += 1 if line.week == TimetableLine.Week.EVERY else HALF
    differing = [pk for pk in {*wanted, *given} if wanted[pk] != given[pk]]
    return [
        Hours(book, wanted[book.pk], given[book.pk]) for book in Gradebook.objects.filter(pk__in=differing).listed()
    ]


def books_of(school_class: SchoolClass) -> list[Gradebook]:
    """Gradebooks that lessons are given of: of a subject in subgroups, the subgroups' own; two queries."""
    rows = list(Gradebook.objects.filter(school_class=school_class).listed())
    divided = set(Subgroup.objects.filter(school_class=school_class).values_list("subject", flat=True))
    return [one for one in rows if one.subgroup_id or one.subject_id not in divided]


def called(gradebook: Gradebook) -> str:
    """Among gradebooks of one class: «Английский язык, 1-я группа»."""
    return f"{gradebook.subject}, {gradebook.subgroup.name}" if gradebook.subgroup else str(gradebook.subject)


@dataclass(frozen=True)
class Hour:
    """A place of a class's week."""

    weekday: int
    number: int
    lines: list[TimetableLine]


def week_of(lines: list[TimetableLine], school_class: SchoolClass) -> list[tuple[int, list[Hour]]]:
    """(number, its places from Monday on) of the class; as many days as anybody has."""
    own = defaultdict(list)
    for line in lines:
        if line.gradebook.school_class_id == school_class.pk:
            own[line.weekday, line.number].append(line)
    numbers = sorted({*USUAL_NUMBERS, *(number for _, number in own)})
    return [(number, [Hour(day, number, own[day, number]) for day in Weekday.values]) for number in numbers]


def classes_of(timetable: Timetable) -> QuerySet[SchoolClass]:
    """Classes of its year with how many lessons each has in the week."""
    rows = SchoolClass.objects.filter(year=timetable.year_id).order_by("grade", "letter")
    own = Q(gradebooks__timetable_lines__timetable=timetable.pk)
    return rows.annotate(lessons=Count("gradebooks__timetable_lines", filter=own))


def last_day(timetable: Timetable) -> datetime.date:
    """Until when it is in force: the day before the next one, or the last of the year."""
    later = Timetable.objects.filter(
        year=timetable.year_id, state=Timetable.State.IN_FORCE, starts__gt=timetable.starts
    )
    following = later.order_by("starts").values_list("starts", flat=True).first()
    return following - DAY if following else timetable.year.ends


def current_year(date: datetime.date) -> AcademicYear | None:
    return AcademicYear.objects.on(date).first()
