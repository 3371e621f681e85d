"""Batches of marks as their pages show them. Reads only."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from accounts.models import ImportBatch, ImportedFile, User
from journal import rights
from journal.actions.imports import PURPOSE


def may_load(person: User) -> bool:
    """The director and the deputy for everything, class teachers for their own class."""
    return rights.manages(person) or bool(person.led_classes)


def batches_of(person: User) -> QuerySet[ImportBatch]:
    """Batches that the person may open: the own ones; for those who keep the journal all."""
    rows = ImportBatch.objects.filter(purpose=PURPOSE).select_related("created_by", "applied_by", "undone_by")
    if rights.manages(person):
        return rows
    return rows.filter(created_by=person) if person.led_classes else rows.none()


def listed(person: User) -> QuerySet[ImportBatch]:
    return batches_of(person).annotate(size=Count("files")).order_by("-pk")


def repeats(batch: ImportBatch, files: Iterable[ImportedFile]) -> dict[str, ImportBatch]:
    """SHA-256 → the latest applied batch that had the very same file."""
    applied = ImportBatch.objects.applied().filter(purpose=PURPOSE)
    rows = ImportedFile.objects.filter(sha256__in={one.sha256 for one in files}, batch__in=applied)
    rows = rows.exclude(batch=batch).select_related("batch").only("sha256", "batch").order_by("batch__applied_at")
    return {one.sha256: one.batch for one in rows}
