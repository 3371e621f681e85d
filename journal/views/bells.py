"""Schedules of bells: for the director and the deputy for teaching (1.3 b, 6.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from journal import bells, books
from journal.actions import bells as actions
from journal.forms.bells import BellsForm
from journal.models import BellSchedule
from journal.views.asking import keeper, year_asked

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def bell_list(request: HttpRequest) -> HttpResponse:
    """Those of a year, each with its lessons."""
    keeper(request)
    year = year_asked(request)
    schedules = [(one, bells.words_of(one)) for one in bells.of_year(year)]
    context = {"schedules": schedules, "year": year, "years": books.years()}
    return render(request, "journal/bell_list.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def bell_add(request: HttpRequest) -> HttpResponse:
    keeper(request)
    return _edit(request, BellSchedule(year=year_asked(request)), "journal/bell_add.html")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def bell_change(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    return _edit(request, _schedule(pk), "journal/bell_change.html")


def _edit(request: HttpRequest, row: BellSchedule, template: str) -> HttpResponse:
    form = BellsForm(request.POST if request.method == "POST" else None, instance=row, year=row.year)

    def save(by) -> BellSchedule:
        return actions.save_schedule(row, form.times(), seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, lambda made: f"«{made}»: записано."):
        return redirect(_list_of(row))
    return render(request, template, {"form": form, "row": row, "year": row.year, "back_url": _list_of(row)})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def bell_remove(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    row = _schedule(pk)
    back = _list_of(row)
    if request.method == "POST" and is_done(request, lambda by: actions.remove_schedule(row, by=by), "Убрано."):
        return redirect(back)
    context = {
        "title": f"Убрать звонки «{row}»", "question": f"{bells.words_of(row)}.", "button": "Убрать", "danger": True,
        "back_url": reverse("journal:bell_change", args=[pk]),
        "effects": ["В эти дни действует более общее расписание звонков; без него время уроков не показывается."],
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _schedule(pk: int) -> BellSchedule:
    return get_object_or_404(BellSchedule.objects.select_related("year"), pk=pk)


def _list_of(row: BellSchedule) -> str:
    return f"{reverse('journal:bell_list')}?year={row.year_id}"
