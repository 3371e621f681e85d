"""Lessons of one day as the deputy changes them: who is free, what can't be (1.3 b, 6.2). Reads only."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Q

from accounts.marks import digest
from accounts.models import AcademicYear, User
from accounts.staff import employed
from journal import timetables
from journal.conflicts import Placed, What, conflicts
from journal.models import DAY_BASIS, DayChange, Gradebook, Room, TeachingLoad, TimetableLine

Kind = DayChange.Kind
STALE = "Пока вы смотрели, этот урок изменили. Посмотрите, каким он стал, и отправьте ещё раз."
# The kind of notifications.
CHANGED = "day_change"
Groups = list[tuple[str, list[tuple[int, str]]]]


class Place(NamedTuple):
    """Where a lesson stands."""

    gradebook: Gradebook
    date: datetime.date
    number: int


@dataclass(frozen=True)
class DayLesson:
    """A lesson of the day as it is now; `usual_…` as the week has it, None of one that is put in."""

    gradebook: Gradebook
    date: datetime.date
    number: int
    teacher: User | None = None
    room: Room | None = None
    usual_teacher: User | None = None
    usual_room: Room | None = None
    change: DayChange | None = None

    @property
    def is_fallen(self) -> bool:
        return self.change is not None and self.change.kind == Kind.CANCELLED

    @property
    def is_added(self) -> bool:
        return self.change is not None and self.change.kind == Kind.ADDED

    @property
    def place(self) -> Place:
        return Place(self.gradebook, self.date, self.number)

    @property
    def mark(self) -> str:
        """What a page showed."""
        people = [one and one.pk for one in (self.teacher, self.room, self.usual_teacher, self.usual_room)]
        change = self.change and (self.change.kind, self.change.reason)
        return digest([self.gradebook.pk, self.date, self.number, people, change])

    @property
    def words(self) -> str:
        """«3-й урок, 7А, Алгебра: Белова И. П., каб. 214»."""
        given = ", ".join(filter(None, [self.teacher and self.teacher.initials, self.room and f"каб. {self.room}"]))
        return f"{self.number}-й урок, {self.gradebook}" + (f": {given}" if given else "")


@dataclass(frozen=True)
class Day:
    year: AcademicYear
    date: datetime.date
    lessons: tuple[DayLesson, ...] = ()

    def at(self, gradebook: Gradebook, number: int) -> DayLesson | None:
        found = (one for one in self.lessons if one.gradebook.pk == gradebook.pk and one.number == number)
        return next(found, None)

    def beside(self, place: Place) -> list[DayLesson]:
        """Other lessons that take place at that hour."""
        same = [one for one in self.lessons if one.number == place.number and not one.is_fallen]
        return [one for one in same if one.gradebook.pk != place.gradebook.pk]

    def chosen(self, school_class: int | None, teacher: int | None) -> list[DayLesson]:
        """Of a class; of a teacher: those that are the teacher's in the week first, then those taken over."""
        found = [one for one in self.lessons if school_class in (None, one.gradebook.school_class_id)]
        if teacher is None:
            return found
        usual = [one for one in found if one.usual_teacher and one.usual_teacher.pk == teacher]
        taken = [one for one in found if one not in usual and one.teacher and one.teacher.pk == teacher]
        return usual + taken


def day_of(year: AcademicYear, date: datetime.date) -> Day:
    """All lessons of the day, by class and number; nine queries however many there are."""
    rows = DayChange.objects.filter(date=date, gradebook__school_class__year=year).select_related("made_by")
    changes = {(one.gradebook_id, one.number): one for one in rows}
    weekly = timetables.weekly(year, date, date)
    taken = timetables.taken(timetables.replacements(date, date).filter(gradebook__school_class__year=year))
    weekly = [replace(one, change="") for one in timetables.replaced(weekly, taken)]
    usual = {(one.gradebook, one.number): one for one in weekly}
    found = timetables.changed(weekly, changes.values())
    books = {one.pk: one for one in Gradebook.objects.filter(pk__in={one.gradebook for one in found}).listed()}
    teachers = _teachers(books, date)
    people = User.objects.in_bulk({one.teacher for one in (*found, *weekly) if one.teacher} | set(teachers.values()))
    rooms = Room.objects.in_bulk({one.room for one in (*found, *weekly) if one.room})
    order = {pk: place for place, pk in enumerate(books)}
    lessons = []
    for one in sorted(found, key=lambda one: (_class_key(books[one.gradebook]), one.number, order[one.gradebook])):
        key, before = (one.gradebook, one.number), usual.get((one.gradebook, one.number))
        by_load = teachers.get(one.gradebook)
        lessons.append(DayLesson(
            books[one.gradebook], date, one.number,
            people.get(one.teacher or by_load), rooms.get(one.room),
            people.get(before.teacher or by_load) if before else None, rooms.get(before.room) if before else None,
            changes.get(key),
        ))  # fmt: skip
    return Day(year, date, tuple(lessons))


