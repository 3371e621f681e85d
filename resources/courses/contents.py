"""The contents of a release as its pages show them: read once by each worker, since a release never changes."""

import datetime
import functools
from dataclasses import dataclass

from django.urls import reverse

from resources.models import CoursePart, CourseRelease, ReleasedPart

# Courses that a worker remembers; three hundred pages take some 100 KB.
MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Line:
    """A section or a page in the contents; `ordinal` counts pages alone, from 1; a section has no `address`."""

    number: int
    title: str
    depth: int
    ordinal: int
    address: str

    @property
    def is_page(self) -> bool:
        return bool(self.address)


def contents_of(release: CourseRelease) -> tuple[Line, ...]:
    """All lines in the order of reading: the one with number N stands at N - 1. Not a query, but for the first time."""
    return _lines(release.pk, release.course_id, release.published_at)


def forget() -> None:
    """Start anew, where keys of releases come again: in tests."""
    _lines.cache_clear()


@functools.lru_cache(maxsize=MOST_KEPT)
def _lines(release: int, course: int, published_at: datetime.datetime) -> tuple[Line, ...]:
    """The moment tells the release from one of the same key before the database was restored from a copy."""
    rows = ReleasedPart.objects.filter(release=release).order_by("number")
    found, ordinal = [], 0
    for number, title, depth, kind in rows.values_list("number", "title", "depth", "kind"):
        is_page = kind == CoursePart.Kind.PAGE
        ordinal += is_page
        address = reverse("resources:course_page", args=[course, number]) if is_page else ""
        found.append(Line(number, title, depth, ordinal, address))
    return tuple(found)
