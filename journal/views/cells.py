"""Saving cells of a gradebook from its grid (7.2)."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books
from journal.actions import cells as actions
from journal.entry import door_of, gradebook_for
from journal.forms.cells import CellsForm


@requires("gradebooks")
@require_POST
def cell_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Saves cells, each by itself; answers with the state of each in the same order, and sums of the touched pupils.

    400 is a form that is no form of ours, 403 a person who enters nothing here; a refused or stale cell is no error of
    the request.
    """
    date = today()
    found = gradebook_for(request.user, pk, date)
    if found is None:
        raise Http404
    book, teaches = found
    form = CellsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": " ".join(sum(form.errors.values(), []))}, status=400)
    given = form.cleaned_data
    door = door_of(book, request.user, date, teaches=teaches)
    try:
        outcomes = actions.enter(
            door, given["cells"], by=Actor.of(request), how=given["how"], reason=given["reason"]
        )  # fmt: skip
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=403)
    pupils = {one.pupil for one, outcome in zip(given["cells"], outcomes, strict=True) if outcome.state == "saved"}
    sums = books.sums_of(book, pupils, door.terms, given["period"], date)
    cells = [{"state": one.state, "text": one.text, "message": one.message, "comment": one.comment} for one in outcomes]
    return JsonResponse({"cells": cells, "sums": sums})
