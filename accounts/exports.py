"""Lists as XLSX files: every cell of words is text, never a formula; the source is named (12.1)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from django.utils import timezone

from accounts import credentials, lacks
from accounts.acceptance import Row
from accounts.consents import Row as ConsentRow
from accounts.consents import Share
from accounts.models import Consent, ConsentKind, SchoolCard
from eios.lib import citation, russian
from eios.lib.dates import today

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Words stay words: «=1+1» in a name must not be computed, an address must not become a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
A4 = 9
ACCEPTANCE_HEAD = [
    ("Фамилия, имя, отчество", 40),
    ("Кто", 34),
    ("Соглашение", 30),
    ("Когда", 18),
    ("Как и кем внесено", 60),
]
CREDENTIALS_HEAD = [
    ("Фамилия, имя, отчество", 40),
    ("Кто", 34),
    ("Логин", 20),
    ("Состояние", 24),
    ("Напечатан", 12),
    ("Действует по", 14),
    ("Передан", 40),
    ("Вручён", 40),
]

LACKS_HEAD = [("Фамилия, имя, отчество", 40), ("Должность", 44), ("Чего не хватает", 80), ("Срочность", 16)]


def source_line(school: SchoolCard, address: str = "") -> str:
    """Where the material comes from, as 12.1 asks of everything taken out of the environment; of public ones with
    the address where they stand.
    """
    site = citation.Site(school.portal_name, school.short_name, address)
    return citation.source(site, today(), made="Составлено")


@dataclass(frozen=True)
class Sheet:
    """A table with its title; `head` are names of columns with widths, cells are words or numbers."""

    name: str
    title: str
    head: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str | int | float]]


def workbook(title: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int]], source: str) -> bytes:
    """One sheet: title, source, head with widths, rows of words and whole numbers."""
    return workbook_of([Sheet("Список", title, head, rows)], source)


def workbook_of(sheets: Iterable[Sheet], source: str) -> bytes:
    """Several sheets, each with title, source, head and rows."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for each in sheets:
            _write_sheet(book.add_worksheet(each.name), each, source, bold)
    return output.getvalue()


def _write_sheet(sheet, table: Sheet, source: str, bold) -> None:
    sheet.write_string(0, 0, table.title, bold)
    sheet.write_string(1, 0, source)
    for column, (name, width) in enumerate(table.head):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, name, bold)
    for number, row in enumerate(table.rows, 4):
        for column, value in enumerate(row):
            write = sheet.write_number if isinstance(value, int | float) else sheet.write_string
            write(number, column, value)
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


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


def credentials_list(rows: Iterable[credentials.Row], school: SchoolCard) -> bytes:
    """People with the state of each one's slip; no password is known to anybody (9.7)."""
    title = "Учётные данные: листки и первый вход"
    return workbook(title, CREDENTIALS_HEAD, map(_slip_line, rows), source_line(school))


def _slip_line(row: credentials.Row) -> list[str]:
    line = [str(row.person), row.who, row.person.username, row.state.words]
    if row.slip is None:
        return [*line, "", "", "", ""]
    slip = row.slip
    days = [dated(slip.printed_at), russian.short_date(slip.last_day)]
    return [*line, *days, dated(slip.handed_at, slip.handed_to), dated(slip.given_at, slip.given_by)]


def dated(moment, person=None) -> str:
    """«25.11.2026, Иванова М. П.»"""
    if moment is None:
        return ""
    day = russian.short_date(timezone.localdate(moment))
    return f"{day}, {person.initials}" if person else day


def consent_list(title: str, kinds: Sequence[ConsentKind], rows: Iterable[ConsentRow], school: SchoolCard) -> bytes:
    """Pupils with the state of each kind of consent, and how it was given."""
    head = [("№", 6), ("Фамилия, имя, отчество", 40)]
    for kind in kinds:
        head += [(f"Согласие: {kind.label}", 34), ("С какого дня, как", 44)]
    lines = (_consent_line(number, row) for number, row in enumerate(rows, 1))
    return workbook(title, head, lines, source_line(school))


def _consent_line(number: int, row: ConsentRow) -> list[str]:
    line = [str(number), str(row.person)]
    for state in row.states:
        line += [state.words, "; ".join(_given_how(one) for one in state.given)]
    return line


def _given_how(row: Consent) -> str:
    """«законный представитель, 12.10.2026, на бумаге (Иванова М. П.)»"""
    by = f" ({row.given_by.initials})" if row.given_by and not row.is_own else ""
    when = russian.short_date(timezone.localtime(row.given_at).date())
    return f"{row.get_capacity_display()}, {when}, {row.get_how_display()}{by}"


def consent_shares(title: str, shares: Iterable[Share], school: SchoolCard) -> bytes:
    """How many of each class and of the staff have given each kind."""
    head = [("Класс", 20), ("Человек", 12), *((f"Дано: {kind.label}", 44) for kind in ConsentKind)]
    lines = ([str(one.of), str(one.people), *_counts(one)] for one in shares)
    return workbook(title, head, lines, source_line(school))


def _counts(share: Share) -> list[str]:
    return ["—" if given is None else f"{given} из {share.people}" for given in share.given]


def lacks_list(rows: Iterable[lacks.Row], school: SchoolCard) -> bytes:
    """Employees with what each lacks, a line for each thing (3.2, 5.11)."""
    lines = (
        [str(row.person), row.who, lack.text, "скоро" if lack.is_soon else "сейчас"]
        for row in rows
        for lack in row.lacks
    )
    return workbook("Чего не хватает работникам для работы с ЭИОС", LACKS_HEAD, lines, source_line(school))
