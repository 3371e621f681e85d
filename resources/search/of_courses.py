"""Courses, their pages and complexes as they are searched: what readers are shown (1.3 a, 1.6, 4.5 row 18)."""

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import strip_tags

from resources import access, programmes
from resources.asker import Asker
from resources.courses import complexes
from resources.courses.rights import SECTION, readable_by
from resources.models import Course, CoursePart, ReleasedPart, StudyComplex
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

# Complexes by their programme and topics; what stands at a topic is found by itself


def _complex(found: StudyComplex) -> Found:
    topics = "; ".join(topic.name for topic in found.programme.topics.all())
    return Found(
        title=str(found),
        text=". ".join(filter(None, [found.annotation.rstrip(". "), topics])),
        address=found.get_absolute_url(),
        note=f"Учебно-методический комплекс, {found.programme.year} учебный год",
    )


def _complexes() -> QuerySet[StudyComplex]:
    return StudyComplex.objects.select_related(*complexes.OF_PROGRAMME).prefetch_related("programme__topics")


COMPLEXES = Source(
    **KIND, rows=_complexes, describe=_complex, open_to=complexes.visible_to,
    alike=lambda asker: (is_open(asker, SECTION), is_open(asker, programmes.SLUG)),
    follows={"resources.studycomplex": "pk", "resources.programme": "programme"},
)  # fmt: skip
