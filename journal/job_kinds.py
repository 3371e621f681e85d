"""Long work of the journal."""

from accounts.hints import JOB_KINDS
from accounts.jobs import JobKind
from journal.actions import imports

JOB_KINDS.register(imports.JOB, JobKind(imports.read_step))
