"""Freezing a portfolio when its pupil leaves, and handing its archive over by a link that works once (11)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from accounts.models.credentials import digest, new_link_code
from portfolio import leavers, rights
from portfolio.actions import exports
from portfolio.models import Export, Handover, Portfolio, Share

TERM = datetime.timedelta(days=90)
NOT_YOURS = "Это делают директор и его заместители."
NOBODY = "Отметьте учеников в списке."
DEAD = "Ссылка не действует: её уже использовали, отозвали или её срок вышел."


@transaction.atomic
def freeze(pupil: User, reason: str, *, by: Actor) -> Portfolio:
    """From now on nothing in the portfolio changes; its shares end. Drafts stay as they are. Audited.

    Raises ValidationError: not one's right, frozen already.
    """
    row = _locked(pupil, by)
    if row.frozen_at:
        raise ValidationError("Портфолио уже закрыто.")
    row.frozen_at, row.frozen_by, row.frozen_reason = timezone.now(), by.person, reason
    row.full_clean()
    row.save()
    ended = Share.objects.filter(pupil=pupil, withdrawn_at__isnull=True).update(withdrawn_at=row.frozen_at)
    audit.record(by, "portfolio.frozen", row, {"shares": [None, ended]}, basis=reason)
    return row


@dataclass
class Outcome:
    """What came of many: those it was done for, and why it was not for the others."""

    done: list = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@transaction.atomic
def freeze_many(pupils: Sequence[User], reason: str, *, by: Actor) -> Outcome:
    """Freezes those who are ready; whose entries still wait for the school's word, or who is frozen, is passed over.

    Effects: as of one. Raises ValidationError: nobody, no reason, not one's right.
    """
    reason = " ".join(reason.split())
    if not pupils:
        raise ValidationError(NOBODY)
    if not reason:
        raise ValidationError("Напишите основание: например, приказ об отчислении.")
    outcome = Outcome()
    for pupil in pupils:
        if leavers.waiting(pupil).exists():
            outcome.skipped.append(f"{pupil.get_full_name()}: есть записи на проверке, сначала ответьте на них.")
            continue
        try:
            with transaction.atomic():
                outcome.done.append(freeze(pupil, reason, by=by))
        except ValidationError as refusal:
            outcome.skipped.append(f"{pupil.get_full_name()}: {' '.join(refusal.messages)}")
    return outcome


@transaction.atomic
def unfreeze(pupil: User, reason: str, *, by: Actor) -> Portfolio:
    """It may change again: the pupil has come back. Shares that ended stay so, and a link to the archive ends. Audited.

    Raises ValidationError: not one's right, not frozen.
    """
    row = _locked(pupil, by)
    if not row.frozen_at:
        raise ValidationError("Портфолио не закрыто.")
    row.frozen_at, row.frozen_by, row.frozen_reason = None, None, ""
    row.save()
    ended = _end_links(pupil, timezone.now())
    audit.record(by, "portfolio.unfrozen", row, {"links": [None, ended]}, basis=reason)
    return row


def _locked(pupil: User, by: Actor) -> Portfolio:
    """The pupil's row, made where there was none; the person is locked, so that two do not make it at once."""
    if by.person is None or not rights.manages(by.person):
        raise ValidationError(NOT_YOURS)
    User.objects.select_for_update(no_key=True).filter(pk=pupil.pk).values_list("pk").get()
    return Portfolio.objects.filter(pupil=pupil).first() or Portfolio(pupil=pupil)


@transaction.atomic
def issue_link(pupil: User, *, by: Actor) -> tuple[Handover, str]:
    """A link to the archive that works once within 90 days; its code, returned this once.

    Only a frozen portfolio is handed over. Effects: links before it end; audit. Raises ValidationError.
    """
    row = _locked(pupil, by)
    if not row.frozen_at:
        raise ValidationError("Сначала закройте портфолио: выдаётся то, что больше не изменится.")
    now, code = timezone.now(), new_link_code()
    _end_links(pupil, now)
    made = Handover(pupil=pupil, digest=digest(code), created_by=by.person, expires_at=now + TERM)
    made.full_clean()
    made.save()
    audit.record(by, "handover.issued", made, {"expires_at": [None, str(made.expires_at)]})
    return made, code


@transaction.atomic
def issue_links(pupils: Sequence[User], *, by: Actor) -> Outcome:
    """A link for each who has none in force, as (link, code): a paper that was given out is not made void unasked.

    Effects: as of one. Raises ValidationError: nobody.
    """
    if not pupils:
        raise ValidationError(NOBODY)
    living = Handover.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())
    has_one = set(living.filter(pupil__in=pupils).values_list("pupil", flat=True))
    outcome = Outcome()
    for pupil in pupils:
        if pupil.pk in has_one:
            outcome.skipped.append(f"{pupil.get_full_name()}: ссылка уже выдана и действует.")
            continue
        try:
            with transaction.atomic():
                outcome.done.append(issue_link(pupil, by=by))
        except ValidationError as refusal:
            outcome.skipped.append(f"{pupil.get_full_name()}: {' '.join(refusal.messages)}")
    return outcome


def _end_links(pupil: User, now: datetime.datetime) -> int:
    return Handover.objects.filter(pupil=pupil, used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)


@transaction.atomic
def revoke_link(handover: Handover, *, by: Actor) -> Handover:
    """The link opens nothing any more. Raises ValidationError: not one's right, dead already."""
    _locked(handover.pupil, by)
    now = timezone.now()
    rows = Handover.objects.filter(pk=handover.pk, used_at__isnull=True, revoked_at__isnull=True)
    if not rows.update(revoked_at=now):
        raise ValidationError("Эта ссылка уже не действует.")
    audit.record(by, "handover.revoked", handover, {"revoked_at": [None, str(now)]})
    return handover


@transaction.atomic
def use_link(handover: Handover, export: Export, *, by: Actor) -> Handover:
    """Whoever comes first takes the archive, of fifty at once one; the archive is kept as an export. Audited.

    Raises ValidationError: used, revoked or out of date meanwhile.
    """
    now = timezone.now()
    rows = Handover.objects.filter(
        pk=handover.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    )  # fmt: skip
    if not rows.update(used_at=now):
        raise ValidationError(DEAD)
    exports.keep(export, by=by)
    audit.record(by, "handover.used", handover, {"used_at": [None, str(now)]})
    return handover
