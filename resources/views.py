"""Pages of the registry."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import staff
from accounts.actor import Actor
from accounts.visitor import visitor_of
from eios.lib import russian
from eios.lib.access import ADMINISTER, requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import access, actions, catalogue, training
from resources.forms import FilterForm, TopicsForm, TrainedFilterForm


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


@requires("registry", to=ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def element_training(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is trained for the element and who is not; which trainings prepare for it (3.2, 5.11)."""
    element = get_object_or_404(access.elements_known_to(request.user), slug=slug)
    form = TopicsForm(request.POST if request.method == "POST" else None, topics=training.topics(element))
    if request.method == "POST" and form.is_valid():
        count = actions.tie_trainings(element, form.cleaned_data["topics"], by=Actor.of(request))
        words = russian.plural(count, "запись", "записи", "записей")
        messages.success(request, f"К элементу отнесено: {count} {words} об обучении.")
        return redirect("resources:element_training", slug)
    date = today()
    chooser = TrainedFilterForm(request.GET, positions=staff.positions_held(date))
    filters = chooser.values()
    people = training.people_for(filters, date)
    context = {
        "element": element,
        "form": form,
        "chooser": chooser,
        "filters": filters,
        "trained": training.trained(element, people, date),
        "untrained": training.untrained(element, people, date),
    }
    return render(request, "resources/element_training.html", context)
