"""«Итоговые отметки» of one pupil: for the family, the class teacher and the management (7.3)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.forms.sheets import YearFilterForm
from journal.sheets import personal, printing, tables
from journal.sheets.personal import FinalMarks
from journal.views.sheets import pdf_file


@requires("journal")
@require_safe
def final_marks(request: HttpRequest, pk: int) -> HttpResponse:
    marks, years = _marks(request, pk)
    form = YearFilterForm(request.GET, years=AcademicYear.objects.filter(pk__in=[one.pk for one in years]))
    return render(request, "journal/sheet_final_marks.html", {"marks": marks, "years": years, "form": form})


@requires("journal")
@require_safe
def final_marks_export(request: HttpRequest, pk: int) -> HttpResponse:
    marks, _ = _marks(request, pk)
    return xlsx(tables.personal(marks, request.school), marks.title)


@requires("journal")
@require_safe
def final_marks_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    marks, _ = _marks(request, pk)
    foot = f"{request.school.portal_name}. Составлено {russian.short_date(today())}"
    content = printing.final_marks(marks, school=request.school.full_name, foot=foot, made_at=timezone.now())
    return pdf_file(content, marks.title)


def _marks(request: HttpRequest, pk: int) -> tuple[FinalMarks, list[AcademicYear]]:
    """Of the year in the address, else of the newest that has begun."""
    pupil = get_object_or_404(rights.diaries_of(request.user, today()), pk=pk)
    years = personal.years_of(pupil)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.pk) == asked), None)
    year = year or next((one for one in years if one.starts <= today()), None) or next(iter(years), None)
    if year is None:
        raise Http404
    return personal.final_marks(pupil, year), years
