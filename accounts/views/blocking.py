"""Blocking another's account after checking identity, and lifting the block; each within the own scope (12.2)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import incidents
from accounts.actions.blocking import block, unblock
from accounts.actor import Actor
from accounts.blocking_scope import may_lift, people_within
from accounts.forms.incidents import BlockForm, UnblockForm
from accounts.models import Block, User
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.dates import today

BLOCK_EFFECTS = (
    "Все открытые входы завершатся при следующем нажатии.",
    "Войти не получится, пока блокировку не снимут; все данные сохранятся.",
    "На странице входа, после верного пароля, человек прочтёт, к кому обратиться. Причина там не названа.",
)
UNBLOCK_EFFECTS = ("Прежние входы не оживут: войти нужно заново.",)
NEW_PASSWORD_EFFECT = "Прежний пароль больше не подойдёт: его мог узнать кто-то ещё. Чтобы войти, нужен новый листок."  # noqa: S105
ISSUE_NEXT = "Блокировка снята, прежний пароль не действует. Теперь нужен новый листок с паролем."


@requires("incidents")
@require_http_methods(["GET", "HEAD", "POST"])
def person_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes the account of a person within one's scope, at once."""
    person = _within(request, pk)
    if person.is_blocked:
        return redirect("accounts:person_unblock", pk)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["needs_new_password"]
        try:
            block(person, form.reason_in_full(), by=Actor.of(request), needs_new_password=wanted)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, f"Вход закрыт: {person}.")
            return redirect(_story(request, person))
    context = {
        "title": "Закрыть вход",
        "question": f"{person}, логин {person.username}.",
        "effects": BLOCK_EFFECTS,
        "button": "Закрыть вход",
        "danger": True,
        "form": form,
        "back_url": _story(request, person),
    }
    return render(request, "accounts/person_block.html", context)


@requires("incidents")
@require_http_methods(["GET", "HEAD", "POST"])
def person_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lifts the block of a person within one's scope, unless a system administrator has put it."""
    person = _within(request, pk)
    row = get_object_or_404(Block.objects.standing().select_related("by"), person=person)
    if not may_lift(request.user, row):
        raise Http404
    form = UnblockForm(request.POST if request.method == "POST" else None, is_forced=row.needs_new_password)
    if request.method == "POST" and form.is_valid():
        return _lift(request, person, form)
    effects = (*UNBLOCK_EFFECTS, NEW_PASSWORD_EFFECT) if row.needs_new_password else UNBLOCK_EFFECTS
    return _unblock_page(request, person, form, effects)


def _unblock_page(request: HttpRequest, person: User, form: UnblockForm, effects: tuple[str, ...]) -> HttpResponse:
    context = {
        "title": "Снять блокировку",
        "question": f"{person}, логин {person.username}.",
        "effects": effects,
        "button": "Снять блокировку",
        "form": form,
        "back_url": _story(request, person),
    }
    return render(request, "accounts/person_unblock.html", context)


def _lift(request: HttpRequest, person: User, form: UnblockForm) -> HttpResponse:
    wanted = form.cleaned_data.get("new_password", True)
    is_done(
        request,
        lambda by: unblock(person, form.reason_in_full(), by=by, new_password=wanted),
        lambda row: ISSUE_NEXT if row.needs_new_password else "Блокировка снята, пароль прежний.",
    )
    return redirect(_story(request, person))


def _within(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people_within(request.user, today()), pk=pk)


def _story(request: HttpRequest, person: User) -> str:
    """The page of the person's open report, or the list where there is none."""
    report = incidents.open_report_of(request.user, person, today())
    return report.get_absolute_url() if report else reverse("accounts:incident_list")
