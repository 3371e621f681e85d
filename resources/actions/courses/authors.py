"""Who writes a course together with its author (1.4)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from resources.courses import life
from resources.models import Course, CourseAuthor


@transaction.atomic
def add_author(course: Course, person: User, *, by: Actor) -> None:
    """The person writes the course from now on, and is told. Audited.

    Raises ValidationError: no employee, writes it already.
    """
    if not person.is_employee:
        raise ValidationError("Соавторами бывают работники школы.")
    if person in life.writers(course):
        raise ValidationError(f"{person.get_full_name()} уже пишет этот курс.")
    CourseAuthor.add(person, course)
    audit.record(by, "course.author_added", course, {"author": [None, person.username]})
    notify(
        [person], "course", key=f"course-author-{course.pk}-{person.pk}", by=by,
        text=f"Вы соавтор курса «{course}».", url=life.page_of(course),
    )  # fmt: skip


@transaction.atomic
def remove_author(course: Course, person: User, *, by: Actor) -> None:
    """The person writes it no more. Audited. Raises ValidationError where the person did not."""
    if not CourseAuthor.remove(person, course):
        raise ValidationError("Этот человек и так не соавтор курса.")
    audit.record(by, "course.author_removed", course, {"author": [person.username, None]})
