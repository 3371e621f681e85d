"""A class's missed lessons of a week and why; for the class teacher and the management (access.md)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import SchoolClass
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import absences, rights
from journal.actions import reasons as actions
from journal.forms.entry import ReasonForm, WeekForm


@requires("gradebooks")
@require_http_methods(["GET", "HEAD", "POST"])
def class_absences(request: HttpRequest, pk: int) -> HttpResponse:
    """The week; POST gives a reason to one pupil's missed lessons from–to."""
    seen = rights.classes_seen(request.user, SchoolClass.objects.select_related("year"))
    school_class = get_object_or_404(seen, pk=pk)
    asked = WeekForm(request.GET).values()
    week = absences.week_of(school_class, absences.monday_of(school_class, asked["week"] or today()))
    data = request.POST if request.method == "POST" else None
    initial = {name: value for name, value in _filled(asked).items() if value}
    form = ReasonForm(data, initial=initial, pupils=absences.pupils_of(week), manages=rights.manages(request.user))
    if is_taken(
        request, form, lambda by: actions.give_reason(school_class, **form.cleaned_data, by=by), _given
    ):  # fmt: skip
        page = reverse("journal:class_absences", args=[pk])
        return redirect(f"{page}?{urlencode({'week': week.monday})}")
    return render(request, "journal/class_absences.html", {"week": week, "form": form, "asked": asked})


def _filled(asked: dict) -> dict:
    return {"pupil": asked["pupil"], "starts": asked["day"], "ends": asked["day"]}


def _given(count: int) -> str:
    return f"Причина указана: {count} {russian.plural(count, 'урок', 'урока', 'уроков')}."
