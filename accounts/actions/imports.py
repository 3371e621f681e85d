"""The verbs of batches that every app's import shares: keep what was given, drop it, remember what was decided."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.actions.files import store
from accounts.actor import Actor
from accounts.batches.unpacking import BatchRefused, Given, without_pictures
from accounts.models import ImportBatch, ImportedFile, ImportMapping
from eios.lib.filetypes import FileRefused

State = ImportBatch.State


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


@transaction.atomic
def remember(batch: ImportBatch, decisions: list[tuple[str, str, str, str]], *, by: Actor) -> None:
    """(kind, scope, text, meaning): what words of this source mean from now on. Audited."""
    for kind, scope, text, meaning in decisions:
        ImportMapping.objects.update_or_create(
            purpose=batch.purpose, source=batch.source, kind=kind, scope=scope, text=text,
            defaults={"meaning": meaning, "decided_by": by.person},
        )  # fmt: skip
    audit.record(by, "import_batch.decided", batch, {"decisions": [None, len(decisions)]})
