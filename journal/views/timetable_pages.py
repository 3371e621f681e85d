"""Reading the timetable, for staff: one's own week, a class's, a teacher's, a room's, the school's day (6.2)."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear, SchoolClass
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights, timetable_xlsx
from journal import timetable_pages as pages
from journal.forms.timetable_pages import DayForm
from journal.models import Room


@requires("gradebooks")
@require_safe
def timetable(request: HttpRequest) -> HttpResponse:
    """One's own week, of one who teaches; and the way to all others'."""
    date, year = _asked(request)
    context = {"date": date, "year": year, "manages": rights.manages(request.user), "today": today()}
    if year:
        context |= _choices(year)
        context["week"] = pages.own_week(year, date, today(), request.user)
    return render(request, "journal/week_own.html", context)


@requires("gradebooks")
@require_safe
def timetable_of_class(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SchoolClass.objects.select_related("year"), pk=pk)
    date, _ = _asked(request)
    date = min(max(date, found.year.starts), found.year.ends)
    week = pages.week_of(
        found.year, date, today(), lambda one: one.gradebook.school_class_id == found.pk, found.grade
    )  # fmt: skip
    return _week(request, found.year, week, f"{found.name}", {"school_class": found})


@requires("gradebooks")
@require_safe
def timetable_of_teacher(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who teaches in the year."""
    date, year = _asked(request)
    person = next((one for one in (pages.teachers_of(year) if year else ()) if one.pk == pk), None)
    if person is None:
        raise Http404
    week = pages.week_of(year, date, today(), lambda one: one.planned.teacher == person.pk)
    return _week(request, year, week, person.get_full_name(), {"teacher": person})


@requires("gradebooks")
@require_safe
def timetable_of_room(request: HttpRequest, pk: int) -> HttpResponse:
    date, year = _asked(request)
    room = get_object_or_404(Room, pk=pk)
    week = pages.week_of(year, date, today(), lambda one: one.planned.room == room.pk) if year else None
    return _week(request, year, week, f"Кабинет {room.name}", {"room": room})


@requires("gradebooks")
@require_safe
def timetable_day(request: HttpRequest) -> HttpResponse:
    """All classes on one day."""
    date, year = _asked(request)
    if year is None:
        return redirect("journal:timetable")
    return render(request, "journal/week_day.html", {"day": pages.day_of(year, date), "today": today()})


def _asked(request: HttpRequest) -> tuple[datetime.date, AcademicYear | None]:
    date = DayForm(request.GET).day(today())
    return date, pages.year_of(date)


def _choices(year: AcademicYear) -> dict:
    return {
        "classes": SchoolClass.objects.filter(year=year).order_by("grade", "letter"),
        "teachers": pages.teachers_of(year),
        "rooms": Room.objects.filter(is_active=True),
    }


def _week(request: HttpRequest, year: AcademicYear | None, week, title: str, subject: dict) -> HttpResponse:
    if week and "xlsx" in request.GET:
        name = f"Расписание, {title}, {russian.short_date(week.monday)}"
        return xlsx(timetable_xlsx.days(week, title, request.school), name)
    context = {"week": week, "year": year, "title": title, "address": request.path, **subject}
    return render(request, "journal/week_shown.html", context)
