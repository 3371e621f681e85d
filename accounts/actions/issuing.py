"""Printing slips: one-time passwords for many at once (9.2, 9.4, 9.7). A password lives in memory until it is shown."""

import datetime
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit, credentials
from accounts.actions.registration import close_requests
from accounts.actions.sessions import drop_sessions
from accounts.actor import Actor
from accounts.models import SchoolCard, Slip, SlipBatch, User
from accounts.models.credentials import digest, new_stop_code
from accounts.one_time import is_for_youngest, new_password
from accounts.throttling import forget_failures
from eios.lib.dates import start_of_day, today

PORTION = 60  # slips of one print: two classes; their hashes take a second and a half of one core
_HASHING_THREADS = 2  # Argon2 leaves Python's lock while it works


@dataclass(frozen=True, repr=False)
class Printed:
    """What stands on a slip; shown once, on the page that answers the request."""

    row: credentials.Row
    slip: Slip
    password: str
    stop_code: str


def newest_slip() -> int:
    """The number of the newest slip: a form that was made then prints nothing for those who got a slip since."""
    return Slip.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def print_slips(rows: Iterable[credentials.Row], *, seen: int, by: Actor, basis: str = "") -> list[Printed]:
    """Slips for people who have not signed in with a password of their own; at most PORTION of them.

    `seen` is what `newest_slip` said when the form was made, so that a repeated request makes nothing new. Effects for
    each: a new hash, to be replaced at the first sign-in; the former slip is void; sessions and links end; failures of
    sign-in are forgotten; audit. Raises ValidationError where nobody is left to print for.
    """
    return _print(list(rows)[:PORTION], seen=seen, by=by, basis=basis, own_too=False)


def reprint_slip(row: credentials.Row, *, seen: int, by: Actor, basis: str) -> list[Printed]:
    """A new slip for one person, who may have signed in already; with the reason. Effects as above."""
    if not basis.strip():
        raise ValidationError("Укажите причину: её увидят в истории учётной записи.")
    return _print([row], seen=seen, by=by, basis=basis.strip(), own_too=True)


def _print(rows: list[credentials.Row], *, seen: int, by: Actor, basis: str, own_too: bool) -> list[Printed]:
    # Hashes first: inside the transaction they would hold the lock of SQLite for seconds.
    passwords = [new_password(easy=is_for_youngest(row.grade)) for row in rows]
    with ThreadPoolExecutor(_HASHING_THREADS) as pool:
        hashes = list(pool.map(make_password, passwords))
    drafts = {row.person.pk: (row, *secret) for row, *secret in zip(rows, passwords, hashes, strict=True)}
    with transaction.atomic():
        people = _lock(drafts, seen=seen, by=by, own_too=own_too)
        printed = _store(people, drafts, by=by, basis=basis)
        close_requests(by=by)
        return printed


def _lock(keys: Iterable[int], *, seen: int, by: Actor, own_too: bool) -> list[User]:
    """Those of the people to whom the issuer may print now, in the order of keys."""
    people = _issuable(by).select_for_update().filter(pk__in=list(keys), is_blocked_now=False)
    if not own_too:
        people = people.filter(must_change_password=True)
    # Locked first: of two requests at once, the second one then sees the slips of the first.
    locked = list(people.order_by("pk"))
    printed = set(Slip.objects.filter(pk__gt=seen, person__in=locked).values_list("person", flat=True))
    found = [person for person in locked if person.pk not in printed]
    if not found:
        raise ValidationError(
            "Новых листков нет: эти люди уже вошли со своим паролем или листки им только что напечатаны. "
            "Пароли показаны один раз; если листок не успели распечатать, напечатайте его заново из списка."
        )
    return found


def _issuable(by: Actor) -> QuerySet[User]:
    """Nobody, where the right has ended; oneself never: the own password is changed in the cabinet."""
    if by.person is None:
        return User.objects.none()
    return credentials.people_of(by.person, today()).exclude(pk=by.person.pk)


def _store(people: list[User], drafts: dict, *, by: Actor, basis: str) -> list[Printed]:
    for person in people:
        person.password, person.must_change_password = drafts[person.pk][2], True
        person.session_epoch += 1
    User.objects.bulk_update(people, ["password", "must_change_password", "session_epoch"])
    drop_sessions(people)
    forget_failures(*(person.username for person in people))
    _void_former(people)
    printed = _slips(people, drafts, by)
    audit.record_many(audit.entry(by, "password.issued", person, {}, basis) for person in people)
    return sorted(printed, key=lambda one: one.row.order)


def _void_former(people: list[User]) -> None:
    now, former = timezone.now(), Slip.objects.standing().filter(person__in=people)
    former.filter(expires_at__lte=now).update(voided_at=now, void_reason=Slip.Void.EXPIRED)
    former.update(voided_at=now, void_reason=Slip.Void.REPRINTED)


def _slips(people: list[User], drafts: dict, by: Actor) -> list[Printed]:
    batch = SlipBatch.objects.create(issued_by=by.person)
    expires = start_of_day(today() + datetime.timedelta(days=SchoolCard.current().slip_days + 1))
    printed = []
    for person in people:
        row, password, _ = drafts[person.pk]
        code = new_stop_code()
        slip = Slip(person=person, batch=batch, issued_by=by.person, expires_at=expires, stop_digest=digest(code))
        printed.append(Printed(row, slip, password, code))
    Slip.objects.bulk_create([one.slip for one in printed])
    audit.record(by, "slips.printed", batch, {"slips": [0, len(printed)]})
    return printed
