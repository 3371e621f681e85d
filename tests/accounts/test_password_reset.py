"""«Забыт пароль»: a letter where there is an address, the same answer to everybody."""

import datetime
import re
import smtplib
import threading
import time

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.actions.blocking import block, unblock
from accounts.actions.letters import _postman
from accounts.actions.passwords import issue_password
from accounts.actor import Actor
from accounts.models import AuditEntry, SignInThrottle, User
from accounts.throttling import Attempt
from tests.factories import make_edition, make_element, make_employee, make_person, make_pupil, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("test")
ADDRESS = "mama@example.ru"
NEW = {"password1": "жираф-кефир-7", "password2": "жираф-кефир-7"}


def ask(client: Client, address: str, **extra):
    return client.post("/account/password/reset/", {"email": address}, **extra)


def letters(number: int) -> list[mail.EmailMessage]:
    """The letters sent, once there are so many; they leave in the background."""
    deadline = time.monotonic() + 5
    while len(mail.outbox) < number and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(mail.outbox) == number
    return mail.outbox


def link_in(letter: mail.EmailMessage) -> str:
    return re.search(r"https?://testserver(/\S+)", letter.body)[1]


@pytest.fixture
def person():
    return make_pupil(username="pupil", password="secret", email=ADDRESS, surname="Тайнова", name="Аглая")


@pytest.fixture
def link(client, person) -> str:
    ask(client, ADDRESS)
    return link_in(letters(1)[0])


def open_form(client: Client, link: str) -> str:
    """The address of the form that a good link leads to."""
    response = client.get(link)
    assert response.status_code == 302
    return response["Location"]


@pytest.mark.clause("12.1")
def test_a_letter_with_a_link_sets_a_new_password(client, person, link):
    form = open_form(client, link)
    assert "key/" in form
    assert client.get(form).status_code == 200
    assert client.post(form, NEW)["Location"] == "/account/password/reset/key/done/"
    assert client.get("/account/password/reset/key/done/").status_code == 200
    assert "_auth_user_id" not in client.session
    stored = User.objects.get(pk=person.pk)
    assert (stored.check_password("жираф-кефир-7"), stored.must_change_password) == (True, False)
    row = AuditEntry.objects.get(action="password.changed")
    assert (row.actor_id, row.basis, row.address) == (person.pk, "По письму", "127.0.0.1")


@pytest.mark.parametrize("spelling", ["MAMA@example.ru", "  mama@example.ru "])
def test_the_address_is_known_in_any_case(client, person, spelling):
    ask(client, spelling)
    letters(1)


def test_the_letter_is_russian_short_and_tells_nothing_of_the_person(client, person, link):
    letter = mail.outbox[0]
    assert letter.to == [ADDRESS]
    assert letter.subject == "ЭИОС: Новый пароль для портала"
    assert len(letter.body) < 700
    for secret in ("Тайнова", "Аглая", "Сергеевна", "pupil", "secret"):
        assert secret not in letter.body
    assert re.findall(r"https?://[^/\s]+", letter.body) == ["http://testserver"]
    assert letter.alternatives == []


def test_where_one_address_serves_several_accounts_each_gets_a_letter_with_its_login(client, person):
    make_pupil(username="sister", email=ADDRESS)
    ask(client, ADDRESS)
    assert sorted(re.search(r"логин (\w+)", letter.body)[1] for letter in letters(2)) == ["pupil", "sister"]


# Nothing is learnt


def test_the_answer_is_the_same_for_any_address(person):
    pages = set()
    for address in (ADDRESS, "nobody@example.ru"):
        client = Client()
        response = ask(client, address, follow=True)
        assert response.redirect_chain == [("/account/password/reset/sent/", 302)]
        pages.add(response.content.decode().replace(address, "ADDRESS"))
    assert len(pages) == 1
    letters(1)


def test_no_letter_goes_to_unknown_addresses_nor_to_closed_accounts(client, person):
    block(make_pupil(email="blocked@example.ru"), "Проверка", by=COMMAND)
    make_pupil(email="gone@example.ru", ends="2021-01-01")
    make_person(email="nobody@example.ru")
    for address in ("blocked@example.ru", "gone@example.ru", "nobody@example.ru", "unknown@example.ru"):
        assert ask(client, address).status_code == 302
    _postman.submit(int).result()
    assert mail.outbox == []


def test_the_answer_does_not_wait_for_the_mail_server(client, person, monkeypatch):
    send, answered = EmailBackend.send_messages, threading.Event()

    def wait_for_the_answer(self, messages):
        assert answered.wait(timeout=20)
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", wait_for_the_answer)
    assert ask(client, ADDRESS).status_code == 302
    answered.set()
    letters(1)


