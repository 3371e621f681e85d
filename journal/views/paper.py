"""A gradebook printed as the paper one (7.3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from journal import books
from journal.forms.gradebooks import PeriodForm
from journal.paper import paper_of
from journal.periods import periods_of_class
from journal.views.cells import door_to


@requires("gradebooks")
@require_safe
def gradebook_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Spreads of marks and topics of a period or of the whole year, ready for A4."""
    book, door = door_to(request, pk)
    terms = door.terms or periods_of_class(book.school_class)
    period = books.period_shown(book.school_class, terms, PeriodForm(request.GET).number(), door.today)
    context = {"book": book, "terms": terms, "paper": paper_of(book, door, request.user, period, terms)}
    return render(request, "journal/gradebook_paper.html", context)
