"""Kinds of long work: what an app above registers in JOB_KINDS (accounts.hints)."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actor import Actor
from accounts.models import Job


@dataclass(frozen=True)
class JobKind:
    """`step` does one piece of the job from `job.done` on, in one transaction, and moves `job.done` (and, at the end,
    `job.message` and `job.next_url`). A ValidationError ends the job with its words; what earlier pieces did stays."""

    step: Callable[[Job, Actor], None]
