"""One-time links (9.7): shown or sent, opened once by whoever comes first, ended by any change of the account."""

import datetime
import re
import threading
import time

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.actions.blocking import block, unblock
from accounts.actions.links import issue_link, open_link
from accounts.actions.passwords import issue_password
from accounts.actor import Actor
from accounts.models import AuditEntry, Block, OneTimeLink, Slip, User
from accounts.models.credentials import digest
from resources.actions.registry import load_registry
from tests.factories import make_edition, make_employee, make_officer, make_pupil, make_slip, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("test")
OWN = {"password1": "жираф-кефир-7", "password2": "жираф-кефир-7"}
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=COMMAND)
    return make_edition()


@pytest.fixture
def clock(monkeypatch):
    def go_on(by: datetime.timedelta) -> None:
        now = timezone.now() + by
        monkeypatch.setattr(timezone, "now", lambda: now)

    return go_on


@pytest.fixture
def officer() -> User:
    return make_officer()


@pytest.fixture
def pupil() -> User:
    return make_pupil(
        username="pupil", must_change_password=True, surname="Тайнова", name="Аглая", email="m@example.ru"
    )


def issue(officer: User, person: User, channel="shown", basis="") -> str:
    by = Actor(officer, None, officer.username)
    return issue_link(person, channel, by=by, basis=basis, url_of=lambda code: f"http://testserver/link/#{code}")


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


@pytest.mark.clause("9.7")
def test_a_link_leads_to_an_own_password_and_to_sign_in(client, officer, pupil):
    make_slip(pupil)
    code = issue(officer, pupil)
    assert client.post("/link/", {"code": code}).url == "/link/password/"
    page = client.get("/link/password/").content.decode()
    assert ("pupil" in page, "Тайнова" in page) == (True, False)
    assert client.post("/link/password/", OWN).url == "/login/"
    after = fresh(pupil)
    assert (after.check_password(OWN["password1"]), after.must_change_password) == (True, False)
    assert (Slip.objects.get().void_reason, "_auth_user_id" in client.session) == ("used", False)
    assert client.get("/link/password/").status_code == 404
    told = list(AuditEntry.objects.of(pupil).order_by("pk").values_list("action", flat=True))
    assert told == ["link.issued", "link.opened", "password.changed"]


def test_the_password_rules_are_asked_before_anything_is_lost(client, officer, pupil):
    client.post("/link/", {"code": issue(officer, pupil)})
    answer = client.post("/link/password/", {"password1": "1", "password2": "1"})
    assert ("Слишком коротко" in answer.content.decode(), fresh(pupil).password) == (True, pupil.password)
    assert client.post("/link/password/", OWN).url == "/login/"


@pytest.mark.clause("9.7")
def test_looking_at_a_link_does_not_burn_it(client, officer, pupil):
    code = issue(officer, pupil)
    for _ in range(3):
        assert client.get("/link/").status_code == 200
    assert client.head("/link/").status_code == 200
    spaced = " ".join([code[:4].upper(), code[4:]])
    assert client.post("/link/", {"code": spaced}).status_code == 302


def test_a_link_is_shown_once_and_its_code_is_kept_nowhere(client, officer, pupil, caplog):
    sign_in(client, officer)
    page = f"/credentials/people/{pupil.pk}/link/"
    shown = client.post(page, {"channel": "shown"}).content.decode()
    code = re.search(r'id="link-code">(.*?)</p>', shown)[1].replace(" ", "")
    assert OneTimeLink.objects.get().digest == digest(code)
    again = client.get(f"/credentials/people/{pupil.pk}/").content.decode()
    guest = type(client)()
    guest.post("/link/", {"code": code})
    kept = [list(model.objects.values_list()) for model in (OneTimeLink, AuditEntry, User)]
    kept += [Session(session_data=row.session_data).get_decoded() for row in Session.objects.all()]
    assert (len(code), code in f"{kept} {again} {caplog.text}") == (20, False)


def test_a_link_is_used_once(client, officer, pupil):
    code = issue(officer, pupil)
    assert client.post("/link/", {"code": code}).status_code == 302
    other = type(client)()
    answer = other.post("/link/", {"code": code})
    assert (answer.status_code, "Код не подходит" in answer.content.decode()) == (200, True)
    assert other.get("/link/password/").status_code == 404


