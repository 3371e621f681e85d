"""The calendar schedule (6.2): checks of days, what the journal asks, approval, copies, pages and files."""

import datetime
import io

import html5lib
import openpyxl
import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AcademicYear
from resources import calendars
from resources.actions import calendars as actions
from resources.actions.registry import load_registry
from resources.models import AcademicCalendar, CalendarEntry, Element
from tests import personas
from tests.factories import make_calendar, make_order, make_privilege

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
DAY = datetime.date


@pytest.fixture
def year(db):
    return AcademicYear.objects.create(starts=DAY(2025, 9, 1), ends=DAY(2026, 8, 31))


@pytest.fixture
def deputy(client, year):
    load_registry(by=COMMAND)
    people = personas.build()
    make_privilege(Element.objects.get(slug="curricula"), person=people["deputy"], right="contribute")
    client.force_login(people["deputy"], backend="accounts.backends.PortalBackend")
    return client


def example(year, level="primary") -> AcademicCalendar:
    return actions.add_calendar(AcademicCalendar(year=year, level=level), example=True, by=COMMAND)


def approved(calendar) -> AcademicCalendar:
    order = make_order(number=f"{calendar.pk}-о", state="executed")
    return actions.approve_calendar(calendar, order=order, by=COMMAND)


def entry(kind: str, starts: DAY, ends: DAY, grade=None, name="Дни") -> CalendarEntry:
    return CalendarEntry(kind=kind, name=name, starts=starts, ends=ends, grade=grade)


# What the journal asks


@pytest.mark.clause("6.2")
def test_the_example_has_the_days_of_2025(year, django_assert_num_queries):
    calendar = example(year)
    assert not calendars.days_of(year, 1).is_school_day(DAY(2025, 9, 1))
    approved(calendar)
    with django_assert_num_queries(1):
        first = calendars.days_of(year, 1)
        assert [term.name for term in first.terms] == ["I четверть", "II четверть", "III четверть", "IV четверть"]
    second = calendars.days_of(year, 2)
    asked = {
        DAY(2025, 9, 1): (True, True),
        DAY(2025, 9, 6): (False, False),  # Saturday
        DAY(2025, 10, 24): (True, True),
        DAY(2025, 10, 27): (False, False),  # autumn break
        DAY(2025, 11, 4): (False, False),  # a holiday
        DAY(2026, 1, 12): (True, True),
        DAY(2026, 2, 18): (False, True),  # the extra break of grade 1
        DAY(2026, 5, 26): (True, True),
        DAY(2026, 5, 27): (False, False),
    }
    assert {day: (first.is_school_day(day), second.is_school_day(day)) for day in asked} == asked
    assert CalendarEntry.objects.in_force(year, 2).terms().on(DAY(2026, 1, 12)).get().name == "III четверть"
    assert (first.term_on(DAY(2025, 10, 27)), first.term_on(DAY(2026, 4, 6)).name) == (None, "IV четверть")
    assert calendars.days_of(year, 7).terms == []


def test_saturdays_of_a_six_day_week_and_days_worked_for_others(year):
    calendar = make_calendar(year=year, week=6, level="primary")
    saturday = DAY(2025, 9, 6)
    approved(calendar)
    assert [calendars.days_of(year, grade).is_school_day(saturday) for grade in (1, 2)] == [False, True]
    CalendarEntry.objects.create(calendar=calendar, kind="working", name="За 2 мая", starts=saturday, ends=saturday)
    assert calendars.days_of(year, 1).is_school_day(saturday)


def test_the_example_moves_to_another_year_by_weekday():
    later = AcademicYear.objects.create(starts=DAY(2026, 9, 1), ends=DAY(2027, 8, 31))
    calendar = example(later)
    days = {one.name: (one.starts, one.ends) for one in calendar.entries.all()}
    assert days["I четверть"] == (DAY(2026, 9, 1), DAY(2026, 10, 23))
    assert days["Осенние каникулы"] == (DAY(2026, 10, 24), DAY(2026, 11, 1))
    assert days["День народного единства"] == (DAY(2026, 11, 4), DAY(2026, 11, 4))
    assert calendars.lacks_of(calendar, list(calendar.entries.all())) == []


