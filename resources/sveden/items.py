"""What stands in a field: words, addresses, and things of the portal that an export takes along."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from accounts.models import StoredFile
from resources.models import Document, Programme
from resources.models.year_plans import YearPlan


@dataclass(frozen=True)
class Item:
    """One piece of a value. `target` is a row of ours behind the address: an export puts its own page or file there."""

    text: str
    url: str = ""
    target: models.Model | None = None


def words(text: object) -> tuple[Item, ...]:
    """Words alone; nothing of nothing."""
    return (Item(str(text)),) if text not in (None, "") else ()


def of_document(document: Document) -> Item:
    return Item(document.title or str(document), reverse("resources:document_detail", args=[document.pk]), document)


def of_plan(plan: YearPlan | None, page: str) -> tuple[Item, ...]:
    """A curriculum or a calendar by its page; nothing where none is approved."""
    return (Item(str(plan), reverse(page, args=[plan.pk]), plan),) if plan else ()


def of_programme(programme: Programme) -> Item:
    return Item(str(programme), programme.get_absolute_url(), programme)


def of_file(text: str, file: StoredFile) -> Item:
    return Item(text or file.name, file.get_absolute_url(), file)


@dataclass(frozen=True)
class LiveRow:
    """A row that the portal makes: `key` ties typed values to it, `values` are its live fields; None is «нет»."""

    key: int
    title: str
    values: dict[str, tuple[Item, ...] | None]
