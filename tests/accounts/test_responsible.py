"""The public page of responsible persons: from appointments in force, with nothing private in it (4.2)."""

import datetime
import zoneinfo

import pytest

from accounts.actions import people
from accounts.actions.school import save_named
from accounts.actor import Actor
from accounts.models import Appointment, Order, SchoolCard
from accounts.responsible import PUBLIC_POSITIONS, areas, concerns_public
from resources.actions.registry import load_registry
from tests.factories import LONG_AGO, make_employee, make_method_group, make_person, make_position, make_pupil, sign_in

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")
TODAY = datetime.date.today()
MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")
PAGE = "/responsible/"


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=BY)


def director(**fields):
    contacts = {"phone": "+7 000 111-22-33", "email": "secret@example.org"}
    names = {"surname": "Наумова", "name": "Вера", "patronymic": "Ильинична"}
    return make_employee(position="director", **names, **contacts, **fields)


def duties() -> dict[str, list[tuple[str, str]]]:
    return {area.title: [(one.title, one.name) for one in area.duties] for area in areas(TODAY, with_names=True)}


@pytest.mark.clause("4.2")
def test_a_guest_reads_who_answers_for_what(client, school):
    school(responsible_are_public=True, phone="8 (86152) 0-00-29")
    director()
    make_employee(position="system_administrator", surname="Журавлёв")
    html = client.get(PAGE).content.decode()
    assert all(words in html for words in ("Наумова Вера Ильинична", "Журавлёв", "8 (86152) 0-00-29"))


def test_nothing_private_of_a_person_stands_on_the_page(client, school):
    school(responsible_are_public=True)
    person = director(birth_date=datetime.date(1980, 5, 17))
    html = client.get(PAGE).content.decode()
    private = (person.phone, person.email, person.username, "17.05.1980", f"/staff/{person.pk}/")
    assert [words for words in private if words in html] == []
    assert person.surname in html


@pytest.mark.clause("4.2")
def test_a_new_school_shows_guests_posts_and_everybody_signed_in_names(client, school):
    school(phone="8 (86152) 0-00-29")
    person = director()
    Appointment.objects.update(basis="Приказ о переводе Наумовой")
    html = client.get(PAGE).content.decode()
    assert ("Director" in html, "Наумов" in html, "8 (86152) 0-00-29" in html) == (True, False, True)
    sign_in(client, make_pupil())
    assert person.get_full_name() in client.get(PAGE).content.decode()


def test_one_signed_in_who_has_not_passed_the_gate_is_a_guest(client, school):
    school(responsible_are_public=False)
    director()
    client.force_login(make_pupil(must_change_password=True), backend="accounts.backends.PortalBackend")
    assert "Наумова" not in client.get(PAGE).content.decode()


def test_teachers_and_class_teachers_are_not_on_the_page():
    for position in ("teacher", "class_teacher", "secretary", "psychologist"):
        make_employee(position=position)
    assert [found for found in duties().values() if found] == []


def test_heads_of_method_groups_stand_with_their_group():
    head = make_employee(position="method_group_head", surname="Черных")
    Appointment.objects.filter(person=head).update(method_group=make_method_group())
    row = areas(TODAY, with_names=True)[-1].duties[0]
    assert (row.place, row.name) == ("ШМО учителей начальных классов", head.get_full_name())


def test_one_who_stands_in_is_named_beside_the_director():
    director()
    make_employee(position="director", surname="Белая", name="Елена", patronymic="", is_acting=True)
    titles = duties()["Управление школой и средой"]
    assert titles == [("director", "Наумова Вера Ильинична"), ("и. о.: director", "Белая Елена")]


def test_the_ground_is_the_order_or_the_basis():
    person = director()
    Appointment.objects.filter(person=person).update(basis="Протокол № 3")
    assert areas(TODAY, with_names=True)[0].duties[0].ground == "Протокол № 3"
    order = Order.objects.create(
        kind="general", register="personnel", title="О директоре", number="12-о", number_key="12-о", date=LONG_AGO,
        state="executed",
    )  # fmt: skip
    Appointment.objects.filter(person=person).update(order=order)
    assert areas(TODAY, with_names=False)[0].duties[0].ground == "Приказ № 12-о от 01.09.2020"


@pytest.mark.clause("4.2")
def test_an_ended_appointment_vanishes_at_midnight_of_the_school(client, school, monkeypatch):
    school(responsible_are_public=True)
    last_day = TODAY + datetime.timedelta(days=3)
    director(ends=last_day)
    seen = []
    for moment in (datetime.time(23, 59, 59), datetime.time(0, 0)):
        day = last_day if moment.hour else last_day + datetime.timedelta(days=1)
        now = datetime.datetime.combine(day, moment, MOSCOW)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        answer = client.get(PAGE)
        seen.append(("Наумова" in answer.content.decode(), answer["ETag"]))
    assert [shown for shown, _ in seen] == [True, False]
    assert seen[0][1] != seen[1][1]


def version() -> int:
    return SchoolCard.current().public_version


def test_public_appointments_stale_the_kept_page(school):
    school()
    person = make_person()
    before = version()
    row = people.appoint(person=person, position=make_position("director"), starts=TODAY, by=BY)
    people.end_appointment(row, ends=TODAY, by=BY)
    people.change_person(person, surname="Новая", by=BY)
    assert version() == before + 3


def test_other_appointments_do_not(school):
    school()
    person = make_person()
    before = version()
    row = people.appoint(person=person, position=make_position("teacher"), starts=TODAY, by=BY)
    people.end_appointment(row, ends=TODAY, by=BY)
    people.change_person(person, surname="Новая", by=BY)
    assert version() == before


def test_a_position_called_otherwise_stales_the_kept_page(school):
    school()
    position = make_position("director")
    before = version()
    position.name = "директор школы"
    save_named(position, by=BY)
    assert version() == before + 1


def test_which_positions_concern_the_page():
    assert concerns_public(make_position("librarian"))
    assert not concerns_public(make_position("class_teacher"))
    assert {"director", "deputy", "method_group_head", "credentials_officer"} <= PUBLIC_POSITIONS


def test_home_leads_to_the_page(client):
    assert f'href="{PAGE}"' in client.get("/").content.decode()


def test_one_query_for_all_the_areas(django_assert_num_queries):
    for position in PUBLIC_POSITIONS:
        make_employee(position=position)
    with django_assert_num_queries(1):
        areas(TODAY, with_names=True)
