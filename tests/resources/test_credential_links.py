"""One-time links to a login at a platform (10.6): sent without a name, opened once by whoever comes first."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actions import letters
from accounts.actor import Actor
from accounts.models import AuditEntry, Block
from resources.actions.credential_links import open_link, send
from resources.actions.credentials import end
from resources.actions.registry import load_registry
from resources.models import CredentialLink, ExternalCredential
from tests.factories import (
    make_administrator,
    make_credential,
    make_edition,
    make_element,
    make_employee,
    make_pupil,
    sign_in,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
PAGE = reverse("resources:credential_link")


@pytest.fixture(autouse=True)
def school_card(school):
    load_registry(by=COMMAND)
    make_edition()
    return school(link_hours=24)


@pytest.fixture
def credential() -> ExternalCredential:
    pupil = make_pupil(surname="Тайнова", name="Аглая", username="taynovaa", email="t@example.org")
    return make_credential(make_element(name="Учи"), pupil, login="uchi-login", password="Тайна-29")


@pytest.fixture
def code_of(django_capture_on_commit_callbacks):
    """Sends a link, and takes its code out of the letter."""

    def sent(credential: ExternalCredential) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            send(credential, by=COMMAND)
        letters._postman.submit(lambda: None).result()
        return mail.outbox[-1].body.split("#")[1].split()[0]

    return sent


@pytest.mark.clause("10.6")
def test_a_link_shows_login_and_password_once(client, credential, code_of, settings):
    settings.PORTAL_URL = "https://portal.example.ru"
    code = code_of(credential)
    letter = mail.outbox[-1]
    assert (letter.to, f"https://portal.example.ru{PAGE}#{code}" in letter.body) == (["t@example.org"], True)
    text = f"{letter.subject}{letter.body}"
    words = ("Тайнова", "Аглая", "taynovaa", "uchi-login", "Тайна-29", "Учи")
    assert [word for word in words if word in text] == []
    for _ in range(3):
        assert "Тайна-29" not in client.get(PAGE).content.decode()
    assert CredentialLink.objects.get().used_at is None
    answer = client.post(PAGE, {"code": code})
    html = answer.content.decode()
    assert ("Тайна-29" in html, "uchi-login" in html, "no-store" in answer["Cache-Control"]) == (True, True, True)
    assert (ExternalCredential.objects.get().revealed_at is not None, "Тайнова" in html) == (True, False)
    again = client.post(PAGE, {"code": code}).content.decode()
    assert ("Тайна-29" in again, "Код не подходит" in again) == (False, True)
    told = list(AuditEntry.objects.of(credential).order_by("pk").values_list("action", "actor_label"))
    assert told == [("credential_link.sent", "команда tests"), ("credential_link.opened", "taynovaa")]
    assert code not in str(list(CredentialLink.objects.values()))


def test_what_a_link_dies_of(credential, code_of, monkeypatch):
    codes = [code_of(credential)]
    codes.append(code_of(credential))  # the former died
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + datetime.timedelta(hours=25))
    codes.append(codes[1])
    refused(codes[0])
    refused(codes[1])
    monkeypatch.undo()
    block = Block.objects.create(person=credential.person, reason="x")
    refused(codes[1])
    block.delete()
    ExternalCredential.objects.update(expires_on="2020-01-01")
    refused(codes[1])
    ExternalCredential.objects.update(expires_on=None)
    end(credential, "Ушёл", by=COMMAND)
    refused(codes[1])
    refused("wrong")


def refused(code: str) -> None:
    with pytest.raises(ValidationError, match="Код не подходит"):
        open_link(code, address="127.0.0.1")


def test_a_missing_key_does_not_spend_the_link(client, credential, code_of, settings):
    keys, code = settings.FIELD_KEYS, code_of(credential)
    settings.FIELD_KEYS = {"new": b"0" * 32}
    assert client.post(PAGE, {"code": code}).status_code == 503
    assert (CredentialLink.objects.get().used_at, ExternalCredential.objects.get().revealed_at) == (None, None)
    settings.FIELD_KEYS = keys
    assert "Тайна-29" in client.post(PAGE, {"code": code}).content.decode()


@pytest.mark.parametrize("how", ["no address", "noted", "no password", "ended", "left"])
def test_to_whom_no_link_is_sent(credential, how):
    changes = {
        "noted": {"source": "noted"}, "no password": {"sealed": "", "source": "library"},
        "ended": {"ended_at": timezone.now(), "end_reason": "x"},
    }  # fmt: skip
    ExternalCredential.objects.update(**changes.get(how, {"revealed_at": None}))
    if how == "no address":
        type(credential.person).objects.update(email="")
    if how == "left":
        credential.person.enrolments.update(ends="2021-01-01")
    with pytest.raises(ValidationError):
        send(ExternalCredential.objects.get(), by=COMMAND)
    assert (CredentialLink.objects.count(), mail.outbox) == (0, [])


def test_guessing_is_slowed_down_for_a_network(client, credential, code_of):
    for _ in range(30):
        assert client.post(PAGE, {"code": "wrong"}).status_code == 200
    assert client.post(PAGE, {"code": code_of(credential)}).status_code == 429
    assert CredentialLink.objects.get().used_at is None


def test_the_administrator_sends_it_from_the_desk(client, credential, django_capture_on_commit_callbacks):
    sign_in(client, make_administrator(credential.element, make_employee()))
    address = reverse("resources:desk_credential_link", args=[credential.element.slug, credential.pk])
    client.get(address)
    assert CredentialLink.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    letters._postman.submit(lambda: None).result()
    assert (CredentialLink.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_open_one_link_at_once_one_sees_it(credential):
    send(credential, by=COMMAND)
    letters._postman.submit(lambda: None).result()
    code = mail.outbox[-1].body.split("#")[1].split()[0]

    def come(place: int) -> str | None:
        try:
            return open_link(code, address="127.0.0.1").password
        except ValidationError:
            return None

    seen = at_once(come, 10)
    assert sorted(filter(None, seen)) == ["Тайна-29"]
    assert (len(seen), AuditEntry.objects.filter(action="credential_link.opened").count()) == (10, 1)
