"""Whoever gives a lesson of a day, or gave it until now, hears that it has changed; of some days too (1.3 b)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib import russian
from journal import timetables
from journal.changes import CHANGED, DayLesson
from journal.models import TeachingLoad
from journal.timetables import Planned

# So many days are named one by one.
MOST_DAYS = 10


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
        told[person] += f" По расписанию урок ведёт {found.usual_teacher.initials}"
    _send(told, found, by)


def tell_moved(before: DayLesson, after: DayLesson, *, by: Actor) -> None:
    """The lesson stands elsewhere now; who gives it there may be another."""
    told = {}
    words = f"Урок перенесён: {_where(before)} — на {_when(after)}{_room(after)}."
    for person in (before.usual_teacher, before.teacher, after.teacher):
        if person:
            other = after.teacher and after.teacher != person
            told[person] = f"{words} Его даст {after.teacher.initials}" if other else words
    if after.teacher and after.teacher not in (before.teacher, before.usual_teacher):
        told[after.teacher] = f"Вы на замене: {_where(after)}."
    _send(told, after, by)


def tell_moved_back(before: DayLesson, after: DayLesson | None, *, by: Actor) -> None:
    """A lesson that was moved stands where it stood; None where the week has it no more. Effects as of `tell`."""
    if after is None:
        tell(before, None, by=by)
        return
    told = {}
    words = f"Перенос снят: урок снова {_where(after)}."
    for person in (before.teacher, after.teacher):
        if person:
            told[person] = words if person == after.teacher else f"Замена снята: {_where(before)}."
    _send(told, after, by)


def tell_replaced(rows: Iterable[TeachingLoad], *, by: Actor) -> None:
    """Replacements for some days as they are now: one line to each substitute and to each who is replaced, with the
    days and lessons of all. Effects as of `tell`."""
    told: dict[User, list[str]] = defaultdict(list)
    first: dict[User, datetime.date] = {}
    for row in rows:
        where = f"{row.gradebook}, {_days(row)}: {_lessons(row)}"
        told[row.teacher].append(f"Вы на замене: {where}. По нагрузке ведёт {row.replaces.initials}")
        told[row.replaces].append(f"Ваши уроки даст {row.teacher.initials}: {where}.")
        for person in (row.teacher, row.replaces):
            first[person] = min(row.starts, first.get(person, row.starts))
    for person, words in told.items():
        _tell_of_days(person, " ".join(words), first[person], by)


def tell_other_days(before: TeachingLoad, after: TeachingLoad, *, by: Actor) -> None:
    """A replacement has other days or another substitute than it had. Effects as of `tell`."""
    if (before.teacher, before.starts, before.ends) == (after.teacher, after.starts, after.ends):
        return
    if before.teacher != after.teacher:
        words = f"Замена снята: {before.gradebook}, {_days(before)}."
        _tell_of_days(before.teacher, words, before.starts, by)
    tell_replaced([after], by=by)


def _tell_of_days(person: User, text: str, starts: datetime.date, by: Actor) -> None:
    if person != by.person:
        key = f"replacement:{person.pk}:{timezone.now().isoformat()}"
        notify([person], CHANGED, key=key, by=by, text=text, url=_week_url(starts))


def _days(row: TeachingLoad) -> str:
    if row.starts == row.ends:
        return russian.short_date(row.starts)
    return f"с {russian.short_date(row.starts)} по {russian.short_date(row.ends)}"


def _lessons(row: TeachingLoad) -> str:
    """«12.10 — 1-й урок; 13.10 — 1-й, 3-й урок»: those of whom the row replaces."""
    year = row.gradebook.school_class.year
    days: dict[datetime.date, list[Planned]] = defaultdict(list)
    for one in timetables.planned(year, row.starts, row.ends, [row.gradebook_id]):
        if one.teacher is None or row.replaces_id in (one.teacher, one.usual):
            days[one.date].append(one)
    if not days:
        return "уроков в расписании на эти дни нет"
    words = [f"{day:%d.%m} — {', '.join(f'{one.number}-й' for one in found)} урок" for day, found in days.items()]
    more = len(words) - MOST_DAYS
    return "; ".join(words[:MOST_DAYS]) + (f" и ещё дней: {more}" if more > 0 else "")


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
    url = _week_url(lesson.date)
    for person, text in told.items():
        if person != by.person:
            notify([person], CHANGED, key=key, by=by, text=text, url=url)


def _week_url(date: datetime.date) -> str:
    """The own week of the date."""
    return f"{reverse('journal:timetable')}?date={date}"
