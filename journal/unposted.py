"""«Где я не выставил»: lessons that have been and what they lack, of a teacher; of all teachers in numbers (7.2).

Reads only; constant queries. Of gradebooks kept here, of the running term, in a break of the one before.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import AcademicYear, Enrolment, User
from eios.lib import russian
from journal.entry import DAY, Door, rules_of
from journal.models import (
    Absence,
    Council,
    EntryOpening,
    Gradebook,
    Homework,
    Kept,
    Lesson,
    Mark,
    ResultKind,
    Scale,
    SubgroupMember,
    TeachingLoad,
)
from journal.models.lessons import LessonQuerySet
from journal.periods import Period, period_on
from journal.reports.anomalies import ENOUGH_MARKS
from journal.reports.terms import YearDays

# A window that closes so soon is said to.
SOON_DAYS = 3
# How far back the counter of the cabinet looks.
LOOK_BACK = 14 * DAY
MARKED = (Scale.FIVE, Scale.POINTS)
TOPIC, MARKS, HOMEWORK, SOON = "topic", "marks", "homework", "soon"
KINDS = {
    TOPIC: "Нет темы", MARKS: "Ни отметки, ни пропуска", HOMEWORK: "Не задано на дом", SOON: "Скоро закроется",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A lesson that lacks something; `closed` says why its window is closed, `closes` when it will be, if soon."""

    lesson: int
    book: Gradebook
    date: datetime.date
    number: int | None
    matter: str
    lacks: frozenset[str]
    pupils: int
    closed: str = ""
    closes: datetime.date | None = None
    # In a gradebook that is the teacher's.
    is_own: bool = True

    @property
    def words(self) -> list[str]:
        return [_words(kind, self.pupils) for kind in (TOPIC, MARKS, HOMEWORK) if kind in self.lacks]

    @property
    def closes_words(self) -> str:
        return russian.short_date(self.closes) if self.closes else ""


@dataclass(frozen=True)
class Few:
    """Pupils of a gradebook with fewer marks in the term than a result takes."""

    book: Gradebook
    period: Period
    pupils: list[tuple[User, int]]


def _words(kind: str, pupils: int) -> str:
    return f"{KINDS[kind].lower()} ({pupils} чел.)" if kind == MARKS else KINDS[kind].lower()


