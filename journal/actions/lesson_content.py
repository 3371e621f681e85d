"""The verbs of what stands in a lesson: topic, what was done, columns for marks, homework and its files (1.3 b)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, Stale
from journal import lessons
from journal.actions.lessons import refuse_closed
from journal.entry import Door
from journal.file_owners import HOMEWORK_FILE
from journal.models import CellChange, Homework, Lesson, LessonWork, Mark, WorkKind

FIRST_STAYS = "Первая колонка остаётся, пока есть другие: в ней стоят пропуски."
MOST_FILES = 10


@dataclass(frozen=True)
class Work:
    """A column as it is wanted; a new one has no place yet."""

    place: int | None
    kind: WorkKind | None
    title: str
    weight: Decimal
    is_removed: bool = False


@dataclass(frozen=True)
class Asked:
    """A homework as it is wanted; without words, files and links there is none. `dropped`: keys of its files."""

    text: str = ""
    due: datetime.date | None = None
    links: dict[str, Sequence] = field(default_factory=dict)
    uploads: Sequence = ()
    dropped: Sequence[int] = ()


@transaction.atomic
def save_lesson(
    door: Door, lesson: Lesson, works: Sequence[Work], asked: Asked, *, seen: Seen | None, reason: str = "", by: Actor
) -> Lesson:  # fmt: skip
    """Writes a lesson's page as a whole.

    Effects: the lesson; its columns, and weight and kind of the marks that stand in them; its homework, files on the
    quota of who gives them; audit of each. Raises ValidationError (closed, a column with marks taken away), Stale,
    FileRefused.
    """
    refuse_closed(door, lesson.date, reason)
    stored = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson.pk).first()
    if stored is None:
        raise ValidationError("Этого урока уже нет.")
    if seen is not None and lessons.seen_of_lesson(stored) != seen:
        raise Stale(stored)
    for name in lessons.FIELDS:
        setattr(stored, name, getattr(lesson, name))
    if stored.topic and not stored.subject_matter:
        stored.subject_matter = stored.topic.name
    save_row(stored, by=by, basis=reason)
    _save_works(stored, works, by, reason)
    _save_homework(stored, asked, by, reason)
    return stored


# Columns


def _save_works(lesson: Lesson, wanted: Sequence[Work], by: Actor, reason: str) -> None:
    standing = {one.place: one for one in lessons.works_of(lesson)}
    gone = {one.place for one in wanted if one.is_removed and one.place in standing}
    new = [one for one in wanted if one.place is None and not one.is_removed]
    if len(standing) - len(gone) + len(new) > lessons.MOST_WORKS:
        raise ValidationError(f"У урока — не больше {lessons.MOST_WORKS} колонок.")
    if 1 in gone and (len(standing) > len(gone) or new):
        raise ValidationError(FIRST_STAYS)
    for place in sorted(gone):
        _remove_work(lesson, standing.pop(place), by, reason)
    for one in wanted:
        if one.place in standing and not one.is_removed:
            _change_work(lesson, standing[one.place], one, by, reason)
    for one in new:
        place = next(place for place in range(1, lessons.MOST_WORKS + 1) if place not in standing)
        row = LessonWork(lesson=lesson, place=place)
        standing[place] = row
        _change_work(lesson, row, one, by, reason)


def _remove_work(lesson: Lesson, row: LessonWork, by: Actor, reason: str) -> None:
    """A column with marks stays, and so does one whose cells have a history: it would show another column's."""
    where = _cells(lesson, place=row.place)
    if Mark.objects.filter(**where).exists():
        raise ValidationError(f"«{row}»: в колонке есть отметки. Сначала уберите их.")
    if row.place > 1 and CellChange.objects.filter(**where).exists():
        raise ValidationError(f"«{row}»: в колонке были отметки, их история хранится. Колонку убрать нельзя.")
    delete_row(row, by=by, basis=reason)


def _change_work(lesson: Lesson, row: LessonWork, wanted: Work, by: Actor, reason: str) -> None:
    row.kind, row.title, row.weight = wanted.kind, wanted.title, wanted.weight
    save_row(row, by=by, basis=reason)
    marks = Mark.objects.filter(**_cells(lesson, place=row.place))
    marks.update(weight=row.weight, work=row.kind.code if row.kind else "")


def _cells(lesson: Lesson, **more) -> dict:
    return {"gradebook": lesson.gradebook_id, "date": lesson.date, "slot": lesson.slot, **more}


# Homework


def _save_homework(lesson: Lesson, asked: Asked, by: Actor, reason: str) -> None:
    row = lessons.homework_of(lesson)
    dropped = [one for one in lessons.files_of(row) if one.pk in set(asked.dropped)]
    kept = len(lessons.files_of(row)) - len(dropped) + len(asked.uploads)
    if kept > MOST_FILES:
        raise ValidationError(f"К заданию — не больше {MOST_FILES} файлов.")
    if not (asked.text or kept or any(asked.links.values())):
        if row is not None:
            delete_row(row, by=by, basis=reason)
        return
    if asked.due and asked.due < lesson.date:
        raise ValidationError({"due": "Задание — ко дню не раньше урока."})
    row = row or Homework(lesson=lesson)
    row.text, row.due = asked.text, asked.due
    save_row(row, by=by, basis=reason)
    _link(row, asked.links, by, reason)
    for one in dropped:
        delete_row(one, by=by, basis=reason)
    for upload in asked.uploads:
        file = files.store(upload, kind=HOMEWORK_FILE, by=by, owner=by.person)
        save_row(row.files.model(homework=row, file=file), by=by, basis=reason)


def _link(row: Homework, links: dict[str, Sequence], by: Actor, reason: str) -> None:
    """Platforms, resources and courses; what changed is said in the trail by name of the list."""
    changes = {}
    for name in lessons.LISTS:
        before = sorted(getattr(row, name).values_list("pk", flat=True))
        after = sorted(one.pk for one in links.get(name, ()))
        if before != after:
            getattr(row, name).set(after)
            changes[name] = [", ".join(map(str, before)), ", ".join(map(str, after))]
    if changes:
        audit.record(by, "homework.changed", row, changes, basis=reason)
