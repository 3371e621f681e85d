"""What the pages of documents show (1.2, 3.2, 3.3, 4.4, 13). Reads only."""

import datetime

from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from accounts.models import User
from resources import access, reading
from resources.asker import Asker
from resources.models import Acquaintance, Document, Edition, Element, MustRead

# The school's own acts first, then the nearer levels.
LEVELS = [Document.Level.SCHOOL, Document.Level.MUNICIPAL, Document.Level.REGIONAL, Document.Level.FEDERAL]
STATES = [("", "Все"), ("in_force", "Действуют"), ("lost", "Утратили силу")]
COMING = ("coming", "Ещё не вступили в силу")


def listed(
    date: datetime.date, *, query: str = "", level: str = "", kind: str = "", state: str = ""
) -> QuerySet[Document]:
    """Documents under these filters, by level and title, each with its editions that have begun in `begun`.

    Those that are still to come are listed only where they are asked for by name.
    """
    found = _in_state(date, state).matching(query)
    chosen = {name: value for name, value in (("level", level), ("kind", kind)) if value}
    order = Case(*(When(level=one, then=place) for place, one in enumerate(LEVELS)))
    editions = Prefetch("editions", Edition.objects.in_force(date).defer("text"), to_attr="begun")
    found = found.filter(**chosen).annotate(place=order).prefetch_related(editions)
    return found.order_by("place", "title", "-date", "pk")


def in_force(date: datetime.date) -> QuerySet[Edition]:
    """The edition in force of each document, its text not read."""
    begun = Edition.objects.in_force(date)
    later = begun.filter(document=OuterRef("document"), in_force_from__gt=OuterRef("in_force_from"))
    return begun.filter(~Exists(later.order_by())).select_related("document").defer("text")


def _in_state(date: datetime.date, state: str) -> QuerySet[Document]:
    published = Document.objects.published(date)
    if state == COMING[0]:
        return Document.objects.exclude(pk__in=published.values("pk"))
    if state == "lost":
        return published.exclude(pk__in=Document.objects.standing(date).values("pk"))
    return published.standing(date) if state == "in_force" else published


def successor(document: Document, date: datetime.date, *, to_all: bool) -> Document | None:
    """What has replaced it; `to_all`: not while it is still to come."""
    found = Document.objects.filter(pk=document.replaced_by_id)
    return (found.published(date) if to_all else found).first()


def coming(document: Document, date: datetime.date) -> QuerySet[Edition]:
    """Editions whose day is still to come."""
    return document.editions.filter(in_force_from__gt=date).defer("text")


def comparable(document: Document, date: datetime.date) -> list[Edition]:
    """Editions that everybody may compare, the oldest first."""
    return list(document.editions.in_force(date).order_by("in_force_from"))


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


def readers(
    edition: Edition, *, date: datetime.date, duties: list[MustRead], query: str = "", state: str = ""
) -> QuerySet[User]:
    """People whose accounts live and who must read it (everybody, where nobody is named), each with `read_at`.

    All of them, those who have read it, or those who have not.
    """
    read = Acquaintance.objects.filter(edition=edition, person=OuterRef("pk"))
    people = reading.who_must(duties, date) if duties else User.objects.alive(date)
    people = people.annotate(read_at=Subquery(read.values("at")[:1], output_field=DateTimeField()))
    if state:
        people = people.filter(read_at__isnull=state == "waiting")
    return people.matching(query).order_by("sort_name", "pk")


def count_readers(edition: Edition, *, date: datetime.date, duties: list[MustRead]) -> dict[str, int]:
    """How many people there are, and how many of them have read the edition."""
    people = readers(edition, date=date, duties=duties).order_by()
    return people.aggregate(people=Count("pk"), read=Count("read_at"))
