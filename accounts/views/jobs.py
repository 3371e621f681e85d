"""A long work on screen: its bar, which the page itself moves by asking again and again; without scripts, a button."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import jobs as actions
from accounts.actor import Actor
from accounts.models import Job
from eios.lib.access import requires


@requires("cabinet")
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "accounts/job.html", {"job": _own(request, pk)})


@requires("cabinet")
@require_POST
def job_advance(request: HttpRequest, pk: int) -> HttpResponse:
    job = actions.advance_job(_own(request, pk), by=Actor.of(request))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"done": job.done, "total": job.total, "percent": job.percent, "running": job.is_running})
    return redirect(job)


@requires("cabinet")
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    actions.cancel_job(job, by=Actor.of(request))
    return redirect(job)


def _own(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job, pk=pk, created_by=request.user)
