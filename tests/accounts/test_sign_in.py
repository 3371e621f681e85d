"""Signing in: who gets in, what others learn, and what a session is."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.actions.blocking import block, unblock
from accounts.actor import Actor
from accounts.models import AuditEntry, SignInThrottle, User
from tests.factories import make_edition, make_element, make_employee, make_person, make_pupil, sign_in

pytestmark = pytest.mark.django_db
WRONG = "Неверный логин или пароль."
COMMAND = Actor.command("test")


@pytest.fixture(autouse=True)
def cabinet():
    return make_element(slug="cabinet", closure=1, kind="built_in")


def post(client: Client, login: str, password: str, **extra):
    return client.post("/login/", {"login": login, "password": password}, **extra)


def text_of(response) -> str:
    return response.content.decode()


def errors_of(response) -> list[str]:
    return response.context["form"].non_field_errors()


class CountingHasher(MD5PasswordHasher):
    """Counts hash operations: their number is what an outsider can measure."""

    algorithm = "counting"
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher", *settings.PASSWORD_HASHERS]

    def spent(action) -> int:
        before = CountingHasher.count
        action()
        return CountingHasher.count - before

    return spent


# Who gets in


@pytest.mark.clause("9.1")
def test_the_right_password_opens_the_cabinet(client):
    person = make_pupil(username="ivanovamp", password="жираф-кефир-7")
    make_edition()
    response = post(client, "ivanovamp", "жираф-кефир-7")
    assert (response.status_code, response["Location"]) == (302, "/cabinet/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("typed", ["ivanovamp", "IVANOVAMP", "IvanovaMP", "  ivanovamp "])
def test_a_login_is_known_in_any_case(client, typed):
    make_pupil(username="IvanovaMP", password="secret")
    assert post(client, typed, "secret").status_code == 302


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ivanovamp", "other"),
        ("nobody", "secret"),
        ("ivanovamp ", "Secret"),
        ("Иванова", "secret"),
        ("a@b.ru", "secret"),
    ],
)
def test_a_wrong_pair_is_told_in_one_sentence(client, login, password):
    make_pupil(username="ivanovamp", email="a@b.ru", password="secret")
    response = post(client, login, password)
    assert (response.status_code, errors_of(response)) == (200, [WRONG])
    assert "_auth_user_id" not in client.session


def test_an_account_without_a_password_lets_nobody_in(client):
    person = make_pupil(username="fresh")
    person.set_unusable_password()
    person.save()
    for password in ("", "None", person.password):
        assert post(client, "fresh", password).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/signup/", "/account/signup/", "/accounts/signup/"])
def test_nobody_signs_up(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"username": "x", "password1": "жираф-кефир-7"}).status_code == 404
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_request_login_code", "mfa_login_webauthn"]
)
def test_doors_of_allauth_that_the_school_does_not_use_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_csrf_is_asked():
    make_pupil(username="pupil", password="secret")
    client = Client(enforce_csrf_checks=True)
    assert post(client, "pupil", "secret").status_code == 403
    client.get("/login/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert post(client, "pupil", "secret", headers={"X-CSRFToken": token}).status_code == 302


def test_answers_are_pages_whatever_the_browser_asks_for(client):
    response = post(client, "nobody", "x", headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"})
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")


# Closed accounts


@pytest.mark.clause("6.7")
def test_one_whose_account_is_closed_is_told_after_the_right_password_and_gets_no_session(client):
    make_pupil(username="gone", password="secret", ends="2021-01-01")
    response = post(client, "gone", "secret")
    assert response.status_code == 403
    assert [template.name for template in response.templates][0] == "accounts/closed.html"
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert (Session.objects.count(), AuditEntry.objects.filter(action="person.signed_in").count()) == (0, 0)


@pytest.mark.clause("12.2")
def test_the_blocked_are_told_only_after_the_right_password(client):
    person = make_pupil(username="blocked", password="secret")
    block(person, "Пароль узнали другие", by=COMMAND)
    assert post(client, "blocked", "secret").status_code == 403
    wrong = post(client, "blocked", "other")
    unknown = post(client, "nobody", "other")
    assert (wrong.status_code, errors_of(wrong)) == (unknown.status_code, errors_of(unknown)) == (200, [WRONG])
    assert "Пароль узнали другие" not in text_of(wrong)


def test_answers_to_unknown_wrong_and_blocked_are_the_same_to_the_letter(client):
    make_pupil(username="aaaaaaaa", password="secret")
    block(make_pupil(username="bbbbbbbb", password="secret"), "Проверка", by=COMMAND)
    pages = {
        text_of(post(Client(), login, "wrong")).replace(login, "LOGIN")
        for login in ("aaaaaaaa", "bbbbbbbb", "cccccccc")
    }
    assert len({_without_token(page) for page in pages}) == 1


def _without_token(page: str) -> str:
    start = page.index("csrfmiddlewaretoken")
    value = page.index('value="', start) + 7
    return page[:value] + page[page.index('"', value) :]


def test_unknown_wrong_blocked_and_passwordless_cost_one_hash_each(client, hashes):
    make_pupil(username="known", password="secret")
    block(make_pupil(username="blocked", password="secret"), "Проверка", by=COMMAND)
    nobody = make_pupil(username="unset", password="secret")
    nobody.set_unusable_password()
    nobody.save()
    logins = ["nobody", "known", "blocked", "unset"]
    assert [hashes(lambda login=login: post(client, login, "wrong")) for login in logins] == [1, 1, 1, 1]


def test_the_blocked_with_the_right_password_cost_no_more(client, hashes):
    make_pupil(username="known", password="secret")
    block(make_pupil(username="blocked", password="secret"), "Проверка", by=COMMAND)
    assert [hashes(lambda login=login: post(Client(), login, "secret")) for login in ("known", "blocked")] == [1, 1]


def test_passwords_are_argon2id_at_the_owasp_minimum(settings):
    settings.PASSWORD_HASHERS = settings.REAL_PASSWORD_HASHERS
    person = make_person(password="жираф-кефир-7")
    assert person.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not Argon2PasswordHasher().verify("другой", person.password)
    assert person.check_password("жираф-кефир-7")


# Sessions


def test_the_session_key_changes_at_sign_in(client):
    make_pupil(username="pupil", password="secret")
    client.get("/login/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    post(client, "pupil", "secret")
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.clause("12.2")
def test_a_block_ends_the_session_at_the_next_request_and_unblocking_does_not_revive_it(client):
    person = make_employee(username="teacher", password="secret")
    sign_in(client, person)
    assert client.get("/account/devices/").status_code == 200
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    block(person, "Потерян телефон", by=COMMAND)
    assert client.get("/account/devices/")["Location"] == "/login/?next=/account/devices/"
    unblock(person, "Телефон нашёлся", by=COMMAND)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get("/account/devices/")["Location"] == "/login/?next=/account/devices/"
    assert post(client, "teacher", "secret").status_code == 302


def test_dismissal_ends_the_session_by_its_date_alone(client):
    person = make_employee()
    sign_in(client, person)
    assert client.get("/cabinet/").status_code == 200
    person.appointments.update(ends="2021-01-01")
    assert client.get("/cabinet/").status_code == 403
    assert client.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"


def test_the_session_ends_with_the_browser_and_the_cookie_is_closed_to_scripts(client):
    make_pupil(username="pupil", password="secret")
    cookie = post(client, "pupil", "secret").cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


@pytest.mark.clause("12.1")
def test_signing_in_and_out_leave_a_trace_with_the_address(client):
    person = make_pupil(username="pupil", password="secret")
    post(client, "pupil", "secret", REMOTE_ADDR="198.51.100.7")
    client.post("/logout/", REMOTE_ADDR="198.51.100.8")
    rows = AuditEntry.objects.order_by("pk").values_list("action", "actor", "object_id", "address")
    assert list(rows) == [
        ("person.signed_in", person.pk, str(person.pk), "198.51.100.7"),
        ("person.signed_out", person.pk, str(person.pk), "198.51.100.8"),
    ]
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client):
    sign_in(client, make_pupil())
    assert client.get("/logout/").status_code == 200
    assert "_auth_user_id" in client.session


def test_a_sign_in_costs_few_queries(client):
    make_pupil(username="pupil", password="secret")
    with CaptureQueriesContext(connection) as queries:
        post(client, "pupil", "secret")
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    written = [
        query["sql"].split(" ", 1)[0] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    # Asked: the card, the failures, the person with standing, whether the new session's key is free and its row.
    assert len(asked) <= 5, asked
    # Written: the session, the last sign-in, the device, the trail, and the session again by the middleware.
    assert written == ["INSERT", "UPDATE", "INSERT", "INSERT", "UPDATE"]
    assert SignInThrottle.objects.count() == 0


# Where one goes from here

OUTSIDE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example",
    "/\t/evil.example/",
    "\t//evil.example/",
    "/\n/evil.example",
    "https:evil.example",
    "https:///evil.example/",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//testserver@evil.example/",
    "https://evil.example/testserver",
    "evil.example",
    "ftp://testserver/",
    "http://localhost/cabinet/",
    " //evil.example/",
    "\x00//evil.example",
]


@pytest.mark.parametrize("target", OUTSIDE)
def test_next_leads_nowhere_outside(client, target):
    make_pupil(username="pupil", password="secret")
    response = client.post("/login/", {"login": "pupil", "password": "secret", "next": target})
    assert (response.status_code, response["Location"]) == (302, "/cabinet/")


@pytest.mark.parametrize("target", OUTSIDE)
def test_one_signed_in_is_led_nowhere_outside(client, target):
    sign_in(client, make_pupil())
    response = client.get("/login/", {"next": target})
    assert response.status_code in (302, 400)
    assert response.headers.get("Location", "/cabinet/") == "/cabinet/"


@pytest.mark.parametrize("target", ["/", "/elements/?q=%D0%BD%D1%8D%D0%B1", "/account/devices/", "/elements/#top"])
def test_next_leads_to_pages_of_the_portal(client, target):
    make_pupil(username="pupil", password="secret")
    response = client.post("/login/", {"login": "pupil", "password": "secret", "next": target})
    assert response["Location"] == target


def test_the_page_that_was_asked_for_comes_after_signing_in(client):
    make_edition()
    person = make_pupil(username="pupil", password="secret")
    sign_in(Client(), person)
    assert client.get("/account/devices/")["Location"] == "/login/?next=/account/devices/"
    page = client.get("/login/?next=/account/devices/")
    assert '<input type="hidden" name="next" value="/account/devices/">' in text_of(page)
    response = client.post(
        "/login/", {"login": "pupil", "password": "secret", "next": "/account/devices/"}, follow=True
    )
    assert (response.request["PATH_INFO"], response.status_code) == ("/account/devices/", 200)
