"""The teaching load from a file: nothing is written before the plan was seen and confirmed (1.3 b)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.models import AcademicYear, StoredFile
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from eios.lib.tables import TableError
from journal import books
from journal.actions import load as actions
from journal.forms.load import ConfirmForm, LoadFileForm
from journal.load_plan import Outcome, Plan, plan_of
from journal.views.asking import keeper

PAGE = 100
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_import(request: HttpRequest) -> HttpResponse:
    """POST keeps the file to be looked at."""
    keeper(request)
    first = {"year": books.year_chosen(books.years(), "", today())}
    form = LoadFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            file = actions.keep_file(form.cleaned_data["file"], by=Actor.of(request))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(_preview_url(file, form.cleaned_data["year"]))
    return render(request, "journal/load_import.html", {"form": form})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_import_preview(request: HttpRequest, key, pk: int) -> HttpResponse:
    """What the file would change in the load of the year; POST carries out the plan that was seen."""
    keeper(request)
    file = get_object_or_404(StoredFile, pk=key, kind=actions.FILE_KIND, owner=request.user)
    year = get_object_or_404(AcademicYear, pk=pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _confirm(request, file, year, form.cleaned_data["seen"])
        return redirect(_preview_url(file, year))
    return render(
        request, "journal/load_import_preview.html", {"file": file, "year": year, **_preview(request, file, year)}
    )


def _preview_url(file: StoredFile, year: AcademicYear) -> str:
    return reverse("journal:load_import_preview", kwargs={"key": file.pk, "pk": year.pk})


def _confirm(request: HttpRequest, file: StoredFile, year: AcademicYear, seen: str) -> None:
    try:
        plan = actions.load_file(file, year, seen, by=Actor.of(request))
    except (ValidationError, TableError) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    else:
        messages.success(request, f"Нагрузка обновлена: {_told(plan)}.")


def _told(plan: Plan) -> str:
    words = {"NEW": "добавлено", "CHANGED": "изменено", "SAME": "без изменений"}
    return ", ".join(f"{words[one.name]} {count}" for one, count in plan.counts if one != Outcome.ERROR)


def _preview(request: HttpRequest, file: StoredFile, year: AcademicYear) -> dict:
    try:
        plan = plan_of(read_source(file), year, today())
    except TableError as error:
        return {"problem": str(error)}
    page = Paginator(plan.ordered, PAGE).get_page(request.GET.get("page"))
    return {"plan": plan, "page": page, "confirm": ConfirmForm(initial={"seen": plan.mark})}
