"""The epoch of sessions: what ends them all, and that they stay dead; blocks of accounts."""

import datetime
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from accounts.actions.blocking import block, unblock
from accounts.actions.passwords import issue_password, set_own_password
from accounts.actions.sessions import end_all_sessions, reset_second_factor
from accounts.actor import Actor
from accounts.backends import PortalBackend
from accounts.models import AuditEntry, Block, User
from eios.lib.dates import today
from tests.factories import make_edition, make_element, make_employee, make_parent, make_person, make_pupil, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("test")


def block_and_unblock(person: User) -> None:
    block(person, "Проверка", by=COMMAND)
    unblock(person, "Проверено", by=COMMAND)


ENDS_SESSIONS = {
    "password issued": lambda person: issue_password(person, by=COMMAND),
    "password set": lambda person: set_own_password(person, "жираф-кефир-7", by=COMMAND),
    "blocked": lambda person: block(person, "Проверка", by=COMMAND),
    "blocked and unblocked": block_and_unblock,
    "all ended": lambda person: end_all_sessions(person, by=COMMAND),
    "second factor reset": lambda person: reset_second_factor(person, by=COMMAND),
}


@pytest.fixture
def teacher():
    make_edition()
    make_element(slug="cabinet", closure=1, kind="built_in")
    return make_employee(username="teacher", password="secret")


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("what", ENDS_SESSIONS)
def test_every_session_dies_at_the_next_request_for_good(teacher, what):
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, teacher)
        assert browser.get("/cabinet/").status_code == 200
    cookies = [browser.cookies[settings.SESSION_COOKIE_NAME].value for browser in browsers]
    data = [Session.objects.get(session_key=cookie).session_data for cookie in cookies]
    epoch = User.objects.get(pk=teacher.pk).session_epoch
    ENDS_SESSIONS[what](teacher)
    assert User.objects.get(pk=teacher.pk).session_epoch > epoch
    for browser in browsers:
        assert browser.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    # Even with the row put back (from a backup, say) the old cookie opens nothing.
    for cookie, row in zip(cookies, data, strict=True):
        Session.objects.create(session_key=cookie, session_data=row, expire_date="2100-01-01T00:00Z")
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
        assert thief.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"


@pytest.mark.parametrize("what", ENDS_SESSIONS)
def test_rows_of_ended_sessions_go_with_them(teacher, what):
    make_pupil(username="other", password="secret")
    for login in ("teacher", "teacher", "other"):
        Client().post("/login/", {"login": login, "password": "secret"})
    ENDS_SESSIONS[what](teacher)
    assert list(UserSession.objects.values_list("user__username", flat=True)) == ["other"]
    assert Session.objects.count() == 1


def test_a_change_of_position_ends_no_session(client, teacher):
    sign_in(client, teacher)
    teacher.appointments.update(ends=today())
    assert client.get("/cabinet/").status_code == 200


# Blocks


@pytest.mark.clause("12.2")
def test_a_block_and_its_lifting_are_rows_with_reasons(teacher):
    admin = make_employee(position="system_administrator")
    by = Actor(admin, "198.51.100.7", admin.username)
    block(teacher, "  Пароль узнали другие ", by=by)
    unblock(teacher, "Пароль сменён", by=by)
    row = Block.objects.get()
    assert (row.person, row.reason, row.by) == (teacher, "Пароль узнали другие", admin)
    assert (row.lifted_by, row.lift_reason, row.lifted_at is None) == (admin, "Пароль сменён", False)
    rows = AuditEntry.objects.order_by("pk").values_list("action", "object_id", "changes", "basis", "address")
    key, address = str(teacher.pk), "198.51.100.7"
    assert list(rows) == [
        ("person.blocked", key, {"blocked": [False, True]}, "Пароль узнали другие", address),
        ("person.unblocked", key, {"blocked": [True, False]}, "Пароль сменён", address),
    ]


@pytest.mark.parametrize("reason", ["", "   "])
def test_blocking_and_unblocking_need_a_reason(teacher, reason):
    with pytest.raises(ValidationError):
        block(teacher, reason, by=COMMAND)
    assert Block.objects.count() == 0
    block(teacher, "Проверка", by=COMMAND)
    with pytest.raises(ValidationError):
        unblock(teacher, reason, by=COMMAND)
    assert Block.objects.standing().count() == 1


