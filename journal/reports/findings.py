"""Finds what asks for a second look in the gradebooks that a person sees. Constant queries, whatever there is."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, DecimalField, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Q, QuerySet, Sum

from accounts.models import Enrolment, User
from eios.lib.russian import short_date
from journal.models import Gradebook, Mark, Result, SubgroupMember
from journal.models.councils import ResultKind
from journal.models.gradebooks import Scale
from journal.periods import Period
from journal.reports.anomalies import (
    AFTER_TWO_WEEKS,
    DAY,
    SILENT_WEEKS,
    Given,
    Kind,
    check_result,
    lesson_weeks,
)
from journal.reports.scope import Scope

# How far back the last mark of a gradebook is looked for.
LOOK_BACK = datetime.timedelta(days=120)
WEIGHED = ExpressionWrapper(F("number") * F("weight"), DecimalField(max_digits=12, decimal_places=2))
IS_NUMBER = Q(number__isnull=False)


@dataclass(frozen=True)
class Finding:
    """Something odd in a gradebook, with a pupil or with the whole of it."""

    kind: Kind
    book: Gradebook
    text: str
    pupil_id: int | None = None


@dataclass(frozen=True)
class Looking:
    """A term of the year in the gradebooks of a scope."""

    scope: Scope
    number: int

    @cached_property
    def books(self) -> dict[int, Gradebook]:
        return {pk: one for pk, one in self.scope.books.items() if self.period(one)}

    def period(self, book: Gradebook) -> Period | None:
        return self.scope.days.period(book.school_class.grade, self.number)

    def is_over(self, book: Gradebook) -> bool:
        return self.period(book).ends < self.scope.date

    def within(self, *, and_break: bool = False) -> Q:
        """Rows of gradebooks within the term, the break after it included if asked; each grade has its own days."""
        found, days = Q(pk__in=[]), defaultdict(list)
        for grade, periods in self.scope.days.periods.items():
            for place, one in enumerate(periods):
                if one.number == self.number:
                    days[one.starts, self._last(periods, place) if and_break else one.ends].append(grade)
        for (starts, ends), grades in days.items():
            found |= Q(gradebook__school_class__grade__in=grades, date__gte=starts, date__lte=ends)
        return found

    def _last(self, periods: list[Period], place: int) -> datetime.date:
        return periods[place + 1].starts - DAY if place + 1 < len(periods) else self.scope.year.ends

    def marks(self, **options) -> QuerySet:
        return self.scope.of_books(Mark.objects.filter(self.within(**options))).order_by()


def look(scope: Scope, number: int) -> list[Finding]:
    """Everything odd about the term, in the order of gradebooks and pupils' names."""
    looking = Looking(scope, number)
    results = _results(looking)
    found = [
        *_of_results(looking, results), *_missing(looking, results), *_after_two(looking, results), *_silent(looking),
        *_days_off(looking), *_departed(looking),
    ]  # fmt: skip
    return _ordered(looking, found)


def usual_term(scope: Scope) -> int:
    """The last term that is over, before the first end the first one; 0 without a calendar."""
    terms = scope.days.longest
    over = [one.number for one in terms if one.ends < scope.date]
    return over[-1] if over else (terms[0].number if terms else 0)


def counted(findings: list[Finding]) -> list[tuple[Kind, int]]:
    """Every kind with how many there are."""
    numbers = Counter(one.kind for one in findings)
    return [(kind, numbers[kind]) for kind in Kind]


def people_of(findings: list[Finding]) -> dict[int, User]:
    """The pupils of some findings, one query."""
    return User.objects.in_bulk({one.pupil_id for one in findings if one.pupil_id})


def _ordered(looking: Looking, found: list[Finding]) -> list[Finding]:
    names = dict(User.objects.filter(pk__in={one.pupil_id for one in found}).values_list("pk", "sort_name"))
    places = {pk: place for place, pk in enumerate(looking.scope.books)}
    kinds = {kind: place for place, kind in enumerate(Kind)}
    return sorted(
        found, key=lambda one: (kinds[one.kind], places[one.book.pk], names.get(one.pupil_id, ""), one.pupil_id or 0)
    )


