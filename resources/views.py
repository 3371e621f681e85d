"""Pages of the registry."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.visitor import visitor_of
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources import access, catalogue
from resources.forms import FilterForm


@requires("registry")
@require_safe
@shared_page
def element_list(request: HttpRequest) -> HttpResponse:
    """The public registry (1.4, 4.5): grouped, searched, filtered."""
    visitor = visitor_of(request)
    form = FilterForm(request.GET)
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "can_administer": access.may_administer(visitor),
        **catalogue.listing(visitor, filters),
    }
    return render(request, "resources/element_list.html", context)


@requires("registry")
@require_safe
@shared_page
def element_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A card: the outside to all who may know of the element, the inside to those to whom it opens (5.2)."""
    visitor = visitor_of(request)
    element = access.elements_known_to(visitor).select_related("parent").filter(slug=slug).first()
    if element is None:
        raise Http404
    decision = access.decide(visitor, element)
    context = {
        "element": element,
        "decision": decision,
        "parts": access.elements_open_to(visitor).filter(parent=element) if decision.allowed else [],
        "can_administer": access.may_administer(visitor),
    }
    return render(request, "resources/element_detail.html", context)
