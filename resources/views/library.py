"""The library: what there is to read; how one gets into electronic libraries, by their administrators (10.1-10.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from eios.lib.access import requires
from resources import desk, library_overview
from resources import library as shelving
from resources.actions.elements import describe_library
from resources.asker import asker_of
from resources.forms.pools import LibraryForm


# Not shared among guests: whether one is inside the school's network depends on the address.
@requires("library")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The school's libraries: what each is, how one gets in, and how far one's own account has come."""
    asker = asker_of(request)
    context = {
        "overview": library_overview.overview(request.school),
        "shelves": shelving.shelves(asker),
        "has_networks": bool(request.school.local_networks.strip()),
        "is_at_school": asker.is_at_school,
        "can_configure": asker.is_system_administrator,
    }
    return render(request, "resources/library.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_library(request: HttpRequest, slug: str) -> HttpResponse:
    """Is the element a library, and how one gets in (10.4, 10.5)."""
    element = desk.element_of(request, slug)
    if element.is_built_in:
        raise Http404
    tabs, name = desk.tabs(element, "desk_library"), element.name
    form = LibraryForm(request.POST if request.method == "POST" else None, instance=element)
    if request.method == "POST" and form.is_valid():
        try:
            describe_library(element, form.cleaned_data, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, f"«{name}»: сохранено.")
            return redirect("resources:desk_library", slug)
    context = {"element": element, "tabs": tabs, "form": form}
    return render(request, "resources/desk_library.html", context)
