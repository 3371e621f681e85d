"""A gradebook as the paper one has it: spreads of marks and topics, totals, remarks (7.3). Reads only.

The paper never says why a pupil was absent: «Н», «осв», and nothing of one who was late (domain: the printed journal).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from journal import books, entries, grid
from journal.entry import Door
from journal.models import Gradebook, Lesson
from journal.own_grid import own_grid
from journal.periods import Period

# So many lessons stand side by side on a landscape sheet of A4 next to names, averages and results.
MOST_COLUMNS = 24
LATE = grid.WITHOUT_REASONS[grid.Code.LATE]


@dataclass(frozen=True)
class Column:
    date: datetime.date
    slot: int
    head: str = ""


@dataclass(frozen=True)
class Line:
    """A pupil: cells of all columns, and what stands after them on the last spread."""

    name: str
    note: str
    cells: list[str]
    average: str
    missed: str
    results: list[str]


@dataclass(frozen=True)
class Spread:
    """One opening of the paper journal: marks on the left, lessons on the right."""

    number: int
    months: list[tuple[str, int]]
    columns: list[Column]
    lines: list[tuple[Line, list[str]]]
    lessons: list[Lesson]
    is_last: bool


@dataclass(frozen=True)
class Remark:
    """What was written beside a mark or a lesson; `who` is empty of a lesson's."""

    date: datetime.date
    who: str
    text: str


@dataclass(frozen=True)
class Paper:
    gradebook: Gradebook
    period: Period
    teachers: list[str]
    heads: list[str]
    spreads: list[Spread]
    remarks: list[Remark]
    held: int
    written: int

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(what, where)."""
        last = len(self.spreads)
        found = [("Отметки, посещаемость и темы уроков", f"развороты 1–{last}" if last > 1 else "разворот 1")]
        return found + ([("Замечания", f"после разворота {last}")] if self.remarks else [])


def paper_of(gradebook: Gradebook, door: Door, person: User, period: Period, terms: Sequence[Period]) -> Paper:
    """Of one period. Five queries, one more of a mirror."""
    lessons = list(
        Lesson.objects.of_gradebook(gradebook, period.starts, period.ends)
        .select_related("homework")
        .order_by("date", "slot")
    )
    if gradebook.is_mirror:
        columns, lines, heads, teachers, remarks = _of_mirror(gradebook, person, period, terms, door.today)
    else:
        columns, lines, heads, teachers, remarks = _of_own(gradebook, door, period)
    remarks += [Remark(one.date, "", one.remark) for one in lessons if one.remark]
    been = [one for one in lessons if one.date <= door.today]
    return Paper(
        gradebook, period, teachers, heads, _spreads(columns, lines, lessons),
        sorted(remarks, key=lambda one: (one.date, one.who)), len(been), sum(bool(one.subject_matter) for one in been),
    )  # fmt: skip


def _of_own(gradebook: Gradebook, door: Door, period: Period) -> tuple:
    shown = own_grid(gradebook, replace(door, reasons=False), period)
    columns = [Column(one.date, one.slot, one.kind) for one in shown.columns]
    lines = [
        Line(one.pupil.name, one.pupil.note, [_printed(text) for text in one.texts], one.average_words,
             str(one.missed or ""), one.results)
        for one in shown.lines
    ]  # fmt: skip
    remarks = [
        Remark(shown.columns[at].date, one.pupil.name, text) for one in shown.lines for at, text in one.comments.items()
    ]  # fmt: skip
    teachers = [teacher.initials for teacher, _ in shown.teachers]
    return columns, lines, [title for _, title in shown.heads], teachers, remarks


def _of_mirror(
    gradebook: Gradebook, person: User, period: Period, terms: Sequence[Period], today: datetime.date
) -> tuple:
    found = books.grid_of(gradebook, period, person, today, terms).grid
    columns = [Column(one.date, one.slot) for one in found.columns]
    lines = [
        Line(row.pupil.name, row.pupil.note, [_printed(cell.text) for cell in row.cells], row.average_words,
             str(row.missed or ""), row.results)
        for row in found.rows
    ]  # fmt: skip
    return columns, lines, found.heads, books.teachers_on(gradebook, today), []


def _printed(text: str) -> str:
    return " ".join(part for part in entries.shown(text, reasons=False).split() if part != LATE)


def _spreads(columns: Sequence[Column], lines: Sequence[Line], lessons: Sequence[Lesson]) -> list[Spread]:
    """At least one; each has the lessons of its days."""
    parts = [(at, columns[at : at + MOST_COLUMNS]) for at in range(0, len(columns), MOST_COLUMNS)] or [(0, [])]
    found = []
    for number, (at, part) in enumerate(parts, 1):
        days = {(one.date, one.slot) for one in part}
        own = [one for one in lessons if (one.date, one.slot) in days]
        rows = [(line, line.cells[at : at + len(part)]) for line in lines]
        found.append(Spread(number, _months(part), list(part), rows, own, number == len(parts)))
    return found


def _months(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """(month, how many columns) over the days."""
    found: list[tuple[str, int]] = []
    for one in columns:
        name = f"{one.date:%m.%Y}"
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + 1)
        else:
            found.append((name, 1))
    return found
