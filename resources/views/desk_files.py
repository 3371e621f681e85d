"""The desk of an element's administrator: files inside the card (5.4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.filetypes import FileRefused
from resources import desk
from resources.actions import element_files as actions
from resources.forms.files import ElementFileForm
from resources.models import Element


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_files(request: HttpRequest, slug: str) -> HttpResponse:
    """Files of the card, and a form that adds one."""
    element = desk.element_of(request, slug)
    form = ElementFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _is_added(request, element, form):
        return redirect("resources:desk_files", slug)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_files"),
        "files": element.files.select_related("file", "added_by"),
        "form": form,
    }
    return render(request, "resources/desk_files.html", context)


def _is_added(request: HttpRequest, element: Element, form: ElementFileForm) -> bool:
    upload, title = form.cleaned_data["file"], form.cleaned_data["title"]
    try:
        row = actions.add_file(element, upload, title=title, by=Actor.of(request))
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    messages.success(request, f"Файл «{row.title}» добавлен в карточку.")
    return True


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_file_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks once, then takes the file out of the card."""
    element = desk.element_of(request, slug)
    row = get_object_or_404(element.files.all(), pk=pk)
    if request.method == "POST":
        actions.remove_file(row, by=Actor.of(request))
        messages.success(request, f"Файл «{row.title}» убран из карточки.")
        return redirect("resources:desk_files", slug)
    return render(request, "resources/desk_file_remove.html", {"element": element, "file": row})
