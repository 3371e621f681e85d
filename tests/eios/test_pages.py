"""Home, cabinet and the small pages around them."""

import pytest
from django.urls import reverse

from accounts.actor import Actor
from resources.actions.registry import load_registry
from resources.models import Element
from tests.factories import (
    make_class,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    sign_in,
)


@pytest.fixture
def registry(db):
    load_registry(by=Actor.command("проверка"))


@pytest.mark.clause("8.2")
def test_home_tells_a_guest_what_is_open(registry, client, school):
    school(portal_name="ЭИОС школы №29", home_notice="Завтра каникулы", phone="8 (86152) 0-00-00")
    page = client.get("/")
    html = page.content.decode()
    assert (page.context["platform_count"], page.context["free_count"]) == (18, 8)
    assert "Завтра каникулы" in html
    assert "8 (86152) 0-00-00" in html
    assert [c["title"] for c in page.context["components"]] == list(Element.Component.labels)


def test_home_features_no_doubtful_row(registry, client):
    assert all(not element.doubtful for element in client.get("/").context["open_elements"])


@pytest.mark.clause("6.3")
def test_cabinet_shows_who_one_is_and_what_is_open(registry, client):
    pupil = make_pupil(school_class=make_class(grade=9, letter="Б"), name="Иван", patronymic="Петрович")
    sign_in(client, pupil)
    context = client.get(reverse("eios:cabinet")).context
    assert context["greeting"] == "Иван Петрович"
    assert context["statuses"] == ["Обучающийся, 9\xa0«Б»"]
    closed = {row["element"].slug: row["why"] for row in context["closed_elements"]}
    assert set(closed) == {"monitoring", "fis-oko", "givc", "programme-constructor"}
    assert closed["fis-oko"] == ("Нужен уровень «Руководство», сейчас — «Авторизованный».",)


def test_cabinet_of_several_statuses_at_once(registry, client, school):
    school(parents_have_cabinets=True)
    child = make_pupil(surname="Орлов", name="Пётр", patronymic="Ильич")
    teacher = make_employee(position="class_teacher", school_class=make_class(grade=5, letter="А"))
    parent = make_parent(child=child)
    sign_in(client, teacher)
    assert client.get(reverse("eios:cabinet")).context["statuses"] == ["Class_teacher, 5\xa0«А»"]
    sign_in(client, parent)
    assert client.get(reverse("eios:cabinet")).context["statuses"] == ["Родитель: Орлов Пётр Ильич"]


def test_menu_holds_only_what_opens(registry, client):
    def menu_of(person):
        sign_in(client, person)
        return [item.url for item in client.get(reverse("eios:cabinet")).context["menu"]]

    administrator = menu_of(make_employee(position="system_administrator"))
    for_everybody = [
        "/cabinet/",
        "/elements/",
        "/news/",
        "/curricula/",
        "/programmes/",
        "/library/",
        "/courses/",
        "/journal/",
        "/portfolio/",
        "/responsible/",
        "/requests/",
        "/documents/",
        "/sveden/",
    ]
    assert menu_of(make_pupil()) == for_everybody
    assert "/admin/" in administrator
    assert "/audit/" in administrator
    assert "/admin/" not in menu_of(make_employee(position="director"))


def test_a_guest_and_a_stranger_do_not_see_the_cabinet(registry, client):
    page = reverse("eios:cabinet")
    assert client.get(page).headers["Location"] == f"/login/?next={page}"
    sign_in(client, make_person(surname="Чужаков"))
    answer = client.get(page)
    assert answer.status_code == 403
    assert "Чужаков" not in answer.content.decode()
    assert client.get(page).status_code == 302


def test_display_settings_are_kept_in_a_cookie(registry, client):
    answer = client.get(reverse("eios:display"), {"theme": "dark", "next": "/elements/"})
    assert answer.headers["Location"] == "/elements/"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.get(reverse("eios:display"), {"vision": "low"})
    html = client.get("/").content.decode()
    assert 'data-vision="low"' in html
    assert 'data-theme="dark"' in html
    client.get(reverse("eios:display"), {"vision": "normal"})
    assert 'data-vision="normal"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil", "/\\evil", "evil", "", "http:evil"],
)
def test_display_returns_only_inside_the_portal(registry, client, target):
    answer = client.get(reverse("eios:display"), {"theme": "dark", "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "cookie", ["", "x", 'vision=evil&theme="><script>', "%00", "a" * 5000, "vision=low&vision=normal"]
)
def test_any_display_cookie_is_survived(registry, client, cookie):
    client.cookies["display"] = cookie
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<body")[0]


def test_wrong_display_settings_are_refused_with_the_form(registry, client):
    assert client.get(reverse("eios:display"), {"theme": "neon"}).status_code == 400


def test_the_gallery_exists_only_in_debug(registry, client, settings):
    assert client.get(reverse("eios:gallery")).status_code == 404
    settings.DEBUG = True
    assert client.get(reverse("eios:gallery")).status_code == 200


def test_probes_ask_nothing_of_the_visitor(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"
    with django_assert_num_queries(1):
        assert client.get("/readyz").content == b"ok"


@pytest.mark.parametrize("path", ["/", "/privacy/", "/display/", "/elements/"])
def test_public_pages_stand_before_the_school_is_set_up(client, db, path):
    assert client.get(path).status_code in (200, 404 if path == "/elements/" else 200)


def test_the_menu_shows_the_section_that_a_page_is_stamped_with(registry, client):
    """Pages of gradebooks lie below the diary's address, and are not of the diary."""
    sign_in(client, make_employee(position="deputy"))

    def current(path: str) -> list[str]:
        return [item.url for item in client.get(path).context["menu"] if item.current]

    assert current("/journal/gradebooks/") == current("/journal/load/") == ["/journal/gradebooks/"]
    assert current("/journal/desk/") == ["/journal/desk/"]
    assert current("/elements/neb/") == ["/elements/"]
