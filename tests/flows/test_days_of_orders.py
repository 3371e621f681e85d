"""Orders work on their day by themselves: the clock moves, no job runs (6.5-6.7)."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import OrderKind
from tests.accounts.test_orders import cancel, carry_out
from tests.factories import make_class, make_edition, make_element, make_employee, make_position, make_pupil, sign_in

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2027, 3, 12)
CABINET = "/cabinet/"


@pytest.fixture
def clock(monkeypatch):
    """Sets the time at school: clock("2027-03-12 23:59:59")."""

    def set_to(text: str) -> None:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow"))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture(autouse=True)
def school_day(clock):
    clock("2027-03-12 09:00")
    make_edition()
    make_element(slug="cabinet", closure=1, kind="built_in")


def status(client) -> int:
    return client.get(CABINET).status_code


@pytest.mark.clause("6.7")
def test_a_teacher_dismissed_today_works_today_and_is_out_at_midnight(client, clock):
    teacher = make_employee()
    sign_in(client, teacher)
    carry_out(OrderKind.DISMISSAL, [{"person": teacher}], effective_on=FRIDAY, date=FRIDAY)
    assert status(client) == 200
    clock("2027-03-12 23:59:59")
    sign_in(client, teacher)
    assert status(client) == 200
    clock("2027-03-13 00:00:00")
    assert status(client) == 403


@pytest.mark.clause("6.7")
def test_an_expelled_pupils_session_dies_at_the_next_click_and_does_not_revive(client):
    pupil = make_pupil(age=15)
    sign_in(client, pupil)
    assert status(client) == 200
    cookie = client.cookies["session"].value
    order = carry_out(OrderKind.EXPULSION, [{"person": pupil}], effective_on=FRIDAY, date=FRIDAY)
    assert client.get(CABINET).url == f"/login/?next={CABINET}"
    cancel(order)
    client.cookies["session"] = cookie
    assert client.get(CABINET).url == f"/login/?next={CABINET}"


def test_an_expulsion_of_next_week_works_at_its_midnight_and_its_session_stays_dead(client, clock):
    pupil, week = make_pupil(age=15), FRIDAY + datetime.timedelta(days=7)
    order = carry_out(OrderKind.EXPULSION, [{"person": pupil}], effective_on=week, date=FRIDAY)
    clock("2027-03-18 23:59:59")
    sign_in(client, pupil)
    cookie = client.cookies["session"].value
    assert status(client) == 200
    clock("2027-03-19 00:00:00")
    assert status(client) == 403
    cancel(order)
    client.cookies["session"] = cookie
    assert client.get(CABINET).url == f"/login/?next={CABINET}"


def test_an_appointment_opens_at_midnight_of_its_first_day(clock):
    make_position("class_teacher")
    teacher, five = make_employee(), make_class(grade=5)
    monday = FRIDAY + datetime.timedelta(days=3)
    carry_out(OrderKind.CLASS_TEACHER, [{"person": teacher, "school_class": five}], effective_on=monday, date=FRIDAY)
    clock("2027-03-14 23:59:59")
    assert not type(teacher).objects.get(pk=teacher.pk).led_classes
    clock("2027-03-15 00:00:00")
    assert type(teacher).objects.get(pk=teacher.pk).led_classes == [five]
