"""The first password: the issued one is replaced before anything else opens (12.1)."""

import time

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.passwords import keep_issued_password, set_own_password
from accounts.actions.sessions import move_session
from accounts.actor import Actor
from accounts.forms.password import FirstPasswordForm
from accounts.gate import may_keep_password
from eios.lib.access import at_gate
from eios.lib.addresses import safe_next

FRESH = 10 * 60  # seconds after signing in while the issued password is not asked again


@at_gate
@sensitive_post_parameters("current", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """An own password instead of the issued one; pupils of grades 1–4 may keep theirs."""
    person = request.user
    if not person.must_change_password:
        return redirect(_wanted(request))
    data = request.POST if request.method == "POST" else None
    form = FirstPasswordForm(data, person=person, ask_current=not _has_just_signed_in(request))
    if request.method != "POST" or not form.is_valid():
        keep_url = f"{reverse('accounts:keep_password')}?{request.GET.urlencode()}"
        context = {"form": form, "may_keep": may_keep_password(person, request.school), "keep_url": keep_url}
        return render(request, "accounts/first_password.html", context)
    old_key = request.session.session_key
    set_own_password(person, form.cleaned_data["password1"], by=Actor.of(request), keep=old_key)
    update_session_auth_hash(request, person)
    move_session(old_key, request.session.session_key)
    messages.success(request, "Пароль сохранён. С ним и входите в следующий раз.")
    return redirect(_wanted(request))


@at_gate
@require_POST
def keep_password(request: HttpRequest) -> HttpResponse:
    """A pupil of grades 1–4 keeps the password of the slip."""
    if request.user.must_change_password and may_keep_password(request.user, request.school):
        keep_issued_password(request.user, by=Actor.of(request))
    return redirect(_wanted(request))


def _wanted(request: HttpRequest) -> str:
    return safe_next(request, request.GET.get("next", ""), reverse("eios:cabinet"))


def _has_just_signed_in(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(row["method"] == "password" and time.time() - row["at"] < FRESH for row in records)
