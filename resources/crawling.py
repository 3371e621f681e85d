"""What search engines are told: which pages to read, and which not to knock at. Everything as a guest sees it."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.urls import reverse
from django.utils import timezone

from eios.lib.dates import start_of_day
from resources import access, documents, sections
from resources.asker import Asker
from resources.models import Element, News, Programme

# The most that one sitemap may hold (sitemaps.org).
MOST = 50_000
# Doors that are no sections: forms of sign-in, addresses with a setting, pages of one person.
DOORS = (
    "/account/", "/agreement/", "/consents/", "/display/", "/help/", "/link/", "/login/", "/logout/", "/notifications/",
    "/password/", "/suggestions/", "/why/",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A page for the sitemap; `changed` may be unknown."""

    path: str
    changed: datetime.datetime | None = None


def entries(guest: Asker) -> Iterable[Entry]:
    """Every page that a guest may open and come back to."""
    return islice(chain.from_iterable(kind(guest) for kind in KINDS), MOST)


def closed_paths(guest: Asker) -> list[str]:
    """Where a guest is only led to sign-in: closed sections, and doors that are no sections."""
    built_in = [one for one in sections.roots(guest.school) if one.is_built_in and one.address.startswith("/")]
    closed = {one.address for one in built_in if not access.decide(guest, one).allowed}
    return sorted(closed | set(DOORS))


def _sections(guest: Asker) -> Iterator[Entry]:
    yield Entry(reverse("eios:home"))
    yield Entry(reverse("eios:privacy"))
    yield from (Entry(one.address) for one in sections.open_to(guest) if one.address.startswith("/"))


def _elements(guest: Asker) -> Iterator[Entry]:
    """Cards of platforms and of parts that are open; sections are their own pages."""
    if not sections.is_open(guest, "registry"):
        return
    known = access.elements_known_to(guest).exclude(kind=Element.Kind.BUILT_IN, parent__isnull=True)
    for slug, changed in known.order_by("pk").values_list("slug", "updated_at").iterator():
        yield Entry(reverse("resources:element_detail", args=[slug]), changed)


def _documents(guest: Asker) -> Iterator[Entry]:
    if not sections.is_open(guest, "documents"):
        return
    for edition in documents.in_force(guest.date).order_by("document").iterator():
        changed = start_of_day(edition.in_force_from)
        yield Entry(reverse("resources:document_detail", args=[edition.document_id]), changed)


def _programmes(guest: Asker) -> Iterator[Entry]:
    if not sections.is_open(guest, "programmes"):
        return
    for pk in Programme.objects.approved().order_by("pk").values_list("pk", flat=True).iterator():
        yield Entry(reverse("resources:programme_detail", args=[pk]))


def _news(guest: Asker) -> Iterator[Entry]:
    if not sections.is_open(guest, "news"):
        return
    for pk, changed in News.objects.public(timezone.now()).values_list("pk", "changed_at").iterator():
        yield Entry(reverse("resources:news_detail", args=[pk]), changed)


# A kind of material that guests read adds its function here.
KINDS: tuple[Callable[[Asker], Iterator[Entry]], ...] = (_sections, _elements, _documents, _programmes, _news)
