"""The deputy head's desk. The system administrator's level opens the element, but is told of no marks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.desk import Desk, blocks, summary


@requires("journal-desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What in the journals waits for somebody."""
    if not rights.reads_all(request.user):
        return render(request, "journal/desk.html", {"is_closed": True})
    year = AcademicYear.objects.on(today()).first()
    found = blocks(Desk(request.user, year, today())) if year else []
    return render(request, "journal/desk.html", {"year": year, "blocks": found, "summary": summary(found)})
