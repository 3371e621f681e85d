"""The dictionary of rooms: for the director and the deputy for teaching (1.3 b)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from journal.actions import rooms as actions
from journal.forms.rooms import RoomForm
from journal.models import Room
from journal.views.asking import keeper

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    keeper(request)
    return render(request, "journal/room_list.html", {"rooms": Room.objects.all()})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def room_add(request: HttpRequest) -> HttpResponse:
    keeper(request)
    return _edit(request, Room(), "journal/room_add.html")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def room_change(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    return _edit(request, get_object_or_404(Room, pk=pk), "journal/room_change.html")


def _edit(request: HttpRequest, row: Room, template: str) -> HttpResponse:
    name = str(row) if row.pk else ""
    form = RoomForm(request.POST if request.method == "POST" else None, instance=row)

    def save(by) -> Room:
        return actions.save_room(row, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, lambda made: f"«{made}»: записано."):
        return redirect("journal:room_list")
    return render(request, template, {"form": form, "name": name, "row": row})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def room_remove(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    row = get_object_or_404(Room, pk=pk)
    name = str(row)
    if request.method == "POST":
        done = is_done(request, lambda by: actions.remove_room(row, by=by), f"Кабинет «{name}» убран.")
        return redirect("journal:room_list") if done else redirect("journal:room_change", pk)
    context = {
        "title": f"Убрать кабинет «{name}»", "question": "Убрать можно кабинет, в котором не стоит ни один урок.",
        "button": "Убрать", "danger": True, "back_url": reverse("journal:room_change", args=[pk]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)
