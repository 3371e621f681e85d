"""Periods of a class's year, from the calendar in force (6.2). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import AcademicYear, SchoolClass
from eios.lib.composed import composed
from resources.calendars import SchoolDays
from resources.models import CalendarEntry

TERM_WORDS = {2: "полугодие", 3: "триместр", 4: "четверть"}


@dataclass(frozen=True)
class Period:
    """A term: its place from 1, its name, its days, both ends included."""

    number: int
    name: str
    starts: datetime.date
    ends: datetime.date

    def holds(self, date: datetime.date) -> bool:
        return self.starts <= date <= self.ends


def periods_of(year: AcademicYear, grade: int) -> list[Period]:
    """Terms of the grade by the approved calendar, in order; none without one. One query."""
    return [Period(number, *term) for number, term in enumerate(_terms(year.pk, grade=grade), 1)]


@composed
def _terms(year: int, *, grade: int) -> QuerySet:
    return CalendarEntry.objects.in_force(year, grade).terms().values_list("name", "starts", "ends")


def terms_of(days: SchoolDays) -> list[Period]:
    terms = sorted(days.terms, key=lambda one: one.starts)
    return [Period(number, one.name, one.starts, one.ends) for number, one in enumerate(terms, 1)]


def periods_of_class(school_class: SchoolClass) -> list[Period]:
    return periods_of(school_class.year, school_class.grade)


def period_on(periods: list[Period], date: datetime.date) -> Period | None:
    """The term that holds the date; in a break the one before, before the first the first."""
    past = [one for one in periods if one.starts <= date]
    return past[-1] if past else next(iter(periods), None)
