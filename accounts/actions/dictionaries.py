"""Rows of the small dictionaries, edited at the desk: positions, method groups, years, classes, levels."""

from django.db import models, transaction
from django.utils.text import camel_case_to_spaces

from accounts import audit
from accounts.actor import Actor


@transaction.atomic
def save_row(row: models.Model, *, by: Actor, basis: str = "") -> models.Model:
    """Adds or changes a row, audited; an unchanged one leaves no trace. Raises ValidationError."""
    old = None if row._state.adding else type(row).objects.select_for_update().get(pk=row.pk)
    row.full_clean()
    row.save()
    before = audit.snapshot(old, _audited(row)) if old else {}
    changes = audit.difference(before, audit.snapshot(row, _audited(row)))
    if changes:
        audit.record(by, f"{noun_of(row)}.{'changed' if old else 'added'}", row, changes, basis)
    return row


@transaction.atomic
def delete_row(row: models.Model, *, by: Actor, basis: str = "") -> None:
    """Deletes a row that nothing refers to. Raises ProtectedError where something does."""
    changes = {field: [value, None] for field, value in audit.snapshot(row, _audited(row)).items()}
    # Written while the row has its key, recorded once it is gone: who follows the trail looks for it.
    entry = audit.entry(by, f"{noun_of(row)}.deleted", row, changes, basis)
    row.delete()
    audit.record_many([entry])


def noun_of(row: models.Model) -> str:
    """The first half of an audited action: MethodGroup → method_group."""
    return camel_case_to_spaces(row._meta.object_name).replace(" ", "_")


def _audited(row: models.Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]
