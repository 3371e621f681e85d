"""Lessons of a gradebook: the list of a period, by hand, topics laid out, the programme (1.3 b-c, 2.2, 7.2)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, lessons, rights, topic_order
from journal.actions import lessons as actions
from journal.entry import Door, door_of
from journal.forms.gradebooks import PeriodForm
from journal.forms.lessons import AddForm, LayForm, LessonReasonForm, ProgrammeForm
from journal.models import Gradebook, Lesson
from journal.periods import Period

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def lesson_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Lessons of the period with topics, homework, works and how many marks each has."""
    book = book_of(request, pk)
    door = door_of(book, request.user, today())
    period = period_of(request, book, door)
    found = lessons.of_period(book, period.starts, period.ends)
    context = {
        "book": book,
        "periods": door.terms or books.periods_of_class(book.school_class),
        "period": period,
        "lessons": found,
        "untold": sum(not one.subject_matter for one in found if one.date <= today()),
        "may_write": not door.refusal,
        "manages": rights.manages(request.user),
        "programme": lessons.programme_of(book),
        "today": today(),
    }
    return render(request, "journal/lesson_list.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson that the timetable does not have; then its page."""
    book = book_of(request, pk)
    door = writer(request, book)
    data = request.POST if request.method == "POST" else None
    form = AddForm(data, year=book.school_class.year, asks_reason=asks_reason(door), initial={"date": today()})
    made: list[Lesson] = []

    def add(by: Actor) -> None:
        values = form.cleaned_data
        made.append(
            actions.add_lesson(door, values["date"], values["number"], reason=form.reason_given(), by=by)
        )  # fmt: skip

    if is_taken(request, form, add, "Урок добавлен. Осталось его заполнить."):
        return redirect("journal:lesson_detail", made[0].pk)
    return render(request, "journal/lesson_add.html", {"form": form, "book": book})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then an empty lesson is gone."""
    lesson, door = lesson_of(request, pk)
    if door.refusal:
        raise PermissionDenied
    form = LessonReasonForm(request.POST if request.method == "POST" else None, asks_reason=asks_reason(door))
    done = f"Урок {russian.short_date(lesson.date)} убран."

    def remove(by: Actor) -> None:
        actions.remove_lesson(door, lesson, reason=form.reason_given(), by=by)

    if is_taken(request, form, remove, done):
        return redirect("journal:lesson_list", lesson.gradebook_id)
    is_empty = lessons.empty(Lesson.objects.filter(pk=pk)).exists()
    context = {"lesson": lesson, "book": lesson.gradebook, "form": form, "is_empty": is_empty}
    return render(request, "journal/lesson_remove.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_topics(request: HttpRequest, pk: int) -> HttpResponse:
    """Which lessons would get which topics, from a day on; POST gives them."""
    book = book_of(request, pk)
    door = writer(request, book)
    programme = lessons.programme_of(book)
    data = request.POST if request.method == "POST" else (request.GET if "starts" in request.GET else None)
    first = {"starts": book.school_class.year.starts}
    form = LayForm(data, asks_reason=asks_reason(door), initial=first)

    def lay(by: Actor) -> int:
        values = form.cleaned_data
        return actions.lay_topics(door, values["starts"], seen=values["seen"], reason=form.reason_given(), by=by)

    if is_taken(request, form, lay, lambda count: f"Тем разложено: {count}."):
        return redirect("journal:lesson_list", pk)
    starts = (form.cleaned_data["starts"] if form.is_bound and form.is_valid() else None) or first["starts"]
    laid = topic_order.lay(actions.layable(door, starts), lessons.offers(book, programme))
    context = {"book": book, "form": form, "laid": laid, "programme": programme, "starts": starts}
    return render(request, "journal/lesson_topics.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose topics the gradebook's lessons are offered."""
    book = book_of(request, pk)
    door = writer(request, book)
    data = request.POST if request.method == "POST" else None
    offered = lessons.programmes_for(book)
    form = ProgrammeForm(data, offered=offered, initial={"programme": book.programme_id})

    def choose(by: Actor) -> None:
        actions.choose_programme(door, form.cleaned_data["programme"], by=by)

    if is_taken(request, form, choose, "Программа выбрана."):
        return redirect("journal:plan_detail", pk)
    return render(request, "journal/lesson_programme.html", {"form": form, "book": book, "offered": offered})


# What several pages ask


def book_of(request: HttpRequest, pk: int) -> Gradebook:
    """A gradebook that the person may read, else 404."""
    seen = rights.gradebooks_seen(request.user, today()).listed()
    return get_object_or_404(seen.select_related("school_class__year__entry_rules", "programme__subject"), pk=pk)


def lesson_of(request: HttpRequest, pk: int) -> tuple[Lesson, Door]:
    """A lesson that the person may read, and what the person may write in its gradebook."""
    lesson = get_object_or_404(lessons.seen_by(request.user, today()), pk=pk)
    return lesson, door_of(lesson.gradebook, request.user, today())


def writer(request: HttpRequest, book: Gradebook) -> Door:
    """Raises PermissionDenied for one who writes nothing in the gradebook."""
    door = door_of(book, request.user, today())
    if door.refusal:
        raise PermissionDenied(door.refusal)
    return door


def asks_reason(door: Door) -> bool:
    """Managers are asked why: always where they do not teach, else where a window is closed."""
    return door.manages


def period_of(request: HttpRequest, book: Gradebook, door: Door) -> Period:
    periods = door.terms or books.periods_of_class(book.school_class)
    return books.period_shown(book.school_class, periods, PeriodForm(request.GET).number(), today())
