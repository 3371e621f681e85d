"""A composed query says what its query set says, whatever it is asked with, and is composed once."""

import datetime

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AcademicYear, SchoolClass
from eios.lib.composed import composed

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_set(django_assert_num_queries):
    for first in (2024, 2025):
        year = AcademicYear.objects.create(starts=datetime.date(first, 9, 1), ends=datetime.date(first + 1, 8, 31))
        SchoolClass.objects.bulk_create(SchoolClass(year=year, grade=grade, letter="А") for grade in (1, first - 2019))
    made = []

    def classes(grade: int, letter: str, since: datetime.date, *, with_days: bool) -> QuerySet:
        made.append(with_days)
        first = SchoolClass.objects.filter(year=OuterRef("year"), grade=grade)
        rows = SchoolClass.objects.filter(letter=letter, year__starts__gte=since).order_by("pk")
        rows = rows.annotate(is_first=Exists(first.filter(pk=OuterRef("pk")))).values_list("grade", "is_first")
        return rows.values_list("grade", "is_first", "year__starts") if with_days else rows

    asked = composed(classes)
    since, later = datetime.date(2024, 9, 1), datetime.date(2025, 1, 1)
    values = [(1, "А", since), (6, "А", since), (5, "А", later), (1, "Б", since)]
    with django_assert_num_queries(2 * len(values)):
        found = [asked(*one, with_days=with_days) for one in values for with_days in (True, False)]
    assert made == [True, False]
    assert found == [list(classes(*one, with_days=with_days)) for one in values for with_days in (True, False)]
    assert found[0] == [
        (1, True, since),
        (5, False, since),
        (1, True, later.replace(2025, 9)),
        (6, False, later.replace(2025, 9)),
    ]
    assert all(type(is_first) is bool for rows in found for _, is_first, *_ in rows)


def test_a_value_too_many_or_too_few_is_refused():
    @composed
    def classes(grade: int) -> QuerySet:
        return SchoolClass.objects.filter(grade=grade).values_list("pk")

    for values in [(), (1, 2)]:
        with pytest.raises(ValueError, match="zip"):
            classes(*values)
