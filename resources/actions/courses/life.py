"""The life of a course: written, reviewed by the ШМО, published, revised every year, put into the archive (1.6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios.lib.dates import today
from resources.actions.courses.drafts import locked, settle_element
from resources.actions.courses.releasing import build
from resources.courses import life
from resources.models import Course, CourseRelease

State = Course.State
MOVED = ("state", "returned_because", "revised_on", "release")


class Moved(ValidationError):
    """The course is no longer where the page showed it."""

    def __init__(self, course: Course):
        super().__init__(f"Курс уже в состоянии «{course.get_state_display()}»: обновите страницу.")


@transaction.atomic
def submit(course: Course, *, by: Actor) -> Course:
    """Hands the course to its ШМО; until the answer it stands still. Audited; the reviewers are told.

    Raises ValidationError: no page, a page without text, nobody to review it; Moved.
    """
    row = _at(course, State.WRITING)
    if lacks := life.lacks(row):
        raise ValidationError(lacks)
    reviewers = life.reviewers(row)
    if not reviewers:
        raise ValidationError(
            "Проверить курс некому: укажите на его карточке ШМО, у которого есть руководитель, или попросите "
            "системного администратора назначить ответственного за раздел «Курсы»."
        )
    _move(row, "submitted", by, state=State.REVIEW, returned_because="")
    _tell(reviewers, row, f"Курс «{row}» ждёт вашей проверки.", by=by)
    return row


@transaction.atomic
def withdraw(course: Course, *, by: Actor) -> Course:
    """The authors take it back from the review and write on. Audited. Raises Moved."""
    row = _at(course, State.REVIEW)
    return _move(row, "withdrawn", by, state=State.WRITING)


@transaction.atomic
def send_back(course: Course, *, reason: str, by: Actor) -> Course:
    """The review sends it back with a reason; what was published before is read on. Audited. Raises Moved."""
    row = _at(course, State.REVIEW)
    _move(row, "sent_back", by, state=State.WRITING, returned_because=reason)
    _tell(life.writers(row), row, f"Курс «{row}» возвращён на доработку: {reason}", by=by)
    return row


@transaction.atomic
def publish(course: Course, *, by: Actor) -> CourseRelease:
    """The review lets it: readers see the new release from now on, by the course's closure. Audited.

    Effects: a release, the element's closure, guests' pages; the authors are told. Raises ValidationError, Moved.
    """
    row = _at(course, State.REVIEW)
    if lacks := life.lacks(row):
        raise ValidationError(lacks)
    release = build(row, by=by)
    _move(row, "published", by, state=State.PUBLISHED, returned_because="", release=release, revised_on=today())
    settle_element(row, by=by)
    SchoolCard.touch_public()
    _tell(life.writers(row), row, f"Курс «{row}» опубликован.", by=by)
    return release


@transaction.atomic
def revise(course: Course, *, by: Actor) -> Course:
    """The yearly look: read through, nothing to change (1.6). Audited. Raises Moved: there are unpublished changes."""
    row = _at(course, State.PUBLISHED)
    _move(row, "revised", by, revised_on=today())
    SchoolCard.touch_public()
    return row


@transaction.atomic
def archive(course: Course, *, reason: str, by: Actor) -> Course:
    """Nobody reads it any more but its authors and those who run the section. Audited.

    Raises Moved, ValidationError.
    """
    row = _at(course, State.WRITING, State.PUBLISHED)
    if row.release_id is None:
        raise ValidationError("Этот курс не публиковали: черновик удаляют, а не отправляют в архив.")
    _move(row, "archived", by, basis=reason, state=State.ARCHIVED)
    settle_element(row, by=by)
    SchoolCard.touch_public()
    return row


@transaction.atomic
def restore(course: Course, *, by: Actor) -> Course:
    """Read again, as its last release shows it. Audited. Raises Moved."""
    row = _at(course, State.ARCHIVED)
    state = State.WRITING if life.differs_from_release(row) else State.PUBLISHED
    _move(row, "restored", by, state=state)
    settle_element(row, by=by)
    SchoolCard.touch_public()
    return row


def _at(course: Course, *states: str) -> Course:
    row = locked(course)
    if row.state not in states:
        raise Moved(row)
    return row


def _move(row: Course, verb: str, by: Actor, *, basis: str = "", **values) -> Course:
    before = audit.snapshot(row, MOVED)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = timezone.now()
    row.save(update_fields=[*values, "changed_at"])
    audit.record(by, f"course.{verb}", row, audit.difference(before, audit.snapshot(row, MOVED)), basis)
    return row


def _tell(people: list[User], row: Course, text: str, *, by: Actor) -> None:
    told = [person for person in people if by.person is None or person.pk != by.person.pk]
    key = f"course-{row.pk}-{row.state}-{row.changed_at:%Y%m%d%H%M%S%f}"
    notify(told, "course", key=key, by=by, text=text, url=life.page_of(row))
