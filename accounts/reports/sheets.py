"""The reports as XLSX workbooks; every one names its source (12.1)."""

import datetime
from collections.abc import Iterable

from accounts import exports
from accounts.exports import Sheet
from accounts.models import SchoolCard
from accounts.reports.book import Entry
from accounts.reports.headcount import Group, Headcount
from accounts.reports.movement import Line, Movement, Total
from accounts.reports.sign_ins import Row
from eios.lib.russian import short_date

PERSON = [("№", 6), ("Фамилия, имя, отчество", 38), ("Дата рождения", 15)]
BALANCE = [
    ("Класс", 22), ("На начало", 12), ("Внесено", 12), ("Прибыло", 12), ("Переведено в класс", 20),
    ("Выбыло", 12), ("Переведено из класса", 22), ("На конец", 12),
]  # fmt: skip


def period(report: Movement) -> str:
    return f"с {short_date(report.starts)} по {short_date(report.ends)}"


def movement(report: Movement, school: SchoolCard, of: str = "") -> bytes:
    """Totals, arrived, left and moved, a sheet each."""
    title = f"Движение обучающихся{of} {period(report)}"
    arrived = [*PERSON, ("Класс", 14), ("Дата", 12), ("Приказ", 34), ("Откуда", 44)]
    left = [*arrived[:-1], ("Куда", 44)]
    moved = [*PERSON, ("Из класса", 14), ("В класс", 14), ("Дата", 12), ("Приказ", 34)]
    sheets = [
        Sheet("Итоги", title, BALANCE, map(_balance, report.totals)),
        Sheet("Прибыли", f"{title}: прибыли", arrived, _numbered(report.arrived, _came_or_left)),
        Sheet("Выбыли", f"{title}: выбыли", left, _numbered(report.left, _came_or_left)),
        Sheet("Из класса в класс", f"{title}: переводы между классами", moved, _numbered(report.moved, _moved)),
    ]
    return exports.workbook_of(sheets, exports.source_line(school))


def _numbered(lines: Iterable, cells) -> Iterable[list]:
    return ([number, *cells(line)] for number, line in enumerate(lines, 1))


def _balance(total: Total) -> list:
    row = total.balance
    return [total.title, row.begin, row.loaded, row.arrived, row.moved_in, row.left, row.moved_out, row.end]


def _person(person) -> list[str]:
    return [str(person), short_date(person.birth_date) if person.birth_date else ""]


def _came_or_left(line: Line) -> list[str]:
    return [*_person(line.person), line.school_class.name, short_date(line.date), line.ground, line.place]


def _moved(line: Line) -> list[str]:
    former = line.former_class.name
    return [*_person(line.person), former, line.school_class.name, short_date(line.date), line.ground]


def headcount(report: Headcount, school: SchoolCard) -> bytes:
    """Classes under their grades, levels and the school."""
    rows = [row for grade in report.grades for row in _grade(grade)]
    rows += [[group.title, group.pupils, len(group.classes)] for group in (*report.levels, report.school)]
    head = [("Класс", 30), ("Обучающихся", 16), ("Классов", 12)]
    title = f"Численность обучающихся на {short_date(report.date)}"
    return exports.workbook(title, head, rows, exports.source_line(school))


def _grade(grade: Group) -> list[list]:
    rows = [[row.school_class.name, row.pupils, ""] for row in grade.classes]
    return [*rows, [f"{grade.title}-е классы", grade.pupils, len(grade.classes)]]


def sign_ins(rows: Iterable[Row], date: datetime.date, school: SchoolCard) -> bytes:
    """People without a first sign-in, with the state of the slip."""
    head = [
        ("№", 6), ("Фамилия, имя, отчество", 40), ("Кто", 40), ("Логин", 20), ("Листок", 16), ("Передан", 32),
        ("Вручён", 32),
    ]  # fmt: skip
    cells = _numbered(rows, _sign_in)
    return exports.workbook(f"Ещё не входили, на {short_date(date)}", head, cells, exports.source_line(school))


def _sign_in(row: Row) -> list[str]:
    slip = row.slip
    way = [exports.dated(slip.handed_at, slip.handed_to), exports.dated(slip.given_at, slip.given_by)] if slip else []
    return [str(row.person), row.who, row.person.username, row.state.words, *way]


def book(entries: Iterable[Entry], school: SchoolCard, date: datetime.date) -> bytes:
    """The alphabetical book."""
    head = [
        ("№ личного дела", 16), *PERSON[1:], ("Зачислен", 12), ("Приказ о зачислении", 34), ("Класс", 12),
        ("Выбыл", 12), ("Приказ о выбытии", 34), ("Куда", 44),
    ]  # fmt: skip
    return exports.workbook(
        f"Алфавитная книга на {short_date(date)}", head, map(_entry, entries), exports.source_line(school)
    )


def _entry(entry: Entry) -> list[str]:
    left = short_date(entry.left_on) if entry.left_on else ""
    return [
        str(entry.file), *_person(entry.person), short_date(entry.enrolled_on), entry.ground, entry.school_class.name,
        left, entry.left_ground, entry.place,
    ]  # fmt: skip
