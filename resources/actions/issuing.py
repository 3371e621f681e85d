"""Logins and passwords at platforms as the element's administrator handles them: issued, renewed, printed, closed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from accounts.one_time import new_password
from eios.lib.dates import today
from resources.actions.credentials import Source, end, issue, mark_closed, tell
from resources.models import Element, ExternalCredential

LEFT = "Человек больше не в школе"
TERM_OVER = "Срок истёк"
PORTION = 60  # slips of one page
RENEWED = (Source.TYPED, Source.GENERATED)


@dataclass(frozen=True)
class Issued:
    """A credential just issued; the password is shown once, to be typed in at the platform or cut out of paper."""

    credential: ExternalCredential
    password: str


@transaction.atomic
def issue_to(
    element: Element,
    person: User,
    *,
    login: str,
    password: str = "",
    by: Actor,
    expires_on: datetime.date | None = None,
) -> Issued:
    """Issues a login to a person who made no request; without a password, one is made up.

    Effects: those of `issue`, and a notification without login and password. Raises ValidationError.
    """
    source, secret = (Source.TYPED, password) if password else (Source.GENERATED, new_password())
    credential = issue(element, person, login=login, password=secret, source=source, by=by, expires_on=expires_on)
    tell([credential], by=by)
    return Issued(credential, secret)


@transaction.atomic
def reissue(
    credential: ExternalCredential,
    *,
    login: str,
    reason: str,
    password: str = "",
    by: Actor,
    expires_on: datetime.date | None = None,
) -> Issued:
    """Ends the credential and issues a new one to the same person; the former password opens nothing here any more.

    With the same login nothing is left to be closed at the platform. Effects: those of `end` and `issue_to`. Raises
    ValidationError: out of a pool or by the library itself, ended already.
    """
    if credential.source not in RENEWED:
        raise ValidationError("Эти учётные данные заново не выдают: прекратите их и выдайте другие.")
    end(credential, reason, by=by)
    if login.strip() == credential.login:
        mark_closed(credential, by=by)
    return issue_to(credential.element, credential.person, login=login, password=password, by=by, expires_on=expires_on)


@transaction.atomic
def change_term(credential: ExternalCredential, expires_on: datetime.date | None, *, by: Actor) -> None:
    """Another last day, or none. Audited. Raises ValidationError: a day in the past, or ended already."""
    if expires_on and expires_on < today():
        raise ValidationError({"expires_on": "Срок уже прошёл. Чтобы закрыть сейчас, прекратите учётные данные."})
    row = ExternalCredential.objects.standing().select_for_update().filter(pk=credential.pk).first()
    if row is None:
        raise ValidationError("Эти учётные данные уже прекращены.")
    before = row.expires_on
    row.expires_on = expires_on
    row.save(update_fields=["expires_on"])
    changes = {"expires_on": [audit.plain(before), audit.plain(expires_on)]}
    audit.record(by, "external_credential.term_changed", row, changes)


@transaction.atomic
def print_slips(credentials: Iterable[ExternalCredential], *, by: Actor) -> list[Issued]:
    """Logins and passwords for paper, in the order given, but only those that their owners have not seen yet.

    Of people who left or are blocked nothing is printed.

    Effects: audit of each. Raises crypto.CannotOpen naming a missing key: nothing is printed or written then.
    """
    keys = [one.pk for one in credentials]
    rows = ExternalCredential.objects.printable(today()).filter(pk__in=keys).select_related("person", "element")
    rows = rows.filter(person__in=User.objects.alive(today()).values("pk"))
    by_key = {row.pk: row for row in rows}
    found = [Issued(by_key[key], by_key[key].unseal()) for key in keys if key in by_key]
    audit.record_many([audit.entry(by, "external_credential.printed", one.credential) for one in found])
    return found


@transaction.atomic
def close_outside(credentials: Iterable[ExternalCredential], *, by: Actor) -> int:
    """Closed at the platform itself: how many. What still stands here of people who left, or past its term, ends too.

    Effects: ends, closes, wipes the sealed password, which opens nothing any more; a pseudonymous account that came
    back is closed at the library; audit of each. What somebody closed before is passed over.
    """
    count, date = 0, today()
    for row in credentials:
        if row.ended_at is None:
            end(row, TERM_OVER if row.is_expired(date) else LEFT, by=by)
        count += mark_closed(row, by=by)
    return count


def record_export(element: Element, count: int, *, by: Actor) -> None:
    """A list of the element's credentials left the portal as a file; there are no passwords in it."""
    audit.record(by, "external_credentials.exported", element, {"rows": [None, count]})
