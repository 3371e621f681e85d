"""Writing the audit trail. It is read in `accounts/history.py`, sealed and verified in `accounts/sealing.py`."""

import functools
import re
from collections.abc import Iterable

from django.db import models

from accounts.actor import Actor
from accounts.hints import AUDIT_FOLLOWERS, AUDIT_TITLES, PERSONAL_FIELDS
from accounts.models import AuditEntry

# Whatever model they stand in, texts under such names never get into the trail.
SECRET = re.compile(r"password|secret|token|hash|sha256|salt|cipher|seed|^sealed$|^session_|^data$|(?:^|_)key$")


def entry(by: Actor, action: str, obj: models.Model, changes: dict | None = None, basis: str = "") -> AuditEntry:
    """An unsaved entry; bulk writers collect them and save with `record_many`."""
    if action not in AUDIT_TITLES:
        raise ValueError(f"audit action without a title: {action}")
    label = obj._meta.label_lower
    return AuditEntry(
        actor=by.person,
        actor_label=by.label[:60],
        address=by.address,
        action=action,
        object_type=label,
        object_id=str(obj.pk),
        changes=without_personal(label, changes or {}),
        basis=basis[:300],
    )


def record(by: Actor, action: str, obj: models.Model, changes: dict | None = None, basis: str = "") -> AuditEntry:
    """Adds one entry; call it in the transaction of the change."""
    row = entry(by, action, obj, changes, basis)
    row.save(force_insert=True)
    _tell([row])
    return row


def record_many(rows: Iterable[AuditEntry]) -> None:
    _tell(AuditEntry.objects.bulk_create(rows, batch_size=1000))


def _tell(rows: list[AuditEntry]) -> None:
    for _, follower in AUDIT_FOLLOWERS.items():
        follower(rows)


def without_personal(label: str, changes: dict) -> dict:
    """The same changes, but only «changed» for fields that identify a person and for secrets."""
    return {field: None if _is_hidden(label, field, pair) else pair for field, pair in changes.items()}


def _is_hidden(label: str, field: str, pair) -> bool:
    if label in PERSONAL_FIELDS and field in PERSONAL_FIELDS[label]:
        return True
    return _sounds_secret(field) and not _is_switch(pair)


# Fields are few and entries many: a bulk writer asks ten thousand times about the same twenty names.
@functools.lru_cache(maxsize=1024)
def _sounds_secret(field: str) -> bool:
    return SECRET.search(field) is not None


def _is_switch(pair) -> bool:
    return isinstance(pair, list) and all(value is None or isinstance(value, bool) for value in pair)


def plain(value) -> str | int | bool | None:
    """A field's value as the trail keeps it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, models.Model):
        return str(value.pk)
    return str(value)


def snapshot(obj: models.Model, fields: Iterable[str]) -> dict:
    return {field: plain(getattr(obj, obj._meta.get_field(field).attname)) for field in fields}


def difference(before: dict, after: dict) -> dict:
    """{field: [before, after]} of what differs."""
    return {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}
