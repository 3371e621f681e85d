"""Temporary blocks of accounts (12.2): access ends at the next request; lifting one does not revive old sessions."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actions.sessions import kill_sessions
from accounts.actor import Actor
from accounts.models import Appointment, Block, Position, User
from eios.lib.dates import today

ADMINISTRATOR = "system_administrator"


@transaction.atomic
def block(person: User, reason: str, *, by: Actor) -> Block:
    """Closes the account until the block is lifted.

    Effects: the block; all sessions end; audit. The person is not notified: the blocked receive nothing. Raises
    ValidationError: no reason, oneself, blocked already, or nobody would be left to administer the portal.
    """
    if by.person and by.person.pk == person.pk:
        raise ValidationError("Свою учётную запись заблокировать нельзя: попросите другого администратора.")
    _lock_administrators()
    User.objects.select_for_update().get(pk=person.pk)
    row = Block(person=person, reason=reason.strip(), by=by.person)
    row.full_clean(exclude=["by"])
    row.save(force_insert=True)
    _refuse_no_administrator(person)
    kill_sessions(person)
    audit.record(by, "person.blocked", person, {"blocked": [False, True]}, row.reason)
    return row


@transaction.atomic
def unblock(person: User, reason: str, *, by: Actor) -> Block:
    """Lifts the standing block. Effects: the block; sessions from before stay dead; the person is notified; audit.

    Raises ValidationError: no reason, oneself, or not blocked.
    """
    if by.person and by.person.pk == person.pk:
        raise ValidationError("Свою учётную запись разблокировать нельзя.")
    row = Block.objects.standing().select_for_update().filter(person=person).first()
    if row is None:
        raise ValidationError("Учётная запись не заблокирована.")
    if not reason.strip():
        raise ValidationError("Укажите, почему блокировка снимается.")
    row.lifted_at, row.lifted_by, row.lift_reason = timezone.now(), by.person, reason.strip()
    row.full_clean(exclude=["person", "by", "lifted_by"])
    row.save()
    kill_sessions(person)
    entry = audit.record(by, "person.unblocked", person, {"blocked": [True, False]}, row.lift_reason)
    notify([person], "security", letter="unblocked", key=f"security:{entry.pk}", by=by)
    return row


def _lock_administrators() -> None:
    """Two administrators who block each other at once come here one after another."""
    list(Position.objects.select_for_update().filter(code=ADMINISTRATOR))


def _refuse_no_administrator(person: User) -> None:
    """Asked after the block, in its transaction: whoever is alive now could lift it."""
    administers = Q(is_superuser=True) | Q(
        appointments__in=Appointment.objects.on(today()).filter(position__code=ADMINISTRATOR)
    )
    if not User.objects.filter(administers, pk=person.pk).exists():
        return
    if not User.objects.alive(today()).filter(administers).exists():
        raise ValidationError("Это последний системный администратор: заблокировать его нельзя.")
