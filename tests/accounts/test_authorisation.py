"""Issuing credentials on the ground of a document, for a term (9.4)."""

import datetime

import pytest

from accounts.actor import Actor
from accounts.models import Appointment, User
from resources.actions.registry import load_registry
from tests.factories import make_employee, make_position, make_pupil, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
PAGE = "/credentials/authorised/"


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("проверка"))
    make_position("credentials_officer")


@pytest.fixture
def admin(client):
    person = make_employee(position="system_administrator")
    sign_in(client, person)
    return person


def authorise(client, person: User, *, ends=TODAY + 9 * DAY, document="Доверенность № 3 от 01.09.2026"):
    data = {"person": person.pk, "document": document, "starts": TODAY.isoformat(), "ends": ends.isoformat()}
    return client.post(PAGE, data)


@pytest.mark.clause("9.4")
def test_one_authorised_by_a_document_issues_until_the_term_ends(admin, client):
    teacher = make_employee()
    make_pupil(surname="Тайнов", must_change_password=True)
    assert authorise(client, teacher).status_code == 302
    row = Appointment.objects.get(person=teacher, position__code="credentials_officer")
    assert (row.order, row.basis, row.ends) == (None, "Доверенность № 3 от 01.09.2026", TODAY + 9 * DAY)
    sign_in(client, User.objects.get(pk=teacher.pk))
    assert "Тайнов" in client.get("/credentials/").content.decode()
    Appointment.objects.filter(pk=row.pk).update(starts=TODAY - 9 * DAY, ends=TODAY - DAY)
    assert client.get("/credentials/").status_code == 403


def test_the_term_and_the_document_are_needed(admin, client):
    teacher = make_employee()
    assert authorise(client, teacher, document="").status_code == 200
    assert authorise(client, teacher, ends=TODAY - DAY).status_code == 200
    assert client.post(PAGE, {"person": teacher.pk, "document": "Д", "starts": TODAY.isoformat()}).status_code == 200
    assert not Appointment.objects.filter(position__code="credentials_officer").exists()


def test_the_right_is_taken_away_from_tomorrow_and_an_orders_only_by_an_order(admin, client):
    teacher, appointed = make_employee(), make_employee(position="credentials_officer")
    authorise(client, teacher)
    row = Appointment.objects.get(person=teacher, position__code="credentials_officer")
    client.post(f"{PAGE}{row.pk}/end/", {"reason": "Отозвана"})
    row.refresh_from_db()
    assert row.ends == TODAY
    by_order = appointed.appointments.get()
    assert by_order.order is None
    assert client.get(f"{PAGE}{by_order.pk}/end/").status_code == 200


@pytest.mark.parametrize("position", ["credentials_officer", "deputy", "teacher", "class_teacher"])
def test_nobody_else_authorises(client, position):
    person = make_employee(position=position if position != "class_teacher" else "teacher")
    sign_in(client, person)
    assert client.get(PAGE).status_code == 403
    assert authorise(client, person).status_code == 403
    assert Appointment.objects.filter(person=person).count() == 1
