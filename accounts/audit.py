"""Writing and reading the audit trail. Sealing and verifying stand in `accounts/sealing.py`."""

from collections.abc import Iterable

from django.db import models

from accounts.actor import Actor
from accounts.hints import AUDIT_TITLES, PERSONAL_FIELDS
from accounts.models import AuditEntry


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
        basis=basis,
    )


def record(by: Actor, action: str, obj: models.Model, changes: dict | None = None, basis: str = "") -> AuditEntry:
    """Adds one entry; call it in the transaction of the change."""
    row = entry(by, action, obj, changes, basis)
    row.save(force_insert=True)
    return row


def record_many(rows: Iterable[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(rows, batch_size=1000)


def without_personal(label: str, changes: dict) -> dict:
    personal = PERSONAL_FIELDS[label] if label in PERSONAL_FIELDS else frozenset()
    return {field: None if field in personal else pair for field, pair in changes.items()}


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
