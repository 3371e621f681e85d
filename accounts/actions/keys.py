"""Sealed values go over to the first key of FIELD_KEYS."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Model

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard
from accounts.rotation import Place, places, size
from eios.lib import crypto


@dataclass
class Outcome:
    """What a rotation did, and what it had to leave as it was: rows by missing key, and rows that open with no key."""

    rotated: int = 0
    missing: dict[str, Counter[str]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    changed_meanwhile: int = 0

    @property
    def is_whole(self) -> bool:
        """Is every sealed value under the first key now?"""
        return not (self.missing or self.damaged or self.changed_meanwhile)


def rotate(report: Callable[[int, int], None], *, by: Actor) -> Outcome:
    """Re-seals everything that another key than the first one holds; `report(done, total)` hears of the progress.

    A batch is a transaction of its own: broken off, it goes on where it stopped, since what is done is under the first
    key. A row is written only if it is as it was read. Rows whose key is missing, or that open with no key, stay as
    they are. Effects: sealed values; one audit entry with the number of rows.
    """
    outcome, total, done = Outcome(), size(), 0
    for place in places():
        for keys in place.batches():
            _rotate_batch(place, keys, outcome)
            done += len(keys)
            report(done, total)
    if outcome.rotated:
        audit.record(by, "keys.rotated", SchoolCard.current(), {"rows": [None, outcome.rotated]}, crypto.first_key())
    return outcome


@transaction.atomic
def _rotate_batch(place: Place, keys: list[int], outcome: Outcome) -> None:
    for row in place.rows().filter(pk__in=keys).order_by("pk").select_for_update():
        if place.keys_of(row) - {crypto.first_key()}:
            _rotate_row(place, row, outcome)


def _rotate_row(place: Place, row: Model, outcome: Outcome) -> None:
    bound_to = place.place_of(row)
    try:
        fresh = place.rewritten(row, lambda sealed: crypto.seal(crypto.unseal(sealed, row=bound_to), row=bound_to))
    except crypto.MissingKey as missing:
        outcome.missing.setdefault(missing.name, Counter())[place.title] += 1
        return
    except crypto.CannotOpen:
        outcome.damaged.append(f"{place.title} №{row.pk}")
        return
    as_read = {"pk": row.pk, place.field: getattr(row, place.field)}
    if place.rows().filter(**as_read).update(**{place.field: fresh}):
        outcome.rotated += 1
    else:
        outcome.changed_meanwhile += 1
