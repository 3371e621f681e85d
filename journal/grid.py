"""The grid of a gradebook: pupils × lessons, averages and results. Pure: values in, rows out.

`build` is for one gradebook and one period; screen, print and XLSX share its grid.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from journal import scales
from journal.models.marks import Absence

Code = Absence.Code
# Reasons of absence are health data: who may not see them sees «Н» and «О» only (access.md).
WITH_REASONS = {
    Code.EXCUSED: "УП", Code.ILL: "Б", Code.UNEXCUSED: "НП", Code.ABSENT: "ОТ", Code.LATE: "ОП", Code.EXEMPT: "ОСВ",
}  # fmt: skip
WITHOUT_REASONS = {
    Code.EXCUSED: "Н", Code.ILL: "Н", Code.UNEXCUSED: "Н", Code.ABSENT: "Н", Code.LATE: "О", Code.EXEMPT: "осв",
}  # fmt: skip
KEYS = {
    True: "УП — по уважительной причине, Б — по болезни, НП — по неуважительной причине, ОТ — причина не указана, "
    "ОП — опоздание, ОСВ — освобождение.",
    False: "Н — не был, О — опоздание, осв — освобождение.",
}


@dataclass(frozen=True)
class Pupil:
    """A line of the grid; `note` says when a departed one left."""

    key: int
    name: str
    is_gone: bool = False
    note: str = ""


@dataclass(frozen=True)
class GivenMark:
    pupil: int
    date: datetime.date
    slot: int
    value: str
    number: int | None = None
    weight: Decimal = Decimal(1)
    work: str = ""


@dataclass(frozen=True)
class GivenAbsence:
    pupil: int
    date: datetime.date
    slot: int
    code: str


@dataclass(frozen=True)
class Column:
    """A lesson: `slot` tells the subject's lessons of one day apart."""

    date: datetime.date
    slot: int

    @property
    def day(self) -> str:
        return f"{self.date:%d.%m}"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: marks with weights other than 1, and the code of absence."""

    marks: tuple[GivenMark, ...] = ()
    code: str = ""

    @property
    def text(self) -> str:
        """«5», «4 5», «Н», «4 О»."""
        return " ".join([*(one.value for one in self.marks), *([self.code] if self.code else [])])


EMPTY = Cell()


def average_words(average: Decimal | None) -> str:
    """«4,25»; "" of no marks."""
    return f"{average}".replace(".", ",") if average is not None else ""


def weight_words(weight: Decimal) -> str:
    """«2», «1,5»."""
    return f"{weight.normalize():f}".replace(".", ",")


@dataclass(frozen=True)
class Row:
    pupil: Pupil
    cells: list[Cell]
    average: Decimal | None
    missed: int
    results: list[str]

    @property
    def average_words(self) -> str:
        return average_words(self.average)


@dataclass(frozen=True)
class Grid:
    """`heads` are titles of the results, in the order of each row's `results`."""

    columns: list[Column]
    rows: list[Row]
    heads: list[str]

    @property
    def is_empty(self) -> bool:
        return not self.columns and not any(any(row.results) for row in self.rows)


def build(
    pupils: Sequence[Pupil],
    marks: Iterable[GivenMark],
    absences: Iterable[GivenAbsence],
    results: dict[tuple[int, str], str],
    heads: Sequence[tuple[str, str]],
    *,
    reasons: bool,
) -> Grid:
    """`results`: (pupil, key of the head) → value; `heads`: (key, title); `marks` in order of their places."""
    words = WITH_REASONS if reasons else WITHOUT_REASONS
    given: dict[tuple, list[GivenMark]] = defaultdict(list)
    of_pupil: dict[int, list[GivenMark]] = defaultdict(list)
    for mark in marks:
        given[mark.pupil, mark.date, mark.slot].append(mark)
        of_pupil[mark.pupil].append(mark)
    codes = {(one.pupil, one.date, one.slot): one.code for one in absences}
    columns = [Column(*lesson) for lesson in sorted({key[1:] for key in (*given, *codes)})]
    rows = []
    for pupil in pupils:
        cells = [_cell(given, codes, words, (pupil.key, one.date, one.slot)) for one in columns]
        own = of_pupil.get(pupil.key, ())
        average = scales.average((one.number, one.weight) for one in own if one.number is not None)
        missed = sum(codes.get((pupil.key, one.date, one.slot)) in Absence.MISSED for one in columns)
        rows.append(Row(pupil, cells, average, missed, [results.get((pupil.key, key), "") for key, _ in heads]))
    return Grid(columns, rows, [title for _, title in heads])


def _cell(given: dict, codes: dict, words: dict, key: tuple) -> Cell:
    if key not in given and key not in codes:
        return EMPTY
    return Cell(tuple(given.get(key, ())), words.get(codes.get(key), ""))
