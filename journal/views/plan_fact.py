"""The programme's plan against what was given: of a gradebook, of all that one sees (1.3 b)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, plan_fact, plan_fact_xlsx, rights
from journal.entry import door_of
from journal.models import Kept
from journal.views.asking import year_asked
from journal.views.lessons import book_of


@requires("gradebooks")
@require_safe
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Topics with hours planned, due until today and given."""
    book = book_of(request, pk)
    sums, lines = plan_fact.of_gradebook(book, today())
    context = {
        "book": book,
        "sums": sums,
        "lines": lines,
        "may_write": not door_of(book, request.user, today()).refusal,
    }
    return render(request, "journal/plan_detail.html", context)


@requires("gradebooks")
@require_safe
def plan_detail_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as XLSX."""
    book = book_of(request, pk)
    content = plan_fact_xlsx.of_gradebook(*plan_fact.of_gradebook(book, today()), request.school)
    return xlsx(content, f"План и факт {book.school_class}, {book.subject} {russian.short_date(today())}")


@requires("gradebooks")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Gradebooks kept here that one reads, those that lag most first."""
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    context = {"years": years, "year": year, "manages": rights.manages(request.user)}
    context["lines"] = _sums(request, year) if year else []
    return render(request, "journal/plan_list.html", context)


@requires("gradebooks")
@require_safe
def plan_list_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    year = year_asked(request)
    content = plan_fact_xlsx.of_gradebooks(_sums(request, year), year, request.school)
    return xlsx(content, f"План и факт {russian.short_date(today())}")


def _sums(request: HttpRequest, year) -> list[plan_fact.Sums]:
    seen = books.seen_in(request.user, year, today()).filter(kept=Kept.HERE).select_related("programme")
    rows = list(books.with_teachers(seen, today()))
    found = plan_fact.of_gradebooks(rows, year, today()) if rows else []
    return sorted(found, key=lambda one: -one.lag)
