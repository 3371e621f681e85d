"""Tables of a DOCX document: each is a sheet. Plans and lists are kept in Word as often as in spreadsheets."""

import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from eios.lib.tables.refusal import DAMAGED, TOO_MUCH, TableError
from eios.lib.tables.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_LINES,
    MOST_SHEETS,
    Sheet,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_UNPACKED = 32 * 1024 * 1024
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE, _ROW, _CELL, _TEXT, _PARAGRAPH = (f"{_W}{name}" for name in ("tbl", "tr", "tc", "t", "p"))
_BLANKS = {f"{_W}tab", f"{_W}br", f"{_W}cr"}


def read(data: bytes) -> list[Sheet]:
    """The tables of a document whose archive has been checked; a table inside a cell is text of that cell.

    Raises TableError: no tables, damaged, too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_PART) as part:
            if archive.getinfo(_PART).file_size > MOST_UNPACKED:
                raise TableError(TOO_MUCH)
            # The check for entities reads bytes of UTF-8.
            if b"\0" in part.peek(4)[:4]:
                raise TableError(DAMAGED)
            sheets = list(_sheets(part))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile) as error:
        raise TableError(DAMAGED) from error
    if not sheets:
        raise TableError("В документе нет таблиц. Сохраните список таблицей — в Word или как XLSX — и загрузите снова.")
    return sheets


def _sheets(part: BinaryIO) -> Iterator[Sheet]:
    """Whole outer tables as the reading goes on; what has been read is let go."""
    depth = letters = number = 0
    # Declarations of entities were refused with the archive, and expat bounds what they could grow to.
    for event, node in ElementTree.iterparse(part, events=("start", "end")):  # noqa: S314
        if node.tag == _TABLE:
            depth += 1 if event == "start" else -1
        if event == "start" or depth:
            continue
        if node.tag == _TABLE:
            number += 1
            if number > MOST_SHEETS:
                raise TableError(TOO_MUCH)
            sheet = Sheet(f"Таблица {number}", list(_lines(node)))
            letters += sum(len(cell or "") for _, cells in sheet.lines for cell in cells)
            if letters > MOST_LETTERS:
                raise TableError(TOO_MUCH)
            yield sheet
        if node.tag in (_TABLE, _PARAGRAPH):
            node.clear()


def _lines(table: ElementTree.Element) -> Iterator[tuple[int, list]]:
    for number, row in enumerate(table.findall(_ROW), 1):
        if number > MOST_LINES:
            raise too_many_rows()
        yield number, list(_cells(row, number))


def _cells(row: ElementTree.Element, number: int) -> Iterator[str | None]:
    """Texts of the row; a cell over several columns is followed by the empty ones that it covers."""
    column = 0
    for cell in row.findall(_CELL):
        text = _text(cell)
        column += 1
        if len(text) > LONGEST_CELL:
            raise too_long_cell(number, column)
        covered = _span(cell) - 1
        column += covered
        if column > MOST_COLUMNS:
            raise too_many_columns()
        yield text or None
        yield from [None] * covered


def _text(cell: ElementTree.Element) -> str:
    pieces = []
    for node in cell.iter():
        if node.tag == _TEXT:
            pieces.append(node.text or "")
        elif node.tag in _BLANKS or node.tag == _PARAGRAPH:
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _span(cell: ElementTree.Element) -> int:
    wide = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = wide.get(f"{_W}val", "1") if wide is not None else "1"
    return min(int(value), MOST_COLUMNS + 1) if value.isascii() and value.isdigit() and int(value) else 1
