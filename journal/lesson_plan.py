"""What generating lessons from the timetable would add, move and take away (6.2, 7.2). Reads only."""

import datetime
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, QuerySet

from accounts.marks import digest
from accounts.models import AcademicYear
from journal import timetables
from journal.lessons import empty
from journal.models import Gradebook, Lesson, TeachingLoad
from journal.timetables import Planned
from resources.calendars import days_by_grade

Span = tuple[datetime.date, datetime.date]
MOVED = ("slot", "number", "teacher_id", "room_id")


@dataclass(frozen=True)
class Move:
    """A lesson that is there and what it becomes; `was` is (slot, number, teacher, room) as they stood."""

    lesson: Lesson
    was: tuple


@dataclass(frozen=True)
class BookPlan:
    """One gradebook's changes. Lessons of `added` are not saved; those of `moved` already stand as they will."""

    gradebook: Gradebook
    added: list[Lesson] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    removed: list[Lesson] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.moved or self.removed)

    @property
    def mark(self) -> str:
        """Stands for what was seen: another plan has another mark."""
        moved = [(one.lesson.pk, *_place(one.lesson)) for one in self.moved]
        added = [(one.date, *_place(one)) for one in self.added]
        return digest([self.gradebook.pk, added, moved, [one.pk for one in self.removed]])


def plans(
    year: AcademicYear, gradebooks: Sequence[Gradebook], spans: dict[int, Span], today: datetime.date
) -> list[BookPlan]:
    """Of each gradebook in its span, in their order. Eight queries however many gradebooks and days.

    A lesson keeps its row, with topic, homework and marks, when it moves to another number of the day. Only an empty
    lesson of today or later goes, when the timetable has it no more.
    """
    books = [one for one in gradebooks if one.pk in spans]
    if not books:
        return []
    first, last = min(one for one, _ in spans.values()), max(one for _, one in spans.values())
    planned = _by_day(timetables.planned(year, first, last, [one.pk for one in books]), spans)
    rows = Lesson.objects.filter(gradebook__in=books, date__gte=first, date__lte=last).order_by("date", "slot")
    standing = _by_day(rows, spans)
    spare = set(empty(rows.filter(date__gte=today)).values_list("pk", flat=True))
    teachers = _Teachers(books)
    return [_plan(book, planned[book.pk], standing[book.pk], teachers, spare, today) for book in books]


def _by_day(rows: Iterable[Planned] | QuerySet[Lesson], spans: dict[int, Span]) -> dict[int, dict]:
    """Gradebook → day → its lessons, within the gradebook's span."""
    found: dict[int, dict[datetime.date, list]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        key = one.gradebook_id if isinstance(one, Lesson) else one.gradebook
        starts, ends = spans[key]
        if starts <= one.date <= ends:
            found[key][one.date].append(one)
    return found


class _Teachers:
    """Who teaches a gradebook on a day by the load: who replaces before who is replaced."""

    def __init__(self, gradebooks: Sequence[Gradebook]):
        rows = TeachingLoad.objects.filter(gradebook__in=gradebooks).order_by("starts", "pk")
        self._loads: dict[int, list[TeachingLoad]] = defaultdict(list)
        for one in rows:
            self._loads[one.gradebook_id].append(one)

    def on(self, gradebook: Gradebook, date: datetime.date) -> int | None:
        held = [
            one for one in self._loads[gradebook.pk] if one.starts <= date and (one.ends is None or date <= one.ends)
        ]  # fmt: skip
        held.sort(key=lambda one: one.replaces_id is None)
        return held[0].teacher_id if held else None


def _plan(
    book: Gradebook, planned: dict, standing: dict, teachers: _Teachers, spare: set[int], today: datetime.date
) -> BookPlan:  # fmt: skip
    plan = BookPlan(book)
    for date in sorted({*planned, *standing}):
        pairs, left = matched(planned.get(date, []), standing.get(date, []), spare)
        plan.removed.extend(one for one in left if one.pk in spare)
        kept = {one.slot for one in left if one.pk not in spare}
        _settle(plan, pairs, kept, teachers, is_past=date <= today)
    return plan


def matched(
    planned: Sequence[Planned], standing: Sequence[Lesson], spare: Container[int]
) -> tuple[list[tuple[Planned, Lesson | None]], list[Lesson]]:
    """Pure: each planned lesson of a day with the row that it takes, and the rows that are left.

    The same number of the day goes before the order: what stands at the 5th lesson stays there when the 2nd falls out.
    Of rows whose number is planned no more, the written ones move before the empty ones (`spare`).
    """
    of_number = {one.number: one for one in standing if one.number is not None}
    taken = {one.number: of_number[one.number] for one in planned if one.number in of_number}
    held = {row.pk for row in taken.values()}
    rest = sorted((row for row in standing if row.pk not in held), key=lambda row: (row.pk in spare, row.slot))
    wanted = len(planned) - len(taken)
    moving = iter(sorted(rest[:wanted], key=lambda row: row.slot))
    pairs = [(one, taken.get(one.number) or next(moving, None)) for one in sorted(planned, key=lambda one: one.number)]
    return pairs, rest[wanted:]


def _settle(plan: BookPlan, pairs: list, kept: set[int], teachers: _Teachers, *, is_past: bool) -> None:
    """Places of a day that is over are held by marks; before it a lesson takes the place that its number gives."""
    fixed = kept | {row.slot for _, row in pairs if row is not None and is_past}
    free = (slot for slot in range(1, 100) if slot not in fixed)
    for one, row in pairs:
        lesson = row or Lesson(gradebook=plan.gradebook, date=one.date)
        was = _place(lesson)
        lesson.slot = row.slot if row is not None and is_past else next(free)
        lesson.number = one.number
        lesson.teacher_id = one.teacher or teachers.on(plan.gradebook, one.date) or lesson.teacher_id
        lesson.room_id = one.room or lesson.room_id
        if row is None:
            plan.added.append(lesson)
        elif was != _place(lesson):
            plan.moved.append(Move(lesson, was))


def _place(lesson: Lesson) -> tuple:
    return tuple(getattr(lesson, name) for name in MOVED)


def spans_to_follow(
    year: AcademicYear, gradebooks: Sequence[Gradebook], starts: datetime.date, ends: datetime.date,
    today: datetime.date,
) -> dict[int, Span]:  # fmt: skip
    """Gradebook → days in which a changed timetable moves its lessons: from today to the end of the term up to which
    its lessons were generated; none where there are none."""
    lasts = dict(
        Lesson.objects.filter(gradebook__in=gradebooks).order_by().values("gradebook").annotate(last=Max("date"))
        .values_list("gradebook", "last")
    )  # fmt: skip
    days = days_by_grade(year)
    found = {}
    for book in gradebooks:
        if book.pk not in lasts:
            continue
        last = lasts[book.pk]
        own = days.get(book.school_class.grade)
        term = own.term_on(last) if own else None
        until = min(ends, term.ends if term else last)
        if max(starts, today) <= until:
            found[book.pk] = (max(starts, today), until)
    return found
