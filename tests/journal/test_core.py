"""The journal's core: scales, formulas, who sees what."""

import datetime
from decimal import Decimal

import pytest

from accounts.models import User
from eios.lib.dates import today
from journal import rights, scales
from journal.periods import period_on, periods_of_class
from journal.statistics import Counts
from tests import factories
from tests.journal.factories import make_gradebook, make_load, make_terms

DAY = datetime.timedelta(days=1)


def test_averages_are_weighed_and_rounded_half_up():
    one = Decimal(1)
    assert scales.average([(5, one), (4, one), (4, one)]) == Decimal("4.33")
    assert scales.average([(5, Decimal("1.5")), (2, one)]) == Decimal("3.80")
    assert scales.average([(4, one), (5, Decimal("0.01")), (4, Decimal("0.99"))]) == Decimal("4.01")
    assert scales.average([]) is None
    given = [None, one, Decimal("2.49"), Decimal("2.50"), Decimal("4.49"), Decimal("4.50"), Decimal("5.00")]
    assert [scales.proposed(average) for average in given] == ["", "2", "2", "3", "4", "5", "5"]


def test_a_scale_takes_its_own_values_only():
    assert scales.read_mark(" 5 ", "five") == ("5", 5)
    assert scales.read_mark("Зачёт", "pass") == ("зач", None)
    assert scales.read_mark("87", "points") == ("87", 87)
    assert scales.read_result("Н/А", "five") == "н/а"
    for text, scale in (("6", "five"), ("5", "pass"), ("5", "none"), ("101", "points"), ("пять", "five")):
        with pytest.raises(ValueError, match="[А-Я]"):
            scales.read_mark(text, scale)


def test_rates_worked_by_hand():
    """Ten pupils: 2 fives, 3 fours, 3 threes, a two, н/а; one exempt more."""
    counts = Counts.of(["5"] * 2 + ["4"] * 3 + ["3"] * 3 + ["2", "н/а", "осв", ""])
    assert counts.total == 10
    assert (counts.pass_rate, counts.quality_rate) == (Decimal("80.0"), Decimal("50.0"))
    assert counts.mastery_rate == Decimal("52.3")  # (200 + 192 + 108 + 16 + 7) / 10
    assert counts.mean == Decimal("3.67")
    assert (counts + counts).total == 20
    assert Counts.of(["осв"]).pass_rate is None


@pytest.mark.django_db
def test_periods_come_from_the_calendar():
    school_class = factories.make_class(grade=7)
    make_terms(school_class.year)
    periods = periods_of_class(school_class)
    assert [one.number for one in periods] == [1, 2, 3, 4]
    assert period_on(periods, periods[0].ends + DAY) == periods[0]
    assert period_on(periods, periods[2].starts) == periods[2]


@pytest.mark.django_db
def test_who_sees_which_gradebooks():
    algebra = make_gradebook()
    other = make_gradebook(school_class=algebra.school_class, subject=factories.make_subject("Химия"))
    school_class = algebra.school_class
    group = factories.make_method_group()
    teacher = factories.make_employee(method_group=group)
    head = factories.make_employee(position="method_group_head", method_group=group)
    former = factories.make_employee()
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    deputy = factories.make_employee(position="deputy")
    admin = factories.make_person(is_superuser=True)
    make_load(teacher, algebra)
    make_load(former, algebra, starts=factories.LONG_AGO + DAY, ends=today() - DAY)

    def seen(person: User) -> set:
        person = User.objects.get(pk=person.pk)
        return set(rights.gradebooks_seen(person, today()).values_list("pk", flat=True))

    assert seen(teacher) == seen(head) == {algebra.pk}
    assert seen(leader) == seen(deputy) == {algebra.pk, other.pk}
    assert seen(former) == seen(admin) == seen(factories.make_person()) == set()


def test_whose_diary_one_may_read(site):
    school_class = factories.make_class(grade=7)
    pupil, stranger = factories.make_pupil(school_class=school_class), factories.make_pupil()
    parent = factories.make_parent(child=pupil)
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    deputy = factories.make_employee(position="deputy")
    teacher, admin = factories.make_employee(), factories.make_person(is_superuser=True)

    def read(person: User) -> set:
        person = User.objects.get(pk=person.pk)
        return set(rights.diaries_of(person, today()).values_list("pk", flat=True))

    assert read(pupil) == read(parent) == read(leader) == {pupil.pk}
    assert read(deputy) == {pupil.pk, stranger.pk}
    assert read(teacher) == read(admin) == set()
