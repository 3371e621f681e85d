"""Courses and their pages as they are searched: what the release shows (1.3 a, 1.6)."""

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import strip_tags

from resources import access
from resources.asker import Asker
from resources.courses.rights import SECTION, readable_by
from resources.models import Course, CoursePart, ReleasedPart
from resources.search.sources import Found, Source
from resources.sections import is_open

KIND = {"kind": "courses", "title": "Курсы", "icon": "layers"}


def _alike(asker: Asker) -> tuple:
    return is_open(asker, SECTION), access.open_keys(asker)


def _course(course: Course) -> Found:
    names = [str(course.subject or ""), course.grades]
    return Found(
        title=course.title,
        text=". ".join(filter(None, [course.annotation.rstrip(". "), *names])),
        address=course.get_absolute_url(),
        note=f"Курс, {course.byline}",
        date=course.revised_on,
    )


COURSES = Source(
    **KIND, rows=lambda: Course.objects.for_lists(), describe=_course, open_to=readable_by, alike=_alike,
    follows={"resources.course": "pk", "accounts.user": "author"},
    watched={"accounts.user": frozenset({"surname", "name", "patronymic"})},
)  # fmt: skip

# Pages, as the release of today shows them


def _pages() -> QuerySet[CoursePart]:
    shown = ReleasedPart.objects.filter(release=F("release__course__release"))
    rows = CoursePart.objects.filter(kind=CoursePart.Kind.PAGE, released__release=F("course__release"))
    return rows.select_related("course").prefetch_related(Prefetch("released", queryset=shown, to_attr="shown"))


def _page(part: CoursePart) -> Found:
    shown = part.shown[0]
    return Found(
        title=shown.title,
        text=strip_tags(shown.html.replace("<", " <")),
        address=reverse("resources:course_page", args=[part.course_id, shown.number]),
        note=f"Страница курса «{part.course}»",
        date=part.course.revised_on,
    )


def _pages_for(asker: Asker) -> QuerySet[CoursePart]:
    rows = CoursePart.objects.filter(kind=CoursePart.Kind.PAGE, released__release=F("course__release"))
    return rows.filter(course__in=readable_by(asker))


PAGES = Source(
    **KIND, rows=_pages, describe=_page, open_to=_pages_for, alike=_alike, follows={"resources.course": "course"},
    watched={"resources.course": frozenset({"release", "title"})},
)  # fmt: skip
