"""The dictionary of kinds of work: for the director and the deputy for teaching (7.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.posting import is_taken
from eios.lib.access import requires
from journal.actions import work_kinds as actions
from journal.forms.lessons import WorkKindForm
from journal.models import WorkKind
from journal.views.asking import keeper

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def work_kind_list(request: HttpRequest) -> HttpResponse:
    keeper(request)
    return render(request, "journal/work_kind_list.html", {"kinds": WorkKind.objects.all()})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def work_kind_add(request: HttpRequest) -> HttpResponse:
    keeper(request)
    return _edit(request, WorkKind(), "journal/work_kind_add.html")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def work_kind_change(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    return _edit(request, get_object_or_404(WorkKind, pk=pk), "journal/work_kind_change.html")


def _edit(request: HttpRequest, row: WorkKind, template: str) -> HttpResponse:
    name = str(row) if row.pk else ""
    form = WorkKindForm(request.POST if request.method == "POST" else None, instance=row)

    def save(by) -> WorkKind:
        return actions.save_work_kind(row, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, lambda made: f"«{made}»: записано."):
        return redirect("journal:work_kind_list")
    return render(request, template, {"form": form, "name": name})
