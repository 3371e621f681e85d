"""What there is to read, in figures, by subject, and the newest (1.3 a, 1.4). The same for everybody; reads only."""

import functools
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.models import SchoolCard
from resources.models import Holding, LibraryEdition, MethodicalMaterial, OutsideResource, Subject

NEWEST = 6


@dataclass(frozen=True)
class OfSubject:
    """How much there is on a subject."""

    pk: int
    name: str
    resources: int
    editions: int
    materials: int


@dataclass(frozen=True)
class Overview:
    """The library in figures; the newest first."""

    resources: int
    editions: int
    materials: int
    newest: list[Holding | MethodicalMaterial]
    subjects: list[OfSubject]


def overview(school: SchoolCard) -> Overview:
    """The same for everybody, so it is kept in memory for as long as the school's public version stands."""
    return _overview(school.public_version)


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _overview.cache_clear()


@functools.lru_cache(maxsize=2)
def _overview(version: int) -> Overview:
    resources = OutsideResource.objects.active()
    editions = LibraryEdition.objects.active()
    materials = MethodicalMaterial.objects.published()
    return Overview(
        resources.count(), editions.count(), materials.count(), _newest(resources, editions, materials), _by_subject()
    )


def _newest(resources, editions, materials) -> list[Holding | MethodicalMaterial]:
    dated = [
        (row.added_at, row) for rows in (resources, editions) for row in rows.order_by("-added_at", "-pk")[:NEWEST]
    ]
    dated += [(row.published_at, row) for row in materials.order_by("-published_at", "-pk")[:NEWEST]]
    return [row for _, row in sorted(dated, key=lambda pair: pair[0], reverse=True)[:NEWEST]]


def _by_subject() -> list[OfSubject]:
    """Subjects on which there is something."""
    counts = [
        _count(OutsideResource.objects.active(), "subjects"),
        _count(LibraryEdition.objects.active(), "subjects"),
        _count(MethodicalMaterial.objects.published(), "subject"),
    ]
    found = (
        OfSubject(subject.pk, subject.name, *(one.get(subject.pk, 0) for one in counts))
        for subject in Subject.objects.all()
    )
    return [one for one in found if one.resources or one.editions or one.materials]


def _count(rows: QuerySet, field: str) -> dict[int, int]:
    return dict(rows.exclude(**{field: None}).order_by().values_list(field).annotate(Count("pk")))
