"""Lessons made from the timetable: of one gradebook, of all that are kept here (6.2, 7.2)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.models import AcademicYear, Job
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, lesson_plan
from journal.actions import lessons as actions
from journal.entry import MIRROR
from journal.forms.lessons import SpanForm
from journal.lesson_plan import BookPlan, Span
from journal.models import Gradebook, Kept
from journal.periods import periods_of_class
from journal.views.asking import keeper, year_asked
from journal.views.lessons import FORM_METHODS, book_of

MOST_SHOWN = 60


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_generate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the timetable would add, move and take away in the days of the address; POST does it."""
    keeper(request)
    book = book_of(request, pk)
    if book.is_mirror:
        raise PermissionDenied(MIRROR)
    year = book.school_class.year
    form = _span_form(request, year, _period_days(book))

    def generate(by: Actor) -> actions.Made:
        values = form.cleaned_data
        return actions.generate(book, values["starts"], values["ends"], seen=values["seen"] or None, by=by)

    if is_taken(request, form, generate, lambda made: made.words):
        return redirect("journal:lesson_list", pk)
    context = {"book": book, "form": form, "most": MOST_SHOWN}
    if span := form.span():
        context |= {"plan": _plans(span, year, [book])[0], "span": span}
    return render(request, "journal/lesson_generate.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_generate_all(request: HttpRequest) -> HttpResponse:
    """The same of every gradebook of the year that is kept here, counted; POST starts the long work."""
    keeper(request)
    year = year_asked(request)
    form = _span_form(request, year, _year_days(year))
    jobs: list[Job] = []

    def start(by: Actor) -> None:
        jobs.append(
            actions.start_generation(year, form.cleaned_data["starts"], form.cleaned_data["ends"], by=by)
        )  # fmt: skip

    if is_taken(request, form, start):
        return redirect(jobs[0])
    context = {"form": form, "year": year, "years": books.years()}
    if span := form.span():
        kept = list(Gradebook.objects.of_year(year).filter(kept=Kept.HERE).listed())
        found = _plans(span, year, kept)
        context |= {
            "asked": True,
            "span": span,
            "count": len(kept),
            "plans": [one for one in found if not one.is_empty],
            "added": sum(len(one.added) for one in found),
            "moved": sum(len(one.moved) for one in found),
            "removed": sum(len(one.removed) for one in found),
        }
    return render(request, "journal/lesson_generate_all.html", context)


def _span_form(request: HttpRequest, year: AcademicYear, first: dict) -> SpanForm:
    """Bound by the address as well: it says for which days."""
    asked = request.POST if request.method == "POST" else (request.GET if "starts" in request.GET else None)
    return SpanForm(asked, year=year, initial=first)


def _period_days(book: Gradebook) -> dict:
    """The term that goes on, else the year."""
    year = book.school_class.year
    period = books.period_shown(book.school_class, periods_of_class(book.school_class), None, today())
    return {"starts": max(period.starts, year.starts), "ends": min(period.ends, year.ends)}


def _year_days(year: AcademicYear) -> dict:
    """From today, or from the year's first day where it has not begun."""
    return {"starts": min(max(today(), year.starts), year.ends), "ends": year.ends}


def _plans(span: Span, year: AcademicYear, kept: list[Gradebook]) -> list[BookPlan]:
    return lesson_plan.plans(year, kept, {one.pk: span for one in kept}, today())
