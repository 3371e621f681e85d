"""The desk of an element's administrator: the list of own elements, the overview of one, its history (5.4)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from resources import desk, overview, trail
from resources.asker import asker_of
from resources.forms.desk import SearchForm

PAGE_SIZE, HISTORY_SIZE, RECENT = 100, 50, 5


@requires("desk")
@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """Elements and parts that the person administers, parts under their element, those with waiting requests first."""
    form = SearchForm(request.GET)
    filters = form.values()
    asker = asker_of(request)
    lines = desk.arranged(desk.elements_of(asker, filters["q"]))
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": sum(line.element.waiting for line in lines),
        "asks_of_anybody": asker.is_system_administrator,
    }
    return render(request, "resources/desk_list.html", context)


@requires("desk")
@require_safe
def desk_element(request: HttpRequest, slug: str) -> HttpResponse:
    """One element at a glance: who gets in, what waits, what has happened."""
    element = desk.element_of(request, slug)
    asker = asker_of(request)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_element"),
        "closure": overview.closure_of(element, request.school),
        "needs": overview.needs_of(element, request.school),
        "administrators": overview.administrators_of(element),
        "figures": overview.figures(element),
        "history": trail.lines(trail.of(element)[:RECENT], asker),
    }
    return render(request, "resources/desk_element.html", context)


@requires("desk")
@require_safe
def desk_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what about the element, its access and its credentials."""
    element = desk.element_of(request, slug)
    page = Paginator(trail.of(element), HISTORY_SIZE).get_page(request.GET.get("page"))
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_history"),
        "page": page,
        "history": trail.lines(page, asker_of(request)),
    }
    return render(request, "resources/desk_history.html", context)
