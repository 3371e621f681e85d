"""Complexes of subjects (ЭУМК) as everybody reads them: the list of a year, one complex, its table (4.5 row 18)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources import complex_xlsx
from resources.asker import asker_of
from resources.courses import complexes, rights
from resources.forms.programmes import ProgrammeFilterForm
from resources.models import StudyComplex

PAGE = 30


@requires("courses")
@require_safe
@shared_page
def complex_list(request: HttpRequest) -> HttpResponse:
    """Complexes of a year by grade and subject, each with how full it is."""
    asker = asker_of(request)
    form = ProgrammeFilterForm(request.GET)
    filters = form.values()
    year = complexes.year_of(filters["year"] or None, asker)
    form.narrow(complexes.years(asker), complexes.subjects(asker, year))
    page = Paginator(complexes.listed(asker, year, filters), PAGE).get_page(request.GET.get("page"))
    shares = complexes.shares(page.object_list, asker)
    for one in page.object_list:
        one.completeness = shares[one.pk]
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": any(filters[name] for name in ("grade", "subject", "year")),
        "year": year,
        "page": page,
        "may_begin": rights.may_begin(asker),
    }
    return render(request, "resources/complex_list.html", context)


@requires("courses")
@require_safe
@shared_page
def complex_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The thematic plan, and what there is to study each topic by."""
    asker = asker_of(request)
    study_complex = visible(request, pk)
    context = {
        "complex": study_complex,
        "programme": study_complex.programme,
        "contents": complexes.contents(study_complex, asker),
        "is_mine": rights.may_begin(asker) and complexes.at_desk_of(asker).filter(pk=pk).exists(),
    }
    return render(request, "resources/complex_detail.html", context)


@requires("courses")
@require_safe
def complex_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as XLSX."""
    study_complex = visible(request, pk)
    programme = study_complex.programme
    address = request.build_absolute_uri(study_complex.get_absolute_url())
    content = complex_xlsx.table(
        study_complex, complexes.contents(study_complex, asker_of(request)), request.school, address
    )
    return xlsx(content, f"ЭУМК {programme.name} {programme.grades} {programme.year}".replace("/", "-"))


def visible(request: HttpRequest, pk: int) -> StudyComplex:
    """The complex if it was opened to everybody. Raises Http404."""
    rows = complexes.visible_to(asker_of(request)).select_related(*complexes.OF_PROGRAMME)
    return get_object_or_404(rows, pk=pk)
