"""Missed lessons by reason, days with missed lessons, late arrivals; reasons only to those who may see them.

Lessons are counted exactly. A day is missed wholly where the pupil was away from all its lessons, and how many there
were only a timetable knows: docs/decisions/0085-missed-days.md.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Enrolment, SchoolClass, User
from journal import rights
from journal.models import Absence
from journal.reports import whole_days
from journal.reports.scope import Scope
from resources import charts

Code = Absence.Code
REASONS = (
    (Code.ILL, "по болезни"),
    (Code.EXCUSED, "уважительная"),
    (Code.UNEXCUSED, "неуважительная"),
    (Code.ABSENT, "не указана"),
)


@dataclass(frozen=True)
class Tally:
    """What was missed: lessons by code, days on which something was; exempt lessons are none.

    `whole` are days on which every lesson of the timetable was; None where no timetable tells.
    """

    codes: Mapping[str, int] = field(default_factory=dict)
    days: int = 0
    whole: int | None = None

    @property
    def lessons(self) -> int:
        return sum(self.codes.get(code, 0) for code in Absence.MISSED)

    @property
    def late(self) -> int:
        return self.codes.get(Code.LATE, 0)

    @property
    def reasons(self) -> list[int]:
        return [self.codes.get(code, 0) for code, _ in REASONS]

    def __add__(self, other: "Tally") -> "Tally":
        """Of other people: days of one and another are added."""
        whole = [one for one in (self.whole, other.whole) if one is not None]
        return Tally(
            Counter(self.codes) + Counter(other.codes), self.days + other.days, sum(whole) if whole else None
        )  # fmt: skip


def tally(rows: Iterable[tuple[datetime.date, str]], whole: int | None = None) -> Tally:
    """Of one pupil's absences: (day, code)."""
    listed = list(rows)
    days = len({day for day, code in listed if code in Absence.MISSED})
    return Tally(Counter(code for _, code in listed), days, whole)


@dataclass(frozen=True)
class Line:
    """A class or a pupil; `reasons` stand only where the person may see them, `is_part` where only own subjects do."""

    of: SchoolClass | User
    tally: Tally
    pupils: int = 1
    shows_reasons: bool = False
    is_part: bool = False

    @property
    def title(self) -> str:
        return self.of.name if isinstance(self.of, SchoolClass) else self.of.get_full_name()

    @property
    def a_pupil(self) -> float:
        return self.tally.lessons / self.pupils if self.pupils else 0


@dataclass(frozen=True)
class Report:
    starts: datetime.date
    ends: datetime.date
    lines: list[Line]

    @property
    def whole(self) -> Tally:
        return sum((one.tally for one in self.lines), Tally())

    @property
    def chart(self) -> charts.Chart | None:
        """Lessons that a pupil has missed in the mean; nothing to draw of a single line, or where nothing is missed."""
        tenths = [(round(one.a_pupil * 10), one.title) for one in self.lines]
        top = max((value for value, _ in tenths), default=0)
        if len(tenths) < 2 or not top:
            return None
        series = [charts.Column(value, _tenths(value), title) for value, title in tenths]
        return charts.columns(series, top=top, places=max(len(series), 4), width=30, gap=8)

    @property
    def spoken(self) -> str:
        """The chart in words."""
        return "Пропущено уроков на одного: " + "; ".join(
            f"{one.title} — {_tenths(round(one.a_pupil * 10))}" for one in self.lines
        )

    @property
    def has_whole_days(self) -> bool:
        return any(one.tally.whole is not None for one in self.lines)

    @property
    def shows_reasons(self) -> bool:
        """Columns of reasons stand where some line has them."""
        return any(one.shows_reasons for one in self.lines)

    @property
    def reasons_whole(self) -> list[int]:
        return sum((one.tally for one in self.lines if one.shows_reasons), Tally()).reasons


def _tenths(value: int) -> str:
    """«4,3»"""
    return f"{value // 10},{value % 10}"


def by_class(scope: Scope, starts: datetime.date, ends: datetime.date) -> Report:
    """Classes of the year; three queries at most beside the scope's own."""
    days = _days_by_class(scope, starts, ends)
    codes: dict[int, Counter] = defaultdict(Counter)
    rows = _rows(scope, starts, ends).values_list("pupil__enrolments__school_class", "code").annotate(Count("pk"))
    for school_class, code, lessons in rows:
        codes[school_class][code] = lessons
    sizes = _sizes(scope)
    lines = [
        Line(
            one, Tally(codes.get(key, {}), days.get(key, 0)), sizes.get(key, 0),
            shows_reasons=rights.sees_reasons(scope.person, one), is_part=key not in scope.whole_classes,
        )
        for key, one in scope.classes.items()
    ]  # fmt: skip
    return Report(starts, ends, lines)


def of_class(scope: Scope, school_class: SchoolClass, starts: datetime.date, ends: datetime.date) -> Report:
    """Pupils of the class at the moment of calculation, those who missed nothing too; seven queries.

    Whole days stand only where all subjects are seen.
    """
    reasons, part = rights.sees_reasons(scope.person, school_class), school_class.pk not in scope.whole_classes
    absences, missed = defaultdict(list), []
    rows = _rows(scope, starts, ends, Q(pupil__enrolments__school_class=school_class))
    for pupil, book, day, code in rows.values_list("pupil", "gradebook", "date", "code"):
        absences[pupil].append((day, code))
        if code in Absence.MISSED:
            missed.append((pupil, book, day))
    pupils = scope.pupils_of(school_class)
    keys = [one.pk for one in pupils]
    whole = None if part else whole_days.of_pupils(keys, scope.year, starts, ends, missed)
    lines = [
        Line(
            one, tally(absences.get(one.pk, ()), None if whole is None else len(whole.get(one.pk, ()))),
            shows_reasons=reasons, is_part=part,
        )
        for one in pupils
    ]  # fmt: skip
    return Report(starts, ends, lines)


def _rows(scope: Scope, starts: datetime.date, ends: datetime.date, narrowed: Q | None = None) -> QuerySet:
    """Absences of the days, of pupils who study at the moment of calculation; of the class teacher's class all.

    What is asked of enrolments stands in one condition: two would be asked of two enrolments.
    """
    theirs = scope.studying() & (narrowed or Q())
    if not scope.is_whole:
        theirs &= Q(pupil__enrolments__school_class__in=list(scope.whole_classes)) | Q(gradebook__in=list(scope.books))
    rows = Absence.objects.filter(theirs, date__gte=starts, date__lte=ends, gradebook__school_class__year=scope.year)
    return rows.exclude(code=Code.EXEMPT).order_by()


def _days_by_class(scope: Scope, starts: datetime.date, ends: datetime.date) -> dict[int, int]:
    """Pupil-days with a missed lesson, counted by the database."""
    pair = Concat(Cast("pupil", CharField()), Value(" "), Cast("date", CharField()), output_field=CharField())
    rows = _rows(scope, starts, ends).filter(code__in=Absence.MISSED)
    return dict(rows.values_list("pupil__enrolments__school_class").annotate(days=Count(pair, distinct=True)))


def _sizes(scope: Scope) -> dict[int, int]:
    rows = Enrolment.objects.on(scope.counted_on).filter(school_class__year=scope.year).order_by()
    return dict(rows.values_list("school_class").annotate(Count("pupil", distinct=True)))
