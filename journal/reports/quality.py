"""Успеваемость, качество, СОУ of classes, subjects and teachers. The database counts, one query a report."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from accounts.models import AcademicYear, SchoolClass, User
from journal.models import Gradebook, Result, TeachingLoad
from journal.reports.scope import Scope, studying
from journal.reports.terms import TITLES, Chosen, YearDays, before
from journal.statistics import Counts
from resources import charts

BY = {"class": "По классам", "subject": "По предметам", "teacher": "По учителям"}


@dataclass(frozen=True)
class Cell:
    """So many pupils of a class have this result in a gradebook."""

    school_class: int
    gradebook: int
    subject: int
    value: str
    pupils: int


@dataclass(frozen=True)
class Line:
    """A class, a subject, a teacher, or all of them; `before` is what it is compared with, if there was anything.

    `is_part` is a class of which only some subjects are seen.
    """

    of: object
    counts: Counts
    before: Counts | None = None
    is_part: bool = False

    @property
    def title(self) -> str:
        return str(self.of)

    @property
    def change(self) -> Decimal | None:
        """By how many points the quality has risen; None where either has no results."""
        return difference(self.counts.quality_rate, self.before.quality_rate if self.before else None)


@dataclass(frozen=True)
class Report:
    """`compared` names what the lines stand beside."""

    lines: list[Line]
    whole: Line
    compared: str = ""

    @property
    def chart(self) -> charts.Chart | None:
        """Quality of each line that has any results; nothing to draw of a single one."""
        series = [
            charts.Column(int(one.counts.quality_rate), f"{int(one.counts.quality_rate)}", one.title)
            for one in self.lines if one.counts.total
        ]  # fmt: skip
        if len(series) < 2:
            return None
        return charts.columns(series, top=100, places=max(len(series), 4), width=30, gap=8)

    @property
    def spoken(self) -> str:
        """The chart in words."""
        parts = (f"{one.title} — {one.counts.quality_rate} %" for one in self.lines if one.counts.total)
        return "Качество: " + "; ".join(parts).replace(".", ",")


def difference(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else now - then


def counts_of(cells: Iterable[Cell]) -> Counts:
    found: Counter[str] = Counter()
    for one in cells:
        found[one.value] += one.pupils
    return Counts.of(found)


def report(scope: Scope, chosen: Chosen, *, by: str, school_class: int = 0, subject: int = 0) -> Report:
    """Lines of the chosen results, each beside the period before. Constant queries."""
    cells = _narrowed(_cells(scope, scope.year, chosen, scope.days), school_class, subject)
    former_year, former = before(chosen, scope.year)
    past = _past(scope, former_year, former) if former_year else []
    here = former_year == scope.year
    past = _narrowed(past, school_class if here else _predecessor(scope, school_class, past), subject)
    keys, things = _keys(scope, by, cells)
    past_keys, _ = _keys(scope, by, past) if here else _past_keys(scope, by, past)
    groups, then = _grouped(cells, keys), _grouped(past, past_keys)
    lines = [
        Line(
            thing, counts_of(groups[key]), counts_of(then[key]) if key in then else None,
            is_part=by == "class" and key not in scope.whole_classes,
        )
        for key, thing in things.items()
        if key in groups
    ]  # fmt: skip
    compared = _compared(former_year, former, scope) if past else ""
    return Report(lines, Line("Всего", counts_of(cells), counts_of(past) if past else None), compared)


def _compared(year: AcademicYear, chosen: Chosen, scope: Scope) -> str:
    """«I четверть», «год, 2025/2026»"""
    title = scope.days.title(chosen.number, len(scope.days.longest)) if chosen.number else TITLES[chosen.kind]
    return title if year == scope.year else f"{title}, {year}"


def _cells(scope: Scope, year: AcademicYear, chosen: Chosen, days: YearDays) -> list[Cell]:
    """Results by class, gradebook and value, of those who study at the moment of calculation; one query."""
    theirs = studying(year, days.counted_on(scope.date))
    if not scope.is_whole:
        own = Q(pupil__enrolments__school_class__in=list(scope.whole_classes))
        theirs &= own | Q(gradebook__in=list(scope.books))
    rows = Result.objects.of_year(year).filter(theirs, kind=chosen.kind, number=chosen.number)
    names = ("pupil__enrolments__school_class", "gradebook", "subject", "value")
    return [Cell(*row) for row in rows.order_by().values_list(*names).annotate(Count("pk"))]


def _past(scope: Scope, year: AcademicYear, chosen: Chosen) -> list[Cell]:
    if year == scope.year:
        return _cells(scope, year, chosen, scope.days)
    # Last year's results are compared with by those who see the whole school: others see no gradebooks of others.
    return _cells(scope, year, chosen, YearDays(year)) if scope.is_whole else []


def _narrowed(cells: list[Cell], school_class: int, subject: int) -> list[Cell]:
    return [
        one for one in cells
        if (not school_class or one.school_class == school_class) and (not subject or one.subject == subject)
    ]  # fmt: skip


def _predecessor(scope: Scope, school_class: int, past: list[Cell]) -> int:
    """The same class a year ago; −1 where there was none, so that nothing is compared."""
    if not school_class:
        return 0
    known = SchoolClass.objects.in_bulk({one.school_class for one in past})
    wanted = scope.classes.get(school_class)
    return next((key for key, one in known.items() if wanted and _grown(one) == (wanted.grade, wanted.letter)), -1)


def _grown(school_class: SchoolClass) -> tuple[int, str]:
    return school_class.grade + 1, school_class.letter


def _grouped(cells: list[Cell], keys: dict[Cell, list]) -> dict[object, list[Cell]]:
    found = defaultdict(list)
    for cell in cells:
        for key in keys[cell]:
            found[key].append(cell)
    return dict(found)


def _keys(scope: Scope, by: str, cells: list[Cell]) -> tuple[dict[Cell, list], dict]:
    """To which lines each cell belongs, and the lines themselves in their order."""
    if by == "subject":
        subjects = {one.subject_id: one.subject for one in sorted(scope.books.values(), key=_subject_order)}
        return {cell: [cell.subject] for cell in cells}, subjects
    if by == "teacher":
        return _of_teachers(scope, cells)
    classes = scope.classes if scope.is_whole else _classes_met(cells)
    return {cell: [cell.school_class] for cell in cells}, classes


def _subject_order(book: Gradebook) -> tuple:
    return book.subject.area.order, book.subject.order, book.subject.name


def _classes_met(cells: list[Cell]) -> dict[int, SchoolClass]:
    """A pupil's results follow into another class, which may be none of the seen gradebooks'."""
    keys = {one.school_class for one in cells}
    return {one.pk: one for one in SchoolClass.objects.filter(pk__in=keys).order_by("grade", "letter")}


def _of_teachers(scope: Scope, cells: list[Cell]) -> tuple[dict[Cell, list], dict]:
    teachers = teachers_of(scope)
    people = {one.pk: one for own in teachers.values() for one in own}
    ordered = dict(sorted(people.items(), key=lambda one: (one[1].sort_name, one[0])))
    return {cell: [one.pk for one in teachers.get(cell.gradebook, ())] for cell in cells}, ordered


def teachers_of(scope: Scope) -> dict[int, list[User]]:
    """Who teaches each gradebook at the moment of calculation: by the own load before whoever only replaces; one query.

    Where the load is over, whoever had it last.
    """
    loads = scope.of_books(TeachingLoad.objects.filter(starts__lte=scope.date)).select_related("teacher")
    rows = defaultdict(list)
    for one in loads.order_by("starts", "pk"):
        rows[one.gradebook_id].append(one)
    return {book: _in_charge(own, scope.counted_on) for book, own in rows.items()}


def _in_charge(loads: list[TeachingLoad], date) -> list[User]:
    own = [one for one in loads if one.replaces_id is None] or loads
    return list(dict.fromkeys(one.teacher for one in own if one.in_force_on(date))) or [own[-1].teacher]


def _past_keys(scope: Scope, by: str, past: list[Cell]) -> tuple[dict[Cell, list], dict]:
    """Lines of last year's cells: a class is what it has grown into."""
    if by == "subject":
        return {cell: [cell.subject] for cell in past}, {}
    former = scope.year.former()
    if by == "teacher":
        return _of_teachers(Scope(scope.person, former, former.ends), past) if past else ({}, {})
    now = {(one.grade, one.letter): one.pk for one in scope.classes.values()}
    known = SchoolClass.objects.in_bulk({one.school_class for one in past})
    return {cell: [now.get(_grown(known[cell.school_class]))] for cell in past}, {}
