"""Small charts of columns, drawn by templates as SVG: values in, places out. Colour never tells alone: a bad
column is outlined too, and has a mark or a number on top."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 80
HEAD, FOOT = 14, 16


@dataclass(frozen=True)
class Column:
    """One value of the series; `text` stands above it, `label` below."""

    value: int
    text: str = ""
    label: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Placed:
    column: Column
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def mark(self) -> str:
        """What stands above the column."""
        return self.column.text or ("×" if self.column.is_bad else "")

    @property
    def text_y(self) -> int:
        return self.y - 3


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    floor: int
    columns: list[Placed]
    line: int | None = None

    @property
    def label_y(self) -> int:
        return self.floor + FOOT - 4


def columns(series: Sequence[Column], *, top: int, places: int, width: int, gap: int, line: int | None = None) -> Chart:
    """Columns from left to right, `places` of them at most wide; `line` is a value to compare with."""
    floor = HEAD + HEIGHT
    placed = []
    for number, column in enumerate(series):
        tall = max(2, round(HEIGHT * min(column.value, top) / max(top, 1)))
        placed.append(Placed(column, number * (width + gap), floor - tall, width, tall))
    at = None if line is None else floor - round(HEIGHT * line / max(top, 1))
    return Chart(places * (width + gap), floor + FOOT, floor, placed, at)
