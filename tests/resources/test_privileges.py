"""Privileges: to whom, how long, on what ground; granting to many, extending, revoking (5.3-5.5)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Appointment, AuditEntry, SchoolCard, User
from resources import access
from resources.actions import privileges as actions
from resources.actions.registry import load_registry
from resources.asker import Asker
from resources.models import Element, Privilege
from tests.factories import (
    make_administrator,
    make_class,
    make_element,
    make_employee,
    make_order,
    make_parent,
    make_position,
    make_privilege,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
COMMAND = Actor.command("проверка")


@pytest.fixture
def element():
    load_registry(by=COMMAND)
    SchoolCard.objects.update_or_create(pk=1)
    return make_element(slug="library-card", name="Читальный зал", closure=5)


@pytest.fixture
def keeper(element):
    """The element's administrator."""
    return make_administrator(element, make_employee(position="librarian", surname="Читалова"))


@pytest.fixture
def desk(client, keeper):
    sign_in(client, keeper)
    return client


@pytest.fixture
def clock(monkeypatch):
    """Sets the time at school: clock(day, "23:59")."""

    def set_to(day: datetime.date, time: str) -> None:
        moment = datetime.datetime.combine(day, datetime.time.fromisoformat(time), timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def opens(person: User, element: Element, date: datetime.date | None = None) -> bool:
    person = User.objects.get(pk=person.pk)
    return access.decide(Asker(person, school=SchoolCard.current(), date=date), element).allowed


def by(person: User) -> Actor:
    return Actor(person, "10.0.0.1", person.username)


def said(element: Element, **fields) -> dict:
    """What the form sends."""
    return {
        "node": element.pk, "right": "open", "starts": TODAY.isoformat(), "basis": "Решение педсовета", **fields,
    }  # fmt: skip


def grantees() -> list[tuple[str, str]]:
    return sorted((row.grantee_field, row.grantee) for row in Privilege.objects.standing())


@pytest.mark.clause("5.3")
def test_each_kind_of_grantee_opens_and_nobody_else(element, school):
    school(parents_have_cabinets=True)
    pupil, classmate = make_pupil(), make_pupil()
    other = make_pupil(school_class=make_class(letter="Б"))
    parent, teacher = make_parent(child=other), make_employee()
    librarian = make_employee(position="librarian")
    people = [pupil, classmate, other, parent, teacher, librarian]
    given = {
        "person": {"person": pupil},
        "school_class": {"school_class": make_class()},
        "position": {"position": make_position("librarian")},
        "pupil": {"status": "pupil"},
        "staff": {"status": "staff"},
        "parent": {"status": "parent"},
    }
    found = {}
    for name, grantee in given.items():
        privilege = make_privilege(element, **grantee)
        found[name] = [opens(person, element) for person in people]
        actions.revoke(privilege, "Проверено", by=COMMAND)
    assert found == {
        "person": [True, False, False, False, False, False],
        "school_class": [True, True, False, False, False, False],
        "position": [False, False, False, False, False, True],
        "pupil": [True, True, True, False, False, False],
        "staff": [False, False, False, False, True, True],
        "parent": [False, False, False, True, False, False],
    }


@pytest.mark.clause("5.5")
def test_a_term_is_inclusive_and_ends_at_midnight_by_itself(element, keeper):
    pupil = make_pupil()
    row = Privilege(element=element, person=pupil, starts=TODAY, ends=TODAY + DAY, basis="Олимпиада")
    actions.grant(row, by=by(keeper))
    assert [opens(pupil, element, TODAY + DAY * n) for n in (-1, 0, 1, 2)] == [False, True, True, False]


@pytest.mark.clause("5.5")
def test_what_ends_today_does_not_open_after_midnight(element, client, clock):
    make_element(slug="reading-room", name="Тайный зал", parent=element, closure=None, is_listed=False)
    pupil = make_pupil()
    make_privilege(element, person=pupil, ends=TODAY)
    clock(TODAY, "23:59:59")
    sign_in(client, pupil)
    assert "Тайный зал" in client.get("/elements/library-card/").content.decode()
    clock(TODAY + DAY, "00:00:01")
    page = client.get("/elements/library-card/").content.decode()
    assert "Тайный зал" not in page
    assert "Открыто только тем, кто назван поимённо." in page


@pytest.mark.clause("5.3")
def test_a_new_position_opens_at_the_next_click(element, client):
    make_element(slug="reading-room", name="Тайный зал", parent=element, closure=None, is_listed=False)
    make_privilege(element, position=make_position("method_group_head"))
    board = make_element(name="Доска ШМО", closure=3, is_listed=False)
    teacher = make_employee()
    sign_in(client, teacher)
    assert "Тайный зал" not in client.get("/elements/library-card/").content.decode()
    assert client.get(f"/elements/{board.slug}/").status_code == 404
    Appointment.objects.create(person=teacher, position=make_position("method_group_head"), starts=TODAY)
    assert "Тайный зал" in client.get("/elements/library-card/").content.decode()
    assert client.get(f"/elements/{board.slug}/").status_code == 200


def test_revoked_at_once_and_never_twice(element, keeper):
    pupil = make_pupil()
    privilege = make_privilege(element, person=pupil)
    assert opens(pupil, element)
    with pytest.raises(ValidationError, match="Укажите, почему"):
        actions.revoke(privilege, "  ", by=by(keeper))
    actions.revoke(privilege, "Выбран не тот человек", by=by(keeper))
    assert not opens(pupil, element)
    with pytest.raises(ValidationError, match="уже отозвана"):
        actions.revoke(privilege, "Ещё раз", by=by(keeper))
    assert AuditEntry.objects.filter(action="privilege.revoked").count() == 1


def test_terms_follow_one_another_and_do_not_overlap(element, keeper):
    pupil = make_pupil()
    first = make_privilege(element, person=pupil, starts=TODAY, ends=TODAY + DAY * 9)
    again = Privilege(element=element, person=pupil, starts=TODAY + DAY * 9, basis="Ещё")
    words = f"с {TODAY:%d.%m.%Y} по {TODAY + DAY * 9:%d.%m.%Y}: сроки не должны пересекаться"
    with pytest.raises(ValidationError, match=words):
        actions.grant(again, by=by(keeper))
    following = actions.extend(first, None, by=by(keeper), basis="Продлено")
    assert (following.starts, following.ends, following.person) == (TODAY + DAY * 10, None, pupil)
    with pytest.raises(ValidationError, match="без срока"):
        actions.extend(following, None, by=by(keeper), basis="Ещё раз")


def test_an_expired_term_goes_on_from_today(element, keeper):
    row = make_privilege(element, school_class=make_class(), starts=TODAY - DAY * 9, ends=TODAY - DAY * 5)
    assert actions.extend(row, TODAY + DAY, by=by(keeper), basis="Снова").starts == TODAY


def test_postgresql_itself_refuses_overlapping_terms(element, on_postgresql):
    if not on_postgresql:
        return  # SQLite leaves it to the action
    for grantee in ({"person": make_pupil()}, {"status": "staff"}, {"school_class": make_class()}):
        make_privilege(element, starts=TODAY, **grantee)
        with pytest.raises(IntegrityError, match="privilege_no_overlap"), transaction.atomic():
            make_privilege(element, starts=TODAY + DAY, **grantee)


def test_nobody_grants_to_oneself_nor_on_anothers_element(element, keeper):
    mine = Privilege(element=element, person=keeper, starts=TODAY, basis="Мне")
    with pytest.raises(ValidationError, match="Себе"):
        actions.grant(mine, by=by(keeper))
    foreign = Privilege(element=make_element(), person=make_pupil(), starts=TODAY, basis="Чужой элемент")
    with pytest.raises(ValidationError, match="его администратор"):
        actions.grant(foreign, by=by(keeper))


def test_a_position_that_only_the_grantor_holds_is_the_grantor(element, keeper):
    own = keeper.appointments_now[0].position
    mine = Privilege(element=element, position=own, starts=TODAY, basis="Проверка")
    with pytest.raises(ValidationError, match="занимаете только вы"):
        actions.grant(mine, by=by(keeper))
    make_employee(position=own.code)
    assert actions.grant(mine, by=by(keeper)).pk


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ends": TODAY - DAY}, "раньше первого"),
        ({"basis": ""}, "Укажите основание"),
        ({"person": None}, "кому-то одному"),
    ],
)
def test_wrong_rows_are_refused_by_the_action(element, keeper, fields, message):
    row = Privilege(**{"element": element, "person": make_pupil(), "starts": TODAY, "basis": "Да", **fields})
    with pytest.raises(ValidationError, match=message):
        actions.grant(row, by=by(keeper))


