"""The verbs of a day's changes: a lesson cancelled, given by another or elsewhere, put in, moved (1.3 b, 6.2, 7.2)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import replace as with_

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import digest
from accounts.models import AcademicYear, User
from eios.lib import russian
from eios.lib.dates import today
from journal import changes
from journal import lessons as journal_lessons
from journal.actions import change_notices, lessons, load
from journal.changes import STALE, Day, DayLesson, Place
from journal.conflicts import What
from journal.models import DAY_BASIS, DayChange, Gradebook, Lesson, Room, TeachingLoad
from resources.calendars import days_of

Kind = DayChange.Kind
SAY_WHY = "День уже прошёл: напишите, почему меняете."
FALLEN = "Этого урока в этот день нет: сначала верните его."
NOTHING = "Выберите другого учителя или другой кабинет."


@transaction.atomic
def cancel(place: Place, *, seen: str, reason: str = "", by: Actor) -> DayChange:
    """The lesson falls out.

    Effects: a substitute of that day is released; the lesson's empty row goes where it is still ahead; those whom it
    concerns are told; audit. Raises
    ValidationError: a past day without a reason, a lesson that was put in (withdraw it), not what was `seen`.
    """
    day, lesson = _met(place, seen, reason)
    _refuse_fallen(lesson)
    if lesson.is_added:
        raise ValidationError("Это дополнительный урок: чтобы его не было, верните день, как было.")
    made = _save(lesson, Kind.CANCELLED, None, None, reason, by)
    _release(place, lesson.teacher, by)
    _follow(day.year, place.gradebook, [place.date], by)
    # Its row of a change says by now that it has fallen out.
    change_notices.tell(with_(lesson, change=None), None, by=by)
    return made


@transaction.atomic
def replace(
    place: Place, *, teacher: User | None = None, room: Room | None = None, seen: str, reason: str = "", by: Actor
) -> DayChange:  # fmt: skip
    """Another gives the lesson, or it is given elsewhere; None leaves the week's own.

    Effects: the substitute who has no load here gets one for the day, so as to enter marks; who was substitute before
    is released; the lesson's row follows; those whom it concerns are told; audit. Raises ValidationError as `cancel`,
    and where the teacher or the room is busy, or nothing differs from the week.
    """
    day, lesson = _met(place, seen, reason)
    _refuse_fallen(lesson)
    main = _main_load(place, None) if lesson.is_added else None
    own = lesson.usual_teacher or (main and main.teacher)
    teacher = None if teacher == own else teacher
    room = None if room == lesson.usual_room else room
    if not (teacher or room or lesson.is_added):
        raise ValidationError(NOTHING)
    wanted = with_(lesson, teacher=teacher or own, room=room or lesson.usual_room)
    kinds = [What.TEACHER] * (wanted.teacher != lesson.teacher) + [What.ROOM] * (wanted.room != lesson.room)
    _refuse_clashes(day, wanted, kinds)
    made = _save(lesson, Kind.ADDED if lesson.is_added else Kind.REPLACED, teacher, room, reason, by)
    if lesson.teacher != wanted.teacher:
        _release(place, lesson.teacher, by)
        _substitute(place, teacher, lesson.usual_teacher, reason, by)
    _follow(day.year, place.gradebook, [place.date], by)
    change_notices.tell(lesson, wanted, by=by)
    return made


@transaction.atomic
def add(
    place: Place, *, teacher: User | None = None, room: Room | None = None, reason: str = "", by: Actor
) -> DayChange:  # fmt: skip
    """A lesson that the week does not have; without a teacher the one of the load gives it. Effects and refusals as of
    `replace`, and where the class has a lesson, or the day is none of lessons."""
    day = _day(place, reason)
    made, there = _put_in(day, place, teacher, room, reason, by)
    _follow(day.year, place.gradebook, [place.date], by)
    change_notices.tell(None, there, by=by)
    return made


@transaction.atomic
def move(
    place: Place, to: Place, *, teacher: User | None = None, room: Room | None = None, seen: str, reason: str = "",
    by: Actor,
) -> DayChange:  # fmt: skip
    """The lesson falls out here and is put in there, with its teacher and room unless others are named.

    Effects: within a day its row moves with all that is written; on another day a new row stands; what is written stays
    where it was. Refusals as of `cancel` and `add`.
    """
    day, lesson = _met(place, seen, reason)
    _refuse_fallen(lesson)
    if to[1:] == place[1:]:
        raise ValidationError("Урок уже стоит на этом месте: укажите другой день или номер.")
    words = _told(f"Перенос на {russian.short_date(to.date)}, {to.number}-й урок", reason)
    fallen = lesson.change and lesson.change.moved_from
    if lesson.is_added:
        delete_row(lesson.change, by=by, basis=reason)
        if fallen:
            fallen.reason = words
            save_row(fallen, by=by, basis=reason)
    else:
        fallen = _save(lesson, Kind.CANCELLED, None, None, words, by)
    _release(place, lesson.teacher, by)
    other = changes.day_of(day.year, to.date) if to.date == day.date else _day(to, reason)
    was = fallen or place
    words = f"Перенос с {russian.short_date(was.date)}, {was.number}-й урок"
    made, there = _put_in(
        other, to, teacher or lesson.teacher, room or lesson.room, _told(words, reason), by, moved_from=fallen
    )  # fmt: skip
    _follow(day.year, place.gradebook, {place.date, to.date}, by)
    change_notices.tell_moved(lesson, there, by=by)
    return made


@transaction.atomic
def withdraw(change: DayChange, *, seen: str, reason: str = "", by: Actor) -> None:
    """The lesson is again as the week has it; one that was put in is gone; one that was moved stands where it stood.

    Effects as of `cancel`. Raises ValidationError where the teacher, the room or the class is busy by now, and where
    something is written in a lesson that was moved to another day.
    """
    place = Place(change.gradebook, change.date, change.number)
    day = _day(place, reason)
    row = DayChange.objects.select_for_update(of=("self",)).filter(pk=change.pk).first()
    lesson = day.at(place.gradebook, place.number)
    if row is None or mark_of(row, lesson) != seen:
        raise ValidationError(STALE)
    half = changes.other_half(row)
    if half is not None:
        fallen, added = (half, row) if row.kind == Kind.ADDED else (row, half)
        _move_back(fallen, added, reason, by)
        return
    was = row.teacher
    if lesson is not None and not lesson.is_added:
        kinds = tuple(What) if lesson.is_fallen else (What.TEACHER, What.ROOM)
        _refuse_clashes(day, changes.as_usual(lesson), kinds)
    delete_row(row, by=by, basis=reason)
    _release(place, was, by)
    _follow(day.year, place.gradebook, [place.date], by)
    if lesson is not None:
        change_notices.tell(lesson, None if lesson.is_added else changes.as_usual(lesson), by=by)


def mark_of(change: DayChange, lesson: DayLesson | None) -> str:
    """What the page of withdrawing showed, both halves of a move; a change whose lesson the week has no more is known
    by itself."""
    half = changes.other_half(change)
    shown = lesson.mark if lesson else f"{change.pk}-{change.kind}"
    return digest([shown, half.pk, half.teacher_id, half.room_id]) if half else shown


def _move_back(fallen: DayChange, added: DayChange, reason: str, by: Actor) -> None:
    """Within a day the lesson's row comes back with all that is written."""
    place, there = (Place(one.gradebook, one.date, one.number) for one in (fallen, added))
    days = {one.date: _day(one, reason) for one in (place, there)}
    written = journal_lessons.written_in(*there) if place.date != there.date else []
    if written:
        when = f"{russian.short_date(there.date)}, {there.number}-й урок"
        raise ValidationError(
            f"В перенесённом уроке ({when}) уже есть: {', '.join(written)}. Пусть учитель сначала перепишет это "
            "в другой урок и уберёт здесь; или оставьте перенос, как есть."
        )
    before = days[there.date].at(there.gradebook, there.number)
    delete_row(added, by=by, basis=reason)
    delete_row(fallen, by=by, basis=reason)
    after = changes.day_of(days[place.date].year, place.date)
    lesson = after.at(place.gradebook, place.number)
    if lesson is not None:
        _refuse_clashes(after, lesson)
    _release(there, added.teacher, by)
    _follow(after.year, place.gradebook, {place.date, there.date}, by)
    if before is not None:
        change_notices.tell_moved_back(before, lesson, by=by)


