"""The verbs of what there is to read: outside e-resources and editions of the library (1.3 a, 3.7, 10.7)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import noun_of, save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import SchoolCard
from eios.lib.dates import today
from resources.models import Holding, Subject

KEPT = ("state", "withdrawn_on", "withdrawn_why")


@transaction.atomic
def save_holding(row: Holding, subjects: Iterable[Subject], *, by: Actor, seen: Seen | None = None) -> Holding:
    """Adds or changes a resource or an edition, with its subjects; whether it is withdrawn stays as it is.

    Effects: words for the search; audit; guests' pages are drawn anew. Raises ValidationError, Stale.
    """
    refuse_stale(row, seen)
    subjects = list(subjects)
    if not row._state.adding:
        # A page read before somebody withdrew the row must not bring it back.
        for name, value in type(row).objects.select_for_update().filter(pk=row.pk).values(*KEPT).get().items():
            setattr(row, name, value)
    row.prepare_search(subjects)
    save_row(row, by=by)
    _name_subjects(row, subjects, by)
    SchoolCard.touch_public()
    return row


def _name_subjects(row: Holding, subjects: list[Subject], by: Actor) -> None:
    before, after = (sorted(one.name for one in found) for found in (row.subjects.all(), subjects))
    if before != after:
        row.subjects.set(subjects)
        audit.record(by, f"{noun_of(row)}.subjects_named", row, {"subjects": [", ".join(before), ", ".join(after)]})


@transaction.atomic
def withdraw(row: Holding, reason: str, *, by: Actor) -> None:
    """Out of use from today: no longer offered, but still readable where it was named before.

    Effects: the day and the reason; audit; guests' pages. Raises ValidationError: no reason, withdrawn already.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError("Напишите, почему: это прочтут те, у кого издание или ресурс стоит в программе.")
    row = type(row).objects.select_for_update().get(pk=row.pk)
    if not row.is_active:
        raise ValidationError(f"«{row}»: уже выведено из обращения.")
    _move(row, Holding.State.WITHDRAWN, today(), reason, "withdrawn", by)


@transaction.atomic
def restore(row: Holding, *, by: Actor) -> None:
    """Back in use. Effects as of `withdraw`. Raises ValidationError where it is in use."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    if row.is_active:
        raise ValidationError(f"«{row}»: и так действует.")
    _move(row, Holding.State.ACTIVE, None, "", "restored", by)


def _move(row: Holding, state: str, day, reason: str, verb: str, by: Actor) -> None:
    before = audit.snapshot(row, KEPT)
    row.state, row.withdrawn_on, row.withdrawn_why = state, day, reason
    row.full_clean()
    row.save(update_fields=KEPT)
    audit.record(by, f"{noun_of(row)}.{verb}", row, audit.difference(before, audit.snapshot(row, KEPT)))
    SchoolCard.touch_public()
