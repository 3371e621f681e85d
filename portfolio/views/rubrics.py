"""Rubrics by which works are reviewed: each employee's own, seen by all employees (1.3 d)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from portfolio import reviews
from portfolio.actions import rubrics as actions
from portfolio.forms.reviews import RubricForm, criterion_forms
from portfolio.models import Rubric

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio-desk")
@require_safe
def rubric_list(request: HttpRequest) -> HttpResponse:
    """All that are offered, and the own retired ones."""
    kept = set(reviews.rubrics_kept(request.user).values_list("pk", flat=True))
    rows = Rubric.objects.select_related("subject", "created_by").prefetch_related("criteria")
    found = [(row, row.pk in kept) for row in rows.order_by("-is_active", "title", "pk")]
    shown = [(row, is_kept) for row, is_kept in found if row.is_active or is_kept]
    return render(request, "portfolio/rubric_list.html", {"rubrics": shown})


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rubric_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def rubric_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One that was used is not changed: its copy is, and takes its place."""
    return _edit(request, _kept(request, pk))


def _edit(request: HttpRequest, rubric: Rubric | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, lines = RubricForm(data, instance=rubric), criterion_forms(data, rubric)

    def save(by) -> Rubric:
        return actions.save_rubric(form.instance, _lines(lines), by=by)

    if (data is None or lines.is_valid()) and is_taken(request, form, save, "Рубрика сохранена."):
        return redirect("portfolio:rubric_list")
    is_used = rubric is not None and rubric.reviews.exists()
    context = {"form": form, "lines": lines, "rubric": rubric, "is_used": is_used}
    return render(request, "portfolio/rubric_change.html", context)


def _lines(forms) -> list[actions.Line]:
    given = (one.cleaned_data for one in forms if one.cleaned_data.get("title"))
    return [actions.Line(one["title"], one.get("about", ""), one.get("most") or 5) for one in given]


@requires("portfolio-desk")
@require_POST
def rubric_retire(request: HttpRequest, pk: int) -> HttpResponse:
    rubric = _kept(request, pk)
    is_done(request, lambda by: actions.retire(rubric, by=by), "Рубрика больше не предлагается.")
    return redirect("portfolio:rubric_list")


def _kept(request: HttpRequest, pk: int) -> Rubric:
    return get_object_or_404(reviews.rubrics_kept(request.user), pk=pk)
