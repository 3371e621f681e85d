"""The verbs of the technological passport (5.8-5.10): a draft, then signed and unchangeable."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from resources import technology
from resources.models import TechnologySheet


@transaction.atomic
def add_sheet(sheet: TechnologySheet, *, by: Actor) -> TechnologySheet:
    """A new passport, not signed yet. Audited. Raises ValidationError: there is one for the day, figures can't be."""
    sheet.made_by = by.person
    return save_row(sheet, by=by)


@transaction.atomic
def change_sheet(sheet: TechnologySheet, *, by: Actor) -> TechnologySheet:
    """Corrects a passport while it is not signed. Audited. Raises ValidationError."""
    _refuse_signed(TechnologySheet.objects.select_for_update().get(pk=sheet.pk))
    return save_row(sheet, by=by)


@transaction.atomic
def sign_sheet(sheet: TechnologySheet, *, by: Actor) -> TechnologySheet:
    """The system administrator, or who acts for him, answers for the figures (second 5.8).

    Effects: the passport can't be changed any more; audit. Raises ValidationError: not the one who signs, signed.
    """
    row = TechnologySheet.objects.select_for_update().get(pk=sheet.pk)
    _refuse_signed(row)
    signs_as = technology.signs_as(by.person) if by.person else ""
    if not signs_as:
        raise ValidationError("Паспорт подписывает системный администратор или тот, кто исполняет его обязанности.")
    row.signed_by, row.signed_as, row.signed_at = by.person, signs_as, timezone.now()
    row.save(update_fields=["signed_by", "signed_as", "signed_at"])
    audit.record(by, "technology_sheet.signed", row, basis=str(row))
    return row


def _refuse_signed(row: TechnologySheet) -> None:
    if row.is_signed:
        raise ValidationError("Паспорт подписан и больше не меняется: составьте новый на другой день.")