def test_a_mail_server_out_of_order_is_not_shown(client, person, monkeypatch, caplog):
    def fail(self, messages):
        raise smtplib.SMTPServerDisconnected("out of order")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    assert ask(client, ADDRESS)["Location"] == "/account/password/reset/sent/"
    deadline = time.monotonic() + 5
    while not caplog.records and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [record.name for record in caplog.records] == ["accounts.actions.letters"]


def test_everybody_is_told_whom_to_ask_where_there_is_no_address(client):
    page = client.get("/account/password/reset/").content.decode()
    for words in ("классный руководитель", "системный администратор"):
        assert words in page


def test_asking_is_limited_alike_for_known_and_unknown_addresses(client, person):
    for address in (ADDRESS, "nobody@example.ru"):
        answers = [ask(client, address).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]
    letters(5)


# Links


def test_a_link_works_once(client, person, link):
    client.post(open_form(client, link), NEW)
    again = Client().get(link)
    assert (again.status_code, again.context["token_fail"]) == (200, True)


def test_a_link_lives_an_hour(client, person, link, monkeypatch):
    now, later = PasswordResetTokenGenerator._now, datetime.timedelta(minutes=59)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: now(self) + later)
    assert Client().get(link).status_code == 302
    later = datetime.timedelta(minutes=61)
    assert Client().get(link).context["token_fail"] is True


ENDS_LINKS = {
    "password issued": lambda person: issue_password(person, by=COMMAND),
    "blocked": lambda person: block(person, "Проверка", by=COMMAND),
    "blocked and unblocked": lambda person: (block(person, "Проверка", by=COMMAND), unblock(person, "Всё", by=COMMAND)),
    "signed in": lambda person: Client().post("/login/", {"login": "pupil", "password": "secret"}),
    "address changed": lambda person: User.objects.filter(pk=person.pk).update(email="new@example.ru"),
}


@pytest.mark.parametrize("what", ENDS_LINKS)
def test_a_link_dies_with_what_it_was_made_for(person, link, what):
    ENDS_LINKS[what](person)
    assert Client().get(link).context["token_fail"] is True


@pytest.mark.parametrize("path", ["0-x-y", "zzzzzzzzzzzzzzzzzzzzzzz-a-b", "1-set-password", "1-d7-00", "--", "1-%00-x"])
def test_a_made_up_link_says_that_it_does_not_work(client, person, path):
    response = client.get(f"/account/password/reset/key/{path}/")
    assert response.status_code in (200, 400, 404)
    if response.status_code == 200:
        assert response.context["token_fail"] is True
        assert client.post(f"/account/password/reset/key/{path}/", NEW).status_code == 200
    assert User.objects.get(pk=person.pk).check_password("secret")


def test_a_link_for_one_does_not_serve_another(client, person, link):
    other = make_pupil(email="other@example.ru")
    key = link.rstrip("/").rsplit("/", 1)[1]
    uid, _, token = key.partition("-")
    forged = link.replace(key, f"{other.pk}-{token}")
    assert Client().get(forged).context["token_fail"] is True


def test_the_link_is_made_for_a_host_of_the_portal_only(client, person):
    answers = [
        ask(client, ADDRESS, HTTP_HOST="evil.example").status_code,
        ask(client, ADDRESS, HTTP_X_FORWARDED_HOST="evil.example").status_code,
    ]
    assert answers == [400, 302]
    assert "evil" not in letters(1)[0].body


# Afterwards


def test_the_rules_of_passwords_hold_here_too(client, person, link):
    form = open_form(client, link)
    page = client.post(form, {"password1": "тайнова1", "password2": "тайнова1"})
    assert "угадываются ваши данные" in page.content.decode()
    assert User.objects.get(pk=person.pk).check_password("secret")


@pytest.mark.clause("12.1")
def test_a_reset_ends_all_sessions_and_forgets_failures(client, person):
    make_edition()
    make_element(slug="cabinet", closure=1, kind="built_in")
    thief = Client()
    sign_in(thief, person)
    assert thief.get("/cabinet/").status_code == 200
    Attempt("pupil", "203.0.113.9").failed()
    ask(client, ADDRESS)
    client.post(open_form(client, link_in(letters(1)[0])), NEW)
    assert thief.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    assert not SignInThrottle.objects.exclude(login_key="").exists()


def test_a_reset_does_not_pass_by_the_second_factor(client):
    director = make_employee(position="director", email="d@example.ru", password="secret", is_demo=False)
    ask(client, "d@example.ru")
    link = link_in(letters(1)[0])
    values = {"password1": "жираф-кефир-облако", "password2": "жираф-кефир-облако"}
    client.post(open_form(client, link), values)
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=director.pk).check_password("жираф-кефир-облако")