def _class_key(gradebook: Gradebook) -> tuple:
    return gradebook.school_class.grade, gradebook.school_class.letter, gradebook.school_class_id


def _teachers(gradebooks: Collection[int], date: datetime.date) -> dict[int, int]:
    """Gradebook → who teaches it by the load: who replaces before who is replaced. One who replaces for the day only is
    named by the day's change."""
    rows = TeachingLoad.objects.on(date).filter(gradebook__in=gradebooks).exclude(basis__startswith=DAY_BASIS)
    found: dict[int, tuple[bool, int]] = {}
    for book, teacher, replaced in rows.order_by("starts", "pk").values_list("gradebook", "teacher", "replaces"):
        if book not in found or (replaced is not None and found[book][0]):
            found[book] = (replaced is None, teacher)
    return {book: teacher for book, (_, teacher) in found.items()}


# What can't be


def clashes(day: Day, wanted: DayLesson, kinds: Collection[What] = tuple(What)) -> list[str]:
    """Why the lesson can't be so beside the others of the hour, in words."""
    rows = [wanted, *day.beside(wanted.place)]
    found = conflicts(_placed(key, one) for key, one in enumerate(rows))
    return [
        _clash(one.what, wanted, rows[one.other.key])
        for one in found
        if one.one.key == 0 and one.what in kinds
    ]  # fmt: skip


def _placed(key: int, one: DayLesson) -> Placed:
    book, room = one.gradebook, one.room
    return Placed(
        key, 0, one.number, TimetableLine.Week.EVERY, book.pk, book.school_class_id, book.subgroup_id, book.subject_id,
        one.teacher and one.teacher.pk, room and room.pk, bool(room and room.is_shared),
    )  # fmt: skip


def _clash(what: What, wanted: DayLesson, other: DayLesson) -> str:
    named = {What.TEACHER: wanted.teacher and wanted.teacher.initials, What.ROOM: wanted.room}.get(what)
    who = f" ({named})" if named else ""
    return f"{wanted.date:%d.%m.%Y}, {wanted.number}-й урок: {what.value}{who}. Там уже стоит: {other.gradebook}."


def other_half(change: DayChange) -> DayChange | None:
    """Of a lesson that was moved: where it fell out, or where it was put in. One query."""
    rows = DayChange.objects.filter(Q(moved_to=change.pk) | Q(moved_from=change.pk))
    return rows.select_related("gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup").first()


def as_usual(lesson: DayLesson) -> DayLesson:
    """The same without its change."""
    return replace(lesson, teacher=lesson.usual_teacher, room=lesson.usual_room, change=None)


# Whom and where to choose


def teachers_for(day: Day, place: Place) -> Groups:
    """Employees in groups: free who teach the subject, other free teachers, free others, busy with where; two queries.

    A busy one may take two groups of one subject together, in one room.
    """
    busy = _busy(day, place, lambda one: one.teacher)
    loads = dict.fromkeys(TeachingLoad.objects.on(day.date).values_list("teacher", flat=True).order_by(), False)
    of_subject = TeachingLoad.objects.on(day.date).filter(gradebook__subject=place.gradebook.subject_id)
    loads |= dict.fromkeys(of_subject.values_list("teacher", flat=True).order_by(), True)
    groups: Groups = [("Свободны, ведут этот предмет", []), ("Свободны", []), ("Без нагрузки", []), ("Заняты", [])]
    for one in employed(day.date):
        if one.pk in busy:
            groups[3][1].append((one.pk, f"{one.get_full_name()} — {busy[one.pk]}"))
            continue
        group = 2 if one.pk not in loads else 0 if loads[one.pk] else 1
        groups[group][1].append((one.pk, one.get_full_name()))
    return [one for one in groups if one[1]]


def rooms_for(day: Day, place: Place) -> Groups:
    """Rooms in which lessons are given: free, shared ones among them, and busy with whom; one query."""
    busy = _busy(day, place, lambda one: one.room)
    groups: Groups = [("Свободны", []), ("Заняты", [])]
    for one in Room.objects.filter(is_active=True):
        words = f"{one.name}, {one.title}" if one.title else one.name
        taken = one.pk in busy and not one.is_shared
        groups[taken][1].append((one.pk, f"{words} — {busy[one.pk]}" if taken else words))
    return [one for one in groups if one[1]]


def _busy(day: Day, place: Place, what) -> dict[int, str]:
    """Key of a teacher or room → the lesson that holds it at that hour."""
    return {what(one).pk: str(one.gradebook) for one in day.beside(place) if what(one)}


def teachers_of(lessons: Iterable[DayLesson]) -> list[User]:
    """Who has lessons that day, in the week or as it is, by name: who may be absent."""
    found = {who.pk: who for one in lessons for who in (one.usual_teacher, one.teacher) if who}
    return sorted(found.values(), key=lambda one: (one.sort_name, one.pk))
