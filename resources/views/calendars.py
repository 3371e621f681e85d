"""The calendar schedule (6.2): read by all once it is approved, drawn up by those who may contribute."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from accounts.views.reports import xlsx
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.conditional import shared_page
from resources import calendars, curricula_xlsx
from resources.actions import calendars as actions
from resources.forms.calendars import EXAMPLE, BaseEntries, CalendarForm, CalendarHeadForm, entry_set
from resources.forms.year_plans import ApproveForm, CopyForm
from resources.models import AcademicCalendar
from resources.views.curricula import SECTION, may_edit
from resources.views.year_plans import approve_page, copy, delete_page, deleted, only_draft

FORM_METHODS = ["GET", "HEAD", "POST"]


def find_calendar(pk: int, is_editor: bool) -> AcademicCalendar:
    """Raises Http404 for what the person may not see."""
    return get_object_or_404(calendars.listed(to_editor=is_editor), pk=pk)


@requires(SECTION)
@require_safe
@shared_page
def calendar_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Terms, breaks, attestation and days off, as a table and as a strip of the year."""
    is_editor = may_edit(request)
    calendar = find_calendar(pk, is_editor)
    entries = list(calendar.entries.all())
    context = {
        "plan": calendar,
        "groups": calendars.grouped(entries),
        "strip": calendars.strip_of(entries),
        "lacks": calendars.lacks_of(calendar, entries) if calendar.is_draft else [],
        "can_edit": is_editor,
        "can_change": is_editor and calendar.is_draft,
    }
    return render(request, "resources/calendar_detail.html", context)


@requires(SECTION)
@require_safe
def calendar_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows as XLSX."""
    calendar = find_calendar(pk, may_edit(request))
    content = curricula_xlsx.calendar(calendar, calendar.entries.all(), request.school)
    return xlsx(content, str(calendar).replace("/", "-").replace(":", ""))


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def calendar_add(request: HttpRequest) -> HttpResponse:
    """A new draft: from the example, or empty."""
    form = CalendarForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            example = form.cleaned_data["begin"] == EXAMPLE
            made = actions.add_calendar(form.instance, example=example, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, "Проект графика составлен: проверьте дни и дополните.")
            return redirect("resources:calendar_change", made.pk)
    return render(request, "resources/calendar_add.html", {"form": form})


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_calendar, "resources:calendar_detail")
def calendar_change(request: HttpRequest, calendar: AcademicCalendar) -> HttpResponse:
    """All rows at once; what contradicts is said at its row, and nothing is saved then."""
    data = request.POST if request.method == "POST" else None
    head, rows = CalendarHeadForm(data, instance=find_calendar(calendar.pk, True)), entry_set(calendar, data)
    # Both are asked, so that all errors are seen at once.
    if request.method == "POST" and all([head.is_valid(), rows.is_valid()]) and _is_filled(request, head, rows):
        return redirect("resources:calendar_detail", calendar.pk)
    return render(request, "resources/calendar_change.html", {"plan": calendar, "form": head, "formset": rows})


def _is_filled(request: HttpRequest, head: CalendarHeadForm, rows: BaseEntries) -> bool:
    values = head.cleaned_data
    return is_taken(
        request,
        head,
        lambda by: actions.fill_calendar(
            rows.calendar,
            rows.entries(),
            title=values["title"],
            week=values["week"],
            version=values["version"],
            by=by,
        ),
        "Сохранено.",
    )


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_calendar, "resources:calendar_detail")
def calendar_approve(request: HttpRequest, calendar: AcademicCalendar) -> HttpResponse:
    """Approval by an executed order."""
    form = ApproveForm(request.POST if request.method == "POST" else None, year=calendar.year)
    page = reverse("resources:calendar_detail", args=[calendar.pk])
    if is_taken(
        request, form, lambda by: actions.approve_calendar(calendar, order=form.cleaned_data["order"], by=by),
        "Календарный график утверждён и открыт всем.",
    ):  # fmt: skip
        return redirect(page)
    return approve_page(request, calendar, form, calendars.lacks_of(calendar, list(calendar.entries.all())), page)


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def calendar_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows as a draft of the next year, or as a new edition of this one."""
    calendar = find_calendar(pk, True)
    form = CopyForm(request.POST if request.method == "POST" else None, plan=calendar)
    return copy(request, calendar, form, actions.copy_calendar, "calendar", "Проверьте дни.")


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_calendar, "resources:calendar_detail")
def calendar_delete(request: HttpRequest, calendar: AcademicCalendar) -> HttpResponse:
    """Throws a draft away."""
    if request.method == "POST":
        return deleted(request, calendar)
    return delete_page(request, calendar, reverse("resources:calendar_detail", args=[calendar.pk]))
