"""One-time links instead of paper (9.7): issued, opened once, and the own password set by them."""

import datetime
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit, credentials
from accounts.actions.letters import send_one_time_link
from accounts.actions.passwords import set_own_password
from accounts.actions.registration import close_requests
from accounts.actor import Actor
from accounts.models import OneTimeLink, SchoolCard, User
from accounts.models.credentials import digest, new_link_code
from eios.lib.dates import today

Channel = OneTimeLink.Channel
DEAD = "Код не подходит: он уже использован, истёк или введён с ошибкой. Попросите новый."
TIME_TO_SET = datetime.timedelta(minutes=15)  # between opening the link and the new password


@transaction.atomic
def issue_link(person: User, channel: str, *, by: Actor, basis: str, url_of: Callable[[str], str]) -> str:
    """A link that lets the owner set the own password once; its code, returned this once.

    The password in force stays until then. Effects: links issued before end; by e-mail a letter without names leaves;
    audit. Raises ValidationError: not a person of the issuer's, a closed account, no address, no reason where the
    person has signed in already.
    """
    row = User.objects.select_for_update().get(pk=person.pk)
    _check(row, channel, by, basis)
    now, card = timezone.now(), SchoolCard.current()
    OneTimeLink.objects.unused(now).filter(person=row).update(expires_at=now)
    by_letter = channel == Channel.EMAIL
    term = datetime.timedelta(hours=card.link_hours) if by_letter else datetime.timedelta(minutes=card.link_minutes)
    code = new_link_code()
    OneTimeLink.objects.create(
        person=row, digest=digest(code), channel=channel, epoch=row.session_epoch, issued_by=by.person,
        issued_at=now, expires_at=now + term,
    )  # fmt: skip
    audit.record(by, "link.issued", row, {"channel": [None, str(Channel(channel).label)]}, basis)
    close_requests(by=by)
    if by_letter:
        url, hours = url_of(code), card.link_hours
        transaction.on_commit(lambda: send_one_time_link(row.email, url, hours))
    return code


def _check(person: User, channel: str, by: Actor, basis: str) -> None:
    mine = credentials.people_of(by.person, today()) if by.person else User.objects.none()
    if not mine.exclude(pk=by.person and by.person.pk).filter(pk=person.pk).exists():
        raise ValidationError("Этому человеку вы учётные данные не выдаёте.")
    if not person.is_alive:
        raise ValidationError("Учётная запись закрыта или ещё не открылась: ссылка не сработает.")
    if channel == Channel.EMAIL and not person.email:
        raise ValidationError("В учётной записи нет адреса почты: покажите ссылку на экране или напечатайте листок.")
    if not person.must_change_password and not basis.strip():
        raise ValidationError("Человек уже входил со своим паролем: укажите причину новой ссылки.")


@transaction.atomic
def open_link(code: str, *, address: str) -> OneTimeLink:
    """Whoever comes first with the code has the link; of fifty at once one. Audited.

    Raises ValidationError for a code that is unknown, used, out of date, or older than the last change of the account.
    """
    now = timezone.now()
    row = OneTimeLink.objects.unused(now).select_related("person").filter(digest=digest(code)).first()
    if row is None or row.epoch != row.person.session_epoch:
        raise ValidationError(DEAD)
    # By key and by what is asked alone: a condition that joins would be read before the lock is got.
    if not OneTimeLink.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
        raise ValidationError(DEAD)
    row.used_at = now
    audit.record(Actor(row.person, address, row.person.username), "link.opened", row.person)
    return row


def is_fresh(link: OneTimeLink) -> bool:
    """May the one who opened it still set the password by it?"""
    is_in_time = link.used_at is not None and timezone.now() < link.used_at + TIME_TO_SET
    return is_in_time and link.epoch == link.person.session_epoch


@transaction.atomic
def set_password_by_link(link: OneTimeLink, password: str, *, address: str) -> User:
    """The owner's own password; once, since it moves the epoch. Rules are asked by the form. Raises ValidationError."""
    person = User.objects.select_for_update().get(pk=link.person_id)
    link.person = person
    if not is_fresh(link):
        raise ValidationError(DEAD)
    set_own_password(person, password, by=Actor(person, address, person.username), basis="По одноразовой ссылке")
    return person
