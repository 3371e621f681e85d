"""A gradebook kept here as large as the limit's grid, and an endless teacher who changes its cells one at a time."""

import datetime
import itertools
import json
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.bench.targets import BOOK, CLASS

PUPILS, LESSONS = 30, 60
TEACHER = "teacher1"
# Saves are asked for by these keys, so that the rows have keys of their own, far from others'.
FIRST_LESSON = 9_000_000
VALUES = ("2", "3", "4", "5")
# Two lessons a day: so many have been within two months, most of them in closed windows, the last ones open.
DAYS = LESSONS // 2
OPEN_LESSONS = 8


def fill() -> dict:
    """Rows of the gradebook; keys of its pupils and of the lessons that are open, for `saves`."""
    from django.contrib.auth import get_user_model

    from accounts.models import Enrolment, SchoolClass
    from eios.lib.dates import today
    from journal.models import Gradebook, Lesson, Mark, Subgroup, SubgroupMember, TeachingLoad
    from resources.calendars import days_of
    from resources.models import Subject

    school_class = SchoolClass.objects.select_related("year").get(pk=CLASS)
    year, date = school_class.year, today()
    subject = Subject.objects.create(name="Предмет замера", area=Subject.objects.first().area)
    group = Subgroup.objects.create(school_class=school_class, subject=subject, name="Замер")
    book = Gradebook.objects.create(pk=BOOK, school_class=school_class, subject=subject, subgroup=group, kept="here")
    teacher = get_user_model().objects.get(username=TEACHER)
    TeachingLoad.objects.create(gradebook=book, teacher=teacher, starts=year.starts, ends=year.ends, hours=5)
    pupils = list(Enrolment.objects.on(date).order_by("pk").values_list("pupil", flat=True)[:PUPILS])
    SubgroupMember.objects.bulk_create(
        SubgroupMember(subgroup=group, pupil_id=pupil, starts=year.starts) for pupil in pupils
    )
    calendar = days_of(year, school_class.grade)
    past = (date - datetime.timedelta(days=back) for back in range(400))
    days = sorted(itertools.islice((day for day in past if calendar.is_school_day(day)), DAYS))
    lessons = [_lesson(Lesson, book, days[number // 2], number) for number in range(LESSONS)]
    Lesson.objects.bulk_create(lessons)
    Mark.objects.bulk_create(
        Mark(gradebook=book, pupil_id=pupil, date=one.date, slot=one.slot, value=VALUES[0], number=int(VALUES[0]))
        for one in lessons
        for pupil in pupils
    )
    return {"pupils": pupils, "lessons": [one.pk for one in lessons[-OPEN_LESSONS:]]}


def _lesson(model, book, date: datetime.date, number: int):
    place = number % 2 + 1
    return model(pk=FIRST_LESSON + number, gradebook=book, date=date, slot=place, number=place)


def saves(told: dict, csrf: str) -> Iterator[str]:
    """Forms, each of which changes the next cell of the open lessons from what it is to another mark."""
    for turn in itertools.count():
        was, value = VALUES[turn % len(VALUES)], VALUES[(turn + 1) % len(VALUES)]
        for lesson, pupil in itertools.product(told["lessons"], told["pupils"]):
            cells = json.dumps([[lesson, 1, pupil, was, value]])
            yield urlencode({"csrfmiddlewaretoken": csrf, "cells": cells, "period": "0"})