class Row(NamedTuple):
    """A result of the term; a whole school has thousands, so that they are no model's instances."""

    pupil_id: int
    subject_id: int
    gradebook_id: int
    value: str
    average: Decimal | None


def _results(looking: Looking) -> list[Row]:
    rows = Result.objects.of_year(looking.scope.year).filter(kind=ResultKind.TERM, number=looking.number)
    rows = rows if looking.scope.is_whole else rows.filter(gradebook__in=list(looking.books))
    found = map(Row._make, rows.order_by().values_list(*Row._fields))
    return [one for one in found if one.gradebook_id in looking.books]


def _of_results(looking: Looking, results: list[Row]) -> Iterator[Finding]:
    given = _given(looking, results)
    for one in results:
        book = looking.books[one.gradebook_id]
        own = given.get((one.pupil_id, one.subject_id), Given())
        for kind, text in check_result(one.value, one.average, own, book.scale):
            yield Finding(kind, book, text, one.pupil_id)


def _given(looking: Looking, results: list[Row]) -> dict[tuple[int, int], Given]:
    """Marks of the term by pupil and subject, in whatever gradebook: one may have changed the class or the group."""
    rows = Mark.objects.filter(looking.within(), gradebook__school_class__year=looking.scope.year)
    if not looking.scope.is_whole:
        pupils, subjects = {one.pupil_id for one in results}, {one.subject_id for one in results}
        rows = rows.filter(pupil__in=pupils, gradebook__subject__in=subjects)
    rows = rows.order_by().values_list("pupil", "gradebook__subject")
    sums = {"total": Sum(WEIGHED, filter=IS_NUMBER), "weights": Sum("weight", filter=IS_NUMBER)}
    return {
        (pupil, subject): Given(count, total or 0, weights or 0)
        for pupil, subject, count, total, weights in rows.annotate(count=Count("pk"), **sums)
    }


def _missing(looking: Looking, results: list[Row]) -> Iterator[Finding]:
    """Terms that are over: who of the gradebook's pupils has no result, a line for each gradebook."""
    there = {(one.pupil_id, one.subject_id) for one in results}
    expected = _Expected(looking)
    for book in looking.books.values():
        if book.scale == Scale.NONE or not looking.is_over(book):
            continue
        pupils = expected.of(book)
        missing = sum((pupil, book.subject_id) not in there for pupil in pupils)
        if missing:
            yield Finding(Kind.MISSING, book, f"{looking.period(book).name}: нет у {missing} из {len(pupils)}.")


class _Expected:
    """Whose result of the term is waited for: who studies in the class now, and was at school on the term's last day.

    The departed and those who came later are not waited for. Two queries.
    """

    def __init__(self, looking: Looking):
        scope = looking.scope
        self.looking, self.stays = looking, defaultdict(list)
        self.classes, self.groups = defaultdict(set), defaultdict(set)
        for one in Enrolment.objects.filter(school_class__year=scope.year):
            self.stays[one.pupil_id].append(one)
            if one.in_force_on(scope.counted_on):
                self.classes[one.school_class_id].add(one.pupil_id)
        members = SubgroupMember.objects.on(scope.counted_on).filter(subgroup__school_class__year=scope.year)
        for group, pupil in members.values_list("subgroup", "pupil"):
            self.groups[group].add(pupil)

    def of(self, book: Gradebook) -> set[int]:
        ends, pupils = self.looking.period(book).ends, self.classes[book.school_class_id]
        if book.subgroup_id:
            pupils = pupils & self.groups[book.subgroup_id]
        return {pupil for pupil in pupils if any(stay.in_force_on(ends) for stay in self.stays[pupil])}


