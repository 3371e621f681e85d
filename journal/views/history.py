"""The history of a gradebook's cells, and of one cell (7.2)."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.dates import today
from journal import history, rights
from journal.forms.entry import HistoryForm
from journal.models import CellChange, Gradebook

PAGE = 50


@requires("gradebooks")
@require_safe
def cell_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what and when, newest first; the address of a cell narrows it to that cell."""
    book, form, rows, reasons = _rows(request, pk)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "book": book,
        "form": form,
        "filters": form.values(),
        "page": page,
        "rows": history.shown(page.object_list, reasons=reasons),
    }
    return render(request, "journal/cell_history.html", context)


@requires("gradebooks")
@require_safe
def cell_history_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same changes as XLSX."""
    book, _, rows, reasons = _rows(request, pk)
    shown = history.shown(rows[: history.MOST_EXPORTED], reasons=reasons)
    title = f"История изменений: {book}"
    return xlsx(history.workbook(title, shown, request.school, gradebook=book), history.title_of(book, today()))


def _rows(request: HttpRequest, pk: int) -> tuple[Gradebook, HistoryForm, QuerySet[CellChange], bool]:
    """Of a gradebook that the person sees; reasons of absence for those whom they concern."""
    book = get_object_or_404(rights.gradebooks_seen(request.user, today()).listed(), pk=pk)
    reasons = rights.sees_reasons(request.user, book.school_class)
    rows = history.changes_of(book, reasons=reasons)
    form = HistoryForm(request.GET, pupils=history.pupils_in(rows), authors=history.authors_in(rows))
    return book, form, history.chosen(rows, form.values()), reasons
