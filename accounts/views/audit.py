"""The audit trail on screen, for those to whom the section opens."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import history
from accounts.forms.audit import AuditFilterForm
from accounts.models import AuditEntry
from eios.lib.access import requires

PAGE = 50


@requires("audit")
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who changed what, newest first, by person, action, object and dates."""
    form = AuditFilterForm(request.GET)
    filters = form.values()
    page = _page(request, AuditEntry.objects.matching(**filters).order_by("-pk"))
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "is_narrowed": any(value for name, value in filters.items() if name != "q"),
        "page": page,
        "history": history.lines(page),
    }
    return render(request, "accounts/audit_list.html", context)


@requires("audit")
@require_safe
def audit_history(request: HttpRequest, label: str, pk: str) -> HttpResponse:
    """All that happened to one object, whether it still exists or not."""
    page = _page(request, AuditEntry.objects.filter(object_type=label, object_id=pk).order_by("-pk"))
    lines = history.lines(page)
    if not lines:
        raise Http404
    return render(request, "accounts/audit_history.html", {"page": page, "history": lines, "object": lines[0].object})


def _page(request: HttpRequest, entries):
    return Paginator(entries.select_related("actor"), PAGE).get_page(request.GET.get("page"))
