"""Reports about sign-in for those who settle them, each within the own scope (12.2)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import incidents
from accounts.actions.reports import add_note, close_report
from accounts.actor import Actor
from accounts.blocking_scope import may_issue, may_lift, reports_within
from accounts.forms.incidents import CloseForm, IncidentFilterForm, NoteForm
from accounts.models import AccessReport, User
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.dates import today

PAGE = 50


@requires("incidents")
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """Reports within one's scope: open ones first to be read, the oldest on top."""
    form = IncidentFilterForm(request.GET)
    filters = form.values()
    reports = incidents.listed(request.user, filters, today())
    page = Paginator(reports, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [(report, incidents.who(report.person)) for report in page],
        "is_narrowed": bool(filters["q"] or filters["what"]),
        "sees_everybody": request.user.is_system_administrator,
    }
    return render(request, "accounts/incident_list.html", context)


@requires("incidents")
@require_safe
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what was said, what was done, what can be done."""
    return _page(request, _report(request, pk), NoteForm(), CloseForm())


@requires("incidents")
@require_POST
def incident_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A line in the report's story."""
    report, form = _report(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, CloseForm())
    add_note(report, form.cleaned_data["text"], by=Actor.of(request))
    return redirect(report)


@requires("incidents")
@require_POST
def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The report is answered."""
    report, form = _report(request, pk), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, report, NoteForm(), form)
    is_done(request, lambda by: close_report(report, form.cleaned_data["answer"], by=by), "Сообщение закрыто.")
    return redirect(report)


def _report(request: HttpRequest, pk: int) -> AccessReport:
    """Within one's scope, else it is not found."""
    return get_object_or_404(incidents.with_people(reports_within(request.user, today()), today()), pk=pk)


def _page(request: HttpRequest, report: AccessReport, note_form: NoteForm, close_form: CloseForm) -> HttpResponse:
    context = {
        "report": report,
        "who": incidents.who(report.person),
        "events": report.events.select_related("by"),
        "note_form": note_form,
        "close_form": close_form,
        "shows_addresses": request.user.is_system_administrator,
        **_decisions(request.user, report.person),
    }
    return render(request, "accounts/incident_detail.html", context)


def _decisions(actor: User, person: User | None) -> dict:
    """What may be done with the account from here."""
    within = incidents.may_block(actor, person, today())
    block = person.blocks_now[0] if person and person.blocks_now else None
    return {
        "standing_block": block,
        "can_block": within and block is None,
        "can_unblock": within and block is not None and may_lift(actor, block),
        "can_issue": within and block is None and may_issue(actor),
    }
