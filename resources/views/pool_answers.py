"""The library's answer about a pool: loaded, previewed, confirmed (10.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.reauthentication import ask_again
from eios.lib.access import requires
from eios.lib.crypto import CannotOpen
from eios.lib.tables import TableError
from resources import pool_answers, pools
from resources.actions import pool_answers as actions
from resources.actions.pools import save_answer_columns
from resources.actions.requests import serve_waiting
from resources.forms.desk import SeenForm
from resources.forms.pools import AnswerColumnsForm, AnswerForm
from resources.models import Pool
from resources.views.pools import page, pool_of

PAGE = 100


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """POST keeps the file; GET shows what it would change. Nothing is changed until confirmed."""
    element, pool = pool_of(request, slug, pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AnswerForm(*given, mapping=pool.answer_columns)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["file"].name
        actions.keep_answer(pool, name=name, content=form.content, by=Actor.of(request))
        return redirect("resources:pool_answer", slug, pk)
    context = {"pool": pool, "form": form, **_preview(request, pool)}
    return page(request, element, "resources/pool_answer.html", context)


def _preview(request: HttpRequest, pool: Pool) -> dict:
    answer = pools.waiting_answer(pool)
    if answer is None:
        return {}
    try:
        plan = pool_answers.plan_of(answer)
    except (TableError, CannotOpen) as error:
        return {"answer": answer, "problem": str(error)}
    found = Paginator(plan.ordered, PAGE).get_page(request.GET.get("page"))
    return {
        "answer": answer, "plan": plan, "page": found, "confirm": SeenForm(initial={"seen": plan.mark}),
        "applied_before": pools.applied_before(answer),
    }  # fmt: skip


@requires("desk")
@require_POST
def pool_answer_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Carries out the plan that was seen, then serves those who wait for an account."""
    element, pool = pool_of(request, slug, pk)
    form, answer = SeenForm(request.POST), pools.waiting_answer(pool)
    if not form.is_valid() or answer is None:
        return redirect("resources:pool_answer", slug, pk)
    by = Actor.of(request)
    try:
        plan = actions.apply_answer(answer, form.cleaned_data["seen"], by=by)
    except (ValidationError, TableError, CannotOpen) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect("resources:pool_answer", slug, pk)
    words = ", ".join(f"{outcome.words}: {count}" for outcome, count in plan.counts)
    messages.success(request, f"Ответ библиотеки загружен ({words}).")
    if served := serve_waiting(element, by=by):
        messages.success(request, f"Выдано тем, кто ждал по заявке: {served}.")
    return redirect("resources:pool_detail", slug, pk)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_answer_columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How this library calls the columns of its answer, and what its words mean."""
    element, pool = pool_of(request, slug, pk)
    form = AnswerColumnsForm(request.POST if request.method == "POST" else None, mapping=pool.answer_columns)
    if request.method == "POST" and form.is_valid():
        save_answer_columns(pool, form.mapping(), by=Actor.of(request))
        messages.success(request, "Столбцы ответа сохранены.")
        return redirect("resources:pool_answer", slug, pk)
    return page(request, element, "resources/pool_answer_columns.html", {"pool": pool, "form": form})


@requires("desk")
@require_safe
def pool_answer_file(request: HttpRequest, slug: str, pk: int, answer: int) -> HttpResponse:
    """A confirmed answer as it came: passwords may stand in it, so one proves oneself first, and it is recorded."""
    _, pool = pool_of(request, slug, pk)
    ask_again(request)
    row = get_object_or_404(pool.answers.filter(applied_at__isnull=False), pk=answer)
    try:
        content = row.unseal()
    except CannotOpen as error:
        raise Http404 from error
    actions.record_reading(row, by=Actor.of(request))
    header = content_disposition_header(True, row.name)
    return HttpResponse(content, content_type="application/octet-stream", headers={"Content-Disposition": header})
