"""CSV as Russian and other spreadsheets write it: `;`, comma or tab, quotes, lines within quotes."""

import csv
import io

from eios.lib.tables.refusal import DAMAGED, TableError
from eios.lib.tables.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    Sheet,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)

DELIMITERS = ";\t,"
_SAMPLE = 50


def read(text: str) -> list[Sheet]:
    """One sheet without a name; empty cells are None. Raises TableError."""
    delimiter = delimiter_of(text)
    lines = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > MOST_LINES:
                raise too_many_rows()
            lines.append((number, _cells(number, row)))
    except csv.Error as error:
        raise TableError(DAMAGED) from error
    return [Sheet("", lines)]


def delimiter_of(text: str) -> str:
    """The one that stands in most of the first lines, and oftenest in them; a text in quotes does not count."""
    lines = [line for line in _without_quoted(text).splitlines() if line.strip()][:_SAMPLE]
    return max(DELIMITERS, key=lambda mark: (sum(mark in line for line in lines), sum(x.count(mark) for x in lines)))


def _without_quoted(text: str) -> str:
    return "".join(text[: 64 * 1024].split('"')[::2])


def _cells(number: int, row: list[str]) -> list[str | None]:
    while row and not row[-1].strip():
        row.pop()
    if len(row) > MOST_COLUMNS:
        raise too_many_columns()
    for column, cell in enumerate(row, 1):
        if len(cell) > LONGEST_CELL:
            raise too_long_cell(number, column)
    return [cell if cell.strip() else None for cell in row]
