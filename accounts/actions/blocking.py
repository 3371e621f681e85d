"""Temporary blocks of accounts (12.2): access ends at the next request; lifting one does not revive old sessions."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.administrators import administrators_on, lock_administrators, refuse_no_administrator
from accounts.actions.sessions import kill_sessions
from accounts.actor import Actor
from accounts.models import Block, User
from eios.lib.dates import today


@transaction.atomic
def block(person: User, reason: str, *, by: Actor) -> Block:
    """Closes the account until the block is lifted.

    Effects: the block; all sessions end; audit. Raises ValidationError: no reason, oneself, blocked already, or nobody
    would be left to administer the portal.
    """
    if by.person and by.person.pk == person.pk:
        raise ValidationError("Свою учётную запись заблокировать нельзя: попросите другого администратора.")
    lock_administrators()
    User.objects.select_for_update().get(pk=person.pk)
    row = Block(person=person, reason=reason.strip(), by=by.person)
    row.full_clean(exclude=["by"])
    row.save(force_insert=True)
    if administrators_on(today()).filter(pk=person.pk).exists():
        refuse_no_administrator(today())
    kill_sessions(person)
    audit.record(by, "person.blocked", person, {"blocked": [False, True]}, row.reason)
    return row


@transaction.atomic
def unblock(person: User, reason: str, *, by: Actor) -> Block:
    """Lifts the standing block. Effects: the block; sessions from before stay dead; audit.

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
    audit.record(by, "person.unblocked", person, {"blocked": [True, False]}, row.lift_reason)
    return row
