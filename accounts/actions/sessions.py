"""The verbs that end sessions and settle second factors (12.2)."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import AuditEntry, User


def kill_sessions(person: User, *, keep: str | None = None, **changes) -> None:
    """Moves the session epoch, with other fields of the account if named: every session of the person is dead at once.

    Effects: the epoch; rows of sessions and devices, but for the session with the key `keep`, which the caller then
    has to bring to the new epoch (django.contrib.auth.update_session_auth_hash). Call it in a transaction; the audit
    entry is the caller's.
    """
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1, **changes)
    person.refresh_from_db(fields=["session_epoch", *changes])
    _end(UserSession.objects.filter(user_id=person.pk).exclude(session_key=keep or ""))


def drop_sessions(people: list[User]) -> None:
    """Rows of sessions and devices of people whose epoch the caller has moved; for bulk writers."""
    _end(UserSession.objects.filter(user__in=people))


def _end(devices: QuerySet[UserSession]) -> int:
    keys = list(devices.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def move_session(old_key: str, new_key: str) -> None:
    """The session has got a new key (as it does with a new password): the same line of «Мои устройства» goes on."""
    UserSession.objects.filter(session_key=old_key).update(session_key=new_key)


@transaction.atomic
def end_session(device: UserSession, *, by: Actor) -> None:
    """Ends one session of the list «Мои устройства»."""
    person = device.user
    _end(UserSession.objects.filter(pk=device.pk))
    audit.record(by, "session.ended", person, {"sessions": [1, 0]})


@transaction.atomic
def end_other_sessions(person: User, *, keep: str, by: Actor) -> int:
    """Ends all sessions of the person but the one with the key `keep`; how many there were."""
    ended = _end(UserSession.objects.filter(user_id=person.pk).exclude(session_key=keep))
    if ended:
        audit.record(by, "session.ended", person, {"sessions": [ended + 1, 1]})
    return ended


@transaction.atomic
def end_all_sessions(person: User, *, by: Actor, basis: str = "") -> None:
    """Ends every session of the person, known to the list of devices or not; the password stays. Audited."""
    before = UserSession.objects.filter(user_id=person.pk).count()
    kill_sessions(person)
    audit.record(by, "session.ended", person, {"sessions": [before, 0]}, basis)


@transaction.atomic
def reset_second_factor(person: User, *, by: Actor, basis: str = "") -> None:
    """Takes all second factors away: the phone is lost, and the codes with it. The gate asks anew where needed.

    Effects: factors and recovery codes; all sessions end; the person is notified; audit.
    """
    before = factors_of(person)
    Authenticator.objects.filter(user_id=person.pk).delete()
    kill_sessions(person)
    entry = audit.record(by, "factor.reset", person, {"factors": [before, []]}, basis)
    _tell(person, "factor_reset", entry, by)


def factors_of(person: User) -> list[str]:
    """What the person has, by kind and number: «recovery_codes:8», «totp:7»."""
    rows = Authenticator.objects.filter(user_id=person.pk).order_by("type", "pk").values_list("type", "pk")
    return [f"{kind}:{number}" for kind, number in rows]


def record_factors(person: User, before: list[str], *, by: Actor) -> None:
    """Writes the trail of a change that allauth's own page has made, notifies; call it in the change's transaction."""
    after = factors_of(person)
    if after != before:
        entry = audit.record(by, "factor.changed", person, {"factors": [before, after]})
        _tell(person, "factor", entry, by)


def _tell(person: User, letter: str, entry: AuditEntry, by: Actor) -> None:
    factors = reverse("mfa_index")
    notify([person], "security", letter=letter, url=factors, key=f"security:{entry.pk}", by=by)
