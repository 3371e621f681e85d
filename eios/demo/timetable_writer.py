"""Rooms, bells and the timetable of the demonstration school's current year; some changes of this week."""

import datetime
from collections.abc import Iterable

from accounts.models import AcademicYear, User
from eios.demo.week import Wish, laid
from eios.lib.dates import today
from journal.models import Bell, BellSchedule, DayChange, Gradebook, Room, TeachingLoad, Timetable, TimetableLine

BATCH = 2000
FIRST_LESSON, LESSON, SHORT_LESSON = datetime.time(8, 30), 40, 30
BREAKS = (10, 15, 15, 20, 10, 10, 10)
# Subjects that have a place of their own; everybody else teaches in the teacher's room.
SPECIAL = {
    "Физическая культура": ("Спортзал", "Спортивный зал", True),
    "Труд (технология)": ("Мастерская", "Учебные мастерские", False),
    "Информатика": ("207", "Кабинет информатики", False),
}
FIRST_ROOM = 101
ROOMS_ON_FLOOR = 8


def write(year: AcademicYear, books: Iterable[Gradebook], by: User) -> list[TimetableLine]:
    """A timetable in force from the first day of the year; its lines."""
    _bells(year)
    loads = TeachingLoad.objects.filter(gradebook__in=books, replaces=None).order_by("pk")
    loads = {row.gradebook_id: row for row in loads}
    wishes = [
        Wish(row.gradebook_id, book.school_class_id, row.teacher_id, int(row.hours))
        for book in books
        if (row := loads.get(book.pk))
    ]
    rooms = _rooms({one.teacher for one in wishes})
    table = Timetable.objects.create(
        year=year, starts=year.starts, state="in_force", basis="Приказ о режиме работы школы", made_by=by
    )
    subjects = {book.pk: book.subject.name for book in books}
    lines = [
        TimetableLine(
            timetable=table, gradebook_id=pk, weekday=weekday, number=number, teacher_id=loads[pk].teacher_id,
            room=rooms.get(subjects[pk]) or rooms.get(loads[pk].teacher_id),
        )
        for pk, weekday, number in laid(wishes)
    ]  # fmt: skip
    _one_at_a_time(lines, rooms)
    return TimetableLine.objects.bulk_create(lines, batch_size=BATCH)


def _bells(year: AcademicYear) -> None:
    """Every day's, and those of short days before holidays."""
    for name, length, shift in (("Обычный день", LESSON, None), ("Сокращённый день", SHORT_LESSON, 30)):
        date = None if shift is None else datetime.date(year.starts.year, 12, shift)
        schedule = BellSchedule.objects.create(year=year, name=name, date=date)
        at = datetime.datetime.combine(year.starts, FIRST_LESSON)
        bells = []
        for number, pause in enumerate((*BREAKS, 0), 1):
            end = at + datetime.timedelta(minutes=length)
            bells.append(Bell(schedule=schedule, number=number, starts=at.time(), ends=end.time()))
            at = end + datetime.timedelta(minutes=pause if shift is None else 10)
        Bell.objects.bulk_create(bells)


def _rooms(teachers: set[int]) -> dict:
    """By the subject's name or the teacher's key."""
    found = {}
    for name, (number, title, shared) in SPECIAL.items():
        found[name] = Room.objects.get_or_create(name=number, defaults={"title": title, "is_shared": shared})[0]
    for place, teacher in enumerate(sorted(teachers)):
        floor, number = divmod(place, ROOMS_ON_FLOOR)
        name = str(FIRST_ROOM + floor * 100 + number)
        found[teacher] = Room.objects.get_or_create(name=name)[0]
    return found


def _one_at_a_time(lines: list[TimetableLine], rooms: dict) -> None:
    """Of two lessons in one room at one time the second is given in its teacher's own."""
    taken = set()
    for line in lines:
        if (line.room, line.weekday, line.number) in taken and not line.room.is_shared:
            line.room = rooms.get(line.teacher_id)
        taken.add((line.room, line.weekday, line.number))


def write_changes(year: AcademicYear, by: User) -> None:
    """Today a lesson falls out and another is given by somebody else; where there are no lessons today, nothing."""
    date = today()
    lines = TimetableLine.objects.filter(timetable__year=year, weekday=date.weekday()).order_by("number", "pk")
    lines = list(lines.select_related("gradebook__school_class"))
    if not (year.starts <= date <= year.ends) or not lines:
        return
    last = max(lines, key=lambda one: (one.number, -one.pk))
    busy = {one.teacher_id for one in lines if one.number == lines[0].number}
    free = TeachingLoad.objects.on(date).exclude(teacher__in=busy).order_by("pk").first()
    rows = [DayChange(gradebook=last.gradebook, date=date, number=last.number, kind="cancelled",
                      reason="Классный час", made_by=by)]  # fmt: skip
    if free and last.pk != lines[0].pk:
        rows.append(
            DayChange(gradebook=lines[0].gradebook, date=date, number=lines[0].number, kind="replaced",
                      teacher=free.teacher, reason="Болезнь учителя", made_by=by)
        )  # fmt: skip
    DayChange.objects.bulk_create(rows)


def held(lines: Iterable[TimetableLine], days: Iterable[datetime.date]) -> dict[int, list[tuple]]:
    """(day, which lesson of the subject that day) of each gradebook."""
    of_day: dict[int, dict[int, int]] = {}
    for line in lines:
        week = of_day.setdefault(line.gradebook_id, {})
        week[line.weekday] = week.get(line.weekday, 0) + 1
    return {
        pk: [(day, slot) for day in days for slot in range(1, week.get(day.weekday(), 0) + 1)]
        for pk, week in of_day.items()
    }  # fmt: skip
