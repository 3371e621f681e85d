"""The desk of an element's administrator: the own elements, their card and parts, people, history."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Block, Position, User
from resources import desk, overview
from resources.actions import elements as actions
from resources.actions import own_credentials
from resources.asker import Asker
from resources.models import AccessRequest, Condition, Element, ElementAdministrator, Level
from tests.factories import (
    make_administrator,
    make_condition,
    make_credential,
    make_document,
    make_element,
    make_employee,
    make_privilege,
    make_pupil,
    sign_in,
)
from tests.pages import every_page
from tests.resources.at_desk import BY, make_part, of, page, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


# Whose pages


def desk_pages() -> list:
    """Every page of one element's desk, by address: what others add is asked here too."""
    return [one for one in every_page() if one.name.startswith("resources:desk_") and "slug" in one.parameters] + [
        one for one in every_page() if one.name == "resources:element_training"
    ]


@pytest.mark.clause("5.4")
def test_another_elements_administrator_finds_no_page_by_its_address(client, keeper):
    other = of("neb")
    make_administrator(other, make_employee(surname="Тайнова"))
    condition, part = make_condition(other), make_part(parent="neb")
    guesses = {"desk_part_move": {"pk": part.pk, "way": "up"}, "desk_condition_remove": {"pk": condition.pk}}
    pages = desk_pages()
    assert len(pages) > 12
    for one in pages:
        name = one.name.removeprefix("resources:")
        address = one.address(slug="neb", **guesses.get(name, {}))
        asked = [client.post(address, {"closure": "5", "basis": "Так", "kind": "second_factor", "name": "Чужая"})]
        asked += [client.get(address)]
        assert {answer.status_code for answer in asked} <= {404, 405}, name
        assert 404 in {answer.status_code for answer in asked}, name
        assert not any("Тайнова" in answer.content.decode() for answer in asked)
    assert (other.closure, other.conditions.count(), other.parts.count()) == (of("neb").closure, 1, 1)


def test_who_administers_nothing_is_shut_out(client):
    sign_in(client, make_employee(position="deputy"))
    assert [client.get(address).status_code for address in ("/desk/", page("desk_element"))] == [403, 403]


def test_the_system_administrator_governs_an_element_of_another(client, keeper, admin):
    statuses = {name: client.get(page(name)).status_code for name, _ in desk.PAGES}
    assert {name for name, status in statuses.items() if status == 200} == desk.GOVERNING
    groups = client.get(page("desk_closure")).context["tabs"]
    assert [tab.title for group in groups for tab in group.tabs] == ["Закрытость", "Администраторы"]


# The list and the overview


def test_the_list_marks_what_waits_and_puts_parts_below(client, keeper):
    part = make_part("Отметки")
    make_administrator(of("neb"), keeper)
    for element in (part, of("sgo")):
        AccessRequest.objects.create(element=element, person=make_pupil(), asked_by=keeper)
    answer = client.get("/desk/")
    lines = [(line.element.name, line.depth, line.element.waiting) for line in answer.context["page"]]
    assert lines == [
        ("АИС Сетевой город. Образование", 0, 1),
        ("Отметки", 1, 1),
        ("Национальная электронная библиотека (НЭБ)", 0, 0),
    ]
    assert "ждут решения 2 заявки" in words(answer)
    assert "1 — Авторизованный" in words(answer)
    found = [line.element.slug for line in client.get("/desk/?q=нэб").context["page"]]
    assert found == ["neb"]
    assert "Ничего не нашлось" in words(client.get("/desk/?q=жжж"))


def test_the_overview_says_where_closure_comes_from_and_what_waits(client, keeper):
    policy = make_document(title="Политика безопасности", kind="policy")
    administrator = Actor(make_employee(position="system_administrator"), None, "admin")
    actions.set_closure(of("sgo"), 2, ground=policy, basis="Приказ №1", by=administrator)
    part = make_part("Отметки")
    pupil = make_pupil()
    asked = AccessRequest.objects.create(element=part, person=pupil, asked_by=pupil)
    AccessRequest.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - datetime.timedelta(days=3))
    make_privilege(part, status="pupil")
    make_credential(part, pupil)
    ended = {"ended_at": timezone.now(), "end_reason": "Выбыл"}
    make_credential(part, make_employee(), **ended)
    make_condition(of("sgo"), kind="second_factor")
    Condition.objects.all().delete()
    answer = client.get(page("desk_element", part.slug))
    figures = [(one.number, one.detail) for one in answer.context["figures"]]
    assert figures == [
        (1, "старшая ждёт 3 дня"),
        (1, ""),
        (1, ""),
        (1, "здесь закрыты, там ещё работают"),
    ]
    assert "Как у элемента «АИС Сетевой город. Образование», документом «Политика безопасности»" in words(answer)
    assert "Хранителева" in words(answer)


