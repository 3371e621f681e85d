"""The verbs of the calendar schedule (6.2): begin, fill, approve, copy."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import AcademicYear, Order
from resources import calendars, study_data
from resources.actions import year_plans
from resources.models import AcademicCalendar, CalendarEntry

Kind = CalendarEntry.Kind


@transaction.atomic
def add_calendar(calendar: AcademicCalendar, *, example: bool, by: Actor) -> AcademicCalendar:
    """A new draft: with the days of the example, moved to its year, or empty. Audited."""
    calendar.source = study_data.example_source() if example else ""
    save_row(calendar, by=by)
    if example:
        _write(calendar, _example(calendar))
    return calendar


def _example(calendar: AcademicCalendar) -> list[CalendarEntry]:
    days = study_data.example_days(calendar.year.starts.year)
    own = [one for one in days if one.grade is None or one.grade in calendar.grades]
    entries = [CalendarEntry(kind=d.kind, name=d.name, starts=d.starts, ends=d.ends, grade=d.grade) for d in own]
    return [one for one in entries if calendar.year.starts <= one.starts and one.ends <= calendar.year.ends]


@transaction.atomic
def fill_calendar(
    calendar: AcademicCalendar, entries: list[CalendarEntry], *, title: str, week: int, version: int, by: Actor
) -> AcademicCalendar:
    """Puts these entries in the place of all that a draft has. Audited.

    Raises ValidationError: days that contradict each other or lie outside the year, approved, StalePlan.
    """
    row = year_plans.draft_of(calendar, version)
    row.title, row.week, row.version = title, week, row.version + 1
    problems = calendars.problems_of(row, entries)
    if problems:
        raise ValidationError([f"{entries[place].name}. {words}" for place, words in problems])
    save_row(row, by=by)
    before = {str(one) for one in row.entries.all()}
    row.entries.all().delete()
    _write(row, entries)
    after = {str(one) for one in entries}
    changes = {name: ["был", None] for name in sorted(before - after)}
    changes |= {name: [None, "есть"] for name in sorted(after - before)}
    if changes:
        audit.record(by, "academic_calendar.filled", row, changes)
    return row


def _write(calendar: AcademicCalendar, entries: Iterable[CalendarEntry]) -> None:
    rows = list(entries)
    for one in rows:
        one.calendar = calendar
        one.clean_fields()
    CalendarEntry.objects.bulk_create(rows)


@transaction.atomic
def approve_calendar(calendar: AcademicCalendar, *, order: Order, by: Actor) -> AcademicCalendar:
    """Makes the draft the calendar of its year and level; see `year_plans.approve`. Raises ValidationError."""
    row = year_plans.draft_of(calendar)
    return year_plans.approve(row, calendars.lacks_of(row, list(row.entries.all())), order=order, by=by)


@transaction.atomic
def copy_calendar(calendar: AcademicCalendar, *, year: AcademicYear, by: Actor) -> AcademicCalendar:
    """A draft for a year: days move to the nearest same day of the week, holidays do not."""
    later = year.starts.year - calendar.year.starts.year
    copy = AcademicCalendar(year=year, level=calendar.level, title=calendar.title, week=calendar.week)
    copy.source = f"Копия графика {calendar.year} учебного года: проверьте дни"
    save_row(copy, by=by)
    _write(copy, [_moved(one, later) for one in calendar.entries.all()])
    return copy


def _moved(one: CalendarEntry, later: int) -> CalendarEntry:
    move = study_data.same_date if one.kind == Kind.OFF else study_data.same_weekday
    starts, ends = move(one.starts, later), move(one.ends, later)
    if one.kind == Kind.TERM and (one.starts.month, one.starts.day) == (9, 1):
        # Every school year begins on the day of knowledge, whatever day of the week it is.
        starts = study_data.same_date(one.starts, later)
    return CalendarEntry(kind=one.kind, name=one.name, starts=starts, ends=ends, grade=one.grade)
