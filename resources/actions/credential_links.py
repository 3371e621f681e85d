"""One-time links to a login and password at a platform, by e-mail (10.6). Only a digest of the code is kept."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.letters import send_credential_link
from accounts.actor import Actor
from accounts.models import SchoolCard
from accounts.models.credentials import digest, new_link_code
from eios.lib.dates import today
from resources.actions.own_credentials import mark_revealed
from resources.models import CredentialLink, ExternalCredential

DEAD = "Код не подходит: ссылка уже открыта, истекла или отменена. Попросите новую или посмотрите пароль в кабинете."


@dataclass(frozen=True)
class Opened:
    """What a link shows, this once."""

    credential: ExternalCredential
    password: str


@transaction.atomic
def send(credential: ExternalCredential, *, by: Actor) -> CredentialLink:
    """Sends the owner a link that shows login and password once; it lives for the hours of the school's card.

    Effects: links sent before die; a letter without names, login and password leaves after the commit; audit. Raises
    ValidationError: valid no more, no password in it, a closed account, no address of mail.
    """
    rows = ExternalCredential.objects.valid(today()).select_for_update()
    row = rows.filter(pk=credential.pk).exclude(source=ExternalCredential.Source.NOTED).first()
    if row is None:
        raise ValidationError("Эти учётные данные больше не действуют: ссылка не сработает.")
    if not row.has_password:
        raise ValidationError("Пароля в портале нет: его выдала сама библиотека.")
    if not row.person.is_alive:
        raise ValidationError("Учётная запись этого человека закрыта: ссылка не сработает.")
    if not row.person.email:
        raise ValidationError("В учётной записи этого человека нет адреса почты: пароль он увидит в своём кабинете.")
    now, hours, code = timezone.now(), SchoolCard.current().link_hours, new_link_code()
    row.links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    link = CredentialLink.objects.create(
        credential=row, digest=digest(code), issued_by=by.person, issued_at=now,
        expires_at=now + datetime.timedelta(hours=hours),
    )  # fmt: skip
    audit.record(by, "credential_link.sent", row)
    # After «#» the code goes neither to a server's log nor into a Referer.
    url = f"{settings.PORTAL_URL}{reverse('resources:credential_link')}#{code}"
    transaction.on_commit(lambda: send_credential_link(row.person.email, url, hours))
    return link


@transaction.atomic
def open_link(code: str, *, address: str) -> Opened:
    """Whoever comes first with the code sees login and password; of fifty at once one. Audited.

    Effects: the link is used, `revealed_at` stands. Raises ValidationError for a code that is unknown, used, out of
    date, or of a credential or person that counts no more; crypto.CannotOpen naming a missing key: the link stays
    unused then.
    """
    now = timezone.now()
    links = CredentialLink.objects.filter(digest=digest(code), used_at__isnull=True, expires_at__gt=now)
    link = links.select_related("credential__person", "credential__element").first()
    if link is None or not _counts(link.credential):
        raise ValidationError(DEAD)
    # By key and by what is asked alone: a condition that joins would be read before the lock is got.
    if not CredentialLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        raise ValidationError(DEAD)
    credential, person = link.credential, link.credential.person
    password = credential.unseal()
    mark_revealed(credential)
    audit.record(Actor(person, address, person.username), "credential_link.opened", credential)
    return Opened(credential, password)


def _counts(credential: ExternalCredential) -> bool:
    """It is not ended and within its term, and its owner's account lives."""
    stands = credential.ended_at is None and not credential.is_expired(today())
    return stands and credential.has_password and credential.person.is_alive
