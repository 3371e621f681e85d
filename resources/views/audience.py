"""Who can open an element, and why (not) one person: the same decisions that the gate makes (5.4)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import exports
from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.dates import today
from resources import audience, desk, matrix, tree
from resources.actions.audience import record_export
from resources.asker import asker_of
from resources.audience import Kind, Known, Row
from resources.forms.audience import AudienceForm, WhyForm
from resources.models import Element
from resources.tree import Ground

MOST_FOUND = 50


@requires("desk")
@require_safe
def desk_who(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody at school with yes or no and the reason, narrowed by the filters in the address."""
    element = desk.element_of(request, slug)
    found = _found(request, element)
    query = "?inside=on" if found.filters["inside"] else ""
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_who"),
        "form": found.form,
        "filters": found.filters,
        "can": sum(row.decision.allowed for row in found.all),
        "total": len(found.all),
        "shown": len(found.rows),
        "body": matrix.body(found.rows, query=query),
        "level": found.ground.level_names[element.closure],
        "asks_network": any(need.kind == Kind.NETWORK for need in found.ground.needs),
        "is_system_administrator": asker_of(request).is_system_administrator,
    }
    return render(request, "resources/desk_who.html", context)


@requires("desk")
@require_safe
def desk_who_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of the page as XLSX; that names were taken out is in the trail."""
    element = desk.element_of(request, slug)
    rows = _found(request, element).rows
    content = matrix.workbook(element, rows, request.school)
    record_export(element, len(rows), by=Actor.of(request))
    name = content_disposition_header(True, f"Кто может открыть {element.slug} {today():%d.%m.%Y}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


@requires("desk")
@require_safe
def desk_why(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One person and the own element: every right with all its reasons, and what would open it."""
    element = desk.element_of(request, slug)
    filters = AudienceForm(request.GET, date=today()).values()
    explained = _explained(request, element, pk, inside=bool(filters["inside"]))
    if explained is None:
        raise Http404
    context = {"element": element, "tabs": desk.tabs(element, "desk_who"), "may_grant": True, **explained}
    return render(request, "resources/desk_why.html", context)


@requires("desk")
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """The system administrator asks of any element and any person."""
    if not asker_of(request).is_system_administrator:
        raise Http404
    elements = Element.objects.select_related("parent").order_by("-kind", "order", "name")
    form = WhyForm(request.GET, elements=elements)
    chosen = form.values()
    element = elements.filter(slug=chosen["element"]).first() if chosen["element"] else None
    explained = _explained(request, element, chosen["person"]) if element and chosen["person"] else None
    people = audience.people(asker_of(request), query=chosen["q"]) if chosen["q"] else []
    context = {
        "form": form,
        "chosen": chosen,
        "element": element,
        "people": people[:MOST_FOUND],
        "has_more": len(people) > MOST_FOUND,
        **(explained or {}),
    }
    return render(request, "resources/why.html", context)


@dataclass(frozen=True)
class Found:
    """The matrix of a request: of all whom the filters choose, and the rows that are shown."""

    form: AudienceForm
    filters: dict[str, str]
    ground: Ground
    all: list[Row]

    @property
    def rows(self) -> list[Row]:
        can = self.filters["can"]
        return [row for row in self.all if not can or row.decision.allowed == (can == "yes")]


def _found(request: HttpRequest, element: Element) -> Found:
    form = AudienceForm(request.GET, date=today())
    filters = form.values()
    ground = tree.ground_of(request.school, element)
    people = audience.people(
        asker_of(request), ground, query=filters["q"], inside_network=bool(filters["inside"])
    )  # fmt: skip
    people = audience.narrowed(people, **{name: filters[name] for name in ("status", "school_class", "position")})
    return Found(form, filters, ground, audience.rows(people, ground))


def _explained(request: HttpRequest, element: Element, key: int, *, inside: bool = False) -> dict | None:
    """What the page of reasons shows; None where nobody with a status has the key."""
    ground = tree.ground_of(request.school, element)
    people: list[Known] = audience.people(asker_of(request), ground, keys=[key], inside_network=inside)
    if not people:
        return None
    person = people[0]
    return {
        "person": person,
        "answers": audience.answers(person, ground),
        "conditions": audience.conditions(person, ground),
        "other_terms": audience.other_terms(person, ground),
        "needed_level": ground.level_names[element.closure],
        "own_level": ground.level_names[person.level],
        "inside": inside,
    }
