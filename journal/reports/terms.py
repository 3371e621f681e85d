"""Which results a report is made of, and the days of a year by grade."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from accounts.models import AcademicYear
from journal.models import Result
from journal.models.councils import ResultKind
from journal.periods import TERM_WORDS, Period
from resources.calendars import SchoolDays, days_by_grade

# Where a year has no calendar: lessons go on at least until this day (month, day).
LAST_LESSONS = (5, 20)
ENDINGS = {"четверть": "я", "триместр": "й", "полугодие": "е", "период": "й"}
TITLES = {ResultKind.YEAR: "Год", ResultKind.EXAM: "Экзамен", ResultKind.FINAL: "Итог"}


@dataclass(frozen=True)
class Chosen:
    """Results of one term of a year, or its yearly, exam or final ones."""

    kind: str
    number: int = 0
    title: str = ""

    @property
    def code(self) -> str:
        """As it stands in the address: «term-2», «year»."""
        return f"{self.kind}-{self.number}" if self.number else self.kind


@dataclass(frozen=True)
class YearDays:
    """Days and terms of every grade by the calendars in force; one query."""

    year: AcademicYear

    @cached_property
    def days(self) -> dict[int, SchoolDays]:
        return days_by_grade(self.year)

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        return {grade: _periods(days) for grade, days in self.days.items()}

    @property
    def longest(self) -> list[Period]:
        """The terms of the grade that has most of them."""
        return max(self.periods.values(), key=len, default=[])

    def period(self, grade: int, number: int) -> Period | None:
        return next((one for one in self.periods.get(grade, ()) if one.number == number), None)

    def counted_on(self, date: datetime.date) -> datetime.date:
        """The moment of calculation: the date, in a year that is over the last day on which all had lessons.

        Those who finish school leave after that day, and are not departed.
        """
        ends = [terms[-1].ends for terms in self.periods.values() if terms]
        last = min(ends, default=datetime.date(self.year.starts.year + 1, *LAST_LESSONS))
        return min(date, last)

    def title(self, number: int, of: int) -> str:
        """«I четверть» by the calendar; without one «1-я четверть», by how many terms there are."""
        named = next((one.name for one in self.longest if one.number == number), "")
        word = TERM_WORDS.get(of, "период")
        return named or f"{number}-{ENDINGS[word]} {word}"


def _periods(days: SchoolDays) -> list[Period]:
    terms = sorted(days.terms, key=lambda one: one.starts)
    return [Period(number, one.name, one.starts, one.ends) for number, one in enumerate(terms, 1)]


def results_there(days: YearDays) -> list[Chosen]:
    """What there are results of in the year, in the order of the paper; one query besides the calendar's."""
    order = list(ResultKind.values)
    found = Result.objects.of_year(days.year).order_by().values_list("kind", "number").distinct()
    found = sorted(found, key=lambda one: (order.index(one[0]), one[1]))
    most = max((number for _, number in found), default=0)
    terms = max(most, len(days.longest))
    return [
        Chosen(kind, number, days.title(number, terms) if number else TITLES[ResultKind(kind)])
        for kind, number in found
    ]


def chosen_of(there: list[Chosen], code: str) -> Chosen | None:
    """The one of the address; without it the newest."""
    return next((one for one in there if one.code == code), there[-1] if there else None)


def before(chosen: Chosen, year: AcademicYear) -> tuple[AcademicYear | None, Chosen]:
    """With what a report is compared: the term before it; of the first term and of yearly results, last year's."""
    if chosen.number > 1:
        return year, Chosen(chosen.kind, chosen.number - 1)
    return year.former(), Chosen(chosen.kind, chosen.number)
