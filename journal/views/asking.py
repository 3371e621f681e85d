"""What several pages of gradebooks and load ask of a request: who keeps them, and the filters of the address."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.models import AcademicYear, SchoolClass
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm
from journal import books, rights
from journal.models import Gradebook
from resources.models import Subject


def keeper(request: HttpRequest) -> None:
    """Raises Http404 for anybody but the director and the deputy for teaching."""
    if not rights.manages(request.user):
        raise Http404


def year_asked(request: HttpRequest) -> AcademicYear:
    """The year in the address, else the current one. Raises Http404 where the school has opened none."""
    year = books.year_chosen(books.years(), request.GET.get("year", ""), today())
    if year is None:
        raise Http404
    return year


def filtered(
    request: HttpRequest, form_class: type, seen_in: Callable, path: str
) -> tuple[FilterForm, dict, AcademicYear | None, QuerySet]:
    """(form, its values, the year, rows of the year that the person sees); `path` leads from a row to its gradebook.

    Only classes and subjects of what is seen are offered.
    """
    years = books.years()
    # A form without choices of classes: the year alone tells which classes there are.
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    seen = seen_in(year)
    own = Gradebook.objects.filter(pk__in=seen.order_by().values(path))
    classes = SchoolClass.objects.filter(pk__in=own.values("school_class")).order_by("grade", "letter")
    subjects = Subject.objects.filter(pk__in=own.values("subject")).order_by("name")
    form = form_class(request.GET, years=years, classes=classes, subjects=subjects)
    return form, form.values(), year, seen
