"""The week of a diary (1.3 b, 2.2): whoever reads the whole diary of a pupil reads it too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from eios.lib.dates import today
from journal import week
from journal.forms.diary import WeekForm
from journal.views.diary import pupil_asked


@requires("journal")
@require_safe
def diary_week(request: HttpRequest, pk: int) -> HttpResponse:
    """Lessons, homework, marks and absences of a week, the one of the date in the address or this one."""
    pupil, own = pupil_asked(request, pk)
    monday = week.monday_of(WeekForm(request.GET).values()["date"] or None, today())
    context = {
        "pupil": pupil,
        "own": own if len(own) > 1 else [],
        "is_own": pupil == request.user,
        "is_family": pupil in own,
        "week": week.week_of(pupil, monday, today()),
    }
    return render(request, "journal/diary_week.html", context)
