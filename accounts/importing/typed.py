"""A row typed by hand goes through the same cleaning and checks as a row of a file."""

import datetime

from accounts.importing.checks import key_of
from accounts.importing.cleaning import Dictionaries, Record, clean
from accounts.importing.columns import PARENTS
from accounts.importing.plan import examine
from accounts.models import RegistrationSheet, SheetRow, User
from eios.lib import tables


def check(
    cells: dict, sheet: RegistrationSheet, existing: SheetRow | None, *, asker: User, date: datetime.date
) -> Record:
    """The record of what was typed under the keys of columns; a remark's `column` is the key."""
    source = tables.Row(0, "", cells, {key: key for key in cells})
    record = clean(source, sheet, Dictionaries.load(date))
    meetings = {id(record): existing} if existing else {}
    examine([record], sheet, asker=asker, date=date, meetings=meetings)
    others = sheet.rows.exclude(pk=existing.pk if existing else None).filter(name_key=record.row.name_key)
    for other in others:
        other.sheet = sheet
        if key_of(other) == key_of(record.row):
            record.blame(f"Уже есть в этой ведомости: строка {other.number}.")
        else:
            record.warn(f"Однофамилец строки {other.number}: проверьте, не один ли это человек.")
    return record


def cells_of(row: SheetRow) -> dict:
    """What the form shows of a row: the way back from `check`."""
    names = ("surname", "name", "patronymic", "birth_date", "file_number", "phone", "email", "note")
    cells = {name: getattr(row, name) for name in names}
    codes = {kind.value: code for code, (kind, *_) in PARENTS.items()}
    for parent in row.parents:
        code = codes.get(parent.get("kind"), "guardian")
        full_name = " ".join(filter(None, (parent.get(part) for part in ("surname", "name", "patronymic"))))
        cells[f"{code}_name"] = full_name
        cells |= {f"{code}_{part}": parent.get(part, "") for part in ("phone", "email", "document")}
    return cells
