"""Saving cells of a gradebook from its grid (7.2)."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, rights
from journal.actions import cells as actions
from journal.entry import door_of
from journal.forms.cells import CellsForm


@requires("gradebooks")
@require_POST
def cell_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Saves cells, each by itself; answers with the state of each in the same order, and sums of the touched pupils.

    400 is a form that is no form of ours, 403 a person who enters nothing here; a refused or stale cell is no error of
    the request.
    """
    date = today()
    seen = rights.gradebooks_seen(request.user, date).select_related("school_class__year__entry_rules")
    book = get_object_or_404(seen, pk=pk)
    form = CellsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": " ".join(sum(form.errors.values(), []))}, status=400)
    given = form.cleaned_data
    door = door_of(book, request.user, date)
    try:
        found = actions.enter(
            door, given["cells"], by=Actor.of(request), how=given["how"], reason=given["reason"]
        )  # fmt: skip
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=403)
    pupils = {one.pupil for one, outcome in zip(given["cells"], found, strict=True) if outcome.state == "saved"}
    sums = books.sums_of(book, pupils, door.terms, given["period"], date)
    cells = [{"state": one.state, "text": one.text, "message": one.message, "comment": one.comment} for one in found]
    return JsonResponse({"cells": cells, "sums": sums})
