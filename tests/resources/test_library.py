"""Electronic libraries as everybody sees them, and how their administrators say how one gets in (10.1-10.5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.actions.elements import describe_library, save_element, set_closure
from resources.actions.registry import load_registry
from resources.models import AccessRequest, Element
from tests.factories import (
    make_administrator,
    make_credential,
    make_element,
    make_employee,
    make_library,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
PAGE = "/library/"
SCHOOL, HOME = {"REMOTE_ADDR": "192.168.29.7"}, {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def registry(school):
    load_registry(by=Actor.command("tests"))
    Element.objects.filter(slug="neb").update(library_way="")
    school(local_networks="192.168.29.0/24")


def text_of(client, **where) -> str:
    answer = client.get(PAGE, **where)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


@pytest.mark.clause("10.1")
def test_everybody_opens_the_page_and_sees_the_libraries_one_may_know_of(client):
    make_library(name="Открытая", way="free", closure=0)
    make_library(name="Подписная", is_listed=False)
    make_element(name="Не библиотека", closure=0)
    text = text_of(client)
    assert ("Открытая" in text, "Подписная" in text, "Не библиотека" in text) == (True, False, False)
    sign_in(client, make_pupil())
    assert "Подписная" in text_of(client)


@pytest.mark.clause("10.5")
@pytest.mark.parametrize(
    ("where", "line", "advice"),
    [
        (SCHOOL, "Вы сейчас внутри сети школы", "зарегистрироваться можно прямо сейчас"),
        (HOME, "Вы сейчас вне сети школы", "зайдите сюда из школы"),
    ],
)
def test_the_school_network_is_told_to_guests_too_and_what_it_means(client, where, line, advice):
    make_library(name="Своя", way="own_at_school", closure=0)
    # The same page for two guests at two addresses: none may be shown another's line.
    for other in (HOME, SCHOOL, where):
        text = text_of(client, **other)
    assert (line in text, advice in text) == (True, True)


def test_without_networks_nothing_is_said_but_to_who_can_configure_them(client, school):
    school(local_networks="")
    SchoolCard.touch_public()
    make_library(name="Своя", way="own_at_school", closure=0)
    assert "сети школы:" not in text_of(client)
    sign_in(client, make_employee(position="system_administrator"))
    assert "Сети школы не указаны" in text_of(client)


@pytest.mark.clause("10.4")
def test_the_inside_of_a_closed_card_stays_inside_and_the_procedure_is_linked(client):
    make_library(how_to_get_in="Тайный вход", procedure_url="https://kniga.example.org/rules")
    text = text_of(client)
    assert ("Тайный вход" in text, "https://kniga.example.org/rules" in text) == (False, True)
    sign_in(client, make_pupil())
    assert "Тайный вход" in text_of(client)


def test_each_sees_the_own_state_and_never_a_password(client):
    pupil, other = make_pupil(), make_pupil()
    one, asked, by_library, none = (make_library(name=name) for name in ("Есть", "Просил", "Сама", "Нет"))
    make_credential(one, pupil, login="moi-login", password="Тайна-29")
    make_credential(none, other, login="chuzhoi-login")
    make_credential(by_library, pupil, login="", password="", source="library")
    AccessRequest.objects.create(element=asked, person=pupil, asked_by=pupil)
    sign_in(client, pupil)
    text = text_of(client)
    found = [word in text for word in ("moi-login", "Заявка подана", "Её выдала сама библиотека", "Попросить")]
    assert found == [True, True, True, True]
    assert ("Тайна-29" in text, "chuzhoi-login" in text) == (False, False)


def test_the_page_asks_the_database_as_often_for_one_library_as_for_thirty(client):
    sign_in(client, make_pupil())
    counts = []
    for number in (1, 29):
        for _ in range(number):
            make_library()
        text_of(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.clause("10.4")
def test_the_administrator_says_how_one_gets_in_and_a_stranger_gets_nothing(client):
    element = make_element(name="Читальня")
    librarian = make_administrator(element, make_employee(position="librarian"))
    page = f"/desk/{element.slug}/library/"
    values = {"library_way": "codes", "how_to_get_in": "Спросите код", "procedure_url": "https://example.org/"}
    stranger = make_administrator(make_element(), make_employee())
    sign_in(client, stranger)
    assert client.post(page, values).status_code == 404
    client.logout()
    sign_in(client, librarian)
    assert client.post(page, values).status_code == 302
    element.refresh_from_db()
    assert {name: getattr(element, name) for name in values} == values


@pytest.mark.clause("10.1")
def test_what_is_closed_above_level_1_can_not_become_a_library(client):
    element = make_element(name="Закрытая", closure=2)
    sign_in(client, make_administrator(element, make_employee()))
    answer = client.post(f"/desk/{element.slug}/library/", {"library_way": "pool"})
    assert "10.1" in answer.content.decode()
    element.refresh_from_db()
    assert element.library_way == ""
    element.library_way = "pool"
    with pytest.raises(ValidationError):
        save_element(element, by=Actor.command("tests"))


def test_that_it_is_no_library_any_more_the_system_administrator_says(client):
    element = make_library(name="ЭБС", closure=1)
    keeper = make_administrator(element, make_employee())
    sign_in(client, keeper)
    page = f"/desk/{element.slug}/library/"
    assert "решает системный администратор" in client.post(page, {"library_way": ""}).content.decode()
    assert client.post(page, {"library_way": "codes"}).status_code == 302
    element.refresh_from_db()
    assert element.library_way == "codes"
    describe_library(element, {"library_way": ""}, by=Actor.command("tests"))
    assert Element.objects.get(pk=element.pk).library_way == ""


def test_a_page_read_before_the_closure_changed_does_not_undo_it():
    element = make_element(name="ЭБС", closure=0)
    read_before = Element.objects.get(pk=element.pk)
    set_closure(element, 1, by=Actor.command("tests"))
    describe_library(read_before, {"library_way": "free"}, by=Actor.command("tests"))
    assert Element.objects.values_list("closure", "own_closure", "library_way").get(pk=element.pk) == (1, 1, "free")


def test_a_section_of_the_portal_is_no_library(client):
    sign_in(client, make_administrator(Element.objects.get(slug="news"), make_employee()))
    assert client.post("/desk/news/library/", {"library_way": "free"}).status_code == 404
