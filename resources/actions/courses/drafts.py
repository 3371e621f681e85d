"""A course is begun and described by its authors; its element carries the access (1.4, 5.2)."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, Stale, digest, refuse_stale
from accounts.models import SchoolCard
from resources import sections
from resources.actions.elements import save_element
from resources.actions.parts import add_part
from resources.courses.rights import SECTION
from resources.file_owners import COURSE_COVER
from resources.models import BY_NAME, Course, Element, Programme, Topic

# Facts that verbs move; a form that was opened before one of them must not put the former back.
KEPT = ("state", "returned_because", "revised_on", "release_id", "element_id", "author_id")
STANDS_STILL = {Course.State.REVIEW: "на проверке", Course.State.ARCHIVED: "в архиве"}
NAME_LENGTH = 200
_NUMBER = re.compile(r" \(\d{1,3}\)\Z")


@transaction.atomic
def begin(course: Course, cover=None, *, by: Actor) -> Course:
    """A new course of the one who acts; nobody but its authors and those who run the section see it. Audited.

    Its element is a closed part of the section until the course is published. Raises ValidationError, FileRefused.
    """
    course.author = by.person
    course.full_clean(exclude=["element"])
    section = sections.by_slug(SchoolCard.current(), SECTION)
    course.element = add_part(
        section, name=_free_name(section, course.title), purpose=_first_words(course), own_closure=BY_NAME, by=by
    )
    course.cover = files.settle(None, cover, kind=COURSE_COVER, by=by, owner=by.person)
    course.prepare_search()
    save_row(course, by=by)
    settle_element(course, by=by)
    return course


@transaction.atomic
def save_course(course: Course, cover=None, *, by: Actor, seen: Seen | None = None) -> Course:
    """What stands on the course's card; of a published one everybody sees it at once. Audited.

    Raises ValidationError, FileRefused.
    """
    refuse_stale(course, seen)
    for name, value in Course.objects.select_for_update().filter(pk=course.pk).values(*KEPT).get().items():
        setattr(course, name, value)
    course.cover = files.settle(course.cover, cover, kind=COURSE_COVER, by=by, owner=by.person)
    course.prepare_search()
    save_row(course, by=by)
    settle_element(course, by=by)
    if course.is_readable:
        SchoolCard.touch_public()
    return course


@transaction.atomic
def link_topics(
    course: Course, programmes: Iterable[Programme], topics: Iterable[Topic], *, by: Actor, seen: str | None = None
) -> None:
    """Names the programmes and the topics that the course serves: its relevance (1.6). Audited.

    Raises Stale; ValidationError: a topic of another programme, or a programme that is not approved.
    """
    if seen is not None and seen != links_mark(locked(course)):
        raise Stale(course)
    programmes, topics = list(programmes), list(topics)
    keys = {programme.pk for programme in programmes}
    if strange := [str(one) for one in topics if one.programme_id not in keys]:
        raise ValidationError(f"Темы не из выбранных программ: {', '.join(strange)}.")
    if waiting := [str(one) for one in programmes if not one.is_approved]:
        raise ValidationError(f"Курс связывают с утверждёнными программами; ещё не утверждены: {', '.join(waiting)}.")
    before = [course.programmes.count(), course.topics.count()]
    course.programmes.set(programmes)
    course.topics.set(topics)
    changes = {"programmes": [before[0], len(programmes)], "topics": [before[1], len(topics)]}
    audit.record(by, "course.linked", course, changes)
    if course.is_readable:
        SchoolCard.touch_public()


def links_mark(course: Course) -> str:
    """A digest of the programmes and topics that the course names now."""
    return digest([sorted(getattr(course, name).values_list("pk", flat=True)) for name in ("programmes", "topics")])


@transaction.atomic
def delete_draft(course: Course, *, by: Actor) -> None:
    """A course that was never published is gone with its pages and element. Audited. Raises ValidationError."""
    row = locked(course)
    if row.release_id or row.state != Course.State.WRITING:
        raise ValidationError(f"«{row}» уже передан на проверку или опубликован: его можно только отправить в архив.")
    element = row.element
    try:
        delete_row(row, by=by)
        delete_row(element, by=by)
    except ProtectedError as refusal:
        raise ValidationError(f"На «{row}» ссылаются другие разделы портала: сначала уберите эти связи.") from refusal
    SchoolCard.touch_public()
    SchoolCard.touch_access()


def touch_draft(course: Course) -> None:
    """The working tree now differs from what is read: a published course is being written again (1.6).

    Inside the action of an edit. Raises ValidationError where the course stands still.
    """
    row = locked(course)
    if not row.can_be_written:
        raise ValidationError(f"Курс {STANDS_STILL[row.state]}: пока в нём ничего не меняют.")
    course.state = Course.State.WRITING
    Course.objects.filter(pk=course.pk).update(state=course.state, changed_at=timezone.now())


def settle_element(course: Course, *, by: Actor) -> None:
    """The element says what the course says: name, words, and its closure, which is 5 while nobody reads it."""
    element = course.element
    element.own_closure = course.closure if course.is_readable else BY_NAME
    if _NUMBER.sub("", element.name) != course.title[:NAME_LENGTH]:
        element.name = _free_name(element.parent, course.title, besides=element.pk)
    element.purpose = _first_words(course)
    element.address = course.get_absolute_url()
    save_element(element, by=by)


def locked(course: Course) -> Course:
    """The course as it stands, until the end of the transaction."""
    return Course.objects.select_for_update(of=("self",)).select_related("element", "release", "author").get(
        pk=course.pk
    )  # fmt: skip


def _first_words(course: Course) -> str:
    words = course.annotation if len(course.annotation) <= 300 else course.annotation[:297].rsplit(" ", 1)[0] + "…"
    return " ".join(words.split())


def _free_name(section: Element, title: str, besides: int | None = None) -> str:
    """The title; with a number where another course is called so."""
    stem = title[: NAME_LENGTH - 6]
    taken = set(section.parts.exclude(pk=besides).filter(name__startswith=stem).values_list("name", flat=True))
    names = [title, *(f"{stem} ({number})" for number in range(2, 1000))]
    return next(name for name in names if name not in taken)
