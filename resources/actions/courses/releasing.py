"""Freezing a course for its readers: pages in the order of reading, drawn once, with the volume (1.6)."""

from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from eios.lib import search
from resources.courses.links import links_of
from resources.courses.rendering import Rendered, render
from resources.courses.tree import Place, places
from resources.models import Course, CourseRelease, CourseText, ReleasedPart


def build(course: Course, *, by: Actor) -> CourseRelease:
    """A new release from the working tree, in the caller's transaction; the course does not point at it yet.

    Raises nothing for bad texts: what could not be drawn was told to the authors.
    """
    found = places(course, texts=True)
    numbers = {place.part.key: place.number for place in found}
    links = links_of(course, lambda page: reverse("resources:course_page", args=[course.pk, numbers[page.key]]))
    pages = [place for place in found if place.part.is_page]
    drawn = {place.number: render(place.part.text, links, prefix=f"p{place.number}-") for place in pages}
    named = {name for page in drawn.values() for name in page.media}
    media = [row for row in course.media.select_related("file") if row.name in named]
    last = course.releases.order_by("-number").values_list("number", flat=True).first() or 0
    release = CourseRelease.objects.create(
        course=course, number=last + 1, title=course.title, published_at=timezone.now(), published_by=by.person,
        pages=len(drawn), words=sum(page.words for page in drawn.values()),
        seconds=sum(row.seconds or 0 for row in media),
        bytes=sum(row.file.size for row in media) + sum(len(page.html.encode()) for page in drawn.values()),
    )  # fmt: skip
    release.media.set(media)
    texts = _last_texts(course)
    ReleasedPart.objects.bulk_create(_part(release, place, drawn.get(place.number), texts) for place in found)
    return release


def _last_texts(course: Course) -> dict[int, CourseText]:
    rows = CourseText.objects.filter(part__course=course).defer("text").order_by("part", "number")
    return {row.part_id: row for row in rows}


def _part(release: CourseRelease, place: Place, page: Rendered | None, texts: dict) -> ReleasedPart:
    part = place.part
    return ReleasedPart(
        release=release, part=part, text=texts.get(part.pk), number=place.number, depth=place.depth,
        section=place.section, kind=part.kind, title=part.title, html=page.html if page else "",
        words=page.words if page else 0, search=search.index(part.title, page.plain if page else ""),
    )  # fmt: skip
