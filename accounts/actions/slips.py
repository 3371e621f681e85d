"""The verbs of a slip's way: handed over, given to the owner, void (9.6). No password passes through here."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import Slip, User

NOTHING_LEFT = "Отмечать уже нечего: эти листки вручены, переданы или недействительны. Обновите список."


def void_slip(person: User, reason: Slip.Void) -> bool:
    """The person's standing slip counts no more, its stop-code neither; was there one?

    Used or kept, it also shows the first sign-in. Call it in the transaction of the change, which is audited there.
    """
    now = timezone.now()
    changes = {"voided_at": now, "void_reason": reason}
    if reason in (Slip.Void.USED, Slip.Void.KEPT):
        changes["used_at"] = Coalesce(F("used_at"), now)
    return bool(Slip.objects.standing().filter(person=person).update(**changes))


def note_first_sign_in(person: User) -> None:
    """The owner has signed in with the printed password, and is asked for an own one now."""
    Slip.objects.standing().filter(person=person, used_at__isnull=True).update(used_at=timezone.now())


@transaction.atomic
def hand_over(slips: Iterable[Slip], to: User, *, by: Actor) -> int:
    """Sheets of paper go to the class teacher or designated person; how many. Who may hold them, the form has asked.

    Slips given or void meanwhile are passed over. Audited. Raises ValidationError where none is left.
    """
    rows = _lock(slips, given_at__isnull=True, handed_at__isnull=True)
    Slip.objects.filter(pk__in=[row.pk for row in rows]).update(handed_to=to, handed_at=timezone.now())
    changes = {"handed_to": [None, str(to.pk)]}
    audit.record_many(audit.entry(by, "slip.handed", row, changes) for row in rows)
    return len(rows)


@transaction.atomic
def give(slips: Iterable[Slip], *, by: Actor) -> int:
    """The owners have got their slips from the one who acts; how many. Audited. Raises ValidationError."""
    rows = _lock(slips, given_at__isnull=True)
    Slip.objects.filter(pk__in=[row.pk for row in rows]).update(given_by=by.person, given_at=timezone.now())
    changes = {"given_by": [None, audit.plain(by.person)]}
    audit.record_many(audit.entry(by, "slip.given", row, changes) for row in rows)
    return len(rows)


def _lock(slips: Iterable[Slip], **still) -> list[Slip]:
    keys = [row.pk for row in slips]
    rows = list(Slip.objects.standing().select_for_update().filter(pk__in=keys, **still).order_by("pk"))
    if not rows:
        raise ValidationError(NOTHING_LEFT)
    return rows
