"""The desk of the registry: elements change through their action, levels keep their numbers."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard
from resources import access
from resources.actions.registry import load_registry
from resources.asker import Asker
from resources.models import Condition, Element, ElementAdministrator, Level
from tests.factories import make_administrator, make_employee, make_pupil, sign_in

pytestmark = pytest.mark.django_db
ELEMENTS = reverse("admin:resources_element_changelist")


@pytest.fixture
def desk(client):
    load_registry(by=Actor.command("tests"))
    sign_in(client, make_employee(position="system_administrator"))
    return client


def page_of(row) -> str:
    return reverse(f"admin:resources_{row._meta.model_name}_change", args=[row.pk])


def values_of(desk, row, **changes) -> dict:
    form = desk.get(page_of(row)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)} | changes


def names_in(response) -> list[str]:
    return re.findall(r'field-name"><a[^>]*>(.*?)</a>', response.content.decode())


@pytest.mark.clause("5.2")
def test_closure_set_at_the_desk_reaches_the_parts_and_the_trail(desk):
    element = Element.objects.get(slug="sgo")
    part = Element.objects.create(slug="sgo-marks", name="Отметки", parent=element, closure=element.closure)
    before = SchoolCard.current().public_version
    response = desk.post(page_of(element), values_of(desk, element, own_closure="3", basis="Приказ №8-о"))
    assert response.status_code == 302
    assert [Element.objects.get(pk=row.pk).closure for row in (element, part)] == [3, 3]
    entry = AuditEntry.objects.of(element).first()
    assert (entry.action, entry.changes, entry.basis) == ("element.changed", {"own_closure": [1, 3]}, "Приказ №8-о")
    assert SchoolCard.current().public_version == before + 1
    assert not LogEntry.objects.exists()


def test_a_cycle_of_parts_is_an_error_in_the_form(desk):
    whole = Element.objects.get(slug="sgo")
    part = Element.objects.create(slug="sgo-marks", name="Отметки", parent=whole, closure=1)
    response = desk.post(page_of(whole), values_of(desk, whole, parent=part.pk, name="Новое имя"))
    page = response.content.decode()
    assert "Элемент не может быть частью собственной части." in page
    assert 'value="Новое имя"' in page
    whole.refresh_from_db()
    assert (whole.parent, whole.name) == (None, "АИС Сетевой город. Образование")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "нет адреса", "https://"])
def test_a_wrong_address_is_refused(desk, address):
    element = Element.objects.get(slug="sgo")
    response = desk.post(page_of(element), values_of(desk, element, address=address))
    assert "Не похоже на адрес" in response.content.decode()
    assert Element.objects.get(pk=element.pk).address == "https://sgo.rso23.ru/"


def test_a_new_root_element_starts_closed(desk):
    values = {"slug": "new-one", "name": "Новая платформа", "kind": "external", "component": "informational",
              "outside_access": "free", "address": "https://example.org/", "order": "5", "is_listed": "on",
              "keeping": "kept"}  # fmt: skip
    assert desk.post(reverse("admin:resources_element_add"), values).status_code == 302
    assert Element.objects.get(slug="new-one").closure == 4


def test_a_section_keeps_the_slug_and_kind_that_the_portal_knows_it_by(desk):
    section = Element.objects.get(slug="registry")
    desk.post(page_of(section), values_of(desk, section, slug="stolen", kind="external", purpose="Иначе"))
    section.refresh_from_db()
    assert (section.slug, section.kind, section.purpose) == ("registry", "built_in", "Иначе")


def test_elements_are_not_deleted(desk):
    element = Element.objects.get(slug="sgo")
    assert desk.post(reverse("admin:resources_element_delete", args=[element.pk]), {"post": "yes"}).status_code == 403
    desk.post(ELEMENTS, {"action": "delete_selected", "_selected_action": [element.pk], "post": "yes"})
    assert Element.objects.filter(pk=element.pk).exists()


@pytest.mark.clause("5.4")
def test_the_system_administrator_names_and_removes_an_elements_administrator(desk):
    element, person, pupil = Element.objects.get(slug="sgo"), make_employee(surname="Ведущая"), make_pupil()
    add = reverse("admin:resources_elementadministrator_add")
    refused = desk.post(add, {"user": pupil.pk, "content_object": element.pk, "basis": "Приказ №1"})
    assert "Администратором элемента может быть работник" in refused.content.decode()
    assert desk.post(add, {"user": person.pk, "content_object": element.pk, "basis": "Приказ №2"}).status_code == 302
    row = ElementAdministrator.objects.get()
    assert "Ведущая" in desk.get(page_of(element)).content.decode()
    delete = reverse("admin:resources_elementadministrator_delete", args=[row.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 302
    assert ElementAdministrator.objects.count() == 0
    trail = [(entry.action, entry.basis) for entry in AuditEntry.objects.of(element)[:2]]
    assert trail == [("element.administrator_removed", ""), ("element.administrator_named", "Приказ №2")]


def test_a_condition_that_locked_everybody_out_is_taken_away_at_the_desk(desk):
    element = Element.objects.get(slug="sgo")
    keeper = make_administrator(element, make_employee())
    add = reverse("admin:resources_condition_add")
    values = {"element": element.pk, "kind": "second_factor", "basis": "Приказ №3"}
    assert desk.post(add, values).status_code == 302
    asker = Asker(keeper, school=SchoolCard.current())
    assert access.decide(asker, element, "administer").allowed is False
    assert "второй шаг входа" in desk.get(page_of(element)).content.decode()
    row = Condition.objects.get()
    desk.post(reverse("admin:resources_condition_delete", args=[row.pk]), {"post": "yes"})
    asker = Asker(keeper, school=SchoolCard.current())
    assert access.decide(asker, element, "administer").allowed is True


@pytest.mark.parametrize("query", ["нэб", "НАЦИОНАЛЬНАЯ", "национальной"])
def test_elements_are_searched_in_cyrillic(desk, query):
    assert names_in(desk.get(f"{ELEMENTS}?q={query}")) == ["Национальная электронная библиотека (НЭБ)"]


def test_doubtful_rows_are_marked_and_can_be_picked_out(desk):
    page = desk.get(f"{ELEMENTS}?doubtful=yes")
    doubts = Element.objects.exclude(doubtful="").order_by("order")
    assert names_in(page) == [row.name for row in doubts]
    assert page.content.decode().count("⚠") == len(doubts) > 1
    assert len(names_in(desk.get(f"{ELEMENTS}?kind__exact=external&doubtful=no"))) == 18 - len(doubts)


def test_levels_are_renamed_and_keep_their_numbers(desk):
    level = Level.objects.get(number=3)
    desk.post(page_of(level), {"number": "5", "name": "Методисты", "about": "тем, кто ведёт ШМО"})
    assert list(Level.objects.filter(number=3).values_list("name", "about")) == [("Методисты", "тем, кто ведёт ШМО")]
    assert Level.objects.count() == 6
    assert AuditEntry.objects.of(level).get().action == "level.changed"
    assert desk.get(reverse("admin:resources_level_add")).status_code == 403