# Checks

TERMS = [("term", DAY(2025, 9, 1), DAY(2025, 12, 30)), ("term", DAY(2026, 1, 12), DAY(2026, 5, 26))]
WRONG = [
    (("term", DAY(2025, 12, 30), DAY(2026, 1, 5)), "Пересекается с периодом"),
    (("break", DAY(2025, 12, 30), DAY(2026, 1, 5)), "Каникулы лежат между периодами"),
    (("break", DAY(2025, 10, 1), DAY(2025, 10, 5)), "Каникулы лежат между периодами"),
    (("off", DAY(2026, 9, 1), DAY(2026, 9, 1)), "За пределами учебного года (01.09.2025 — 31.08.2026)"),
    (("off", DAY(2025, 10, 2), DAY(2025, 10, 1)), "Последний день раньше первого"),
    (("break", DAY(2026, 2, 16), DAY(2026, 2, 22), 1), "1 класс — другого уровня"),
]


@pytest.mark.parametrize(("row", "words"), WRONG)
def test_days_that_contradict_are_refused_at_their_row(deputy, year, row, words):
    calendar = AcademicCalendar.objects.create(year=year, level="basic")
    entries = [entry(*one) for one in [*TERMS, row]]
    with pytest.raises(ValidationError) as refusal:
        actions.fill_calendar(calendar, entries, title="", week=5, version=1, by=COMMAND)
    assert [words in message for message in refusal.value.messages] == [True]
    answer = deputy.post(f"/curricula/calendar/{calendar.pk}/change/", posted([*TERMS, row]))
    assert answer.status_code == 200
    if len(row) == 3:
        assert [bool(form.errors) for form in answer.context["formset"]][:3] == [False, False, True]
        assert words in answer.content.decode()
    assert not calendar.entries.exists()


