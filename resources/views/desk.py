"""The desk of an element's administrator: the list of own elements, and the overview of one (5.4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from resources import desk
from resources.asker import asker_of
from resources.forms.desk import SearchForm


@requires("desk")
@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """Elements and parts that the person administers, those with waiting requests marked."""
    form = SearchForm(request.GET)
    filters = form.values()
    context = {"form": form, "filters": filters, "elements": desk.elements_of(asker_of(request), filters["q"])}
    return render(request, "resources/desk_list.html", context)


@requires("desk")
@require_safe
def desk_element(request: HttpRequest, slug: str) -> HttpResponse:
    """One element at a glance."""
    element = desk.element_of(request, slug)
    return render(
        request, "resources/desk_element.html", {"element": element, "tabs": desk.tabs(element, "desk_element")}
    )
