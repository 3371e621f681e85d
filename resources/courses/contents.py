"""The contents of a release as its pages show them: read once by each worker, since a release never changes."""

import datetime
import functools
from dataclasses import dataclass

from django.urls import reverse

from resources.models import CoursePart, CourseRelease

# Releases that a worker remembers; three hundred pages take some 100 KB.
MOST_KEPT = 16
# Neighbours of a page beside its text: of a long course the whole contents would outweigh the page.
AROUND = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A section or a page in the contents; `ordinal` counts pages alone, from 1. A section has no `address`."""

    number: int
    title: str
    depth: int
    ordinal: int
    address: str

    @property
    def is_page(self) -> bool:
        return bool(self.address)


@dataclass(frozen=True)
class Spot:
    """A page where it stands in the contents: its neighbours, and what stands around it."""

    here: Line
    before: Line | None
    after: Line | None
    around: tuple[Line, ...]


@dataclass(frozen=True)
class Contents:
    """All lines in the order of reading: the one with number N stands at N - 1."""

    published_at: datetime.datetime
    pages: int
    lines: tuple[Line, ...]

    def spot(self, number: int) -> Spot:
        """The place of the page with this number."""
        lines = self.lines
        before = (line for line in reversed(lines[: number - 1]) if line.is_page)
        after = (line for line in lines[number:] if line.is_page)
        around = lines[max(0, number - 1 - AROUND) : number + AROUND]
        return Spot(lines[number - 1], next(before, None), next(after, None), around)


def forget() -> None:
    """Start anew, where keys of releases come again: in tests."""
    contents_of.cache_clear()


@functools.lru_cache(maxsize=MOST_KEPT)
def contents_of(key: int) -> Contents:
    """The contents of the release with this key; two queries for the first time, none afterwards."""
    release = CourseRelease.objects.get(pk=key)
    lines, ordinal = [], 0
    for number, title, depth, kind in release.parts.values_list("number", "title", "depth", "kind"):
        is_page = kind == CoursePart.Kind.PAGE
        ordinal += is_page
        address = reverse("resources:course_page", args=[release.course_id, number]) if is_page else ""
        lines.append(Line(number, title, depth, ordinal, address))
    return Contents(release.published_at, release.pages, tuple(lines))
