"""The verbs of methodical materials (4.3): written by their authors, published for everybody."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import SchoolCard
from resources.file_owners import MATERIAL_FILE
from resources.models import MethodicalMaterial

EMPTY = "Читать здесь пока нечего: добавьте текст, файл или ссылки."
KEPT = ("state", "published_at")


@transaction.atomic
def save_material(row: MethodicalMaterial, upload, *, by: Actor, seen: Seen | None = None) -> MethodicalMaterial:
    """Begins a draft of the one who acts, or changes a material; `upload` is what a StoredFileField cleans to.

    Effects: the stored file on the quota of who gives it; words for the search; audit; guests' pages, where the
    material is published. Raises ValidationError, Stale, FileRefused.
    """
    refuse_stale(row, seen)
    if row._state.adding:
        row.author = by.person
    else:
        # The page may have been read before somebody published the material, or took it back.
        for name, value in MethodicalMaterial.objects.select_for_update().filter(pk=row.pk).values(*KEPT).get().items():
            setattr(row, name, value)
    row.file = files.settle(row.file, upload, kind=MATERIAL_FILE, by=by, owner=by.person)
    if row.is_published and not row.has_content:
        raise ValidationError(EMPTY)
    row.prepare_search()
    save_row(row, by=by)
    if row.is_published:
        SchoolCard.touch_public()
    return row


@transaction.atomic
def publish(row: MethodicalMaterial, *, by: Actor) -> None:
    """Everybody reads it from now on (1.4). Audited. Raises ValidationError: nothing to read, published already."""
    row = _locked(row)
    if row.is_published:
        raise ValidationError(f"«{row}»: уже опубликован.")
    if not row.has_content:
        raise ValidationError(EMPTY)
    _move(row, MethodicalMaterial.State.PUBLISHED, timezone.now(), "published", by)


@transaction.atomic
def take_back(row: MethodicalMaterial, *, by: Actor) -> None:
    """A draft again: guests do not find it any more. Audited. Raises ValidationError where it is a draft."""
    row = _locked(row)
    if not row.is_published:
        raise ValidationError(f"«{row}»: это и так черновик.")
    _move(row, MethodicalMaterial.State.DRAFT, None, "taken_back", by)


@transaction.atomic
def delete_draft(row: MethodicalMaterial, *, by: Actor) -> None:
    """The draft is gone; its file goes by the clean-up of files. Audited. Raises ValidationError where published."""
    row = _locked(row)
    if row.is_published:
        raise ValidationError(f"«{row}» опубликован: сначала верните его в черновики.")
    delete_row(row, by=by)


def _locked(row: MethodicalMaterial) -> MethodicalMaterial:
    return MethodicalMaterial.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _move(row: MethodicalMaterial, state: str, moment, verb: str, by: Actor) -> None:
    before = audit.snapshot(row, KEPT)
    row.state, row.published_at = state, moment
    row.save(update_fields=[*KEPT, "changed_at"])
    audit.record(by, f"methodical_material.{verb}", row, audit.difference(before, audit.snapshot(row, KEPT)))
    SchoolCard.touch_public()
