"""Whether a portfolio still changes: it is frozen by the school when its pupil leaves."""

from django.core.exceptions import ValidationError

from accounts.models import User
from portfolio.models import Portfolio

FROZEN = "Портфолио закрыто: его можно читать и забрать, изменить уже нельзя."


def is_frozen(pupil: User) -> bool:
    return Portfolio.objects.filter(pupil=pupil, frozen_at__isnull=False).exists()


def refuse_frozen(pupil: User) -> None:
    """Raises ValidationError for a frozen portfolio; every action that writes into one asks first."""
    if is_frozen(pupil):
        raise ValidationError(FROZEN)
