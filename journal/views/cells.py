"""Saving cells of a gradebook from its grid (7.2)."""

import datetime
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books
from journal.actions import cells as actions
from journal.entries import buttons, hint
from journal.entry import Door, door_of, gradebook_for
from journal.forms.cells import CellFields, CellsForm, LessonMarksForm
from journal.grid import KEYS
from journal.models import Gradebook, Lesson
from journal.own_grid import Column, OwnGrid, own_grid
from journal.periods import Period


@requires("gradebooks")
@require_POST
def cell_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Saves cells, each by itself; answers with the state of each in the same order, and sums of the touched pupils.

    400 is a form that is no form of ours, 403 a person who enters nothing here; a refused or stale cell is no error of
    the request.
    """
    book, door = door_to(request, pk)
    form = CellsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": " ".join(sum(form.errors.values(), []))}, status=400)
    given = form.cleaned_data
    try:
        outcomes = actions.enter(
            door, given["cells"], by=Actor.of(request), how=given["how"], reason=given["reason"]
        )  # fmt: skip
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=403)
    pupils = {one.pupil for one, outcome in zip(given["cells"], outcomes, strict=True) if outcome.state == "saved"}
    sums = books.sums_of(book, pupils, door.terms, given["period"], door.today)
    cells = [{"state": one.state, "text": one.text, "message": one.message, "comment": one.comment} for one in outcomes]
    return JsonResponse({"cells": cells, "sums": sums})


def door_to(request: HttpRequest, pk: int, day: datetime.date | None = None) -> tuple[Gradebook, Door]:
    """The gradebook and what the person may enter in it, or in its lessons of one day. Raises Http404 for who may not
    read it."""
    date = today()
    found = gradebook_for(request.user, pk, date, day)
    if found is None:
        raise Http404
    book, teaches = found
    return book, door_of(book, request.user, date, teaches=teaches, day=day)


@requires("gradebooks")
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_marks(request: HttpRequest, pk: int) -> HttpResponse:
    """One lesson, a pupil a row: for a telephone, and without scripts (7.2)."""
    lesson = get_object_or_404(Lesson, pk=pk)
    book, door = door_to(request, lesson.gradebook_id, lesson.date)
    shown = own_grid(book, door, Period(0, "", lesson.date, lesson.date))
    columns = shown.of_lesson(lesson.pk)
    form = LessonMarksForm(
        request.POST if request.method == "POST" else None,
        lines=[(one.pupil.key, one.pupil.name) for one in shown.lines],
        columns=[(lesson.pk, one.place, one.title or "отметка") for _, one in columns],
        shown=_open_cells(shown, columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _is_saved(request, door, form):
        return redirect("journal:lesson_marks", pk)
    context = {
        "lesson": lesson, "book": book, "shown": shown, "form": form, "columns": [one for _, one in columns],
        "rows": [(line, [_Cell(one, line.texts[at], line.comments.get(at, ""), form.of(line.pupil.key, one.place))
                         for at, one in columns]) for line in shown.lines],
        "hint": hint(book.scale), "key": KEYS[door.reasons], "around": books.lessons_around(lesson),
        "shut": door.shut(lesson.date), "buttons": buttons(book.scale),
        "asks": door.manages and (door.needs_reason or bool(door.closed(lesson.date))),
    }  # fmt: skip
    return render(request, "journal/lesson_marks.html", context)


class _Cell(NamedTuple):
    """A cell of the lesson's list: what stands there, and the fields of one that takes something."""

    column: Column
    text: str
    remark: str
    fields: CellFields | None


def _open_cells(shown: OwnGrid, columns: list) -> dict[tuple[int, int], tuple[str, str]]:
    """Cells that take something from the person: the deputy's closed ones too, with a reason."""
    door = shown.door
    if door.refusal or not columns or door.impossible(columns[0][1].date):
        return {}
    return {
        (line.pupil.key, one.place): (line.texts[at], line.comments.get(at, ""))
        for line in shown.lines
        for at, one in columns
        if at not in line.outside and (not one.shut or door.manages)
    }


def _is_saved(request: HttpRequest, door: Door, form: LessonMarksForm) -> bool:
    """Did the action take every changed cell? Those that it did not take stand in the form with both values."""
    wanted = form.entries()
    try:
        outcomes = actions.enter(door, wanted, by=Actor.of(request), reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    left = [(one, outcome) for one, outcome in zip(wanted, outcomes, strict=True) if outcome.message]
    saved = len(wanted) - len(left)
    if saved:
        messages.success(request, f"Сохранено: {saved}.")
    elif not left:
        messages.info(request, "Менять было нечего.")
    for entry, outcome in left:
        form.refuse(entry, outcome.message, is_remark=outcome.is_remark)
        if outcome.state == "stale":
            form.renew(entry, outcome.text, outcome.comment)
    for entry, outcome in zip(wanted, outcomes, strict=True):
        if not outcome.message:
            form.renew(entry, outcome.text, outcome.comment)
    return not left
