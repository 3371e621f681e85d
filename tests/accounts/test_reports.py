"""Pages of reports: filters in the address, sources named, closed to those whom they do not concern."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.actions.personal_files import give_file_numbers
from accounts.actor import Actor
from accounts.models import Appointment, PersonalFile, User
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_edition,
    make_employee,
    make_enrolment,
    make_executed_order,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_slip,
    make_year,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
BY = Actor.command("проверка")
PAGES = ["/reports/", "/reports/movement/", "/reports/headcount/", "/reports/sign-ins/", "/reports/book/"]
EXPORTS = [f"{page}export/" for page in PAGES[1:]]


@pytest.fixture(autouse=True)
def edition():
    load_registry(by=BY)
    return make_edition()


@pytest.fixture
def deputy(client) -> User:
    person = make_employee(position="deputy", surname="Белая", last_login=timezone.now())
    sign_in(client, person)
    return person


def arrive(surname: str, school_class=None, *, place="Школа № 3") -> User:
    """Somebody who came to the school today."""
    person = make_person(surname=surname, birth_date=datetime.date(2015, 5, 5))
    order = make_executed_order(people=[person], place=place, date=TODAY - DAY)
    make_enrolment(person, school_class or make_class(), TODAY, order=order)
    return person


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


# Whom they are for


@pytest.mark.parametrize("page", [*PAGES, *EXPORTS, "/reports/book/numbers/"])
@pytest.mark.parametrize("who", ["pupil", "teacher", "class_teacher", "method_group_head", "credentials_officer"])
def test_reports_are_for_the_management(client, page, who):
    arrive("Секретов")
    give_file_numbers(by=BY)
    arrive("Тайнова")
    visitor = make_pupil() if who == "pupil" else make_employee(position=who, school_class=make_class(grade=7))
    sign_in(client, visitor)
    for answer in (client.get(page), client.post(page)):
        found = answer.content.decode()
        assert (answer.status_code, "Секретов" in found, "Тайнова" in found) == (403, False, False)
    assert PersonalFile.objects.count() == 1


@pytest.mark.parametrize("page", [*PAGES, *EXPORTS])
def test_every_report_opens_in_an_empty_school(client, page):
    sign_in(client, make_person(is_superuser=True))
    assert client.get(page).status_code == 200


def test_a_class_teacher_sees_the_own_class_only(client):
    make_year()
    own, other = make_class(grade=5), make_class(grade=6)
    mine, stranger = arrive("Своя", own), arrive("Секретов", other)
    sign_in(client, make_employee(position="class_teacher", school_class=own))
    shown = text(client, f"/classes/{own.pk}/movement/")
    assert (mine.surname in shown, stranger.surname in shown, "/orders/" in shown) == (True, False, False)
    answer = client.get(f"/classes/{other.pk}/movement/")
    assert (answer.status_code, stranger.surname in answer.content.decode()) == (404, False)


# Movement


def test_the_movement_page_says_who_came_from_where_by_which_order(client, deputy):
    make_year()
    person = arrive("Прибывшая", place="Гимназия № 5")
    order = person.order_lines.get().order
    page = text(client, f"/reports/movement/?starts={TODAY}&ends={TODAY}")
    assert "было 0, прибыло 1, выбыло 0, стало <b>1</b>" in page
    assert "Прибывшая Анна Сергеевна" in page
    assert "Гимназия № 5" in page
    assert f'href="{order.get_absolute_url()}"' in page


@pytest.mark.parametrize("query", ["starts=zzz&ends=32.01.2026", "starts=0001-01-01", "ends=9999-12-31", "starts=%00"])
def test_a_wrong_period_is_passed_over(client, deputy, query):
    make_year()
    answer = client.get(f"/reports/movement/?{query}")
    if "%00" in query:
        assert answer.status_code == 400
        return
    report = answer.context["report"]
    assert (report.ends, report.begins_with_year) == (TODAY, True)


def test_a_period_that_ends_before_it_begins_is_said(client, deputy):
    page = text(client, f"/reports/movement/?starts={TODAY}&ends={TODAY - DAY}")
    assert "Последний день раньше первого" in page


def test_the_workbook_of_the_movement_has_a_sheet_for_each_part(client, deputy, school):
    card = school(portal_name="ЭИОС школы № 29", short_name="МКОУ ООШ № 29")
    make_year()
    arrive("Прибывшая")
    answer = client.get(f"/reports/movement/export/?starts={TODAY}&ends={TODAY}")
    workbook = load_workbook(io.BytesIO(answer.content))
    assert workbook.sheetnames == ["Итоги", "Прибыли", "Выбыли", "Из класса в класс"]
    source = f"Источник: {card.portal_name}, {card.short_name}. Составлено {TODAY:%d.%m.%Y}."
    assert {sheet["A2"].value for sheet in workbook} == {source}
    totals = [[cell.value for cell in row] for row in workbook["Итоги"].iter_rows(min_row=5)]
    assert totals == [["5\xa0«А»", 0, 0, 1, 0, 0, 0, 1], ["Школа", 0, 0, 1, 0, 0, 0, 1]]
    arrived = [cell.value for cell in workbook["Прибыли"][5]]
    assert arrived[:4] == [1, "Прибывшая Анна Сергеевна", "05.05.2015", "5\xa0«А»"]
    assert arrived[6] == "Школа № 3"


# Counts


def test_counts_are_of_any_date(client, deputy):
    make_year()
    make_pupil(school_class=make_class(grade=5))
    arrive("Прибывшая")
    assert "Численность на" in text(client, "/reports/headcount/")
    assert client.get("/reports/headcount/").context["report"].school.pupils == 2
    assert client.get(f"/reports/headcount/?date={TODAY - DAY}").context["report"].school.pupils == 1
    assert client.get("/reports/headcount/?date=zzz").context["report"].date == TODAY


# First sign-ins


@pytest.fixture
def waiting(school):
    """A pupil, an employee and a parent who have never signed in, with slips in every state; one who has."""
    school(parents_have_cabinets=True)
    leader = make_employee(position="class_teacher", school_class=make_class(), surname="Орлова", name="Мария",
                           last_login=timezone.now())  # fmt: skip
    now = timezone.now()
    people = {name: make_pupil(surname=name) for name in ("Без", "Печать", "Передан", "Вручён", "Просрочен")}
    make_slip(people["Печать"])
    make_slip(people["Передан"], holder=leader)
    make_slip(people["Вручён"], holder=leader, given_by=leader)
    make_slip(people["Просрочен"], holder=leader, days=-1)
    make_slip(people["Без"], voided_at=now)
    make_employee(surname="Новый", position="librarian")
    make_parent(child=people["Без"], surname="Родитель")
    make_pupil(surname="Входила", last_login=now)
    make_pupil(surname="Ушедшая", ends=TODAY - DAY)
    return people


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Без", "Вручён", "Новый", "Передан", "Печать", "Просрочен", "Родитель"]),
        ("group=staff", ["Новый"]),
        ("group=parents", ["Родитель"]),
        ("slip=none", ["Без", "Новый", "Родитель"]),
        ("slip=none&group=pupils", ["Без"]),
        ("slip=printed", ["Печать"]),
        ("slip=handed", ["Передан"]),
        ("slip=given", ["Вручён"]),
        ("slip=expired", ["Просрочен"]),
        ("q=вручен", ["Вручён"]),
        ("group=zzz&slip=1&position=x&school_class=0&page=-1", None),
    ],
)
def test_filters_of_first_sign_ins(client, deputy, waiting, query, expected):
    rows = client.get(f"/reports/sign-ins/?{query}").context["rows"]
    everybody = ["Без", "Вручён", "Новый", "Передан", "Печать", "Просрочен", "Родитель"]
    assert [row.person.surname for row in rows] == (expected or everybody)


def test_by_class_and_position_with_their_counts(client, deputy, waiting):
    answer = client.get("/reports/sign-ins/")
    assert [(str(share.of), share.waiting, share.people) for share in answer.context["classes"]] == [("5\xa0«А»", 5, 6)]
    position = make_position("librarian")
    counts = {str(share.of): (share.waiting, share.people) for share in answer.context["positions"]}
    assert counts == {"deputy": (0, 1), "class_teacher": (0, 1), "librarian": (1, 1)}
    [row] = client.get(f"/reports/sign-ins/?position={position.pk}").context["rows"]
    assert (row.person.surname, row.state.words, row.who) == ("Новый", "нет листка", "librarian")
    assert len(client.get(f"/reports/sign-ins/?school_class={make_class().pk}").context["rows"]) == 5


def test_the_state_of_a_slip_is_said_with_day_and_name(client, deputy, waiting):
    answer = client.get("/reports/sign-ins/?group=pupils")
    assert {row.person.surname: row.state.words for row in answer.context["rows"]} == {
        "Без": "нет листка",
        "Печать": "напечатан",
        "Передан": "передан",
        "Вручён": "вручён",
        "Просрочен": "срок истёк",
    }
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert f"вручён {today}: Орлова\xa0М.\xa0С." in answer.content.decode()


def test_the_workbook_of_first_sign_ins_follows_the_filters(client, deputy, waiting):
    book = load_workbook(io.BytesIO(client.get("/reports/sign-ins/export/?slip=given").content))
    [row] = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=5)]
    assert (row[:3], row[4]) == ([1, "Вручён Анна Сергеевна", "5\xa0«А»"], "вручён")
    assert row[6] == f"{timezone.localdate():%d.%m.%Y}, Орлова\xa0М.\xa0С."


# The alphabetical book


def test_numbers_are_given_after_names_are_shown(client, deputy):
    make_pupil(surname="Ёлкина")
    make_pupil(surname="Котов")
    page = text(client, "/reports/book/")
    assert "В школе числятся или числились 2 обучающихся" in page
    assert "Котов" in text(client, "/reports/book/numbers/")
    assert not PersonalFile.objects.exists()
    answer = client.post("/reports/book/numbers/", follow=True)
    page = answer.content.decode()
    assert ("Присвоено: 2 номера." in page, "Е-1" in page, "К-1" in page) == (True, True, True)
    again = client.post("/reports/book/numbers/", follow=True).content.decode()
    assert ("Номера личных дел есть у всех." in again, PersonalFile.objects.count()) == (True, 2)
    assert client.get("/reports/book/numbers/").url == "/reports/book/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ёлкина", "Котов", "Кузнецова"]),
        ("letter=К", ["Котов", "Кузнецова"]),
        ("letter=К&state=gone", ["Кузнецова"]),
        ("state=here", ["Ёлкина", "Котов"]),
        ("q=елкина", ["Ёлкина"]),
        ("letter=Щ&state=1", ["Ёлкина", "Котов", "Кузнецова"]),
    ],
)
def test_pages_of_the_book(client, deputy, query, expected):
    make_pupil(surname="Ёлкина")
    make_pupil(surname="Котов")
    make_pupil(surname="Кузнецова", ends=TODAY - DAY)
    give_file_numbers(by=BY)
    found = client.get(f"/reports/book/?{query}").context["entries"]
    assert [entry.person.surname for entry in found] == expected
    book = load_workbook(io.BytesIO(client.get(f"/reports/book/export/?{query}").content))
    names = [row[1].value.split()[0] for row in book.active.iter_rows(min_row=5)]
    assert names == expected


# Queries


def fill(number: int) -> None:
    classes = [make_class(grade=grade, letter=letter) for grade in (5, 6) for letter in "АБ"]
    for n in range(number):
        person = arrive(f"Котов{n}", classes[n % 4])
        make_slip(person, holder=make_employee())
        gone = make_pupil(surname="Ушёл", school_class=classes[n % 4])
        order = make_executed_order(kind="transfer_out", people=[gone], place="Лицей")
        gone.enrolments.update(ends=TODAY - DAY, ended_by=order)
        moved = make_pupil(surname="Перешёл", school_class=classes[0])
        moved.enrolments.update(ends=TODAY - DAY)
        make_enrolment(moved, classes[1], TODAY, order=order)
    give_file_numbers(by=BY)
    make_pupil(surname="Новый")


# A page of the book whose pupils have not left asks for no places, so those who left are asked for.
@pytest.mark.parametrize("page", [*PAGES[:-1], *EXPORTS, "/reports/book/?letter=У", "/reports/book/?whole=on",
                                  "/reports/sign-ins/?whole=on", "/reports/book/numbers/",
                                  "/classes/{own}/movement/"])  # fmt: skip
def test_queries_do_not_grow_with_rows(client, deputy, page):
    make_year()
    page = page.format(own=make_class(grade=5).pk)
    Appointment.objects.create(person=deputy, position=make_position("teacher"), starts=TODAY)
    fill(4)
    few = queries(client, page)
    fill(30)
    assert queries(client, page) == few
    assert few <= 20


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)