def test_levels_are_called_as_the_school_calls_them(client, keeper):
    level = Level.objects.get(number=1)
    level.name = "Все свои"
    actions.rename_level(level, by=BY)
    assert "1 — Все свои" in words(client.get("/desk/"))


def test_queries_of_the_list_do_not_grow(client, admin):
    def asked() -> int:
        client.get("/desk/")
        with CaptureQueriesContext(connection) as context:
            assert client.get("/desk/").status_code == 200
        return len(context)

    def fill(number: int) -> None:
        known = Element.objects.count()
        rows = [Element(slug=f"e{known + n}", name=f"Платформа {n}", closure=1) for n in range(number)]
        Element.objects.bulk_create(rows)

    few = asked()
    fill(500)
    assert len(client.get("/desk/").context["page"]) == 100
    assert asked() == few
    assert few <= 12


# The card and its parts


def card(client, slug="sgo", **changes) -> dict:
    form = client.get(page("desk_card", slug)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_the_card_is_changed_and_nothing_else_is(client, keeper):
    before = of("sgo")
    foreign = {"slug": "stolen", "name": "Иное", "own_closure": "0", "is_listed": ""}
    values = card(client, purpose="Отметки и расписание") | foreign
    assert client.post(page("desk_card"), values).status_code == 302
    after = of("sgo")
    assert after.purpose == "Отметки и расписание"
    kept = ("slug", "name", "kind", "number", "is_listed", "own_closure", "closure")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    entry = AuditEntry.objects.of(after).first()
    assert (entry.action, entry.actor, list(entry.changes)) == ("element.changed", keeper, ["purpose"])


def test_a_card_changed_by_somebody_else_meanwhile_is_not_overwritten(client, keeper):
    values = card(client, purpose="Моё")
    client.post(page("desk_card"), card(client, contact="Кабинет 12"))
    answer = client.post(page("desk_card"), values)
    assert "её изменил кто-то ещё" in words(answer)
    assert (of("sgo").contact, of("sgo").purpose == "Моё") == ("Кабинет 12", False)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "не адрес"])
def test_a_wrong_address_stays_out_of_the_card(client, keeper, address):
    answer = client.post(page("desk_card"), card(client, address=address))
    assert "Не похоже на адрес" in words(answer)
    assert of("sgo").address == "https://sgo.rso23.ru/"


def test_a_part_is_added_named_and_moved(client, keeper):
    for name in ("Как получить код", "Как получить код", "Ёж & <b>"):
        client.post(page("desk_part_add"), {"name": name, "purpose": "", "closure": ""})
    parts = list(of("sgo").parts.all())
    assert [(one.name, one.slug, one.own_closure, one.closure) for one in parts] == [
        ("Как получить код", "sgo-kak-poluchit-kod", None, 1),
        ("Ёж & <b>", "sgo-ezh-b", None, 1),
    ]
    client.post(page("desk_part_move", "sgo", parts[1].pk, "up"))
    assert [one.name for one in of("sgo").parts.all()] == ["Ёж & <b>", "Как получить код"]
    assert client.post(page("desk_part_move", "sgo", parts[1].pk, "sideways")).status_code == 404
    assert client.post(page("desk_part_move", "sgo", of("neb").pk, "up")).status_code == 404
    client.post(page("desk_card", "sgo-ezh-b"), card(client, "sgo-ezh-b", name="Ёж"))
    assert of("sgo-ezh-b").name == "Ёж"
    assert client.get("/elements/sgo-ezh-b/").status_code == 200


@pytest.mark.parametrize(
    ("who", "closure", "made"), [("keeper", "1", 0), ("keeper", "2", 1), ("keeper", "3", 1), ("admin", "1", 1)]
)
def test_a_part_begins_no_more_open_than_its_element(client, request, who, closure, made):
    actions.set_closure(of("sgo"), 2, by=BY)
    request.getfixturevalue(who)
    client.post(page("desk_part_add"), {"name": "Часть", "closure": closure})
    assert of("sgo").parts.count() == made


def test_parts_in_a_circle_are_refused():
    part = make_part()
    whole = of("sgo")
    whole.parent = part
    with pytest.raises(actions.CyclicParts):
        actions.save_element(whole, by=BY)


# Administrators


