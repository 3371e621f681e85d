"""Requests on an element's desk: who waits and how long, and the decisions (5.4)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import incidents
from accounts.actor import Actor
from accounts.reauthentication import ask_again
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from resources import access, desk, pools, requests
from resources.actions import requests as actions
from resources.asker import asker_for
from resources.forms.requests import (
    ConfirmAllForm,
    ConfirmForm,
    DeclineAllForm,
    DeskFilterForm,
    ReasonForm,
    TickedForm,
)
from resources.models import AUTHORISED, AccessRequest, Element
from resources.requests import Terms, Way

PAGE = 50


@requires("desk")
@require_safe
def desk_requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Requests for the element, those who wait longest on top, with boxes to decide on many."""
    element = desk.element_of(request, slug)
    form = DeskFilterForm(request.GET)
    filters, date = form.values(), today()
    rows = requests.on_desk(element, filters["state"], filters["q"], date)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = _frame(element) | {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [_row(one, date) for one in page],
        "waiting": not filters["state"],
        "keeps": element.keeps_credentials,
        "may_open": element.closure > AUTHORISED,
        "pool": pools.free(element) if element.pools.exists() else None,
    }
    return render(request, "resources/desk_requests.html", context)


def _frame(element: Element) -> dict:
    return {"element": element, "tabs": desk.tabs(element, "desk_requests")}


def _row(found: AccessRequest, date) -> dict:
    return {
        "found": found,
        "who": incidents.who(found.person),
        "line": requests.line_of(found, date),
        "days": found.days_waiting(date),
    }


# Many at once


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_requests_pool(request: HttpRequest, slug: str) -> HttpResponse:
    """Those ticked get accounts of the pools, the oldest requests first; where there are none left, the rest wait."""
    return _confirm_all(request, desk.element_of(request, slug), Way.POOL)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_requests_generate(request: HttpRequest, slug: str) -> HttpResponse:
    """Those ticked get logins made by the portal; the answer shows them once, to be opened at the platform."""
    return _confirm_all(request, desk.element_of(request, slug), Way.GENERATED)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_requests_open(request: HttpRequest, slug: str) -> HttpResponse:
    """To those ticked the element opens, without a login."""
    return _confirm_all(request, desk.element_of(request, slug), Way.NONE)


def _confirm_all(request: HttpRequest, element: Element, way: Way) -> HttpResponse:
    if way == Way.GENERATED:
        ask_again(request)
    waiting = list(requests.at_element(element, today()).waiting().order_by("asked_at", "pk"))
    ticks = TickedForm(request.POST if request.method == "POST" else request.GET, waiting=waiting)
    if not ticks.is_valid():
        return _back(request, element, ticks.errors["request"][0])
    data = request.POST if request.method == "POST" else None
    keys = [one.pk for one in ticks.ticked()]
    # To open is what the page is for, or is asked, or there is nobody to whom the element is closed.
    may_open = element.closure > AUTHORISED and way != Way.NONE
    form = ConfirmAllForm(data, waiting=waiting, may_open=may_open, initial={"request": keys})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        terms = Terms(way=way, opens=values.get("opens", way == Way.NONE), ends=values["ends"])
        given, refused = actions.confirm_all(form.ticked(), terms, by=Actor.of(request))
        return _outcome(request, element, given, refused)
    context = _frame(element) | {
        "form": form,
        "is_pool": way == Way.POOL,
        "is_generated": way == Way.GENERATED,
        "people": ticks.ticked(),
        "free": pools.free(element),
    }
    return render(request, "resources/desk_requests_confirm.html", context)


