"""The demonstration school's gradebooks."""

import datetime
from random import Random

from eios.demo import marks

MONDAY = datetime.date(2026, 9, 7)
WEEK = [MONDAY + datetime.timedelta(days=number) for number in range(5)]


def test_lessons_are_spread_over_the_week():
    assert [day.weekday() for day, _ in marks.lessons(1, 2, WEEK)] == [1, 3]
    assert len(marks.lessons(0, 5, WEEK)) == 5
    assert [slot for day, slot in marks.lessons(0, 6, WEEK) if day == MONDAY] == [1, 2]


def test_nobody_gets_a_mark_while_away():
    days = [MONDAY + datetime.timedelta(days=number) for number in range(200)]
    rng = Random(1)  # noqa: S311
    away = marks.absences(rng, days)
    given = marks.marks(rng, 4, 1, [(day, 1) for day in days], away)
    assert away
    assert given
    assert not {one.date for one in given} & set(away)
    assert marks.mean(given) == round(
        100 * sum(one.number * one.weight for one in given) / sum(o.weight for o in given)
    )
