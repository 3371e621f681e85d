"""People for the management, pupils of the own class for its teacher, classes of past years."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Block, Enrolment, Order, OrderLine, User
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_edition,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    make_year,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))
    make_edition()


@pytest.fixture
def deputy(client) -> User:
    person = make_employee(position="deputy", surname="Завуч")
    sign_in(client, person)
    return person


@pytest.fixture
def school_of_five(school, deputy):
    school(parents_have_cabinets=True)
    five = make_class(grade=5)
    make_pupil(surname="Ёлкин", name="Тимофей", school_class=five)
    former = make_pupil(surname="Выпускников", school_class=five, ends=TODAY - DAY)
    make_parent(child=former, surname="Родителева")
    blocked = make_pupil(surname="Запертый", school_class=make_class(grade=6))
    Block.objects.create(person=blocked, reason="Пароль известен другим")
    return five


def surnames(client, query: str) -> list[str]:
    return [row.person.surname for row in client.get(f"/people/{query}").context["rows"]]


def test_the_list_finds_by_name_status_and_class(client, school_of_five):
    assert surnames(client, "") == ["Выпускников", "Ёлкин", "Завуч", "Запертый", "Родителева"]
    assert surnames(client, "?q=елкин") == ["Ёлкин"]
    assert surnames(client, "?status=pupils") == ["Ёлкин", "Запертый"]
    assert surnames(client, "?status=staff") == ["Завуч"]
    assert surnames(client, "?status=parents") == ["Родителева"]
    assert surnames(client, "?status=former") == ["Выпускников"]
    assert surnames(client, "?status=blocked") == ["Запертый"]
    assert surnames(client, f"?school_class={school_of_five.pk}") == ["Ёлкин"]
    assert len(surnames(client, "?status=zzz&school_class=zzz")) == 5


def test_the_list_says_who_everybody_is(client, school_of_five):
    rows = {row.person.surname: (row.who, row.account.words) for row in client.get("/people/").context["rows"]}
    assert rows["Ёлкин"] == ("5\xa0«А»", "входа не было")
    assert rows["Выпускников"] == (f"до {TODAY - DAY:%d.%m.%Y}: 5\xa0«А»", "закрыта")
    assert rows["Запертый"] == ("6\xa0«А»", "заблокирована")
    assert rows["Родителева"] == ("родитель: Анна Сергеевна", "закрыта")


def test_the_card_shows_the_place_at_school_with_its_orders(client, deputy):
    five = make_class(grade=5)
    pupil = make_pupil(surname="Ёлкин", school_class=five, ends=TODAY - DAY)
    make_parent(child=pupil, surname="Ёлкина", phone="+7 900")
    order = Order.objects.create(
        kind="expulsion", register="pupils", state="executed", number="7-к", title="Об отчислении"
    )
    draft = Order.objects.create(kind="expulsion", register="pupils", title="Черновик об ином")
    for one in (order, draft):
        OrderLine.objects.create(order=one, number=1, person=pupil)
    Enrolment.objects.filter(pupil=pupil).update(ended_by=order)
    page = client.get(f"/people/{pupil.pk}/").content.decode()
    assert [words in page for words in ("Ёлкина", "+7 900", "Об отчислении, пункт 1", f"/orders/{order.pk}/")] == [
        True
    ] * 4
    assert "Черновик об ином" not in page
    assert ("закрыта" in page, "Журнал изменений" in page) == (True, False)


def test_the_administrator_is_led_to_the_trail(client):
    sign_in(client, make_employee(position="system_administrator"))
    assert "Журнал изменений" in client.get(f"/people/{make_person().pk}/").content.decode()


def test_nobody_of_that_key(client, deputy):
    assert client.get("/people/999999/").status_code == 404


@pytest.mark.parametrize("who", ["teacher", "class_teacher", "librarian", "credentials_officer", "pupil", "parent"])
def test_the_list_and_the_cards_are_for_the_management(client, school, who):
    school(parents_have_cabinets=True)
    five = make_class(grade=5)
    pupil = make_pupil(surname="Секретов", school_class=five)
    visitors = {"pupil": make_pupil, "parent": lambda: make_parent(child=pupil)}
    sign_in(client, visitors.get(who, lambda: make_employee(position=who, school_class=five))())
    for path in ("/people/", f"/people/{pupil.pk}/"):
        answer = client.get(path)
        assert (answer.status_code, "Секретов" in answer.content.decode()) == (403, False)


# The class teacher


def test_a_class_teacher_reads_the_own_pupils(client):
    five = make_class(grade=5)
    pupil = make_pupil(surname="Ёлкин", school_class=five)
    order = Order.objects.create(kind="enrolment", register="pupils", state="executed", number="3-к", title="О")
    OrderLine.objects.create(order=order, number=1, person=pupil)
    sign_in(client, make_employee(position="class_teacher", school_class=five))
    assert f"/classes/{five.pk}/pupils/{pupil.pk}/" in client.get(f"/classes/{five.pk}/").content.decode()
    page = client.get(f"/classes/{five.pk}/pupils/{pupil.pk}/").content.decode()
    assert ("Ёлкин" in page, "Приказ № 3-к" in page) == (True, True)
    assert f"/people/{pupil.pk}/block/" in page
    closed = ("/orders/", f'"/people/{pupil.pk}/"', '"/people/"', "/audit/")
    assert [address in page for address in closed] == [False] * 4


@pytest.mark.parametrize("whose", ["another class", "another class by the own address", "former"])
def test_other_pupils_are_not_found(client, whose):
    own, other = make_class(grade=5), make_class(grade=6)
    pupil = make_pupil(surname="Секретов", school_class=own if whose == "former" else other)
    if whose == "former":
        Enrolment.objects.update(ends=TODAY - DAY)
    sign_in(client, make_employee(position="class_teacher", school_class=own))
    room = other if whose == "another class" else own
    answer = client.get(f"/classes/{room.pk}/pupils/{pupil.pk}/")
    assert (answer.status_code, "Секретов" in answer.content.decode()) == (404, False)


@pytest.mark.parametrize("who", ["teacher", "other leader"])
def test_another_class_is_not_found(client, who):
    room = make_class(grade=5)
    make_pupil(surname="Секретов", school_class=room)
    other = make_class(grade=6)
    sign_in(
        client, make_employee() if who == "teacher" else make_employee(position="class_teacher", school_class=other)
    )
    for path in (f"/classes/{room.pk}/", f"/classes/year/{room.year_id}/"):
        answer = client.get(path)
        assert (answer.status_code, "Секретов" in answer.content.decode()) == (404, False)


# Past years


def test_a_past_year_stays_readable(client, deputy):
    past = make_year(starts=make_year().starts - 30 * DAY)
    old = make_class(grade=9, year=past)
    there = make_pupil(surname="Бывший", school_class=old, ends=past.ends)
    make_pupil(surname="Ушедший", school_class=old, ends=past.ends - 60 * DAY)
    assert str(past) in client.get("/classes/").content.decode()
    assert f"/classes/{old.pk}/" in client.get(f"/classes/year/{past.pk}/").content.decode()
    answer = client.get(f"/classes/{old.pk}/")
    assert ([row.pupil for row in answer.context["here"]], answer.context["date"]) == ([there], past.ends)
    assert [row.pupil.surname for row in answer.context["gone"]] == ["Ушедший"]


# Queries


def fill(five, count: int) -> None:
    for _ in range(count):
        make_parent(child=make_pupil(school_class=five))
        make_pupil(school_class=five, ends=TODAY - DAY)
        make_employee()


@pytest.mark.parametrize("path", ["/people/", "/classes/{five}/", "/classes/year/{year}/", "/people/{pupil}/"])
def test_queries_do_not_grow_with_rows(client, deputy, path):
    five = make_class(grade=5)
    pupil = make_pupil(school_class=five)
    make_parent(child=pupil)
    order = Order.objects.create(kind="general", register="general", state="executed", number="1", title="О")
    OrderLine.objects.create(order=order, number=1, person=pupil)
    path = path.format(five=five.pk, year=five.year_id, pupil=pupil.pk)
    fill(five, 1)
    few = queries(client, path)
    fill(five, 15)
    for n in range(15):
        make_class(grade=6, letter="АБВГДЕЖЗИКЛМНОП"[n])
        make_parent(child=pupil)
        OrderLine.objects.create(order=order, number=n + 2, person=pupil)
        former = LONG_AGO - (20 + n * 20) * DAY
        Enrolment.objects.create(pupil=pupil, school_class=five, starts=former, ends=former + DAY)
    assert queries(client, path) == few
    assert few <= 20


def queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)
