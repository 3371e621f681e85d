"""Whoever gives a lesson of a day, or gave it until now, hears that it has changed (1.3 b)."""

from django.urls import reverse
from django.utils import timezone

from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib import russian
from journal.changes import CHANGED, DayLesson


def tell(before: DayLesson | None, after: DayLesson | None, *, by: Actor) -> None:
    """A lesson of the day as it was and as it is now; None where there is none.

    Effects: a line in the inbox of each whom it concerns: the substitute, whose lesson it is by the week, who was
    substitute before. Why it changed is not said: that is somebody's illness. Who made the change knows of it.
    """
    found = after or before
    if found is None:
        return
    told = {}
    for person in (_giver(before), _giver(after), found.usual_teacher):
        words = _words(person, before, after) if person else ""
        if words:
            told[person] = f"{words}: {_where(found)}."
    substitutes = {_giver(after)} - {found.usual_teacher, None}
    for person in substitutes & set(told) if found.usual_teacher else ():
        told[person] += f" По расписанию урок ведёт {found.usual_teacher.initials}."
    _send(told, found, by)


def tell_moved(before: DayLesson, after: DayLesson, *, by: Actor) -> None:
    """The lesson stands elsewhere now; who gives it there may be another."""
    told = {}
    words = f"Урок перенесён: {_where(before)} — на {_when(after)}{_room(after)}."
    for person in (before.usual_teacher, before.teacher, after.teacher):
        if person:
            other = after.teacher and after.teacher != person
            told[person] = f"{words} Его даст {after.teacher.initials}." if other else words
    if after.teacher and after.teacher not in (before.teacher, before.usual_teacher):
        told[after.teacher] = f"Вы на замене: {_where(after)}."
    _send(told, after, by)


def _giver(lesson: DayLesson | None) -> User | None:
    return None if lesson is None or lesson.is_fallen else lesson.teacher


def _words(person: User, before: DayLesson | None, after: DayLesson | None) -> str:
    """What has changed for the person; "" where nothing has."""
    was, now = _giver(before), _giver(after)
    usual = (after or before).usual_teacher
    if now is None:
        return "Урок отменён" if before and not before.is_fallen else ""
    if person == now == was:
        return "" if before.room == after.room else "Урок в другом кабинете"
    if person == now:
        return "Урок снова ваш" if person == usual else "Вы на замене" if usual else "Вам поставлен урок"
    if person == usual:
        return "" if was == now else f"Ваш урок даст {now.initials}"
    return "Замена снята" if usual else f"Урок даст {now.initials}"


def _when(lesson: DayLesson) -> str:
    return f"{russian.short_date(lesson.date)}, {lesson.number}-й урок"


def _where(lesson: DayLesson) -> str:
    """«12.10.2026, 3-й урок, 7 «А», Алгебра, каб. 214»"""
    return f"{_when(lesson)}, {lesson.gradebook}{_room(lesson)}"


def _room(lesson: DayLesson) -> str:
    if not lesson.room:
        return ""
    return f", каб. {lesson.room.name}" if lesson.room.name[:1].isdigit() else f", {lesson.room.name}"


def _send(told: dict[User, str], lesson: DayLesson, by: Actor) -> None:
    # Each change is an event of its own: one who is named, released and named again hears it three times.
    key = f"day-change:{lesson.gradebook.pk}:{lesson.date}:{lesson.number}:{timezone.now().isoformat()}"
    url = f"{reverse('journal:timetable')}?date={lesson.date}"
    for person, text in told.items():
        if person != by.person:
            notify([person], CHANGED, key=key, by=by, text=text, url=url)
