"""Help with sign-in: the public form tells nothing and changes no account; stopping the own account; the stop-code."""

import re
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.blocking import block, block_by_stop_code, block_oneself, unblock
from accounts.actions.reports import MOST_EVENTS, close_report, file_report
from accounts.actor import Actor
from accounts.models import AccessReport, AuditEntry, Block, ReportEvent, SignInThrottle, Slip, User
from accounts.views.sign_in_help import REPORTS, STOP_CODES
from resources.actions.registry import load_registry
from tests.factories import make_edition, make_employee, make_parent, make_person, make_pupil, make_slip, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
FORM, SENT, STOP, STOP_SENT, OWN = (
    "/help/sign-in/", "/help/sign-in/sent/", "/help/stop/", "/help/stop/sent/", "/account/stop/"
)  # fmt: skip
CODE = "abcde-fghjk-mnpqr-st"


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    make_edition()


def press(client, login: str, what: str = "cannot", **fields):
    return client.post(FORM, {"login": login, "what": what, **fields})


def accounts() -> list[dict]:
    """All that is stored of accounts and their blocks."""
    return [*User.objects.order_by("pk").values(), *Block.objects.order_by("pk").values()]


# The public form


@pytest.mark.clause("12.2")
def test_the_form_answers_and_works_alike_for_any_login(client):
    known, blocked = make_pupil(), make_employee()
    former, newcomer = make_pupil(ends="2021-01-01"), make_pupil(must_change_password=True)
    block(blocked, "Проверка", by=COMMAND)
    press(client, "warming-up")
    before, seen = accounts(), {}
    for login in (known.username, blocked.username, former.username, newcomer.username, "nobody", "а б в", "😀" * 30):
        with CaptureQueriesContext(connection) as queries:
            answer = press(client, login)
        # Savepoints have names of their own.
        statements = tuple(re.sub(r'"s\d+_x\d+"', "", " ".join(query["sql"].split()[:3])) for query in queries)
        seen[login] = (answer.status_code, answer["Location"], len(answer.content), statements)
    assert len(set(seen.values())) == 1
    assert accounts() == before
    bodies = {client.get(SENT).content for _ in range(2)}
    assert len(bodies) == 1


@pytest.mark.clause("12.2")
def test_a_second_press_answers_and_works_like_the_first_but_for_its_number(client):
    pupil = make_pupil()
    press(client, "warming-up")
    counts = []
    for login in (pupil.username, pupil.username, f"  {pupil.username.upper()} ", "nobody", "NOBODY"):
        with CaptureQueriesContext(connection) as queries:
            assert press(client, login)["Location"] == SENT
        counts.append(len(queries))
    assert len(set(counts)) == 1
    rows = AccessReport.objects.exclude(login="warming-up").order_by("pk")
    assert list(rows.values_list("login", "person", "times")) == [(pupil.username, pupil.pk, 3), ("nobody", None, 2)]


def test_what_was_said_is_kept_in_the_story_with_the_address_but_not_in_the_trail(client):
    pupil = make_pupil()
    press(client, pupil.username, "known", contact="Мама, +7 900 000-00-00")
    press(client, pupil.username, "lost")
    report = AccessReport.objects.get()
    assert (report.what, report.times, report.is_open) == ("known", 2, True)
    events = report.events.values_list("kind", "what", "text", "by", "address")
    assert list(events) == [
        ("filed", "known", "Мама, +7 900 000-00-00", None, "127.0.0.1"),
        ("filed", "lost", "", None, "127.0.0.1"),
    ]
    trail = AuditEntry.objects.filter(action="access_report.filed").order_by("pk")
    assert [(row.actor_label, row.changes) for row in trail] == [
        ("гость", {"what": [None, "known"], "times": [0, 1]}),
        ("гость", {"what": [None, "lost"], "times": [1, 2]}),
    ]
    assert "900" not in str(list(trail.values()))


def test_hundreds_of_presses_leave_few_lines():
    for _ in range(MOST_EVENTS + 5):
        file_report(login="nobody", what="cannot", by=COMMAND)
    report = AccessReport.objects.get()
    assert (report.times, report.events.count()) == (MOST_EVENTS + 5, MOST_EVENTS)


def test_after_the_answer_a_press_opens_a_new_report():
    pupil = make_pupil()
    for _ in range(2):
        file_report(login=pupil.username, what="cannot", by=COMMAND)
        close_report(AccessReport.objects.open().get(), "Выдан листок", by=COMMAND)
    assert AccessReport.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_make_one_open_report():
    pupil = make_pupil()
    start = threading.Barrier(10)

    def run() -> None:
        start.wait()
        try:
            assert press(Client(), pupil.username)["Location"] == SENT
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(AccessReport.objects.values_list("person", "times")) == [(pupil.pk, 10)]
    assert ReportEvent.objects.count() == 10


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "", "what": "cannot"},
        {"login": "a" * 61, "what": "cannot"},
        {"login": "a"},
        {"login": "a", "what": "self"},
        {"login": "a\x00", "what": "cannot"},
        {"login": "a", "what": "cannot", "contact": "я" * 201},
    ],
)
def test_bad_input_is_asked_again_and_writes_nothing(client, fields):
    assert client.post(FORM, fields).status_code == 200
    assert (AccessReport.objects.count(), SignInThrottle.objects.count()) == (0, 0)


