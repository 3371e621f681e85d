"""Editions of the timetable as the deputy edits them: a class's week, conflicts, hours against the load. Reads only."""

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from accounts.models import AcademicYear, SchoolClass
from eios.lib import russian
from journal.conflicts import Conflict, Placed, What, conflicts
from journal.models import Gradebook, Subgroup, TeachingLoad, Timetable, TimetableLine, Weekday
from resources.calendars import DAY

HALF = Decimal("0.5")
# So many rows a week's form has at least; more where there are more lessons.
USUAL_NUMBERS = range(1, 9)


def listed() -> QuerySet[Timetable]:
    """The newest first."""
    rows = Timetable.objects.select_related("year", "made_by").annotate(lessons=Count("lines"))
    return rows.order_by("-starts", "-pk")


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
    def what(self) -> str:
        """«учитель на двух уроках сразу (Белова И. П.)»"""
        where = {What.TEACHER: self.one.teacher and self.one.teacher.initials, What.ROOM: self.one.room}
        named = where.get(self.conflict.what)
        return f"{self.conflict.what.value} ({named})" if named else self.conflict.what.value

    @property
    def words(self) -> str:
        return f"{self.conflict.hour}: {self.what} — {self.one.gradebook}; {self.other.gradebook}"


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


def uneven(
    timetable: Timetable, lines: list[TimetableLine], date: datetime.date, school_class: SchoolClass | None = None
) -> list[Hours]:
    """Gradebooks that are taught otherwise than the load in force on the date says, of a class or of all; two
    queries."""
    loads = _loads(timetable, date).filter(hours__isnull=False)
    if school_class is not None:
        loads = loads.filter(gradebook__school_class=school_class)
        lines = [one for one in lines if one.gradebook.school_class_id == school_class.pk]
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


def strangers(timetable: Timetable, lines: list[TimetableLine], date: datetime.date) -> list[TimetableLine]:
    """Lessons whose teacher has not got the gradebook in the load of the date, and so can't fill them in (7.2); one
    query."""
    taught = set(_loads(timetable, date).values_list("gradebook", "teacher").order_by())
    return [one for one in lines if one.teacher_id and (one.gradebook_id, one.teacher_id) not in taught]


def _loads(timetable: Timetable, date: datetime.date) -> QuerySet[TeachingLoad]:
    return TeachingLoad.objects.on(date).filter(gradebook__school_class__year=timetable.year_id, replaces=None)


def asked_for(timetable: Timetable, date: datetime.date) -> list[TimetableLine]:
    """Lessons that the load asks for, not placed yet: what an empty edition's file has to be filled in with. Of half
    an hour there is a line too; two queries."""
    loads = {}
    for row in _loads(timetable, date).filter(hours__gt=0).select_related("teacher").order_by("-pk"):
        loads[row.gradebook_id] = row
    return [
        TimetableLine(timetable=timetable, gradebook=book, teacher=loads[book.pk].teacher)
        for book in Gradebook.objects.filter(pk__in=loads).listed()
        for _ in range(math.ceil(loads[book.pk].hours))
    ]


@dataclass(frozen=True)
class Difference:
    """What another edition makes of the week."""

    before: Timetable
    added: int
    gone: int
    otherwise: int
    classes: list[SchoolClass]

    @property
    def words(self) -> list[str]:
        since = f"По сравнению с расписанием с {russian.short_date(self.before.starts)}"
        counts = (("добавится", self.added), ("исчезнет", self.gone), ("сменят учителя или кабинет", self.otherwise))
        told = [f"{words}: {count}" for words, count in counts if count]
        if not told:
            return [f"{since} уроки те же."]
        return [f"{since} уроков {', '.join(told)}.", f"Меняется у классов: {', '.join(map(str, self.classes))}."]


def difference(timetable: Timetable, lines: list[TimetableLine]) -> Difference | None:
    """From the edition whose place it takes; None where there is none. Two queries."""
    earlier = Timetable.objects.filter(
        year=timetable.year_id, state=Timetable.State.IN_FORCE, starts__lte=timetable.starts
    )
    before = earlier.exclude(pk=timetable.pk).order_by("-starts").first()
    if before is None:
        return None
    was, now = ({_place(one): one for one in found} for found in (lines_of(before), lines))
    added, gone = now.keys() - was.keys(), was.keys() - now.keys()
    otherwise = {key for key in now.keys() & was.keys() if _who(now[key]) != _who(was[key])}
    classes = {
        found[key].gradebook.school_class
        for found, keys in ((now, added | otherwise), (was, gone))
        for key in keys
    }  # fmt: skip
    ordered = sorted(classes, key=lambda one: (one.grade, one.letter))
    return Difference(before, len(added), len(gone), len(otherwise), ordered)


def _place(line: TimetableLine) -> tuple:
    return line.gradebook_id, line.weekday, line.number, line.week


def _who(line: TimetableLine) -> tuple:
    return line.teacher_id, line.room_id


def busy(row: TimetableLine) -> tuple[dict[int, str], dict[int, str]]:
    """Teachers and rooms that others of the edition have at the row's hour, and in which classes; one query."""
    teachers, rooms = defaultdict(list), defaultdict(list)
    if row.weekday is None or row.number is None:
        return {}, {}
    for one in lines_of(row.timetable).filter(weekday=row.weekday, number=row.number).exclude(pk=row.pk):
        name = str(one.gradebook.school_class)
        if one.teacher_id:
            teachers[one.teacher_id].append(name)
        if one.room_id and not one.room.is_shared:
            rooms[one.room_id].append(name)
    return _joined(teachers), _joined(rooms)


def _joined(found: dict[int, list[str]]) -> dict[int, str]:
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


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

    @property
    def day(self) -> str:
        return Weekday(self.weekday).label


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
