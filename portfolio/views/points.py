"""The table of points: read, changed by a next version, saved as a file (11.1). The management's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AcademicYear
from accounts.views.posting import is_taken
from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books
from portfolio import points, rating_xlsx, rights
from portfolio.actions import points as actions
from portfolio.forms.points import PointsForm
from portfolio.models import Outcome, PointsTable

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio-desk")
@require_safe
def points_detail(request: HttpRequest) -> HttpResponse:
    """The year's table; a former version by its number in the address."""
    years, year = _years(request)
    versions = points.versions_of(year)
    table = _version(versions, request.GET.get("version", ""))
    context = {
        "years": years,
        "year": year,
        "versions": versions,
        "table": table,
        "outcomes": Outcome.labels,
        "parts": points.laid_out(points.values_of(table)) if table else [],
    }
    return render(request, "portfolio/points_detail.html", context)


@requires("portfolio-desk")
@require_safe
def points_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    _, year = _years(request)
    table = _version(points.versions_of(year), request.GET.get("version", ""))
    if table is None:
        raise Http404
    return xlsx(rating_xlsx.of_points(table, request.school), f"Баллы за достижения {year}")


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def points_change(request: HttpRequest) -> HttpResponse:
    """All cells at once; saved as the next version."""
    _, year = _years(request)
    table = points.table_of(year)
    values, start = (points.values_of(table), "") if table else points.to_begin_with(year)
    form = PointsForm(
        request.POST if request.method == "POST" else None, values=values,
        initial={"seen": table.version if table else 0},
    )  # fmt: skip

    def save(by) -> PointsTable:
        return actions.save_table(
            year, form.values, seen=form.cleaned_data["seen"], basis=form.cleaned_data["basis"], by=by
        )

    if is_taken(request, form, save, lambda made: f"Сохранена версия {made.version} таблицы за {year}."):
        return redirect(f"{reverse('portfolio:points_detail')}?year={year.pk}")
    context = {"form": form, "year": year, "table": table, "start": start, "outcomes": Outcome.labels}
    return render(request, "portfolio/points_change.html", context)


def _years(request: HttpRequest) -> tuple[list[AcademicYear], AcademicYear]:
    """All years and the one in the address. Raises Http404 for whoever does not head the school's side."""
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    if not rights.manages(request.user) or year is None:
        raise Http404
    return years, year


def _version(versions: list[PointsTable], number: str) -> PointsTable | None:
    return next((one for one in versions if str(one.version) == number), None) or next(iter(versions), None)
