"""The registry's rows and its public pages."""

import re
import tomllib

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actor import Actor
from resources import importing, urls
from resources.actions.elements import CyclicParts, save_element
from resources.actions.registry import load_registry
from resources.models import Element
from resources.models.elements import TAKEN_SLUGS
from tests.factories import make_element, make_employee, make_pupil, sign_in

COMMAND = Actor.command("проверка")

# Clause 4.5 as printed: number → (address on the card, access). Written from the Regulation, not from our data file.
TABLE = {
    1: ("https://sosh27.uo-aps.ru/", "free"),
    2: ("mailto:school27aps@mail.ru", "free"),
    3: ("https://vk.com/public217406071", "free"),
    4: ("https://sgo.rso23.ru/", "authorised"),
    5: ("https://sas.ficto.ru/", "authorised"),
    6: ("https://spo-fisoko.obrnadzor.gov.ru/lk/publications/vpr", "authorised"),
    7: ("https://sferum.ru", "authorised"),
    8: ("https://edsoo.ru/constructor", "free"),
    9: ("https://edsoo.ru/constructor", "authorised"),
    10: ("https://rusneb.ru", "free"),
    11: ("https://educont.ru", "free"),
    12: ("https://рдш.рф", "authorised"),
    13: ("https://orlyatarussia.ru", "authorised"),
    14: ("https://bvbinfo.ru", "authorised"),
    15: ("https://cabinet.miccedu.ru", "authorised"),
    16: ("https://23.soctest.ru", "authorised"),
    17: ("https://edu.sirius.online", "free"),
    # Printed without an address: in our reading it is this portal's own base.
    18: ("/courses/complexes/", "free"),
}


@pytest.fixture
def registry(db):
    load_registry(by=COMMAND)


@pytest.mark.clause("4.5")
def test_the_18_rows_are_loaded_as_printed(registry):
    rows = Element.objects.platforms().filter(number__isnull=False)
    assert {e.number: (e.address, e.outside_access) for e in rows} == TABLE


@pytest.mark.clause("4.5")
def test_closure_to_begin_with(registry):
    closures = dict(Element.objects.filter(number__isnull=False).values_list("number", "closure"))
    free = {number: 0 for number, (_, door) in TABLE.items() if door == "free"}
    assert closures == {**dict.fromkeys(TABLE, 1), **free, 5: 4, 6: 4, 15: 4, 9: 2}


def test_another_schools_rows_are_marked_for_the_administrator_only(registry, client):
    doubtful = Element.objects.exclude(doubtful="").values_list("number", flat=True)
    assert sorted(doubtful) == [1, 2]
    page = reverse("resources:element_detail", args=["school-site"])
    assert "Сомнение" not in client.get(page).content.decode()
    sign_in(client, make_employee(position="system_administrator"))
    assert "Сомнение" in client.get(page).content.decode()


def test_loading_again_changes_nothing_and_keeps_what_the_school_changed(registry):
    element = Element.objects.get(slug="neb")
    element.purpose = "Наша библиотека"
    save_element(element, by=COMMAND)
    plan = load_registry(by=COMMAND)
    assert (len(plan.new), len(plan.changed)) == (0, 1)
    assert Element.objects.get(slug="neb").purpose == "Наша библиотека"


@pytest.mark.clause("1.4")
def test_a_guest_reads_every_platform_with_its_address(registry, client):
    html = client.get(reverse("resources:element_list")).content.decode()
    missing = [row.name for row in Element.objects.platforms() if row.name not in html or row.host not in html]
    assert missing == []


def test_built_in_sections_stand_apart(registry, client):
    context = client.get(reverse("resources:element_list")).context
    assert sum(len(elements) for _, elements in context["groups"]) == 18
    sections = [
        "cabinet",
        "registry",
        "responsible",
        "documents",
        "curricula",
        "programmes",
        "library",
        "courses",
        "news",
        "sveden",
    ]
    assert [e.slug for e in context["sections"]] == sections


@pytest.mark.parametrize(
    "query", ["национальная", "НАЦИОНАЛЬНАЯ", "нэб", "НЭБ", "Национальной библиотеке", "rusneb.ru"]
)
def test_search_finds_in_any_case_and_form(registry, client, query):
    context = client.get(reverse("resources:element_list"), {"q": query}).context
    assert [e.slug for _, elements in context["groups"] for e in elements] == ["neb"]


def test_nothing_found_offers_a_near_word(registry, client):
    context = client.get(reverse("resources:element_list"), {"q": "нацыональная"}).context
    assert (context["groups"], context["suggestion"]) == ([], "национальная")


def test_filters_narrow_and_wrong_values_are_passed_over(registry, client):
    page = reverse("resources:element_list")
    assert client.get(page, {"access": "free"}).context["found"] == 8
    assert client.get(page, {"access": "нет", "component": "0"}).context["found"] == 18