@pytest.mark.parametrize(
    ("channel", "in_time", "too_late"),
    [("shown", 29, 30), ("email", 24 * 60 - 1, 24 * 60)],
)
def test_a_link_lives_briefly(client, officer, pupil, clock, channel, in_time, too_late):
    code = issue(officer, pupil, channel)
    clock(datetime.timedelta(minutes=too_late))
    with pytest.raises(ValidationError):
        open_link(code, address="192.0.2.1")
    clock(datetime.timedelta(minutes=in_time - too_late))
    assert open_link(code, address="192.0.2.1").person == pupil


def test_an_opened_link_waits_a_quarter_of_an_hour(client, officer, pupil, clock):
    client.post("/link/", {"code": issue(officer, pupil)})
    clock(datetime.timedelta(minutes=15))
    assert client.post("/link/password/", OWN).status_code == 404
    assert fresh(pupil).password == pupil.password


CHANGES = {
    "a new password": lambda person: issue_password(person, by=COMMAND),
    "blocked for a while": lambda person: (block(person, "x", by=COMMAND), unblock(person, "y", by=COMMAND)),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("is_opened", [False, True])
def test_any_change_of_the_account_ends_the_link(client, officer, pupil, name, is_opened):
    code = issue(officer, pupil)
    if is_opened:
        client.post("/link/", {"code": code})
    CHANGES[name](fresh(pupil))
    password = fresh(pupil).password
    client.post("/link/", {"code": code})
    assert client.post("/link/password/", OWN).status_code == 404
    assert fresh(pupil).password == password


def test_a_new_link_ends_the_former_one(client, officer, pupil):
    first, second = issue(officer, pupil), issue(officer, pupil)
    assert client.post("/link/", {"code": first}).status_code == 200
    assert client.post("/link/", {"code": second}).status_code == 302


def test_a_blocked_person_learns_it_after_the_right_code(client, officer, pupil):
    code = issue(officer, pupil)
    Block.objects.create(person=pupil, reason="Пароль подсмотрели")
    answer = client.post("/link/", {"code": code})
    assert (answer.status_code, "подсмотрели" in answer.content.decode()) == (403, False)
    assert client.get("/link/password/").status_code == 404


def test_one_who_is_signed_in_here_is_signed_out_first(client, officer, pupil):
    other = make_pupil()
    sign_in(client, other)
    client.post("/link/", {"code": issue(officer, pupil)})
    assert "_auth_user_id" not in client.session
    client.post("/link/password/", OWN)
    assert [fresh(one).check_password(OWN["password1"]) for one in (pupil, other)] == [True, False]


@pytest.mark.clause("9.7")
def test_a_letter_has_the_link_and_no_names(client, officer, pupil, django_capture_on_commit_callbacks):
    sign_in(client, officer)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/credentials/people/{pupil.pk}/link/", {"channel": "email"})
    assert answer.status_code == 302
    deadline = time.monotonic() + 5
    while not mail.outbox and time.monotonic() < deadline:
        time.sleep(0.01)
    [letter] = mail.outbox
    code = re.search(r"http://testserver/link/#(\w+)", letter.body)[1]
    assert letter.to == ["m@example.ru"]
    assert [word in letter.body for word in ("Тайнова", "Аглая", pupil.username)] == [False] * 3
    assert type(client)().post("/link/", {"code": code}).status_code == 302


def test_whom_a_link_is_refused(officer, pupil):
    refusals = {
        "не выдаёте": lambda: issue(officer, make_employee()),
        "Учётная запись закрыта": lambda: issue(officer, make_pupil(starts=datetime.date.today() + 24 * HOUR * 9)),
        "нет адреса почты": lambda: issue(officer, make_pupil(must_change_password=True), "email"),
        "укажите причину": lambda: issue(officer, make_pupil()),
    }
    for text, attempt in refusals.items():
        with pytest.raises(ValidationError, match=text):
            attempt()
    assert OneTimeLink.objects.count() == 0
    assert len(issue(officer, make_pupil(), basis="Забыл пароль")) == 20


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_one_opens_the_link(officer, pupil):
    code, results, start = issue(officer, pupil), [], threading.Barrier(50)

    def attempt() -> None:
        try:
            start.wait()
            open_link(code, address="192.0.2.1")
            results.append("won")
        except ValidationError:
            results.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (results.count("won"), results.count("late")) == (1, 49)
    assert AuditEntry.objects.filter(action="link.opened").count() == 1
