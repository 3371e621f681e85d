"""Loading lists of participants and records of achievements: given, looked at, applied, undone (11.1-11.3)."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.imports import drop_batch
from accounts.batches.outcomes import STATES, counts_of
from accounts.exports import MEDIA_TYPE
from accounts.forms.batches import ApplyForm, UndoForm
from accounts.models import ImportBatch
from accounts.views.batches import preview
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.tables import TableError
from portfolio import imports, rights
from portfolio.actions import imports as actions
from portfolio.forms.imports import AnswersForm, OlympiadForm, RecordForm
from portfolio.importing.columns import OLYMPIAD, RECORD, template
from portfolio.importing.plan import Plan, plan_of

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio-desk")
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Batches, the newest first."""
    _loader(request)
    page = Paginator(imports.batches_of(request.user).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    for batch in page:
        batch.kind, batch.tally, batch.title = (
            STATES[batch.state], counts_of(batch), imports.title_of(batch),
        )  # fmt: skip
    context = {"page": page, "may_load_records": imports.may_load_records(request.user)}
    return render(request, "portfolio/import_list.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def olympiad_add(request: HttpRequest) -> HttpResponse:
    """A list of participants of an event; nothing of portfolios changes yet."""
    _loader(request)
    form = OlympiadForm(*_posted(request), today=today())

    def take(by) -> ImportBatch:
        file = form.cleaned_data["file"]
        return actions.take_file(file, purpose=OLYMPIAD, source=imports.LIST_SOURCE, head=form.head(), by=by)

    return _added(request, form, take, "portfolio/olympiad_add.html")


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def record_add(request: HttpRequest) -> HttpResponse:
    """Achievements of a system of record (11.2-11.3)."""
    _record_loader(request)
    form = RecordForm(*_posted(request), today=today(), initial={"as_of": today()})

    def take(by) -> ImportBatch:
        values = form.cleaned_data
        return actions.take_file(
            values["file"], purpose=RECORD, source=values["source"], head=form.head(), as_of=values["as_of"],
            whole=form.whole(), by=by,
        )  # fmt: skip

    return _added(request, form, take, "portfolio/record_add.html")


def _posted(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _added(request: HttpRequest, form, take: Callable, page: str) -> HttpResponse:
    made: list[ImportBatch] = []
    if is_taken(request, form, lambda by: made.append(take(by)), upload="file"):
        return redirect("portfolio:import_detail", made[0].pk)
    return render(request, page, {"form": form})


@requires("portfolio-desk")
@require_safe
def olympiad_template(request: HttpRequest) -> HttpResponse:
    """The list to fill in."""
    _loader(request)
    return _file(template(OLYMPIAD), "Список участников.xlsx")


@requires("portfolio-desk")
@require_safe
def record_template(request: HttpRequest) -> HttpResponse:
    """The table of achievements to fill in."""
    _record_loader(request)
    return _file(template(RECORD), "Достижения.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


@requires("portfolio-desk")
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Before: what would change, and whom it has to be asked about. After: the report."""
    batch = _batch(request, pk)
    file = batch.files.select_related("file").first()
    context = {"batch": batch, "file": file, "kind": STATES[batch.state], "title": imports.title_of(batch)}
    if batch.state != ImportBatch.State.UPLOADED:
        context |= {"tally": counts_of(batch), "may_undo": batch.state == ImportBatch.State.APPLIED}
        context["events"] = imports.events_of(batch)
        return render(request, "portfolio/import_report.html", context)
    context["repeated"] = imports.repeated(batch, file)
    try:
        plan = plan_of(batch, asker=request.user, date=today())
    except TableError as error:
        return render(request, "portfolio/import_detail.html", context | {"problem": str(error)})
    return render(request, "portfolio/import_detail.html", context | _preview(request, plan))


def _preview(request: HttpRequest, plan: Plan) -> dict:
    is_only_fresh = bool(plan.fresh) and not (plan.new or plan.changed or plan.gone)
    return preview(request, plan, AnswersForm) | {"is_only_fresh": is_only_fresh}


@requires("portfolio-desk")
@require_POST
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the names mean, remembered for the next files of the same source."""
    batch = _open_batch(request, pk)
    form = AnswersForm(request.POST, questions=_questions(request, batch))
    if form.is_valid() and form.is_answered:
        skip = form.cleaned_data["skip_unknown"]
        is_done(request, lambda by: actions.decide(batch, form.decisions(), skip_unknown=skip, by=by), "Запомнено.")
    return redirect("portfolio:import_detail", pk)


def _questions(request: HttpRequest, batch: ImportBatch) -> list:
    try:
        return plan_of(batch, asker=request.user, date=today()).questions
    except TableError:
        return []


@requires("portfolio-desk")
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
    return redirect("portfolio:import_detail", pk)


def _applied(counts: dict[str, int]) -> str:
    if not (counts["new"] or counts["changed"] or counts["gone"]):
        return "Изменений нет: всё уже загружено. Отмечено, что данные свежие."
    gone = f", убрано: {counts['gone']}" if counts["gone"] else ""
    return f"Загружено. Новых записей: {counts['new']}, изменено: {counts['changed']}{gone}."


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Portfolios as they were before the batch; asked once more."""
    batch = _batch(request, pk)
    if batch.state != ImportBatch.State.APPLIED:
        return redirect("portfolio:import_detail", pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if is_taken(
        request, form, lambda by: actions.undo_batch(batch, reason=form.cleaned_data["reason"], by=by),
        "Загрузка отменена: портфолио такие, какими были до неё.",
    ):  # fmt: skip
        return redirect("portfolio:import_detail", pk)
    counts = {name: batch.counts.get(name, 0) for name in ("new", "changed", "gone")}
    context = {
        "batch": batch,
        "form": form,
        "title": f"Отменить загрузку №{batch.pk}",
        "question": "Портфолио станут такими, какими были до неё.",
        "effects": [
            *_undone(counts),
            "Если записи с тех пор изменили, портал откажет и ничего не тронет.",
            "Файл останется: его можно загрузить снова.",
        ],
        "button": "Отменить загрузку",
        "danger": True,
        "back_url": reverse("portfolio:import_detail", args=[pk]),
    }
    return render(request, "portfolio/import_ask.html", context)


def _undone(counts: dict[str, int]) -> list[str]:
    """What the undoing takes back; of what there is none nothing is said."""
    effects = []
    if new := counts["new"]:
        effects.append(f"Добавленные записи ({new}) исчезнут, в том числе из того, что ученики уже показали.")
    if other := counts["changed"] + counts["gone"]:
        effects.append(f"Изменённые и убранные записи ({other}) станут прежними.")
    return effects


@requires("portfolio-desk")
@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that is not wanted after all; portfolios have nothing of it."""
    batch = _open_batch(request, pk)
    is_done(request, lambda by: drop_batch(batch, by=by), "Файл убран, в портфолио ничего не изменилось.")
    return redirect("portfolio:import_list")


def _loader(request: HttpRequest) -> None:
    if not rights.enters_events(request.user):
        raise PermissionDenied


def _record_loader(request: HttpRequest) -> None:
    if not imports.may_load_records(request.user):
        raise PermissionDenied


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    _loader(request)
    return get_object_or_404(imports.batches_of(request.user), pk=pk)


def _open_batch(request: HttpRequest, pk: int) -> ImportBatch:
    batch = _batch(request, pk)
    if batch.state != ImportBatch.State.UPLOADED:
        raise Http404
    return batch