@pytest.mark.clause("12.2")
def test_a_network_is_throttled_whatever_it_asks_about(client, school):
    pupil = make_pupil()
    for number in range(REPORTS.most):
        assert press(client, f"guess{number}").status_code == 302
    answers = [press(client, login) for login in (pupil.username, "nobody")]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert all(1 <= int(answer["Retry-After"]) <= 600 for answer in answers)
    assert all("слишком много обращений" in answer.content.decode() for answer in answers)
    assert AccessReport.objects.count() == REPORTS.most
    assert press(Client(REMOTE_ADDR="198.51.100.7"), pupil.username).status_code == 302
    school(local_networks="127.0.0.0/8")
    assert press(client, pupil.username).status_code == 302


# The stop-code


@pytest.mark.clause("12.2")
def test_a_stop_code_blocks_its_account_once(client):
    pupil, other = make_pupil(username="pupil"), make_pupil()
    slip, others = make_slip(pupil, code=CODE), make_slip(other, code="another")
    browser = Client()
    sign_in(browser, pupil)
    answer = client.post(STOP, {"code": f" {CODE.upper().replace('-', ' ')} "})
    assert (answer.status_code, answer["Location"]) == (302, STOP_SENT)
    assert browser.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    row = Block.objects.get()
    assert (row.person, row.by, row.needs_new_password) == (pupil, None, True)
    slip.refresh_from_db()
    others.refresh_from_db()
    assert (slip.void_reason, others.voided_at) == ("stopped", None)
    assert list(AccessReport.objects.values_list("person", "what")) == [(pupil.pk, "code")]
    unblock(pupil, "Проверено", by=COMMAND)
    assert client.post(STOP, {"code": CODE})["Location"] == STOP_SENT
    assert (Block.objects.count(), AuditEntry.objects.filter(action="person.stopped_by_code").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_stop_code_pressed_ten_times_at_once_blocks_once():
    pupil = make_pupil()
    make_slip(pupil, code=CODE)
    start, found = threading.Barrier(10), []

    def run() -> None:
        start.wait()
        try:
            found.append(block_by_stop_code(CODE, by=COMMAND))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(found), Block.objects.count()) == ([False] * 9 + [True], 1)


def test_wrong_and_void_codes_get_the_same_answer_and_change_nothing(client):
    pupil, other = make_pupil(), make_pupil()
    make_slip(pupil, code=CODE)
    make_slip(other, code="void", voided_at="2026-01-01T00:00Z", void_reason="reprinted")
    client.post(STOP, {"code": "warming up"})
    before, answers = accounts(), []
    for code in ("wrong", "void", CODE[:-1], "' OR 1=1 --", pupil.username):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(STOP, {"code": code})
        answers.append((answer.status_code, answer["Location"], answer.content, len(queries)))
    assert set(answers) == {(302, STOP_SENT, b"", len(queries))}
    assert accounts() == before
    right = client.post(STOP, {"code": CODE})
    assert (right.status_code, right["Location"], right.content) == (302, STOP_SENT, b"")


def test_wrong_codes_are_throttled(client):
    pupil = make_pupil()
    make_slip(pupil, code=CODE)
    for number in range(STOP_CODES.most):
        assert client.post(STOP, {"code": f"guess{number}"}).status_code == 302
    assert client.post(STOP, {"code": "guess"}).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.7").post(STOP, {"code": CODE}).status_code == 302
    assert User.objects.get(pk=pupil.pk).is_blocked


def test_a_stop_code_of_one_blocked_already_only_voids_the_slip():
    pupil = make_pupil()
    slip = make_slip(pupil, code=CODE)
    block(pupil, "Раньше", by=COMMAND)
    assert block_by_stop_code(CODE, by=COMMAND)
    slip.refresh_from_db()
    assert (slip.void_reason, Block.objects.count()) == ("stopped", 1)


@pytest.mark.clause("12.2")
def test_the_last_administrators_code_blocks_nothing(client):
    admin = make_employee(position="system_administrator")
    slip = make_slip(admin, code=CODE)
    assert client.post(STOP, {"code": CODE})["Location"] == STOP_SENT
    slip.refresh_from_db()
    assert (slip.voided_at, Block.objects.count(), AccessReport.objects.count()) == (None, 0, 0)
    assert AuditEntry.objects.filter(action="person.stop_refused").count() == 1