# Steps


def _day(place: Place, reason: str) -> Day:
    """The day, read anew; whoever changes days of the year waits. Raises ValidationError."""
    year = place.gradebook.school_class.year
    year = AcademicYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    if not year.starts <= place.date <= year.ends:
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError(f"День — в пределах учебного года: {days}.")
    if place.date < today() and not reason:
        raise ValidationError({"reason": SAY_WHY})
    return changes.day_of(year, place.date)


def _met(place: Place, seen: str, reason: str) -> tuple[Day, DayLesson]:
    day = _day(place, reason)
    lesson = day.at(place.gradebook, place.number)
    if lesson is None or lesson.mark != seen:
        raise ValidationError(STALE)
    return day, lesson


def _refuse_fallen(lesson: DayLesson) -> None:
    if lesson.is_fallen:
        raise ValidationError(FALLEN)


def _refuse_clashes(day: Day, wanted: DayLesson, kinds: Collection[What] = tuple(What)) -> None:
    found = changes.clashes(day, wanted, kinds)
    if found:
        raise ValidationError(found)


def _put_in(
    day: Day, place: Place, teacher: User | None, room: Room | None, reason: str, by: Actor,
    moved_from: DayChange | None = None,
) -> tuple[DayChange, DayLesson]:  # fmt: skip
    book = place.gradebook
    if not days_of(day.year, book.school_class.grade).is_school_day(place.date):
        raise ValidationError({"date": "По календарному графику это не учебный день."})
    there = day.at(book, place.number)
    if there is not None:
        raise ValidationError(FALLEN if there.is_fallen else "Этот урок уже стоит.")
    main = _main_load(place, None)
    wanted = DayLesson(*place, teacher=teacher or (main and main.teacher), room=room)
    _refuse_clashes(day, wanted)
    # A change whose line the week has no more stands in the way unseen.
    hidden = DayChange.objects.filter(gradebook=book, date=place.date, number=place.number).first()
    row = hidden or DayChange(gradebook=book, date=place.date, number=place.number)
    row.moved_from = moved_from
    made = _save(with_(wanted, change=row), Kind.ADDED, teacher, room, reason, by)
    _substitute(place, teacher, None, reason, by)
    return made, wanted


