"""Rubrics, and the rules of the portfolio (1.3 d)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from portfolio import reviews, rights
from portfolio.actions import rubrics as actions
from portfolio.forms.rubrics import RubricForm, RulesForm, criterion_forms, lines_of
from portfolio.models import PortfolioRules, Rubric

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio-desk")
@require_safe
def rubric_list(request: HttpRequest) -> HttpResponse:
    """Rubrics that are offered; retired ones by the address."""
    _refuse_others(request)
    retired = request.GET.get("state") == "retired"
    rows = [(one, reviews.may_change(request.user, one)) for one in reviews.rubrics_listed(retired=retired)]
    return render(request, "portfolio/rubric_list.html", {"rows": rows, "retired": retired})


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rubric_add(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    return _edit(request, Rubric())


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rubric_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _changed(request, pk))


def _edit(request: HttpRequest, rubric: Rubric) -> HttpResponse:
    name, is_used = str(rubric), bool(rubric.pk) and rubric.reviews.exists()
    data = request.POST if request.method == "POST" else None
    form, lines = RubricForm(data, instance=rubric), criterion_forms(data, rubric)
    is_whole = data is None or lines.is_valid()

    def save(by: Actor) -> Rubric:
        return actions.save_rubric(form.instance, lines_of(lines), seen=form.cleaned_data["seen"], by=by)

    if is_whole and is_taken(request, form, save, lambda made: f"Рубрика «{made}» записана."):
        return redirect("portfolio:rubric_list")
    context = {"form": form, "lines": lines, "name": name, "is_used": is_used, "rubric": rubric}
    return render(request, "portfolio/rubric_change.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rubric_retire(request: HttpRequest, pk: int) -> HttpResponse:
    rubric = _changed(request, pk)
    if request.method == "POST":
        is_done(request, lambda by: actions.retire(rubric, by=by), f"«{rubric}» больше не предлагается.")
        return redirect("portfolio:rubric_list")
    context = {
        "title": "Больше не предлагать рубрику",
        "question": f"«{rubric}».",
        "effects": ["Новые рецензии по ней не напишут.", "В прежних рецензиях её критерии и баллы останутся."],
        "button": "Не предлагать",
        "back_url": reverse("portfolio:rubric_list"),
    }
    return render(request, "ui/confirm.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rules(request: HttpRequest) -> HttpResponse:
    """What the school has switched on."""
    if not rights.manages(request.user):
        raise Http404
    form = RulesForm(request.POST if request.method == "POST" else None, instance=PortfolioRules.current())

    def save(by: Actor) -> PortfolioRules:
        return actions.save_rules(form.instance, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Правила сохранены и уже действуют."):
        return redirect("portfolio:rules")
    return render(request, "portfolio/rules.html", {"form": form})


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.is_employee:
        raise Http404


def _changed(request: HttpRequest, pk: int) -> Rubric:
    _refuse_others(request)
    rubric = get_object_or_404(Rubric, pk=pk)
    if not rubric.is_active or not reviews.may_change(request.user, rubric):
        raise Http404
    return rubric
