"""Somebody must always be able to administer the portal (5.4, 12.2): one check for every verb that may take this away.

A verb locks first, changes, and then asks, all in one transaction: the refusal rolls the change back.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.models import Appointment, Position, User
from eios.lib.dates import today

SYSTEM_ADMINISTRATOR = "system_administrator"


def administrators_on(date: datetime.date) -> QuerySet[User]:
    """Superusers and those appointed for the date, blocked and former ones among them."""
    appointed = Appointment.objects.on(date).filter(position__code=SYSTEM_ADMINISTRATOR)
    return User.objects.filter(Q(is_superuser=True) | Q(appointments__in=appointed)).distinct()


def lock_administrators() -> None:
    """Two who block, or dismiss, each other at once come here one after another; call it in the transaction."""
    list(Position.objects.select_for_update().filter(code=SYSTEM_ADMINISTRATOR))


def refuse_no_administrator(date: datetime.date) -> None:
    """Asked after the change, in its transaction, for the first day of the new state; the past counts as today.

    Locks by itself; a verb that locks rows of people before it asks locks the administrators first. Raises
    ValidationError where nobody alive would administer the portal.
    """
    date = max(date, today())
    lock_administrators()
    if not User.objects.alive(date).filter(pk__in=administrators_on(date).values("pk")).exists():
        raise ValidationError("Это последний системный администратор: сначала назначьте другого.")
