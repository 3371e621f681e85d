"""What the pages of documents show (3.2, 3.3, 13). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, DateTimeField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from resources import access
from resources.asker import Asker
from resources.models import Acquaintance, Document, Edition, Element


@dataclass(frozen=True)
class Listed:
    """A document with the edition in force."""

    document: Document
    edition: Edition


def published(date: datetime.date) -> QuerySet[Document]:
    """Documents of which an edition is in force on the date."""
    return Document.objects.filter(Exists(Edition.objects.in_force(date).filter(document=OuterRef("pk"))))


def in_force(date: datetime.date) -> QuerySet[Edition]:
    """The edition in force of each document, its text not read."""
    begun = Edition.objects.in_force(date)
    later = begun.filter(document=OuterRef("document"), in_force_from__gt=OuterRef("in_force_from"))
    return begun.filter(~Exists(later.order_by())).select_related("document").defer("text")


def listed(date: datetime.date) -> list[tuple[str, list[Listed]]]:
    """All of them by kind, in the order of the kinds; two queries."""
    editions = Prefetch("editions", Edition.objects.in_force(date).defer("text"), to_attr="begun")
    rows = [Listed(one, one.begun[0]) for one in published(date).prefetch_related(editions)]
    groups = [(kind.label, [row for row in rows if row.document.kind == kind]) for kind in Document.Kind]
    return [(title, found) for title, found in groups if found]


def cited_as(edition: Edition) -> str:
    """What follows the title where the edition is cited (12.1): «положение : редакция № 2 от 01.09.2026»."""
    kind = edition.document.get_kind_display()
    return f"{kind} : редакция № {edition.number} от {edition.in_force_from:%d.%m.%Y}"


def governed(document: Document, asker: Asker) -> QuerySet[Element]:
    """Elements that the document governs, closes, or has to be read for; only those that the asker may know of."""
    named = Q(governed_by=document) | Q(closure_ground=document) | Q(conditions__document=document)
    keys = Element.objects.filter(named).values("pk")
    return access.elements_known_to(asker).filter(pk__in=keys)


def read_at(person: User | None, edition: Edition) -> datetime.datetime | None:
    """When the person read the edition, or None."""
    rows = Acquaintance.objects.filter(person=person, edition=edition)
    return rows.values_list("at", flat=True).first() if person else None


def readers(edition: Edition, *, query: str = "", state: str = "", date: datetime.date) -> QuerySet[User]:
    """People whose accounts live, each with `read_at`: everybody, those who have read it, or those who have not."""
    read = Acquaintance.objects.filter(edition=edition, person=OuterRef("pk"))
    people = User.objects.alive(date).annotate(read_at=Subquery(read.values("at")[:1], output_field=DateTimeField()))
    if state:
        people = people.filter(read_at__isnull=state == "waiting")
    return people.matching(query).order_by("sort_name", "pk")


def count_readers(edition: Edition, date: datetime.date) -> dict[str, int]:
    """How many people there are, and how many of them have read the edition."""
    return readers(edition, date=date).order_by().aggregate(people=Count("pk"), read=Count("read_at"))