def test_nobody_blocks_or_unblocks_oneself(teacher):
    oneself = Actor(teacher, "198.51.100.7", teacher.username)
    with pytest.raises(ValidationError, match="Свою учётную запись"):
        block(teacher, "Проверка", by=oneself)
    block(teacher, "Проверка", by=COMMAND)
    with pytest.raises(ValidationError, match="Свою учётную запись"):
        unblock(teacher, "Проверено", by=oneself)


def test_one_is_blocked_once_and_unblocked_once(teacher):
    block(teacher, "Проверка", by=COMMAND)
    with pytest.raises(ValidationError, match="уже заблокирована"):
        block(teacher, "Ещё раз", by=COMMAND)
    unblock(teacher, "Проверено", by=COMMAND)
    with pytest.raises(ValidationError, match="не заблокирована"):
        unblock(teacher, "Ещё раз", by=COMMAND)
    block(teacher, "Снова", by=COMMAND)
    assert Block.objects.count() == 2


def test_a_refused_block_changes_nothing(teacher):
    block(teacher, "Проверка", by=COMMAND)
    epoch = User.objects.get(pk=teacher.pk).session_epoch
    with pytest.raises(ValidationError):
        block(teacher, "Ещё раз", by=COMMAND)
    assert User.objects.get(pk=teacher.pk).session_epoch == epoch
    assert AuditEntry.objects.count() == 1


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("is_appointed", [True, False])
def test_the_last_administrator_is_not_blocked(is_appointed):
    if is_appointed:
        admin = make_employee(position="system_administrator")
    else:
        admin = make_person(is_superuser=True)
    make_employee(position="system_administrator", ends="2021-01-01")
    blocked = make_employee(position="system_administrator")
    block(blocked, "Проверка", by=COMMAND)
    with pytest.raises(ValidationError, match="последний системный администратор"):
        block(admin, "Проверка", by=COMMAND)
    assert not User.objects.get(pk=admin.pk).is_blocked
    make_employee(position="system_administrator")
    block(admin, "Теперь можно", by=COMMAND)
    assert User.objects.get(pk=admin.pk).is_blocked


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_block_each_other_at_once_are_not_both_blocked():
    admins = [make_employee(position="system_administrator") for _ in range(2)]
    start, refusals = threading.Barrier(2), []

    def run(victim: User, by: User) -> None:
        start.wait()
        try:
            block(victim, "Ссора", by=Actor(by, None, by.username))
        except ValidationError as refusal:
            refusals.append(refusal.messages)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in (admins, admins[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Block.objects.count(), len(refusals)) == (1, 1)


# The person of a request


def test_the_person_of_a_request_is_loaded_by_one_composed_statement(teacher, django_assert_num_queries):
    backend = PortalBackend()
    backend.get_user(teacher.pk)
    with django_assert_num_queries(1):
        person = backend.get_user(teacher.pk)
        assert (person.is_employee, person.is_pupil, person.is_alive, person.has_second_factor) == (
            True,
            False,
            True,
            False,
        )
    assert backend.get_user(0) is None


def test_the_composed_statement_says_what_the_query_set_says(teacher, school):
    school(parents_have_cabinets=True)
    child = make_pupil()
    parent, nobody, blocked, gone = make_parent(child=child), make_person(), make_pupil(), make_pupil(ends="2021-01-01")
    Block.objects.create(person=blocked, reason="Проверка")
    Authenticator.objects.create(user=child, type="totp", data={})
    sign_in(Client(), child)
    people = [teacher, child, parent, nobody, blocked, gone, make_person(is_superuser=True)]
    backend = PortalBackend()
    for expected in User.objects.with_standing(today()).with_unread().filter(pk__in=[person.pk for person in people]):
        loaded = backend.get_user(expected.pk)
        assert loaded == expected
        assert vars(loaded) | {"_state": None} == vars(expected) | {"_state": None}
        assert {type(value) for name, value in vars(loaded).items() if name.startswith("standing_")} == {bool}


def test_the_composed_statement_goes_with_the_day(teacher, monkeypatch):
    teacher.appointments.update(ends=today())
    backend = PortalBackend()
    assert backend.get_user(teacher.pk).is_employee
    tomorrow = today() + datetime.timedelta(days=1)
    monkeypatch.setattr("accounts.backends.today", lambda: tomorrow)
    assert not backend.get_user(teacher.pk).is_employee
