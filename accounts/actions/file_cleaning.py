"""Removing what nobody needs from the store: drafts left by a crash, bytes without a row, rows nobody points at."""

import datetime
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import audit
from accounts.actions.files import DRAFTS
from accounts.actor import Actor
from accounts.models import StoredFile

# A file may be stored for a form that is still being filled in.
GRACE = datetime.timedelta(hours=24)
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass
class Cleaned:
    """What was removed, or would be; `freed` in bytes."""

    drafts: int = 0
    strays: int = 0
    rows: int = 0
    freed: int = 0


def clean(*, by: Actor, dry_run: bool = False) -> Cleaned:
    """Removes drafts, stray bytes and rows that nobody points at, older than a day; rows and strays are audited."""
    done, before = Cleaned(), timezone.now() - GRACE
    _clean_rows(done, before, by, dry_run)
    _clean_drafts(done, before, dry_run)
    _clean_strays(done, before, by, dry_run)
    return done


def _clean_rows(done: Cleaned, before: datetime.datetime, by: Actor, dry_run: bool) -> None:
    for file in StoredFile.objects.unreferenced(before):
        if dry_run or _removed(file, before, by):
            done.rows += 1
            done.freed += file.size


def _removed(file: StoredFile, before: datetime.datetime, by: Actor) -> bool:
    """The row goes first, then its bytes. False where somebody has begun to point at the file meanwhile."""
    try:
        with transaction.atomic():
            free = StoredFile.objects.select_for_update().filter(pk=file.pk)
            if not free.exists() or not StoredFile.objects.unreferenced(before).filter(pk=file.pk).exists():
                return False
            audit.record(by, "file.removed", file, {"name": [file.name, None], "size": [file.size, None]}, "Не нужен")
            free.delete()
    except (IntegrityError, ProtectedError):
        return False
    (settings.MEDIA_ROOT / file.path).unlink(missing_ok=True)
    return True


def _clean_drafts(done: Cleaned, before: datetime.datetime, dry_run: bool) -> None:
    for path in _old_files(settings.MEDIA_ROOT / DRAFTS, before):
        done.drafts += 1
        done.freed += path.stat().st_size
        if not dry_run:
            path.unlink(missing_ok=True)


def _clean_strays(done: Cleaned, before: datetime.datetime, by: Actor, dry_run: bool) -> None:
    """Bytes whose row never came, or went without them. What else may lie in the store is left alone."""
    for folder in sorted(settings.MEDIA_ROOT.glob("[0-9a-f][0-9a-f]")):
        paths = {uuid.UUID(path.name): path for path in _old_files(folder, before)}
        known = set(StoredFile.objects.filter(pk__in=paths).values_list("pk", flat=True))
        for key in sorted(paths.keys() - known):
            size = paths[key].stat().st_size
            done.strays += 1
            done.freed += size
            if not dry_run:
                paths[key].unlink(missing_ok=True)
                audit.record(by, "file.removed", StoredFile(key=key), {"size": [size, None]}, "Содержимое без записи")


def _old_files(folder: Path, before: datetime.datetime) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path
