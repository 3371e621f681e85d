"""Calculations of the reports against cases worked by hand, and against plain recounting of random ones."""

import datetime
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.periods import Period
from journal.reports import attendance, whole_days
from journal.reports.anomalies import Given, Kind, check_result, lesson_weeks
from journal.reports.groups import Group, Groups, Tally
from journal.reports.quality import difference
from journal.scales import average
from journal.timetables import Planned
from journal.week_days import Span

DAY = datetime.date(2026, 9, 7)
pytestmark = pytest.mark.clause("1.3 b")


@pytest.mark.parametrize(
    ("values", "group"),
    [
        (["5", "5", "осв", "зач"], Group.EXCELLENT),
        (["5", "4", "5"], Group.GOOD),
        (["5", "5", "3"], Group.ONE_THREE),
        (["4", "3", "3"], Group.PASSING),
        (["5", "5", "2"], Group.FAILING),
        (["5", "1"], Group.FAILING),
        (["5", "н/а"], Group.FAILING),
        (["4", "нзч"], Group.FAILING),
        (["осв", "зач", ""], Group.UNMARKED),
        ([], Group.UNMARKED),
    ],
)
def test_a_pupil_belongs_to_one_group(values, group):
    assert Tally.of(values).group == group
    assert Tally.of(reversed(values)).group == group


def test_shares_of_a_class_worked_by_hand():
    """Seven marked pupils: one отличник, two хорошисты, one with a single «3», one more passing, two failing."""
    pupils = [["5"], ["4"], ["5", "4"], ["5", "3"], ["3", "3"], ["2"], ["н/а"], ["осв"]]
    found = Groups.of(Tally.of(one) for one in pupils)
    assert found.numbers == [1, 2, 1, 1, 2, 1]
    assert (found.pass_rate, found.quality_rate) == (Decimal("71.4"), Decimal("42.9"))
    assert (found + found).numbers == [2, 4, 2, 2, 4, 2]
    assert Groups.of([]).quality_rate is None
    assert difference(Decimal("42.9"), None) is None


def test_missed_lessons_are_counted_exactly():
    """Ill for six lessons of a day, one lesson without a reason on the next; late and exempt are not missed."""
    rows = [(DAY, "ill")] * 6 + [(DAY + datetime.timedelta(days=1), code) for code in ("absent", "late", "exempt")]
    found = attendance.tally(rows)
    assert (found.lessons, found.days, found.late, found.reasons) == (7, 2, 1, [6, 0, 0, 1])
    assert (found + attendance.tally([], 3)).whole == 3


NUMBERS = st.integers(0, 3)
LESSONS = st.lists(st.tuples(NUMBERS, st.integers(1, 4), st.integers(1, 3)), max_size=30, unique=True)


@given(LESSONS, st.data())
def test_a_day_is_missed_wholly_when_each_of_its_lessons_is(lessons, data):
    """Lessons (day, number, gradebook); a pupil belongs to some gradebooks from a day on and misses some lessons."""
    days = [DAY + datetime.timedelta(days=shift) for shift in range(4)]
    since = {book: data.draw(NUMBERS) for book in data.draw(st.sets(st.integers(1, 3)))}
    away = data.draw(st.sets(st.sampled_from(lessons))) if lessons else set()
    found = whole_days.whole(
        [(7, book, days[day]) for day, _, book in away],
        [Planned(days[day], number, book) for day, number, book in lessons],
        {(7, book): [Span(days[first], None)] for book, first in since.items()},
    )
    expected = set()
    for day in range(4):
        own = {one for one in lessons if one[0] == day and one[2] in since and since[one[2]] <= day}
        if own and own <= away:
            expected.add(days[day])
    assert found.get(7, set()) == expected


def test_odd_results_worked_by_hand():
    """Three marks 5, 4, 4 of weight 1: the mean is 4,33."""
    given = Given(3, Decimal(13), Decimal(3))
    assert given.average == Decimal("4.33")
    assert check_result("4", Decimal("4.33"), given, "five") == []
    assert check_result("3", None, given, "five") == [(Kind.FAR, "Результат «3», средняя 4,33.")]
    assert check_result("5", Decimal("4.34"), given, "five") == [(Kind.SOURCE, "В источнике 4,34, по отметкам 4,33.")]
    assert check_result("4", None, Given(2, Decimal(8), Decimal(2)), "five") == [
        (Kind.FEW, "Результат «4», отметок: 2.")
    ]
    assert [kind for kind, _ in check_result("5", None, Given(), "five")] == [Kind.NO_MARKS]
    # Exactly one point is not more than one; н/а, осв and subjects without marks have nothing to compare.
    assert check_result("3", None, Given(3, Decimal(12), Decimal(3)), "five") == []
    assert check_result("н/а", None, Given(), "five") == check_result("осв", None, Given(), "five") == []
    assert check_result("зач", None, Given(), "pass") == check_result("5", None, Given(), "none") == []


def test_sums_of_a_database_make_the_mean_that_one_counts_by_hand():
    """Of any marks and weights the mean is within the scale, and the same as Σ(m·w)/Σw, from binary sums too."""
    draw = random.Random(29)
    for _ in range(300):
        marks = [(draw.randint(2, 5), Decimal(draw.randint(1, 1000)) / 100) for _ in range(draw.randint(1, 40))]
        binary = sum(number * float(weight) for number, weight in marks), sum(float(weight) for _, weight in marks)
        given = Given(len(marks), *map(Decimal, binary))
        assert given.average == average(marks)
        assert min(marks)[0] <= given.average <= max(marks)[0]


def test_weeks_of_lessons_leave_breaks_out():
    terms = [
        Period(1, "I", datetime.date(2026, 9, 1), datetime.date(2026, 10, 23)),
        Period(2, "II", datetime.date(2026, 11, 2), datetime.date(2026, 12, 29)),
    ]
    last = datetime.date(2026, 10, 16)
    assert lesson_weeks(terms, last, datetime.date(2026, 10, 23)) == 1
    assert lesson_weeks(terms, last, datetime.date(2026, 11, 1)) == 1
    assert lesson_weeks(terms, last, datetime.date(2026, 11, 8)) == 2
    assert lesson_weeks(terms, last, last) == 0
