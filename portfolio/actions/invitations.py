"""The verbs of invitations of outsiders: invite, revoke (1.3 d). Only a digest of the code is kept."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models.credentials import digest, new_link_code
from eios.lib.dates import today
from portfolio import invitations
from portfolio.freezing import refuse_frozen
from portfolio.models import Invitation, PortfolioRules, WorkVersion

MOST_WAITING = 10
NOT_ALLOWED = "Пригласить рецензента к этой версии вы не можете."
NO_CONSENT = (
    "Работу нельзя показать за пределами школы: для этого нужно согласие на показ портфолио в силе у каждого автора."
)


@transaction.atomic
def invite(version: WorkVersion, *, name: str, role: str, by: Actor) -> tuple[Invitation, str]:
    """(the invitation, its code, shown this once). Valid for the days of the school's rules.

    Effects: audit without the name. Raises ValidationError: switched off, not to be invited to by this person, no
    consent of an author, too many that wait, frozen.
    """
    # Locked, so that the count of those that wait holds.
    WorkVersion.objects.select_for_update().get(pk=version.pk)
    date, now = today(), timezone.now()
    if not invitations.versions_to_invite(by.person, date).filter(pk=version.pk).exists():
        raise ValidationError(NOT_ALLOWED)
    refuse_frozen(version.work.owner)
    if not invitations.may_be_shown(version.work, date):
        raise ValidationError(NO_CONSENT)
    waiting = version.invitations.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(f"У версии уже {MOST_WAITING} приглашений без ответа: отзовите лишние.")
    code, days = new_link_code(), PortfolioRules.current().invitation_days
    made = Invitation(
        version=version, name=" ".join(name.split()), role=" ".join(role.split()), digest=digest(code),
        created_by=by.person, expires_at=now + datetime.timedelta(days=days),
    )  # fmt: skip
    made.full_clean()
    made.save()
    audit.record(by, "invitation.added", made, {"version": [None, version.pk]})
    return made, code


@transaction.atomic
def revoke(invitation: Invitation, *, by: Actor) -> Invitation:
    """The link dies at once. Raises ValidationError: used, revoked already, not the person's to revoke."""
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitations.seen(by.person, today()).filter(pk=found.pk).exists():
        raise ValidationError(NOT_ALLOWED)
    if found.used_at or found.revoked_at:
        raise ValidationError("Этой ссылкой уже воспользовались, или она отозвана.")
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    audit.record(by, "invitation.revoked", found)
    return found
