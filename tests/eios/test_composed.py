"""Queries composed once: the same rows as the usual way, whatever was asked before."""

import datetime

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AcademicYear, Appointment, SchoolClass
from eios.lib.composed import LARGEST_KEY, SOME_DAY, Composed, ComposedRows, composed, key
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


def test_a_function_gives_the_rows_of_its_query_set(django_assert_num_queries):
    first, second = datetime.date(2024, 9, 1), datetime.date(2025, 9, 1)
    for since in (first, second):
        year = AcademicYear.objects.create(starts=since, ends=since.replace(since.year + 1, 8, 31))
        SchoolClass.objects.bulk_create(SchoolClass(year=year, grade=n, letter="А") for n in (1, since.year - 2019))
    made = []

    def classes(grade: int, since: datetime.date, *, with_days: bool) -> QuerySet:
        made.append(with_days)
        own = SchoolClass.objects.filter(pk=OuterRef("pk"), grade=grade)
        rows = SchoolClass.objects.filter(year__starts__gte=since).annotate(is_own=Exists(own)).order_by("pk")
        return rows.values_list("grade", "is_own", *["year__starts"] * with_days)

    asked = composed(classes)
    values = [(1, first), (6, first), (5, second)]
    with django_assert_num_queries(2 * len(values)):
        found = [asked(*one, with_days=with_days) for one in values for with_days in (True, False)]
    assert made == [True, False]
    assert found == [list(classes(*one, with_days=with_days)) for one in values for with_days in (True, False)]
    assert found[0] == [(1, True, first), (5, False, first), (1, True, second), (6, False, second)]
    assert {type(is_own) for rows in found for _, is_own, *_ in rows} == {bool}
    for wrong in [(), (1,), (1, first, 2)]:
        with pytest.raises(ValueError, match="zip"):
            asked(*wrong, with_days=True)


def _enrolled_before(day, days):
    return Appointment.objects.filter(starts__lt=day - datetime.timedelta(days=days)).order_by("pk").values_list("pk")


def test_what_follows_from_the_day_is_made_anew_for_each_asking():
    first, second = (make_employee(starts=DAY + datetime.timedelta(days=n)) for n in (0, 10))
    asked = Composed(
        lambda day: _enrolled_before(day, 5), [lambda day: day - datetime.timedelta(days=5)], day=SOME_DAY
    )  # fmt: skip
    keys = [Appointment.objects.get(person=one).pk for one in (first, second)]
    found = [asked.rows(day=DAY + datetime.timedelta(days=n)) for n in (5, 6, 16)]
    assert found == [[], [(keys[0],)], [(keys[0],), (keys[1],)]]


def test_what_follows_from_the_day_unsaid_is_refused():
    with pytest.raises(ValueError, match="follow from them"):
        Composed(lambda day: _enrolled_before(day, 5), day=SOME_DAY).rows(day=DAY)
    with pytest.raises(ValueError, match="alike"):
        Composed(lambda person, other: _rows(person, DAY).values_list("pk"), person=key(0), other=key(0)).rows(
            person=1, other=2
        )


def test_rows_come_with_their_annotations():
    person = make_employee()
    asked = ComposedRows(
        lambda person, day: _rows(person, day).annotate(is_one=Exists(SchoolClass.objects.all())), "position",
        person=key(0), day=SOME_DAY,
    )  # fmt: skip
    (row,) = asked.rows(person=person.pk, day=DAY)
    assert (row.is_one, row.position.code) == (False, Appointment.objects.get(person=person).position.code)
