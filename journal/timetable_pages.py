"""Lessons of a week for staff: of a class, a teacher, a room; the whole school's on a day (6.2). Reads only."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.models import AcademicYear, SchoolClass, User
from eios.lib.dates import week_start
from journal import lessons
from journal.bell_times import rings_of, times_on
from journal.models import DayChange, Gradebook, Room, TeachingLoad, TimetableLine
from journal.timetables import Planned, with_fallen
from resources.calendars import DAY, days_by_grade

SCHOOL_DAYS = 6
USUAL_DAYS = 5
# Bells of a teacher's or a room's day are those of the eldest: what concerns one grade alone is rare.
ELDEST = 9


@dataclass(frozen=True)
class Shown:
    """A lesson with names; `entry` is the key of the lesson that the viewer may open, `usual` is whom the teacher
    replaces for some days, if any."""

    planned: Planned
    gradebook: Gradebook
    teacher: User | None
    room: Room | None
    time: tuple[datetime.time, datetime.time] | None = None
    entry: int | None = None
    usual: User | None = None

    @property
    def number(self) -> int:
        return self.planned.number

    @property
    def is_cancelled(self) -> bool:
        return self.planned.change == DayChange.Kind.CANCELLED

    @property
    def change_words(self) -> str:
        return DayChange.Kind(self.planned.change).label if self.planned.change else ""


@dataclass(frozen=True)
class Day:
    date: datetime.date
    lessons: list[Shown]
    is_today: bool
    is_off: bool


@dataclass(frozen=True)
class Week:
    monday: datetime.date
    days: list[Day]
    is_current: bool

    @property
    def before(self) -> datetime.date:
        return self.monday - 7 * DAY

    @property
    def after(self) -> datetime.date:
        return self.monday + 7 * DAY

    @property
    def saturday(self) -> datetime.date:
        return self.monday + 5 * DAY

    @property
    def has_today(self) -> bool:
        return any(one.is_today for one in self.days)

    @property
    def is_empty(self) -> bool:
        return not any(day.lessons for day in self.days)


def year_of(date: datetime.date) -> AcademicYear | None:
    """The school year of the date, else the last one that has begun before it."""
    years = AcademicYear.objects.filter(starts__lte=date).order_by("-starts")
    return years.first()


def week_of(
    year: AcademicYear,
    date: datetime.date,
    today: datetime.date,
    concerns: Callable[[Shown], bool],
    grade: int = ELDEST,
    *,
    names_teachers: bool = True,
) -> Week:
    """Lessons of the week of the date that concern somebody. Ten queries, nine without the names of teachers."""
    monday = week_start(date)
    days = [monday + number * DAY for number in range(SCHOOL_DAYS)]
    rings = rings_of(year, grade, days[0], days[-1])
    calendar = days_by_grade(year).get(grade)
    found = defaultdict(list)
    times = {day: times_on(rings, day) for day in days}
    for one in _named(year, with_fallen(year, days[0], days[-1]), times, names_teachers=names_teachers):
        if concerns(one):
            found[one.planned.date].append(one)
    shown = [
        Day(day, found[day], day == today, not (calendar and calendar.is_school_day(day)))
        for place, day in enumerate(days)
        if found[day] or place < USUAL_DAYS
    ]
    return Week(monday, shown, monday <= today <= days[-1])


def own_week(year: AcademicYear, date: datetime.date, today: datetime.date, person: User) -> Week:
    """One's own lessons, each with the way to its marks once it has been, and to its topic before. Ten queries.

    Of days of a replacement the substitute's too, each saying who gives it.
    The way stands where it is open: not to a lesson ahead that one will give in the place of another, or when a load
    begins that has not begun yet.
    """
    week = week_of(
        year, date, today, lambda one: person.pk in (one.planned.teacher, one.planned.usual), names_teachers=False
    )  # fmt: skip
    keys = {one.gradebook.pk for day in week.days for one in day.lessons if not one.is_cancelled}
    rows = lessons.open_to(person, today).filter(
        gradebook__in=keys, date__gte=week.monday, date__lte=week.saturday
    ).order_by()  # fmt: skip
    found = {(book, day, number): pk for pk, book, day, number in rows.values_list("pk", "gradebook", "date", "number")}
    days = [
        replace(day, lessons=[_told(_entered(one, found, is_ahead=day.date > today)) for one in day.lessons])
        for day in week.days
    ]
    return replace(week, days=days)


def _told(one: Shown) -> Shown:
    """Who gives the lesson in whose place."""
    if not one.usual:
        return one
    words = f"Даёт {one.teacher.initials}, по нагрузке ведёт {one.usual.initials}"
    return replace(one, planned=replace(one.planned, reason=words))


def _entered(one: Shown, found: dict, *, is_ahead: bool) -> Shown:
    is_closed = one.is_cancelled or one.gradebook.is_mirror or (is_ahead and one.planned.change)
    return one if is_closed else replace(one, entry=found.get((one.gradebook.pk, one.planned.date, one.number)))


def _named(year: AcademicYear, lessons: list[Planned], times: dict, *, names_teachers: bool = True) -> list[Shown]:
    books = {one.pk: one for one in Gradebook.objects.of_year(year).listed()}
    # On one's own page only those of a replacement are named.
    told = [one for one in lessons if names_teachers or one.usual]
    teachers = User.objects.in_bulk({key for one in told for key in (one.teacher, one.usual) if key})
    rooms = Room.objects.in_bulk({one.room for one in lessons if one.room})
    shown = [
        Shown(one, books[one.gradebook], teachers.get(one.teacher), rooms.get(one.room),
              times.get(one.date, {}).get(one.number), usual=teachers.get(one.usual))
        for one in lessons
        if one.gradebook in books
    ]  # fmt: skip
    return sorted(shown, key=lambda one: (one.planned.date, one.number, str(one.gradebook)))


@dataclass(frozen=True)
class SchoolDay:
    """All classes' lessons of a day; `numbers` are the heads of the columns."""

    date: datetime.date
    numbers: list[int]
    times: dict[int, tuple[datetime.time, datetime.time]]
    rows: list[tuple[SchoolClass, list[list[Shown]]]]

    @property
    def heads(self) -> list[tuple[int, tuple | None]]:
        return [(number, self.times.get(number)) for number in self.numbers]

    @property
    def before(self) -> datetime.date:
        return self.date - DAY

    @property
    def after(self) -> datetime.date:
        return self.date + DAY


def day_of(year: AcademicYear, date: datetime.date) -> SchoolDay:
    """The whole school on the date. Ten queries."""
    times = times_on(rings_of(year, ELDEST, date, date), date)
    found = defaultdict(list)
    for one in _named(year, with_fallen(year, date, date), {}):
        found[one.gradebook.school_class_id, one.number].append(one)
    numbers = sorted({number for _, number in found})
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
    rows = [(one, [found[one.pk, number] for number in numbers]) for one in classes]
    return SchoolDay(date, numbers, times, rows if numbers else [])


def teachers_of(year: AcademicYear) -> list[User]:
    """Who teaches in the year, by name."""
    loads = TeachingLoad.objects.filter(gradebook__school_class__year=year)
    lines = TimetableLine.objects.filter(timetable__year=year, teacher__isnull=False)
    found = Q(pk__in=loads.values("teacher")) | Q(pk__in=lines.values("teacher"))
    return list(User.objects.filter(found).order_by("sort_name", "pk"))
