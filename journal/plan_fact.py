"""The programme's plan against what was given: by topic, of a gradebook, of all kept here (1.3 b). One lesson is one
hour. Reads only."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from accounts.models import AcademicYear
from journal import timetables
from journal.lessons import programme_of
from journal.models import DayChange, Gradebook, Lesson
from resources.calendars import DAY, SchoolDays, days_by_grade
from resources.models import Programme, Topic
from resources.models.programmes import hours_words

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A topic: hours of the plan, those due until today, lessons given until today, lessons ahead that have it."""

    topic: Topic
    due: Decimal
    given: int
    ahead: int

    @property
    def behind(self) -> Decimal:
        """Hours that should have been given by now and were not."""
        return max(ZERO, self.due - self.given)

    @property
    def over(self) -> Decimal:
        """Lessons beyond the plan's hours."""
        return max(ZERO, self.given - self.topic.hours)


@dataclass(frozen=True)
class Sums:
    """A gradebook: hours of the plan, due and given until today; lessons until today that have no topic."""

    gradebook: Gradebook
    programme: Programme | None
    hours: Decimal
    due: Decimal
    given: int
    untold: int

    @property
    def lag(self) -> Decimal:
        """Behind is above zero, ahead below."""
        return self.due - self.given

    @property
    def words(self) -> str:
        """«отстаёт на 2 ч», «опережает на 1 ч», «по плану»."""
        if self.programme is None:
            return "программа не выбрана"
        if not self.lag:
            return "по плану"
        return f"{'отстаёт' if self.lag > 0 else 'опережает'} на {hours_words(abs(self.lag))}\N{NO-BREAK SPACE}ч"

    @property
    def kind(self) -> str:
        """Of a tag: one lesson either way is no trouble."""
        if self.programme is None:
            return "info"
        return "no" if self.lag > 1 else ("wait" if self.lag > 0 else "ok")


def of_gradebook(gradebook: Gradebook, today: datetime.date) -> tuple[Sums, list[Line]]:
    """Sums and lines of the plan."""
    sums = of_gradebooks([gradebook], gradebook.school_class.year, today)[0]
    if sums.programme is None:
        return sums, []
    rows = Lesson.objects.filter(gradebook=gradebook, topic__programme=sums.programme).order_by()
    now, later = Count("pk", filter=Q(date__lte=today)), Count("pk", filter=Q(date__gt=today))
    counts = {pk: (given, ahead) for pk, given, ahead in rows.values_list("topic").annotate(now=now, later=later)}
    lines, before = [], ZERO
    for topic in sums.programme.topics.order_by("position"):
        due = min(topic.hours, max(ZERO, sums.due - before))
        lines.append(Line(topic, due, *counts.get(topic.pk, (0, 0))))
        before += topic.hours
    return sums, lines


def of_gradebooks(gradebooks: Sequence[Gradebook], year: AcademicYear, today: datetime.date) -> list[Sums]:
    """In the order of the gradebooks; the queries do not grow with them."""
    programmes = _programmes(gradebooks, year)
    hours = dict(
        Topic.objects.filter(programme__in=[one.pk for one in programmes.values() if one]).order_by()
        .values("programme").annotate(sum=Sum("hours")).values_list("programme", "sum")
    )  # fmt: skip
    keys = [one.pk for one in gradebooks]
    rows = Lesson.objects.filter(gradebook__in=keys, date__lte=today).order_by()
    told = Count("pk", filter=Q(topic__isnull=False))
    untold = Count("pk", filter=Q(topic__isnull=True))
    lessons = {
        pk: (given, rest) for pk, given, rest in rows.values_list("gradebook").annotate(told=told, untold=untold)
    }
    due = _due(gradebooks, year, today, {one.pk: hours.get(_key(programmes[one.pk]), ZERO) for one in gradebooks})
    return [
        Sums(
            one, programmes[one.pk], hours.get(_key(programmes[one.pk]), ZERO), due[one.pk],
            *lessons.get(one.pk, (0, 0)),
        )
        for one in gradebooks
    ]  # fmt: skip


def _key(programme: Programme | None) -> int | None:
    return programme.pk if programme else None


def _programmes(gradebooks: Sequence[Gradebook], year: AcademicYear) -> dict[int, Programme | None]:
    """As `lessons.programme_of` says, for many; one query."""
    if len(gradebooks) == 1:
        return {gradebooks[0].pk: programme_of(gradebooks[0])}
    rows = list(Programme.objects.approved().filter(year=year, kind=Programme.Kind.SUBJECT).for_lists())
    return {one.pk: one.programme or _only(rows, one) for one in gradebooks}


def _only(rows: Iterable[Programme], book: Gradebook) -> Programme | None:
    grade = book.school_class.grade
    fit = [one for one in rows if one.subject_id == book.subject_id and one.grade_from <= grade <= one.grade_to]
    return fit[0] if len(fit) == 1 else None


def _due(
    gradebooks: Sequence[Gradebook], year: AcademicYear, today: datetime.date, hours: dict[int, Decimal]
) -> dict[int, Decimal]:  # fmt: skip
    """Hours that should have been given until today: as many as the week's timetable had lessons, those that fell out
    among them and added ones not; without a timetable, the part of the year's school days that is over."""
    keys = [one.pk for one in gradebooks]
    planned = timetables.with_fallen(year, year.starts, min(today, year.ends), keys)
    counts = Counter(one.gradebook for one in planned if one.change != DayChange.Kind.ADDED)
    days = days_by_grade(year)
    found = {}
    for one in gradebooks:
        by_timetable = Decimal(counts[one.pk]) if one.pk in counts else None
        part = _part(days.get(one.school_class.grade), year, today) if by_timetable is None else ZERO
        due = by_timetable if by_timetable is not None else Decimal(int(hours[one.pk] * part))
        found[one.pk] = min(due, hours[one.pk])
    return found


def _part(days: SchoolDays | None, year: AcademicYear, today: datetime.date) -> Decimal:
    """How much of the grade's school days is over, today included; nothing of a grade that no calendar is for."""
    if days is None:
        return ZERO
    every = [year.starts + shift * DAY for shift in range((year.ends - year.starts).days + 1)]
    taught = [date for date in every if days.is_school_day(date)]
    return Decimal(sum(date <= today for date in taught)) / len(taught) if taught else ZERO
