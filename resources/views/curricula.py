"""Curricula that everybody reads: by year and level, as a table, in print and as XLSX (6.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear
from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import calendars, curricula, curricula_xlsx, sections, study_data
from resources.asker import asker_of
from resources.models import Curriculum

SECTION = "curricula"


def may_edit(request: HttpRequest) -> bool:
    """May the person contribute to the section, so that drafts are theirs to see and to change?"""
    return sections.may_contribute(asker_of(request), SECTION)


@requires(SECTION)
@require_safe
@shared_page
def curriculum_list(request: HttpRequest) -> HttpResponse:
    """Curricula and calendars by year, the current one first; drafts for editors alone."""
    is_editor, current = may_edit(request), AcademicYear.objects.on(today()).first()
    plans = curricula.listed(to_editor=is_editor)
    schedules = calendars.listed(to_editor=is_editor)
    context = {
        "years": curricula.by_year(plans, schedules, current),
        "current": current,
        "can_edit": is_editor,
    }
    return render(request, "resources/curriculum_list.html", context)


@requires(SECTION)
@require_safe
@shared_page
def curriculum_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a table with totals against the weekly limit, and forms of interim attestation."""
    is_editor = may_edit(request)
    curriculum = find_curriculum(pk, is_editor)
    table = curricula.table_of(curriculum)
    context = {
        "plan": curriculum,
        "table": table,
        "attestations": curricula.attestations(table),
        "limits_source": study_data.limits_source(),
        "lacks": curricula.lacks_of(curriculum, table) if curriculum.is_draft else [],
        "can_edit": is_editor,
        "can_change": is_editor and curriculum.is_draft,
    }
    return render(request, "resources/curriculum_detail.html", context)


@requires(SECTION)
@require_safe
def curriculum_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same table as XLSX, with forms of attestation on a second sheet."""
    curriculum = find_curriculum(pk, may_edit(request))
    content = curricula_xlsx.curriculum(curriculum, curricula.table_of(curriculum), request.school)
    return xlsx(content, str(curriculum).replace("/", "-").replace(":", ""))


def find_curriculum(pk: int, is_editor: bool) -> Curriculum:
    """Raises Http404 for what the person may not see."""
    return get_object_or_404(curricula.listed(to_editor=is_editor), pk=pk)
