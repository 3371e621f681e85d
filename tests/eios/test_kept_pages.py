"""Pages that a worker draws once and keeps: for guests only, and never older than what they show."""

import re

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.actions.school import change_card
from accounts.actor import Actor
from resources.actions.registry import load_registry
from tests.factories import make_edition, make_pupil, sign_in
from tests.personas import accept

BY = Actor.command("проверка")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def memory(settings):
    """The memory of a worker, as the portal has it and the other tests do not."""
    engine = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"memory": {"BACKEND": engine, "LOCATION": "test", "TIMEOUT": None}}
    caches["memory"].clear()
    yield caches["memory"]
    caches["memory"].clear()


@pytest.fixture
def registry(db, memory):
    load_registry(by=BY)


def drawn(response) -> bool:
    """Was the page drawn for this answer? A kept one needs no template."""
    return bool(response.templates)


@pytest.mark.parametrize("page", ["/", "/elements/", "/elements/neb/", "/login/"])
def test_a_guest_gets_what_another_guest_was_drawn(registry, page):
    first, second = Client().get(page), Client().get(page)
    assert (drawn(first), drawn(second)) == (True, False)
    assert TOKEN.sub("", first.content.decode()) == TOKEN.sub("", second.content.decode())


def test_a_change_that_guests_see_is_seen_at_once(registry, client):
    client.get("/")
    client.get("/login/")
    change_card(by=BY, portal_name="Новое имя", home_notice="Завтра каникулы")
    assert "Завтра каникулы" in client.get("/").content.decode()
    assert "Новое имя" in client.get("/login/").content.decode()


def test_display_settings_have_pages_of_their_own(registry, client):
    client.get("/login/")
    client.get("/display/?theme=dark")
    assert 'data-theme="dark"' in client.get("/login/").content.decode()


def test_one_who_is_signed_in_gets_a_page_of_the_own(registry, client):
    pupil, edition = make_pupil(surname="Ёлкина", name="Вера", patronymic="Олеговна"), make_edition()
    accept(pupil, edition)
    Client().get("/")
    sign_in(client, pupil)
    page = client.get("/")
    assert drawn(page)
    assert "Ёлкина" in page.content.decode()
    assert "Ёлкина" not in Client().get("/").content.decode()


def test_everyone_has_a_token_of_the_own_on_the_form_of_sign_in(registry, memory):
    make_pupil(username="petrova", password="верный пароль")
    guests = [Client(enforce_csrf_checks=True) for _ in range(3)]
    tokens = [TOKEN.search(guest.get("/login/").content.decode())[1] for guest in guests]
    assert len(set(tokens)) == 3
    form = {"login": "petrova", "password": "верный пароль"}
    assert guests[2].post("/login/", form | {"csrfmiddlewaretoken": tokens[0]}).status_code == 403
    assert guests[2].post("/login/", form | {"csrfmiddlewaretoken": tokens[2]}).status_code == 302


def test_a_form_that_was_sent_or_knows_where_to_lead_is_not_kept(registry, client):
    client.get("/login/")
    assert drawn(client.get("/login/?next=/cabinet/"))
    assert drawn(client.get("/login/?next=/cabinet/"))
    wrong = client.post("/login/", {"login": "petrova", "password": "не тот"})
    assert "Неверный логин или пароль." in wrong.content.decode()
    assert "Неверный логин или пароль." not in client.get("/login/").content.decode()


def test_the_cards_of_a_cabinet_are_kept_by_what_is_in_them(registry):
    edition = make_edition()
    pupil, other, admin = make_pupil(), make_pupil(), make_pupil(is_superuser=True)
    shown = []
    for person in (pupil, admin, other):
        accept(person, edition)
        client = Client()
        sign_in(client, person)
        shown.append(client.get("/cabinet/").content.decode().count('<article class="el'))
    assert shown == [14, 18, 14]
