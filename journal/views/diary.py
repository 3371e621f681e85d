"""The diary of a pupil (7.1): the own one, a child's, or of a pupil whose class one leads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import diary, diary_cells, diary_xlsx, rights, summary
from journal.forms.diary import DiaryForm, WhatIfForm


@requires("journal")
@require_safe
def diary_home(request: HttpRequest) -> HttpResponse:
    """One's own diary, or the first child's; employees without either are led to their classes and gradebooks."""
    own = diary.children_of(request.user, today())
    if own:
        chosen = request.user if request.user in own else own[0]
        return _page(request, chosen, own)
    led = request.user.led_classes
    return redirect("journal:class_glance", led[0].pk) if led else redirect("journal:gradebook_list")


@requires("journal")
@require_safe
def diary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The diary of a pupil whom one may read whole."""
    return _page(request, *pupil_asked(request, pk))


def _page(request: HttpRequest, pupil: User, own: list[User]) -> HttpResponse:
    chosen = DiaryForm(request.GET).chosen()
    found = _diary(pupil, own, chosen)
    is_by_day = chosen["view"] == "days"
    context = {
        "pupil": pupil,
        "own": own if len(own) > 1 else [],
        "is_own": pupil == request.user,
        "is_family": pupil in own,
        "diary": found,
        "view": chosen["view"] or "",
    }
    if found and is_by_day:
        context["days"] = [
            (day, [(name, diary_cells.lesson_words(lesson)) for name, lesson in lessons]) for day, lessons in found.days
        ]
    elif found:
        context["body"] = diary_cells.body(found.rows, found.heads)
    return render(request, "journal/diary.html", context)


@requires("journal")
@require_safe
def diary_export(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page shows, as XLSX."""
    pupil, own = pupil_asked(request, pk)
    found = _diary(pupil, own, DiaryForm(request.GET).chosen())
    if found is None:
        raise Http404
    name = f"Дневник, {pupil}, {found.period.name} {russian.short_date(today())}"
    return xlsx(diary_xlsx.table(found, request.school), name)


@requires("journal")
@require_safe
def diary_what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What an average would become with other marks; nothing is saved."""
    pupil, own = pupil_asked(request, pk)
    found = _diary(pupil, own, DiaryForm(request.GET).chosen())
    if found is None:
        raise Http404
    marked = [(row.key, row.name) for row in found.rows if row.average is not None and row.key in found.graded]
    form = WhatIfForm(request.GET if "subject" in request.GET else None, subjects=marked)
    context = {"pupil": pupil, "diary": found, "form": form, "has_marks": bool(marked)}
    if form.is_valid():
        numbers = diary.numbers_in(found, int(form.cleaned_data["subject"]))
        context["answer"] = summary.what_if(numbers, form.cleaned_data["marks"])
        context["subject"] = dict(marked)[int(form.cleaned_data["subject"])]
    return render(request, "journal/diary_what_if.html", context)


def pupil_asked(request: HttpRequest, pk: int) -> tuple[User, list[User]]:
    """The pupil of the address, if the person may read the whole diary, and whose diaries are one's own."""
    own = diary.children_of(request.user, today())
    pupil = next((one for one in own if one.pk == pk), None)
    return pupil or get_object_or_404(rights.diaries_of(request.user, today()), pk=pk), own


def _diary(pupil: User, own: list[User], chosen: dict) -> diary.Diary | None:
    return diary.diary_of(
        pupil, today(), year=chosen["year"], period=chosen["period"], for_family=pupil in own
    )  # fmt: skip
