"""The board of renewal: which of the former year's programmes nobody has carried on, by ШМО (3.7)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from accounts.models import AcademicYear
from eios.lib.access import requires
from eios.lib.dates import today
from resources import programmes
from resources.actions import programmes as actions
from resources.asker import asker_of
from resources.forms.programmes import RenewForm
from resources.models import Programme


@requires("method-boards")
@require_safe
def programme_board(request: HttpRequest) -> HttpResponse:
    """By ШМО: renewed, ended, waiting; a head sees the own ones, those who run the section see all."""
    asker, year = asker_of(request), _year()
    rows = programmes.board(year, programmes.groups_of_board(asker))
    context = {
        "year": year,
        "former": year.former(),
        "rows": rows,
        "waiting": sum(len(row.waiting) for row in rows),
        "can_renew": programmes.may_renew(asker),
    }
    return render(request, "resources/programme_board.html", context)


@requires("method-boards")
@require_POST
def programme_renew(request: HttpRequest) -> HttpResponse:
    """Carries the ticked ones on as drafts."""
    asker, year = asker_of(request), _year()
    if not programmes.may_renew(asker):
        raise PermissionDenied
    waiting = [one.pk for row in programmes.board(year, programmes.groups_of_board(asker)) for one in row.waiting]
    form = RenewForm(request.POST, queryset=Programme.objects.filter(pk__in=waiting))
    if not form.is_valid():
        messages.warning(request, " ".join(form.errors.get("programmes", [])))
        return redirect("resources:programme_board")
    try:
        made = actions.renew(form.cleaned_data["programmes"], year=year, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Перенесено на {year} учебный год: {made}. Авторам осталось проверить черновики.")
    return redirect("resources:programme_board")


def _year() -> AcademicYear:
    """Raises Http404 where the school has no year of today."""
    year = programmes.year_to_renew(today())
    if year is None:
        raise Http404
    return year
