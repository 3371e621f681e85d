"""Days of the school year: what contradicts itself, is a day a school day, the year's strip (6.2). Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import AcademicYear
from eios.lib import russian
from resources.models import AcademicCalendar, CalendarEntry
from resources.models.year_plans import GRADES

Kind = CalendarEntry.Kind
DAY = datetime.timedelta(days=1)
TITLES = {
    Kind.TERM: "Учебные периоды",
    Kind.BREAK: "Каникулы",
    Kind.ATTESTATION: "Промежуточная аттестация",
    Kind.OFF: "Праздничные и нерабочие дни",
    Kind.WORKING: "Учебные дни взамен выходных",
}


@dataclass(frozen=True)
class SchoolDays:
    """Days of one grade in one year: what the journal asks. Without an approved calendar no day is a school day."""

    week: int
    entries: tuple[CalendarEntry, ...]

    @classmethod
    def of_rows(cls, rows: Iterable[tuple], grade: int) -> "SchoolDays":
        """From plain values: (kind, name, first day, last day, days of the calendar's week)."""
        found = list(rows)
        week = found[0][-1] if found and grade != 1 else AcademicCalendar.Week.FIVE
        entries = (CalendarEntry(kind=row[0], name=row[1], starts=row[2], ends=row[3]) for row in found)
        return cls(week, tuple(entries))

    @property
    def terms(self) -> list[CalendarEntry]:
        return [one for one in self.entries if one.kind == Kind.TERM]

    def term_on(self, date: datetime.date) -> CalendarEntry | None:
        return next((one for one in self.terms if one.holds(date)), None)

    def is_school_day(self, date: datetime.date) -> bool:
        """Is the grade at lessons: in a term, not in a break or on a day off; a working day counts at a weekend."""
        kinds = {one.kind for one in self.entries if one.holds(date)}
        if Kind.TERM not in kinds or kinds & {Kind.BREAK, Kind.OFF}:
            return False
        return Kind.WORKING in kinds or date.weekday() < self.week


def days_of(year: AcademicYear, grade: int) -> SchoolDays:
    """One query for a whole year of a grade. Grade 1 has no lessons on Saturdays."""
    return _school_days(tuple(CalendarEntry.objects.in_force(year, grade).select_related("calendar")), grade)


def days_by_grade(year: AcademicYear) -> dict[int, SchoolDays]:
    """The same of every grade; one query."""
    rows = list(CalendarEntry.objects.of_approved(year).select_related("calendar"))
    found = {}
    for level, held in GRADES.items():
        own = [one for one in rows if one.calendar.level == level]
        for grade in held:
            found[grade] = _school_days(tuple(one for one in own if one.grade in (None, grade)), grade)
    return found


def _school_days(entries: tuple[CalendarEntry, ...], grade: int) -> SchoolDays:
    week = entries[0].calendar.week if entries else AcademicCalendar.Week.FIVE
    return SchoolDays(AcademicCalendar.Week.FIVE if grade == 1 else week, entries)


def listed(*, to_editor: bool) -> QuerySet[AcademicCalendar]:
    return AcademicCalendar.objects.visible(to_editor=to_editor).select_related("year", "order")


def problems_of(calendar: AcademicCalendar, entries: list[CalendarEntry]) -> list[tuple[int, str]]:
    """What contradicts itself, as (place in the list, sentence): dates, years, overlaps."""
    found = [(place, words) for place, one in enumerate(entries) if (words := _alone(calendar, one))]
    for place, one in enumerate(entries):
        found += [(place, words) for other in entries[:place] if (words := _together(one, other))]
    return found


def _alone(calendar: AcademicCalendar, one: CalendarEntry) -> str:
    if one.ends < one.starts:
        return "Последний день раньше первого."
    if one.starts < calendar.year.starts or one.ends > calendar.year.ends:
        days = f"{russian.short_date(calendar.year.starts)} — {russian.short_date(calendar.year.ends)}"
        return f"За пределами учебного года ({days})."
    if one.grade and one.grade not in calendar.grades:
        return f"{one.grade} класс — другого уровня образования."
    return ""


def _together(one: CalendarEntry, other: CalendarEntry) -> str:
    """Why two entries can't stand together. A grade's own break may lie within a term; a break of all may not."""
    if one.starts > other.ends or other.starts > one.ends or not _same_people(one, other):
        return ""
    kinds = {one.kind, other.kind}
    if (one.kind, one.starts, one.grade) == (other.kind, other.starts, other.grade):
        return f"С {russian.short_date(one.starts)} уже стоит «{other.name}»."
    days = f"«{other.name}» ({russian.short_date(other.starts)} — {russian.short_date(other.ends)})"
    if kinds == {Kind.TERM}:
        return f"Пересекается с периодом {days}."
    if kinds == {Kind.BREAK}:
        return f"Пересекается с каникулами {days}."
    if kinds == {Kind.TERM, Kind.BREAK} and not (one.grade or other.grade):
        return f"Каникулы лежат между периодами, а здесь пересечение: {days}."
    return ""


def _same_people(one: CalendarEntry, other: CalendarEntry) -> bool:
    return one.grade is None or other.grade is None or one.grade == other.grade


def lacks_of(calendar: AcademicCalendar, entries: list[CalendarEntry]) -> list[str]:
    """Why the calendar can't be approved yet, in sentences."""
    found = [f"{entries[place].name}. {words}" for place, words in problems_of(calendar, entries)]
    terms = [one for one in entries if one.kind == Kind.TERM]
    if not terms:
        found.append("Нет ни одного учебного периода.")
    for one in entries:
        if one.kind == Kind.ATTESTATION and not any(term.holds(one.starts) and term.holds(one.ends) for term in terms):
            found.append(f"{one.name}. Аттестация лежит внутри одного учебного периода.")
    return found


def grouped(entries: Iterable[CalendarEntry]) -> list[tuple[str, list[CalendarEntry]]]:
    """Entries by kind, in the order of the kinds; kinds that have none are left out."""
    rows = list(entries)
    groups = [(TITLES[kind], [one for one in rows if one.kind == kind]) for kind in Kind]
    return [(title, found) for title, found in groups if found]


@dataclass(frozen=True)
class Stripe:
    """A piece of the year's strip: `x` and `width` in days from its beginning."""

    entry: CalendarEntry
    x: int
    width: int


@dataclass(frozen=True)
class Month:
    name: str
    x: int


@dataclass(frozen=True)
class Strip:
    """The school year drawn as a line of days, from its first month to the last that has an entry."""

    width: int
    stripes: list[Stripe]
    months: list[Month]
    words: str


MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
ON_STRIP = (Kind.TERM, Kind.BREAK, Kind.ATTESTATION, Kind.OFF)


def strip_of(entries: Iterable[CalendarEntry]) -> Strip | None:
    """The strip of a calendar; None of an empty one."""
    shown = sorted((one for one in entries if one.kind in ON_STRIP), key=lambda one: ON_STRIP.index(Kind(one.kind)))
    if not shown:
        return None
    first = min(one.starts for one in shown).replace(day=1)
    last = max(one.ends for one in shown)
    months, day = [], first
    while day <= last:
        months.append(Month(MONTHS[day.month - 1], (day - first).days))
        day = (day + 31 * DAY).replace(day=1)
    stripes = [Stripe(one, (one.starts - first).days, (one.ends - one.starts).days + 1) for one in shown]
    words = "; ".join(str(one) for one in sorted(shown, key=lambda one: one.starts) if one.kind != Kind.OFF)
    return Strip((day - first).days, stripes, months, words)
