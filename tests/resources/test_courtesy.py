"""Feeds, the sitemap and robots.txt: as a guest sees the school, whoever asks; nothing closed or to come."""

import datetime
import re
import xml.etree.ElementTree as ET

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eios.middleware import stamp_for
from resources import sections
from resources.actions.elements import save_element
from resources.models import Edition, Element
from tests.factories import make_document, make_element, make_employee, make_news, make_programme, sign_in
from tests.pages import every_page
from tests.resources.at_desk import BY

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
FEEDS = ("/news/rss/", "/documents/rss/")
PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(client, host="testserver") -> list[str]:
    """Paths of the sitemap."""
    found = ET.fromstring(client.get("/sitemap.xml", headers={"host": host}).content)  # noqa: S314 (our own)
    assert all(one.text.startswith(f"http://{host}/") for one in found.iter(f"{PLACE}loc"))
    return [one.text.removeprefix(f"http://{host}") for one in found.iter(f"{PLACE}loc")]


def entries(client, feed: str) -> list[tuple[str, str]]:
    """(title, link) of each entry of a feed."""
    root = ET.fromstring(client.get(feed).content)  # noqa: S314 (our own)
    return [(one.findtext("title"), one.findtext("link")) for one in root.iter("item")]


def disallowed(client) -> list[str]:
    return re.findall(r"^Disallow: (.+)$", client.get("/robots.txt").content.decode(), re.MULTILINE)


def set_closure(slug: str, closure: int) -> None:
    element = Element.objects.get(slug=slug)
    element.own_closure = closure
    save_element(element, by=BY)


@pytest.mark.clause("1.4")
def test_the_sitemap_is_what_a_guest_may_open(site, client):
    document = make_document(title="Открытый")
    Edition.objects.create(document=make_document(), number=2, text="Завтра", in_force_from=TODAY + DAY)
    coming = make_document(title="Будущий")
    coming.editions.update(in_force_from=TODAY + DAY)
    item, later = make_news(), make_news(hours=-1)
    make_element(slug="tainyi", name="Тайный", closure=4, is_listed=False)
    part = make_element(slug="chast", closure=0, parent=Element.objects.get(slug="neb"))
    make_element(slug="tainaya-chast", closure=3, parent=Element.objects.get(slug="neb"))
    expected = {"/", "/privacy/", "/elements/", "/news/", f"/documents/{document.pk}/", f"/news/{item.pk}/"}
    expected |= {f"/elements/{part.slug}/", "/elements/neb/"}
    wrong = {"/elements/tainyi/", "/elements/tainaya-chast/", f"/documents/{coming.pk}/", f"/news/{later.pk}/"}
    for person in (None, make_employee(position="director")):
        if person:
            sign_in(client, person)
        found = places(client)
        assert (expected - set(found), wrong & set(found), len(found) - len(set(found))) == (set(), set(), 0)
    guest = Client()
    assert {path: guest.get(path).status_code for path in found} == dict.fromkeys(found, 200)


def test_a_section_that_was_closed_takes_its_materials_along(site, client):
    make_document(title="Тайный документ")
    make_news(title="Тайная новость")
    before = places(client)
    set_closure("documents", 2)
    set_closure("news", 1)
    after = places(client)
    gone = {path for path in before if path not in after}
    assert {re.sub(r"\d+", "N", path) for path in gone} == {"/documents/", "/documents/N/", "/news/", "/news/N/"}
    assert [client.get(feed).status_code for feed in FEEDS] == [302, 302]
    home = client.get("/")
    assert (home.context["news"], "Тайная новость" in home.content.decode()) == ([], False)
    assert {"/documents/", "/news/"} <= set(disallowed(client))


def test_feeds_hold_what_is_in_force_and_has_appeared(site, client):
    document = make_document(title="Порядок & <правила>")
    Edition.objects.create(document=document, number=2, text="Новое", in_force_from=TODAY, basis="Приказ № 5")
    Edition.objects.create(document=document, number=3, text="Будущее", in_force_from=TODAY + DAY, basis="Тайно")
    item = make_news(title="Раз\x0bдва")
    make_news(title="Тайное", hours=-1)
    assert entries(client, "/documents/rss/") == [
        ("Порядок & <правила>", f"http://testserver/documents/{document.pk}/")
    ]
    assert entries(client, "/news/rss/") == [("Раздва", f"http://testserver/news/{item.pk}/")]
    text = client.get("/documents/rss/").content.decode()
    assert (f"/documents/{document.pk}/#2" in text, "Редакция № 2" in text, "Тайно" in text) == (True, True, False)


def test_a_feed_has_no_more_than_thirty_entries(site, client):
    for number in range(35):
        make_news(title=f"{number}", hours=number)
    assert [title for title, _ in entries(client, "/news/rss/")] == [str(number) for number in range(30)]


