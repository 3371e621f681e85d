"""A course copied into a new draft: the way to next year's, or to another class's."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from resources.actions.courses.drafts import begin
from resources.courses.tree import order
from resources.models import Course, CourseMedia, CoursePart, CourseRendition, CourseText

CARD = ("annotation", "subject", "method_group", "grade_from", "grade_to", "authors_line", "closure", "cover")
OF_MEDIA = ("name", "file", "alt", "credit", "width", "height", "seconds", "subtitles", "poster")
TITLE_LENGTH = 200


@transaction.atomic
def copy(course: Course, *, as_read: bool, title: str = "", by: Actor) -> Course:
    """A draft of the one who copies, with pages and files; programmes, comments, versions stay behind. Audited.

    `as_read`: of a stranger's course one takes what its release shows, of an own one what is being written.
    Files are the same stored bytes. Returns the new course. Raises ValidationError.
    """
    card = {name: getattr(course, name) for name in CARD}
    new = Course(title=(title or f"{course.title} (копия)")[:TITLE_LENGTH], copied_from=course, **card)
    if not new.authors_line:
        # The copy is another person's; who wrote the course is not forgotten.
        new.authors_line = course.byline[:300]
    begin(new, by=by)
    parts = _released(course) if as_read else _written(course)
    _copy_parts(parts, new, by)
    media = course.release.media.all() if as_read else course.media.all()
    _copy_media(list(media.select_related("file").prefetch_related("renditions")), new, by)
    audit.record(by, "course.copied", new, {"copied_from": [None, course.title]})
    return new


def _written(course: Course) -> list[CoursePart]:
    return [place.part for place in order(list(course.parts.standing()))]


def _released(course: Course) -> list[CoursePart]:
    """Parts with the titles and texts that the release shows, unsaved, in the order of reading."""
    rows = course.release.parts.select_related("part", "text").defer("html", "search").order_by("number")
    found = []
    for row in rows:
        row.part.title, row.part.text = row.title, row.text.text if row.text else ""
        found.append(row.part)
    return found


def _copy_parts(parts: list[CoursePart], new: Course, by: Actor) -> None:
    """Parents come before what stands in them, so that each finds its own."""
    made: dict[int, CoursePart] = {}
    for place, part in enumerate(parts, 1):
        made[part.pk] = CoursePart.objects.create(
            course=new, parent=made.get(part.parent_id), kind=part.kind, key=part.key, position=place,
            title=part.title, text=part.text, version=int(part.is_page), changed_by=by.person,
        )  # fmt: skip
    CourseText.objects.bulk_create(
        CourseText(
            part=part, number=1, title=part.title, text=part.text, origin=CourseText.Origin.COPIED, made_by=by.person,
            made_at=timezone.now(),
        )
        for part in made.values()
        if part.is_page
    )  # fmt: skip


def _copy_media(rows: list[CourseMedia], new: Course, by: Actor) -> None:
    for row in rows:
        values = {name: getattr(row, name) for name in OF_MEDIA}
        twin = CourseMedia.objects.create(course=new, added_by=by.person, **values)
        CourseRendition.objects.bulk_create(
            CourseRendition(media=twin, width=one.width, file=one.file) for one in row.renditions.all()
        )
