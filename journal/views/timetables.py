"""Editing the week's timetable, for the director and the deputy for teaching: editions, lessons, putting in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import SchoolClass
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import editions
from journal.actions import timetables as actions
from journal.forms.load import ConfirmForm
from journal.forms.timetables import BeginForm, LineForm
from journal.models import Timetable, TimetableLine, Weekday
from journal.views.asking import keeper, year_asked

FORM_METHODS = ["GET", "HEAD", "POST"]
PAST = "Этот день уже прошёл: в расписании и в отчётах о пропусках прошедшие дни тоже станут такими."


@requires("gradebooks")
@require_safe
def timetable_list(request: HttpRequest) -> HttpResponse:
    """All editions, the newest first."""
    keeper(request)
    context = {"timetables": editions.listed(), "year": editions.current_year(today())}
    return render(request, "journal/timetable_list.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_add(request: HttpRequest) -> HttpResponse:
    """A draft, empty or as another edition is."""
    keeper(request)
    year = year_asked(request)
    form = BeginForm(request.POST if request.method == "POST" else None, year=year, initial={"starts": today()})

    def begin(by: Actor) -> Timetable:
        return actions.begin(form.instance, like=form.cleaned_data["like"], by=by)

    if is_taken(request, form, begin, "Черновик расписания создан."):
        return redirect("journal:timetable_detail", form.instance.pk)
    return render(request, "journal/timetable_add.html", {"form": form, "year": year})


@requires("gradebooks")
@require_safe
def timetable_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition: its classes, clashes, hours that differ from the load."""
    keeper(request)
    table = _table(pk)
    lines = list(editions.lines_of(table))
    date = max(today(), table.starts)
    context = {
        "table": table, "lines": lines, "clashes": editions.clashes(lines), "classes": editions.classes_of(table),
        "uneven": editions.uneven(table, lines, date), "strangers": editions.strangers(table, lines, date),
        "untaught": [one for one in lines if one.teacher_id is None], "last_day": editions.last_day(table),
    }  # fmt: skip
    return render(request, "journal/timetable_detail.html", context)


@requires("gradebooks")
@require_safe
def timetable_class(request: HttpRequest, pk: int, school_class: int) -> HttpResponse:
    """A class's week, every lesson a link to its page, every free hour to a new lesson."""
    keeper(request)
    table = _table(pk)
    found = _class(table, school_class)
    lines = list(editions.lines_of(table))
    own = [one for one in editions.clashes(lines) if found.pk in _classes(one)]
    context = {
        "table": table, "school_class": found, "week": editions.week_of(lines, found), "days": Weekday, "clashes": own,
        "clashing": {line.pk for one in own for line in (one.one, one.other)}, "classes": editions.classes_of(table),
        "uneven": editions.uneven(table, lines, max(today(), table.starts), found),
    }  # fmt: skip
    return render(request, "journal/timetable_class.html", context)


def _classes(clash: editions.Clash) -> set[int]:
    return {clash.conflict.one.school_class, clash.conflict.other.school_class}


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_line_add(request: HttpRequest, pk: int, school_class: int) -> HttpResponse:
    """A lesson at the hour in the address."""
    keeper(request)
    table = _table(pk)
    found = _class(table, school_class)
    first = {name: request.GET.get(name, "") for name in ("weekday", "number")}
    return _line(request, TimetableLine(timetable=table), found, first)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_line_change(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    row = _row(pk)
    return _line(request, row, row.gradebook.school_class, None)


def _line(request: HttpRequest, row: TimetableLine, school_class: SchoolClass, first: dict | None) -> HttpResponse:
    table = row.timetable
    form = LineForm(
        request.POST if request.method == "POST" else None, instance=row, school_class=school_class,
        date=max(today(), table.starts), initial=first,
    )  # fmt: skip

    def save(by: Actor) -> TimetableLine:
        return actions.save_line(row, seen=form.cleaned_data["seen"], by=by)

    back = redirect("journal:timetable_class", table.pk, school_class.pk)
    if is_taken(request, form, save, lambda made: f"{made.gradebook.subject}: записано."):
        return back
    context = {"form": form, "table": table, "school_class": school_class, "row": row}
    template = "journal/timetable_line_change.html" if row.pk else "journal/timetable_line_add.html"
    return render(request, template, context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_line_remove(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    row = _row(pk)
    place = reverse("journal:timetable_class", args=[row.timetable_id, row.gradebook.school_class_id])
    if request.method == "POST" and is_done(request, lambda by: actions.remove_line(row, by=by), "Урок убран."):
        return redirect(place)
    context = {
        "title": f"Убрать урок: {row.gradebook}", "back_url": place, "button": "Убрать", "danger": True,
        "question": f"{row.get_weekday_display().capitalize()}, {row.number}-й урок.",
    }  # fmt: skip
    if row.timetable.state == Timetable.State.IN_FORCE:
        context["effects"] = ["Пустые уроки этого журнала, которые ещё впереди, исчезнут; с записями останутся."]
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_force(request: HttpRequest, pk: int) -> HttpResponse:
    """What putting in force means; POST does it."""
    keeper(request)
    table = _table(pk)
    lines = list(editions.lines_of(table))
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"seen": actions.mark_of(lines)})

    def force(by: Actor) -> Timetable:
        return actions.put_in_force(table, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, force, "Расписание введено в действие."):
        return redirect("journal:timetable_detail", pk)
    difference = editions.difference(table, lines)
    is_late = table.starts < today()
    context = {
        "title": "Ввести расписание в действие", "form": form, "button": "Ввести в действие",
        "question": f"{table}, уроков в неделю: {len(lines)}.",
        "back_url": reverse("journal:timetable_detail", args=[pk]),
        "effects": [
            f"Оно действует с {russian.short_date(table.starts)} по {russian.short_date(editions.last_day(table))}.",
            *(difference.words if difference else ()),
            *([PAST] if is_late else ()),
            "Уроки журналов, которые ведутся на портале, с сегодняшнего дня переставятся по нему.",
            "Отметки и записи уроков останутся.",
        ],
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_remove(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    table = _table(pk)
    if request.method == "POST" and is_done(request, lambda by: actions.remove(table, by=by), "Черновик удалён."):
        return redirect("journal:timetable_list")
    context = {
        "title": f"Удалить черновик: {table}", "button": "Удалить", "danger": True,
        "question": "Вернуть его будет нельзя.", "back_url": reverse("journal:timetable_detail", args=[pk]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _table(pk: int) -> Timetable:
    return get_object_or_404(Timetable.objects.select_related("year"), pk=pk)


def _class(table: Timetable, pk: int) -> SchoolClass:
    return get_object_or_404(SchoolClass.objects.select_related("year"), pk=pk, year=table.year_id)


def _row(pk: int) -> TimetableLine:
    rows = TimetableLine.objects.select_related(
        "timetable__year", "gradebook__school_class__year", "gradebook__subject"
    )
    return get_object_or_404(rows.select_related("gradebook__subgroup"), pk=pk)
