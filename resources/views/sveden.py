"""«Сведения об образовательной организации» as everybody reads them (1.4, 6.2, 8.1, 8.3)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import sections as registry
from resources.asker import asker_of
from resources.models import SvedenSettings
from resources.sveden import pages
from resources.sveden.table import Section, sections

SLUG = "sveden"


@requires(SLUG)
@require_safe
@shared_page
def sveden_index(request: HttpRequest) -> HttpResponse:
    """The subsections; where they live on the official site, the way there."""
    context = {"sections": list(sections().values()), **placing(request)}
    return render(request, "resources/sveden_index.html", context)


@requires(SLUG)
@require_safe
def sveden_section(request: HttpRequest, path: str) -> HttpResponse:
    """A subsection in the prescribed form; one with people's names is made anew for every visitor."""
    section = section_of(path)
    answer = _section if section.personal else shared_page(_section)
    return answer(request, section)


def section_of(path: str) -> Section:
    """The subsection of the address. Raises Http404."""
    found = sections().get(path)
    if found is None:
        raise Http404
    return found


def placing(request: HttpRequest) -> dict:
    """Where the pages live, and whether the visitor edits them: an editor sees them here in any case."""
    settings = SvedenSettings.current()
    is_editor = registry.may_contribute(asker_of(request), SLUG)
    return {
        "is_editor": is_editor,
        "is_outside": settings.is_outside,
        "is_pointed_away": settings.is_outside and not is_editor,
        "official": settings.address_on(request.school),
    }


def _section(request: HttpRequest, section: Section) -> HttpResponse:
    context = {"section": section, "sections": list(sections().values()), **placing(request)}
    if not context["is_pointed_away"]:
        context["page"] = pages.page(section, request.school, today())
    return render(request, "resources/sveden_section.html", context)
