"""Finding the row of headings by the names that stand in it: titles and merged rows come first."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

from eios.lib import search
from eios.lib.tables import values
from eios.lib.tables.refusal import TableError
from eios.lib.tables.sheets import MOST_ROWS, Sheet, column_letters, too_many_rows

# The head stands among the first lines with anything in them.
_DEPTH = 40


@dataclass(frozen=True)
class Heading:
    """A column that is looked for: its key in the code, its usual title, and how else people call it."""

    key: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """What a table may hold. `needs`: sets of keys of which one must be there whole, the usual one first."""

    headings: tuple[Heading, ...]
    needs: tuple[tuple[str, ...], ...]

    def key_of(self, title: str) -> str | None:
        """The key of a heading, however it was typed: case, ё, punctuation and what stands in brackets don't matter."""
        return self._known.get(_folded(title))

    @functools.cached_property
    def _known(self) -> dict[str, str]:
        return {_folded(name): one.key for one in self.headings for name in (one.title, *one.also)}

    def title_of(self, key: str) -> str:
        return next(one.title for one in self.headings if one.key == key)

    def is_satisfied(self, keys) -> bool:
        return any(set(need) <= set(keys) for need in self.needs)


@dataclass(frozen=True)
class Column:
    index: int
    title: str


@dataclass(frozen=True)
class Row:
    """A row of data: raw values by the keys of the layout, and where it stands."""

    number: int
    sheet: str
    values: dict
    titles: dict[str, str]

    def text(self, key: str) -> str:
        return values.text(self.values.get(key))

    def title(self, key: str) -> str:
        """The column's title as it stands in the file; "" where there is no such column."""
        return self.titles.get(key, "")


@dataclass(frozen=True)
class Table:
    """Rows of every sheet that has the head, and titles of columns that nobody asked for."""

    rows: list[Row]
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Head:
    columns: dict[str, Column]
    unknown: list[str]
    # How many lines from the top are titles and head.
    above: int
    # What to say of a heading that stands there twice.
    twice: str = ""


def locate(sheets: Sequence[Sheet], layout: Layout) -> Table:
    """The rows under the headings. Raises TableError: no head (which headings are missing), a heading twice."""
    heads = [(sheet, _find(sheet, layout)) for sheet in sheets]
    whole = [(sheet, head) for sheet, head in heads if head and layout.is_satisfied(head.columns)]
    if not whole:
        raise _no_head(layout, [head for _, head in heads if head])
    rows, unknown = [], {}
    for sheet, head in whole:
        if head.twice:
            raise TableError(head.twice)
        rows += _rows(sheet, head)
        unknown |= dict.fromkeys(head.unknown)
    if len(rows) > MOST_ROWS:
        raise too_many_rows()
    return Table(rows, list(unknown))


def _find(sheet: Sheet, layout: Layout) -> _Head | None:
    """The best of the first lines, alone or with the next one as its lower half; the upper of equals."""
    best, seen = None, 0
    for place, (_, cells) in enumerate(sheet.lines):
        if not any(values.text(cell) for cell in cells):
            continue
        below = sheet.lines[place + 1][1] if place + 1 < len(sheet.lines) else []
        for titles, height in ((_single(cells), 1), (_double(cells, below), 2)):
            head = _head_of(titles, layout, place + height)
            if best is None or len(head.columns) > len(best.columns):
                best = head
        seen += 1
        if seen == _DEPTH:
            break
    return best


def _single(cells: list) -> list[str]:
    return [values.text(cell) for cell in cells]


def _double(upper: list, lower: list) -> list[str]:
    """Two lines of headings as one: «Мать» over «ФИО» and «телефон» → «Мать ФИО», «Мать телефон»."""
    titles, group = [], ""
    for index in range(max(len(upper), len(lower))):
        own = values.text(upper[index]) if index < len(upper) else ""
        under = values.text(lower[index]) if index < len(lower) else ""
        group = own or (group if under else "")
        titles.append(" ".join(filter(None, [group, under])))
    return titles


def _head_of(titles: list[str], layout: Layout, above: int) -> _Head:
    columns: dict[str, Column] = {}
    unknown, twice = [], ""
    for index, title in enumerate(titles, 1):
        key = layout.key_of(title) if title else None
        if key is None:
            unknown += [title] if title else []
        elif key in columns:
            first, second = column_letters(columns[key].index), column_letters(index)
            twice = f"Столбец «{title}» встречается дважды: {first} и {second}. Оставьте один."
        else:
            columns[key] = Column(index, title)
    return _Head(columns, unknown, above, twice)


def _rows(sheet: Sheet, head: _Head) -> list[Row]:
    titles = {key: column.title for key, column in head.columns.items()}
    found = []
    for place, (number, cells) in enumerate(sheet.lines[head.above :]):
        taken = {key: cells[column.index - 1] for key, column in head.columns.items() if column.index <= len(cells)}
        if any(values.text(value) for value in taken.values()) and not (place == 0 and _is_numbering(cells)):
            found.append(Row(number, sheet.name, taken, titles))
    return found


def _is_numbering(cells: list) -> bool:
    """1, 2, 3… under the headings, as printed forms have it."""
    numbers = [values.text(cell) for cell in cells if values.text(cell)]
    return len(numbers) > 2 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _no_head(layout: Layout, heads: list[_Head]) -> TableError:
    """Of the sheets the one with the most headings is told about."""
    nearest = max(heads, key=lambda head: len(head.columns), default=None)
    if nearest is None or not nearest.columns:
        needed = ", ".join(f"«{layout.title_of(key)}»" for key in layout.needs[0])
        return TableError(f"Не нашлась строка заголовков. Нужны столбцы: {needed}.")
    need = min(layout.needs, key=lambda keys: len(set(keys) - nearest.columns.keys()))
    missing = ", ".join(f"«{layout.title_of(key)}»" for key in need if key not in nearest.columns)
    there = ", ".join(f"«{column.title}»" for column in nearest.columns.values())
    return TableError(f"Не хватает столбцов: {missing}. Нашлись: {there}.")


def _folded(title: str) -> str:
    without_brackets = title.split("(")[0] or title
    return " ".join(search.words(without_brackets))
