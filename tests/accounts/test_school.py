"""The school: its card, years, classes, positions and method groups."""

import datetime
import tomllib

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import dictionaries, school
from accounts.actor import Actor
from accounts.models import AcademicYear, AuditEntry, MethodGroup, Position, SchoolCard, SchoolClass
from accounts.models.school import parse_class_name
from tests.factories import make_class, make_position, make_year

BY = Actor.command("tests")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("5А", (5, "А")),
        ("5-а", (5, "А")),
        ("5 а", (5, "А")),
        ("5 «А»", (5, "А")),
        ("5\xa0«А»", (5, "А")),
        ('5 "а"', (5, "А")),
        ("5A", (5, "А")),
        ("9b", (9, "В")),
        ("9B", (9, "В")),
        ("7.в", (7, "В")),
        ("7 — В", (7, "В")),
        (" 11Г ", (11, "Г")),
        ("3", (3, "")),
        ("1кадет", (1, "КАДЕТ")),
        ("2ё", (2, "Ё")),
    ],
)
def test_a_class_is_understood_however_it_is_typed(typed, expected):
    assert parse_class_name(typed) == expected


@pytest.mark.parametrize("typed", ["", "А", "0А", "13А", "пятый", "5А6", "5АБВГДЕЖЗИКЛМНОПР", "5 А Б", "-5А", None])
def test_what_is_no_class_is_refused(typed):
    with pytest.raises(ValidationError, match="Не похоже на класс"):
        parse_class_name(typed)


@pytest.mark.django_db
def test_a_class_is_opened_and_shown_as_it_is_printed():
    year = make_year()
    added = school.add_class(year=year, name="5-a", by=BY)
    assert (added.name, str(added)) == ("5\xa0«А»", "5\xa0«А»")
    assert AuditEntry.objects.of(added).get().action == "school_class.added"
    assert list(SchoolClass.objects.named("5 «А»")) == [added]
    with pytest.raises(ValidationError, match="Такой класс в этом учебном году уже есть"):
        school.add_class(year=year, name="5А", by=BY)


@pytest.mark.django_db
def test_grades_end_at_the_highest_one_of_the_card():
    with pytest.raises(ValidationError, match="классы с 1 по 9"):
        school.add_class(year=make_year(), name="10А", by=BY)
    school.change_card(highest_grade=11, by=BY)
    assert school.add_class(year=make_year(), name="10А", by=BY).grade == 10


@pytest.mark.django_db
def test_a_year_ends_on_31_august_and_years_do_not_overlap():
    year = school.open_year(starts=datetime.date(2026, 9, 1), by=BY)
    assert (year.ends, str(year)) == (datetime.date(2027, 8, 31), "2026/2027")
    with pytest.raises(ValidationError, match="идёт другой учебный год: 2026/2027"):
        school.open_year(starts=datetime.date(2027, 8, 31), by=BY)
    with pytest.raises(ValidationError, match="кончается позже, чем начинается"):
        school.open_year(starts=datetime.date(2030, 9, 1), ends=datetime.date(2030, 9, 1), by=BY)
    assert str(school.open_year(starts=datetime.date(2027, 9, 1), by=BY)) == "2027/2028"
    assert [str(row) for row in AcademicYear.objects.on(datetime.date(2027, 8, 31))] == ["2026/2027"]


@pytest.mark.django_db
def test_the_card_changes_with_a_trace_and_stales_public_pages():
    before = SchoolCard.current().public_version
    school.change_card(portal_name="ЭИОС школы №29", local_networks="192.168.0.0/24", by=BY)
    card = SchoolCard.current()
    assert (card.portal_name, card.public_version) == ("ЭИОС школы №29", before + 1)
    assert AuditEntry.objects.of(card).get().changes == {
        "portal_name": ["ЭИОС школы", "ЭИОС школы №29"], "local_networks": ["", "192.168.0.0/24"],
    }  # fmt: skip
    school.change_card(portal_name="ЭИОС школы №29", by=BY)
    assert (SchoolCard.current().public_version, AuditEntry.objects.count()) == (before + 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"time_zone": "Марс"}, {"local_networks": "10.0.0"}, {"highest_grade": 13}, {"portal_name": ""}]
)
def test_a_wrong_card_is_refused(fields):
    before = SchoolCard.current()
    with pytest.raises(ValidationError):
        school.change_card(**fields, by=BY)
    assert {name: getattr(SchoolCard.current(), name) for name in fields} == {n: getattr(before, n) for n in fields}


@pytest.mark.clause("5.3")
@pytest.mark.django_db
def test_positions_come_with_their_levels_and_a_second_load_adds_nothing():
    added = school.load_positions(by=BY)
    levels = dict(Position.objects.values_list("code", "level"))
    assert {code: level for code, level in levels.items() if level > 2} == {
        "director": 4, "deputy": 4, "deputy_upbringing": 4, "deputy_facilities": 4, "system_administrator": 4,
        "method_group_head": 3,
    }  # fmt: skip
    duties = Position.objects.filter(category=Position.Category.DUTY).values_list("code", flat=True)
    assert set(duties) == {
        "class_teacher", "method_group_head", "system_administrator", "credentials_officer", "informatics_support",
        "librarian", "designated_person",
    }  # fmt: skip
    assert MethodGroup.objects.count() == 5
    assert added == Position.objects.count() + 5 == AuditEntry.objects.count()
    assert school.load_positions(by=BY) == 0


@pytest.mark.django_db
def test_what_the_school_made_of_its_positions_stays():
    make_position("teacher", level=3)
    Position.objects.create(code="our-psychologist", name="педагог-психолог", category="teaching")
    school.load_positions(by=BY)
    assert Position.objects.get(code="teacher").level == 3
    assert Position.objects.get(name="педагог-психолог").code == "our-psychologist"


def test_every_position_of_the_file_is_named_once():
    rows = tomllib.loads(school.POSITIONS_FILE.read_text(encoding="utf-8"))["position"]
    assert len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)


@pytest.mark.django_db
def test_a_dictionary_row_leaves_a_trace_of_each_change():
    row = dictionaries.save_row(MethodGroup(name="ШМО музыки"), by=BY)
    row.name = "ШМО искусств"
    dictionaries.save_row(row, by=BY)
    dictionaries.save_row(row, by=BY)
    trail = AuditEntry.objects.of(row).order_by("pk")
    dictionaries.delete_row(row, by=BY)
    assert list(trail.values_list("action", "changes")) == [
        ("method_group.added", {"name": [None, "ШМО музыки"]}),
        ("method_group.changed", {"name": ["ШМО музыки", "ШМО искусств"]}),
        ("method_group.deleted", {"name": ["ШМО искусств", None]}),
    ]


@pytest.mark.django_db
def test_classes_are_ordered_by_year_grade_and_letter():
    old, new = make_year(starts=datetime.date(2024, 9, 1)), make_year(starts=datetime.date(2025, 9, 1))
    for year, grade, letter in [(old, 1, "А"), (new, 10, "А"), (new, 2, "Б"), (new, 2, "А")]:
        make_class(year=year, grade=grade, letter=letter)
    names = [f"{row.year.starts.year}: {row.name}" for row in SchoolClass.objects.select_related("year")]
    assert names == ["2025: 2\xa0«А»", "2025: 2\xa0«Б»", "2025: 10\xa0«А»", "2024: 1\xa0«А»"]
