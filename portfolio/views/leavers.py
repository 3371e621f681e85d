"""Leavers: freezing their portfolios, the one-time link to the archive and its public page (11)."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.limits import NetworkLimit, TooOften
from accounts.models import User
from accounts.views.posting import is_done, is_taken
from eios.lib import qr
from eios.lib.access import public, requires
from eios.lib.dates import today
from eios.lib.network import client_address
from portfolio import exporting, leavers, rights
from portfolio.actions import exports, life
from portfolio.forms.life import LeaverFilterForm, ReasonForm, TickedForm
from portfolio.models import Export, Handover
from portfolio.views.exports import zip_response
from portfolio.views.shown import unlisted

log = logging.getLogger(__name__)
FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 30
TRIED = NetworkLimit("portfolio-handover", most=30, most_in_school=300)


@requires("portfolio-desk")
@require_safe
def leaver_list(request: HttpRequest) -> HttpResponse:
    """Who has left or leaves soon, the latest first."""
    _refuse_others(request)
    form = LeaverFilterForm(request.GET)
    filters = form.values()
    page = Paginator(leavers.chosen(leavers.served(today()), filters["q"]), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "filters": filters, "page": page, "lines": leavers.lines_of(list(page.object_list)),
        "ticked": TickedForm(leavers=User.objects.none()), "now": timezone.now(), "today": today(),
    }  # fmt: skip
    return render(request, "portfolio/leaver_list.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def leaver_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason: from then on nothing changes."""
    pupil = _pupil(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def freeze(by) -> None:
        life.freeze(pupil, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, freeze, "Портфолио закрыто. Теперь можно выдать ссылку на архив."):
        return redirect("portfolio:leaver_list")
    effects = ["Ничего в портфолио больше не изменится; черновики останутся черновиками.",
               "Все показы и ссылки на него сразу перестанут открываться."]  # fmt: skip
    context = {"form": form, "pupil": pupil, "title": "Закрыть портфолио", "button": "Закрыть", "effects": effects}
    return render(request, "portfolio/leaver_ask.html", context | {"waiting": leavers.waiting(pupil)})


@requires("portfolio-desk")
@require_POST
def leaver_freeze_many(request: HttpRequest) -> HttpResponse:
    """A class that has finished school: those ticked, by one order."""
    values = _ticked(request)

    def freeze(by) -> None:
        outcome = life.freeze_many(values["pupil"], values["reason"], by=by)
        if count := len(outcome.done):
            messages.success(request, f"Закрыто: {count} портфолио. Теперь можно выдать ссылки на архив.")
        _say_skipped(request, outcome)

    if values is not None:
        is_done(request, freeze)
    return redirect("portfolio:leaver_list")


@requires("portfolio-desk")
@require_POST
def leaver_link_many(request: HttpRequest) -> HttpResponse:
    """One-time links of those ticked, in the answer and nowhere else, to be printed and cut."""
    values, made = _ticked(request), []
    if values is not None:
        is_done(request, lambda by: made.append(life.issue_links(values["pupil"], by=by)))
    if made:
        _say_skipped(request, made[0])
    if not made or not made[0].done:
        return redirect("portfolio:leaver_list")
    return render(request, "portfolio/leaver_links.html", {"slips": [_slip(request, *one) for one in made[0].done]})


def _ticked(request: HttpRequest) -> dict | None:
    _refuse_others(request)
    form = TickedForm(request.POST, leavers=leavers.leavers(today()))
    if form.is_valid():
        return form.cleaned_data
    messages.warning(request, " ".join(words for errors in form.errors.values() for words in errors))
    return None


def _say_skipped(request: HttpRequest, outcome: life.Outcome) -> None:
    for words in outcome.skipped:
        messages.warning(request, words)


def _slip(request: HttpRequest, handover: Handover, code: str) -> dict:
    """What stands on the paper."""
    link = request.build_absolute_uri(reverse("portfolio:handover", args=[code]))
    return {"pupil": handover.pupil, "handover": handover, "link": link, "qr": qr.picture(link)}


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def leaver_unfreeze(request: HttpRequest, pk: int) -> HttpResponse:
    """The pupil has come back, or was frozen by mistake."""
    _refuse_others(request)
    pupil = get_object_or_404(leavers.served(today()), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def unfreeze(by) -> None:
        life.unfreeze(pupil, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, unfreeze, "Портфолио снова открыто для записей."):
        return redirect("portfolio:leaver_list")
    effects = ["Портфолио снова можно будет пополнять. Отозванные показы не вернутся.",
               "Выданная ссылка на архив перестанет действовать."]  # fmt: skip
    context = {"form": form, "pupil": pupil, "title": "Снова открыть портфолио", "button": "Открыть"}
    return render(request, "portfolio/leaver_ask.html", context | {"effects": effects})


@requires("portfolio-desk")
@require_POST
def leaver_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-time link, in the answer and nowhere else: to be printed or copied."""
    pupil = _pupil(request, pk)
    made: list[tuple[Handover, str]] = []
    if not is_done(request, lambda by: made.append(life.issue_link(pupil, by=by))):
        return redirect("portfolio:leaver_list")
    return render(request, "portfolio/leaver_link.html", _slip(request, *made[0]))


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def leaver_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the paper with the link is in somebody's hands."""
    _refuse_others(request)
    handover = get_object_or_404(Handover.objects.select_related("pupil"), pk=pk)
    if request.method == "POST":
        is_done(request, lambda by: life.revoke_link(handover, by=by), "Ссылка больше не действует.")
        return redirect("portfolio:leaver_list")
    last = timezone.localtime(handover.expires_at)
    context = {
        "title": "Отозвать ссылку на архив",
        "question": f"{handover.pupil.get_full_name()}, действует до {last:%d.%m.%Y}.",
        "effects": ["По распечатанной или переданной ссылке архив больше не скачать. Можно выдать новую."],
        "button": "Отозвать",
        "danger": True,
        "back_url": reverse("portfolio:leaver_list"),
    }
    return render(request, "ui/confirm.html", context)


def _refuse_others(request: HttpRequest) -> None:
    if not rights.manages(request.user):
        raise Http404


def _pupil(request: HttpRequest, pk: int) -> User:
    _refuse_others(request)
    return get_object_or_404(leavers.leavers(today()), pk=pk)


# The leaver's own page


@public
@unlisted
@require_http_methods(FORM_METHODS)
def handover(request: HttpRequest, code: str) -> HttpResponseBase:
    """Looking uses nothing up; the button gives the archive, once. A dead link is the same page whatever it died of."""
    try:
        TRIED.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return render(request, "portfolio/handover_dead.html", {"wait": refusal.text}, status=429)
    found = leavers.living_link(code, timezone.now())
    if found is None:
        return render(request, "portfolio/handover_dead.html", status=404)
    if request.method != "POST":
        return render(request, "portfolio/handover.html", {"handover": found})
    return _given(request, found)


def _given(request: HttpRequest, found: Handover) -> HttpResponseBase:
    """The archive is made before the link is used up: should a file be missing, the link stays."""
    packed = exporting.packed_whole(found.pupil)
    by = Actor(None, client_address(request), "по одноразовой ссылке")
    export = exports.begun(found.pupil, Export.Kind.ARCHIVE, packed.sha256, by=by)
    try:
        answer = zip_response(packed, exporting.label_of(export, request.school), "Портфолио")
    except OSError:
        log.exception("the archive of the link %s can't be made", found.pk)
        return render(request, "portfolio/handover.html", {"handover": found, "is_unreadable": True}, status=503)
    try:
        life.use_link(found, export, by=by)
    except ValidationError:
        answer.close()
        return render(request, "portfolio/handover_dead.html", status=404)
    return answer
