"""The rating of achievements, once the school has switched it on (11.1): lists for whom they concern, never public."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from accounts.views.reports import xlsx
from eios.lib import russian, search
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books
from journal import rights as journal_rights
from portfolio import points, rating, rating_rows, rating_xlsx, rights
from portfolio.forms.points import RatingFilterForm
from portfolio.models import PointsTable, PortfolioRules

PAGE_SIZE = 40  # a page of some 30 KB


@dataclass(frozen=True)
class Asked:
    """What the address asks for: of which year, by which table, among whom."""

    years: list[AcademicYear]
    year: AcademicYear | None
    table: PointsTable | None
    form: RatingFilterForm
    filters: dict
    classes: dict[int, str]
    pupils: QuerySet[Enrolment]


@requires("portfolio-desk")
@require_safe
def rating_list(request: HttpRequest) -> HttpResponse:
    """Pupils of the own classes, for the management of all, by points of the year."""
    asked = _asked(request)
    rules = PortfolioRules.current()
    context = {
        "asked": asked,
        "year": asked.year,
        "years": asked.years,
        "form": asked.form,
        "filters": asked.filters,
        "rules": rules,
        "manages": rights.manages(request.user),
    }
    if rules.has_rating and asked.table:
        context["page"] = page = Paginator(_sums(asked), PAGE_SIZE).get_page(request.GET.get("page"))
        lines = _lines(page.object_list, asked)
        context["body"] = rating_rows.body(lines, f"{request.path}pupils/", f"?year={asked.year.pk}")
    return render(request, "portfolio/rating.html", context)


@requires("portfolio-desk")
@require_safe
def rating_export(request: HttpRequest) -> HttpResponse:
    """The whole list as XLSX."""
    asked = _asked(request)
    if not PortfolioRules.current().has_rating or asked.table is None:
        raise Http404
    title = f"Рейтинг достижений, {asked.year} учебный год"
    return xlsx(rating_xlsx.of_rating(_lines(_sums(asked), asked), title, request.school), title)


def _asked(request: HttpRequest) -> Asked:
    """Raises Http404 for whoever leads nobody."""
    person, date = request.user, today()
    if not (rights.manages(person) or rights.leads_somebody(person)):
        raise Http404
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), date)
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
    if not rights.manages(person):
        classes = classes.filter(pk__in=[one.pk for one in person.led_classes])
    names = {one.pk: str(one) for one in classes}
    form = RatingFilterForm(request.GET, classes=classes, names=names)
    filters = form.values()
    pupils = rating.pupils_of(year, date).filter(school_class__in=classes) if year else Enrolment.objects.none()
    if filters["school_class"]:
        pupils = pupils.filter(school_class=filters["school_class"])
    if filters["grade"]:
        pupils = pupils.filter(school_class__grade=filters["grade"])
    return Asked(years, year, points.table_of(year) if year else None, form, filters, names, pupils)


def _sums(asked: Asked) -> list[rating.Sum]:
    """Places are among all of the list, whatever name is looked for."""
    found = rating.sums(asked.table, asked.pupils, sphere=asked.filters["sphere"])
    if not asked.filters["q"]:
        return found
    named = asked.pupils.filter(search.matching(asked.filters["q"], "pupil__search"))
    keys = set(named.values_list("pupil", flat=True))
    return [one for one in found if one.pupil in keys]


def _lines(found: list[rating.Sum], asked: Asked) -> list[rating.Line]:
    rows = asked.pupils.filter(pupil__in=[one.pupil for one in found])
    known = {
        pupil: (" ".join(filter(None, name)), asked.classes[school_class])
        for pupil, school_class, *name in rows.values_list(
            "pupil", "school_class", "pupil__surname", "pupil__name", "pupil__patronymic"
        )
    }
    return [rating.Line(one, *known[one.pupil]) for one in found]


@requires("portfolio")
@require_safe
def rating_pupil(request: HttpRequest, pk: int) -> HttpResponse:
    """Line by line what a pupil's points come from: for those who lead the pupil, and where the school shows it for
    the pupil and the parents, with the place and without anybody's name."""
    rules, date = PortfolioRules.current(), today()
    pupil = get_object_or_404(_explained_to(request.user, rules), pk=pk)
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), date)
    table = points.table_of(year) if year else None
    context = {"pupil": pupil, "years": years, "year": year, "table": table}
    if table:
        context["explained"] = rating.explained(pupil, table)
        context["place"] = _place_words(pupil, table)
    return render(request, "portfolio/rating_pupil.html", context)


def _explained_to(person: User, rules: PortfolioRules) -> QuerySet[User]:
    if not rules.has_rating:
        return User.objects.none()
    led = rights.pupils_led(person, today())
    return led | journal_rights.own_diaries(person, today()) if rules.pupils_see_rating else led


def _place_words(pupil: User, table: PointsTable) -> str:
    """«3-е место из 24 в параллели», or "" where that would tell too much."""
    own = rating.pupils_of(table.year, today()).filter(pupil=pupil).select_related("school_class").first()
    if own is None:
        return ""
    grade = own.school_class.grade
    same = rating.pupils_of(table.year, today()).filter(school_class__grade=grade)
    place = rating.place_of(pupil, table, same)
    if place is None:
        return ""
    others = russian.plural(place[1], "ученика", "учеников", "учеников")
    return f"{place[0]}-е место среди {place[1]} {others} {grade}-х классов"
