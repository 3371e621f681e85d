"""The desk of an element's administrator: the card and the parts of the element (5.2, 5.4)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib.access import requires
from resources import desk, overview
from resources.actions import elements as actions
from resources.actions import parts as part_actions
from resources.asker import asker_of
from resources.forms.desk_card import CardForm, PartForm
from resources.models import Element


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_card(request: HttpRequest, slug: str) -> HttpResponse:
    """What the card says, and the list of parts."""
    element = desk.element_of(request, slug)
    form = CardForm(request.POST or None, instance=element)
    if _saved(request, element, form):
        return redirect("resources:desk_card", slug)
    # A refused form has put what was typed into its instance; the page's head shows the card as it stands.
    shown = desk.element_of(request, slug) if form.is_bound else element
    context = {
        "element": shown,
        "tabs": desk.tabs(shown, "desk_card"),
        "form": form,
        "parts": Element.objects.filter(parent=shown),
    }
    return render(request, "resources/desk_card.html", context)


def _saved(request: HttpRequest, element: Element, form: CardForm) -> bool:
    return is_taken(
        request,
        form,
        lambda by: actions.change_card(element, form.values(), seen=form.cleaned_data["seen"], by=by),
        "Карточка сохранена.",
    )


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_part_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new part of the element."""
    element = desk.element_of(request, slug)
    form = PartForm(request.POST or None, options=overview.part_options(element, asker_of(request)))
    if is_taken(
        request,
        form,
        lambda by: part_actions.add_part(element, by=by, **form.values()),
        lambda part: f"Добавлена часть «{part}».",
    ):
        return redirect("resources:desk_card", slug)
    context = {"element": element, "tabs": desk.tabs(element, "desk_card"), "form": form}
    return render(request, "resources/desk_part_add.html", context)


@requires("desk")
@require_POST
def desk_part_move(request: HttpRequest, slug: str, pk: int, way: str) -> HttpResponse:
    """One place up or down among the parts."""
    element = desk.element_of(request, slug)
    if way not in ("up", "down"):
        raise Http404
    part = get_object_or_404(Element, parent=element, pk=pk)
    part_actions.move_part(part, up=way == "up", by=Actor.of(request))
    return redirect("resources:desk_card", slug)
