"""Taking a portfolio out, and saying that what was taken out does not stand any more (12.1)."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from accounts.models.credentials import STOP_CODE_ALPHABET
from portfolio.models import Export
from portfolio.sections import WHOLE, Sections

# 79 bits: nobody finds a number by trying.
NUMBER_LENGTH = 16


def begun(pupil: User, kind: str, sha256: str, sections: Sections = WHOLE, *, by: Actor) -> Export:
    """An unsaved export with a new number, for contents with this fingerprint."""
    number = "".join(secrets.choice(STOP_CODE_ALPHABET) for _ in range(NUMBER_LENGTH))
    return Export(
        pupil=pupil, kind=kind, number=number, sha256=sha256, sections=sections.kept, created_by=by.person,
        created_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def keep(row: Export, *, by: Actor) -> Export:
    """From now on it is verified by its number. Audited: whose, by whom."""
    row.save()
    kind, sha256 = row.kind, row.sha256
    audit.record(by, "export.made", row, {"kind": [None, kind], "sha256": [None, sha256]})
    return row


@transaction.atomic
def withdraw(export: Export, reason: str, *, by: Actor) -> Export:
    """From now on its verification page says that it was withdrawn. Raises ValidationError where it was before."""
    row = Export.objects.select_for_update().get(pk=export.pk)
    if row.withdrawn_at:
        raise ValidationError("Эта выгрузка уже отозвана.")
    row.withdrawn_at, row.withdrawn_by, row.reason = timezone.now(), by.person, reason
    row.full_clean()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    audit.record(by, "export.withdrawn", row, {"withdrawn_at": [None, str(row.withdrawn_at)]}, basis=reason)
    return row
