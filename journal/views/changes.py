"""Changes of the timetable for a date: the day's lessons, a substitute, a lesson cancelled, moved, put in (6.2)."""

import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import SchoolClass
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import changes, editions
from journal.actions import changes as actions
from journal.changes import Day, DayLesson, Place
from journal.forms.changes import AddForm, DateForm, DayForm, MoveForm, ReasonForm, ReplaceForm, parse_day
from journal.models import DayChange, Gradebook
from journal.views.asking import keeper

FORM_METHODS = ["GET", "HEAD", "POST"]
DAY = datetime.timedelta(days=1)
STAYS = "Отметки и записи урока останутся."


@requires("gradebooks")
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """All lessons of a day, of a class, or of a teacher who is absent."""
    keeper(request)
    date = DateForm(request.GET).values()["date"] or today()
    year = editions.current_year(date)
    day = changes.day_of(year, date) if year else None
    classes = list(SchoolClass.objects.filter(year=year).order_by("grade", "letter")) if year else []
    form = DayForm(
        request.GET.dict() | {"date": date.isoformat()}, classes=classes,
        teachers=changes.teachers_of(day.lessons) if day else [],
    )  # fmt: skip
    asked = form.values()
    chosen = {name: int(asked[name]) if asked[name] else None for name in ("school_class", "teacher")}
    context = {
        "day": day, "date": date, "form": form, "lessons": day.chosen(**chosen) if day else [],
        "changed": sum(one.change is not None for one in day.lessons) if day else 0, "query": _kept(request),
        "school_class": next((one for one in classes if one.pk == chosen["school_class"]), None),
        "former": date - DAY if year else None, "next": date + DAY if year else None,
    }  # fmt: skip
    return render(request, "journal/change_list.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def change_replace(request: HttpRequest, pk: int, day: str, number: int) -> HttpResponse:
    """Another teacher, another room."""
    keeper(request)
    found, lesson = _lesson(pk, day, number)
    form = ReplaceForm(request.POST if request.method == "POST" else None, day=found, lesson=lesson)

    def act(by: Actor) -> DayChange:
        return actions.replace(lesson.place, **form.cleaned_data, by=by)

    if is_taken(request, form, act, "Замена записана."):
        return redirect(_back(request, lesson.date))
    return render(request, "journal/change_replace.html", _page(request, form, lesson))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def change_cancel(request: HttpRequest, pk: int, day: str, number: int) -> HttpResponse:
    """The lesson falls out."""
    keeper(request)
    _, lesson = _lesson(pk, day, number)
    form = ReasonForm(request.POST if request.method == "POST" else None, mark=lesson.mark)

    def act(by: Actor) -> DayChange:
        return actions.cancel(lesson.place, **form.cleaned_data, by=by)

    if is_taken(request, form, act, "Урок отменён."):
        return redirect(_back(request, lesson.date))
    return render(request, "ui/confirm.html", _page(request, form, lesson) | {
        "title": "Отменить урок", "question": f"{lesson.date:%d.%m.%Y}, {lesson.words}.", "button": "Отменить урок",
        "danger": True, "effects": ["В расписании дня урок будет зачёркнут.", "Пустой урок уйдёт из журнала.", STAYS],
    })  # fmt: skip


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def change_move(request: HttpRequest, pk: int, day: str, number: int) -> HttpResponse:
    """The lesson to another day or hour."""
    keeper(request)
    _, lesson = _lesson(pk, day, number)
    form = MoveForm(request.POST if request.method == "POST" else None, lesson=lesson)

    def act(by: Actor) -> DayChange:
        values = dict(form.cleaned_data)
        to = Place(lesson.gradebook, values.pop("date"), values.pop("number"))
        return actions.move(lesson.place, to, **values, by=by)

    if is_taken(request, form, act, lambda made: f"Урок перенесён на {made.date:%d.%m.%Y}, {made.number}-й."):
        return redirect(_back(request, lesson.date))
    return render(request, "journal/change_move.html", _page(request, form, lesson))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def change_add(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """A lesson more of a class."""
    keeper(request)
    school_class = get_object_or_404(SchoolClass.objects.select_related("year"), pk=pk)
    date = _date(day)
    found = changes.day_of(school_class.year, date)
    form = AddForm(
        request.POST if request.method == "POST" else None, day=found, school_class=school_class,
        initial={"number": request.GET.get("number", "")},
    )  # fmt: skip

    def act(by: Actor) -> DayChange:
        values = {name: form.cleaned_data[name] for name in ("teacher", "room", "reason")}
        return actions.add(Place(form.cleaned_data["gradebook"], date, form.cleaned_data["number"]), **values, by=by)

    if is_taken(request, form, act, "Урок добавлен."):
        return redirect(_back(request, date))
    context = {"form": form, "school_class": school_class, "date": date, "back_url": _back(request, date)}
    return render(request, "journal/change_add.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def change_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson as it is in the week again."""
    keeper(request)
    rows = DayChange.objects.select_related(
        "gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup"
    )
    row = get_object_or_404(rows, pk=pk)
    place = Place(row.gradebook, row.date, row.number)
    lesson = changes.day_of(row.gradebook.school_class.year, row.date).at(row.gradebook, row.number)
    form = ReasonForm(request.POST if request.method == "POST" else None, mark=actions.mark_of(row, lesson))

    def act(by: Actor) -> None:
        actions.withdraw(row, **form.cleaned_data, by=by)

    if is_taken(request, form, act, "Изменение снято."):
        return redirect(_back(request, place.date))
    half = changes.other_half(row)
    context = {
        "title": "Вернуть, как было", "button": "Вернуть", "back_url": _back(request, place.date), "form": form,
        "question": f"{_when(row)}, {row.gradebook}: {row.get_kind_display()}.",
        "effects": [_undone(row), STAYS],
    }  # fmt: skip
    if half is not None:
        fallen, added = (half, row) if row.kind == DayChange.Kind.ADDED else (row, half)
        context |= {
            "title": "Отменить перенос", "button": "Отменить перенос",
            "question": f"{row.gradebook}: урок перенесён. Было {_when(fallen)}, стало {_when(added)}.",
            "effects": [f"Урок вернётся: {_when(fallen)}, как в расписании недели.", *_left(fallen, added)],
        }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _when(row: DayChange) -> str:
    return f"{row.date:%d.%m.%Y}, {row.number}\N{NON-BREAKING HYPHEN}й урок"


def _left(fallen: DayChange, added: DayChange) -> list[str]:
    """What becomes of the place to which the lesson was moved."""
    if fallen.date == added.date:
        return ["Вместе с ним вернётся всё, что в нём записано."]
    return [f"{added.date:%d.%m.%Y} этого урока не будет. Если в нём уже что-то записано, перенос останется."]


def _undone(row: DayChange) -> str:
    if row.kind == DayChange.Kind.ADDED:
        return "Дополнительного урока не будет."
    return "Урок будет таким, как в расписании недели."


def _lesson(pk: int, day: str, number: int) -> tuple[Day, DayLesson]:
    rows = Gradebook.objects.select_related("school_class__year", "subject", "subgroup")
    book = get_object_or_404(rows, pk=pk)
    found = changes.day_of(book.school_class.year, _date(day))
    lesson = found.at(book, number)
    if lesson is None:
        raise Http404
    return found, lesson


def _date(day: str) -> datetime.date:
    found = parse_day(day)
    if found is None:
        raise Http404
    return found


def _kept(request: HttpRequest) -> str:
    """Filters of the day's list, carried along to come back to it."""
    names = ("school_class", "teacher")
    return urlencode({name: request.GET[name] for name in names if request.GET.get(name, "").isdecimal()})


def _back(request: HttpRequest, date: datetime.date) -> str:
    kept = _kept(request)
    return f"{reverse('journal:change_list')}?date={date.isoformat()}" + (f"&{kept}" if kept else "")


def _page(request: HttpRequest, form, lesson: DayLesson) -> dict:
    return {"form": form, "lesson": lesson, "back_url": _back(request, lesson.date), "query": _kept(request)}
