"""Batches of the portfolio as their pages show them. Reads only."""

from django.db.models import Q, QuerySet

from accounts.models import ImportBatch, ImportedFile, User
from portfolio import rights
from portfolio.importing.columns import OLYMPIAD, RECORD
from portfolio.models import Event

TITLES = {OLYMPIAD: "Список участников", RECORD: "Достижения из системы учёта"}
LIST_SOURCE = "Список участников"
SOURCES = ("Сетевой город. Образование", "Моя школа", "Другая система")


def may_load_records(person: User) -> bool:
    """The management for everybody, class teachers for their own class."""
    return rights.manages(person) or rights.leads_somebody(person)


def batches_of(person: User) -> QuerySet[ImportBatch]:
    """The own ones; for the management all. Records only for those who still may load them."""
    purposes = [OLYMPIAD, RECORD] if may_load_records(person) else [OLYMPIAD]
    rows = ImportBatch.objects.filter(purpose__in=purposes).select_related("created_by", "applied_by", "undone_by")
    return rows if rights.manages(person) else rows.filter(created_by=person)


def title_of(batch: ImportBatch) -> str:
    """«Список участников: Олимпиада по физике», or the system of the record."""
    said = batch.options.get("head", {}).get("title") or batch.source
    return f"{TITLES[batch.purpose]}: {said}"


def events_of(batch: ImportBatch) -> QuerySet[Event]:
    """What the file's participants take part in, made by it or known before."""
    rows = Event.objects.filter(Q(batch=batch) | Q(participants__batch=batch))
    return rows.select_related("subject").distinct()


def repeated(batch: ImportBatch, file: ImportedFile) -> ImportBatch | None:
    """The latest applied batch that had the very same file."""
    applied = ImportBatch.objects.applied().filter(purpose=batch.purpose, files__sha256=file.sha256)
    return applied.exclude(pk=batch.pk).order_by("-applied_at").first()
