"""Writing down what came of asking elements' addresses (5.6)."""

import datetime

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.outside import Answer
from resources.models import Availability, AvailabilityCheck, Element

SEEN = ("outcome", "status", "milliseconds", "certificate_until", "detail")


@transaction.atomic
def record_check(element: Element, address: str, answer: Answer, *, by: Actor, at: datetime.datetime) -> Availability:
    """Adds a check of the address to the element's history, and settles its state.

    Effects: a row of history; the state. Where cards show another state than before, public pages are stale; that an
    element went down or came back is audited.
    """
    Element.objects.select_for_update().get(pk=element.pk)
    seen = {name: getattr(answer, name) for name in SEEN} | {"outcome": answer.outcome.value}
    check = AvailabilityCheck.objects.create(element=element, at=at, **seen)
    old = Availability.objects.filter(element=element).first()
    new = Availability(pk=old.pk if old else None, element=element, address=address, checked_at=at, since=at, **seen)
    if old and _goes_on(old, new):
        new.since, new.in_a_row = old.since, old.in_a_row + 1
    new.save()
    if old is None or old.shown != new.shown:
        SchoolCard.touch_public()
    _record_turn(old, new, check, by)
    return new


def _goes_on(old: Availability, new: Availability) -> bool:
    """Does the new check tell the same as the ones before: works, fails (in whatever way), or is not asked?"""
    same = (old.works, old.is_refused) == (new.works, new.is_refused)
    return same and old.address == new.address and old.since <= new.checked_at


def _record_turn(old: Availability | None, new: Availability, check: AvailabilityCheck, by: Actor) -> None:
    was_down = bool(old and old.is_down)
    if new.is_down and not was_down:
        audit.record(by, "availability.down", new.element, basis=check.detail)
    elif was_down and new.works:
        audit.record(by, "availability.up", new.element, basis=check.detail)


def forget_old_checks(*, now: datetime.datetime) -> int:
    """Deletes checks older than is kept; the state stays. Returns how many."""
    count, _ = AvailabilityCheck.objects.outlived(now).delete()
    return count
