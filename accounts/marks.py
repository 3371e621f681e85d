"""What an editor had before the eyes: a change that another made meanwhile is shown, not silently overwritten."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry


@dataclass(frozen=True)
class Seen:
    """The fields that an editor changes, and a digest of what stood in them."""

    fields: tuple[str, ...]
    mark: str


class Stale(ValidationError):
    """The row is not what the editor saw."""

    def __init__(self, row: models.Model):
        super().__init__(f"Пока вы правили, «{row}» изменили{_who(row)}. Ваши правки остались в форме, но не записаны.")


def seen_of(row: models.Model, fields: Iterable[str]) -> Seen:
    """What stands in these fields of a stored row, lists too. Asked before a form changes it; a query for each list."""
    plain, lists = [], {}
    for name in fields:
        if row._meta.get_field(name).many_to_many:
            lists[name] = sorted(getattr(row, name).values_list("pk", flat=True)) if row.pk else []
        else:
            plain.append(name)
    return Seen(tuple(fields), digest(audit.snapshot(row, plain) | lists))


def digest(values) -> str:
    """Sixteen letters that stand for the values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def refuse_stale(row: models.Model, seen: Seen | None) -> None:
    """Locks the stored row until the end of the transaction. Raises Stale where it is not what was seen.

    None is from where nothing was shown before: a command, an import.
    """
    if seen is None:
        return
    stored = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if seen_of(stored, seen.fields) != seen:
        raise Stale(stored)


def _who(row: models.Model) -> str:
    """« (Иванова М. П., 25.11.2026 в 14:05)», as the trail says."""
    entry = AuditEntry.objects.of(row).select_related("actor").order_by("-pk").first()
    if entry is None:
        return ""
    name = entry.actor.initials if entry.actor else entry.actor_label
    return f" ({name}, {timezone.localtime(entry.at):%d.%m.%Y в %H:%M})"
