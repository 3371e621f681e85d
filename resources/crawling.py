"""What search engines are told: which pages to read, and which not to knock at. Everything as a guest sees it."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from eios.lib.dates import start_of_day
from resources import access, documents, materials, sections
from resources.asker import Asker
from resources.courses import rights
from resources.models import (
    AcademicCalendar,
    Curriculum,
    Document,
    Element,
    LibraryEdition,
    News,
    OutsideResource,
    Programme,
    SvedenSettings,
)
from resources.sveden import table

# The most that one sitemap may hold (sitemaps.org).
MOST = 50_000
# Doors that are no sections: forms of sign-in, addresses with a setting, pages of one person.
DOORS = (
    "/account/", "/agreement/", "/consents/", "/display/", "/help/", "/jobs/", "/link/", "/login/", "/logout/",
    "/notifications/", "/password/", "/suggestions/", "/why/",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A page for the sitemap; `changed` may be unknown."""

    path: str
    changed: datetime.datetime | None = None


Kind = Callable[[Asker], Iterator[Entry]]


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
    known = access.elements_known_to(guest).besides_courses().exclude(kind=Element.Kind.BUILT_IN, parent__isnull=True)
    for slug, changed in known.order_by("pk").values_list("slug", "updated_at").iterator():
        yield Entry(reverse("resources:element_detail", args=[slug]), changed)


def _documents(guest: Asker) -> Iterator[Entry]:
    if not sections.is_open(guest, "documents"):
        return
    for edition in documents.in_force(guest.date).order_by("document").iterator():
        changed = start_of_day(edition.in_force_from)
        yield Entry(reverse("resources:document_detail", args=[edition.document_id]), changed)


def _of(slug: str, rows: Callable[[datetime.date], QuerySet], page: str, changed: str = "") -> Kind:
    """Pages of rows that open with their section; `changed` names the field that says when each did."""

    def entries_of(guest: Asker) -> Iterator[Entry]:
        if not sections.is_open(guest, slug):
            return
        found = rows(guest.date).order_by("pk").values_list("pk", changed or "pk")
        for pk, moment in found.iterator():
            yield Entry(reverse(f"resources:{page}", args=[pk]), moment if changed else None)

    return entries_of


def _subsections(guest: Asker) -> Iterator[Entry]:
    if sections.is_open(guest, "sveden") and not SvedenSettings.current().is_outside:
        yield from (Entry(reverse("resources:sveden_section", args=[path])) for path in table.sections())


def _courses(guest: Asker) -> Iterator[Entry]:
    for pk, moment in rights.readable_by(guest).order_by("pk").values_list("pk", "release__published_at").iterator():
        yield Entry(reverse("resources:course_detail", args=[pk]), moment)


# A kind of material that guests read adds its line here.
KINDS: tuple[Kind, ...] = (
    _sections,
    _elements,
    _documents,
    _of("documents", lambda date: Document.objects.published(date).filter(editions__isnull=True), "document_detail"),
    _of("programmes", lambda date: Programme.objects.approved(), "programme_detail", "changed_at"),
    _of("curricula", lambda date: Curriculum.objects.approved(), "curriculum_detail"),
    _of("curricula", lambda date: AcademicCalendar.objects.approved(), "calendar_detail"),
    _of("library", lambda date: OutsideResource.objects.active(), "library_resource_detail"),
    _of("library", lambda date: LibraryEdition.objects.active(), "library_edition_detail"),
    _of("library", lambda date: materials.published(), "library_material_detail", "published_at"),
    _courses,
    _of("news", lambda date: News.objects.public(timezone.now()), "news_detail", "changed_at"),
    _subsections,
)
