"""One-time links (9.7): issued to one person; opened by a stranger with the code, who then sets the own password."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import credentials
from accounts.actions import links as actions
from accounts.actor import Actor
from accounts.forms.credentials import LinkCodeForm, LinkForm
from accounts.forms.password import FirstPasswordForm
from accounts.models import OneTimeLink, User
from accounts.one_time import code_groups
from eios.lib import qr
from eios.lib.access import public, requires
from eios.lib.dates import today
from eios.lib.network import client_address

OPENED = "accounts.one_time_link"


@requires("credentials")
@require_http_methods(["GET", "HEAD", "POST"])
def credentials_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Instead of a slip: a link shown once, on the page that answers, or sent by a letter."""
    person = get_object_or_404(credentials.people_of(request.user, today()), pk=pk)
    form = LinkForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        return _issue(request, person, form)
    return render(request, "accounts/credentials_link.html", {"person": person, "form": form})


def _issue(request: HttpRequest, person: User, form: LinkForm) -> HttpResponse:
    # After «#» the code goes neither to the server's log nor into a Referer.
    page = request.build_absolute_uri(reverse("accounts:link_open"))
    channel, reason = form.cleaned_data["channel"], form.cleaned_data["reason"]
    try:
        code = actions.issue_link(
            person, channel, by=Actor.of(request), basis=reason, url_of=lambda code: f"{page}#{code}"
        )
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect("accounts:credentials_person", person.pk)
    if channel == OneTimeLink.Channel.EMAIL:
        messages.success(request, "Письмо со ссылкой отправляется на адрес из учётной записи.")
        return redirect("accounts:credentials_person", person.pk)
    url = f"{page}#{code}"
    context = {"person": person, "url": url, "page": page, "groups": code_groups(code), "qr": qr.picture(url)}
    return render(request, "accounts/credentials_link_shown.html", context)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def link_open(request: HttpRequest) -> HttpResponse:
    """Looking changes nothing, so that previews of mail and messengers burn no link; the button opens it."""
    form = LinkCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = actions.open_link(form.cleaned_data["code"], address=client_address(request))
        except ValidationError as refusal:
            form.add_error("code", refusal)
        else:
            return _let_in(request, link)
    return render(request, "accounts/link_open.html", {"form": form})


def _let_in(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """The session remembers which link was opened, and nothing of its code."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    request.session.flush()
    if not link.person.is_alive:
        return render(request, "accounts/closed.html", status=403)
    request.session[OPENED] = link.pk
    return redirect("accounts:link_password")


@public
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def link_password(request: HttpRequest) -> HttpResponse:
    """The owner of an opened link sets the own password, and goes on to sign in with it."""
    link = OneTimeLink.objects.select_related("person").filter(pk=request.session.get(OPENED)).first()
    if link is None or not actions.is_fresh(link):
        return render(request, "accounts/link_dead.html", status=404)
    data = request.POST if request.method == "POST" else None
    form = FirstPasswordForm(data, person=link.person, ask_current=False)
    if request.method == "POST" and form.is_valid():
        return _set_password(request, link, form.cleaned_data["password1"])
    return render(request, "accounts/link_password.html", {"form": form, "login": link.person.username})


def _set_password(request: HttpRequest, link: OneTimeLink, password: str) -> HttpResponse:
    try:
        person = actions.set_password_by_link(link, password, address=client_address(request))
    except ValidationError:
        return render(request, "accounts/link_dead.html", status=404)
    request.session.flush()
    messages.success(request, f"Пароль сохранён. Теперь войдите: ваш логин — {person.username}.")
    return redirect("account_login")
