"""Run by itself in a process of its own: reads a workbook or the tables of a DOCX, writes sheets as JSON.

A broken or hostile workbook may abort the process or eat memory: here it takes nobody along. Knows nothing of the
portal, so that it starts quickly. Arguments: most rows, columns, sheets, letters, and the longest cell.
"""

import datetime
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY, SECONDS = 1024 * 1024 * 1024, 15
BODY = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TABLE, ROW, CELL, TEXT, PARAGRAPH = (f"{WORD}{name}" for name in ("tbl", "tr", "tc", "t", "p"))
SPOKEN = {TEXT, PARAGRAPH, f"{WORD}tab", f"{WORD}br", f"{WORD}cr"}


class Refused(Exception):
    """A code and a place for the parent, which has the words."""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def plain(value):
    """What JSON can carry: dates and times as {kind: text}."""
    if value == "" or value is None:
        return None
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    return str(value)


class Reader:
    def __init__(self, rows: int, columns: int, sheets: int, letters: int, longest: int):
        self.rows, self.columns, self.sheets, self.letters, self.longest = rows, columns, sheets, letters, longest

    def book(self, data: bytes) -> list[dict]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            about.name
            for about in book.sheets_metadata
            if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
        ]
        if len(names) > self.sheets:
            raise Refused("much")
        return [self.sheet(book, name) for name in names]

    def sheet(self, book, name: str) -> dict:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            return {"name": name, "lines": []}
        (top, left), (bottom, right) = sheet.start, sheet.end
        if right >= self.columns:
            raise Refused("columns")
        if bottom - top >= self.rows:
            raise Refused("rows")
        rows = sheet.to_python(skip_empty_area=True)
        return {"name": name, "lines": [self.line(top + n, left, row) for n, row in enumerate(rows, 1)]}

    def line(self, number: int, left: int, row: list) -> tuple[int, list]:
        for column, value in enumerate(row, left + 1):
            if isinstance(value, str):
                self.letters -= len(value)
                if len(value) > self.longest:
                    raise Refused("cell", number, column)
        if self.letters < 0:
            raise Refused("much")
        return number, [None] * left + [plain(value) for value in row]


class Document:
    """Tables of a DOCX, each a sheet; a table inside a cell is text of that cell."""

    def __init__(self, reader: Reader):
        self.reader = reader

    def sheets(self, part) -> list[dict]:
        found = list(self._tables(part))
        if not found:
            raise Refused("tables")
        return found

    def _tables(self, part) -> Iterator[dict]:
        """Whole outer tables as the reading goes on; what has been read is let go."""
        depth = number = 0
        # Entities were refused with the archive; the limits above bound the rest.
        for event, node in ElementTree.iterparse(part, events=("start", "end")):  # noqa: S314
            if node.tag == TABLE:
                depth += 1 if event == "start" else -1
            if event == "start" or depth:
                continue
            if node.tag == TABLE:
                number += 1
                if number > self.reader.sheets:
                    raise Refused("much")
                yield {"name": f"Таблица {number}", "lines": list(self._lines(node))}
            if node.tag in (TABLE, PARAGRAPH):
                node.clear()

    def _lines(self, table) -> Iterator[tuple[int, list]]:
        for number, row in enumerate(table.findall(ROW), 1):
            if number > self.reader.rows:
                raise Refused("rows")
            yield self.reader.line(number, 0, list(self._cells(row)))

    def _cells(self, row) -> Iterator[str]:
        """Texts of the row; a cell over several columns is followed by the empty ones that it covers."""
        column = 0
        for cell in row.findall(CELL):
            column += self._span(cell)
            if column > self.reader.columns:
                raise Refused("columns")
            yield self._text(cell)
            yield from [""] * (self._span(cell) - 1)

    def _text(self, cell) -> str:
        pieces = ((node.text or "") if node.tag == TEXT else " " for node in cell.iter() if node.tag in SPOKEN)
        return " ".join("".join(pieces).split())

    def _span(self, cell) -> int:
        wide = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
        value = wide.get(f"{WORD}val", "1")[:4] if wide is not None else "1"
        return max(int(value), 1) if value.isascii() and value.isdigit() else 1


def sheets_of(data: bytes, reader: Reader) -> list[dict]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(BODY) as part:
            # The check for entities reads bytes of UTF-8.
            if b"\0" in part.peek(4)[:4]:
                raise Refused("damaged")
            return Document(reader).sheets(part)
    except (KeyError, zipfile.BadZipFile):
        return reader.book(data)


def main() -> None:
    limit()
    data = sys.stdin.buffer.read()
    try:
        answer = {"sheets": sheets_of(data, Reader(*map(int, sys.argv[1:])))}
    except Refused as refusal:
        answer = {"refused": refusal.args}
    except PasswordError:
        answer = {"refused": ["password"]}
    except CalamineError as error:
        answer = {"refused": ["password" if "password" in str(error).lower() else "damaged"]}
    except (ElementTree.ParseError, LookupError, ValueError):
        answer = {"refused": ["damaged"]}
    except MemoryError:
        answer = {"refused": ["much"]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
