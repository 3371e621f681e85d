"""How full portfolios are: of one pupil, of a class, of the school in numbers (11.1)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import SchoolClass, User
from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books
from portfolio import rights, statistics_xlsx
from portfolio.completeness import Completeness, completeness, facts_of
from portfolio.models import Outcome, Sphere
from portfolio.showcase import SHORT
from portfolio.statistics import Statistics, statistics


@dataclass(frozen=True)
class Line:
    """A pupil of a class."""

    pupil: User
    found: Completeness


@requires("portfolio")
@require_safe
def completeness_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one pupil, for whoever reads the portfolio."""
    pupil = get_object_or_404(rights.pupils_seen(request.user, today()), pk=pk)
    found = completeness(facts_of([pupil], today())[pupil.pk])
    context = {"pupil": pupil, "completeness": found, "is_own": pupil.pk == request.user.pk}
    return render(request, "portfolio/completeness_detail.html", context)


@requires("portfolio-desk")
@require_safe
def completeness_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a class, the emptiest first: whom to help."""
    room = get_object_or_404(rights.classes_led(request.user, today()), pk=pk)
    pupils = list(User.objects.in_classes([room], today()).order_by("sort_name", "pk"))
    facts = facts_of(pupils, today())
    lines = sorted((Line(one, completeness(facts[one.pk])) for one in pupils), key=lambda line: line.found.done)
    return render(request, "portfolio/completeness_class.html", {"school_class": room, "lines": lines})


@requires("portfolio-desk")
@require_safe
def statistics_detail(request: HttpRequest) -> HttpResponse:
    """The own classes, for the management the school, in the year of the address."""
    years, year, found = _statistics(request)
    context = {
        "years": years,
        "year": year,
        "found": found,
        "spheres": [SHORT[one] for one in Sphere],
        "outcomes": Outcome.labels,
    }
    return render(request, "portfolio/statistics.html", context)


@requires("portfolio-desk")
@require_safe
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    _, year, found = _statistics(request)
    return xlsx(statistics_xlsx.of_statistics(found, year, request.school), f"Портфолио в числах {year}")


def _statistics(request: HttpRequest) -> tuple[list, object, Statistics]:
    """Raises Http404 for whoever leads nobody."""
    person = request.user
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    if not (rights.manages(person) or rights.leads_somebody(person)) or year is None:
        raise Http404
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
    if not rights.manages(person):
        classes = classes.filter(pk__in=[one.pk for one in person.led_classes])
    return years, year, statistics(year, list(classes), today())
