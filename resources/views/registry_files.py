"""The registry as a file, out and in: nothing is written before the plan was seen and confirmed.

The file says what stands inside all cards, and closure in it is the system administrator's (5.3): these pages belong to
the installation, whoever administers the registry, and each opening of them is recorded.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import exports
from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.models import StoredFile
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from eios.lib.tables import TableError
from resources.actions import registry_files as actions
from resources.forms.registry_files import ConfirmForm, RegistryFileForm
from resources.importing import writing
from resources.importing.file_plan import FilePlan, plan_of

PAGE_SIZE = 100
FORMATS = {"xlsx": exports.MEDIA_TYPE, "csv": writing.CSV_TYPE}


@requires("installation")
@require_safe
def element_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole registry as XLSX or CSV, doubts, closure and the inside of closed cards included."""
    if kind not in FORMATS:
        raise Http404
    rows = writing.registry()
    content = writing.as_csv(rows) if kind == "csv" else writing.as_xlsx(rows, request.school)
    name = content_disposition_header(True, f"Реестр элементов {today():%d.%m.%Y}.{kind}")
    return HttpResponse(content, content_type=FORMATS[kind], headers={"Content-Disposition": name})


@requires("installation")
@require_http_methods(["GET", "HEAD", "POST"])
def element_import(request: HttpRequest) -> HttpResponse:
    """POST keeps the file to be looked at."""
    form = RegistryFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            file = actions.keep_file(form.cleaned_data["file"], by=Actor.of(request))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("resources:element_import_preview", file.pk)
    return render(request, "resources/element_import.html", {"form": form})


@requires("installation")
@require_http_methods(["GET", "HEAD", "POST"])
def element_import_preview(request: HttpRequest, key) -> HttpResponse:
    """What the file would change; POST carries out the plan that was seen."""
    file = get_object_or_404(StoredFile, pk=key, kind=actions.FILE_KIND, owner=request.user)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _confirm(request, file, form)
        return redirect("resources:element_import_preview", file.pk)
    context = {"file": file, **_preview(request, file)}
    if form.is_bound:
        context["confirm"] = form
    return render(request, "resources/element_import_preview.html", context)


def _confirm(request: HttpRequest, file: StoredFile, form: ConfirmForm) -> None:
    seen, basis = form.cleaned_data["seen"], form.cleaned_data["basis"]
    try:
        plan = actions.load_file(file, seen, by=Actor.of(request), basis=basis)
    except (ValidationError, TableError) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    else:
        messages.success(request, f"Реестр обновлён: {_told(plan)}. Каждая правка — в журнале.")


def _told(plan: FilePlan) -> str:
    words = {"NEW": "добавлено", "CHANGED": "изменено", "SAME": "без изменений"}
    return ", ".join(f"{words[outcome.name]} {count}" for outcome, count in plan.counts if outcome.name in words)


def _preview(request: HttpRequest, file: StoredFile) -> dict:
    try:
        plan = plan_of(read_source(file))
    except TableError as error:
        return {"problem": str(error)}
    page = Paginator(plan.ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"plan": plan, "page": page, "confirm": ConfirmForm(initial={"seen": plan.mark})}