def posted(rows, version=1) -> dict:
    data = {"version": version, "week": 5, "title": "", "entry-TOTAL_FORMS": len(rows), "entry-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        names = ("kind", "starts", "ends", "grade")
        data |= {f"entry-{number}-{name}": value for name, value in zip(names, row, strict=False)}
        data[f"entry-{number}-name"] = f"Строка {number}"
    return data


def test_a_break_of_one_grade_may_lie_within_a_term(year):
    calendar = AcademicCalendar.objects.create(year=year, level="primary")
    entries = [entry(*one) for one in [*TERMS, ("break", DAY(2026, 2, 16), DAY(2026, 2, 22), 1)]]
    assert calendars.problems_of(calendar, entries) == []


def test_what_a_draft_lacks_is_said(year):
    calendar = AcademicCalendar.objects.create(year=year, level="basic")
    assert calendars.lacks_of(calendar, []) == ["Нет ни одного учебного периода."]
    late = entry("attestation", DAY(2026, 5, 20), DAY(2026, 6, 5), name="Аттестация")
    lacks = calendars.lacks_of(calendar, [*(entry(*one) for one in TERMS), late])
    assert lacks == ["Аттестация. Аттестация лежит внутри одного учебного периода."]
    with pytest.raises(ValidationError, match="Нет ни одного"):
        approved(calendar)


# The course of a calendar


def test_rows_are_filled_approved_and_then_stand(deputy, year, client):
    calendar = AcademicCalendar.objects.create(year=year, level="basic")
    page = f"/curricula/calendar/{calendar.pk}/"
    assert deputy.post(f"{page}change/", posted(TERMS))["Location"] == page
    assert [one.name for one in calendar.entries.all()] == ["Строка 0", "Строка 1"]
    assert "сохранили другие правки" in deputy.post(f"{page}change/", posted(TERMS)).content.decode()
    # A page that was cut off on its way clears nothing.
    assert "не целиком" in deputy.post(f"{page}change/", posted(TERMS[:1], version=2)).content.decode()
    assert calendar.entries.count() == 2
    # Rows that nobody touched stay; the one that is ticked goes.
    deputy.post(f"{page}change/", posted(TERMS, version=2))
    assert calendar.entries.count() == 2
    deputy.post(f"{page}change/", posted(TERMS, version=3) | {"entry-1-DELETE": "on"})
    assert [one.name for one in calendar.entries.all()] == ["Строка 0"]
    order = make_order(number="5-о", state="executed", date=DAY(2025, 8, 29))
    assert deputy.post(f"{page}approve/", {"order": order.pk})["Location"] == page
    assert deputy.post(f"{page}change/", posted(TERMS, version=4))["Location"] == page
    assert calendar.entries.count() == 1
    deputy.logout()
    assert [client.get(place).status_code for place in (page, f"{page}export/")] == [200, 200]


def test_a_draft_is_the_editors_own(deputy, year, client):
    page = f"/curricula/calendar/{example(year).pk}/"
    assert [deputy.get(f"{page}{verb}").status_code for verb in ("", "export/", "change/", "approve/")] == [200] * 4
    deputy.logout()
    assert [client.get(place).status_code for place in (page, f"{page}export/")] == [404, 404]


def test_a_calendar_is_begun_copied_and_thrown_away(deputy, year):
    fields = {"year": year.pk, "level": "primary", "week": 5}
    deputy.post("/curricula/calendar/add/", {**fields, "begin": "example"})
    calendar = AcademicCalendar.objects.get()
    following = AcademicYear.objects.get_or_create(starts=DAY(2026, 9, 1), defaults={"ends": DAY(2027, 8, 31)})[0]
    answer = deputy.post(f"/curricula/calendar/{calendar.pk}/copy/", {"year": following.pk})
    copy = AcademicCalendar.objects.get(year__starts=DAY(2026, 9, 1))
    assert answer["Location"] == f"/curricula/calendar/{copy.pk}/change/"
    assert (copy.entries.count(), copy.entries.first().starts) == (calendar.entries.count(), DAY(2026, 9, 1))
    assert calendars.lacks_of(copy, list(copy.entries.all())) == []
    deputy.post(f"/curricula/calendar/{copy.pk}/delete/")
    assert AcademicCalendar.objects.get() == calendar


def test_the_page_draws_the_year_and_xlsx_names_its_source(deputy, year):
    calendar = example(year)
    CalendarEntry.objects.filter(name="I четверть").update(name="=1+1")
    page = f"/curricula/calendar/{calendar.pk}/"
    answer = deputy.get(page)
    strip = answer.context["strip"]
    assert (strip.months[0].name, strip.stripes[0].x, strip.stripes[0].width) == ("сен", 0, 54)
    assert 'role="img"' in answer.content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(deputy.get(f"{page}export/").content)).active
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[1][0].startswith("Источник: ")
    assert rows[4] == ["учебный период", "=1+1", "01.09.2025", "24.10.2025", "все классы"]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}


def test_the_page_asks_a_constant_number_of_queries(deputy, year, django_assert_max_num_queries):
    def count(calendar) -> int:
        with django_assert_max_num_queries(40) as found:
            deputy.get(f"/curricula/calendar/{calendar.pk}/")
        return len(found)

    empty = AcademicCalendar.objects.create(year=year, level="basic")
    deputy.get("/curricula/")
    assert count(empty) == count(example(year))


def test_what_a_browser_posts_of_an_untouched_page_is_saved_as_it_was(deputy, year):
    """Also empty rows: a list of choices posts its first one."""
    calendar = example(year)
    fields = ("kind", "name", "starts", "ends", "grade")
    before = list(calendar.entries.values_list(*fields))
    address = f"/curricula/calendar/{calendar.pk}/change/"
    answer = deputy.post(address, untouched(deputy.get(address).content.decode()))
    assert (answer.status_code, list(calendar.entries.values_list(*fields))) == (302, before)


def untouched(html: str) -> dict[str, str]:
    """What a browser posts of the page's long form when nothing was typed."""
    values = {}
    page = html5lib.parse(html, namespaceHTMLElements=False)
    form = next(one for one in page.iter("form") if one.get("data-unsaved") is not None)
    for field in (one for one in form.iter() if one.tag in ("input", "select", "textarea")):
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None] or options
            values[field.get("name")] = chosen[0].get("value")
        elif field.get("type") != "checkbox":
            values[field.get("name")] = field.get("value", "") if field.tag == "input" else field.text or ""
    return values
