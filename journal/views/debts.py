"""Academic debts: the board, one debt, its retakes (273-ФЗ, ст. 58)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.actions import debts as actions
from journal.attestation import debts, pupils
from journal.forms.attestation import DebtFilterForm, RetakeForm, RetakeResultForm
from journal.models import AcademicDebt, Retake

PAGE = 50
GET_POST = ["GET", "HEAD", "POST"]


@requires("journal")
@require_safe
def debt_list(request: HttpRequest) -> HttpResponse:
    """The board: of the gradebooks and pupils that one sees; a family sees the own ones."""
    rows = debts.seen(request.user, today())
    form = DebtFilterForm(request.GET, classes=debts.classes_with(rows))
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(debts.filtered(rows, filters, today()), PAGE).get_page(request.GET.get("page")),
        "is_staff_page": request.user.is_employee,
        "today": today(),
    }
    return render(request, "journal/debt_list.html", context)


@requires("journal")
@require_safe
def debt_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One debt: where it came from, its retakes, what is next."""
    debt = _debt(request, pk)
    may_enter = pupils.may_enter(request.user, debt.gradebook, today())
    retakes = list(debt.retakes.prefetch_related("commission"))
    context = {
        "debt": debt,
        "assessment": getattr(debt.gradebook, "interim_assessment", None),
        "retakes": [(one, may_enter and one == retakes[-1] and one.date <= today()) for one in retakes],
        "manages": rights.manages(request.user),
        "may_enter": may_enter,
    }
    return render(request, "journal/debt_detail.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def retake_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The next retake: its day and commission."""
    debt = _managed(request, pk)
    form = RetakeForm(request.POST if request.method == "POST" else None, people=pupils.employees(today()))
    if is_taken(request, form, lambda by: actions.set_retake(debt, **form.cleaned_data, by=by), "Пересдача назначена."):
        return redirect("journal:debt_detail", pk)
    context = {"debt": debt, "form": form, "number": len(debt.tries) + 1}
    return render(request, "journal/retake_change.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def retake_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Another day or commission."""
    debt = _managed(request, pk)
    retake = _retake(debt, number)
    data = request.POST if request.method == "POST" else None
    form = RetakeForm(data, people=pupils.employees(today()), retake=retake)
    if is_taken(request, form, lambda by: actions.change_retake(retake, **form.cleaned_data, by=by), "Сохранено."):
        return redirect("journal:debt_detail", pk)
    context = {"debt": debt, "form": form, "number": number, "retake": retake}
    return render(request, "journal/retake_change.html", context)


@requires("gradebooks")
@require_POST
def retake_cancel(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A retake that was set by mistake."""
    retake = _retake(_managed(request, pk), number)
    is_done(request, lambda by: actions.cancel_retake(retake, by=by), "Пересдача отменена.")
    return redirect("journal:debt_detail", pk)


@requires("gradebooks")
@require_http_methods(GET_POST)
def retake_result(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The result, by the subject's teacher or the deputy head."""
    debt = _debt(request, pk)
    if not pupils.may_enter(request.user, debt.gradebook, today()):
        raise Http404
    retake = _retake(debt, number)
    form = RetakeResultForm(request.POST if request.method == "POST" else None, retake=retake)
    if is_taken(request, form, lambda by: actions.enter_retake(retake, form.cleaned_data["code"], by=by), _said):
        return redirect("journal:debt_detail", pk)
    context = {
        "title": f"Результат: {retake}",
        "question": f"{debt.pupil}, {debt.gradebook}.",
        "effects": [
            "Если пересдача сдана, задолженность ликвидирована.",
            "Если нет или ученик не явился, задолженность остаётся.",
        ],
        "form": form,
        "button": "Внести",
        "back_url": "../../../",
    }
    return render(request, "ui/confirm.html", context)


def _said(debt: AcademicDebt) -> str:
    if debt.is_open:
        return "Сохранено. Задолженность остаётся."
    return f"Сохранено. Задолженность ликвидирована {russian.short_date(debt.cleared_on)}."


def _debt(request: HttpRequest, pk: int) -> AcademicDebt:
    return get_object_or_404(debts.seen(request.user, today()).listed(), pk=pk)


def _managed(request: HttpRequest, pk: int) -> AcademicDebt:
    if not rights.manages(request.user):
        raise Http404
    return _debt(request, pk)


def _retake(debt: AcademicDebt, number: int) -> Retake:
    return get_object_or_404(Retake, debt=debt, number=number)
