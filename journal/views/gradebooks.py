"""Gradebooks: the list, one by period, and opening them by the curriculum (1.3 b, 7.1)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.posting import is_done
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, cells, curriculum, gradebook_xlsx, rights
from journal.actions import gradebooks as actions
from journal.entries import hint
from journal.entry import door_of, gradebook_for
from journal.forms.gradebooks import GradebookFilterForm, OpenForm, PeriodForm
from journal.grid import KEYS
from journal.models import Gradebook
from journal.own_grid import OwnGrid, own_grid
from journal.periods import Period
from journal.views.asking import filtered, keeper, year_asked

PAGE = 60


@requires("gradebooks")
@require_safe
def gradebook_list(request: HttpRequest) -> HttpResponse:
    """Gradebooks that one may read: the own ones, of the led class, of the ШМО; for the managers all."""
    date = today()
    form, filters, year, seen = filtered(
        request, GradebookFilterForm, lambda year: books.seen_in(request.user, year, date), "pk"
    )
    found = books.with_teachers(books.chosen(seen, filters, date), date)
    context = {
        "form": form,
        "filters": filters,
        "year": year,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "manages": rights.manages(request.user),
    }
    return render(request, "journal/gradebook_list.html", context)


@requires("gradebooks")
@require_safe
def gradebook_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of a gradebook in a period: read only where it is kept elsewhere, else entered right in it (7.2)."""
    own = _own(request, pk)
    if own:
        context = {
            "book": own.gradebook, "shown": own, "body": cells.own_body(own),
            "heads": cells.own_head(own, reverse("journal:lesson_detail", args=[0])),
            "hint": hint(own.gradebook.scale), "key": KEYS[own.door.reasons],
        }  # fmt: skip
        return render(request, "journal/gradebook_own.html", context)
    book, page = _page(request, pk)
    context = {"book": book, "shown": page, "body": cells.body(page.grid)}
    return render(request, "journal/gradebook_detail.html", context)


@requires("gradebooks")
@require_safe
def gradebook_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same grid as XLSX."""
    own = _own(request, pk)
    if own:
        return xlsx(gradebook_xlsx.own(own, request.school), _name(own.gradebook, own.period))
    book, page = _page(request, pk)
    return xlsx(gradebook_xlsx.grid(page, request.school), _name(book, page.period))


def _name(book: Gradebook, period: Period) -> str:
    return f"Журнал {book.school_class}, {book.subject}, {period.name} {russian.short_date(today())}"


def _own(request: HttpRequest, pk: int) -> OwnGrid | None:
    """The grid of a gradebook that is kept here; None of a mirror. Raises Http404 for who may not read it."""
    date = today()
    found = gradebook_for(request.user, pk, date)
    if found is None:
        raise Http404
    book, teaches = found
    if book.is_mirror:
        return None
    door = door_of(book, request.user, date, teaches=teaches)
    return own_grid(
        book, door, books.period_shown(book.school_class, door.terms, PeriodForm(request.GET).number(), date)
    )


def _page(request: HttpRequest, pk: int) -> tuple[Gradebook, books.Page]:
    date = today()
    seen = books.with_teachers(rights.gradebooks_seen(request.user, date).listed(), date)
    book = get_object_or_404(seen.select_related("mirrored_by"), pk=pk)
    return book, books.page_of(book, PeriodForm(request.GET).number(), request.user, date)


@requires("gradebooks")
@require_http_methods(["GET", "HEAD", "POST"])
def gradebook_open(request: HttpRequest) -> HttpResponse:
    """What gradebooks the curriculum asks for; POST opens them, of the class in the address or of all."""
    keeper(request)
    year = year_asked(request)
    form = OpenForm(request.GET, year=year)
    classes = form.chosen() if form.is_valid() else []
    if request.method == "POST":
        is_done(request, lambda by: actions.open_by_curriculum(classes, by=by), lambda made: _opened(len(made)))
        return redirect("journal:gradebook_list")
    found = curriculum.missing(classes)
    context = {"form": form, "year": year, "found": found, "count": sum(len(one.gradebooks) for one in found)}
    return render(request, "journal/gradebook_open.html", context)


def _opened(count: int) -> str:
    return f"Открыто: {count} {russian.plural(count, 'журнал', 'журнала', 'журналов')}."
