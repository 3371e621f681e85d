"""Privileges on an element and its parts: who has which, granting to one and to many, extending, revoking (5.3-5.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.forms.orders import ReasonForm
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.russian import plural, short_date
from resources import desk, grantees
from resources.actions import privileges as actions
from resources.asker import asker_of
from resources.forms.privileges import ExtendForm, GranteeFilterForm, GrantForm, TermFilterForm
from resources.models import Element, Privilege

PAGE = 50
GET_POST = ["GET", "HEAD", "POST"]
EFFECTS_OF_REVOKING = (
    "Привилегия перестанет действовать сразу: уже следующая страница не откроется.",
    "Тем, кому доступ даёт уровень или другая привилегия, он останется.",
    "В списке прошедших останется запись: кто отозвал, когда и почему.",
)


@requires("desk")
@require_safe
def desk_privileges(request: HttpRequest, slug: str) -> HttpResponse:
    """Privileges in force, to come, and past, of the element and its parts."""
    element = desk.element_of(request, slug)
    form, date = TermFilterForm(request.GET), today()
    rows, term = grantees.privileges_of(element), form.value()
    context = {
        "form": form,
        "term": term,
        "counts": grantees.counts(rows, date),
        "page": Paginator(grantees.of_term(rows, term, date), PAGE).get_page(request.GET.get("page")),
        "from_above": grantees.from_above(element, date),
    }
    return _page(request, element, "resources/desk_privileges.html", context)


@requires("desk")
@require_http_methods(GET_POST)
def desk_privilege_grant(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom, what, how long, why. POST checks it and shows the names and the effects; nothing is written yet."""
    element = desk.element_of(request, slug)
    filters = GranteeFilterForm(request.GET, date=today()).values()
    form = _form(request, element, filters)
    if request.method == "POST" and form.is_valid():
        privileges = form.privileges()
        refused = actions.refusals(privileges, by=Actor.of(request))
        if not refused:
            context = {"form": form, "filters": filters, "privileges": privileges, "first": privileges[0]}
            return _page(request, element, "resources/desk_privilege_confirm.html", context)
        form.add_error(None, refused)
    return _grant_page(request, element, filters, form)


@requires("desk")
@require_POST
def desk_privilege_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Grants what was shown: to all, or to nobody."""
    element = desk.element_of(request, slug)
    filters = GranteeFilterForm(request.GET, date=today()).values()
    form = _form(request, element, filters)
    if not form.is_valid():
        return _grant_page(request, element, filters, form)
    try:
        given = actions.grant_many(form.privileges(), by=Actor.of(request))
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _grant_page(request, element, filters, form)
    number = len(given)
    messages.success(request, f"Дано: {number} {plural(number, 'привилегия', 'привилегии', 'привилегий')}.")
    begins_later = given[0].starts > today()
    return redirect(f"{_list_url(element)}{'?term=future' if begins_later else ''}")


@requires("desk")
@require_http_methods(GET_POST)
def desk_privilege_extend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The next term of the same right for the same grantee."""
    element, privilege = _own(request, slug, pk)
    if privilege.ends is None or privilege.revoked_at:
        messages.warning(request, "Продлить можно привилегию, у которой есть последний день и которую не отозвали.")
        return redirect(_list_url(element))
    starts = actions.next_start(privilege)
    form = ExtendForm(request.POST if request.method == "POST" else None, starts=starts)
    if is_taken(
        request,
        form,
        lambda by: actions.extend(privilege, form.cleaned_data["ends"], by=by, **form.ground()),
        f"Продлено с {short_date(starts)}.",
    ):
        return redirect(f"{_list_url(element)}{'?term=future' if starts > today() else ''}")
    context = {"privilege": privilege, "form": form, "starts": starts}
    return _page(request, element, "resources/desk_privilege_extend.html", context)


@requires("desk")
@require_http_methods(GET_POST)
def desk_privilege_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ends a privilege at once, with the reason."""
    element, privilege = _own(request, slug, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        is_done(
            request,
            lambda by: actions.revoke(privilege, form.cleaned_data["reason"], by=by),
            f"Привилегия отозвана: {privilege.grantee}.",
        )
        return redirect(_list_url(element))
    context = {
        "title": "Отозвать привилегию",
        "question": f"{privilege.grantee}: {privilege.get_right_display()} «{privilege.element}».",
        "effects": EFFECTS_OF_REVOKING,
        "form": form,
        "button": "Отозвать",
        "danger": True,
        "back_url": _list_url(element),
    }
    return render(request, "ui/confirm.html", context)


def _own(request: HttpRequest, slug: str, pk: int) -> tuple[Element, Privilege]:
    element = desk.element_of(request, slug)
    return element, get_object_or_404(grantees.privileges_of(element), pk=pk)


def _form(request: HttpRequest, element: Element, filters: dict[str, str]) -> GrantForm:
    data = request.POST if request.method == "POST" else None
    nodes = grantees.nodes_of(asker_of(request), element)
    return GrantForm(data, kind=filters["to"], element=element, nodes=nodes)


def _grant_page(request: HttpRequest, element: Element, filters: dict[str, str], form: GrantForm) -> HttpResponse:
    chosen = {name: filters[name] for name in ("q", "school_class", "position", "person")}
    found = grantees.candidates(filters["to"], asker_of(request), **chosen)
    every = bool(filters["ticked"] or filters["person"])
    context = {
        "form": form,
        "filters": filters,
        "chooser": GranteeFilterForm(request.GET, date=today()),
        "kinds": grantees.KINDS,
        "candidates": found[: grantees.MOST_CANDIDATES] if filters["to"] == "person" else found,
        "has_more": filters["to"] == "person" and len(found) > grantees.MOST_CANDIDATES,
        "ticked": {one.value for one in found} if every and not form.is_bound else form.ticked,
        "is_searched": any(chosen.values()),
    }
    return _page(request, element, "resources/desk_privilege_grant.html", context)


def _page(request: HttpRequest, element: Element, template: str, context: dict) -> HttpResponse:
    tabs = desk.tabs(element, "desk_privileges")
    return render(request, template, {"element": element, "tabs": tabs, **context})


def _list_url(element: Element) -> str:
    return reverse("resources:desk_privileges", args=[element.slug])
