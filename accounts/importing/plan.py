"""What a file would change in a sheet, row by row. The same plan is shown and, once confirmed, carried out."""

import datetime
import enum
import hashlib
from dataclasses import dataclass, field

from django.conf import settings

from accounts.importing import checks
from accounts.importing.checks import CHECKS, key_of
from accounts.importing.cleaning import Dictionaries, Record, clean
from accounts.importing.columns import LAYOUTS, SCHOOL_LAYOUTS, Kind
from accounts.importing.known import Known
from accounts.models import RegistrationSheet, SheetRow, StoredFile, User
from eios.lib import tables
from eios.lib.tables import TableError


class Outcome(enum.Enum):
    """What becomes of a row; the value says it on screen."""

    NEW = "новая"
    CHANGED = "изменится"
    SAME = "без изменений"
    ERROR = "ошибка"

    @property
    def kind(self) -> str:
        return {"NEW": "ok", "CHANGED": "info", "SAME": "", "ERROR": "no"}[self.name]


@dataclass
class Item:
    """A row of the file with what becomes of it; `existing` is the sheet's row that it meets."""

    record: Record
    outcome: Outcome
    existing: SheetRow | None = None
    changed: list[str] = field(default_factory=list)

    @property
    def row(self) -> SheetRow:
        return self.record.row

    @property
    def changed_titles(self) -> str:
        return ", ".join(str(SheetRow._meta.get_field(name).verbose_name) for name in self.changed)


@dataclass
class Plan:
    """Every row of the file; `unknown`: titles of columns that are passed over; `left`: rows not in the file."""

    sheet: RegistrationSheet
    items: list[Item]
    unknown: list[str]
    left: list[SheetRow]
    sha256: str

    def count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome for item in self.items)

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        return [(outcome, self.count(outcome)) for outcome in Outcome]

    @property
    def has_errors(self) -> bool:
        return any(item.outcome == Outcome.ERROR for item in self.items)

    @property
    def has_sheets(self) -> bool:
        """Do the rows come from several sheets, so that a number alone does not say where?"""
        return len({item.record.sheet for item in self.items}) > 1

    @property
    def changes_anything(self) -> bool:
        return any(item.outcome in (Outcome.NEW, Outcome.CHANGED) for item in self.items)

    @property
    def can_be_applied(self) -> bool:
        return not self.has_errors and self.changes_anything

    @property
    def ordered(self) -> list[Item]:
        """Mistakes first, then what changes, then the rest."""
        order = [Outcome.ERROR, Outcome.CHANGED, Outcome.NEW, Outcome.SAME]
        return sorted(self.items, key=lambda item: (order.index(item.outcome), not item.record.remarks))

    @property
    def mark(self) -> str:
        """The same as long as the file and its consequences are; confirming sends back the mark that was seen."""
        told = [f"{item.record.number}{item.outcome.name}{item.changed}" for item in self.items]
        return hashlib.sha256("|".join([self.sha256, *told]).encode()).hexdigest()


def read_source(file: StoredFile) -> bytes:
    """The bytes of an uploaded file. Raises TableError where it may not be opened yet, or is gone."""
    if not file.is_ready:
        raise TableError("Файл ещё проверяется на вирусы. Откройте страницу через минуту.")
    try:
        return (settings.MEDIA_ROOT / file.path).read_bytes()
    except FileNotFoundError as error:
        raise TableError("Файла больше нет на сервере: загрузите его ещё раз.") from error


def layout_of(kind: str, school_class) -> tables.Layout:
    return (LAYOUTS if school_class else SCHOOL_LAYOUTS)[kind]


def plan_of(sheet: RegistrationSheet, *, asker: User, date: datetime.date) -> Plan:
    """The plan of the sheet's file. A constant number of queries. Raises TableError."""
    table = tables.locate(tables.read(read_source(sheet.source)), layout_of(sheet.kind, sheet.school_class))
    dictionaries = Dictionaries.load(date)
    records = [clean(row, sheet, dictionaries) for row in table.rows]
    existing = list(sheet.rows.select_related("school_class", "position", "method_group", "person"))
    meetings = _meet(records, existing)
    examine(records, sheet, asker=asker, date=date, meetings=meetings)
    items = [_item(record, meetings.get(id(record))) for record in records]
    met = {row.pk for row in meetings.values()}
    return Plan(sheet, items, table.unknown, [row for row in existing if row.pk not in met], sheet.source.sha256)


def examine(
    records: list[Record], sheet: RegistrationSheet, *, asker: User, date: datetime.date, meetings: dict | None = None
) -> None:
    """Asks every check of every record: for rows of a file and for one typed by hand alike."""
    for record in records:
        _keep_decisions(record, (meetings or {}).get(id(record)))
    known = Known([record.row for record in records], sheet, date)
    for record in records:
        for check in CHECKS[sheet.kind]:
            check(record, known, asker)
    checks.duplicates(records)


def _keep_decisions(record: Record, existing: SheetRow | None) -> None:
    """Whom somebody has recognised stays recognised, as long as name and birth date do."""
    if existing and existing.identity == record.row.identity:
        record.row.person, record.row.is_other = existing.person, existing.is_other


def _meet(records: list[Record], existing: list[SheetRow]) -> dict[int, SheetRow]:
    """Which row of the sheet a record is about: by its key, else by a name that stands once on both sides."""
    by_key = {key_of(row): row for row in existing}
    found = {id(record): by_key[key_of(record.row)] for record in records if key_of(record.row) in by_key}
    if records and records[0].row.sheet.kind == Kind.CLASSES:
        return found
    taken = {row.pk for row in found.values()}
    free_rows = _once((row.name_key, row) for row in existing if row.pk not in taken)
    free_records = _once((record.row.name_key, record) for record in records if id(record) not in found)
    return found | {id(free_records[key]): free_rows[key] for key in free_records.keys() & free_rows.keys() if key}


def _once(pairs) -> dict:
    seen: dict = {}
    twice = set()
    for key, value in pairs:
        if key in seen:
            twice.add(key)
        seen[key] = value
    return {key: value for key, value in seen.items() if key not in twice}


def _item(record: Record, existing: SheetRow | None) -> Item:
    changed = _changed(record, existing) if existing else []
    if record.has_errors:
        return Item(record, Outcome.ERROR, existing, changed)
    if existing:
        return Item(record, Outcome.CHANGED if changed else Outcome.SAME, existing, changed)
    return Item(record, Outcome.SAME if is_settled(record) else Outcome.NEW)


def _changed(record: Record, existing: SheetRow) -> list[str]:
    """Fields that the file has otherwise; columns that the file does not have change nothing."""
    names = [name for name in record.fields if name != "school_class" or existing.sheet.school_class_id is None]
    return [name for name in names if getattr(record.row, name) != getattr(existing, name)]


def is_settled(record: Record) -> bool:
    """So already: nothing is left to register."""
    row = record.row
    if row.sheet.kind == Kind.CLASSES:
        is_led = not row.surname or row.person_id is not None or record.is_fact
        return row.school_class_id is not None and is_led
    return record.is_fact
