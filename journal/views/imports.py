"""Loading marks from files of other systems: given, looked at, applied, undone (7.1, 11.2)."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.imports import drop_batch
from accounts.batches.outcomes import STATES, Change, counts_of
from accounts.forms.batches import ApplyForm, UndoForm
from accounts.models import ImportBatch, ImportedFile, Job
from accounts.views.batches import preview
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import imports
from journal.actions import imports as actions
from journal.forms.imports import AnswersForm, SayForm, UploadForm
from journal.importing.plan import Plan, plan_of

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Batches, the newest first."""
    _loader(request)
    page = Paginator(imports.listed(request.user), PAGE).get_page(request.GET.get("page"))
    for batch in page:
        batch.kind, batch.tally = STATES[batch.state], counts_of(batch)
    return render(request, "journal/import_list.html", {"page": page})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def import_add(request: HttpRequest) -> HttpResponse:
    """Files are kept and read; nothing of the journal changes yet."""
    _loader(request)
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    made: list[ImportBatch] = []

    def act(by) -> None:
        made.append(actions.take_files(form.cleaned_data["files"], source=form.cleaned_data["source"], by=by))

    if is_taken(request, form, act):
        job = made[0].options.get("job")
        return redirect("accounts:job", job) if job else redirect("journal:import_detail", made[0].pk)
    return render(request, "journal/import_add.html", {"form": form})


@requires("gradebooks")
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Before: what would change, and what has to be answered. After: the report."""
    batch = _batch(request, pk)
    # Read once for the page and for the plan: with what was read in them files are heavy.
    prefetch_related_objects([batch], "files")
    files = list(batch.files.all())
    context = {"batch": batch, "files": files, "kind": STATES[batch.state]}
    if batch.state != ImportBatch.State.UPLOADED:
        context |= {"tally": counts_of(batch), "may_undo": batch.state == ImportBatch.State.APPLIED}
        return render(request, "journal/import_report.html", context)
    if job := _running(batch):
        return redirect(job)
    repeated = imports.repeats(batch, files)
    for file in files:
        file.asks = _asks(file)
        file.repeated = repeated.get(file.sha256)
    plan = plan_of(batch, asker=request.user, date=today())
    return render(request, "journal/import_detail.html", context | _preview(request, plan))


def _preview(request: HttpRequest, plan: Plan) -> dict:
    counts = plan.counts
    return preview(request, plan, AnswersForm) | {
        "is_same": bool(counts[Change.SAME]),
        "has_new": bool(counts[Change.NEW] or counts[Change.CHANGED] or counts[Change.GONE]),
    }


@requires("gradebooks")
@require_POST
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The manual step's answers, remembered for the next files of the same source."""
    batch = _open_batch(request, pk)
    plan = plan_of(batch, asker=request.user, date=today())
    form = AnswersForm(request.POST, questions=plan.questions)
    if form.is_valid() and form.decisions():
        is_done(request, lambda by: actions.decide(batch, form.decisions(), by=by), "Запомнено и для следующих файлов.")
    return redirect("journal:import_detail", pk)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def import_say(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """What a file leaves open: class, subject, period, year, pupil."""
    batch = _open_batch(request, pk)
    row = get_object_or_404(batch.files.select_related("file", "batch"), pk=file)
    asks, titles = _asks(row)
    if not (asks or titles):
        return redirect("journal:import_detail", pk)
    form = SayForm(request.POST if request.method == "POST" else None, asks=asks, titles=titles)
    if is_taken(request, form, lambda by: actions.say(row, form.cleaned_data, by=by), "Файл прочитан заново."):
        return redirect("journal:import_detail", pk)
    return render(request, "journal/import_say.html", {"batch": batch, "file": row, "form": form})


@requires("gradebooks")
@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _open_batch(request, pk)
    form = ApplyForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        is_done(
            request,
            lambda by: actions.apply_batch(batch, seen=values["seen"], despite_errors=values["despite_errors"], by=by),
            _applied,
        )
    return redirect("journal:import_detail", pk)


def _applied(counts: dict[str, int]) -> str:
    if not (counts["new"] or counts["changed"] or counts["gone"]):
        return "Изменений нет: всё это на портале уже есть. Отмечено, что данные свежие."
    return f"Загружено. Новых: {counts['new']}, изменено: {counts['changed']}, убрано: {counts['gone']}."


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The journal as it was before the batch; asked once more."""
    batch = _batch(request, pk)
    if batch.state != ImportBatch.State.APPLIED:
        return redirect("journal:import_detail", pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if is_taken(
        request, form, lambda by: actions.undo_batch(batch, reason=form.cleaned_data["reason"], by=by),
        "Загрузка отменена: журнал такой, каким был до неё.",
    ):  # fmt: skip
        return redirect("journal:import_detail", pk)
    counts = batch.counts
    context = {
        "batch": batch,
        "form": form,
        "title": f"Отменить загрузку №{batch.pk}",
        "question": "Журнал станет таким, каким был до неё.",
        "effects": [
            f"Добавленное уйдёт: {counts.get('new', 0)}.",
            f"Изменённое и убранное вернётся: {counts.get('changed', 0) + counts.get('gone', 0)}.",
            "Файлы останутся: их можно загрузить снова.",
        ],
        "button": "Отменить загрузку",
        "danger": True,
        "back_url": reverse("journal:import_detail", args=[pk]),
    }
    return render(request, "journal/import_ask.html", context)


@requires("gradebooks")
@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Files that are not wanted after all; the journal has nothing of them."""
    batch = _open_batch(request, pk)
    is_done(request, lambda by: drop_batch(batch, by=by), "Файлы убраны, в журнале ничего не изменилось.")
    return redirect("journal:import_list")


def _asks(file: ImportedFile) -> tuple[list[str], list[str]]:
    """What the file leaves open, and titles of which one names the rows, where none is known."""
    return file.facts.get("reading", {}).get("asks", []), file.facts.get("titles", [])


def _loader(request: HttpRequest) -> None:
    if not imports.may_load(request.user):
        raise PermissionDenied


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(imports.batches_of(request.user), pk=pk)


def _open_batch(request: HttpRequest, pk: int) -> ImportBatch:
    batch = _batch(request, pk)
    if batch.state != ImportBatch.State.UPLOADED:
        raise Http404
    return batch


def _running(batch: ImportBatch) -> Job | None:
    """The job that still reads the files."""
    return Job.objects.filter(pk=batch.options.get("job"), state=Job.State.RUNNING).first()
