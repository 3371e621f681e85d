"""The verbs of «Сведения»: values typed, subsections looked through, where they live, what was taken out (8.1, 8.3)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.models import SchoolCard, StoredFile
from resources.file_owners import SVEDEN_FILE
from resources.models import ONE, SvedenCheck, SvedenExport, SvedenSettings, SvedenValue
from resources.sveden.archive import Archive
from resources.sveden.entries import Entry, mark_of
from resources.sveden.table import Block, Field, Section

STALE = "Пока страница была открыта, эти сведения изменили. Откройте страницу заново и внесите правку ещё раз."


@transaction.atomic
def save_values(
    section: Section, block: Block, row: int, entries: dict[str, Entry], *, seen: str, by: Actor
) -> list[SvedenValue]:
    """Writes the typed fields of a row: a new value, a changed one, or none where the field was emptied.

    Effects: values with their author and moment, files stored; audit; cached public pages are stale.
    Raises ValidationError (stale, both «нет» and a value, a bad address), FileRefused.
    """
    _queue()
    stand = {value.field: value for value in _of_row(section, block, row)}
    if mark_of(stand.values()) != seen:
        raise ValidationError(STALE)
    saved = [_settle(section, block, row, key, entry, stand.get(key), by) for key, entry in entries.items()]
    _forget_none(section, block, by)
    SchoolCard.touch_public()
    return [value for value in saved if value is not None]


@transaction.atomic
def add_values(section: Section, block: Block, entries: dict[str, Entry], *, by: Actor) -> list[SvedenValue]:
    """A new row of a group that people type. Audited. Raises ValidationError (nothing is typed), FileRefused."""
    if all(entry.is_empty for entry in entries.values()):
        raise ValidationError("Заполните хотя бы одно поле.")
    _queue()
    last = SvedenValue.objects.filter(section=section.path, block=block.key).aggregate(last=Max("row"))["last"]
    return save_values(section, block, (last or 0) + 1, entries, seen="", by=by)


@transaction.atomic
def remove_row(section: Section, block: Block, row: int, *, by: Actor) -> None:
    """Takes a typed row away with all its values. Audited."""
    _queue()
    for value in _of_row(section, block, row):
        delete_row(value, by=by)
    SchoolCard.touch_public()


@transaction.atomic
def say_none(section: Section, block: Block, *, is_none: bool, by: Actor) -> None:
    """«Нет» of a whole group, or no such word any more. Audited. Raises ValidationError where the group has rows."""
    _queue()
    mine = SvedenValue.objects.filter(section=section.path, block=block.key)
    if is_none and block.many and mine.exclude(field="").exists():
        raise ValidationError("В таблице есть строки: сначала уберите их, потом отметьте «нет».")
    value = mine.filter(field="", row=ONE).first()
    if is_none and value is None:
        _save(SvedenValue(section=section.path, block=block.key, field="", row=ONE, is_none=True), by)
    if not is_none and value is not None:
        delete_row(value, by=by)
    SchoolCard.touch_public()


@transaction.atomic
def fill_empty(section: Section, block: Block, field: Field, rows: Iterable[int], entry: Entry, *, by: Actor) -> int:
    """The same words, or «нет», in the rows of a column that have nothing yet. Audited. Returns how many."""
    _queue()
    mine = SvedenValue.objects.filter(section=section.path, block=block.key, field=field.key)
    filled = set(mine.values_list("row", flat=True))
    wanted = [row for row in rows if row not in filled]
    for row in wanted:
        _settle(section, block, row, field.key, entry, None, by)
    SchoolCard.touch_public()
    return len(wanted)


@transaction.atomic
def confirm(section: Section, *, by: Actor) -> SvedenCheck:
    """«Проверено, изменений нет»: the term of ten working days begins anew. Audited."""
    row = SvedenCheck.objects.create(section=section.path, by=by.person)
    audit.record(by, "sveden.checked", row, basis=section.title)
    return row


@transaction.atomic
def change_settings(*, place: str, official_address: str, by: Actor) -> SvedenSettings:
    """Here or on the official site (8.1, 8.3). Audited. Raises ValidationError: outside, and no site is known."""
    _queue()
    row = SvedenSettings.current()
    row.place, row.official_address = place, official_address
    if row.is_outside and not (official_address or SchoolCard.current().site):
        raise ValidationError({"official_address": "Укажите адрес: в карточке школы сайта нет."})
    save_row(row, by=by)
    SchoolCard.touch_public()
    return row


@transaction.atomic
def record_export(archive: Archive, *, by: Actor) -> SvedenExport:
    """Notes what was taken out, when and by whom, before it is handed over (8.3). Audited."""
    row = SvedenExport.objects.create(
        by=by.person, sha256=archive.digest, size=archive.size, pages=archive.pages, files=archive.files,
        prints=archive.prints,
    )  # fmt: skip
    changes = {"pages": [None, archive.pages], "files": [None, archive.files], "size": [None, archive.size]}
    audit.record(by, "sveden.exported", row, changes, basis=f"SHA-256 {archive.digest}")
    return row


def _queue() -> None:
    """Whoever writes «Сведения» waits here for the one who writes now: two new rows never get one number."""
    list(SchoolCard.objects.select_for_update().filter(pk=1))


def _of_row(section: Section, block: Block, row: int):
    return SvedenValue.objects.filter(section=section.path, block=block.key, row=row).exclude(field="")


def _settle(section, block, row: int, key: str, entry: Entry, stands: SvedenValue | None, by: Actor):
    """One field of a row: saved where it differs, deleted where it was emptied; None where nothing stands."""
    if entry.is_empty:
        if stands is not None:
            delete_row(stands, by=by)
        return None
    value = stands or SvedenValue(section=section.path, block=block.key, field=key, row=row)
    before = _said(value)
    value.text, value.link, value.document, value.is_none = entry.text, entry.link, entry.document, entry.is_none
    value.file = _file(value.file, entry.file, by)
    return value if stands is not None and _said(value) == before else _save(value, by)


def _file(current: StoredFile | None, wanted, by: Actor) -> StoredFile | None:
    return files.settle(current, wanted, kind=SVEDEN_FILE, by=by, owner=by.person) if wanted else None


def _said(value: SvedenValue) -> tuple:
    return (value.text, value.link, value.document_id, value.file_id, value.is_none)


def _save(value: SvedenValue, by: Actor) -> SvedenValue:
    value.changed_by = by.person
    return save_row(value, by=by)


def _forget_none(section: Section, block: Block, by: Actor) -> None:
    """A group that has got a row is «нет» no more."""
    rows = SvedenValue.objects.filter(section=section.path, block=block.key)
    if block.has_rows and rows.exclude(field="").exists():
        for value in rows.filter(field=""):
            delete_row(value, by=by)