def _outcome(request: HttpRequest, element: Element, given: list, refused: list) -> HttpResponse:
    """Generated passwords, and refusals with their reasons, are in this answer and nowhere else."""
    count = len(given)
    done = f"Подтверждено: {count} {russian.plural(count, 'заявка', 'заявки', 'заявок')}."
    if not refused and not any(one.password for one in given):
        messages.success(request, done)
        return redirect("resources:desk_requests", element.slug)
    made = [one for one in given if one.password]
    context = _frame(element) | {"done": done, "given": made, "refused": refused}
    return render(request, "resources/desk_requests_given.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_requests_decline(request: HttpRequest, slug: str) -> HttpResponse:
    """One reason for all that are ticked."""
    element = desk.element_of(request, slug)
    waiting = list(requests.at_element(element, today()).waiting().order_by("asked_at", "pk"))
    ticks = TickedForm(request.POST if request.method == "POST" else request.GET, waiting=waiting)
    if not ticks.is_valid():
        return _back(request, element, ticks.errors["request"][0])
    keys = [one.pk for one in ticks.ticked()]
    data = request.POST if request.method == "POST" else None
    form = DeclineAllForm(data, waiting=waiting, initial={"request": keys})
    if request.method == "POST" and form.is_valid():
        count = actions.decline_all(form.ticked(), form.cleaned_data["answer"], by=Actor.of(request))
        messages.success(request, f"Отклонено: {count} {russian.plural(count, 'заявка', 'заявки', 'заявок')}.")
        return redirect("resources:desk_requests", slug)
    context = _frame(element) | {"form": form, "people": ticks.ticked()}
    return render(request, "resources/desk_requests_decline.html", context)


def _back(request: HttpRequest, element: Element, why: str) -> HttpResponse:
    messages.warning(request, why)
    return redirect("resources:desk_requests", element.slug)


# One


@requires("desk")
@require_safe
def desk_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One request: who, why, since when; what can be done."""
    element, found = _request(request, slug, pk)
    return _page(request, element, found)


@requires("desk")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_request_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A login, an open element, or both, for a term. A generated password is in the answer, once.

    GET, by which one comes back from typing the own password again, leads to the request.
    """
    element, found = _request(request, slug, pk)
    if request.method != "POST":
        return redirect("resources:desk_request", slug, pk)
    form = _confirm_form(element, found, request.POST)
    if form is None or not form.is_valid():
        return _page(request, element, found, confirm_form=form)
    if form.terms().way == Way.GENERATED:
        ask_again(request)
    try:
        given = actions.confirm(found, form.terms(), by=Actor.of(request))
    except ValidationError as refusal:
        return _refused(request, slug, pk, refusal)
    return _outcome(request, element, [given], [])


@requires("desk")
@require_POST
def desk_request_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """No access, with the reason."""
    element, found = _request(request, slug, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, element, found, decline_form=form)
    try:
        actions.decline(found, form.cleaned_data["answer"], by=Actor.of(request))
    except ValidationError as refusal:
        return _refused(request, slug, pk, refusal)
    messages.success(request, "Заявка отклонена.")
    return redirect("resources:desk_requests", slug)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_request_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The question and the reason; then the login and the privilege end."""
    element, found = _request(request, slug, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke(found, form.cleaned_data["answer"], by=Actor.of(request))
        except ValidationError as refusal:
            return _refused(request, slug, pk, refusal)
        messages.success(request, "Доступ прекращён.")
        return redirect("resources:desk_request", slug, pk)
    context = {
        "title": "Прекратить доступ",
        "question": f"{found.person.get_full_name()}, «{element.name}».",
        "effects": ["Выданный по заявке логин прекращается: его останется закрыть на самой платформе.",
                    "Привилегия, данная по заявке, отзывается сразу.",
                    "Человек получит уведомление."],
        "button": "Прекратить доступ",
        "danger": True,
        "form": form,
        "back_url": reverse("resources:desk_request", args=[slug, pk]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _request(request: HttpRequest, slug: str, pk: int) -> tuple[Element, AccessRequest]:
    """A request of an element that one administers, else it is not found."""
    element = desk.element_of(request, slug)
    return element, get_object_or_404(requests.at_element(element, today()), pk=pk)


def _refused(request: HttpRequest, slug: str, pk: int, refusal: ValidationError) -> HttpResponse:
    messages.warning(request, " ".join(refusal.messages))
    return redirect("resources:desk_request", slug, pk)


def _confirm_form(element: Element, found: AccessRequest, data=None) -> ConfirmForm | None:
    """None where there is nothing to give: the element is open to the person, and the login is there."""
    is_closed = requests.lacks_right(access.decide(asker_for(found.person), element))
    ways = requests.ways_for(element, found.person, today(), is_closed=is_closed)
    return ConfirmForm(data, ways=ways, is_closed=is_closed) if ways else None


def _page(request, element: Element, found: AccessRequest, *, confirm_form=None, decline_form=None) -> HttpResponse:
    date = today()
    context = _frame(element) | _row(found, date)
    context |= {
        "decision": access.decide(asker_for(found.person), element),
        "confirm_form": confirm_form or _confirm_form(element, found),
        "decline_form": decline_form or ReasonForm(),
        "is_own": found.person_id == request.user.pk,
        "can_revoke": found.gives_on(date),
    }
    return render(request, "resources/desk_request.html", context)
