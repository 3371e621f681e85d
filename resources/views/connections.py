"""What an outside service must meet before it is connected (5.1): described at the desk, confirmed by the system
administrator."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib.access import ADMINISTER, requires
from resources import access, desk, reviews
from resources.actions import reviews as actions
from resources.asker import asker_of
from resources.forms.desk import SeenForm
from resources.forms.reviews import ConnectionForm
from resources.models import Element


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_connection(request: HttpRequest, slug: str) -> HttpResponse:
    """Data passed, ground, place, answers; POST saves them, and the record waits for a confirmation again."""
    element = _outside(desk.element_of(request, slug))
    connection = reviews.connection_of(element)
    form = ConnectionForm(request.POST if request.method == "POST" else None, connection=connection)
    if is_taken(
        request,
        form,
        lambda by: actions.save_connection(element, form.values, form.answers, seen=form.cleaned_data["seen"], by=by),
        "Сведения сохранены.",
    ):
        return redirect("resources:desk_connection", slug)
    context = {"tabs": desk.tabs(element, "desk_connection"), "form": form, **_facts(request, element)}
    return render(request, "resources/desk_connection.html", context)


@requires("registry", to=ADMINISTER)
@require_safe
def element_connection(request: HttpRequest, slug: str) -> HttpResponse:
    """The record, to be read and confirmed."""
    element = _outside(get_object_or_404(Element.objects.select_related("parent", "connection"), slug=slug))
    return render(request, "resources/element_connection.html", _facts(request, element))


@requires("registry", to=ADMINISTER)
@require_POST
def element_connection_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The system administrator confirms the record that was seen."""
    element = _outside(get_object_or_404(Element, slug=slug))
    form = SeenForm(request.POST)
    try:
        seen = form.cleaned_data["seen"] if form.is_valid() else ""
        actions.confirm_connection(element, seen=seen, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Подключение подтверждено: карточка говорит, какие данные передаются.")
    return redirect("resources:element_connection", slug)


def _facts(request: HttpRequest, element: Element) -> dict:
    """The record with what it lacks, and what the visitor may do about it."""
    asker, connection = asker_of(request), reviews.connection_of(element)
    lacks = reviews.lacks_of(connection) if connection else []
    waits = connection is not None and not connection.is_confirmed
    return {
        "element": element,
        "connection": connection,
        "lacks": lacks,
        "confirm": SeenForm(initial={"seen": connection.version}) if connection else None,
        "can_confirm": waits and not lacks and asker.is_system_administrator,
        "can_edit": access.decide(asker, element, ADMINISTER).allowed,
    }


def _outside(element: Element) -> Element:
    """Sections of the portal are no outside services. Raises Http404."""
    if element.is_built_in:
        raise Http404
    return element