def test_an_unlisted_element_is_known_only_to_those_it_opens_to(registry, client):
    make_element(slug="inner-desk", name="Внутренний стол", closure=2, is_listed=False)
    page = reverse("resources:element_detail", args=["inner-desk"])
    assert client.get(page).status_code == 404
    sign_in(client, make_pupil())
    assert client.get(page).status_code == 404
    sign_in(client, make_employee())
    assert "Внутренний стол" in client.get(page).content.decode()


def test_the_inside_of_a_closed_card_is_hidden_and_not_searched(registry, client):
    element = Element.objects.get(slug="fis-oko")
    element.how_to_get_in = "Тайное слово: карандаш"
    save_element(element, by=COMMAND)
    page = client.get(reverse("resources:element_detail", args=["fis-oko"])).content.decode()
    assert "карандаш" not in page
    assert client.get(reverse("resources:element_list"), {"q": "карандаш"}).context["found"] == 0


def test_parts_inherit_the_nearest_closure_above(db):
    root = save_element(Element(slug="root", name="Корень"), by=COMMAND)
    part = save_element(Element(slug="part", name="Часть", parent=root), by=COMMAND)
    deep = save_element(Element(slug="deep", name="Глубже", parent=part), by=COMMAND)
    own = save_element(Element(slug="own", name="Своя", parent=part, own_closure=5), by=COMMAND)
    assert root.closure == 4
    root.own_closure = 2
    save_element(root, by=COMMAND)
    closures = dict(Element.objects.values_list("slug", "closure"))
    assert closures == {root.slug: 2, part.slug: 2, deep.slug: 2, own.slug: 5}


def test_cyclic_parts_are_refused(db):
    root = save_element(Element(slug="root", name="Корень"), by=COMMAND)
    part = save_element(Element(slug="part", name="Часть", parent=root), by=COMMAND)
    root.parent = part
    with pytest.raises(CyclicParts):
        save_element(root, by=COMMAND)
    assert Element.objects.get(slug="root").parent is None


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"slug": "a", "name": "А", "address": "javascript:alert(1)"}, "Не похоже на адрес"),
        ({"slug": "a", "name": "А", "access": "иногда"}, "ожидается «Свободные» или «Авторизованный»"),
        ({"slug": "a", "name": "А", "colour": "red"}, "незнакомое поле: colour"),
        (
            {"slug": "a", "name": "А", "closure": 9},
            "меньше либо равно 5|Выберите корректный|корректное значение|нет среди",
        ),
        ({"slug": "", "name": "А"}, "не может быть пустым"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_planned(db, table, message):
    plan = importing.plan([importing.Row("строка 7", {**table, "kind": "external"})])
    assert plan.new == []
    assert plan.errors
    assert plan.errors[0].startswith("строка 7: ")
    assert any(part in plan.errors[0] for part in message.split("|")), plan.errors


def test_a_repeated_slug_names_both_places(db):
    row = {"slug": "a", "name": "А", "kind": "external"}
    plan = importing.plan([importing.Row("строка 1", row), importing.Row("строка 2", row)])
    assert plan.errors == ["строка 2: адрес карточки «a» уже был (строка 1)."]


@pytest.mark.parametrize("content", ["[[element]", "\xff\xfe", "element = 5"])
def test_a_damaged_file_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "реестр.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(importing.RegistryFileError, match="реестр.toml"):
        importing.read_elements(path, "external")


def test_the_data_files_are_readable_toml():
    for name in ("platforms.toml", "sections.toml", "levels.toml"):
        assert tomllib.loads((importing.DATA / name).read_text(encoding="utf-8"))


def test_a_guest_gets_304_until_something_changes(registry, client):
    page = reverse("resources:element_list")
    etag = client.get(page)["ETag"]
    assert client.get(page, headers={"if-none-match": etag}).status_code == 304
    save_element(Element(slug="new", name="Новая платформа", own_closure=0), by=COMMAND)
    fresh = client.get(page, headers={"if-none-match": etag})
    assert fresh.status_code == 200
    assert "Новая платформа" in fresh.content.decode()


def test_display_settings_change_the_guests_etag(registry, client):
    page = reverse("resources:element_list")
    etag = client.get(page)["ETag"]
    client.get(reverse("eios:display"), {"vision": "low", "next": page})
    fresh = client.get(page, headers={"if-none-match": etag})
    assert fresh.status_code == 200
    assert 'data-vision="low"' in fresh.content.decode()


def test_addresses_of_pages_are_not_given_to_elements(db):
    """What stands straight under /elements/ and /desk/ in the URLconf would hide a card of the same address."""
    starts = (re.match(r"(?:elements|desk)/([a-z]+)/", str(one.pattern)) for one in urls.urlpatterns)
    assert {found[1] for found in starts if found} == TAKEN_SLUGS
    with pytest.raises(ValidationError, match="занят страницей портала"):
        Element(slug="reviews", name="Обзоры").full_clean()
