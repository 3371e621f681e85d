"""The verbs about passwords. No password and no part of one ever enters the audit trail (12.1)."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actions.sessions import kill_sessions
from accounts.actions.slips import void_slip
from accounts.actor import Actor
from accounts.models import AuditEntry, Slip, User
from accounts.one_time import new_password
from accounts.throttling import forget_failures


@transaction.atomic
def set_own_password(person: User, password: str, *, by: Actor, keep: str | None = None, basis: str = "") -> None:
    """The person has chosen a password. Rules are asked by the form.

    Effects: the hash; an issued password counts as replaced, its slip as used; one-time links end; other sessions end
    (the one with the key `keep` is kept, the view brings it to the new epoch); failures of sign-in are forgotten; the
    person is notified, if he has signed in before; audit.
    """
    _replace(person, password, must_change=False, keep=keep)
    void_slip(person, Slip.Void.USED)
    entry = audit.record(by, "password.changed", person, basis=basis)
    _warn(person, "password", entry, by)


@transaction.atomic
def keep_issued_password(person: User, *, by: Actor) -> None:
    """A pupil of grades 1–4 keeps the password of the slip (accounts.gate.may_keep_password says who may).

    Effects: the password counts as the own one; the slip has served, its stop-code too; audit.
    """
    User.objects.filter(pk=person.pk).update(must_change_password=False)
    person.refresh_from_db(fields=["must_change_password"])
    void_slip(person, Slip.Void.KEPT)
    audit.record(by, "password.kept", person)


@transaction.atomic
def issue_password(person: User, *, by: Actor, basis: str = "") -> str:
    """A new password without a slip, for `setup` on the command line; people get slips (accounts/actions/issuing.py).

    Returned this once; only its hash is kept. Effects: the hash; it must be replaced at the first sign-in; a slip that
    stands is void; all sessions and one-time links end; failures of sign-in are forgotten; one who
    has signed in before is notified; audit.
    """
    password = new_password()
    _replace(person, password, must_change=True)
    void_slip(person, Slip.Void.REPRINTED)
    entry = audit.record(by, "password.issued", person, basis=basis)
    _warn(person, "issued", entry, by)
    return password


def _replace(person: User, password: str, *, must_change: bool, keep: str | None = None) -> None:
    kill_sessions(person, keep=keep, password=make_password(password), must_change_password=must_change)
    forget_failures(person.username)


def _warn(person: User, letter: str, entry: AuditEntry, by: Actor) -> None:
    """One who has never signed in is not told: there was nothing to lose."""
    if not person.last_login:
        return
    devices = reverse("usersessions_list")
    notify([person], "security", letter=letter, url=devices, key=f"security:{entry.pk}", by=by)