def lacking(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Lessons with what they lack, as columns `no_topic`, `no_marks`, `no_homework`."""
    cell = {"gradebook": OuterRef("gradebook"), "date": OuterRef("date"), "slot": OuterRef("slot")}
    bare = ~Exists(Mark.objects.filter(**cell)) & ~Exists(Absence.objects.filter(**cell))
    given = Homework.objects.filter(lesson=OuterRef("pk"))
    return lessons.annotate(
        no_topic=_flag(Q(subject_matter="")),
        # A class without marks has nothing to say of a lesson where everybody was.
        no_marks=_flag(~Q(gradebook__scale=Scale.NONE) & bare),
        no_homework=_flag(~Exists(given)),
    )


def _flag(condition) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def waiting_for(key: int, date: datetime.date) -> LessonQuerySet:
    """Lessons of the last days without a topic, or without any mark or absence, of the teacher with this key, and those
    that the teacher gave in the place of another."""
    own = TeachingLoad.objects.of_teacher(key)
    books = own.overlapping(date - LOOK_BACK, date).values("gradebook")
    loads = own.on(date).filter(gradebook=OuterRef("gradebook"))
    rows = Lesson.objects.filter(gradebook__in=books, date__lt=date, date__gte=date - LOOK_BACK)
    rows = rows.filter(Exists(loads) | _given(key), gradebook__kept=Kept.HERE)
    return lacking(rows).filter(Q(no_topic=True) | Q(no_marks=True))


def _given(teacher: User | int) -> Exists:
    """Did the teacher give the outer lesson in the place of another?"""
    loads = TeachingLoad.objects.on(OuterRef("date")).for_some_days()
    return Exists(loads.filter(gradebook=OuterRef("gradebook"), teacher=teacher))


@dataclass(frozen=True)
class Scope:
    """A year's gradebooks kept here on a date: of one teacher, or of the whole school."""

    year: AcademicYear
    date: datetime.date
    teacher: User | None = None
    # Of the year, where the caller has read them.
    known_days: YearDays | None = None

    @cached_property
    def books(self) -> dict[int, Gradebook]:
        rows = Gradebook.objects.of_year(self.year).filter(kept=Kept.HERE).listed()
        if self.teacher is not None:
            loads = TeachingLoad.objects.filter(gradebook=OuterRef("pk"), teacher=self.teacher)
            rows = rows.annotate(is_taught=Exists(loads.on(self.date)))
            rows = rows.filter(Q(is_taught=True) | Exists(loads.for_some_days().filter(starts__lte=self.date)))
        return {one.pk: one for one in rows.select_related("school_class__year__entry_rules")}

    def is_taught(self, book: int) -> bool:
        """Not one of which the teacher only gave some lessons in the place of another."""
        return self.teacher is None or self.books[book].is_taught

    @cached_property
    def days(self) -> YearDays:
        return self.known_days or YearDays(self.year)

    @cached_property
    def periods(self) -> dict[int, Period]:
        """By grade: the term that is looked at; grades without a calendar have none."""
        found = {grade: period_on(periods, self.date) for grade, periods in self.days.periods.items()}
        return {grade: one for grade, one in found.items() if one and one.starts <= self.date}

    def within(self) -> Q:
        """Rows of gradebooks in the term of their grade, before today."""
        found, days = Q(pk__in=[]), defaultdict(list)
        for grade, one in self.periods.items():
            days[one.starts, min(one.ends, self.date - DAY)].append(grade)
        for (starts, ends), grades in days.items():
            found |= Q(gradebook__school_class__grade__in=grades, date__gte=starts, date__lte=ends)
        return found

    def lessons(self) -> QuerySet[Lesson]:
        """That have been, with what they lack."""
        rows = Lesson.objects.filter(self.within(), gradebook__in=self._books()).order_by()
        if self.teacher is not None:
            taught = [pk for pk in self.books if self.is_taught(pk)]
            rows = rows.filter(Q(gradebook__in=taught) | _given(self.teacher))
        return lacking(rows)

    def _books(self):
        """Keys where they are few; a school's are named by their year."""
        if self.teacher is not None:
            return list(self.books)
        return Gradebook.objects.of_year(self.year).filter(kept=Kept.HERE).values("pk")

    @cached_property
    def pupils(self) -> dict[int, set[int]]:
        """Who is taught in each gradebook today; two queries."""
        classes, groups = defaultdict(set), defaultdict(set)
        seen = {one.school_class_id for one in self.books.values()}
        for key, pupil in (
            Enrolment.objects.on(self.date).filter(school_class__in=seen).values_list("school_class", "pupil")
        ):
            classes[key].add(pupil)
        seen = {one.subgroup_id for one in self.books.values() if one.subgroup_id}
        for key, pupil in (
            SubgroupMember.objects.on(self.date).filter(subgroup__in=seen).values_list("subgroup", "pupil")
        ):
            groups[key].add(pupil)
        return {
            pk: groups[one.subgroup_id] if one.subgroup_id else classes[one.school_class_id]
            for pk, one in self.books.items()
        }


def lines_of(scope: Scope) -> list[Line]:
    """Lessons that lack something, those whose window closes first at the top, then the newest."""
    rows = scope.lessons().filter(Q(no_topic=True) | Q(no_marks=True) | Q(no_homework=True))
    fields = ("pk", "gradebook", "date", "number", "subject_matter", "no_topic", "no_marks", "no_homework")
    windows = _Windows(scope)
    found = []
    for pk, book, date, number, matter, *flags in rows.values_list(*fields):
        lacks = {kind for kind, lacks in zip((TOPIC, MARKS, HOMEWORK), flags, strict=True) if lacks}
        closed, closes = windows.state(book, date)
        found.append(
            Line(
                lesson=pk, book=scope.books[book], date=date, number=number, matter=matter,
                lacks=frozenset(lacks | ({SOON} if closes else set())), pupils=len(scope.pupils[book]), closed=closed,
                closes=closes, is_own=scope.is_taught(book),
            )
        )  # fmt: skip
    places = {pk: place for place, pk in enumerate(scope.books)}
    found.sort(
        key=lambda one: (one.closes or datetime.date.max, -one.date.toordinal(), places[one.book.pk], one.lesson)
    )
    return found


class _Windows:
    """When the windows of lessons close, by the same rule that lets marks in; two queries besides the calendar's."""

    def __init__(self, scope: Scope):
        self.scope, self.known = scope, {}
        self.frozen, self.openings = defaultdict(set), defaultdict(list)
        councils = Council.objects.filter(year=scope.year).exclude(state=Council.State.PROPOSING)
        for school_class, kind, number in councils.values_list("classes", "kind", "number"):
            self.frozen[school_class].add(0 if kind == ResultKind.YEAR else number)
        for one in EntryOpening.objects.filter(gradebook__in=list(scope.books), until__gte=scope.date):
            self.openings[one.gradebook_id].append(one)

    def state(self, book: int, date: datetime.date) -> tuple[str, datetime.date | None]:
        """(why closed today, the last open day where it comes soon)."""
        closed = self._door(book, 0).closed(date)
        if closed:
            return closed, None
        for ahead in range(1, SOON_DAYS + 2):
            if self._door(book, ahead).closed(date):
                return "", self.scope.date + (ahead - 1) * DAY
        return "", None

    def _door(self, pk: int, ahead: int) -> Door:
        if (pk, ahead) not in self.known:
            self.known[pk, ahead] = self._made(pk) if not ahead else self._moved(pk, ahead)
        return self.known[pk, ahead]

    def _made(self, pk: int) -> Door:
        book, scope = self.scope.books[pk], self.scope
        grade = book.school_class.grade
        return Door(
            gradebook=book, today=scope.date, teaches=True, manages=False, reasons=False,
            days=scope.days.days[grade], terms=scope.days.periods[grade], rules=rules_of(book),
            frozen=frozenset(self.frozen[book.school_class_id]),
            openings=tuple((one.starts, one.ends) for one in self.openings[pk]),
        )  # fmt: skip

    def _moved(self, pk: int, ahead: int) -> Door:
        """The same door some days later; openings that end before are over."""
        day = self.scope.date + ahead * DAY
        left = tuple((one.starts, one.ends) for one in self.openings[pk] if one.until >= day)
        return replace(self._door(pk, 0), today=day, openings=left)


def few_of(scope: Scope) -> list[Few]:
    """Pupils with fewer marks than a result takes, as the report of anomalies counts them; three queries."""
    marked = {pk: one for pk, one in scope.books.items() if one.scale in MARKED and scope.is_taught(pk)}
    rows = Mark.objects.filter(scope.within(), gradebook__in=list(marked)).order_by()
    counts = {
        (book, pupil): count
        for book, pupil, count in rows.values_list("gradebook", "pupil").annotate(count=Count("pk"))
    }
    lacks = {
        pk: {pupil: counts.get((pk, pupil), 0) for pupil in scope.pupils[pk]}
        for pk, one in marked.items()
        if one.school_class.grade in scope.periods
    }
    lacks = {pk: {pupil: n for pupil, n in own.items() if n < ENOUGH_MARKS} for pk, own in lacks.items()}
    people = User.objects.filter(pk__in={pupil for own in lacks.values() for pupil in own})
    people = list(people.order_by("sort_name", "pk"))
    return [_few(scope, marked[pk], own, people) for pk, own in lacks.items() if own]


def _few(scope: Scope, book: Gradebook, counts: dict[int, int], people: list[User]) -> Few:
    period = scope.periods[book.school_class.grade]
    return Few(book, period, [(one, counts[one.pk]) for one in people if one.pk in counts])


@dataclass(frozen=True)
class Total:
    """A teacher's lessons that have been, and how many of them lack what."""

    teacher: User
    lessons: int
    topic: int
    marks: int
    homework: int

    @property
    def waits(self) -> int:
        return self.topic + self.marks


def totals_of(scope: Scope) -> list[Total]:
    """By the teachers of the gradebooks' loads, those with most to do first; two queries besides the calendar's.

    A gradebook that two teach counts with each of them.
    """
    counted = scope.lessons().values_list("gradebook").annotate(
        lessons=Count("pk"), topic=Count("pk", filter=Q(no_topic=True)), marks=Count("pk", filter=Q(no_marks=True)),
        homework=Count("pk", filter=Q(no_homework=True)),
    )  # fmt: skip
    numbers = {book: counts for book, *counts in counted}
    loads = TeachingLoad.objects.on(scope.date).filter(gradebook__school_class__year=scope.year)
    loads = loads.filter(gradebook__kept=Kept.HERE).select_related("teacher")
    taught = {(one.teacher, one.gradebook_id) for one in loads}
    sums: dict[User, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for teacher, book in taught:
        sums[teacher] = [one + other for one, other in zip(sums[teacher], numbers.get(book, (0, 0, 0, 0)), strict=True)]
    found = [Total(teacher, *counts) for teacher, counts in sums.items() if counts[0]]
    return sorted(found, key=lambda one: (-one.waits, one.teacher.sort_name, one.teacher.pk))


def of_kind(lines: Iterable[Line], kind: str) -> list[Line]:
    """One kind of the filter, or all that lack more than homework where none is chosen."""
    return [one for one in lines if kind in one.lacks] if kind else list(lines)


def counted(lines: list[Line]) -> list[tuple[str, str, int]]:
    """(kind, title, how many lessons) of kinds that there are."""
    numbers = {kind: len(of_kind(lines, kind)) for kind in KINDS}
    return [(kind, title, numbers[kind]) for kind, title in KINDS.items() if numbers[kind]]
