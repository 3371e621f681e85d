"""What a person does with the own logins at platforms: sees the password, notes, changes and removes a note (10.5)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from resources.actions.credentials import Source, issue
from resources.models import Element, ExternalCredential

FORGOTTEN = "Владелец убрал запись"


@transaction.atomic
def reveal(credential: ExternalCredential, *, by: Actor) -> str:
    """The password, to be shown to its owner this once. Effects: `revealed_at` at the first time; audit, each time.

    Raises ValidationError: another's, valid no more, or no password in it; crypto.CannotOpen naming a missing key:
    nothing is written then.
    """
    row = ExternalCredential.objects.valid(today()).select_for_update().filter(pk=credential.pk).first()
    if row is None or by.person is None or row.person_id != by.person.pk:
        raise ValidationError("Эти учётные данные больше не действуют.")
    if not row.has_password:
        raise ValidationError("Пароля здесь нет: записан только логин.")
    password = row.unseal()
    mark_revealed(row)
    audit.record(by, "external_credential.revealed", row)
    return password


def mark_revealed(credential: ExternalCredential) -> None:
    """The owner has seen the password; the first time is what counts. Call it in the transaction of the showing."""
    unseen = ExternalCredential.objects.filter(pk=credential.pk, revealed_at__isnull=True)
    unseen.update(revealed_at=timezone.now())


def note(element: Element, person: User, *, login: str, password: str, by: Actor) -> ExternalCredential:
    """The owner writes down the own login after registering at the platform. Effects and errors are those of `issue`.

    Raises ValidationError besides: the password is the one of the portal, which no platform may know.
    """
    refuse_portal_password(person, password)
    return issue(element, person, login=login, password=password, source=Source.NOTED, by=by)


def refuse_portal_password(person: User, password: str) -> None:
    """Raises ValidationError where the password opens the person's account here."""
    if password and person.check_password(password):
        raise ValidationError(
            {"password": "Это ваш пароль от портала. На платформе нужен другой: смените его там и запишите новый."}
        )


@transaction.atomic
def change_note(
    credential: ExternalCredential, *, login: str, password: str, drop_password: bool = False, by: Actor
) -> ExternalCredential:
    """Another login or password in the own note; an empty password leaves the one that is there. Audited, without both.

    Raises ValidationError: not an own note that stands, no login, the portal's password.
    """
    row = _own_note(credential, by)
    refuse_portal_password(by.person, password)
    if not login.strip():
        raise ValidationError({"login": "Укажите логин."})
    changes = {"login": None} if row.login != login.strip() else {}
    row.login = login.strip()
    if password or drop_password:
        row.seal(password)
        changes["password"] = None
    row.full_clean(exclude=["sealed", "issued_by"])
    row.save(update_fields=["login", "sealed"])
    audit.record(by, "external_credential.note_changed", row, changes)
    return row


@transaction.atomic
def forget_note(credential: ExternalCredential, *, by: Actor) -> None:
    """The own note is gone: ended, its password wiped. Audited. Raises ValidationError: not an own note that stands."""
    row = _own_note(credential, by)
    row.sealed, row.ended_at, row.ended_by, row.end_reason = "", timezone.now(), by.person, FORGOTTEN
    row.save(update_fields=["sealed", "ended_at", "ended_by", "end_reason"])
    audit.record(by, "external_credential.note_removed", row)


def _own_note(credential: ExternalCredential, by: Actor) -> ExternalCredential:
    own = ExternalCredential.objects.noted().standing().filter(pk=credential.pk, person=by.person)
    row = own.select_for_update().first()
    if row is None:
        raise ValidationError("Менять и убирать можно только свои записи.")
    return row
