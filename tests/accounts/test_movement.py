"""Movement of pupils: arrivals and departures by orders, transfers apart, and numbers that always add up."""

import datetime
from random import Random

import pytest

from accounts.models import Enrolment
from accounts.reports.headcount import count_day, headcount
from accounts.reports.movement import ARRIVED, LEFT, LOADED, MOVED, Stay, balances, events_of, movement
from tests.factories import (
    LONG_AGO,
    make_class,
    make_enrolment,
    make_executed_order,
    make_person,
    make_pupil,
    make_year,
)

DAY = datetime.timedelta(days=1)
YEAR_START = datetime.date(2026, 9, 1)
OCTOBER, END = datetime.date(2026, 10, 1), datetime.date(2026, 10, 31)


def day(text: str) -> datetime.date:
    """«05.10» of the school year 2026/2027."""
    number, month = map(int, text.split("."))
    return datetime.date(2026 if month >= 9 else 2027, month, number)


# Pure


def stay(pupil=1, school_class=5, starts="01.09", ends=None, **fields) -> Stay:
    return Stay(0, pupil, school_class, day(starts), day(ends) if ends else None, **fields)


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([stay()], []),
        ([stay(starts="01.10")], [(ARRIVED, "01.10")]),
        ([stay(starts="01.10", is_loaded=True)], [(LOADED, "01.10")]),
        ([stay(starts="31.10")], [(ARRIVED, "31.10")]),
        ([stay(starts="01.11")], []),
        ([stay(ends="29.09")], []),
        ([stay(ends="30.09")], [(LEFT, "01.10")]),
        ([stay(ends="30.10")], [(LEFT, "31.10")]),
        ([stay(ends="31.10")], []),
        ([stay(ends="09.10"), stay(school_class=6, starts="10.10")], [(MOVED, "10.10")]),
        ([stay(ends="09.10"), stay(school_class=6, starts="12.10")], [(LEFT, "10.10"), (ARRIVED, "12.10")]),
        ([stay(starts="05.10", ends="07.10")], [(ARRIVED, "05.10"), (LEFT, "08.10")]),
        ([stay(ends="09.10"), stay(pupil=2, starts="10.10")], [(LEFT, "10.10"), (ARRIVED, "10.10")]),
    ],
)
def test_events_of_october(stays, expected):
    found = [(event.kind, event.date) for event in events_of(stays, OCTOBER - DAY, END)]
    assert found == [(kind, day(text)) for kind, text in expected]


