"""Courses as they are read: lists, search inside, the own progress; `opening` has a page.

Reads only.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from accounts.models import User
from eios.lib import search
from resources.asker import Asker
from resources.courses.life import REVISED_EVERY
from resources.courses.rights import readable_by
from resources.models import Course, CourseRelease, PageVisit, Programme, ReleasedPart
from resources.search.snippets import marked, snippet

SORTS = {
    "": ("по названию", ("title", "pk")),
    "new": ("недавно пересмотренные", ("-revised_on", "title", "pk")),
    "short": ("сначала короткие", ("release__words", "title", "pk")),
    "long": ("сначала длинные", ("-release__words", "title", "pk")),
    "topics": ("больше тем программ", ("-topic_count", "title", "pk")),
}
HITS = 50


def listed(asker: Asker, filters: dict[str, str]) -> QuerySet[Course]:
    """Courses open to the asker under the filters of the list, with how many topics each serves."""
    rows = readable_by(asker).for_lists().matching(filters["q"])
    if filters["subject"]:
        rows = rows.filter(subject=filters["subject"])
    if filters["grade"]:
        rows = rows.for_grade(int(filters["grade"]))
    return rows.annotate(topic_count=Count("topics", distinct=True)).order_by(*SORTS[filters["sort"]][1])


def is_stale(course: Course, date: datetime.date) -> bool:
    """Nobody has looked through it for a year."""
    return course.revised_on is not None and course.revised_on < date - REVISED_EVERY


def serving(programme: Programme, asker: Asker) -> dict[int | None, list[Course]]:
    """Courses open to the asker that serve the programme, by the key of the topic; None: no topic of it is named."""
    rows = readable_by(asker).filter(programmes=programme).order_by("title", "pk")
    links = Course.topics.through.objects.filter(topic__programme=programme).values_list("course_id", "topic_id")
    topics_of: dict[int, list[int | None]] = {}
    for course, topic in links:
        topics_of.setdefault(course, []).append(topic)
    found: dict[int | None, list[Course]] = {}
    for course in rows.only("pk", "title"):
        for topic in topics_of.get(course.pk, [None]):
            found.setdefault(topic, []).append(course)
    return found


# --- search inside ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    part: ReleasedPart
    title: SafeString
    words: SafeString


def found_in(release: CourseRelease, query: str) -> list[Hit]:
    """Pages of the release with all the words, in the order of reading, fifty at most."""
    stems = frozenset(search.stem(word) for word in search.words(query))
    if not stems:
        return []
    rows = release.parts.filter(search.matching(query), kind="page").order_by("number")[:HITS]
    return [Hit(row, marked(row.title, stems), snippet(_plain(row), stems)) for row in rows]


def _plain(part: ReleasedPart) -> str:
    return " ".join(strip_tags(part.html.replace("<", " <")).split())


# --- the own progress -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """What a person has read of a course. `visits` by the key of the page."""

    visits: dict[int, PageVisit]
    pages: int
    next_page: ReleasedPart | None

    @property
    def read(self) -> int:
        return sum(visit.is_read for visit in self.visits.values())

    @property
    def is_finished(self) -> bool:
        return bool(self.pages) and self.read >= self.pages


def progress_of(person: User, course: Course, parts: list[ReleasedPart]) -> Progress:
    """What of these parts, the contents of the release, the person has read; each page gets its `visit`. One query."""
    pages = [part for part in parts if part.is_page]
    keys = {part.part_id for part in pages}
    rows = PageVisit.objects.filter(person=person, part__course=course)
    visits = {row.part_id: row for row in rows if row.part_id in keys}
    for page in pages:
        page.visit = visits.get(page.part_id)
    unread = (part for part in pages if part.part_id not in visits or not visits[part.part_id].is_read)
    return Progress(visits, len(pages), next(unread, None))


@dataclass(frozen=True)
class Begun:
    """A course that the person has begun, and how far."""

    course: Course
    read: int
    last_at: datetime.datetime

    @property
    def is_finished(self) -> bool:
        return self.read >= self.course.release.pages


def begun_by(asker: Asker) -> list[Begun]:
    """Courses that the asker has begun and may still open, the last one first; two queries."""
    shown = Q(part__released__release=F("part__course__release"))
    rows = PageVisit.objects.filter(shown, person=asker.person).order_by("-last_at")
    far: dict[int, list] = {}
    for course, is_read, last_at in rows.values_list("part__course", "is_read", "last_at"):
        entry = far.setdefault(course, [0, last_at])
        entry[0] += is_read
    courses = {row.pk: row for row in readable_by(asker).for_lists().filter(pk__in=far)}
    return [Begun(courses[key], *entry) for key, entry in far.items() if key in courses]


def bookmarks_of(asker: Asker) -> QuerySet[ReleasedPart]:
    """Pages that the asker has marked, in courses that are still open to them."""
    releases = readable_by(asker).values("release")
    rows = ReleasedPart.objects.filter(release__in=releases, part__visits__person=asker.person)
    return rows.filter(part__visits__is_marked=True).select_related("release__course").defer("html", "search")
