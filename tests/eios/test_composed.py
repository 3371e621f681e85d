"""Queries composed once: the same rows as the usual way, whatever was asked before."""

import datetime

import pytest

from accounts.models import Appointment
from eios.lib.composed import LARGEST_KEY, SOME_DAY, Composed, ComposedRows, key
from tests.factories import make_class, make_employee

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 1, 1)


def _rows(person, day):
    return Appointment.objects.on(day).filter(person=person).order_by("pk")


VALUES = Composed(lambda person, day: _rows(person, day).values_list("pk", "starts"), person=key(0), day=SOME_DAY)
ROWS = ComposedRows(_rows, "position", "school_class", person=key(0), day=SOME_DAY)


def test_each_asking_has_its_own_values():
    people = [make_employee(starts=DAY, ends=DAY + datetime.timedelta(days=n)) for n in (0, 5)]
    for person in people:
        for day in (DAY, DAY + datetime.timedelta(days=3)):
            expected = list(_rows(person.pk, day).values_list("pk", "starts"))
            assert VALUES.rows(person=person.pk, day=day) == expected
    assert VALUES.rows(person=LARGEST_KEY + 1, day=DAY) == []


def test_rows_come_with_what_they_refer_to(django_assert_num_queries):
    leader = make_employee(position="class_teacher", school_class=make_class(grade=7))
    plain = make_employee()
    for person in (leader, plain):
        with django_assert_num_queries(1):
            (row,) = ROWS.rows(person=person.pk, day=DAY)
            found = (row.position.code, row.school_class and row.school_class.grade, row.starts, row.person_id)
        expected = Appointment.objects.select_related("position", "school_class").get(person=person)
        assert row == expected
        assert found == (
            expected.position.code, expected.school_class and expected.school_class.grade, expected.starts, person.pk
        )  # fmt: skip
