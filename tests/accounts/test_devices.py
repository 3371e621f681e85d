"""«Мои устройства»: where one is signed in, and ending it there."""

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from tests.factories import make_edition, make_element, make_pupil, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def pupil():
    make_edition()
    make_element(slug="cabinet", closure=1, kind="built_in")
    person = make_pupil(username="pupil", password="secret")
    sign_in(Client(), person)
    return person


def device(agent=FIREFOX, address="198.51.100.7", login="pupil", **extra) -> Client:
    """A browser in which the person has signed in."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address, **extra)
    assert client.post("/login/", {"login": login, "password": "secret"}).status_code == 302
    return client


def listed(client: Client) -> list[tuple]:
    sessions = client.get("/account/devices/").context["sessions"]
    here = client.session.session_key
    return [(one.ip, one.user_agent, one.session_key == here) for one in sessions]


@pytest.mark.clause("12.2")
def test_the_list_names_browser_address_and_time(pupil):
    home, phone = device(), device(PHONE, "203.0.113.9")
    assert listed(home) == [("198.51.100.7", FIREFOX, True), ("203.0.113.9", PHONE, False)]
    assert listed(phone) == [("198.51.100.7", FIREFOX, False), ("203.0.113.9", PHONE, True)]
    page = home.get("/account/devices/").content.decode()
    for words in ("198.51.100.7", "Firefox", "Windows", "203.0.113.9", "Android", f"{timezone.localtime():%d.%m.%Y}"):
        assert words in page


def test_behind_a_proxy_the_visitors_address_is_listed(pupil, settings):
    settings.TRUSTED_PROXIES = 1
    client = device(address="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9")
    assert listed(client)[0][0] == "203.0.113.9"


def test_without_a_proxy_a_forged_address_is_not_listed(pupil):
    assert listed(device(HTTP_X_FORWARDED_FOR="1.1.1.1"))[0][0] == "198.51.100.7"


def test_an_endless_or_hostile_browser_name_does_no_harm(pupil):
    client = device("<script>alert(1)</script>" + "x" * 5000)
    page = client.get("/account/devices/").content.decode()
    assert "<script>alert" not in page
    assert len(UserSession.objects.get().user_agent) == 200


@pytest.mark.clause("12.2")
def test_one_device_is_ended_and_its_session_is_dead(pupil):
    home, phone = device(), device(PHONE)
    cookie = phone.cookies[settings.SESSION_COOKIE_NAME].value
    other = UserSession.objects.get(session_key=cookie)
    assert home.post(f"/account/devices/{other.pk}/end/")["Location"] == "/account/devices/"
    assert phone.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    replayed = Client()
    replayed.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert replayed.get("/cabinet/").status_code == 302
    assert home.get("/cabinet/").status_code == 200
    assert listed(home) == [("198.51.100.7", FIREFOX, True)]
    assert AuditEntry.objects.filter(action="session.ended", object_id=pupil.pk).count() == 1


@pytest.mark.clause("12.2")
def test_all_others_are_ended_at_once(pupil):
    home, phone, library = device(), device(PHONE), device()
    page = home.post("/account/devices/", follow=True)
    assert "Вход завершён на 2 устройствах." in page.content.decode()
    answers = [one.get("/cabinet/").status_code for one in (home, phone, library)]
    assert answers == [200, 302, 302]
    assert AuditEntry.objects.get(action="session.ended").changes == {"sessions": [3, 1]}


def test_this_device_is_not_ended_by_mistake(pupil):
    home = device()
    here = UserSession.objects.get()
    assert home.post(f"/account/devices/{here.pk}/end/").status_code == 404
    assert home.get("/cabinet/").status_code == 200


def test_other_peoples_devices_are_neither_seen_nor_ended(pupil):
    other = make_pupil(username="other", password="secret")
    sign_in(Client(), other)
    theirs = device(address="203.0.113.77", login="other")
    foreign = UserSession.objects.get(user=other)
    home = device()
    assert "203.0.113.77" not in home.get("/account/devices/").content.decode()
    assert home.post(f"/account/devices/{foreign.pk}/end/").status_code == 404
    home.post("/account/devices/")
    assert theirs.get("/cabinet/").status_code == 200


def test_ending_needs_a_post_and_a_token(pupil):
    device(PHONE)
    row = UserSession.objects.get()
    home = device()
    assert home.get(f"/account/devices/{row.pk}/end/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = home.cookies
    assert strict.post(f"/account/devices/{row.pk}/end/").status_code == 403
    assert strict.post("/account/devices/").status_code == 403
    assert UserSession.objects.count() == 2


def test_signing_out_takes_the_device_off_the_list(pupil):
    home, phone = device(), device(PHONE)
    phone.post("/logout/")
    assert len(listed(home)) == 1
    assert Session.objects.filter(session_key__in=UserSession.objects.values("session_key")).count() == 1


def test_sessions_that_have_run_out_are_not_listed(pupil):
    home = device()
    phone = device(PHONE)
    past = timezone.now() - datetime.timedelta(minutes=1)
    Session.objects.filter(session_key=phone.cookies[settings.SESSION_COOKIE_NAME].value).update(expire_date=past)
    assert len(listed(home)) == 1


def test_the_device_stays_listed_after_a_change_of_password(pupil):
    home = device()
    device(PHONE)
    change = {"oldpassword": "secret", "password1": "жираф-кефир-7", "password2": "жираф-кефир-7"}
    assert home.post("/account/password/", change).status_code == 302
    assert listed(home) == [("198.51.100.7", FIREFOX, True)]


def test_the_device_stays_listed_after_the_first_password(pupil):
    pupil.must_change_password = True
    pupil.save()
    home = device()
    since = UserSession.objects.get().created_at
    home.post("/password/first/", {"password1": "жираф-кефир-7", "password2": "жираф-кефир-7"})
    assert listed(home) == [("198.51.100.7", FIREFOX, True)]
    assert UserSession.objects.get().created_at == since


def test_the_list_costs_the_same_for_one_device_and_for_ten(pupil, django_assert_max_num_queries):
    home = device()
    for _ in range(9):
        device(PHONE)
    listed(home)
    with django_assert_max_num_queries(6):
        assert len(listed(home)) == 10
