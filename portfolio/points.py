"""What achievements are worth: the table of a year and the one that is offered to begin with (11.1). Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from accounts.models import AcademicYear
from portfolio.models import Level, Mode, Outcome, PointsTable, Sphere

# Sphere, level, outcome, mode.
Cell = tuple[str, str, str, str]
CELLS: tuple[Cell, ...] = tuple(product(Sphere.values, Level.values, Outcome.values, Mode.values))
# Ours, to begin with: what a winner is worth in person, the part of it for others, and of what was far away.
FIRST = {Level.SCHOOL: 4, Level.MUNICIPAL: 10, Level.REGIONAL: 20, Level.NATIONAL: 40, Level.INTERNATIONAL: 50}
PARTS = {
    Outcome.WINNER: Decimal("1"),
    Outcome.PRIZE: Decimal("0.75"),
    Outcome.LAUREATE: Decimal("0.5"),
    Outcome.PARTICIPANT: Decimal("0.25"),
}
REMOTE = Decimal("0.5")
HUNDREDTH = Decimal("0.01")


def sample() -> dict[Cell, Decimal]:
    """The table that a school changes to its own: spheres alike, levels rising, remote worth half."""
    return {
        (sphere, level, outcome, mode): (
            FIRST[level] * PARTS[outcome] * (REMOTE if mode == Mode.REMOTE else 1)
        ).quantize(HUNDREDTH)
        for sphere, level, outcome, mode in CELLS
    }  # fmt: skip


def table_of(year: AcademicYear) -> PointsTable | None:
    """The version in force: the newest one of the year."""
    return PointsTable.objects.filter(year=year).order_by("-version").select_related("created_by", "year").first()


def versions_of(year: AcademicYear) -> list[PointsTable]:
    return list(PointsTable.objects.filter(year=year).order_by("-version").select_related("created_by"))


def values_of(table: PointsTable) -> dict[Cell, Decimal]:
    rows = table.lines.values_list("sphere", "level", "outcome", "mode", "points")
    return {(sphere, level, outcome, mode): points for sphere, level, outcome, mode, points in rows}


def to_begin_with(year: AcademicYear) -> tuple[dict[Cell, Decimal], str]:
    """What a first table of the year starts from, and in words where it is from."""
    former = PointsTable.objects.filter(year__starts__lt=year.starts).order_by("-year__starts", "-version").first()
    if former is not None:
        return values_of(former), f"Перенесено из таблицы за {former.year}."
    return sample(), "Образец: измените его под правила школы."


@dataclass(frozen=True)
class Line:
    """A level and a mode with what stands at each outcome."""

    level: Level
    mode: Mode
    values: tuple


@dataclass(frozen=True)
class Part:
    """One sphere of the table."""

    sphere: Sphere
    lines: tuple[Line, ...]


def laid_out(values: Mapping[Cell, object]) -> list[Part]:
    """Pure: points, or fields of a form, as tables by sphere: levels × modes down, outcomes across."""
    return [Part(sphere, tuple(_lines(sphere, values))) for sphere in Sphere]


def _lines(sphere: Sphere, values: Mapping[Cell, object]) -> Iterable[Line]:
    for level, mode in product(Level, Mode):
        yield Line(level, mode, tuple(values.get((sphere, level, outcome, mode), "") for outcome in Outcome))
