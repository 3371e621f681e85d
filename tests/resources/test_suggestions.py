"""Suggestions: anyone signed in proposes, whoever administers answers, the sender sees what became of it (3.5)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry
from resources.actions import suggestions
from resources.actions.registry import load_registry
from resources.models import Suggestion
from tests.factories import (
    make_administrator,
    make_element,
    make_employee,
    make_pupil,
    make_suggestion,
    recognised,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.5")]
TODAY = datetime.date.today()
ADD, LIST, INBOX = "/suggestions/add/", "/suggestions/", "/suggestions/inbox/"


@pytest.fixture
def owner(db):
    load_registry(by=Actor.command("tests"))
    element = make_element(slug="olymp", name="Олимпиады")
    person = make_administrator(element, make_employee(surname="Лужина"))
    person.element = element
    return person


@pytest.fixture
def chief(owner):
    return make_employee(position="system_administrator", surname="Главный")


def told(person) -> list[str]:
    return list(person.notifications.order_by("pk").values_list("text", flat=True))


def test_a_new_resource_goes_to_the_system_administrator(owner, chief, client):
    pupil = make_pupil()
    sign_in(client, pupil)
    data = {"title": "Решу ЕГЭ", "address": "https://ege.example.org", "text": "Для 11 класса"}
    client.post(ADD, data)
    found = Suggestion.objects.get()
    assert (found.author, found.element, found.title, found.state) == (pupil, None, "Решу ЕГЭ", "waiting")
    assert (told(chief), told(owner)) == (["Новое предложение: Решу ЕГЭ"], [])
    assert [one.text for one in waiting_for(recognised(chief), TODAY) if one.url == INBOX] == [
        "Ждёт ответа: 1 предложение"
    ]
    assert [one.text for one in waiting_for(recognised(owner), TODAY) if one.url == INBOX] == []
    assert "Решу" not in str(list(AuditEntry.objects.filter(action="suggestion.made").values_list("changes", "basis")))


def test_a_change_goes_to_the_elements_administrator_and_is_answered(owner, chief, client):
    pupil = make_pupil(surname="Тайная")
    sign_in(client, pupil)
    assert f"{ADD}?element=olymp" in client.get("/elements/olymp/").content.decode()
    client.post(f"{ADD}?element=olymp", {"title": "Поправить адрес"})
    found = Suggestion.objects.get()
    assert (found.element, told(owner), told(chief)) == (owner.element, ["Новое предложение: Поправить адрес"], [])
    sign_in(client, owner)
    pages = [client.get(page).content.decode() for page in (INBOX, "/desk/olymp/suggestions/", f"{LIST}{found.pk}/")]
    assert ["Тайная" in html for html in pages] == [True] * 3
    refusal = client.post(f"{LIST}{found.pk}/answer/", {"state": "declined", "answer": " "}).content.decode()
    assert "Напишите, почему предложение отклонено." in refusal
    client.post(f"{LIST}{found.pk}/answer/", {"state": "accepted", "answer": "Поправили"})
    found.refresh_from_db()
    assert (found.state, found.decided_by, told(pupil)) == (
        "accepted", owner, ["Ваше предложение «Поправить адрес» принято."],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="уже ответили"):
        suggestions.answer(found, "declined", "Нет", by=Actor(owner, "192.0.2.7", "owner"))
    sign_in(client, pupil)
    assert "Поправили" in client.get(LIST).content.decode()


def test_others_find_neither_the_inbox_nor_the_suggestion(owner, client):
    found = make_suggestion(make_pupil(), element=owner.element, title="Тайное")
    stranger = make_administrator(make_element(slug="foreign"), make_employee())
    for person, inbox in ((make_pupil(), 404), (make_employee(), 404), (stranger, 200)):
        sign_in(client, person)
        assert client.get(INBOX).status_code == inbox
        assert "Тайное" not in client.get(INBOX).content.decode()
        assert "Тайное" not in client.get(LIST).content.decode()
        pages = [client.get(f"{LIST}{found.pk}/"), client.post(f"{LIST}{found.pk}/answer/", {"state": "accepted"})]
        pages.append(client.get("/desk/olymp/suggestions/"))
        assert {page.status_code for page in pages} <= {403, 404}
    sign_in(client, found.author)
    assert client.get(f"{LIST}{found.pk}/").status_code == 200
    assert client.post(f"{LIST}{found.pk}/answer/", {"state": "accepted"}).status_code == 404
    found.refresh_from_db()
    assert found.is_waiting


def test_bad_suggestions(owner, client):
    make_element(slug="secret", closure=4, is_listed=False)
    sign_in(client, make_pupil())
    assert client.get(f"{ADD}?element=secret").status_code == 404
    assert "Не похоже на адрес" in client.post(ADD, {"title": "а", "address": "javascript:alert(1)"}).content.decode()
    assert Suggestion.objects.count() == 0
    for _ in range(suggestions.MOST_A_DAY):
        client.post(ADD, {"title": "Ещё"})
    assert "Остальные отправьте завтра" in client.post(ADD, {"title": "Ещё"}).content.decode()
    assert Suggestion.objects.count() == suggestions.MOST_A_DAY


def test_lists_ask_alike_for_one_and_thirty(owner, client):
    pupil = make_pupil()
    sign_in(client, owner)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_suggestion(make_pupil(), element=owner.element)
            make_suggestion(owner, element=owner.element)
        client.get(INBOX)
        for page in (INBOX, LIST):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert pupil.suggestions.count() == 0
