"""«Сведения об образовательной организации» as everybody reads them (1.4, 6.2, 8.1, 8.3)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import QualificationRecord, SchoolCard
from eios.lib.dates import today
from resources import sections as registry
from resources.actions import sveden as actions
from resources.models import SvedenSettings, SvedenValue
from resources.sveden import counts, pages, sources
from resources.sveden.entries import Entry, mark_of
from resources.sveden.table import sections
from tests.factories import (
    make_class,
    make_document,
    make_employee,
    make_method_group,
    make_programme,
    make_pupils,
    make_subject,
    make_training,
)
from tests.resources.sveden_checker import ABSENT, NONE, REQUIRED, problems, read

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")
PRIVATE = ("+7 918 555-55-55", "home@private.example", "1980", "тайная заметка", "77-123456")


def of(path: str) -> str:
    return reverse("resources:sveden_section", args=[path])


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


def write(path: str, block: str, row: int = 0, **entries) -> None:
    """Types values of a row, as an editor does."""
    section = sections()[path]
    given = {name: entry if isinstance(entry, Entry) else Entry(text=entry) for name, entry in entries.items()}
    stand = SvedenValue.objects.filter(section=path, block=block, row=row).exclude(field="")
    seen = mark_of(stand)
    actions.save_values(section, section.block(block), row, given, seen=seen, by=BY)


def page_of(path: str) -> pages.Page:
    return pages.page(sections()[path], SchoolCard.current(), today())


def make_staff():
    """A director, a deputy and a teacher with everything that must and must not be shown."""
    SchoolCard.objects.update_or_create(
        pk=1,
        defaults={
            "full_name": "Школа №29", "short_name": "ООШ №29", "address": "ул. Школьная, 29",
            "phone": "8 86152 0-00-29", "email": "school@example.org", "site": "http://school-29.example.org/",
        },
    )  # fmt: skip
    contacts = {"phone": PRIVATE[0], "email": PRIVATE[1], "birth_date": datetime.date(1980, 5, 5)}
    director = make_employee(position="director", surname="Главнова", username="head", **contacts)
    make_employee(position="deputy", surname="Завучева", username="second", **contacts)
    teacher = make_employee(surname="Учителева", username="teaches", **contacts)
    make_employee(surname="Бывшева", username="gone", ends=today() - datetime.timedelta(days=1))
    QualificationRecord.objects.create(
        person=teacher, education="specialist", speciality="Математика", document="диплом 77-123456",
        category="first",
    )  # fmt: skip
    shown = {"organisation": "ИРО", "hours": 36, "note": PRIVATE[3], "document_number": PRIVATE[4]}
    make_training(person=teacher, confirmed_by=director, title="Новый курс", document_date=today(), **shown)
    make_training(person=teacher, title="Не подтверждено", document_date=today(), organisation="ИРО")
    return teacher


# The table


def test_the_table_and_the_sources_are_one_set():
    """Every source that the table names is there, and none is there for nothing."""
    blocks = [block for section in sections().values() for block in section.blocks]
    assert {block.source for block in blocks} - {""} == set(sources.ROWS)
    assert {field.source for block in blocks for field in block.fields} - {""} == set(sources.CARD)


def test_the_table_names_what_the_law_asks_for():
    assert list(sections()) == list(REQUIRED)
    for path, (once, groups) in REQUIRED.items():
        blocks = sections()[path].blocks
        assert groups.keys() <= {block.tag for block in blocks if block.tag}
        assert once <= {field.itemprop for block in blocks for field in block.fields} | {block.tag for block in blocks}


def test_live_fields_stand_in_live_blocks_and_keys_are_unique():
    for section in sections().values():
        assert len({block.key for block in section.blocks}) == len(section.blocks)
        for block in section.blocks:
            assert len({field.key for field in block.fields}) == len(block.fields)
            assert block.source or not any(field.live for field in block.fields)
            assert not (block.source and block.many)


# Every page


@pytest.mark.clause("1.4")
@pytest.mark.parametrize("path", REQUIRED)
def test_an_empty_school_says_so_in_every_field(path, site, client):
    answer = client.get(of(path))
    assert answer.status_code == 200
    assert problems(path, answer.content.decode(), may_be_empty=True) == []


@pytest.mark.clause("8.1")
@pytest.mark.parametrize("path", REQUIRED)
def test_a_filled_school_passes_every_page(path, site, client):
    """Live data where the portal has it, and something typed in every field that it asks people for."""
    author = make_staff()
    for grade in (3, 7):
        make_programme(make_subject(f"Предмет {grade}"), author=author, grade=grade)
        make_pupils(6, school_class=make_class(grade=grade))
    group = make_method_group()
    head = make_employee(position="method_group_head", surname="Объединителева", username="group-head")
    head.appointments.update(method_group=group)
    section = sections()[path]
    for block in section.blocks:
        if block.many:
            write(path, block.key, 1, **{field.key: "Есть" for field in block.fields})
    for filled in page_of(path).blocks:
        for row in filled.rows:
            lacking = [cell.field.key for cell in row.cells if cell.is_lacking and cell.field.is_typed]
            write(path, filled.block.key, row.key, **dict.fromkeys(lacking, "Есть"))
    assert problems(path, client.get(of(path)).content.decode()) == []


def test_the_index_leads_to_every_subsection(site, client):
    answer = client.get("/sveden/")
    assert {of(path) for path in REQUIRED} <= set(read(answer.content.decode()).links)
    assert client.get("/sveden/nothing/").status_code == 404


# Live data


def test_managers_and_teachers_stand_without_what_is_their_own(site, client):
    make_staff()
    managers, staff = words(client.get(of("managers"))), words(client.get(of("employees")))
    for shown in ("Главнова Анна Сергеевна", "Завучева Анна Сергеевна", "8 86152 0-00-29", "school@example.org"):
        assert shown in managers
    assert "Учителева Анна Сергеевна" in staff
    assert "Высшее — специалитет, магистратура, Математика" in staff
    assert "Квалификационная категория: первая" in staff
    assert f"Новый курс, ИРО, 36 ч, {today().year}" in staff
    for leak in (*PRIVATE, "Бывшева", "Не подтверждено"):
        assert leak not in managers + staff


def test_someone_dismissed_leaves_the_page_of_a_guest_at_once(site, client):
    """Pages with names are not kept in memory: no public version has to move."""
    teacher = make_staff()
    assert "Учителева" in words(client.get(of("employees")))
    teacher.appointments.update(ends=today() - datetime.timedelta(days=1))
    answer = client.get(of("employees"))
    assert "Учителева" not in words(answer)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.clause("6.2")
def test_education_shows_approved_programmes_only(site, client):
    author = make_employee(surname="Авторова", username="author")
    shown = make_programme(make_subject("Алгебра"), author=author, grade=7)
    make_programme(make_subject("Тайноведение"), author=author, grade=8, state="draft")
    root = read(client.get(of("education")).content.decode()).root
    basic = [node for node in root.children if node.name == "eduOp"][1]
    (rpd,) = [node for node in basic.children if node.name == "educationRpd"]
    assert (rpd.text.strip(), rpd.links) == ("Алгебра, 7\xa0класс", [shown.get_absolute_url()])
    assert "Тайноведение" not in root.text


def test_small_numbers_of_pupils_are_not_counted_out_loud(site, client):
    make_pupils(3, school_class=make_class(grade=3))
    make_pupils(12, school_class=make_class(grade=7))
    (rows,) = [filled.rows for filled in page_of("education").blocks if filled.block.key == "headcount_classes"]
    assert [[cell.items[0].text for cell in row.cells] for row in rows] == [
        ["3\xa0«А»", "менее 5"], ["7\xa0«А»", "12"],
    ]  # fmt: skip


def test_a_small_number_is_not_the_difference_of_told_ones(site, client):
    """3 pupils beside 20 of a level: neither 23 stands on the page, nor another sum that gives the 3 away."""
    make_pupils(3, school_class=make_class(grade=3))
    make_pupils(20, school_class=make_class(grade=4))
    (rows,) = [filled.rows for filled in page_of("education").blocks if filled.block.key == "headcount"]
    assert [row.cells[2].items[0].text for row in rows] == ["от 21 до 24", "0"]


@given(st.lists(st.integers(0, 40), max_size=12), st.data())
def test_nothing_printed_depends_on_how_small_a_class_is(numbers, data):
    """Any other numbers under five in the small classes give the same page, so that no reader can tell them apart."""
    smalls = st.integers(1, counts.SMALL - 1)
    others = [data.draw(smalls) if counts.is_small(number) else number for number in numbers]
    assert list(map(counts.of_class, others)) == list(map(counts.of_class, numbers))
    assert counts.of_classes(others) == counts.of_classes(numbers)
    said = [int(word) for word in counts.of_classes(numbers).split() if word.isdigit()]
    assert said[0] <= sum(numbers) <= said[-1] or counts.of_classes(numbers) == "менее 5"


# Typed values


def test_none_is_printed_as_none_and_nothing_as_absent(site, client):
    write("common", "school", workTime=Entry(is_none=True))
    root = read(client.get(of("common")).content.decode()).root
    said = {node.name: node.text.strip() for node in root.children}
    assert (said["workTime"], said["licenseDocLink"]) == (NONE, ABSENT)


def test_a_group_without_rows_may_be_none(site, client):
    section = sections()["struct"]
    actions.say_none(section, section.block("branches"), is_none=True, by=BY)
    assert [cell.words for cell in _block("struct", "branches").cells] == [NONE] * 7
    write("struct", "branches", 1, nameFil="Филиал")
    assert _block("struct", "branches").rows[0].cells[0].items[0].text == "Филиал"
    assert not SvedenValue.objects.filter(field="").exists()


def _block(path: str, key: str) -> pages.Filled:
    return next(filled for filled in page_of(path).blocks if filled.block.key == key)


def test_a_document_of_the_portal_is_linked_with_its_name(site, client):
    document = make_document(title="Устав школы")
    write("document", "documents", ustavDocLink=Entry(document=document))
    root = read(client.get(of("document")).content.decode()).root
    (node,) = [node for node in root.children if node.name == "ustavDocLink"]
    assert (node.text.strip(), node.links) == ("Устав школы", [f"/documents/{document.pk}/"])


def test_markup_typed_by_people_stays_words(site, client):
    write("catering", "health", health="<script>alert(1)</script><b itemprop='fake'>")
    html = client.get(of("catering")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "alert(1)</script>" not in html


def test_what_people_typed_stands_where_the_portal_knows_nothing(site, client):
    teacher = make_staff()
    write("employees", "teachers", teacher.pk, teachingDiscipline="Математика", teachingLevel="Другое")
    row = next(row for row in _block("employees", "teachers").rows if row.key == teacher.pk)
    said = {cell.field.key: [item.text for item in cell.items] for cell in row.cells}
    assert said["teachingDiscipline"] == ["Математика"]
    assert said["teachingLevel"][0] == "Высшее — специалитет, магистратура, Математика"
    make_programme(make_subject("Алгебра"), author=teacher, grade=7)
    row = next(row for row in _block("employees", "teachers").rows if row.key == teacher.pk)
    assert [item.text for item in row.cells[2].items] == ["Алгебра"]


# Where the pages live


@pytest.mark.clause("8.1")
def test_outside_guests_are_led_to_the_official_site_and_editors_see_a_preview(admin, client):
    make_staff()
    actions.change_settings(place="outside", official_address="", by=BY)
    assert "Главнова" in words(client.get(of("managers")))
    client.logout()
    for address in ("/sveden/", of("managers"), of("education")):
        answer = client.get(address)
        assert "http://school-29.example.org/sveden/" in read(answer.content.decode()).links
        assert "Главнова" not in words(answer)
    assert SvedenSettings.current().place == "outside"


def test_queries_do_not_grow_with_the_school(site, client):
    def count(path: str) -> int:
        registry.forget()
        client.get("/elements/")
        with CaptureQueriesContext(connection) as caught:
            pages.page(sections()[path], school, today())
        return len(caught)

    make_staff()
    make_document(title="Акт")
    school = SchoolCard.current()
    before = {path: count(path) for path in sections()}
    author = make_employee(surname="Авторова", username="author")
    for number in range(20):
        make_programme(make_subject(f"Предмет {number}"), author=author, grade=1 + number % 9)
        make_employee(surname=f"Новая{number}", username=f"new-{number}")
        make_document(title=f"Акт {number}")
        make_pupils(6, school_class=make_class(grade=1 + number % 9, letter="ВГ"[number // 10]))
        write("common", "founders", number + 1, nameUchred=f"Учредитель {number}")
    assert {path: count(path) for path in sections()} == before
    assert max(before.values()) <= 8
