"""One person's login at an element, at its administrator's desk: renewed, prolonged, ended, sent by a link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.reauthentication import ask_again
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from resources import credentials, desk
from resources.actions import credential_links, issuing
from resources.actions.credentials import end
from resources.credentials import Filters, Row
from resources.forms.credentials import ReissueForm, RevokeForm, TermForm
from resources.models import Element, ExternalCredential
from resources.views.desk_credentials import shown_page

REVOKE_EFFECTS = (
    "Логин и пароль сразу исчезнут из кабинета владельца, отправленные ссылки перестанут действовать.",
    "На самой платформе вход останется, пока вы его там не закроете: напоминание появится в «Закрыть на платформе».",
)
LINK_EFFECTS = (
    "На адрес из учётной записи уйдёт письмо со ссылкой: без имён, логина и пароля.",
    "Ссылка покажет логин и пароль один раз; отправленная раньше перестанет действовать.",
)


def _credential(request: HttpRequest, slug: str, pk: int) -> tuple[Element, ExternalCredential]:
    """The element of the desk and its credential with this key. Raises Http404 for another's and for owners' notes."""
    element = desk.element_of(request, slug)
    found = credentials.with_places(credentials.of_element(element, Filters(), today()), today())
    return element, get_object_or_404(found, pk=pk)


@requires("desk")
@require_safe
def desk_credential(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How one credential stands, and what can be done with it."""
    element, credential = _credential(request, slug, pk)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "row": Row(credential, today()),
        "credential": credential,
        "links": credential.links.select_related("issued_by"),
    }
    return render(request, "resources/desk_credential.html", context)


@requires("desk")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credential_reissue(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new password instead of this one, with the reason."""
    element, credential = _credential(request, slug, pk)
    ask_again(request)
    form = ReissueForm(request.POST if request.method == "POST" else None, credential=credential)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issuing.reissue(credential, **form.values(), by=Actor.of(request))
        except ValidationError as refusal:
            return _refused(request, refusal, element, credential)
        return shown_page(request, element, issued)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "form": form,
        "credential": credential,
    }
    return render(request, "resources/desk_credential_reissue.html", context)


def _refused(
    request: HttpRequest, refusal: ValidationError, element: Element, credential: ExternalCredential
) -> HttpResponse:
    messages.warning(request, refusal.messages[0])
    return redirect("resources:desk_credential", element.slug, credential.pk)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credential_term(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another last day."""
    element, credential = _credential(request, slug, pk)
    initial = {"expires_on": credential.expires_on}
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if is_taken(
        request,
        form,
        lambda by: issuing.change_term(credential, form.cleaned_data["expires_on"], by=by),
        "Срок изменён.",
    ):
        return redirect("resources:desk_credential", slug, pk)
    title = {"title": "Изменить срок", "button": "Сохранить срок"}
    return _confirm(request, "resources/desk_credential_term.html", element, credential, form=form, **title)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credential_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The credential counts no more, for a reason."""
    element, credential = _credential(request, slug, pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end(credential, form.cleaned_data["end_reason"], by=Actor.of(request))
        except ValidationError as refusal:
            return _refused(request, refusal, element, credential)
        messages.success(request, f"Прекращено: {credential.person}. Закройте вход и на самой платформе.")
        return redirect("resources:desk_credential", slug, pk)
    words = {"title": "Прекратить учётные данные", "button": "Прекратить", "effects": REVOKE_EFFECTS, "danger": True}
    return _confirm(request, "resources/desk_credential_revoke.html", element, credential, form=form, **words)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credential_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A one-time link goes to the owner by e-mail (10.6)."""
    element, credential = _credential(request, slug, pk)
    if request.method == "POST":
        try:
            credential_links.send(credential, by=Actor.of(request))
        except ValidationError as refusal:
            return _refused(request, refusal, element, credential)
        messages.success(request, "Письмо со ссылкой отправляется на адрес из учётной записи.")
        return redirect("resources:desk_credential", slug, pk)
    words = {"title": "Отправить одноразовую ссылку", "button": "Отправить", "effects": LINK_EFFECTS}
    return _confirm(request, "resources/desk_credential_link.html", element, credential, **words)


def _confirm(
    request: HttpRequest, template: str, element: Element, credential: ExternalCredential, **context
) -> HttpResponse:
    context |= {
        "element": element,
        "credential": credential,
        "question": f"{credential.person}, «{element.name}», логин {credential.login or 'у библиотеки'}.",
        "back_url": reverse("resources:desk_credential", args=[element.slug, credential.pk]),
    }
    return render(request, template, context)