@pytest.mark.clause("5.4")
def test_an_administrator_names_another_and_removes_one(client, keeper):
    colleague = make_employee(surname="Помощникова")
    blocked = make_employee(surname="Помощников")
    Block.objects.create(person=blocked, reason="Пароль подсмотрели")
    make_pupil(surname="Помощник")
    answer = client.get(page("desk_administrators"), {"q": "помощ"})
    assert list(answer.context["found"]) == [colleague]
    add = page("desk_administrator_add", "sgo", colleague.pk)
    assert "Помощникова" in words(client.get(add))
    assert ElementAdministrator.objects.filter(user=colleague).count() == 0
    client.post(add, {"basis": "Приказ №4"})
    assert overview.administrators_of(of("sgo"))[0].is_alive
    sign_in(client, colleague)
    assert client.get(page("desk_element")).status_code == 200
    client.post(page("desk_administrator_remove", "sgo", keeper.pk), {"basis": "Приказ №5"})
    sign_in(client, keeper)
    assert client.get(page("desk_element")).status_code == 403
    assert client.get(page("desk_administrator_add", "sgo", blocked.pk)).status_code in (403, 404)


def test_nobody_is_named_who_is_no_living_employee_nor_names_himself(client, keeper):
    pupil, former = make_pupil(), make_employee(ends=datetime.date(2024, 5, 31))
    statuses = [client.post(page("desk_administrator_add", "sgo", one.pk), {"basis": "Так"}) for one in (pupil, former)]
    assert [answer.status_code for answer in statuses] == [404, 404]
    part = make_part()
    answer = client.post(page("desk_administrator_add", part.slug, keeper.pk), {"basis": "Так"})
    assert "Себя администратором не назначают" in words(answer)


def test_departed_administrators_are_marked_and_the_element_falls_to_the_system_administrator(client, admin):
    departed = make_administrator(of("sgo"), make_employee(surname="Ушедшая", ends=datetime.date(2024, 5, 31)))
    answer = client.get(page("desk_administrators"))
    assert [(row.person, row.is_alive) for row in answer.context["administrators"]] == [(departed, False)]
    assert "элемент ведёт системный администратор" in words(answer)
    removal = page("desk_administrator_remove", "sgo", departed.pk)
    assert "перейдёт к системному администратору" in words(client.get(removal))
    client.post(removal, {"basis": "Уволена"})
    assert ElementAdministrator.objects.count() == 0


# History


def test_the_history_gathers_what_concerns_the_element_and_no_addresses(client, keeper, admin):
    make_administrator(of("neb"), keeper)
    by = Actor(admin, "203.0.113.7", admin.username)
    colleague = make_employee()
    actions.add_condition(Condition(element=of("sgo"), kind="second_factor"), by=by, basis="Приказ №9")
    actions.remove_condition(Condition.objects.get(), by=by, basis="Отменён")
    actions.add_condition(Condition(element=of("neb"), kind="second_factor"), by=BY, basis="О другом элементе")
    Condition.objects.all().delete()
    sign_in(client, keeper)
    client.post(page("desk_administrator_add", "sgo", colleague.pk), {"basis": "Приказ №4"})
    answer = client.get(page("desk_history"))
    assert [line.basis for line in answer.context["history"]][:3] == ["Приказ №4", "Отменён", "Приказ №9"]
    text = words(answer)
    assert f"Администратор: <b>{colleague.get_full_name()}</b>" in text
    hidden = ("О другом элементе", "203.0.113.7", admin.username, "/audit/")
    assert [found in text for found in hidden] == [False] * 4


# Positions


@pytest.mark.clause("5.3")
def test_a_changed_level_of_a_position_opens_at_the_next_click(client, admin):
    methodist = make_employee(position="methodist")
    sign_in(client, methodist)
    address = "/elements/fis-oko/"
    assert client.get(address).context["decision"].allowed is False
    position = Position.objects.get(code="methodist")
    sign_in(client, admin)
    form = reverse("admin:accounts_position_change", args=[position.pk])
    values = {"name": "методист", "category": "teaching", "level": "4", "order": "1"}
    assert client.post(form, values).status_code == 302
    sign_in(client, methodist)
    assert client.get(address).context["decision"].allowed is True


def test_the_asker_of_a_part_sees_stricter_levels_only(keeper, school):
    asker = Asker(User.objects.get(pk=keeper.pk), school=school())
    part = make_part(own_closure=3)
    assert [value for value, _ in overview.closure_options(of(part.slug), asker)] == ["4", "5"]
    assert make_element(slug="apart").parent is None


def test_the_history_says_nothing_of_what_people_noted_for_themselves(client, keeper):
    element, pupil = make_element(slug="uchi"), make_pupil(surname="Записин")
    make_administrator(element, keeper)
    own_credentials.note(element, pupil, login="zapisin", password="Тайна-29", by=Actor(pupil, "", pupil.username))
    assert "Записин" not in words(client.get(page("desk_history", "uchi")))
    figures = {one.title: one.number for one in client.get(page("desk_element", "uchi")).context["figures"]}
    assert figures["Учётные данные выданы"] == 0


def test_governing_acts_are_named_in_the_history(client, keeper):
    client.post(page("desk_acts"), {"documents": [make_document(title="Положение о СГО").pk]})
    assert "Акты:" in words(client.get(page("desk_history")))