def test_many_all_or_nothing(element, keeper):
    pupils = [make_pupil(surname=surname) for surname in ("Андреева", "Борисова", "Власова")]
    make_privilege(element, person=pupils[1])
    rows = [Privilege(element=element, person=one, starts=TODAY, basis="Кружок") for one in (*pupils, keeper)]
    with pytest.raises(ValidationError) as refusal:
        actions.grant_many(rows, by=by(keeper))
    assert [message.split(":")[0] for message in refusal.value.messages] == [str(pupils[1]), str(keeper)]
    assert Privilege.objects.count() == 1
    assert AuditEntry.objects.filter(action="privilege.granted").count() == 0


# The pages


@pytest.mark.clause("5.4")
def test_desk_privileges_are_grouped_by_their_term(desk, element):
    people = {name: make_pupil(surname=name) for name in ("Нынешний", "Будущий", "Прошлый", "Отозванный")}
    make_privilege(element, person=people["Нынешний"])
    make_privilege(element, person=people["Будущий"], starts=TODAY + DAY)
    make_privilege(element, person=people["Прошлый"], ends=TODAY - DAY)
    actions.revoke(make_privilege(element, person=people["Отозванный"]), "Ошибка", by=COMMAND)
    found = {}
    for term in ("now", "future", "past"):
        text = desk.get(f"/desk/library-card/privileges/?term={term}").content.decode()
        found[term] = [name for name in people if name in text]
    assert found == {"now": ["Нынешний"], "future": ["Будущий"], "past": ["Прошлый", "Отозванный"]}