# Stopping the own account


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("make", [make_pupil, make_employee])
def test_one_stops_the_own_account_with_the_password(client, make):
    person = make(username="own", password="secret")
    slip, other = make_slip(person, code=CODE), Client()
    for browser in (client, other):
        sign_in(browser, person)
    assert "Что произойдёт" in client.get(OWN).content.decode()
    assert client.post(OWN, {"password": "wrong"}).status_code == 200
    assert Block.objects.count() == 0
    answer = client.post(OWN, {"password": "secret"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/stopped/")
    assert client.get("/help/stopped/").status_code == 200
    for browser in (client, other):
        assert browser.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    row = Block.objects.get()
    slip.refresh_from_db()
    assert (row.person, row.by, row.needs_new_password, slip.void_reason) == (person, person, True, "blocked")
    report = AccessReport.objects.get()
    assert (report.what, list(report.events.values_list("kind", flat=True))) == ("self", ["filed", "blocked"])
    closed = client.post("/login/", {"login": "own", "password": "secret"})
    assert closed.status_code == 403
    assert "Остановлено самим" not in closed.content.decode()
    assert client.post("/login/", {"login": "own", "password": "wrong"}).status_code == 200


def test_a_parent_stops_the_own_account_too(client, school):
    school(parents_have_cabinets=True)
    parent = make_parent(child=make_pupil(), password="secret")
    sign_in(client, parent)
    assert client.post(OWN, {"password": "secret"}).status_code == 302
    assert User.objects.get(pk=parent.pk).is_blocked


@pytest.mark.clause("12.2")
def test_the_last_administrator_does_not_stop_oneself(client):
    admin = make_employee(position="system_administrator", password="secret")
    sign_in(client, admin)
    answer = client.post(OWN, {"password": "secret"})
    assert answer.status_code == 200
    assert "последний системный администратор" in answer.content.decode()
    assert (Block.objects.count(), AccessReport.objects.count()) == (0, 0)
    make_employee(position="system_administrator")
    assert client.post(OWN, {"password": "secret"}).status_code == 302


def test_guessing_the_password_there_counts_as_at_sign_in(client):
    person = make_pupil(password="secret")
    sign_in(client, person)
    answers = [client.post(OWN, {"password": "wrong"}).content.decode() for _ in range(7)]
    assert "Неверный пароль" in answers[0]
    assert "Слишком много неудачных попыток" in answers[-1]
    assert Block.objects.count() == 0


# Lifting


@pytest.mark.clause("12.2")
def test_a_known_password_does_not_work_after_the_block_is_lifted(client):
    person = make_pupil(username="own", password="secret")
    slip = make_slip(person, code=CODE)
    block_oneself(by=Actor(person, None, person.username))
    unblock(person, "Пришёл сам", by=COMMAND)
    person = User.objects.get(pk=person.pk)
    assert (person.is_blocked, person.has_usable_password(), person.must_change_password) == (False, False, True)
    assert client.post("/login/", {"login": "own", "password": "secret"}).status_code == 200
    slip.refresh_from_db()
    assert slip.void_reason == "blocked"
    assert AuditEntry.objects.get(action="person.unblocked").changes == {
        "blocked": [True, False],
        "new_password": [False, True],
    }


def test_the_password_stays_where_nobody_else_knows_it(client):
    person = make_pupil(username="own", password="secret")
    slip = make_slip(person, code=CODE)
    block(person, "Ошибка", by=COMMAND)
    unblock(person, "Проверено", by=COMMAND)
    slip.refresh_from_db()
    assert (User.objects.get(pk=person.pk).has_usable_password(), slip.voided_at) == (True, None)
    assert client.post("/login/", {"login": "own", "password": "secret"}).status_code == 302


def test_the_page_of_a_closed_account_says_whom_to_ask_and_not_why(client, school):
    school(phone="+7 391 000-00-00")
    person = make_person(username="nobody", password="secret")
    pupil = make_pupil(username="pupil", password="secret")
    block(pupil, "Подбирал чужие пароли", by=COMMAND)
    pages = [client.post("/login/", {"login": one.username, "password": "secret"}) for one in (person, pupil)]
    assert [page.status_code for page in pages] == [403, 403]
    for page in pages:
        text = page.content.decode()
        assert ("классный руководитель" in text, "+7 391 000-00-00" in text, "Подбирал" in text) == (True, True, False)


def test_the_help_is_linked_from_sign_in(client):
    page = client.get("/login/").content.decode()
    assert (FORM in page, STOP in page) == (True, True)
    assert Slip.objects.count() == 0


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("reason", ["used", "kept", "expired"])
def test_the_code_outlives_the_first_sign_in_until_a_newer_slip(reason):
    pupil = make_pupil()
    old = make_slip(pupil, code=CODE, voided_at="2026-01-01T00:00Z", void_reason=reason)
    newer = make_slip(pupil, code="newer")
    assert (block_by_stop_code(CODE, by=Actor.command("проверка")), User.objects.get(pk=pupil.pk).is_blocked) == (
        False,
        False,
    )
    newer.delete()
    assert (block_by_stop_code(CODE, by=Actor.command("проверка")), User.objects.get(pk=pupil.pk).is_blocked) == (
        True,
        True,
    )
    old.refresh_from_db()
    assert old.void_reason == "stopped"
