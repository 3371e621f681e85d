"""The verbs of batches that every app's import shares: keep what was given, drop it, apply it, undo it, remember
what was decided."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.files import store
from accounts.actor import Actor
from accounts.batches.outcomes import Change
from accounts.batches.unpacking import BatchRefused, Given, without_pictures
from accounts.models import AcademicYear, ImportBatch, ImportedFile, ImportMapping
from eios.lib.filetypes import FileRefused

State = ImportBatch.State


class Plan(Protocol):
    """What a batch would do: `mark` tells whether it is the plan that was seen."""

    questions: list
    errors: int
    counts: Mapping[Change, int]

    @property
    def mark(self) -> str: ...


@transaction.atomic
def begin_batch(*, purpose: str, source: str, options: dict | None = None, by: Actor) -> ImportBatch:
    """Effects: an empty batch, audited; files come by `keep_file`."""
    batch = ImportBatch.objects.create(purpose=purpose, source=source, options=options or {}, created_by=by.person)
    audit.record(by, "import_batch.added", batch, {"source": [None, source]})
    return batch


@transaction.atomic
def keep_file(batch: ImportBatch, given: Given, *, kind: str, by: Actor) -> ImportedFile:
    """Keeps the bytes, without pictures of children, beside the batch; `sha256` is of what was given.

    A file that the store refuses is kept as a row with the reason, so that the others go on.
    """
    row = ImportedFile(batch=batch, name=given.name[:200], sha256=hashlib.sha256(given.data).hexdigest())
    try:
        row.file = store(ContentFile(without_pictures(given.data), given.name), kind=kind, by=by, owner=by.person)
    except (FileRefused, BatchRefused) as refusal:
        row.error = str(refusal)[:500]
    row.save()
    return row


@transaction.atomic
def drop_batch(batch: ImportBatch, *, by: Actor) -> None:
    """What was never applied goes without a trace in the data; its files and what was read of them go too. Audited."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.UPLOADED:
        raise ValidationError("Эта загрузка уже применена: её можно только отменить.")
    batch.files.all().delete()
    batch.state = State.DROPPED
    batch.save(update_fields=["state"])
    audit.record(by, "import_batch.dropped", batch)


def begin_applying(batch: ImportBatch) -> ImportBatch:
    """The batch, nobody else's until the transaction ends; no other is applied or undone meanwhile.

    Raises ValidationError: applied or dropped already.
    """
    return _held(batch, State.UPLOADED, "Эта загрузка уже применена или отклонена.")


def refuse_unseen(plan: Plan, *, seen: str, despite_errors: bool) -> None:
    """Raises ValidationError: another plan was seen, questions open, errors not accepted."""
    if plan.mark != seen:
        raise ValidationError("Пока вы смотрели, данные изменились. Посмотрите ещё раз, что будет загружено.")
    if plan.questions:
        raise ValidationError("Сначала ответьте, что значат незнакомые имена и названия.")
    if plan.errors and not despite_errors:
        raise ValidationError("В файле есть ошибки: исправьте их или отметьте, что остальное можно загрузить без них.")


def end_applying(batch: ImportBatch, plan: Plan, *, as_of: datetime.datetime | None, by: Actor) -> dict[str, int]:
    """Effects: the batch is applied, its data are as of that moment; audited. Returns counts by outcome."""
    batch.state, batch.applied_at, batch.applied_by = State.APPLIED, timezone.now(), by.person
    batch.counts = {change.key: plan.counts[change] for change in Change}
    batch.as_of = as_of
    batch.save()
    audit.record(by, "import_batch.applied", batch, {name: [None, count] for name, count in batch.counts.items()})
    return batch.counts


def begin_undoing(batch: ImportBatch) -> ImportBatch:
    """As `begin_applying`. Raises ValidationError: it is not applied."""
    return _held(batch, State.APPLIED, "Отменить можно только применённую загрузку.")


def end_undoing(batch: ImportBatch, *, reason: str, by: Actor) -> None:
    """Effects: the batch is undone, with the reason; audited."""
    batch.state, batch.undone_at, batch.undone_by, batch.reason = State.UNDONE, timezone.now(), by.person, reason[:300]
    batch.save()
    audit.record(by, "import_batch.undone", batch, basis=reason)


def _held(batch: ImportBatch, state: ImportBatch.State, otherwise: str) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != state:
        raise ValidationError(otherwise)
    # Whoever applies or undoes while another does so waits, and then sees what that one has written.
    list(AcademicYear.objects.order_by("pk").select_for_update(no_key=True))
    return batch


@transaction.atomic
def remember(batch: ImportBatch, decisions: list[tuple[str, str, str, str]], *, by: Actor) -> None:
    """(kind, scope, text, meaning): what words of this source mean from now on. Audited."""
    for kind, scope, text, meaning in decisions:
        ImportMapping.objects.update_or_create(
            purpose=batch.purpose, source=batch.source, kind=kind, scope=scope, text=text,
            defaults={"meaning": meaning, "decided_by": by.person},
        )  # fmt: skip
    audit.record(by, "import_batch.decided", batch, {"decisions": [None, len(decisions)]})
