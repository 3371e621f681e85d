"""XLSX, ODS and DOCX before they are opened: what they hold, how much, and how far away the last cell stands."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from eios.lib.filetypes import office
from eios.lib.filetypes.refusal import FileRefused
from eios.lib.tables.refusal import TOO_MUCH, TableError
from eios.lib.tables.sheets import MOST_COLUMNS, MOST_LINES, column_letters, column_number

MOST_UNPACKED = 128 * 1024 * 1024
_TABLES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# A cell with something in it; a cell that only carries a style is closed at once: <c r="XFD1" s="3"/>.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK, _OVERLAP = 256 * 1024, 400


def check(data: bytes) -> None:
    """Raises TableError for a bomb, another archive, macros, a password, entities, a cell too far away."""
    try:
        media_type = office.examine(io.BytesIO(data))
    except FileRefused as refusal:
        raise TableError(str(refusal)) from refusal
    if media_type not in _TABLES:
        raise TableError("Это документ, но не таблица. Сохраните таблицу как XLSX и загрузите снова.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise TableError(TOO_MUCH)
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    _check_part(entry.filename, part)


def _check_part(name: str, part: BinaryIO) -> None:
    is_sheet = name.startswith("xl/worksheets/")
    for text in _windows(part):
        if _ENTITIES.search(text):
            raise TableError("В файле есть объявления, которых в таблицах не бывает, поэтому он не принят.")
        if is_sheet:
            _check_cells(text)


def _windows(part: BinaryIO) -> Iterator[bytes]:
    """The text in pieces that overlap a little, so that nothing is missed on a border."""
    tail = b""
    while chunk := part.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _check_cells(text: bytes) -> None:
    for letters, row, closed in _CELL.findall(text):
        if closed:
            continue
        column, number = column_number(letters.decode()), int(row)
        if column > MOST_COLUMNS or number > MOST_LINES:
            raise _far(column, number)


def _far(column: int, row: int) -> TableError:
    return TableError(
        f"Таблица слишком велика: что-то записано в ячейке {column_letters(column)}{row}. Читается не больше "
        f"{MOST_LINES} строк и {MOST_COLUMNS} столбцов; удалите лишнее или разделите таблицу."
    )
