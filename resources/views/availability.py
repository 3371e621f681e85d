"""Do the elements answer (5.6): the overview of all, and the desk's page of one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import ADMINISTER, requires
from resources import availability, desk
from resources.forms.availability import AvailabilityFilterForm

PAGE = 50


@requires("registry", to=ADMINISTER)
@require_safe
def availability_list(request: HttpRequest) -> HttpResponse:
    """Every outside element and whether it answers, troubles first."""
    form = AvailabilityFilterForm(request.GET)
    filters = form.values()
    rows = availability.listing(filters)
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "count": len(rows),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "resources/availability_list.html", context)


@requires("desk")
@require_safe
def desk_availability(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether the element answers, since when, and how it did lately."""
    element = desk.element_of(request, slug)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_availability"),
        "availability": availability.shown(element),
        "summary": availability.summary(element),
        "is_asked": availability.asked([element.slug]).exists(),
        "page": Paginator(availability.history(element), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "resources/desk_availability.html", context)