def _save(
    lesson: DayLesson, kind: str, teacher: User | None, room: Room | None, reason: str, by: Actor
) -> DayChange:  # fmt: skip
    book, date, number = lesson.place
    row = lesson.change or DayChange(gradebook=book, date=date, number=number)
    row.kind, row.teacher, row.room, row.reason, row.made_by = kind, teacher, room, reason, by.person
    return save_row(row, by=by, basis=reason)


def _told(words: str, reason: str) -> str:
    """What stands as the reason of both halves of a move; the field takes 300 letters."""
    return f"{words}. {reason}"[:300] if reason else words


def _main_load(place: Place, teacher: User | None) -> TeachingLoad | None:
    """The load that is replaced: the teacher's own, else the first of the gradebook."""
    rows = TeachingLoad.objects.on(place.date).filter(gradebook=place.gradebook, replaces=None).order_by("starts", "pk")
    rows = list(rows.select_related("teacher", "gradebook__school_class__year"))
    return next((one for one in rows if teacher and one.teacher_id == teacher.pk), rows[0] if rows else None)


def _substitute(place: Place, teacher: User | None, usual: User | None, reason: str, by: Actor) -> None:
    """Who gives the lesson enters its marks: by the load of that day (7.2)."""
    held = TeachingLoad.objects.on(place.date).filter(gradebook=place.gradebook, teacher=teacher)
    if teacher is None or held.exists():
        return
    basis = f"{DAY_BASIS}. {reason}".strip()[:300]
    main = _main_load(place, usual)
    if main is not None:
        load.put_replacement(main, teacher, place.date, place.date, by=by, basis=basis)
        return
    days = {"starts": place.date, "ends": place.date}
    load.save_load(TeachingLoad(gradebook=place.gradebook, teacher=teacher, basis=basis, **days), by=by)


def _release(place: Place, teacher: User | None, by: Actor) -> None:
    """The load of the day goes with the last lesson that it was made for; what was entered by it stays."""
    if teacher is None:
        return
    book, date, _ = place
    other = DayChange.objects.filter(gradebook=book, date=date, teacher=teacher).exclude(number=place.number)
    if other.exists():
        return
    made = TeachingLoad.objects.filter(
        gradebook=book, teacher=teacher, starts=date, ends=date, basis__startswith=DAY_BASIS
    )  # fmt: skip
    for row in made:
        delete_row(row, by=by, basis=row.basis)


def _follow(year: AcademicYear, gradebook: Gradebook, dates: Iterable[datetime.date], by: Actor) -> None:
    """Rows of lessons that were generated: those ahead by the rule of `lessons.follow`; of a day that is over the
    teacher, number and place are put right, and nothing goes."""
    for date in sorted(dates):
        if date >= today():
            lessons.follow([gradebook], date, date, by=by)
        elif not gradebook.is_mirror and Lesson.objects.filter(gradebook=gradebook).exists():
            lessons.generate(gradebook, date, date, by=by)
