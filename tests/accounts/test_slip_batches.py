"""The way of the paper (9.6): printed → handed over → given out; each sees the own list only, and never a password."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import issuing, slips
from accounts.actions.people import appoint
from accounts.actor import Actor
from accounts.models import Appointment, AuditEntry, Slip, SlipBatch, User
from eios.lib.dates import today
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_edition,
    make_employee,
    make_officer,
    make_parent,
    make_position,
    make_pupil,
    make_slip,
    sign_in,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))
    return make_edition()


@pytest.fixture
def room():
    return make_class(grade=8)


@pytest.fixture
def leader(room) -> User:
    return make_employee(position="class_teacher", school_class=room, surname="Бондаренко")


@pytest.fixture
def officer(client) -> User:
    person = make_officer(surname="Фёдорова")
    sign_in(client, person)
    return person


def newcomer(**fields) -> User:
    return make_pupil(must_change_password=True, **fields)


def print_batch(client, *people: User) -> SlipBatch:
    client.post("/credentials/issue/", {"person": [one.pk for one in people], "seen": issuing.newest_slip()})
    return SlipBatch.objects.first()


def slip_of(person: User) -> Slip:
    return Slip.objects.standing().get(person=person)


def page_of(school_class) -> str:
    return f"/classes/{school_class.pk}/slips/"


def names(answer) -> list[str]:
    return [row.person.surname for row in answer.context["rows"]]


# The whole way


@pytest.mark.clause("9.6")
def test_a_slip_goes_from_the_printer_to_its_owner(client, officer, leader, room):
    pupil, other = newcomer(school_class=room, surname="Ёлкина"), newcomer(school_class=room, surname="Тихий")
    batch = print_batch(client, pupil, other)
    page = f"/credentials/batches/{batch.pk}/"
    assert [(one.person, len(one.slips)) for one in client.get(page).context["holders"]] == [(leader, 2)]
    hand = f"{page}hand/?to={leader.pk}"
    assert "Ёлкина" in client.get(hand).content.decode()
    client.post(hand, {"slip": [slip_of(pupil).pk]})
    assert [(slip_of(one).handed_to, slip_of(one).handed_at is None) for one in (pupil, other)] == [
        (leader, False),
        (None, True),
    ]
    sign_in(client, leader)
    assert "Вручите владельцам 1 листок с логином" in client.get("/cabinet/").content.decode()
    answer = client.get(page_of(room))
    assert (names(answer), answer.context["mine"]) == (["Ёлкина", "Тихий"], {slip_of(pupil).pk})
    assert client.post(page_of(room) + "give/", {"slip": slip_of(pupil).pk}).url == page_of(room)
    assert (slip_of(pupil).given_by, slip_of(pupil).given_at is None) == (leader, False)
    told = AuditEntry.objects.filter(object_type="accounts.slip").order_by("pk")
    assert list(told.values_list("action", "actor", "changes")) == [
        ("slip.handed", officer.pk, {"handed_to": [None, str(leader.pk)]}),
        ("slip.given", leader.pk, {"given_by": [None, str(leader.pk)]}),
    ]


def test_the_issuer_may_give_a_slip_directly(client, officer, room):
    pupil = newcomer(school_class=room)
    batch = print_batch(client, pupil)
    client.post(f"/credentials/batches/{batch.pk}/give/", {"slip": slip_of(pupil).pk})
    assert (slip_of(pupil).given_by, slip_of(pupil).handed_to) == (officer, None)


def test_nothing_is_marked_twice(client, officer, leader, room):
    pupil = newcomer(school_class=room)
    batch = print_batch(client, pupil)
    slip = slip_of(pupil)
    slips.hand_over([slip], leader, by=Actor.command("x"))
    answer = client.post(f"/credentials/batches/{batch.pk}/give/", {"slip": slip.pk}, follow=True)
    assert "Список изменился" in answer.content.decode()
    slips.give([slip], by=Actor(leader, None, leader.username))
    for again in (
        lambda: slips.give([slip], by=Actor.command("x")),
        lambda: slips.hand_over([slip], officer, by=Actor.command("x")),
    ):
        with pytest.raises(ValidationError, match="Отмечать уже нечего"):
            again()
    assert (slip_of(pupil).given_by, slip_of(pupil).handed_to) == (leader, leader)


def test_slips_go_only_to_those_who_answer_for_the_class(client, officer, leader, room):
    other = make_employee(position="class_teacher", school_class=make_class(grade=8, letter="Б"), surname="Саркисян")
    former = make_employee(position="class_teacher", school_class=room, ends=today() - DAY, surname="Прежняя")
    everywhere = make_employee(position="designated_person", surname="Везде")
    here = make_employee(position="designated_person", school_class=room, surname="Здесь")
    pupil = newcomer(school_class=room)
    batch = print_batch(client, pupil)
    page = f"/credentials/batches/{batch.pk}/"
    holders = {one.person for one in client.get(page).context["holders"]}
    assert holders == {leader, everywhere, here}
    for stranger in (other, former):
        client.post(f"{page}hand/?to={stranger.pk}", {"slip": slip_of(pupil).pk})
    assert slip_of(pupil).handed_to is None


def test_parents_slips_go_with_the_childs_class(client, officer, leader, room, school):
    school(parents_have_cabinets=True)
    child = newcomer(school_class=room)
    parent = make_parent(child=child, must_change_password=True)
    batch = print_batch(client, parent)
    assert [one.person for one in client.get(f"/credentials/batches/{batch.pk}/").context["holders"]] == [leader]


def test_staff_slips_are_another_issuers_batch(client, officer):
    worker = make_employee(must_change_password=True, surname="Тайнова")
    slip = make_slip(worker, batch=SlipBatch.objects.create())
    page = f"/credentials/batches/{slip.batch.pk}/"
    assert "Партия №" not in client.get("/credentials/batches/").content.decode().split("<main")[1].split("<table")[-1]
    answers = [client.get(page), client.get(f"{page}hand/"), client.post(f"{page}give/", {"slip": slip.pk})]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert slip_of(worker).given_at is None


def test_batches_are_listed_with_what_is_left(client, officer, leader, room):
    batch = print_batch(client, newcomer(school_class=room), newcomer(school_class=room))
    slips.hand_over([batch.slips.first()], leader, by=Actor.command("x"))
    found = client.get("/credentials/batches/").context["page"].object_list
    assert [(one.pk, one.size, one.here) for one in found] == [(batch.pk, 2, 1)]


# The class teacher's side


@pytest.mark.clause("9.6")
@pytest.mark.parametrize(
    ("who", "status"),
    [("other leader", 404), ("designated elsewhere", 404), ("teacher", 404), ("former leader", 404), ("pupil", 403)],
)
def test_other_classes_are_not_found(client, leader, room, who, status):
    elsewhere = make_class(grade=8, letter="Б")
    make = {
        "other leader": lambda: make_employee(position="class_teacher", school_class=elsewhere),
        "designated elsewhere": lambda: make_employee(position="designated_person", school_class=elsewhere),
        "teacher": make_employee,
        "former leader": lambda: _former_leader(room),
        "pupil": lambda: make_pupil(school_class=room),
    }
    person = make[who]()
    pupil = newcomer(school_class=room, surname="Тайнова")
    slip = make_slip(pupil, holder=person)
    sign_in(client, person)
    for answer in (client.get(page_of(room)), client.post(page_of(room) + "give/", {"slip": slip.pk})):
        assert (answer.status_code, "Тайнова" in answer.content.decode()) == (status, False)
    if status == 404 and who not in ("teacher", "former leader"):
        client.post(page_of(elsewhere) + "give/", {"slip": slip.pk})
    assert slip_of(pupil).given_at is None


def _former_leader(room) -> User:
    person = make_employee(position="class_teacher", school_class=room, ends=today() - DAY)
    Appointment.objects.create(person=person, position=make_position("teacher"), starts=today() - 30 * DAY)
    return User.objects.get(pk=person.pk)


def test_a_slip_held_by_another_is_not_mine_to_give(client, leader, room, officer):
    pupil = newcomer(school_class=room)
    slip = make_slip(pupil, holder=officer)
    sign_in(client, leader)
    assert client.get(page_of(room)).context["mine"] == set()
    client.post(page_of(room) + "give/", {"slip": slip.pk})
    assert slip_of(pupil).given_at is None


def test_the_management_sees_states_of_all_classes(client, room):
    pupil = newcomer(school_class=room, surname="Ёлкина")
    slip = make_slip(pupil)
    sign_in(client, make_employee(position="deputy"))
    answer = client.get(page_of(room))
    assert (names(answer), answer.context["mine"]) == (["Ёлкина"], set())
    client.post(page_of(room) + "give/", {"slip": slip.pk})
    assert slip_of(pupil).given_at is None


def test_a_designated_person_has_the_own_list_of_classes(client, room):
    make_class(grade=8, letter="Б")
    person = make_employee(position="designated_person", school_class=room)
    make_slip(newcomer(school_class=room), holder=person)
    sign_in(client, person)
    assert [(one.pk, n) for one, n in client.get("/classes/slips/").context["classes"]] == [(room.pk, 1)]
    assert client.get(page_of(room)).status_code == 200
    assert "/classes/slips/" in client.get("/cabinet/").content.decode()


def test_a_class_teacher_does_not_learn_of_children_of_other_classes(client, leader, room, school):
    school(parents_have_cabinets=True)
    child = newcomer(school_class=room, surname="Ёлкина")
    parent = make_parent(child=child, surname="Ёлкин", must_change_password=True)
    sibling = make_pupil(school_class=make_class(grade=3), surname="Младшая")
    parent.children_relations.create(pupil=sibling, kind="mother", starts=today(), basis="Свидетельство")
    sign_in(client, leader)
    answer = client.get(page_of(room))
    assert (names(answer), "Младшая" in answer.content.decode()) == (["Ёлкина", "Ёлкин"], False)


def test_a_list_of_thirty_asks_as_many_queries_as_of_one(client, leader, room, django_assert_num_queries):
    sign_in(client, leader)
    make_slip(newcomer(school_class=room), holder=leader)
    client.get(page_of(room))
    with django_assert_num_queries(11):
        client.get(page_of(room))
    for _ in range(30):
        make_slip(newcomer(school_class=room), holder=leader)
    with django_assert_num_queries(11):
        client.get(page_of(room))


@pytest.mark.clause("9.6")
def test_a_designated_person_may_be_named_for_a_class(room):
    by = Actor.command("x")
    person = make_employee()
    row = appoint(person=person, position=make_position("designated_person"), starts=today(), school_class=room, by=by)
    assert row.school_class == room
