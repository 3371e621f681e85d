"""Who must confirm that it is still the same person, before something secret is shown (`middleware.py` leads there)."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from django.http import HttpRequest


def ask_again(request: HttpRequest) -> None:
    """Unless the visitor signed in or confirmed within the last minutes, raises allauth's ReauthenticationRequired.

    Call it for GET too: the page that it leads back to is asked for by GET.
    """
    raise_if_reauthentication_required(request, app="account")


def ask_staff_again(request: HttpRequest) -> None:
    """The same of whoever works at the school: an unlocked computer in the staff room must not show passwords."""
    if request.user.is_employee or request.user.is_superuser:
        ask_again(request)


def may_compare_password(request: HttpRequest) -> bool:
    """May what was typed be compared with the visitor's own password now? As often as it may be asked for again.

    A page that says «that is your password here» must not help whoever sits down at an unlocked computer to guess it.
    """
    return bool(ratelimit.consume(request, action="reauthenticate", user=request.user))
