"""Lists as XLSX files: every cell of words is text, never a formula; the source is named (12.1)."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils import timezone

from accounts import lacks
from accounts.acceptance import Row
from accounts.models import SchoolCard
from eios.lib import russian
from eios.lib.dates import today

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Words stay words: «=1+1» in a name must not be computed, an address must not become a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ACCEPTANCE_HEAD = [
    ("Фамилия, имя, отчество", 40),
    ("Кто", 34),
    ("Соглашение", 30),
    ("Когда", 18),
    ("Как и кем внесено", 60),
]

LACKS_HEAD = [("Фамилия, имя, отчество", 40), ("Должность", 44), ("Чего не хватает", 80), ("Срочность", 16)]


def source_line(school: SchoolCard) -> str:
    """Where the material comes from, as 12.1 asks of everything taken out of the environment."""
    return f"Источник: {school.portal_name}, {school.short_name}. Составлено {russian.short_date(today())}."


def workbook(title: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], source: str) -> bytes:
    """One sheet: title, source, head with widths, rows of words."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS) as book:
        sheet, bold = book.add_worksheet("Список"), book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, source)
        for column, (name, width) in enumerate(head):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, name, bold)
        for number, row in enumerate(rows, 4):
            for column, words in enumerate(row):
                sheet.write_string(number, column, words)
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return output.getvalue()


def acceptance_list(title: str, rows: Iterable[Row], school: SchoolCard) -> bytes:
    """People with the state of each one's agreement (6.4)."""
    return workbook(title, ACCEPTANCE_HEAD, map(_acceptance_line, rows), source_line(school))


def _acceptance_line(row: Row) -> list[str]:
    state = row.state
    when = timezone.localtime(state.settled_at).strftime("%d.%m.%Y %H:%M") if state.is_settled else ""
    return [str(row.person), row.who, state.words, when, _how(row)]


def _how(row: Row) -> str:
    """«родитель за ребёнка (Иванова М. П.); ребёнок, простой текст»"""
    parts = []
    for given in row.state.given:
        by = "" if given.by_id == row.person.pk else f" ({given.by.initials})"
        parts.append(f"{given.get_kind_display()}{by}")
    return "; ".join(parts)


def lacks_list(rows: Iterable[lacks.Row], school: SchoolCard) -> bytes:
    """Employees with what each lacks, a line for each thing (3.2, 5.11)."""
    lines = (
        [str(row.person), row.who, lack.text, "скоро" if lack.is_soon else "сейчас"]
        for row in rows
        for lack in row.lacks
    )
    return workbook("Чего не хватает работникам для работы с ЭИОС", LACKS_HEAD, lines, source_line(school))
