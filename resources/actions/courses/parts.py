"""Pages and sections of a course as they are written: added, put in order, saved, restored (1.6)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from resources.actions.courses.drafts import touch_draft
from resources.courses.tree import DEEPEST, order, places
from resources.models import Course, CoursePart, CourseText
from resources.models.courses import MOST_LETTERS

MOST_PARTS = 500
# Saving again within so long goes into the same version: an autosave every ten seconds is no history.
ONE_VERSION = datetime.timedelta(minutes=10)
Kind = CoursePart.Kind


class StaleText(ValidationError):
    """Another author saved the page meanwhile; `part` is what is stored."""

    def __init__(self, part: CoursePart):
        self.part = part
        who = part.changed_by.get_full_name() if part.changed_by else "другой автор"
        moment = timezone.localtime(part.changed_at)
        super().__init__(
            f"Пока вы писали, страницу сохранил {who} ({moment:%d.%m.%Y в %H:%M}). "
            "Ваш текст не записан и остался здесь: сравните и сохраните ещё раз."
        )


@transaction.atomic
def add_part(course: Course, *, kind: str, title: str, parent: CoursePart | None = None, by: Actor) -> CoursePart:
    """A section or an empty page, the last one in its section. Audited. Raises ValidationError: too deep, too many."""
    touch_draft(course)
    parts = course.parts.standing()
    if parts.count() >= MOST_PARTS:
        raise ValidationError(f"В курсе уже {MOST_PARTS} страниц и разделов: начните второй курс.")
    part = CoursePart(course=course, parent=_section(course, parent), kind=kind, title=title, changed_by=by.person)
    part.position = _last(course, parent) + 1
    _refuse_deep(course, part, parent)
    part.full_clean()
    part.save()
    audit.record(by, "course.part_added", course, {"page": [None, title]})
    return part


@transaction.atomic
def rename_part(part: CoursePart, *, title: str, by: Actor) -> None:
    """A section's or a page's other name. Audited."""
    touch_draft(part.course)
    before, part.title = part.title, title
    part.full_clean()
    part.save(update_fields=["title", "changed_at"])
    if before != title:
        audit.record(by, "course.part_renamed", part.course, {"page": [before, title]})


@transaction.atomic
def move_part(part: CoursePart, *, up: bool, by: Actor) -> None:
    """Changes places with the neighbour in its section; the first and the last stay. Audited."""
    touch_draft(part.course)
    rows = list(part.course.parts.standing().filter(parent=part.parent_id).order_by("position", "pk"))
    here = next(number for number, row in enumerate(rows) if row.pk == part.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, 1):
        if row.position != position:
            CoursePart.objects.filter(pk=row.pk).update(position=position)
    audit.record(by, "course.part_moved", part.course, {"page": [None, part.title]})


@transaction.atomic
def put_into(part: CoursePart, parent: CoursePart | None, *, by: Actor) -> None:
    """Stands last in another section, or outside all. Audited. Raises ValidationError: into itself, too deep."""
    if part.parent_id == (parent.pk if parent else None):
        return
    touch_draft(part.course)
    _refuse_deep(part.course, part, _section(part.course, parent))
    part.position, part.parent = _last(part.course, parent) + 1, parent
    part.save(update_fields=["parent", "position"])
    audit.record(by, "course.part_moved", part.course, {"page": [None, part.title]})


@transaction.atomic
def remove_part(part: CoursePart, *, by: Actor) -> None:
    """Out of the course, with what stands in it; `restore_part` brings it back. Audited."""
    touch_draft(part.course)
    part.removed_at = timezone.now()
    part.save(update_fields=["removed_at"])
    audit.record(by, "course.part_removed", part.course, {"page": [part.title, None]})


@transaction.atomic
def restore_part(part: CoursePart, *, by: Actor) -> None:
    """Back where it stood; where its section is gone, outside all. Audited."""
    touch_draft(part.course)
    part.removed_at = None
    if part.parent and part.parent.removed_at:
        part.parent = None
    part.save(update_fields=["removed_at", "parent"])
    audit.record(by, "course.part_added", part.course, {"page": [None, part.title]})


@transaction.atomic
def save_text(
    part: CoursePart, *, title: str, text: str, seen: int, by: Actor, origin: str = CourseText.Origin.SAVED
) -> CoursePart:
    """The page's text by an author who had version `seen` before the eyes. Readers see it with the next release.

    Effects: a version, or the same one, where the author goes on within ten minutes and no release shows it; audit of
    a new version. Raises StaleText, ValidationError: too long.
    """
    touch_draft(part.course)
    row = CoursePart.objects.select_for_update(of=("self",)).select_related("course", "changed_by").get(pk=part.pk)
    if len(text) > MOST_LETTERS:
        raise ValidationError(f"На странице {len(text)} знаков, помещается {MOST_LETTERS}: разделите её на две.")
    if row.version != seen:
        raise StaleText(row)
    if (row.title, row.text) == (title, text) and row.version:
        return row
    version, is_new = _version_for(row, by, origin)
    row.title, row.text, row.version, row.changed_by = title, text, version.number, by.person
    row.full_clean(exclude=["course", "parent"])
    row.save()
    version.title, version.text, version.made_at = title, text, timezone.now()
    version.save()
    if is_new:
        audit.record(by, "course.page_saved", row.course, {"page": [None, title]})
    return row


def restore_text(part: CoursePart, number: int, *, seen: int, by: Actor) -> CoursePart:
    """A former version becomes the newest one. Effects of `save_text`. Raises StaleText, ValidationError."""
    former = part.texts.filter(number=number).first()
    if former is None:
        raise ValidationError("Такой версии у страницы нет.")
    return save_text(
        part, title=former.title, text=former.text, seen=seen, by=by, origin=CourseText.Origin.RESTORED
    )  # fmt: skip


def _version_for(row: CoursePart, by: Actor, origin: str) -> tuple[CourseText, bool]:
    last = row.texts.order_by("-number").first()
    goes_on = (
        last is not None
        and origin == last.origin == CourseText.Origin.SAVED
        and last.made_by_id == by.person.pk
        and timezone.now() - last.made_at < ONE_VERSION
        and not last.released.exists()
    )
    # The number grows with every saving, so that two tabs of one author see each other too.
    number = row.version + 1
    if goes_on:
        last.number = number
        return last, False
    return CourseText(part=row, number=number, origin=origin, made_by=by.person), True


def _section(course: Course, parent: CoursePart | None) -> CoursePart | None:
    if parent is not None and (parent.course_id != course.pk or parent.is_page or parent.removed_at):
        raise ValidationError("Страницы и разделы стоят в разделах этого же курса.")
    return parent


def _last(course: Course, parent: CoursePart | None) -> int:
    return course.parts.filter(parent=parent).aggregate(last=Max("position"))["last"] or 0


def _refuse_deep(course: Course, part: CoursePart, parent: CoursePart | None) -> None:
    depth = {place.part.pk: place.depth for place in places(course)}
    above = depth.get(parent.pk, 0) + 1 if parent else 0
    below = _below(course, part) if part.pk else []
    if parent and parent.pk in {part.pk, *(row.pk for row in below)}:
        raise ValidationError("Раздел не может стоять сам в себе.")
    height = max((depth[row.pk] - depth.get(part.pk, 0) for row in below if row.pk in depth), default=0)
    if above + height > DEEPEST:
        raise ValidationError(f"Разделы вкладывают не глубже {DEEPEST} уровней: читателю так не разобраться.")


def _below(course: Course, part: CoursePart) -> list[CoursePart]:
    found = order(list(course.parts.standing().defer("text")))
    inside: list[CoursePart] = []
    keys = {part.pk}
    for place in found:
        if place.part.parent_id in keys:
            keys.add(place.part.pk)
            inside.append(place.part)
    return inside
