"""The file of pseudonymous accounts for a library, in the library's own columns: no person's name can get in (10.6).

A column is a dict {"title": head, "what": LOGIN | PASSWORD | NUMBER | CONSTANT, "text": words of a constant one}.
"""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from accounts import exports
from resources.models import PoolAccount

LOGIN, PASSWORD, NUMBER, CONSTANT = "login", "password", "number", "constant"
WHAT = {LOGIN: "логин", PASSWORD: "пароль", NUMBER: "номер по порядку", CONSTANT: "один и тот же текст"}
DEFAULT_COLUMNS = [
    {"title": "Логин", "what": LOGIN, "text": ""},
    {"title": "Пароль", "what": PASSWORD, "text": ""},
]
XLSX, CSV_UTF8, CSV_CP1251 = "xlsx", "csv", "csv1251"
FORMATS = {XLSX: "XLSX", CSV_UTF8: "CSV, UTF-8", CSV_CP1251: "CSV, Windows-1251"}
ENCODINGS = {CSV_UTF8: "utf-8-sig", CSV_CP1251: "cp1251"}
CSV_TYPE = "text/csv"
# What a spreadsheet takes for a formula at the beginning of a cell.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 24


def table(columns: Sequence[dict], accounts: Iterable[PoolAccount]) -> list[list[str]]:
    """Head and rows. Raises crypto.CannotOpen naming a missing key."""
    lines = [[column["title"] for column in columns]]
    for number, account in enumerate(accounts, 1):
        lines.append([_cell(column, account, number) for column in columns])
    return lines


def _cell(column: dict, account: PoolAccount, number: int) -> str:
    if column["what"] == LOGIN:
        return account.login
    if column["what"] == PASSWORD:
        return account.unseal()
    return str(number) if column["what"] == NUMBER else column["text"]


def write(lines: list[list[str]], form: str) -> bytes:
    """The file's bytes. Raises UnicodeEncodeError where cp1251 has no sign for a letter."""
    return _workbook(lines) if form == XLSX else _delimited(lines, ENCODINGS[form])


def media_type(form: str) -> str:
    return exports.MEDIA_TYPE if form == XLSX else CSV_TYPE


def ending(form: str) -> str:
    return "xlsx" if form == XLSX else "csv"


def _workbook(lines: list[list[str]]) -> bytes:
    """The head stands in the first line, as libraries' own templates have it; every cell is text."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, exports.OPTIONS) as book:
        sheet = book.add_worksheet("Учётные записи")
        sheet.set_column(0, max(len(lines[0]) - 1, 0), WIDTH)
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                sheet.write_string(number, column, value)
    return output.getvalue()


def _delimited(lines: list[list[str]], encoding: str) -> bytes:
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=";", lineterminator="\r\n").writerows(
        [neutral(cell) for cell in line] for line in lines
    )
    return output.getvalue().encode(encoding)


def neutral(cell: str) -> str:
    """Words that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
