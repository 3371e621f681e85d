"""Long work of the journal."""

from accounts.hints import JOB_KINDS
from accounts.jobs import JobKind
from journal.actions import imports, lessons, paper, sheets

JOB_KINDS.register(imports.JOB, JobKind(imports.read_step))
JOB_KINDS.register(sheets.JOB, JobKind(sheets.all_step))
JOB_KINDS.register(lessons.JOB, JobKind(lessons.generation_step))
JOB_KINDS.register(paper.JOB, JobKind(paper.class_step))
