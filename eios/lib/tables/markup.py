"""HTML saved under the name .xls, as school journals export it. Nothing in it is loaded, run or shown."""

from html.parser import HTMLParser

from eios.lib.tables.refusal import TOO_MUCH, TableError
from eios.lib.tables.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_SHEETS,
    Sheet,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)

_SILENT = ("script", "style", "title")
_BREAKS = ("br", "p", "div", "li")
_LINES = (*_BREAKS, *(f"h{number}" for number in range(1, 7)))


def read(text: str, *, words: bool = False) -> list[Sheet]:
    """Every table as a sheet; cells that a spanning one covers are None. Raises TableError.

    `words`: with a first sheet of the lines outside of tables, of which titles are made.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    sheets = [table.sheet(number) for number, table in enumerate(reader.tables, 1)]
    return [Sheet("Текст", reader.outside())] * words + sheets


class _Table:
    def __init__(self):
        self.lines: list[list[str | None]] = []
        # Column → rows that a cell from above still covers.
        self.covered: dict[int, int] = {}

    def start_row(self) -> None:
        if len(self.lines) >= MOST_LINES:
            raise too_many_rows()
        self.covered = {column: left - 1 for column, left in self.covered.items() if left > 1}
        self.lines.append([])

    def add(self, text: str, rows: int, columns: int) -> None:
        if not self.lines:
            self.start_row()
        line = self.lines[-1]
        while len(line) in self.covered:
            line.append(None)
        if len(line) + columns > MOST_COLUMNS:
            raise too_many_columns()
        if len(text) > LONGEST_CELL:
            raise too_long_cell(len(self.lines), len(line) + 1)
        if rows > 1:
            # The row itself counts too, and goes when the next one starts.
            self.covered |= {len(line) + shift: rows for shift in range(columns)}
        line.extend([text.strip() and text, *[None] * (columns - 1)])

    def sheet(self, number: int) -> Sheet:
        lines = [[cell or None for cell in line] for line in self.lines]
        return Sheet(f"Таблица {number}", list(enumerate(lines, 1)))


class _Reader(HTMLParser):
    """Tables within tables are tables of their own; tags that nobody closed end where the next one begins."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.cell: list[str] | None = None
        self.spans = (1, 1)
        self.silent = 0
        self.loose: list[str] = []

    def outside(self) -> list[tuple[int, list]]:
        """Lines that stand in no table."""
        lines = [line for line in (" ".join(one.split()) for one in "".join(self.loose).split("\n")) if line]
        return [(number, [line[:LONGEST_CELL]]) for number, line in enumerate(lines[:MOST_LINES], 1)]

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self._start_table()
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].start_row()
        elif tag in ("td", "th") and self.open:
            self._end_cell()
            self.cell, self.spans = [], (_span(attrs, "rowspan"), _span(attrs, "colspan"))
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append(" ")
        elif not self.open:
            self.loose.append("\n" if tag in _LINES else "")

    def handle_endtag(self, tag):
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()
        elif tag in _LINES and not self.open:
            self.loose.append("\n")

    def handle_data(self, data):
        if self.silent:
            return
        if self.cell is not None:
            self.cell.append(data)
        elif not self.open:
            self.loose.append(data.replace("\n", " "))

    def close(self):
        super().close()
        self._end_cell()

    def _start_table(self) -> None:
        self._end_cell()
        if len(self.tables) >= MOST_SHEETS:
            raise TableError(TOO_MUCH)
        self.tables.append(_Table())
        self.open.append(self.tables[-1])

    def _end_cell(self) -> None:
        if self.cell is not None and self.open:
            self.open[-1].add("".join(self.cell), *self.spans)
        self.cell = None


def _span(attrs, name: str) -> int:
    text = dict(attrs).get(name) or "1"
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 5 else 1
