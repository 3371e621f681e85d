"""Help for those who can't sign in, or whose password is known: pages that change no account but one's own (12.2)."""

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.blocking import block_by_stop_code, block_oneself
from accounts.actions.reports import file_report
from accounts.actor import Actor
from accounts.forms.incidents import SelfBlockForm, SignInTroubleForm, StopCodeForm
from accounts.limits import NetworkLimit, TooOften
from eios.lib.access import public, requires
from eios.lib.network import client_address

# A school behind one address has hundreds of people with new passwords on one September morning.
REPORTS = NetworkLimit("access-report", most=30, most_in_school=600)
STOP_CODES = NetworkLimit("stop-code", most=30, most_in_school=300)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_trouble(request: HttpRequest) -> HttpResponse:
    """Tells the administrator and the class teacher that somebody can't sign in; any login gets the same answer."""
    form = SignInTroubleForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/sign_in_trouble.html", {"form": form})
    try:
        REPORTS.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return _too_often(request, "accounts/sign_in_trouble.html", form, refusal)
    file_report(**form.cleaned_data, by=Actor.of(request))
    return redirect("accounts:sign_in_trouble_sent")


@public
@require_safe
def sign_in_trouble_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_in_trouble_sent.html")


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def stop_by_code(request: HttpRequest) -> HttpResponse:
    """Stops the account that a slip was printed for; a wrong code gets the same answer as the right one."""
    form = StopCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/stop_by_code.html", {"form": form})
    try:
        STOP_CODES.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return _too_often(request, "accounts/stop_by_code.html", form, refusal)
    block_by_stop_code(form.cleaned_data["code"], by=Actor.of(request))
    return redirect("accounts:stop_by_code_sent")


@public
@require_safe
def stop_by_code_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/stop_by_code_sent.html")


@requires("cabinet")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def self_block(request: HttpRequest) -> HttpResponse:
    """«Мой пароль узнали»: the own account is stopped at once, with all its sessions."""
    form = SelfBlockForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            block_oneself(by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            logout(request)
            return redirect("accounts:self_block_done")
    return render(request, "accounts/self_block.html", {"form": form})


@public
@require_safe
def self_block_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/self_block_done.html")


def _too_often(request: HttpRequest, template: str, form, refusal: TooOften) -> HttpResponse:
    form.add_error(None, refusal.text)
    response = render(request, template, {"form": form}, status=429)
    response["Retry-After"] = str(refusal.wait)
    return response
