"""Pages of the registry."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import staff
from accounts.actor import Actor
from eios.lib import russian
from eios.lib.access import ADMINISTER, requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import (
    access,
    availability,
    catalogue,
    credentials,
    desk,
    programmes,
    requests,
    reviews,
    sections,
    training,
)
from resources.actions.elements import record_opening
from resources.actions.training import tie_trainings
from resources.asker import asker_of
from resources.courses import complexes
from resources.forms.elements import ElementFilterForm, TopicsForm, TrainedFilterForm
from resources.models import MANAGEMENT


@requires("registry")
@require_safe
@shared_page
def element_list(request: HttpRequest) -> HttpResponse:
    """The public registry (1.4, 4.5): grouped, searched, filtered."""
    asker = asker_of(request)
    form = ElementFilterForm(request.GET)
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "can_administer": access.decide(asker, sections.by_slug(request.school, "registry"), ADMINISTER).allowed,
        "can_load": access.decide(asker, sections.by_slug(request.school, "installation")).allowed,
        **catalogue.listing(asker, filters),
    }
    return render(request, "resources/element_list.html", context)


@requires("registry")
@require_safe
@shared_page
def element_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A card: the outside to all who may know of the element, the inside to those to whom it opens (5.2)."""
    asker = asker_of(request)
    known = access.elements_known_to(asker).select_related("parent", "availability", "connection")
    element = known.filter(slug=slug).first()
    if element is None:
        raise Http404
    decision, connection = access.decide(asker, element), reviews.connection_of(element)
    if decision.allowed and element.closure >= MANAGEMENT:
        record_opening(element, page=request.path, by=Actor.of(request))
    context = {
        "element": element,
        "decision": decision,
        "availability": availability.shown(element),
        "parts": access.elements_open_to(asker).besides_courses().filter(parent=element) if decision.allowed else [],
        "files": element.files.select_related("file") if decision.allowed else [],
        "can_administer": access.decide(asker, element, ADMINISTER).allowed,
        "acts": element.governed_by.all(),
        "programmes": programmes.using(element, asker),
        "complexes": complexes.shown_at(element, asker),
        "connection": connection if connection and connection.is_confirmed else None,
        "offer": requests.offer(asker, element, decision),
        "can_suggest": asker.person is not None,
        "own_credential": credentials.own_at(asker.person, element),
        "can_note_login": asker.person is not None and element.keeps_credentials,
    }
    return render(request, "resources/element_detail.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def element_training(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is trained for the element and who is not; which trainings prepare for it (3.2, 5.11)."""
    element = desk.element_of(request, slug)
    form = TopicsForm(request.POST if request.method == "POST" else None, topics=training.topics(element))
    if request.method == "POST" and form.is_valid():
        count = tie_trainings(element, form.cleaned_data["topics"], by=Actor.of(request))
        words = russian.plural(count, "запись", "записи", "записей")
        messages.success(request, f"К элементу отнесено: {count} {words} об обучении.")
        return redirect("resources:element_training", slug)
    date = today()
    chooser = TrainedFilterForm(request.GET, positions=staff.positions_held(date))
    filters = chooser.values()
    people = training.people_for(filters, date)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "element_training"),
        "form": form,
        "chooser": chooser,
        "filters": filters,
        "sees_records": staff.sees_everyone(request.user),
        "trained": training.trained(element, people, date),
        "untrained": training.untrained(element, people, date),
    }
    return render(request, "resources/element_training.html", context)
