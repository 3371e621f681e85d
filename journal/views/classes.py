"""A class at a glance: for its teacher and for those who see all of teaching."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import SchoolClass
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import class_glance, diary_xlsx, glance_cells, rights
from journal.forms.glance import GlanceForm


@requires("gradebooks")
@require_safe
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils × subjects of a period: averages or results, what needs attention."""
    form, found = _glance(request, pk)
    context = {"found": found, "form": form, "filters": form.values(), "body": glance_cells.body(found)}
    return render(request, "journal/class_glance.html", context)


@requires("gradebooks")
@require_safe
def class_page_export(request: HttpRequest, pk: int) -> HttpResponse:
    _, found = _glance(request, pk)
    name = f"{found.school_class}, {found.period.name} {russian.short_date(today())}"
    return xlsx(diary_xlsx.glance(found, request.school), name)


def _glance(request: HttpRequest, pk: int) -> tuple[GlanceForm, class_glance.Glance]:
    seen = rights.classes_seen(request.user, SchoolClass.objects.select_related("year"))
    form = GlanceForm(request.GET)
    chosen = form.chosen()
    school_class = get_object_or_404(seen, pk=pk)
    return form, class_glance.glance_of(school_class, today(), number=chosen["period"], order=chosen["order"] or "")
