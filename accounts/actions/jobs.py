"""The verbs of long work: start, advance by pieces, stop."""

import time

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actor import Actor
from accounts.hints import JOB_KINDS
from accounts.models import Job

# How long one request works at a job, in seconds: short enough for a page that asks again and again.
SLICE = 1.5


def start_job(kind: str, *, title: str, total: int, params: dict, by: Actor) -> Job:
    """Effects: a job row; nothing is done yet."""
    if kind not in JOB_KINDS:
        raise ValueError(f"unknown kind of job: {kind}")
    return Job.objects.create(kind=kind, title=title[:200], total=total, params=params, created_by=by.person)


def advance_job(job: Job, *, by: Actor) -> Job:
    """Effects: pieces of the job for a second or two. Two pages that drive one job take turns."""
    until = time.monotonic() + SLICE
    while job.is_running and time.monotonic() < until:
        job = _step(job.pk, by)
    return job


def _step(pk: int, by: Actor) -> Job:
    try:
        with transaction.atomic():
            job = Job.objects.select_for_update().get(pk=pk)
            if not job.is_running:
                return job
            JOB_KINDS[job.kind].step(job, by)
            if job.done >= job.total:
                job.state = Job.State.DONE
            job.save()
            return job
    except ValidationError as refusal:
        Job.objects.filter(pk=pk).update(state=Job.State.FAILED, message=" ".join(refusal.messages)[:500])
    return Job.objects.get(pk=pk)


@transaction.atomic
def cancel_job(job: Job, *, by: Actor) -> None:
    """Effects: the job stops where it stands."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(state=Job.State.CANCELLED)
