"""Logins and passwords at elements: issued to a person, ended (5.4, 10.5, 10.6)."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from resources.actions.pool_accounts import move
from resources.models import Element, ExternalCredential, PoolAccount

Source, State = ExternalCredential.Source, PoolAccount.State
AUDITED = ("element", "person", "source", "expires_on")
NOT_KEPT = {
    Element.Keeping.STATE_SIGN_IN: "На эту платформу входят через Госуслуги: их паролей портал не хранит.",
    Element.Keeping.NAMELESS: "Коды этой платформы не связывают с именем: портал их не хранит.",
}
# Each has a login of one's own (5.4); what owners note is their own matter, and pools look after themselves.
TYPED_IN = (Source.TYPED, Source.GENERATED)
TAKEN = "Этот логин здесь уже у другого человека или в партии: у каждого логин свой (пункт 5.4)."


@transaction.atomic
def issue(
    element: Element,
    person: User,
    *,
    login: str,
    password: str,
    source: str,
    by: Actor,
    expires_on: datetime.date | None = None,
    pool_account: PoolAccount | None = None,
) -> ExternalCredential:
    """Gives a person the own login and password at the element; the password is sealed for this row.

    Effects: the credential, one standing at an element for a person; audit without login and password. Raises
    ValidationError: the element's are not kept in the portal, one stands already, no login, a term in the past.
    """
    row = Element.objects.select_for_update().get(pk=element.pk)
    if not row.keeps_credentials:
        raise ValidationError(NOT_KEPT.get(row.keeping, "У раздела портала нет отдельных логинов."))
    if not User.objects.alive(today()).filter(pk=person.pk).exists():
        raise ValidationError("Учётная запись этого человека закрыта: выдать ему логин нельзя.")
    if expires_on and expires_on < today():
        raise ValidationError({"expires_on": "Срок уже прошёл."})
    if not login.strip() and source != Source.LIBRARY:
        raise ValidationError({"login": "Укажите логин."})
    if source in TYPED_IN and _is_taken(row, person, login.strip()):
        raise ValidationError({"login": TAKEN})
    credential = ExternalCredential(
        element=row, person=person, login=login.strip(), source=source, issued_by=by.person, expires_on=expires_on,
        pool_account=pool_account,
    )  # fmt: skip
    credential.seal(password)
    # What the portal hands out by itself, and a command, has nobody's name under it.
    credential.full_clean(exclude=["sealed", "issued_by"])
    credential.save(force_insert=True)
    changes = {name: [None, value] for name, value in audit.snapshot(credential, AUDITED).items() if value is not None}
    action = "external_credential.noted" if source == Source.NOTED else "external_credential.issued"
    audit.record(by, action, credential, changes)
    return credential


def _is_taken(element: Element, person: User, login: str) -> bool:
    """Somebody else holds the login there, or it belongs to a pool, which will hand it out."""
    held = ExternalCredential.objects.issued().standing().filter(element=element, login=login).exclude(person=person)
    return held.exists() or PoolAccount.objects.filter(pool__element=element, login=login).exists()


@transaction.atomic
def end(credential: ExternalCredential, reason: str, *, by: Actor) -> ExternalCredential:
    """The credential counts no more; it stays on record, to be closed at the platform. Raises ValidationError.

    Effects: links to it die; a pseudonymous account becomes «returned»; audit.
    """
    if not reason.strip():
        raise ValidationError({"end_reason": "Укажите причину."})
    standing, now = ExternalCredential.objects.standing().filter(pk=credential.pk), timezone.now()
    if not standing.update(ended_at=now, ended_by=by.person, end_reason=reason.strip()[:300]):
        raise ValidationError("Эти учётные данные уже прекращены.")
    credential.links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    _move_account(credential, State.GIVEN, State.RETURNED, by=by, basis=reason)
    credential.refresh_from_db()
    audit.record(by, "external_credential.ended", credential, {"ended_at": [None, audit.plain(now)]}, reason)
    return credential


@transaction.atomic
def mark_closed(credential: ExternalCredential, *, by: Actor) -> bool:
    """An ended credential is closed at the platform itself; False where somebody has marked it before.

    Effects: the sealed password is wiped, it opens nothing any more; a pseudonymous account that came back is closed
    too; audit.
    """
    ended = ExternalCredential.objects.filter(pk=credential.pk, ended_at__isnull=False, closed_outside_at__isnull=True)
    if not ended.update(closed_outside_at=timezone.now(), closed_outside_by=by.person, sealed=""):
        return False
    _move_account(credential, State.RETURNED, State.CLOSED, by=by)
    changes = {"closed_outside_at": [None, audit.plain(today())]}
    audit.record(by, "external_credential.closed_outside", credential, changes)
    return True


def _move_account(credential: ExternalCredential, old: str, new: str, *, by: Actor, basis: str = "") -> None:
    """The pseudonymous account behind the credential, if it has one, and only out of the state that is expected."""
    move(
        PoolAccount.objects.select_for_update().filter(pk=credential.pool_account_id, state=old),
        new,
        by=by,
        basis=basis,
    )


@transaction.atomic
def take_from_pool(
    element: Element, person: User, *, by: Actor, only_automatic: bool = False, expires_on: datetime.date | None = None
) -> ExternalCredential | None:
    """Hands the person the oldest free account of the element's pools; None where there is none left (10.6).

    `only_automatic`: of those pools alone that are handed out by request without anybody's decision. Of fifty who ask
    for the last one, one gets it. Raises ValidationError as `issue` does, crypto.CannotOpen where its key is missing.
    """
    # The element first, as everybody who gives at it does: two who take at once come one after another.
    Element.objects.select_for_update().get(pk=element.pk)
    ready = PoolAccount.objects.ready().filter(pool__element=element)
    if only_automatic:
        ready = ready.filter(pool__hands_out_itself=True)
    # One that is being closed at this moment is passed over.
    account = ready.select_for_update(skip_locked=True, of=("self",)).first()
    if account is None:
        return None
    move([account], State.GIVEN, by=by)
    return issue(
        element, person, login=account.login, password=account.unseal(), source=Source.POOL, by=by,
        expires_on=expires_on, pool_account=account,
    )  # fmt: skip


def tell(given: Sequence[ExternalCredential], *, by: Actor) -> None:
    """Notifies people that a login at an element waits in the cabinet; neither login nor password is in it."""
    if not given:
        return
    text = f"Вам выданы логин и пароль: «{given[0].element.name}». Они в кабинете, в «Моих логинах на платформах»."
    people, url = [one.person for one in given], reverse("resources:login_list")
    notify(people, "platform-logins", key=f"credential:{given[0].key}", by=by, text=text, url=url)
