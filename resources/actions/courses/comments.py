"""Remarks of those who review a course, page by page, and the authors' answers (1.6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from resources.courses import life
from resources.models import Course, CourseComment, CoursePart


@transaction.atomic
def comment(part: CoursePart, *, text: str, by: Actor) -> CourseComment:
    """A remark on the page as it stands; the others who write or review the course are told. Audited."""
    row = CourseComment(part=part, version=part.version, author=by.person, text=text)
    row.full_clean()
    row.save()
    audit.record(by, "course.commented", part.course, {"page": [None, part.title]})
    _tell(part.course, row, f"Замечание к странице «{part.title}» курса «{part.course}».", by=by)
    return row


@transaction.atomic
def settle(comment: CourseComment, *, answer: str, by: Actor) -> CourseComment:
    """The remark is dealt with, in words or without. Audited. Raises ValidationError: settled already."""
    row = (
        CourseComment.objects.select_for_update(of=("self",))
        .select_related("part__course", "author")
        .get(pk=comment.pk)
    )
    if row.settled_at:
        raise ValidationError("Замечание уже закрыто: обновите страницу.")
    row.answer, row.settled_by, row.settled_at = answer, by.person, timezone.now()
    row.save(update_fields=["answer", "settled_by", "settled_at"])
    course = row.part.course
    audit.record(by, "course.comment_settled", course, {"page": [None, row.part.title]})
    if row.author_id != by.person.pk:
        notify(
            [row.author], "course", key=f"course-comment-{row.pk}-settled", by=by,
            text=f"Ваше замечание к странице «{row.part.title}» курса «{course}» закрыто.", url=_page(row),
        )  # fmt: skip
    return row


def _tell(course: Course, row: CourseComment, text: str, *, by: Actor) -> None:
    people = {person.pk: person for person in [*life.writers(course), *life.reviewers(course)]}
    people.pop(by.person.pk, None)
    notify(people.values(), "course", key=f"course-comment-{row.pk}", by=by, text=text, url=_page(row))


def _page(row: CourseComment) -> str:
    return life.review_page(row.part.course_id, row.part_id)
