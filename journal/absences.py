"""A class's missed lessons of a week, pupil by day, with their reasons. Reads only; for those who see reasons."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Enrolment, SchoolClass, User
from eios.lib.dates import week_start
from journal.entry import DAY
from journal.grid import WITH_REASONS
from journal.models import Absence, Council, Kept, ResultKind
from journal.periods import periods_of_class

# A school week has at most so many days.
WEEK_DAYS = 6
GIVEN = (Absence.Code.ILL, Absence.Code.EXCUSED, Absence.Code.UNEXCUSED, Absence.Code.ABSENT)


@dataclass(frozen=True)
class Missed:
    """A missed lesson; `is_here`: its gradebook is kept here, so that a reason may be given."""

    subject: str
    code: str
    is_here: bool

    @property
    def word(self) -> str:
        return WITH_REASONS[self.code]

    @property
    def is_open(self) -> bool:
        """Nobody has said why."""
        return self.code == Absence.Code.ABSENT


@dataclass(frozen=True)
class Day:
    date: datetime.date
    missed: tuple[Missed, ...]

    @property
    def has_here(self) -> bool:
        return any(one.is_here for one in self.missed)


@dataclass(frozen=True)
class Row:
    pupil: User
    days: list[Day]


@dataclass(frozen=True)
class Week:
    """`monday` begins it; rows are of those who missed something, by name."""

    school_class: SchoolClass
    monday: datetime.date
    rows: list[Row]

    @cached_property
    def dates(self) -> list[datetime.date]:
        return [self.monday + number * DAY for number in range(WEEK_DAYS)]

    @property
    def ends(self) -> datetime.date:
        return self.dates[-1]

    @property
    def missed(self) -> list[Missed]:
        return [one for row in self.rows for day in row.days for one in day.missed]

    @property
    def open_count(self) -> int:
        """Lessons missed that nobody has said why of."""
        return sum(one.is_open for one in self.missed)

    @property
    def former(self) -> datetime.date | None:
        """The Monday before, within the year."""
        return self.monday - 7 * DAY if self.monday > self.school_class.year.starts else None

    @property
    def next(self) -> datetime.date | None:
        found = self.monday + 7 * DAY
        return found if found <= self.school_class.year.ends else None


def monday_of(school_class: SchoolClass, date: datetime.date) -> datetime.date:
    """Of the week that holds the date, or of the nearest one of the class's year."""
    year = school_class.year
    date = min(max(date, year.starts), year.ends)
    return week_start(date)


def week_of(school_class: SchoolClass, monday: datetime.date) -> Week:
    """Two queries, however many missed."""
    dates = [monday + number * DAY for number in range(WEEK_DAYS)]
    found: dict[tuple[int, datetime.date], list[Missed]] = defaultdict(list)
    rows = Absence.objects.filter(gradebook__school_class=school_class, date__range=(dates[0], dates[-1]))
    rows = rows.filter(code__in=Absence.MISSED).order_by("gradebook__subject__name", "slot", "pk")
    for pupil, date, subject, code, kept in rows.values_list(
        "pupil", "date", "gradebook__subject__name", "code", "gradebook__kept"
    ):
        found[pupil, date].append(Missed(subject, code, kept == Kept.HERE))
    people = User.objects.filter(pk__in={pupil for pupil, _ in found}).order_by("sort_name", "pk")
    made = [Row(one, [Day(date, tuple(found.get((one.pk, date), ()))) for date in dates]) for one in people]
    return Week(school_class, monday, made)


def pupils_of(week: Week) -> list[User]:
    """Who was in the class in the week, by name; one query."""
    rows = Enrolment.objects.filter(school_class=week.school_class).overlapping(week.monday, week.ends)
    return list(User.objects.filter(pk__in=rows.values("pupil")).order_by("sort_name", "pk"))


def frozen_days(school_class: SchoolClass, starts: datetime.date, ends: datetime.date) -> bool:
    """Is a day of these in a term that a council closed? Two queries at most."""
    councils = Council.objects.filter(classes=school_class).exclude(state=Council.State.PROPOSING)
    found = list(councils.values_list("kind", "number"))
    if any(kind == ResultKind.YEAR for kind, _ in found):
        return True
    numbers = {number for _, number in found}
    return bool(numbers) and any(
        one.number in numbers and one.starts <= ends and starts <= one.ends for one in periods_of_class(school_class)
    )
