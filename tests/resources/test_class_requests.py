"""A class teacher asks for the own class (5.4)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from resources.models import AccessRequest
from tests.factories import (
    make_class,
    make_credential,
    make_employee,
    make_parent,
    make_pupil,
    make_request,
    sign_in,
)
from tests.resources.asking import told

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.4")]
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
TOMORROW = TODAY + datetime.timedelta(days=1)
State = AccessRequest.State


@pytest.fixture
def leader(owner):
    return make_employee(position="class_teacher", school_class=make_class(grade=8), surname="Классная")


CLASS = "/requests/class/"


def test_a_class_teacher_asks_for_the_whole_class(owner, leader, client):
    element, eight = owner.element, make_class(grade=8)
    names = ("Арбузова", "Белкина", "Вишнёва", "Грушина")
    pupils = [make_pupil(surname=name, school_class=eight) for name in names]
    make_credential(element, pupils[1])
    make_request(element, pupils[2])
    sign_in(client, leader)
    page = client.get(CLASS, {"element": element.slug})
    assert [(row.person, row.state) for row in page.context["rows"]] == list(
        zip(pupils, ("open", "has", "waits", "open"), strict=True)
    )
    query = {"element": element.slug, "school_class": eight.pk}
    keys = [pupils[0].pk, pupils[3].pk]
    confirm = client.get(CLASS + "confirm/", {**query, "pupil": keys}).content.decode()
    assert ("Арбузова" in confirm, "Белкина" in confirm) == (True, False)
    answer = client.post(
        f"{CLASS}confirm/?element={element.slug}&school_class={eight.pk}", {"pupil": keys}, follow=True
    )
    assert "Подано: 2 заявки." in answer.content.decode()
    made = AccessRequest.objects.filter(asked_by=leader).order_by("pk")
    assert [one.person for one in made] == [pupils[0], pupils[3]]
    assert told(owner) == ["Просят доступ к элементу «Олимпиады»: 2 человека."]
    assert [row.request.person for row in client.get("/requests/").context["rows"]] == [pupils[3], pupils[0]]
    sign_in(client, pupils[0])
    assert f"просит {leader.initials}" in client.get("/requests/").content.decode().replace("&nbsp;", "\xa0")


def test_only_the_own_class_may_be_asked_for(owner, leader, client):
    other = make_class(grade=8, letter="Б")
    stranger = make_pupil(surname="Чужая", school_class=other)
    sign_in(client, leader)
    foreign = {"element": owner.element.slug, "school_class": other.pk}
    assert client.get(CLASS, foreign).status_code == 404
    path = f"{CLASS}confirm/?element={owner.element.slug}&school_class="
    assert client.post(f"{path}{other.pk}", {"pupil": [stranger.pk]}).status_code == 404
    client.post(f"{path}{make_class(grade=8).pk}", {"pupil": [stranger.pk]})
    assert AccessRequest.objects.count() == 0
    for person, status in ((make_employee(), 404), (make_pupil(), 404), (make_employee(position="deputy"), 200)):
        sign_in(client, person)
        assert client.get(CLASS, foreign).status_code == status


def test_requests_for_a_class_one_leads_no_more_are_not_ones_to_see(owner, leader, client):
    pupil = make_pupil(school_class=make_class(grade=8))
    make_request(owner.element, pupil, asked_by=leader)
    sign_in(client, leader)
    assert len(client.get("/requests/").context["rows"]) == 1
    pupil.enrolments.update(ends=TODAY - datetime.timedelta(days=1))
    assert len(client.get("/requests/").context["rows"]) == 0


def test_the_class_page_asks_alike_for_one_pupil_and_thirty(owner, leader, client):
    sign_in(client, leader)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_request(owner.element, make_pupil(school_class=make_class(grade=8)))
        client.get(CLASS, {"element": owner.element.slug})
        with CaptureQueriesContext(connection) as queries:
            client.get(CLASS, {"element": owner.element.slug})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_parent_sees_nothing_of_the_childs_requests(owner, client, school):
    school(parents_have_cabinets=True)
    child = make_pupil()
    parent = make_parent(child=child)
    found = make_request(owner.element, child)
    sign_in(client, parent)
    assert len(client.get("/requests/").context["rows"]) == 0
    assert client.get(f"/requests/{found.pk}/withdraw/").status_code == 404
