"""Documents: what is in force, who has read it, and what opens then (3.2, 3.3, 13)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry
from resources import sections
from resources.actions import documents as actions
from resources.actions.registry import load_registry
from resources.models import Acquaintance, Edition
from tests.factories import (
    LONG_AGO,
    make_condition,
    make_document,
    make_element,
    make_employee,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    sections.forget()


def page(name, *args) -> str:
    return reverse(f"resources:{name}", args=args)


@pytest.fixture
def revised():
    """A document with a former edition, one in force since today, and one that comes tomorrow."""
    document = make_document(title="Порядок входа", text="Слова первой")
    for text, day in (("Слова второй", TODAY), ("Слова третьей", TODAY + DAY)):
        actions.publish_edition(document, text=text, in_force_from=day, basis="Приказ", by=COMMAND)
    return document


@pytest.mark.clause("13.4")
def test_a_guest_reads_what_is_in_force_and_what_was_but_not_what_comes(revised, client):
    coming = make_document(title="Ещё не вышел")
    coming.editions.update(in_force_from=TODAY + DAY)
    listed = client.get(page("document_list")).content.decode()
    assert ("Порядок входа" in listed, "Ещё не вышел" in listed) == (True, False)
    text = client.get(page("document_detail", revised.pk)).content.decode()
    assert [word in text for word in ("Слова первой", "Слова второй", "Слова третьей")] == [False, True, False]
    assert page("document_edition", revised.pk, 1) in text
    assert page("document_edition", revised.pk, 3) not in text
    assert "Ознакомлен(а)" not in text
    assert "Слова первой" in client.get(page("document_edition", revised.pk, 1)).content.decode()
    assert client.get(page("document_edition", revised.pk, 2)).url == page("document_detail", revised.pk)
    gone = [page("document_edition", revised.pk, 3), page("document_detail", coming.pk)]
    assert [client.get(one).status_code for one in gone] == [404, 404]


@pytest.mark.clause("3.2")
def test_a_condition_leads_to_the_document_and_back_to_the_opened_card(client):
    document, pupil = make_document(title="Правила чата"), make_pupil()
    card = make_element(closure=1, how_to_get_in="Внутри карточки")
    make_condition(card, kind="acquaintance", document=document)
    sign_in(client, pupil)
    closed = client.get(page("element_detail", card.slug)).content.decode()
    way = f"{page('document_detail', document.pk)}?next={page('element_detail', card.slug)}"
    assert "Внутри карточки" not in closed
    assert way in closed.replace("%2F", "/")
    assert "Ознакомлен(а)" in client.get(way).content.decode()
    tick = {"edition": document.edition_on(TODAY).pk, "next": page("element_detail", card.slug)}
    for _ in range(2):
        assert client.post(page("document_acquaint", document.pk), tick).url == page("element_detail", card.slug)
    assert "Внутри карточки" in client.get(page("element_detail", card.slug)).content.decode()
    assert Acquaintance.objects.values_list("person", "edition", "address").get() == (
        pupil.pk, tick["edition"], "127.0.0.1",
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="document.acquainted", actor=pupil).count() == 1
    assert "Вы ознакомились" in client.get(page("document_detail", document.pk)).content.decode()
    away = {**tick, "next": "//evil.example/"}
    assert client.post(page("document_acquaint", document.pk), away).url == page("document_detail", document.pk)


def test_whoever_is_signed_in_has_the_menu_at_documents(revised, client):
    sign_in(client, make_pupil())
    pages = (page("document_list"), page("document_detail", revised.pk), page("document_edition", revised.pk, 1))
    assert [client.get(one).context["menu"] != [] for one in pages] == [True, True, True]


@pytest.mark.clause("13.4")
def test_what_was_read_on_a_page_that_went_stale_is_not_taken(client):
    document, another = make_document(), make_document(title="Другой")
    read = document.edition_on(TODAY)
    sign_in(client, make_pupil())
    actions.publish_edition(document, text="Новое", in_force_from=TODAY, by=COMMAND)
    for edition in (read.pk, another.edition_on(TODAY).pk, "", "x"):
        response = client.post(page("document_acquaint", document.pk), {"edition": edition}, follow=True)
        assert "вышла новая редакция" in response.content.decode()
    assert not Acquaintance.objects.exists()


@pytest.mark.clause("13.4")
def test_a_new_edition_asks_again_from_its_day(revised):
    pupil = make_pupil()
    former = revised.editions.get(number=1)
    Acquaintance.objects.create(person=pupil, edition=former)
    found = [type(revised).objects.acquainted(pupil.pk, TODAY - DAY * n).exists() for n in (0, 1)]
    assert found == [False, True]


def test_a_document_names_only_elements_that_one_may_know_of(client):
    document = make_document()
    for name, listed in (("Открытая платформа", True), ("Тайная платформа", False)):
        element = make_element(name=name, closure=4, is_listed=listed)
        element.governed_by.add(document)
    text = client.get(page("document_detail", document.pk)).content.decode()
    assert ("Открытая платформа" in text, "Тайная платформа" in text) == (True, False)
    sign_in(client, make_employee(position="director"))
    assert "Тайная платформа" in client.get(page("document_detail", document.pk)).content.decode()


@pytest.mark.clause("3.2")
def test_readers_are_for_the_management(client, django_assert_num_queries):
    document = make_document()
    edition = document.edition_on(TODAY)
    readers = [make_pupil(surname="Читаева"), make_employee(surname="Бывшая", ends=TODAY - DAY)]
    for person in readers:
        Acquaintance.objects.create(person=person, edition=edition)
    make_pupil(surname="Нечитаев")
    register = page("document_readers", document.pk)
    sign_in(client, make_employee())
    assert client.get(register).status_code == 403
    sign_in(client, make_employee(position="director", surname="Главная"))
    shown = {
        state: [name in client.get(f"{register}?state={state}").content.decode() for name in ("Читаева", "Нечитаев")]
        for state in ("", "read", "waiting")
    }
    assert shown == {"": [True, True], "read": [True, False], "waiting": [False, True]}
    assert "Бывшая" not in client.get(register).content.decode()
    assert client.get(register).context["counts"] == {"people": 4, "read": 1}
    for number in range(30):
        Acquaintance.objects.create(person=make_pupil(surname=f"Новая {number}"), edition=edition)
    with django_assert_num_queries(11):
        client.get(register)


@pytest.mark.clause("13.4")
def test_the_administrator_publishes_editions_and_never_changes_a_read_one(client):
    document = make_document(text="Старое")
    sign_in(client, make_employee(position="system_administrator"))
    add = reverse("admin:resources_edition_add")
    fields = {"document": document.pk, "text": "Новое", "basis": "Приказ № 5"}
    refused = client.post(add, {**fields, "in_force_from": (LONG_AGO - DAY).strftime("%d.%m.%Y")})
    assert "новая начинается позже" in refused.content.decode()
    client.post(add, {**fields, "in_force_from": TODAY.strftime("%d.%m.%Y")})
    edition = document.edition_on(TODAY)
    assert (edition.number, edition.text, edition.basis) == (2, "Новое", "Приказ № 5")
    change = reverse("admin:resources_edition_change", args=[edition.pk])
    client.post(change, {"text": "Исправлено", "basis": "Приказ № 5"})
    Acquaintance.objects.create(person=make_pupil(), edition=edition)
    assert client.post(change, {"text": "Подменено", "basis": ""}).status_code == 403
    assert Edition.objects.get(pk=edition.pk).text == "Исправлено"
    edition.text = "Подменено"
    with pytest.raises(ValidationError, match="уже ознакомились"):
        actions.correct_edition(edition, by=COMMAND)
