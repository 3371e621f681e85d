"""Documents as they are searched: what is in force, with its text or the text of its file (1.2, 13)."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from eios.lib import russian, text
from resources import documents
from resources.asker import Asker
from resources.models import Document, Edition
from resources.search.sources import Found, Source, everybody_in
from resources.sections import is_open

KIND = {"kind": "documents", "title": "Документы", "icon": "doc", "alike": everybody_in("documents")}
OF_DOCUMENT = frozenset({"title", "short_name", "issuer", "number", "date", "kind", "level", "file"})


def _name(document: Document) -> str:
    """With what it is called for short, and what it is found by where the title says neither."""
    known_as = document.short_name if document.short_name not in ("", document.heading) else ""
    return f"{document.heading} ({known_as})" if known_as else document.heading


def _requisites(document: Document) -> str:
    return document.requisites if document.number or document.issuer else ""


# Every edition has an entry, and the day decides which of them is found.


def _edition(edition: Edition) -> Found:
    document = edition.document
    since = f"Редакция № {edition.number}, действует с {russian.short_date(edition.in_force_from)}"
    return Found(
        title=_name(document),
        text=". ".join(filter(None, [_requisites(document), text.plain_of(edition.text)])),
        file=edition.file,
        address=reverse("resources:document_detail", args=[document.pk]),
        note=". ".join(filter(None, [since, edition.approval])),
        date=edition.in_force_from,
    )


def _editions_for(asker: Asker) -> QuerySet[Edition]:
    """The one in force of every document that has not lost force (13): neither former ones nor those to come."""
    if not is_open(asker, "documents"):
        return Edition.objects.none()
    standing = Q(document__lost_force_on__isnull=True) | Q(document__lost_force_on__gt=asker.date)
    return documents.in_force(asker.date).filter(standing)


EDITIONS = Source(
    **KIND, rows=lambda: Edition.objects.select_related("document", "file", "order"), describe=_edition,
    open_to=_editions_for, follows={"resources.edition": "pk", "resources.document": "document"},
    watched={
        "resources.edition": frozenset({"text", "file", "number", "in_force_from", "basis", "order", "document"}),
        "resources.document": OF_DOCUMENT,
    },
)  # fmt: skip

# Acts that others have issued may have no edition here: a card, perhaps with a file. All cards are in the index, since
# an edition may come; those that have one are not found.


def _act(document: Document) -> Found:
    return Found(
        title=_name(document),
        text=document.requisites,
        file=document.file,
        address=reverse("resources:document_detail", args=[document.pk]),
        date=document.date,
    )


def _acts_for(asker: Asker) -> QuerySet[Document]:
    if not is_open(asker, "documents"):
        return Document.objects.none()
    return Document.objects.standing(asker.date).filter(editions__isnull=True)


ACTS = Source(
    **KIND, rows=lambda: Document.objects.select_related("file"), describe=_act,
    open_to=_acts_for, follows={"resources.document": "pk"}, watched={"resources.document": OF_DOCUMENT},
)  # fmt: skip
