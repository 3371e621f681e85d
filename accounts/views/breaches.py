"""The register of breaches: list, record, decision, evidence from the trail (1.5, 12.3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import breaches, history
from accounts.actions import breaches as actions
from accounts.actor import Actor
from accounts.forms.breaches import (
    BreachFilterForm,
    BreachForm,
    DecisionForm,
    EvidenceFilterForm,
    EvidenceForm,
    ReopenForm,
)
from accounts.models import Breach, BreachEvidence
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("breaches")
@require_safe
def breach_list(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    form = BreachFilterForm(request.GET)
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "page": Paginator(breaches.listed(filters), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "accounts/breach_list.html", context)


@requires("breaches")
@require_safe
def breach_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach with evidence and decision; on paper, the form to sign."""
    breach = _breach(pk)
    context = {
        "breach": breach,
        "evidence": history.lines(row.entry for row in breaches.evidence_of(breach)),
        "history": history.of(breach),
        "may_see_trail": request.user.is_system_administrator,
    }
    return render(request, "accounts/breach_detail.html", context)


@requires("breaches")
@require_http_methods(FORM_METHODS)
def breach_add(request: HttpRequest) -> HttpResponse:
    """A new record."""
    person = request.user
    form = BreachForm(
        request.POST if request.method == "POST" else None, initial={"found_by": person.get_full_name()}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        breach = actions.add_breach(by=Actor.of(request), **form.values())
        messages.success(request, "Нарушение внесено. Теперь можно приложить доказательства.")
        return redirect(breach)
    return render(request, "accounts/breach_add.html", {"form": form})


@requires("breaches")
@require_http_methods(FORM_METHODS)
def breach_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects the record while it is not closed."""
    breach = _breach(pk)
    form = BreachForm(request.POST if request.method == "POST" else None, instance=_breach(pk))
    if is_taken(request, form, lambda by: actions.change_breach(breach, by=by, **form.values()), "Сохранено."):
        return redirect(breach)
    return _form_page(request, "accounts/breach_edit.html", breach, form)


@requires("breaches")
@require_http_methods(FORM_METHODS)
def breach_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision and the order."""
    breach = _breach(pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, instance=_breach(pk))
    if is_taken(request, form, lambda by: actions.decide_breach(breach, by=by, **form.cleaned_data), "Сохранено."):
        return redirect(breach)
    return _form_page(request, "accounts/breach_decide.html", breach, form)


@requires("breaches")
@require_POST
def breach_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision is carried out."""
    breach = _breach(pk)
    return _carry_out(request, breach, lambda by: actions.close_breach(breach, by=by), "Нарушение закрыто.")


@requires("breaches")
@require_http_methods(FORM_METHODS)
def breach_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed record is opened again, with a reason."""
    breach = _breach(pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _carry_out(request, breach, lambda by: actions.reopen_breach(breach, reason, by=by), "Открыто заново.")
    context = {
        "title": "Открыть заново",
        "question": f"{breach}: {breach.title}",
        "effects": ("Запись снова можно будет исправлять. Причина останется в истории.",),
        "button": "Открыть заново",
        "form": form,
        "back_url": breach.get_absolute_url(),
        "breach": breach,
    }
    return render(request, "accounts/breach_reopen.html", context)


@requires("audit")
@require_http_methods(FORM_METHODS)
def breach_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Looks through the trail and attaches the ticked entries; for those to whom the trail opens."""
    breach = _breach(pk)
    if request.method == "POST":
        return _attach(request, breach)
    filter_form = EvidenceFilterForm(request.GET)
    filters = filter_form.values()
    page = Paginator(breaches.candidates(breach, filters), PAGE).get_page(request.GET.get("page"))
    chosen = list(breaches.evidence_of(breach))
    context = {
        "breach": breach,
        "form": filter_form,
        "filters": filters,
        "page": page,
        "rows": list(zip(page, history.lines(page), strict=True)),
        "chosen": list(zip(chosen, history.lines(row.entry for row in chosen), strict=True)),
    }
    return render(request, "accounts/breach_evidence.html", context)


@requires("audit")
@require_POST
def breach_evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry attached by mistake."""
    evidence = get_object_or_404(BreachEvidence.objects.select_related("breach"), pk=pk)
    _carry_out(request, evidence.breach, lambda by: actions.detach_evidence(evidence, by=by), "Запись убрана.")
    return redirect("accounts:breach_evidence", evidence.breach_id)


def _attach(request: HttpRequest, breach: Breach) -> HttpResponse:
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.errors["entry"][0])
        return redirect(request.get_full_path())
    is_done(
        request,
        lambda by: actions.attach_evidence(breach, form.cleaned_data["entry"], by=by),
        lambda count: f"Приложено: {count} {russian.plural(count, 'запись', 'записи', 'записей')}.",
    )
    return redirect(request.get_full_path())


def _breach(pk: int) -> Breach:
    return get_object_or_404(Breach.objects.select_related("person", "order", "added_by"), pk=pk)


def _form_page(request: HttpRequest, template: str, breach: Breach, form) -> HttpResponse:
    if breach.is_closed:
        messages.warning(request, "Нарушение закрыто: сначала откройте его заново.")
        return redirect(breach)
    return render(request, template, {"breach": breach, "form": form})


def _carry_out(request: HttpRequest, breach: Breach, act, done: str) -> HttpResponse:
    is_done(request, act, done)
    return redirect(breach)