def test_robots_names_the_sitemap_and_keeps_machines_off_private_pages(site, client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().endswith("\n\nSitemap: http://testserver/sitemap.xml\n")
    closed = tuple(disallowed(client))
    assert not [path for path in places(client) if path.startswith(closed)]
    # Pages that lead a guest to sign-in stand under closed paths, or beside the open page that they are about.
    open_sections = {one.slug for one in Element.objects.filter(closure=0)}
    beside = tuple(
        Element.objects.filter(closure=0, kind="built_in").exclude(address="").values_list("address", flat=True)
    )
    private = [
        page.address()
        for page in every_page()
        if page.name and not page.is_admin
        for stamp in [stamp_for(page.match, page.view)]
        if stamp.kind != "public" and (stamp.element not in open_sections or stamp.to != "open")
    ]
    assert [path for path in private if not path.startswith(closed + beside)] == []


def test_machines_are_answered_before_the_school_is_set_up(db, client):
    sections.forget()
    assert [client.get(path).status_code for path in ("/robots.txt", "/sitemap.xml", "/", "/news/rss/")] == [
        200, 200, 200, 404,
    ]  # fmt: skip


@pytest.fixture
def memory(settings):
    engine = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"memory": {"BACKEND": engine, "LOCATION": "test", "TIMEOUT": None}}
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    caches["memory"].clear()
    yield
    caches["memory"].clear()


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", *FEEDS, "/news/", "/news/{pk}/", "/documents/{doc}/"])
def test_what_was_drawn_once_is_kept_with_its_type_and_for_its_host(site, memory, client, path):
    path = path.format(pk=make_news().pk, doc=make_document().pk)
    first, kept = client.get(path), Client().get(path)
    assert (kept.content, kept["Content-Type"], kept["ETag"]) == (first.content, first["Content-Type"], first["ETag"])
    other = client.get(path, headers={"host": "other.example"})
    assert (b"http://testserver" in first.content, b"testserver" in other.content) == (True, False)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    make_news(title="Перемена")
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.clause("12.1")
def test_public_materials_say_how_to_cite_them_and_print_their_source(site, client, school):
    school(portal_name="ЭИОС школы №29", short_name="МКОУ ООШ №29")
    document = make_document(title="Порядок доступа")
    Edition.objects.create(document=document, number=2, text="Новое", in_force_from=TODAY)
    today = f"{timezone.localdate():%d.%m.%Y}"
    expected = {
        reverse("resources:document_detail", args=[document.pk]): (
            f"Порядок доступа : правила или порядок : редакция № 2 от {today} // "
        ),
        reverse("resources:document_edition", args=[document.pk, 1]): (
            "Порядок доступа : правила или порядок : редакция № 1 от 01.09.2020 // "
        ),
        "/elements/neb/": "Национальная электронная библиотека (НЭБ) : карточка элемента ЭИОС // ",
    }
    for path, words in expected.items():
        text = client.get(path).content.decode()
        tail = f"ЭИОС школы №29 : [сайт] / МКОУ ООШ №29. – URL: http://testserver{path} (дата обращения: {today})."
        assert words + tail in text
    for path in (*expected, "/documents/", "/news/", "/responsible/"):
        line = f"Источник: ЭИОС школы №29, МКОУ ООШ №29, http://testserver{path}, {today}."
        assert client.get(path).content.decode().count(line) == 1
        assert f'<link rel="canonical" href="http://testserver{path}">' in client.get(path).content.decode()


def test_more_materials_ask_no_more_queries(site, django_assert_num_queries):
    counts = {"/sitemap.xml": 13, "/news/rss/": 2, "/documents/rss/": 2, "/": 1}

    def ask():
        for path, count in counts.items():
            Client().get(path)
            with django_assert_num_queries(count, info=path):
                Client().get(path)

    make_news()
    make_document()
    ask()
    for number in range(30):
        make_news(title=f"{number}")
        make_document(title=f"{number}")
        make_element(slug=f"platform-{number}")
    sections.forget()
    ask()


@pytest.mark.clause("12.1")
def test_an_approved_programme_is_cited_by_its_author_and_stands_in_the_sitemap(site, client, school):
    school(portal_name="ЭИОС школы №29", short_name="МКОУ ООШ №29")
    author = make_employee(surname="Иванова", name="Мария", patronymic="Петровна")
    shown, draft = make_programme(author=author), make_programme(author=author, grade=8, state="draft")
    path = f"/programmes/{shown.pk}/"
    text = client.get(path).content.decode()
    title = str(shown).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Иванова, М. П. {title} : рабочая программа / М. П. Иванова // ЭИОС школы №29 : [сайт]" in text
    found = places(client)
    assert (path in found, f"/programmes/{draft.pk}/" in found) == (True, False)
