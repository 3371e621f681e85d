"""What the school decides about gradebooks: where each is kept, how pupils are marked (7.1)."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AcademicYear
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, decisions
from journal.actions import gradebooks as actions
from journal.forms.load import ConfirmForm
from journal.forms.rules import KeepingForm, ScaleForm
from journal.models import Gradebook, KeepingDecision, ScaleRule
from journal.models.gradebooks import Decision
from journal.views.asking import keeper, year_asked

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_SHOWN = 60


@requires("gradebooks")
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """Decisions of the year, the wider ones first; and what gradebooks are kept where."""
    keeper(request)
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    context = {
        "years": years,
        "year": year,
        "keeping": _sorted(KeepingDecision, year),
        "scales": _sorted(ScaleRule, year),
        "count": Gradebook.objects.of_year(year).count() if year else 0,
        "here": Gradebook.objects.of_year(year).filter(kept="here").count() if year else 0,
    }
    return render(request, "journal/rule_list.html", context)


def _sorted(model: type[Decision], year: AcademicYear | None) -> list[Decision]:
    rows = model.objects.filter(year=year).select_related("school_class", "subject", "decided_by")
    return sorted(rows, key=lambda one: (one.narrowness, one.grade or 0, str(one.school_class), str(one.subject)))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_keeping_add(request: HttpRequest) -> HttpResponse:
    """The address says what is to be decided, the page what would change; POST decides it."""
    return _edit(request, KeepingForm, _new(request, KeepingDecision))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_keeping_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, KeepingForm, _found(request, KeepingDecision, pk))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_keeping_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, _found(request, KeepingDecision, pk))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_scale_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, ScaleForm, _new(request, ScaleRule))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_scale_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, ScaleForm, _found(request, ScaleRule, pk))


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def rule_scale_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, _found(request, ScaleRule, pk))


def _new(request: HttpRequest, model: type[Decision]) -> Decision:
    keeper(request)
    return model(year=year_asked(request))


def _found(request: HttpRequest, model: type[Decision], pk: int) -> Decision:
    keeper(request)
    return get_object_or_404(model.objects.select_related("year", "school_class", "subject"), pk=pk)


def _edit(request: HttpRequest, form_class: type, row: Decision) -> HttpResponse:
    """One form: asked by GET it shows what would change, and the same values are posted to decide."""
    is_keeping, is_new = isinstance(row, KeepingDecision), row.pk is None
    field = "kept" if is_keeping else "scale"
    asked = request.POST if request.method == "POST" else (request.GET if field in request.GET else None)
    form = form_class(asked, instance=row, year=row.year)

    def decide(by) -> int:
        return actions.save_decision(row, form.cleaned_data["seen"], by=by)

    if is_taken(request, form, decide, _told):
        return redirect("journal:rule_list")
    context = {"form": form, "rule": row, "is_keeping": is_keeping, "is_new": is_new}
    # What an action refused, a preview made anew mends.
    if form.is_bound and not form.errors.keys() - {NON_FIELD_ERRORS if request.method == "POST" else ""}:
        found, mark = decisions.preview(row.year, decisions.of_year(row.year).having(row))
        context |= _preview(found) | {"seen": mark, "values": _values(form)}
    return render(request, "journal/rule_edit.html", context)


def _values(form) -> list[tuple[str, str]]:
    """What was asked, to be posted as it stands."""
    return [(name, form[name].data or "") for name in form.fields if name != "seen"]


def _remove(request: HttpRequest, row: Decision) -> HttpResponse:
    """What would change without the decision; POST takes it away."""
    found, mark = decisions.preview(row.year, decisions.of_year(row.year).without(row))
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"seen": mark})
    if request.method == "POST" and form.is_valid():
        is_done(request, lambda by: actions.remove_decision(row, form.cleaned_data["seen"], by=by), _told)
        return redirect("journal:rule_list")
    context = {"rule": row, "form": ConfirmForm(initial={"seen": mark}), **_preview(found)}
    return render(request, "journal/rule_remove.html", context)


def _preview(found: list[decisions.Change]) -> dict:
    return {"previewed": True, "changes": found[:MOST_SHOWN], "count": len(found), "more": len(found) - MOST_SHOWN}


def _told(count: int) -> str:
    books_words = russian.plural(count, "журнала", "журналов", "журналов")
    return f"Решение учтено: изменились настройки {count} {books_words}." if count else "Решение учтено."
