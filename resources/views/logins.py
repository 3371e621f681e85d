"""«Мои логины на платформах»: the own logins and passwords, shown on a click, and the own notes (10.5, 10.6)."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.forms.credentials import LinkCodeForm
from accounts.limits import NetworkLimit, TooOften
from accounts.reauthentication import ask_staff_again, may_compare_password
from accounts.views.posting import is_done
from eios.lib.access import public, requires
from eios.lib.crypto import CannotOpen
from eios.lib.dates import today
from eios.lib.network import client_address
from resources import credentials
from resources.actions import credential_links, own_credentials
from resources.actions.credentials import NOT_KEPT
from resources.asker import asker_of
from resources.credentials import Row
from resources.forms.credentials import ChangeNoteForm, NoteForm
from resources.models import ExternalCredential

log = logging.getLogger(__name__)
# A class opens its letters in one lesson, behind one address.
OPENED = NetworkLimit("credential-link", most=30, most_in_school=600)
TOO_OFTEN = "Слишком много попыток подряд: подождите минуту и запишите ещё раз."
FORGET_EFFECTS = (
    "Запись исчезнет из кабинета, пароль сотрётся безвозвратно.",
    "На самой платформе ничего не изменится: ваш логин там останется.",
)


@requires("cabinet")
@require_safe
def login_list(request: HttpRequest) -> HttpResponse:
    """What the person holds at platforms; passwords are not here."""
    rows = [Row(credential, today()) for credential in credentials.own(request.user)]
    return render(request, "resources/login_list.html", {"rows": rows})


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def login_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The password, in the answer to the click and nowhere else: neither in the address nor in the session."""
    credential = _own(request, pk)
    ask_staff_again(request)
    if request.method != "POST":
        return render(request, "resources/login_reveal.html", {"credential": credential})
    try:
        password = own_credentials.reveal(credential, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect("resources:login_list")
    except CannotOpen as trouble:
        return sealed_page(request, trouble, reverse("resources:login_list"))
    return render(request, "resources/login_shown.html", {"credential": credential, "password": password})


def _own(request: HttpRequest, pk: int) -> ExternalCredential:
    return get_object_or_404(credentials.own(request.user), pk=pk)


def sealed_page(request: HttpRequest, trouble: CannotOpen, back_url: str) -> HttpResponse:
    """A key is missing: nothing was shown, written or lost."""
    log.error("a password can't be opened: %s", trouble)
    return render(request, "resources/login_sealed.html", {"trouble": trouble, "back_url": back_url}, status=503)


@requires("cabinet")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login_add(request: HttpRequest) -> HttpResponse:
    """The own login, noted after registering at the platform; its card leads here with the platform chosen."""
    elements = credentials.elements_to_note(asker_of(request))
    chosen = elements.filter(slug=request.GET.get("element", "")).first()
    form = NoteForm(request.POST if request.method == "POST" else None, elements=elements, initial={"element": chosen})
    if request.method == "POST" and form.is_valid() and _may_note(request, form):
        values = form.cleaned_data
        try:
            own_credentials.note(
                values["element"], request.user, login=values["login"], password=values["password"],
                by=Actor.of(request),
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Записано: «{values['element'].name}».")
            return redirect("resources:login_list")
    why_not = NOT_KEPT.get(chosen.keeping, "") if chosen else ""
    return render(request, "resources/login_add.html", {"form": form, "why_not": why_not})


def _may_note(request: HttpRequest, form: NoteForm | ChangeNoteForm) -> bool:
    """The note's password is compared with the portal's own, and not too often."""
    if not form.cleaned_data["password"] or may_compare_password(request):
        return True
    form.add_error("password", TOO_OFTEN)
    return False


@requires("cabinet")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another login or password in the own note."""
    credential = _noted(request, pk)
    form = ChangeNoteForm(request.POST if request.method == "POST" else None, credential=credential)
    if request.method == "POST" and form.is_valid() and _may_note(request, form):
        try:
            own_credentials.change_note(credential, **form.cleaned_data, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Исправлено: «{credential.element.name}».")
            return redirect("resources:login_list")
    return render(request, "resources/login_change.html", {"form": form, "credential": credential})


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def login_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """The own note is taken away, its password wiped."""
    credential = _noted(request, pk)
    if request.method == "POST":
        is_done(
            request,
            lambda by: own_credentials.forget_note(credential, by=by),
            f"Запись убрана: «{credential.element.name}».",
        )
        return redirect("resources:login_list")
    context = {
        "title": "Убрать запись о логине",
        "question": f"«{credential.element.name}», логин {credential.login}.",
        "effects": FORGET_EFFECTS,
        "button": "Убрать запись",
        "danger": True,
        "back_url": reverse("resources:login_list"),
    }
    return render(request, "resources/login_delete.html", context)


def _noted(request: HttpRequest, pk: int) -> ExternalCredential:
    return get_object_or_404(credentials.own(request.user).noted(), pk=pk)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def credential_link(request: HttpRequest) -> HttpResponse:
    """By a one-time link from a letter: looking spends nothing, since scanners of mail open links; the button shows."""
    form = LinkCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "resources/credential_link.html", {"form": form})
    address = client_address(request)
    try:
        OPENED.count(address, request.school.local_networks)
    except TooOften as refusal:
        form.add_error(None, refusal.text)
        return render(request, "resources/credential_link.html", {"form": form}, status=429)
    try:
        opened = credential_links.open_link(form.cleaned_data["code"], address=address)
    except ValidationError as refusal:
        form.add_error("code", refusal)
        return render(request, "resources/credential_link.html", {"form": form})
    except CannotOpen as trouble:
        return sealed_page(request, trouble, reverse("resources:credential_link"))
    return render(request, "resources/credential_link_shown.html", {"opened": opened})
