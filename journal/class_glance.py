"""A class at a glance for its teacher: averages and results of every pupil in every subject, who needs attention."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Sum
from django.urls import reverse

from accounts.models import Enrolment, SchoolClass
from eios.lib import russian
from journal import freshness, scales
from journal.models import Absence, Gradebook, Mark, Result, ResultKind, Scale
from journal.periods import Period, period_on, periods_of_class
from journal.summary import Missed

CENT = Decimal("0.01")
LOW = Decimal("2.5")
FALL, ENOUGH = Decimal("0.75"), 3
LEVELS = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 2, scales.FAILED: 2, scales.NOT_ATTESTED: 2}


@dataclass(frozen=True)
class Average:
    """Weighted, two decimals, of so many marks."""

    value: Decimal
    count: int


@dataclass(frozen=True)
class Cell:
    """A pupil in a subject: the result where it is given, else the average; `level` is the nearest mark, 0 of none."""

    value: str = ""
    level: int = 0
    is_result: bool = False


@dataclass
class Row:
    """A pupil of the class; `alerts` are sentences about what needs attention."""

    key: int
    name: str
    cells: list[Cell]
    average: Decimal | None
    missed: Missed
    note: str = ""
    alerts: list[str] = field(default_factory=list)

    @property
    def average_words(self) -> str:
        return "" if self.average is None else str(self.average).replace(".", ",")

    @property
    def url(self) -> str:
        return reverse("journal:diary_detail", args=[self.key])


@dataclass(frozen=True)
class Glance:
    school_class: SchoolClass
    periods: list[Period]
    period: Period
    heads: list[str]
    rows: list[Row]
    sources: list[tuple[str, datetime.datetime]]
    is_unmarked: bool

    @property
    def alerts(self) -> list[Row]:
        return [row for row in self.rows if row.alerts]

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for row in self.rows for cell in row.cells)


ORDERS = {"": "По фамилии", "average": "По средней", "missed": "По пропускам", "alerts": "Сначала кому нужно внимание"}


def glance_of(school_class: SchoolClass, date: datetime.date, *, number: int | None = None, order: str = "") -> Glance:
    """The period of this number, else the one that holds the date. Seven queries whatever the size."""
    periods = periods_of_class(school_class)
    whole = Period(0, "Весь год", school_class.year.starts, school_class.year.ends)
    period = next((one for one in periods if one.number == number), None)
    if period is None:
        period = whole if number == 0 else period_on(periods, min(date, school_class.year.ends)) or whole
    books = list(Gradebook.objects.filter(school_class=school_class).select_related("subject__area", "mirrored_by"))
    known = {book.subject_id: book.subject for book in books}
    subjects = sorted(known.values(), key=lambda one: (one.area.order, one.order, one.name))
    places = _places(school_class, period, date)
    averages = _averages(books, period)
    in_points = {book.subject_id for book in books if book.scale == Scale.POINTS}
    results = _results(school_class, list(places), period)
    before = _results(school_class, list(places), periods[period.number - 2]) if period.number > 1 else {}
    away = _missed(books, period)
    rows = []
    for pupil, (name, note) in places.items():
        keys = [(pupil, one.pk) for one in subjects]
        cells = [_cell(results.get(key), averages.get(key), in_points=key[1] in in_points) for key in keys]
        own = [averages[key].value for key in keys if key in averages and key[1] not in in_points]
        mean = (sum(own) / len(own)).quantize(CENT, ROUND_HALF_UP) if own else None
        row = Row(pupil, name, cells, mean, away.get(pupil, Missed({}, 0)), note)
        row.alerts = [
            words
            for one, key, cell in zip(subjects, keys, cells, strict=True)
            if one.pk not in in_points and (words := _alert(one.name, cell, averages.get(key), before.get(key)))
        ]
        rows.append(row)
    is_unmarked = bool(books) and all(book.scale == Scale.NONE for book in books)
    return Glance(
        school_class, periods, period, [one.short for one in subjects], _sorted(rows, order),
        freshness.sources_of(_mirrors(books)), is_unmarked,
    )  # fmt: skip


def _mirrors(books: list[Gradebook]) -> list[tuple[str, datetime.datetime | None]]:
    return [(book.mirrored_by.source, book.mirrored_at) for book in books if book.is_mirror and book.mirrored_by_id]


def _sorted(rows: list[Row], order: str) -> list[Row]:
    if order == "average":
        return sorted(rows, key=lambda row: (row.average is None, -(row.average or 0)))
    if order == "alerts":
        return sorted(rows, key=lambda row: -len(row.alerts))
    return sorted(rows, key=lambda row: -row.missed.total) if order == "missed" else rows


def _places(school_class: SchoolClass, period: Period, date: datetime.date) -> dict[int, tuple[str, str]]:
    """Who was in the class during the period: key → (name, «до 12.10.2026» of one who has left)."""
    rows = Enrolment.objects.filter(school_class=school_class).overlapping(period.starts, period.ends)
    last = min(period.ends, max(date, period.starts))
    found = {}
    for row in rows.select_related("pupil").order_by("pupil__sort_name", "pupil", "starts"):
        is_gone = row.ends is not None and row.ends < last
        found[row.pupil_id] = str(row.pupil), f"до {russian.short_date(row.ends)}" if is_gone else ""
    return found


def _averages(books: list[Gradebook], period: Period) -> dict[tuple[int, int], "Average"]:
    rows = Mark.objects.filter(gradebook__in=books, date__gte=period.starts, date__lte=period.ends)
    rows = rows.filter(number__isnull=False).values("pupil", "gradebook__subject")
    rows = rows.annotate(total=Sum(F("number") * F("weight")), weights=Sum("weight"), count=Count("pk"))
    return {
        (one["pupil"], one["gradebook__subject"]): Average(
            (Decimal(one["total"]) / Decimal(one["weights"])).quantize(CENT, ROUND_HALF_UP), one["count"]
        )
        for one in rows
    }


def _results(school_class: SchoolClass, pupils: list[int], period: Period) -> dict[tuple[int, int], str]:
    kind = {"kind": ResultKind.TERM, "number": period.number} if period.number else {"kind": ResultKind.YEAR}
    rows = Result.objects.filter(year=school_class.year_id, pupil__in=pupils, **kind).exclude(value="")
    return {(pupil, subject): value for pupil, subject, value in rows.values_list("pupil", "subject", "value")}


def _missed(books: list[Gradebook], period: Period) -> dict[int, Missed]:
    rows = Absence.objects.filter(gradebook__in=books, date__gte=period.starts, date__lte=period.ends)
    lessons: dict[int, dict[str, int]] = defaultdict(dict)
    for one in rows.values("pupil", "code").annotate(count=Count("pk")):
        lessons[one["pupil"]][one["code"]] = one["count"]
    days = rows.filter(code__in=Absence.MISSED).values("pupil").annotate(days=Count("date", distinct=True))
    counts = {one["pupil"]: one["days"] for one in days}
    return {pupil: Missed(found, counts.get(pupil, 0)) for pupil, found in lessons.items()}


def _cell(result: str | None, average: Average | None, *, in_points: bool) -> Cell:
    """Points are no mark of 2–5, so that they have no level."""
    if result:
        return Cell(result, 0 if in_points else LEVELS.get(result, 0), is_result=True)
    if average is None:
        return Cell()
    level = 0 if in_points else min(5, max(2, int(average.value + Decimal("0.5"))))
    return Cell(str(average.value).replace(".", ","), level)


def _alert(subject: str, cell: Cell, average: Average | None, before: str | None) -> str:
    """What needs attention: a failed result, an average that leads to «2», one that has fallen since the last term."""
    if cell.is_result and cell.level == 2:
        return f"{subject}: {cell.value}"
    if average is None or cell.is_result:
        return ""
    if average.value < LOW:
        return f"{subject}: средняя {cell.value}"
    is_enough = average.count >= ENOUGH
    if is_enough and before and before.isdigit() and average.value <= Decimal(before) - FALL:
        return f"{subject}: было {before}, средняя {cell.value}"
    return ""
