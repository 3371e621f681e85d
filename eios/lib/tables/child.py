"""Run by itself in a process of its own: reads a workbook from standard input, writes its sheets as JSON.

A broken or hostile workbook may abort the process or eat memory: here it takes nobody along. Knows nothing of the
portal, so that it starts quickly. Arguments: most rows, columns, sheets, letters, and the longest cell.
"""

import datetime
import io
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY, SECONDS = 1024 * 1024 * 1024, 15


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


def main() -> None:
    limit()
    data = sys.stdin.buffer.read()
    try:
        answer = {"sheets": Reader(*map(int, sys.argv[1:])).book(data)}
    except Refused as refusal:
        answer = {"refused": refusal.args}
    except PasswordError:
        answer = {"refused": ["password"]}
    except CalamineError as error:
        answer = {"refused": ["password" if "password" in str(error).lower() else "damaged"]}
    except MemoryError:
        answer = {"refused": ["much"]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
