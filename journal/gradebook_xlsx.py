"""The grid of a gradebook as an XLSX file: what the screen shows, under the same heads."""

from accounts import exports
from accounts.models import SchoolCard
from eios.lib import russian
from journal.books import Page
from journal.grid import Cell, Row


def grid(page: Page, school: SchoolCard) -> bytes:
    """Averages are numbers, and a mark that stands alone in its cell."""
    shown, book = page.grid, page.gradebook
    head = [("№", 6), ("Фамилия, имя", 34)]
    head += [(f"{russian.short_date(one.date)}{_slot(one.slot)}", 11) for one in shown.columns]
    head += [("Средняя", 10), ("Пропусков", 11), *((title, 16) for title in shown.heads)]
    title = f"Журнал: {book}. {page.period.name}, {book.school_class.year} учебный год"
    rows = (_line(number, row) for number, row in enumerate(shown.rows, 1))
    return exports.workbook(title, head, rows, exports.source_line(school))


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
