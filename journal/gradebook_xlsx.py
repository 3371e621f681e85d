"""The grid of a gradebook as an XLSX file: what the screen shows, under the same heads."""

from accounts import exports
from accounts.models import SchoolCard
from eios.lib import russian
from journal.books import Page
from journal.grid import Cell, Row
from journal.own_grid import Line, OwnGrid


def grid(page: Page, school: SchoolCard) -> bytes:
    """Averages are numbers, and a mark that stands alone in its cell."""
    shown, book = page.grid, page.gradebook
    head = [("№", 6), ("Фамилия, имя", 34)]
    head += [(f"{russian.short_date(one.date)}{_slot(one.slot)}", 11) for one in shown.columns]
    head += [("Средняя", 10), ("Пропусков", 11), *((title, 16) for title in shown.heads)]
    title = f"Журнал: {book}. {page.period.name}, {book.school_class.year} учебный год"
    rows = (_line(number, row) for number, row in enumerate(shown.rows, 1))
    return exports.workbook(title, head, rows, exports.source_line(school))


def own(shown: OwnGrid, school: SchoolCard) -> bytes:
    """The same of a gradebook kept here: a column for every work of a lesson."""
    book = shown.gradebook
    head = [("№", 6), ("Фамилия, имя", 34)]
    head += [(f"{russian.short_date(one.date)}{_slot(one.slot)}{_kind(one.kind)}", 11) for one in shown.columns]
    head += [("Средняя", 10), ("Пропусков", 11), *((title, 16) for _, title in shown.heads)]
    title = f"Журнал: {book}. {shown.period.name}, {book.school_class.year} учебный год"
    rows = (_own_line(number, line) for number, line in enumerate(shown.lines, 1))
    return exports.workbook(title, head, rows, exports.source_line(school))


def _kind(kind: str) -> str:
    return f" {kind}" if kind else ""


def _own_line(number: int, line: Line) -> list[str | int | float]:
    name = f"{line.pupil.name} ({line.pupil.note})" if line.pupil.note else line.pupil.name
    average = float(line.average) if line.average is not None else ""
    return [number, name, *map(_number, line.texts), average, line.missed, *map(_number, line.results)]


def _slot(slot: int) -> str:
    return "" if slot == 1 else f" ({slot})"


def _line(number: int, row: Row) -> list[str | int | float]:
    name = f"{row.pupil.name} ({row.pupil.note})" if row.pupil.note else row.pupil.name
    average = float(row.average) if row.average is not None else ""
    return [number, name, *map(_value, row.cells), average, row.missed, *map(_number, row.results)]


def _value(cell: Cell) -> str | int:
    if len(cell.marks) == 1 and not cell.code and cell.marks[0].number is not None:
        return cell.marks[0].number
    return cell.text


def _number(value: str) -> str | int:
    return int(value) if value.isascii() and value.isdigit() else value
