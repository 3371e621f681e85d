"""Handing out accounts of a library: whole classes, or one person (10.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.models import User
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.russian import plural
from resources import pools
from resources.actions.credentials import tell
from resources.actions.handing_out import hand_out, note_given_by_library, send_links
from resources.credentials import people_without
from resources.forms.pools import LETTER, LIBRARY, GiveForm, ReceiverFilterForm
from resources.models import Element
from resources.views.pools import library_of, page


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_give(request: HttpRequest, slug: str) -> HttpResponse:
    """Classes are chosen or a person is found, then those without an account get one each."""
    element, date = library_of(request, slug), today()
    classes = list(pools.classes_with_lack(element, date))
    filters = ReceiverFilterForm(request.GET, classes=classes)
    chosen = filters.values()
    form = GiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = _give(request, element, form)
        if given is not None:
            return redirect("resources:desk_pools", slug)
    people = pools.to_be_given(element, date, classes=chosen["classes"], query=chosen["q"])
    context = {
        "classes": [(one, one.pk in chosen["classes"]) for one in classes],
        "filters": filters,
        "chosen": chosen,
        "people": people,
        "form": form,
        "free": pools.free(element),
        "is_asked": bool(chosen["classes"] or chosen["q"]),
    }
    return page(request, element, "resources/pool_give.html", context)


def _give(request: HttpRequest, element: Element, form: GiveForm) -> list | None:
    """What was given; None where it was refused, and the form says why."""
    data, by = form.cleaned_data, Actor.of(request)
    people = _people(element, data["person"])
    try:
        if data["channel"] == LIBRARY:
            given = note_given_by_library(element, people, by=by)
        else:
            given = hand_out(element, people, by=by, as_many_as_there_are=data["as_many"])
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None
    words = plural(len(given), "человеку", "людям", "людям")
    messages.success(request, f"Выдано {len(given)} {words}.")
    if data["channel"] != LIBRARY:
        tell(given, by=by)
    if data["channel"] == LETTER:
        sent = send_links(given, by=by)
        messages.success(request, f"Ссылок отправлено по почте: {sent}. Остальные увидят пароль в кабинете.")
    return given


def _people(element: Element, keys: list[int]) -> list[User]:
    """Those of the ticked who still have no account there, in the order of the list."""
    found = people_without(element, today()).in_bulk(keys)
    return [found[key] for key in keys if key in found]