def test_desk_privileges_of_another_element_are_not_found(desk):
    other = make_element(slug="other", closure=1)
    foreign = make_privilege(other, person=make_pupil(surname="Чужой"))
    pages = ["", "grant/", f"{foreign.pk}/revoke/", f"{foreign.pk}/extend/"]
    assert [desk.get(f"/desk/other/privileges/{page}").status_code for page in pages] == [404] * 4
    assert desk.get(f"/desk/library-card/privileges/{foreign.pk}/revoke/").status_code == 404


def test_desk_privilege_grant_shows_names_and_effects_before_anything_is_written(desk, element):
    first = make_pupil(school_class=make_class(grade=6), surname="Ёжикова")
    second = make_pupil(school_class=make_class(grade=6), surname="Журавлёва")
    page = desk.get(f"/desk/library-card/privileges/grant/?to=person&school_class={make_class(grade=6).pk}&ticked=on")
    assert page.content.decode().count(" checked") == 2
    assert "Ёжикова" in desk.get("/desk/library-card/privileges/grant/?q=ежикова").content.decode()
    data = said(element, grantee=[first.pk, second.pk], ends=(TODAY + DAY).isoformat())
    seen = desk.post("/desk/library-card/privileges/grant/?to=person", data)
    text = seen.content.decode()
    assert [name in text for name in ("Ёжикова", "Журавлёва", f"по {TODAY + DAY:%d.%m.%Y} включительно")] == [True] * 3
    assert Privilege.objects.count() == 0
    done = desk.post("/desk/library-card/privileges/confirm/?to=person", data)
    assert (done.status_code, done["Location"]) == (302, "/desk/library-card/privileges/")
    assert [row[0] for row in grantees()] == ["person", "person"]


