"""The verbs of the dictionary of kinds of work (7.2)."""

from django.db import transaction

from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from journal.models import WorkKind


@transaction.atomic
def save_work_kind(row: WorkKind, *, seen: Seen | None = None, by: Actor) -> WorkKind:
    """Adds or changes a kind. Columns that have it keep their weight; marks keep its code. Audited.

    Raises ValidationError, Stale.
    """
    refuse_stale(row, seen)
    return save_row(row, by=by)
