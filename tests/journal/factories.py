"""Rows of the journal for tests."""

import datetime

from accounts.models import SchoolClass, User
from eios.lib.dates import today
from journal.models import Absence, Gradebook, Lesson, Mark, Result, TeachingLoad, Timetable, TimetableLine
from tests.factories import LONG_AGO, make_calendar, make_class, make_subject

# Terms of the school year that began on 1 September of `first`.
TERMS = (((9, 1), (10, 24)), ((11, 3), (12, 30)), ((1, 12), (3, 27)), ((4, 6), (5, 26)))


def make_gradebook(*, school_class: SchoolClass | None = None, subject=None, **fields) -> Gradebook:
    return Gradebook.objects.create(
        school_class=school_class or make_class(grade=7), subject=subject or make_subject(), **fields
    )


def make_load(teacher: User, gradebook: Gradebook, *, starts=LONG_AGO, ends=None, hours=3, **fields) -> TeachingLoad:
    return TeachingLoad.objects.create(
        teacher=teacher, gradebook=gradebook, starts=starts, ends=ends, hours=hours, **fields
    )


def make_mark(gradebook: Gradebook, pupil: User, *, value="5", date=None, **fields) -> Mark:
    number = int(value) if value.isdigit() else None
    return Mark.objects.create(
        gradebook=gradebook, pupil=pupil, value=value, number=number, date=date or first_day(gradebook), **fields
    )


def make_absence(gradebook: Gradebook, pupil: User, *, code="ill", date=None, **fields) -> Absence:
    return Absence.objects.create(
        gradebook=gradebook, pupil=pupil, code=code, date=date or first_day(gradebook), **fields
    )


def make_result(gradebook: Gradebook, pupil: User, *, kind="term", number=None, value="4", **fields) -> Result:
    number = number if number is not None else (1 if kind == "term" else 0)
    return Result.objects.create(
        gradebook=gradebook, pupil=pupil, year=gradebook.school_class.year, subject=gradebook.subject, kind=kind,
        number=number, value=value, **fields,
    )  # fmt: skip


def first_day(gradebook: Gradebook) -> datetime.date:
    return gradebook.school_class.year.starts + datetime.timedelta(days=1)


def make_terms(year, *, level="basic"):
    """An approved calendar of four terms for the year."""
    calendar = make_calendar(level=level, approved=True, year=year)
    calendar.entries.all().delete()
    first = year.starts.year
    for number, (starts, ends) in enumerate(TERMS, 1):
        days = [datetime.date(first + (month < 9), month, day) for month, day in (starts, ends)]
        calendar.entries.create(kind="term", name=f"{number}-я четверть", starts=days[0], ends=days[1])
    return calendar


def make_lesson(gradebook: Gradebook, *, date=None, slot=1, works=(), **fields) -> Lesson:
    """`works`: weights of its columns, from the first place."""
    lesson = Lesson.objects.create(gradebook=gradebook, date=date or first_day(gradebook), slot=slot, **fields)
    for place, weight in enumerate(works, 1):
        lesson.works.create(place=place, weight=weight)
    return lesson


def make_line(timetable: Timetable, gradebook: Gradebook, *, weekday=0, number=1, **fields) -> TimetableLine:
    return TimetableLine.objects.create(
        timetable=timetable, gradebook=gradebook, weekday=weekday, number=number, **fields
    )


def make_timetable(year, *, starts=None, state="in_force", **fields) -> Timetable:
    return Timetable.objects.create(year=year, starts=starts or year.starts, state=state, **fields)


def make_open_year(year):
    """An approved calendar whose only term is the whole year, so that the day of the test is a day of lessons."""
    calendar = make_calendar(level="basic", approved=True, year=year)
    calendar.entries.all().delete()
    calendar.entries.create(kind="term", name="Учебный год", starts=year.starts, ends=year.ends)
    return calendar


def school_day() -> datetime.date:
    """Today, or the Friday before a weekend."""
    day = today()
    return day - max(day.weekday() - 4, 0) * datetime.timedelta(days=1)
