"""Lawful representatives on the class page: who is shown, adding one, knowing a person again, ending a relation."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import parents
from accounts.actions.parents import add_representative
from accounts.actor import Actor
from accounts.models import AuditEntry, Block, Relation, User
from resources.actions.registry import load_registry
from tests.factories import LONG_AGO, make_class, make_employee, make_parent, make_person, make_pupil, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
BIRTH = datetime.date(1985, 3, 8)
TYPED = {
    "kind": "mother", "surname": "Ёлкина", "name": "Светлана", "patronymic": "Павловна", "birth_date": "1985-03-08",
    "phone": "", "email": "", "basis": "Свидетельство о рождении I-АГ № 123456", "starts": str(TODAY),
}  # fmt: skip


@pytest.fixture(autouse=True)
def cabinets(school):
    load_registry(by=Actor.command("tests"))
    return school(parents_have_cabinets=True)


@pytest.fixture
def room():
    return make_class(grade=8)


@pytest.fixture
def pupil(room) -> User:
    return make_pupil(school_class=room, age=12, surname="Ёлкин", name="Тимофей", patronymic="")


@pytest.fixture
def leader(client, room) -> User:
    """The class teacher of 8 «А», signed in."""
    person = make_employee(position="class_teacher", school_class=room, surname="Орлова", name="Мария")
    sign_in(client, person)
    return person


def list_of(room) -> str:
    return f"/classes/{room.pk}/parents/"


def add_to(pupil, room) -> str:
    return f"/classes/{room.pk}/parents/{pupil.pk}/add/"


def end_of(row, room) -> str:
    return f"/classes/{room.pk}/relations/{row.pk}/end/"


def parents_of(pupil: User) -> list[User]:
    return [row.parent for row in pupil.parent_relations.order_by("pk")]


# Who is shown


def test_class_parents_shows_the_class_and_nothing_else(client, room, leader, pupil):
    mother = make_parent(child=pupil, surname="Ёлкина", email="tayna@example.org", phone="89180000000")
    sibling = make_pupil(school_class=make_class(grade=9), surname="Ёлкина", name="Вера")
    Relation.objects.create(parent=mother, pupil=sibling, kind="mother", starts=LONG_AGO)
    make_parent(child=sibling, surname="Чужой")
    make_parent(child=pupil, surname="Бывшая", ends=TODAY - DAY)
    lone = make_pupil(school_class=room, surname="Яшин")
    answer = client.get(list_of(room))
    rows = [(row.pupil, [line.relation.parent.surname for line in row.lines]) for row in answer.context["rows"]]
    assert rows == [(pupil, ["Ёлкина", "Бывшая"]), (lone, [])]
    html = answer.content.decode()
    assert [word in html for word in ("Чужой", "Вера", "tayna@", "89180000000", mother.username)] == [False] * 5
    assert ("не записан" in html, "прекращено" in html, "1 из&nbsp;2" in html) == (True, True, True)


@pytest.mark.parametrize("case", ["blocked", "switch off", "future", "signed in", "never", "teacher"])
def test_the_state_of_an_account_in_words(client, room, leader, pupil, school, case):
    mother = make_parent(child=pupil, starts=TODAY + DAY if case == "future" else LONG_AGO)
    if case == "blocked":
        Block.objects.create(person=mother, reason="Пароль потерян")
    if case in ("switch off", "teacher"):
        school(parents_have_cabinets=False)
    if case == "teacher":
        mother.appointments.create(position=leader.appointments.get().position, starts=LONG_AGO)
    if case == "signed in":
        User.objects.filter(pk=mother.pk).update(last_login=datetime.datetime.now(datetime.UTC))
    words = client.get(list_of(room)).context["rows"][0].lines[0].account
    assert words == {
        "blocked": "заблокирована",
        "switch off": "кабинеты родителей выключены",
        "future": "откроется в первый день",
        "signed in": "вход выполнен",
        "never": "ещё не входил(а)",
        "teacher": "ещё не входил(а)",
    }[case]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "page"), [("get", "list"), ("get", "add"), ("post", "add"), ("get", "end"), ("post", "end")]
)
@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 404), ("other leader", 404), ("former leader", 403), ("classmate", 403), ("parent", 403)],
)
def test_other_classes_are_not_found(client, room, pupil, who, status, method, page):
    mother = make_parent(child=pupil, surname="Секретова")
    row = mother.children_relations.get()
    leads = {"position": "class_teacher"}
    visitors = {
        "teacher": make_employee,
        "other leader": lambda: make_employee(**leads, school_class=make_class(grade=9)),
        "former leader": lambda: make_employee(**leads, school_class=room, ends=TODAY - DAY),
        "classmate": lambda: make_pupil(school_class=room),
        "parent": lambda: mother,
    }
    sign_in(client, visitors[who]())
    address = {"list": list_of(room), "add": add_to(pupil, room), "end": end_of(row, room)}[page]
    answer = getattr(client, method)(address, TYPED | {"ends": TODAY, "reason": "Так"})
    html = answer.content.decode()
    assert (answer.status_code, "Секретова" in html and who != "parent") == (status, False)
    assert list(Relation.objects.values_list("pk", "ends")) == [(row.pk, None)]


def test_a_pupil_of_another_class_is_not_found_under_the_own_one(client, room, leader):
    stranger = make_pupil(school_class=make_class(grade=9), surname="Секретов")
    row = make_parent(child=stranger).children_relations.get()
    for address in (add_to(stranger, room), end_of(row, room)):
        for method in ("get", "post"):
            values = TYPED | {"ends": TODAY, "reason": "Так"}
            assert getattr(client, method)(address, values).status_code == 404
    assert list(Relation.objects.values_list("ends", flat=True)) == [None]


# Adding


@pytest.mark.clause("9.1")
def test_class_parent_add_makes_an_account_that_opens_by_the_relation(client, room, leader, pupil):
    answer = client.post(add_to(pupil, room), TYPED, follow=True)
    assert answer.redirect_chain == [(list_of(room), 302)]
    row = pupil.parent_relations.get()
    mother = User.objects.get(pk=row.parent_id)
    assert (mother.get_full_name(), mother.birth_date, mother.is_parent) == ("Ёлкина Светлана Павловна", BIRTH, True)
    assert (mother.has_usable_password(), row.basis, row.confirmed_by) == (False, TYPED["basis"], leader)
    assert "выдаёт ответственный за учётные данные" in answer.content.decode()
    trail = AuditEntry.objects.filter(actor=leader, action__in=["person.added", "relation.added"])
    assert (trail.count(), "Ёлкина" in str([entry.changes for entry in trail])) == (2, False)


@pytest.mark.clause("9.1")
def test_with_the_switch_off_the_relation_is_recorded_but_opens_nothing(client, room, leader, pupil, school):
    school(parents_have_cabinets=False)
    assert "войти в&nbsp;портал этот человек не сможет" in client.get(add_to(pupil, room)).content.decode()
    client.post(add_to(pupil, room), TYPED)
    assert [(one.is_parent, one.is_alive) for one in parents_of(pupil)] == [(False, False)]


def test_pressed_twice_nobody_is_added_twice(client, room, leader, pupil):
    names = {"surname": "Ёлкина", "name": "Светлана", "patronymic": "Павловна", "birth_date": BIRTH}
    values = {"kind": "mother", "basis": "Свидетельство", "starts": TODAY, "by": Actor.command("tests")}
    add_representative(pupil, names=names, **values)
    with pytest.raises(ValidationError, match="уже записан"):
        add_representative(pupil, names=names | {"surname": "ЕЛКИНА"}, **values)
    assert len(parents_of(pupil)) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"basis": " "}, "Укажите документ"),
        ({"birth_date": ""}, "Укажите хотя бы одно"),
        ({"surname": ""}, "Обязательное поле"),
        ({"kind": "zzz"}, "zzz"),
        ({"email": "не почта"}, "правильный адрес"),
        ({"starts": "вчера"}, "правильную дату"),
    ],
)
def test_what_is_wrong_is_said(client, room, leader, pupil, changed, message):
    answer = client.post(add_to(pupil, room), TYPED | changed)
    assert (answer.status_code, message in answer.content.decode(), parents_of(pupil)) == (200, True, [])


def test_nobody_confirms_oneself(client, room, leader, pupil):
    User.objects.filter(pk=leader.pk).update(birth_date=BIRTH)
    names = {"surname": "Орлова", "name": "Мария", "patronymic": leader.patronymic, "person": leader.pk}
    answer = client.post(add_to(pupil, room), TYPED | names)
    assert ("подтверждает другой работник" in answer.content.decode(), parents_of(pupil)) == (True, [])


# Is it somebody known?


def known(**fields) -> User:
    """A mother with a child in another class."""
    child = make_pupil(school_class=make_class(grade=9), surname="Секретов")
    names = {"surname": "Ёлкина", "name": "Светлана", "patronymic": "Павловна"}
    return make_parent(child=child, **(names | fields))


@pytest.mark.clause("9.1")
def test_a_parent_of_several_children_keeps_one_account(client, room, leader, pupil):
    mother = known(birth_date=BIRTH, phone="8 918 111-22-33", email="tayna@example.org")
    html = client.post(add_to(pupil, room), TYPED | {"surname": "ЕЛКИНА"}).content.decode()
    assert ("Это он?" in html, "совпали имя и дата рождения" in html) == (True, True)
    # Nothing but what was typed: neither contacts, nor the other child and class.
    assert [word in html for word in ("111-22-33", "tayna@", "Секретов", "9\xa0«А»")] == [False] * 4
    assert parents_of(pupil) == []
    client.post(add_to(pupil, room), TYPED | {"surname": "ЕЛКИНА", "person": mother.pk})
    assert (parents_of(pupil), mother.children_relations.count()) == ([mother], 2)
    assert User.objects.filter(surname__in=["Ёлкина", "ЕЛКИНА"]).count() == 1


def test_another_person_of_that_name_gets_an_account_of_her_own(client, room, leader, pupil):
    mother = known(birth_date=BIRTH)
    client.post(add_to(pupil, room), TYPED | {"person": "new"})
    assert (len(parents_of(pupil)), mother in parents_of(pupil)) == (1, False)


@pytest.mark.parametrize("choice", ["", "999999", "x", "the director"])
def test_only_the_people_offered_can_be_chosen(client, room, leader, pupil, choice):
    known(birth_date=BIRTH)
    director = make_employee(position="director")
    key = director.pk if choice == "the director" else choice
    answer = client.post(add_to(pupil, room), TYPED | {"person": key})
    assert (answer.status_code, parents_of(pupil)) == (200, [])


@pytest.mark.parametrize(
    ("stored", "typed", "agrees"),
    [
        ({"birth_date": BIRTH}, {}, ("дата рождения",)),
        ({"phone": "+7 (918) 111-22-33"}, {"phone": "89181112233"}, ("телефон",)),
        ({"email": "A@Example.org"}, {"email": "a@example.org"}, ("почта",)),
        ({"birth_date": BIRTH, "phone": "9181112233"}, {"phone": "8 918 1112233"}, ("дата рождения", "телефон")),
        ({}, {}, None),
        ({"phone": "12"}, {"phone": "12"}, None),
        # A birth date that differs is another person, though the telephone is the family's.
        ({"birth_date": BIRTH + DAY, "phone": "9181112233"}, {"phone": "9181112233"}, None),
        ({"birth_date": BIRTH, "patronymic": "Петровна"}, {}, None),
        ({"birth_date": BIRTH, "surname": "Ёлкина-Ким"}, {}, None),
    ],
)
def test_only_exact_matches_are_offered(room, stored, typed, agrees):
    known(**stored)
    asked = {"surname": "елкина", "name": "СВЕТЛАНА", "patronymic": "Павловна", "birth_date": BIRTH}
    found = parents.matches(**({"phone": "", "email": ""} | asked | typed), school_class=room, date=TODAY)
    assert [match.agrees for match in found] == ([agrees] if agrees else [])


def test_a_name_alone_finds_only_representatives_of_this_class(room, pupil):
    mother = known()
    names = {"surname": "Ёлкина", "name": "Светлана", "patronymic": "Павловна", "birth_date": BIRTH}
    asked = names | {"phone": "", "email": "", "date": TODAY}
    assert parents.matches(**asked, school_class=room) == []
    Relation.objects.create(parent=mother, pupil=pupil, kind="mother", starts=LONG_AGO)
    assert [match.person for match in parents.matches(**asked, school_class=room)] == [mother]


def test_todays_pupils_are_no_representatives(room):
    make_pupil(school_class=room, surname="Ёлкина", name="Светлана", patronymic="Павловна", birth_date=BIRTH)
    employee = make_employee(surname="Ёлкина", name="Светлана", patronymic="Павловна", birth_date=BIRTH)
    make_person(surname="Ёлкина", name="Светлана", patronymic="Павловна")
    asked = {"surname": "Ёлкина", "name": "Светлана", "patronymic": "Павловна", "birth_date": BIRTH}
    found = parents.matches(**asked, phone="", email="", school_class=room, date=TODAY)
    assert [match.person for match in found] == [employee]


# Ending


@pytest.mark.clause("9.1")
def test_class_relation_end_closes_the_account_with_the_last_relation(client, room, leader, pupil):
    mother = make_parent(child=pupil)
    row = mother.children_relations.get()
    other = make_pupil(school_class=make_class(grade=9))
    Relation.objects.create(parent=mother, pupil=other, kind="mother", starts=LONG_AGO)
    answer = client.post(end_of(row, room), {"ends": TODAY - DAY, "reason": "Решение суда от 12.10.2026"}, follow=True)
    assert answer.redirect_chain == [(list_of(room), 302)]
    assert User.objects.get(pk=mother.pk).is_parent
    other.enrolments.update(ends=TODAY - DAY)
    assert not User.objects.get(pk=mother.pk).is_alive
    entry = AuditEntry.objects.get(action="relation.ended")
    assert (entry.basis, entry.actor) == ("Решение суда от 12.10.2026", leader)
    assert client.get(end_of(row, room)).status_code == 404


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ends": TODAY, "reason": " "}, "Укажите причину"),
        ({"ends": LONG_AGO - DAY, "reason": "Суд"}, "раньше первого"),
        ({"ends": "", "reason": "Суд"}, "Обязательное поле"),
    ],
)
def test_a_wrong_end_changes_nothing(client, room, leader, pupil, values, message):
    row = make_parent(child=pupil).children_relations.get()
    answer = client.post(end_of(row, room), values)
    row.refresh_from_db()
    assert (answer.status_code, message in answer.content.decode(), row.ends) == (200, True, None)


# Queries


@pytest.mark.parametrize("page", ["list", "add"])
def test_queries_do_not_grow_with_rows(client, room, leader, pupil, page):
    address = {"list": list_of(room), "add": add_to(pupil, room)}[page]
    make_parent(child=pupil)

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len(context)

    few = queries()
    for _ in range(30):
        make_parent(child=make_pupil(school_class=room))
    assert (queries(), few <= 14) == (few, True)