def _after_two(looking: Looking, results: list[Row]) -> Iterator[Finding]:
    """Failed the term, and nobody has asked them since, though lessons go on."""
    failed = [one for one in results if one.value in ("1", "2") and _is_time(looking, looking.books[one.gradebook_id])]
    ends = (looking.period(looking.books[one.gradebook_id]).ends for one in failed)
    rows = Mark.objects.filter(
        pupil__in={one.pupil_id for one in failed}, gradebook__subject__in={one.subject_id for one in failed},
        date__gt=min(ends, default=looking.scope.date),
    )  # fmt: skip
    last = {
        (pupil, subject): day
        for pupil, subject, day in rows.order_by().values_list("pupil", "gradebook__subject").annotate(Max("date"))
    }
    for one in failed:
        book = looking.books[one.gradebook_id]
        day = last.get((one.pupil_id, one.subject_id))
        if day is None or day <= looking.period(book).ends:
            yield Finding(Kind.TWO, book, f"За период «{one.value}», новых отметок нет.", one.pupil_id)


def _is_time(looking: Looking, book: Gradebook) -> bool:
    periods = looking.scope.days.periods[book.school_class.grade]
    return lesson_weeks(periods, looking.period(book).ends, _known_until(looking, book)) >= AFTER_TWO_WEEKS


def _known_until(looking: Looking, book: Gradebook) -> datetime.date:
    """The day up to which the gradebook is known: of a mirror the one it was refreshed on."""
    if not book.is_mirror or book.mirrored_at is None:
        return looking.scope.date
    return min(book.mirrored_at.date(), looking.scope.date)


def _silent(looking: Looking) -> Iterator[Finding]:
    """Gradebooks of the running term in which nobody has had a mark for weeks of lessons."""
    today = looking.scope.date
    rows = looking.scope.of_books(Mark.objects.filter(date__gt=today - LOOK_BACK, date__lte=today)).order_by()
    last = dict(rows.values_list("gradebook").annotate(Max("date")))
    for book in looking.books.values():
        period = looking.period(book)
        if book.scale not in (Scale.FIVE, Scale.POINTS) or not period.holds(today):
            continue
        day = last.get(book.pk)
        periods = looking.scope.days.periods[book.school_class.grade]
        known = _known_until(looking, book)
        weeks = lesson_weeks(periods, day or looking.scope.year.starts - DAY, known)
        if weeks >= SILENT_WEEKS:
            since = f"Последняя отметка {short_date(day)}" if day else "Ни одной отметки"
            yield Finding(Kind.SILENT, book, f"{since}, данные на {short_date(known)}.")


def _days_off(looking: Looking) -> Iterator[Finding]:
    """Marks of days without lessons. First the days, which are few, then the marks of those that are off."""
    marks = looking.marks(and_break=True)
    off = Q(pk__in=[])
    for grade, day in marks.values_list("gradebook__school_class__grade", "date").distinct():
        if not looking.scope.days.days[grade].is_school_day(day):
            off |= Q(gradebook__school_class__grade=grade, date=day)
    for book, day, count in marks.filter(off).values_list("gradebook", "date").annotate(Count("pk")):
        if book in looking.books:
            yield Finding(Kind.DAY_OFF, looking.books[book], f"{short_date(day)}: отметок {count}.")


def _departed(looking: Looking) -> Iterator[Finding]:
    """Marks of a day on which the pupil was not in the gradebook's class."""
    there = Enrolment.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=OuterRef("date")), pupil=OuterRef("pupil"),
        school_class=OuterRef("gradebook__school_class"), starts__lte=OuterRef("date"),
    )  # fmt: skip
    rows = looking.marks(and_break=True).filter(~Exists(there)).values_list("pupil", "gradebook")
    for pupil, book, count, first, last in rows.annotate(Count("pk"), Min("date"), Max("date")):
        if book in looking.books:
            days = short_date(first) if first == last else f"{short_date(first)} — {short_date(last)}"
            yield Finding(Kind.DEPARTED, looking.books[book], f"{days}: отметок {count}.", pupil)
