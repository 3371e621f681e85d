"""The second step of signing in: allauth's pages, each change in one transaction with its trace in the audit trail."""

import functools
from collections.abc import Callable

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.actions.sessions import factors_of, record_factors
from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.addresses import safe_next

WANTED = "accounts.wanted"


def _audited(view: Callable) -> Callable:
    """The view; what a POST changes in the person's factors is recorded with it."""

    @functools.wraps(view)
    def audited(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            before = factors_of(request.user)
            response = view(request, *args, **kwargs)
            record_factors(request.user, before, by=Actor.of(request))
        return response

    return audited


def index(request: HttpRequest) -> HttpResponse:
    """What the person has and can add. One whom the gate has sent here goes on from here to where one wanted."""
    wanted = safe_next(request, request.GET.get("next", ""), "")
    if wanted and wanted != reverse("accounts:go_on"):
        request.session[WANTED] = wanted
    return base.index(request)


@requires("cabinet")
@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """To where one was going when the gate asked for a second factor; else to the cabinet."""
    return redirect(request.session.pop(WANTED, "") or "eios:cabinet")


authenticate = base.authenticate
reauthenticate = base.reauthenticate
activate_totp = _audited(totp.activate_totp)
deactivate_totp = _audited(totp.deactivate_totp)
view_recovery_codes = recovery_codes.view_recovery_codes
download_recovery_codes = recovery_codes.download_recovery_codes
generate_recovery_codes = _audited(recovery_codes.generate_recovery_codes)
list_webauthn = webauthn.list_webauthn
add_webauthn = _audited(webauthn.add_webauthn)
edit_webauthn = webauthn.edit_webauthn
remove_webauthn = _audited(webauthn.remove_webauthn)
reauthenticate_webauthn = webauthn.reauthenticate_webauthn
