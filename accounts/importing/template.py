"""The file to fill in: headings that the portal knows, an example, and a sheet of explanations."""

import io

import xlsxwriter

from accounts.exports import OPTIONS
from accounts.importing.columns import COLUMNS, Column, Kind

NAMES = {Kind.PUPILS: "Обучающиеся", Kind.STAFF: "Работники", Kind.CLASSES: "Классы"}
# Columns that are an alternative to others, or that few need, are explained but not offered.
_EXPLAINED_ONLY = ("full_name",)
_RULES = [
    "Первая строка — заголовки. Столбцы можно переставлять, ненужные — удалить, лишние не мешают.",
    "Пример во второй строке замените своими данными.",
    "Даты: 01.09.2014. Телефоны и номера — как обычно.",
    "Ничего не сохранится, пока вы не посмотрите, что получится, и не подтвердите.",
    "Тот же файл можно загрузить ещё раз: изменится только то, что вы исправили.",
]


def offered(kind: str, *, with_class: bool) -> list[Column]:
    """Columns of the template; a class teacher's has no column for the class."""
    hidden = () if kind == Kind.CLASSES else _EXPLAINED_ONLY
    return [
        column for column in COLUMNS[kind] if column.key not in hidden and (with_class or column.key != "school_class")
    ]


def template(kind: str, *, with_class: bool = True) -> bytes:
    """An XLSX with two sheets."""
    return book_of(NAMES[kind], offered(kind, with_class=with_class), _RULES)


def book_of(name: str, columns: list[Column], rules: list[str]) -> bytes:
    """An XLSX with two sheets: the named one to fill in, with an example in each column, and what is to be known."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, text)
            sheet.write_string(0, place, column.title, bold)
            sheet.write_string(1, place, column.example, text)
        sheet.freeze_panes(1, 0)
        _explain(book.add_worksheet("Пояснения"), columns, rules, bold, wrap)
    return output.getvalue()


def _explain(sheet, columns: list[Column], rules: list[str], bold, wrap) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    for number, rule in enumerate(rules):
        sheet.merge_range(number, 0, number, 1, rule, wrap)
    top = len(rules) + 1
    sheet.write_string(top, 0, "Название столбца", bold)
    sheet.write_string(top, 1, "Что писать, и как ещё его можно назвать", bold)
    for number, column in enumerate(columns, top + 1):
        also = ", ".join(f"«{name}»" for name in column.also[:4])
        words = " ".join(filter(None, [column.says, f"Можно назвать иначе: {also}." if also else ""]))
        sheet.write_string(number, 0, column.title)
        sheet.write_string(number, 1, words, wrap)
