"""XLSX, XLS, ODS and tables of DOCX: read in a child process that a hostile file may take down alone."""

import datetime
import json
import logging
import subprocess
import sys
from pathlib import Path

from eios.lib.tables.refusal import DAMAGED, ENCRYPTED, NO_TABLES, TOO_LONG, TOO_MUCH, TableError
from eios.lib.tables.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_LINES,
    MOST_SHEETS,
    Sheet,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)

log = logging.getLogger(__name__)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TIMEOUT = 20
_CHILD = Path(__file__).with_name("child.py")
_LIMITS = [str(number) for number in (MOST_LINES, MOST_COLUMNS, MOST_SHEETS, MOST_LETTERS, LONGEST_CELL)]
# An encrypted XLSX is an OLE file with a stream of this name.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_KINDS = {
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
}


def read(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook; of formulas the values that were saved. Raises TableError."""
    if _ENCRYPTED_PACKAGE in data:
        raise TableError(ENCRYPTED)
    answer = _ask_child(data)
    if "refused" in answer:
        raise _refusal(*answer["refused"])
    return [Sheet(one["name"], [_line(*line) for line in one["lines"]]) for one in answer["sheets"]]


def _line(number: int, cells: list) -> tuple[int, list]:
    return number, [_value(cell) for cell in cells]


def _ask_child(data: bytes) -> dict:
    # Isolated (-I): neither the environment nor the working folder of the server decides what is imported.
    command = [sys.executable, "-I", "-X", "utf8", str(_CHILD), *_LIMITS]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TableError(TOO_LONG) from error
    if done.returncode:
        # The last line says what it was: a hostile file, or an installation without the reader's package.
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        log.warning("the reader of workbooks ended with %s: %s", done.returncode, last[:200])
        raise TableError(DAMAGED)
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise TableError(DAMAGED) from error


def _refusal(code: str, *place: int) -> TableError:
    if code == "cell":
        return too_long_cell(*place)
    if code == "rows":
        return too_many_rows()
    if code == "columns":
        return too_many_columns()
    return TableError({"password": ENCRYPTED, "much": TOO_MUCH, "tables": NO_TABLES}.get(code, DAMAGED))


def _value(cell):
    if isinstance(cell, dict):
        kind, text = next(iter(cell.items()))
        return _KINDS[kind](text)
    return cell