def test_desk_privilege_confirm_grants_to_positions_and_classes(desk, element):
    positions = [make_position(code) for code in ("teacher", "method_group_head")]
    desk.post(
        "/desk/library-card/privileges/confirm/?to=position", said(element, grantee=[one.pk for one in positions])
    )
    classes = [make_class(grade=grade) for grade in (6, 7)]
    desk.post("/desk/library-card/privileges/confirm/?to=school_class", said(element, grantee=[c.pk for c in classes]))
    desk.post("/desk/library-card/privileges/confirm/?to=status", said(element, grantee=["staff"]))
    assert [kind for kind, _ in grantees()] == ["position", "position", "school_class", "school_class", "status"]


def test_desk_privilege_grant_refuses_what_is_wrong(desk, element, keeper):
    pupil, part = make_pupil(surname="Занятая"), make_element(name="Чужая часть", parent=make_element())
    make_privilege(element, person=pupil)
    wrong = {
        "выберите этот элемент или одну из его частей": {"grantee": [pupil.pk], "node": part.pk},
        "раньше первого": {"grantee": [pupil.pk], "ends": (TODAY - DAY).isoformat()},
        "Выберите, кому дать": {},
        "уже есть привилегия": {"grantee": [pupil.pk]},
        "Себе привилегию не дают": {"grantee": [keeper.pk]},
        "Укажите основание": {"grantee": [keeper.pk], "basis": ""},
        "с таким номером нет": {"grantee": [keeper.pk], "order_number": "404"},
    }
    for address in ("grant", "confirm"):
        url = f"/desk/library-card/privileges/{address}/?to=person&person={pupil.pk}"
        found = [message in desk.post(url, said(element, **data)).content.decode() for message, data in wrong.items()]
        assert found == [True] * len(wrong)
    assert Privilege.objects.count() == 1


def test_desk_privilege_grant_takes_an_order_by_its_number(desk, element):
    make_order(number="7-о", state="draft", register="personnel")
    url = "/desk/library-card/privileges/confirm/?to=status"
    assert "с таким номером нет" in desk.post(url, said(element, order_number="7-о", grantee="staff")).content.decode()
    order = make_order(number="7-О", state="executed")
    desk.post(url, said(element, order_number="№ 7-о", basis="", grantee="staff"))
    assert Privilege.objects.get().order == order
    other = make_order(number="7-о", register="pupils")
    text = desk.post(url, said(element, order_number="7-о", grantee="pupil")).content.decode()
    assert "выберите нужный" in text
    desk.post(url, said(element, order_number="7-о", order=other.pk, grantee="pupil"))
    assert Privilege.objects.get(status="pupil").order == other


def test_desk_privilege_revoke_wants_a_reason(desk, element):
    privilege = make_privilege(element, person=make_pupil())
    url = f"/desk/library-card/privileges/{privilege.pk}/revoke/"
    assert desk.post(url, {"reason": ""}).status_code == 200
    desk.post(url, {"reason": "Кружок окончен"})
    privilege.refresh_from_db()
    assert (privilege.revoke_reason, privilege.revoked_by.surname) == ("Кружок окончен", "Читалова")


def test_desk_privilege_extend(desk, element):
    privilege = make_privilege(element, person=make_pupil(), ends=TODAY)
    url = f"/desk/library-card/privileges/{privilege.pk}/extend/"
    assert "Последний день" in desk.post(url, {"ends": TODAY.isoformat(), "basis": "Ещё"}).content.decode()
    desk.post(url, {"ends": (TODAY + DAY * 30).isoformat(), "basis": "Ещё месяц"})
    last = Privilege.objects.order_by("starts").last()
    assert (last.starts, last.ends, last.basis) == (TODAY + DAY, TODAY + DAY * 30, "Ещё месяц")


def test_queries_of_desk_privileges_do_not_grow(desk, element):
    def grow(number):
        for _ in range(number):
            make_privilege(element, person=make_pupil())

    counted = []
    for number in (1, 30):
        grow(number)
        # What a worker keeps of the registry is read anew after each grant.
        desk.get("/desk/library-card/privileges/")
        with CaptureQueriesContext(connection) as found:
            desk.get("/desk/library-card/privileges/")
        counted.append(len(found))
    assert counted[0] == counted[1]
