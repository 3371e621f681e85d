"""Temporary blocks of accounts (12.2): access ends at the next request; lifting one does not revive old sessions."""

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.administrators import administrators_on, lock_administrators, refuse_no_administrator
from accounts.actions.notifications import notify
from accounts.actions.reports import record_report, tell_open_report
from accounts.actions.sessions import kill_sessions
from accounts.actions.slips import void_slip
from accounts.actor import Actor
from accounts.models import AccessReport, Block, ReportEvent, Slip, User
from eios.lib.dates import today

BY_ONESELF = "Остановлено самим владельцем: пароль узнал кто-то ещё"
BY_CODE = "Остановлено по стоп-коду с листка"
What = AccessReport.What


@transaction.atomic
def block(person: User, reason: str, *, by: Actor, needs_new_password: bool = False) -> Block:
    """Closes the account until the block is lifted. Whether the actor may is asked in `accounts/blocking_scope.py`.

    Effects: the block; all sessions end; with `needs_new_password` the slip is void; the open report is told; audit.
    Raises ValidationError: no reason, oneself, blocked already, or nobody would be left to administer the portal.
    """
    if by.person and by.person.pk == person.pk:
        raise ValidationError("Свою учётную запись заблокировать нельзя: попросите другого администратора.")
    return _block(person, reason, by=by, needs_new_password=needs_new_password)


@transaction.atomic
def block_oneself(*, by: Actor) -> Block:
    """One who still is signed in stops the own account at once, having shown the password again (12.2).

    Effects: as of `block`, the password does not work again; a report, so that new credentials are prepared. Raises
    ValidationError: blocked already, or the last system administrator.
    """
    person = by.person
    lock_administrators()
    record_report(login=person.username, person=person, what=What.SELF, by=by)
    return _block(person, BY_ONESELF, by=by, needs_new_password=True)


@transaction.atomic
def block_by_stop_code(code: str, *, by: Actor) -> bool:
    """Whoever holds a slip stops the account that it was printed for, once (12.2). Was the code right?

    Effects: the slip is void; the account is blocked unless it is; a report; audit. The last system administrator's
    code blocks nothing and stays, which the trail tells.
    """
    slip = Slip.objects.of_stop_code(code).select_related("person").first()
    if slip is None:
        return False
    lock_administrators()
    try:
        with transaction.atomic():
            return _stop(slip, by)
    except ValidationError as refusal:
        audit.record(by, "person.stop_refused", slip.person, basis=" ".join(refusal.messages))
        return False


def _stop(slip: Slip, by: Actor) -> bool:
    """False where another press was first: the code works once."""
    person = slip.person
    works = Slip.objects.with_working_code().filter(pk=slip.pk)
    if not works.update(void_reason=Slip.Void.STOPPED, voided_at=timezone.now()):
        return False
    record_report(login=person.username, person=person, what=What.CODE, by=by)
    if not Block.objects.standing().filter(person=person).exists():
        _block(person, BY_CODE, by=by, needs_new_password=True)
    audit.record(by, "person.stopped_by_code", person)
    return True


@transaction.atomic
def unblock(person: User, reason: str, *, by: Actor, new_password: bool = False) -> Block:
    """Lifts the standing block.

    Effects: the block; sessions from before stay dead; where others know the password (the block says so, or
    `new_password`), it is gone, and a new one must be issued; the open report is told; the person is notified; audit.
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
    row.needs_new_password = row.needs_new_password or new_password
    row.full_clean(exclude=["person", "by", "lifted_by"])
    row.save()
    changes = {"blocked": [True, False]}
    if row.needs_new_password:
        void_slip(person, Slip.Void.BLOCKED)
        kill_sessions(person, password=make_password(None), must_change_password=True)
        changes["new_password"] = [False, True]
    else:
        kill_sessions(person)
    tell_open_report(person, ReportEvent.Kind.UNBLOCKED, row.lift_reason, by=by)
    entry = audit.record(by, "person.unblocked", person, changes, row.lift_reason)
    notify([person], "security", letter="unblocked", key=f"security:{entry.pk}", by=by)
    return row


def _block(person: User, reason: str, *, by: Actor, needs_new_password: bool) -> Block:
    lock_administrators()
    User.objects.select_for_update().get(pk=person.pk)
    row = Block(person=person, reason=reason.strip(), by=by.person, needs_new_password=needs_new_password)
    row.full_clean(exclude=["by"])
    row.save(force_insert=True)
    if administrators_on(today()).filter(pk=person.pk).exists():
        refuse_no_administrator(today())
    kill_sessions(person)
    if needs_new_password:
        void_slip(person, Slip.Void.BLOCKED)
    tell_open_report(person, ReportEvent.Kind.BLOCKED, row.reason, by=by)
    audit.record(by, "person.blocked", person, {"blocked": [False, True]}, row.reason)
    return row
