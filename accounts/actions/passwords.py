"""The verbs about passwords. No password and no part of one ever enters the audit trail (12.1)."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actions.sessions import kill_sessions
from accounts.actor import Actor
from accounts.models import AuditEntry, User
from accounts.throttling import forget_failures

# Can't be mistaken on paper: no 0 and o, no 1, l and i; small letters only, so that no child looks for Shift.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUED_LENGTH = 10


@transaction.atomic
def set_own_password(person: User, password: str, *, by: Actor, keep: str | None = None, basis: str = "") -> None:
    """The person has chosen a password. Rules are asked by the form.

    Effects: the hash; an issued password counts as replaced; other sessions end (the one with the key `keep` is kept,
    the view brings it to the new epoch); failures of sign-in are forgotten; one who has signed in before is
    notified; audit.
    """
    _replace(person, password, must_change=False, keep=keep)
    entry = audit.record(by, "password.changed", person, basis=basis)
    _warn(person, "password", entry, by)


@transaction.atomic
def keep_issued_password(person: User, *, by: Actor) -> None:
    """A pupil of grades 1–4 keeps the password of the slip (accounts.gate.may_keep_password says who may)."""
    User.objects.filter(pk=person.pk).update(must_change_password=False)
    person.refresh_from_db(fields=["must_change_password"])
    audit.record(by, "password.kept", person)


@transaction.atomic
def issue_password(person: User, *, by: Actor, basis: str = "") -> str:
    """A new password made by the portal: returned this once, to be printed; only its hash is kept.

    Effects: the hash; it must be replaced at the first sign-in; all sessions end; failures of sign-in are forgotten, so
    that one whose login is under attack gets in; one who has signed in before is notified; audit.
    """
    password = "".join(secrets.choice(ALPHABET) for _ in range(ISSUED_LENGTH))
    _replace(person, password, must_change=True)
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
