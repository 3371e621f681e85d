"""A week's timetable from a file and to a file: nothing is written before the plan was seen (6.2)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.models import StoredFile
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from eios.lib.tables import TableError
from journal import editions, timetable_xlsx
from journal.actions import timetable_files as actions
from journal.forms.load import ConfirmForm
from journal.forms.timetables import TimetableFileForm
from journal.models import Timetable
from journal.timetable_plan import plan_of
from journal.views.asking import keeper

PAGE = 100
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def timetable_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition as the import reads it; of an empty one, what the load asks for, with days and hours to fill in."""
    keeper(request)
    table = _table(pk)
    lines = list(editions.lines_of(table))
    name = f"{'Расписание' if lines else 'Образец расписания'} с {russian.short_date(table.starts)}"
    lines = lines or editions.asked_for(table, max(today(), table.starts))
    return xlsx(timetable_xlsx.week(table, lines, request.school), name)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_import(request: HttpRequest, pk: int) -> HttpResponse:
    """POST keeps the file to be looked at."""
    keeper(request)
    table = _table(pk)
    form = TimetableFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            file = actions.keep_file(form.cleaned_data["file"], by=Actor.of(request))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("journal:timetable_import_preview", pk, file.pk)
    return render(
        request, "journal/timetable_import.html", {"form": form, "table": table, "is_empty": not table.lines.exists()}
    )


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def timetable_import_preview(request: HttpRequest, pk: int, key) -> HttpResponse:
    """What the file would make of the draft; POST carries out the plan that was seen."""
    keeper(request)
    table = _table(pk)
    file = get_object_or_404(StoredFile, pk=key, kind=actions.FILE_KIND, owner=request.user)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_filled(request, table, file, form.cleaned_data["seen"]):
        return redirect("journal:timetable_detail", pk)
    context = {"table": table, "file": file}
    try:
        plan = plan_of(read_source(file), table.year, table.starts)
    except TableError as error:
        context["problem"] = str(error)
    else:
        page = Paginator(plan.shown, PAGE).get_page(request.GET.get("page"))
        context |= {"plan": plan, "page": page, "confirm": ConfirmForm(initial={"seen": plan.mark})}
    return render(request, "journal/timetable_import_preview.html", context)


def _is_filled(request: HttpRequest, table: Timetable, file: StoredFile, seen: str) -> bool:
    try:
        count = actions.fill_from(table, file, seen, by=Actor.of(request))
    except (ValidationError, TableError) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return False
    messages.success(request, f"Уроков в расписании: {count}.")
    return True


def _table(pk: int) -> Timetable:
    return get_object_or_404(Timetable.objects.select_related("year"), pk=pk)