def random_stays(rng: Random) -> list[Stay]:
    """Forty pupils, each in several classes with gaps or without, within two months."""
    found = []
    for pupil in range(40):
        starts = datetime.date(2026, 9, 1) + rng.randrange(40) * DAY
        for _ in range(rng.randrange(1, 5)):
            ends = None if rng.random() < 0.2 else starts + rng.randrange(15) * DAY
            found.append(Stay(len(found), pupil, rng.randrange(6), starts, ends, rng.random() < 0.2))
            if ends is None:
                break
            starts = ends + rng.choice([1, 1, 1, 4]) * DAY
    return found


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(
    "key_of", [lambda key: key, lambda key: key // 2, lambda key: ""], ids=["class", "grade", "all"]
)
def test_balances_equal_a_count_day_by_day(seed, key_of):
    stays = random_stays(Random(seed))
    opening, closing = datetime.date(2026, 9, 10), datetime.date(2026, 10, 20)
    found = balances(stays, events_of(stays, opening, closing), opening, closing, key_of)
    expected: dict = {}
    for pupil in range(40):
        for key, name in walked(pupil, stays, opening, closing, key_of):
            expected.setdefault(key, {}).setdefault(name, 0)
            expected[key][name] += 1
    names = ("begin", "loaded", "arrived", "moved_in", "left", "moved_out", "end")
    for key, balance in found.items():
        assert {name: getattr(balance, name) for name in names} == {
            name: expected.get(key, {}).get(name, 0) for name in names
        }
        assert balance.adds_up


def walked(pupil, stays, opening, closing, key_of):
    """What happens to a pupil, told by walking the days one by one."""

    def on(date):
        return next((row for row in stays if row.pupil == pupil and row.holds(date)), None)

    if on(opening):
        yield key_of(on(opening).school_class), "begin"
    date = opening + DAY
    while date <= closing:
        before, now = on(date - DAY), on(date)
        if before and not now:
            yield key_of(before.school_class), "left"
        elif now and not before:
            yield key_of(now.school_class), "loaded" if now.is_loaded else "arrived"
        elif before and now and key_of(before.school_class) != key_of(now.school_class):
            yield key_of(before.school_class), "moved_out"
            yield key_of(now.school_class), "moved_in"
        date += DAY
    if on(closing):
        yield key_of(on(closing).school_class), "end"


# From the database


@pytest.fixture
def autumn(db):
    """A year with 5 «А», 5 «Б» and 6 «А»; in October one arrives, one leaves, one moves and one is expelled."""
    year = make_year(starts=YEAR_START)
    five, other, six = (make_class(grade=g, letter=letter, year=year) for g, letter in ((5, "А"), (5, "Б"), (6, "А")))
    pupils = {}
    for name, school_class, ends in (
        ("Остался", five, None),
        ("Ушёл", five, day("14.10")),
        ("Отчислен", six, day("19.10")),
        ("Перешёл", five, day("04.10")),
    ):
        pupils[name] = make_pupil(surname=name, school_class=school_class, starts=YEAR_START, ends=ends)
    pupils["Прибыл"] = make_person(surname="Прибыл", birth_date=datetime.date(2015, 5, 5))
    came = make_executed_order(number="7-к", date=day("06.10"), people=[pupils["Прибыл"]], place="Школа № 3")
    make_enrolment(pupils["Прибыл"], other, day("07.10"), order=came)
    moved = make_executed_order(kind="transfer_class", number="8-к", date=day("03.10"), people=[pupils["Перешёл"]])
    Enrolment.objects.filter(pupil=pupils["Перешёл"]).update(ended_by=moved)
    make_enrolment(pupils["Перешёл"], other, day("05.10"), order=moved)
    gone = make_executed_order(kind="transfer_out", number="9-к", people=[pupils["Ушёл"]], place="Лицей")
    Enrolment.objects.filter(pupil=pupils["Ушёл"]).update(ended_by=gone)
    expelled = make_executed_order(kind="expulsion", number="10-к", people=[pupils["Отчислен"]])
    Enrolment.objects.filter(pupil=pupils["Отчислен"]).update(ended_by=expelled)
    return {"five": five, "other": other, "six": six, **pupils}


def told(lines) -> list[tuple]:
    return [(line.person.surname, line.school_class.name, line.date, line.order.number, line.place) for line in lines]


def test_the_report_names_people_orders_and_places(autumn):
    report = movement(OCTOBER, END)
    assert told(report.arrived) == [("Прибыл", "5\xa0«Б»", day("07.10"), "7-к", "Школа № 3")]
    assert told(report.left) == [
        ("Ушёл", "5\xa0«А»", day("15.10"), "9-к", "Лицей"),
        ("Отчислен", "6\xa0«А»", day("20.10"), "10-к", "отчисление"),
    ]
    assert told(report.moved) == [("Перешёл", "5\xa0«Б»", day("05.10"), "8-к", "")]
    assert report.moved[0].former_class == autumn["five"]


def rows(report) -> dict[str, tuple]:
    return {
        total.title.replace("\xa0", " "): (
            total.balance.begin, total.balance.arrived, total.balance.moved_in,
            total.balance.left, total.balance.moved_out, total.balance.end,
        )
        for total in report.totals
    }  # fmt: skip


def test_totals_of_classes_grades_and_school(autumn):
    assert rows(movement(OCTOBER, END)) == {
        "5 «А»": (3, 0, 0, 1, 1, 1),
        "5 «Б»": (0, 1, 1, 0, 0, 2),
        "5-е классы": (3, 1, 0, 1, 0, 3),
        "6 «А»": (1, 0, 0, 1, 0, 0),
        "Школа": (4, 1, 0, 2, 0, 3),
    }


def test_of_one_class_only_its_own_is_told(autumn):
    report = movement(OCTOBER, END, classes=[autumn["other"]])
    assert rows(report) == {"5 «Б»": (0, 1, 1, 0, 0, 2)}
    assert ([line.person.surname for line in report.arrived], report.left) == (["Прибыл"], [])
    assert [line.person.surname for line in report.moved] == ["Перешёл"]


def test_a_year_begins_with_the_enrolments_of_its_first_day(autumn):
    report = movement(YEAR_START, END)
    assert (report.begins_with_year, report.school.begin, report.arrived[0].person) == (True, 4, autumn["Прибыл"])
    eve = movement(YEAR_START - DAY, END)
    assert (eve.begins_with_year, eve.school.begin, eve.school.arrived, eve.school.end) == (False, 0, 5, 3)


def test_neighbouring_periods_join(autumn):
    first, second = movement(YEAR_START, day("06.10")), movement(day("07.10"), END)
    whole = movement(YEAR_START, END)
    assert first.school.end == second.school.begin
    assert first.school.arrived + second.school.arrived == whole.school.arrived
    assert first.school.left + second.school.left == whole.school.left


def test_those_brought_by_the_initial_load_have_not_arrived(autumn):
    order = make_executed_order(kind="initial_load", date=day("11.10"))
    make_enrolment(make_person(surname="Давний"), autumn["six"], day("12.10"), order=order)
    report = movement(OCTOBER, END)
    assert (report.school.loaded, report.school.arrived, report.school.end) == (1, 1, 4)
    assert report.school.adds_up
    assert "Давний" not in [line.person.surname for line in report.arrived]


def test_transfers_to_the_next_year_are_counted_not_listed(db):
    old, new = make_year(starts=datetime.date(2025, 9, 1)), make_year(starts=YEAR_START)
    pupil = make_pupil(school_class=make_class(grade=4, year=old), starts=LONG_AGO, ends=YEAR_START - DAY)
    make_enrolment(pupil, make_class(grade=5, year=new), YEAR_START)
    report = movement(datetime.date(2026, 6, 1), END)
    assert (report.year_moves, report.moved, report.arrived, report.left) == (1, [], [], [])
    assert rows(report) == {
        "4 «А», 2025/2026": (1, 0, 0, 0, 1, 0),
        "5 «А», 2026/2027": (0, 0, 1, 0, 0, 1),
        "Школа": (1, 0, 0, 0, 0, 1),
    }


# Counts on a date


def test_counts_by_class_grade_and_level(autumn):
    nine = make_class(grade=9, year=make_year(starts=YEAR_START))
    report = headcount(day("31.10"))
    assert [(row.school_class.name, row.pupils) for row in report.classes] == [
        ("5\xa0«А»", 1),
        ("5\xa0«Б»", 2),
        ("6\xa0«А»", 0),
        (nine.name, 0),
    ]
    assert [(grade.title, grade.pupils, grade.average) for grade in report.grades] == [
        ("5", 3, 1.5),
        ("6", 0, 0),
        ("9", 0, 0),
    ]
    assert [(level.title, level.pupils) for level in report.levels] == [("Основное общее, 5–9 классы", 3)]
    assert headcount(day("20.09")).school.pupils == 4
    assert headcount(LONG_AGO).classes == ()


@pytest.mark.django_db
def test_schools_are_counted_on_20_september_of_the_year():
    make_year(starts=YEAR_START)
    assert count_day(datetime.date(2027, 5, 5)) == datetime.date(2026, 9, 20)
    assert count_day(datetime.date(2031, 8, 31)) == datetime.date(2030, 9, 20)
