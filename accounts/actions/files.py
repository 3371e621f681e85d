"""Taking a file into the store: checked by content, counted against the quota, written so that it can't be half there.

Store a file in the transaction of the row that will point at it. Should that transaction fail, the bytes are left
without a row, and `clean_files` removes them a day later.
"""

import hashlib
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit, scanning
from accounts.actor import Actor
from accounts.hints import FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib import filetypes
from eios.lib.filetypes import FileKind, FileRefused, size_text

log = logging.getLogger(__name__)

AUDITED = ("name", "kind", "media_type", "size")
# A dotted folder: backups pass it over.
DRAFTS = ".drafts"
# The group may read, so that a front server of the same group can send the bytes (X_ACCEL_PREFIX).
FILE_MODE, FOLDER_MODE = 0o640, 0o750
NOT_KEPT = "Файл не удалось сохранить: на сервере нет места или диск не отвечает. Сообщите системному администратору."


@dataclass(frozen=True)
class Draft:
    """Bytes that have arrived and stand in the store under a passing name."""

    path: Path
    size: int
    sha256: str


def store(upload: File, *, kind: str, by: Actor, owner: User | None) -> StoredFile:
    """Takes the file for this purpose (a name of FILE_KINDS), on the quota of `owner`; None has no quota.

    Effects: bytes on the disk, then their row and an audit entry. With a virus scanner that does not answer the file
    waits and is shown to nobody. Raises FileRefused with a sentence for the person; nothing is kept then.
    """
    rules = FILE_KINDS[kind]
    with _received(upload, rules) as draft:
        with open(draft.path, "rb") as file:
            media_type = filetypes.examine(file, rules)
            bare = filetypes.without_metadata(file, media_type) if rules.without_metadata else None
        if bare is not None:
            return store(ContentFile(bare, upload.name), kind=kind, by=by, owner=owner)
        row = StoredFile(kind=kind, media_type=media_type, size=draft.size, sha256=draft.sha256, owner=owner)
        row.name = filetypes.clean_name(upload.name or "", media_type)
        row.state = _state_of(draft, by, owner)
        return _keep(draft, row, by)


def settle(current: StoredFile | None, wanted, *, kind: str, by: Actor, owner: User | None) -> StoredFile | None:
    """What a row should point at after a StoredFileField: a new file stored, none, or the one that stands."""
    if isinstance(wanted, UploadedFile):
        return store(wanted, kind=kind, by=by, owner=owner)
    return None if wanted is False else current


def quota() -> int:
    """Bytes that one person may keep in the store."""
    return settings.FILE_QUOTA_MB * filetypes.MIB


@contextmanager
def _received(upload: File, rules: FileKind) -> Iterator[Draft]:
    """The upload as a draft in the store, counted and hashed on the way; gone afterwards unless it was kept."""
    path = settings.MEDIA_ROOT / DRAFTS / uuid.uuid4().hex
    try:
        with _disk_errors():
            path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            draft = _write(upload, path, rules)
        yield draft
    finally:
        with _disk_errors():
            path.unlink(missing_ok=True)


def _write(upload: File, path: Path, rules: FileKind) -> Draft:
    size, digest = 0, hashlib.sha256()
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as out:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > rules.max_bytes:
                break
            digest.update(chunk)
            out.write(chunk)
        filetypes.check_size(size, rules)
        out.flush()
        os.fsync(out.fileno())
    return Draft(path, size, digest.hexdigest())


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.exception("the store can't be written")
        raise FileRefused(NOT_KEPT) from error


def _state_of(draft: Draft, by: Actor, owner: User | None) -> str:
    """Ready when clean or when there is no scanner. Raises FileRefused for a virus."""
    if not scanning.is_configured():
        return StoredFile.State.READY
    try:
        virus = scanning.virus_in(draft.path)
    except scanning.ScannerUnreachable as error:
        log.warning("a file waits for the virus scanner: %s", error)
        return StoredFile.State.WAITING
    if virus is None:
        return StoredFile.State.READY
    log.warning("a virus in a file given by %s from %s: %s", by.label, by.address, virus)
    if owner is not None:
        with transaction.atomic():
            audit.record(by, "file.infected", owner, basis=virus[:300])
    raise FileRefused("В файле найден вирус, поэтому он не принят. Проверьте свой компьютер или телефон.")


@transaction.atomic
def _keep(draft: Draft, row: StoredFile, by: Actor) -> StoredFile:
    """Bytes first, then the row: a row never stands without its bytes."""
    _check_quota(row.owner, row.size)
    place = settings.MEDIA_ROOT / row.path
    with _disk_errors():
        place.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        draft.path.rename(place)
        _sync(place.parent)
    row.save(force_insert=True)
    audit.record(by, "file.stored", row, audit.difference({}, audit.snapshot(row, AUDITED)))
    return row


def _check_quota(owner: User | None, size: int) -> None:
    if owner is None:
        return
    # Two uploads at once must see each other: the second waits here for the first.
    User.objects.select_for_update(no_key=True).filter(pk=owner.pk).values_list("pk").get()
    taken = StoredFile.objects.bytes_of(owner)
    if taken + size > quota():
        raise FileRefused(
            f"Ваши файлы занимают {size_text(taken)} из {size_text(quota())}, этот не помещается. Удалите ненужное."
        )


def _sync(folder: Path) -> None:
    """Makes the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rescan(file: StoredFile, *, by: Actor) -> str:
    """Looks for viruses once more; the file becomes ready or refused. Returns the state.

    Raises scanning.ScannerUnreachable; the file then stays as it was.
    """
    virus = scanning.virus_in(settings.MEDIA_ROOT / file.path)
    state = StoredFile.State.REFUSED if virus else StoredFile.State.READY
    with transaction.atomic():
        changed = StoredFile.objects.filter(pk=file.pk, state=file.state).exclude(state=state).update(state=state)
        if changed:
            audit.record(by, "file.scanned", file, {"state": [file.state, state]}, basis=(virus or "")[:300])
    return state
