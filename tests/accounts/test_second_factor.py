"""The second step of signing in: adding it, using it, losing it."""

import hashlib
import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.actions.blocking import block, unblock
from accounts.actions.passwords import issue_password
from accounts.actions.sessions import factors_of, reset_second_factor
from accounts.actor import Actor
from accounts.models import AuditEntry, User
from accounts.sealed_values import factor_row
from eios.lib.crypto import CannotOpen, seal, unseal
from tests.factories import make_edition, make_element, make_employee, make_pupil, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("test")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def early_in_the_code(monkeypatch):
    """The clock of codes stands at the beginning of half a minute, so that no code runs out inside a test."""
    real, shift = time.time, 1 - time.time() % 30
    monkeypatch.setattr(time, "time", lambda: real() + shift)


@pytest.fixture(autouse=True)
def cabinet():
    make_edition()
    return make_element(slug="cabinet", closure=1, kind="built_in")


def code_of(secret: str) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30):06}"


def add_totp(person: User, secret: str = SECRET) -> Authenticator:
    data = {"secret": seal(secret, row=factor_row(person.pk))}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)


def enter(client: Client, login: str, password: str = "secret"):
    return client.post("/login/", {"login": login, "password": password})


def answer(client: Client, code: str, **extra):
    return client.post("/account/factor/authenticate/", {"code": code}, **extra)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def next_code(monkeypatch) -> None:
    """Half a minute passes."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 30)


@pytest.fixture
def director():
    return make_employee(position="director", username="director", password="secret", is_demo=False)


@pytest.fixture
def pupil():
    return make_pupil(username="pupil", password="secret")


# Adding


@pytest.mark.clause("5.3")
def test_who_manages_the_school_is_led_to_a_second_factor_and_then_on(client, director):
    sign_in(client, director)
    step = client.get("/account/devices/")
    assert step["Location"] == "/account/factor/?next=%2Faccount%2Fdevices%2F"
    assert client.get(step["Location"]).status_code == 200
    # Signed in a moment ago in earnest, one is not asked for the password again.
    client.logout()
    enter(client, "director")
    client.get(step["Location"])
    page = client.get("/account/factor/totp/activate/")
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml;base64,")
    secret = client.session["mfa.totp.secret"]
    done = client.post("/account/factor/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/account/factor/recovery-codes/"
    codes = client.get("/account/factor/recovery-codes/")
    assert len(codes.context["unused_codes"]) == 10
    index = client.get("/account/factor/")
    assert 'href="/account/continue/"' in index.content.decode() or index.context["menu"]
    assert client.get("/account/continue/")["Location"] == "/account/devices/"
    assert client.get("/account/devices/").status_code == 200
    assert client.get("/account/continue/")["Location"] == "/cabinet/"


@pytest.mark.parametrize(
    "path", ["/cabinet/", "/account/password/", "/account/devices/", "/agreement/", "/account/continue/"]
)
def test_without_it_nothing_else_opens_to_them(client, director, path):
    sign_in(client, director)
    assert client.get(path)["Location"].split("?")[0] == "/account/factor/"


def test_a_teacher_may_do_without_and_may_have_one(client):
    sign_in(client, make_employee(is_demo=False))
    assert client.get("/cabinet/").status_code == 200
    assert client.get("/account/factor/").status_code == 200


def activate(client: Client, login: str) -> str:
    """Signs in, adds an application with codes, and gives its secret."""
    enter(client, login)
    client.get("/account/factor/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/factor/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


@pytest.fixture
def accepted(pupil):
    sign_in(Client(), pupil)
    return pupil


def test_a_wrong_code_adds_nothing(client, accepted):
    enter(client, "pupil")
    client.get("/account/factor/totp/activate/")
    page = client.post("/account/factor/totp/activate/", {"code": "000000"})
    assert page.context["form"].errors["code"] == ["Код не подошёл."]
    assert Authenticator.objects.count() == 0


@pytest.mark.clause("12.1")
def test_adding_and_removing_stand_in_the_audit_trail_without_secrets(client, accepted):
    secret = activate(client, "pupil")
    first = factors_of(accepted)
    client.post("/account/factor/recovery-codes/generate/")
    second = factors_of(accepted)
    client.post("/account/factor/totp/deactivate/")
    rows = AuditEntry.objects.filter(action="factor.changed", object_id=accepted.pk).order_by("pk")
    assert [row.changes["factors"] for row in rows] == [[[], first], [first, second], [second, []]]
    assert [kind.partition(":")[0] for kind in first] == ["recovery_codes", "totp"]
    assert secret not in str(list(AuditEntry.objects.values_list()))


# Secrets at rest


def test_secrets_are_sealed_and_open_for_their_owner_only(client, accepted):
    secret = activate(client, "pupil")
    totp = Authenticator.objects.get(type="totp")
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert secret not in str(totp.data)
    assert unseal(totp.data["secret"], row=factor_row(accepted.pk)) == secret
    assert len(unseal(seed, row=factor_row(accepted.pk))) == 80
    with pytest.raises(CannotOpen):
        unseal(totp.data["secret"], row=factor_row(make_pupil().pk))


def test_a_secret_copied_to_another_persons_row_does_not_open(client, accepted):
    activate(client, "pupil")
    other = make_pupil(username="other", password="secret")
    Authenticator.objects.create(user=other, type="totp", data=Authenticator.objects.get(type="totp").data)
    thief = Client()
    enter(thief, "other")
    with pytest.raises(CannotOpen):
        answer(thief, "123456")


# Signing in with it


def test_the_password_alone_opens_nothing(client, pupil):
    add_totp(pupil)
    assert enter(client, "pupil")["Location"] == "/account/factor/authenticate/"
    assert not is_in(client)
    assert client.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    assert client.get("/account/factor/authenticate/").status_code == 200


def test_the_code_of_the_moment_gets_in_and_next_is_kept(client, pupil):
    add_totp(pupil)
    client.post("/login/", {"login": "pupil", "password": "secret", "next": "/elements/"})
    assert answer(client, code_of(SECRET))["Location"] == "/elements/"
    assert is_in(client)
    assert AuditEntry.objects.filter(action="person.signed_in").count() == 1


def test_the_page_of_codes_without_a_password_leads_to_signing_in(client):
    assert client.get("/account/factor/authenticate/")["Location"] == "/login/"
    assert answer(client, "123456")["Location"] == "/login/"


def test_a_code_works_once(client, pupil):
    add_totp(pupil)
    enter(client, "pupil")
    assert answer(client, code_of(SECRET)).status_code == 302
    thief = Client()
    enter(thief, "pupil")
    assert answer(thief, code_of(SECRET)).context["form"].errors["code"] == ["Код не подошёл."]
    assert not is_in(thief)


@pytest.mark.parametrize("steps", [-2, -1, 1])
def test_codes_of_other_moments_do_not_work(client, pupil, steps):
    add_totp(pupil)
    enter(client, "pupil")
    answer(client, f"{hotp_value(SECRET, int(time.time()) // 30 + steps):06}")
    assert not is_in(client)


def test_a_recovery_code_works_once(client, accepted):
    activate(client, "pupil")
    code = client.get("/account/factor/recovery-codes/").context["unused_codes"][0]
    for expected in (True, False):
        visitor = Client()
        enter(visitor, "pupil")
        answer(visitor, code)
        assert is_in(visitor) is expected
    assert client.get("/account/factor/recovery-codes/").context["unused_codes"][0] != code


def test_codes_are_not_guessed(client, pupil, monkeypatch):
    add_totp(pupil)
    for number in range(6):
        visitor = Client(REMOTE_ADDR=f"198.51.{number}.7")
        enter(visitor, "pupil")
        page = answer(visitor, "000000")
    assert page.context["form"].errors["code"] == ["Слишком много неудачных попыток. Попробуйте через несколько минут."]
    enter(client, "pupil")
    answer(client, code_of(SECRET))
    assert not is_in(client)
    next_code(monkeypatch)
    next_code(monkeypatch)
    next_code(monkeypatch)
    answer(client, code_of(SECRET))
    assert is_in(client)


def test_the_wait_of_codes_does_not_touch_other_people(client, pupil):
    add_totp(pupil)
    add_totp(make_pupil(username="other", password="secret"))
    enter(client, "pupil")
    for _ in range(6):
        answer(client, "000000")
    other = Client()
    enter(other, "other")
    answer(other, code_of(SECRET))
    assert is_in(other)


@pytest.mark.parametrize(
    "change",
    [lambda person: issue_password(person, by=COMMAND), lambda person: reset_second_factor(person, by=COMMAND)],
)
def test_between_the_password_and_the_code_a_change_of_either_starts_anew(client, pupil, change):
    add_totp(pupil)
    enter(client, "pupil")
    change(pupil)
    if not Authenticator.objects.exists():
        add_totp(pupil)
    assert answer(client, code_of(SECRET))["Location"] == "/login/"
    assert not is_in(client)


@pytest.mark.clause("12.2")
def test_a_block_between_the_password_and_the_code_holds(client, pupil):
    add_totp(pupil)
    enter(client, "pupil")
    block(pupil, "Потерян телефон", by=COMMAND)
    assert answer(client, code_of(SECRET)).status_code == 403
    assert (is_in(client), Session.objects.count()) == (False, 0)


def test_a_block_that_came_and_went_between_them_does_too(client, pupil):
    add_totp(pupil)
    enter(client, "pupil")
    block(pupil, "Проверка", by=COMMAND)
    unblock(pupil, "Проверено", by=COMMAND)
    assert answer(client, code_of(SECRET))["Location"] == "/login/"
    assert not is_in(client)


# Losing it


def test_without_the_last_factor_the_gate_asks_who_manages_the_school_again(client, director):
    sign_in(client, director)
    client.logout()
    activate(client, "director")
    assert client.get("/cabinet/").status_code == 200
    assert client.post("/account/factor/totp/deactivate/")["Location"] == "/account/factor/"
    assert Authenticator.objects.count() == 0
    assert client.get("/cabinet/")["Location"] == "/account/factor/"


@pytest.mark.clause("12.2")
def test_a_reset_takes_all_factors_ends_sessions_and_is_recorded(client, accepted):
    activate(client, "pupil")
    assert client.get("/cabinet/").status_code == 200
    before = factors_of(accepted)
    reset_second_factor(accepted, by=COMMAND, basis="Телефон утерян")
    assert Authenticator.objects.count() == 0
    assert client.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    row = AuditEntry.objects.get(action="factor.reset")
    assert (row.changes, row.basis) == ({"factors": [before, []]}, "Телефон утерян")
    assert enter(Client(), "pupil")["Location"] == "/cabinet/"


# Asking for the password once more


@pytest.fixture
def long_ago(client, accepted):
    """Signed in an hour ago."""
    enter(client, "pupil")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return accepted


GUARDED = ["totp/activate/", "keys/add/", "recovery-codes/generate/"]


@pytest.mark.parametrize("page", GUARDED)
def test_long_after_signing_in_the_password_is_asked_before_anything_changes(client, long_ago, page):
    path = f"/account/factor/{page}"
    assert client.get(path)["Location"] == f"/account/confirm/?next={path.replace('/', '%2F')}"
    client.post(f"/account/confirm/?next={path}", {"password": "wrong", "next": path})
    assert client.get(path).status_code == 302
    assert client.post("/account/confirm/", {"password": "secret", "next": path})["Location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("page", GUARDED)
def test_what_was_posted_meanwhile_is_not_kept_in_the_session(client, long_ago, page):
    path = f"/account/factor/{page}"
    response = client.post(path, {"code": "123456", "password": "very-secret"})
    assert response["Location"] == f"/account/confirm/?next={path.replace('/', '%2F')}"
    assert "very-secret" not in str(dict(client.session))
    assert "account_reauthentication_state" not in client.session
    client.post("/account/confirm/", {"password": "secret", "next": path})
    assert Authenticator.objects.count() == 0


# Passkeys


class SoftwareKey:
    """A passkey without a device: what a browser would send for it."""

    def __init__(self):
        self.private, self.id = ec.generate_private_key(ec.SECP256R1()), b"software-key-id"

    def _client_data(self, kind: str, options: dict) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": "http://testserver"}).encode()

    def _data(self, options: dict, credential=None) -> AuthenticatorData:
        host = options["publicKey"].get("rpId") or options["publicKey"]["rp"]["id"]
        flags = AuthenticatorData.FLAG.USER_PRESENT | (AuthenticatorData.FLAG.ATTESTED if credential else 0)
        return AuthenticatorData.create(hashlib.sha256(host.encode()).digest(), flags, 1, credential or b"")

    def _answer(self, **response: bytes) -> str:
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        key = websafe_encode(self.id)
        return json.dumps(
            {"id": key, "rawId": key, "type": "public-key", "response": encoded, "clientExtensionResults": {}}
        )

    def register(self, options: dict) -> str:
        public = ES256.from_cryptography_key(self.private.public_key())
        data = self._data(options, AttestedCredentialData.create(Aaguid.NONE, self.id, public))
        attestation = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=self._client_data("create", options), attestationObject=bytes(attestation))

    def sign(self, options: dict) -> str:
        client_data, data = self._client_data("get", options), self._data(options)
        signature = self.private.sign(bytes(data) + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=bytes(data), signature=signature)


def test_a_passkey_is_added_signs_in_and_confirms(client, accepted):
    key = SoftwareKey()
    enter(client, "pupil")
    options = client.get("/account/factor/keys/add/").context["js_data"]["creation_options"]
    added = client.post("/account/factor/keys/add/", {"name": "Телефон", "credential": key.register(options)})
    assert added["Location"] == "/account/factor/recovery-codes/"
    assert AuditEntry.objects.filter(action="factor.changed").count() == 1
    visitor = Client()
    assert enter(visitor, "pupil")["Location"] == "/account/factor/authenticate/"
    options = visitor.get("/account/factor/authenticate/").context["js_data"]["request_options"]
    credential = key.sign(options)
    assert visitor.post("/account/factor/authenticate/", {"credential": credential})["Location"] == "/cabinet/"
    options = visitor.get("/account/factor/keys/confirm/").context["js_data"]["request_options"]
    confirmed = visitor.post("/account/factor/keys/confirm/", {"credential": key.sign(options), "next": "/elements/"})
    assert confirmed["Location"] == "/elements/"


def test_an_answer_of_a_passkey_works_once_and_only_for_its_challenge(client, accepted):
    key = SoftwareKey()
    enter(client, "pupil")
    options = client.get("/account/factor/keys/add/").context["js_data"]["creation_options"]
    client.post("/account/factor/keys/add/", {"name": "Телефон", "credential": key.register(options)})
    first, second = Client(), Client()
    for visitor in (first, second):
        enter(visitor, "pupil")
    credential = key.sign(first.get("/account/factor/authenticate/").context["js_data"]["request_options"])
    second.get("/account/factor/authenticate/")
    second.post("/account/factor/authenticate/", {"credential": credential})
    first.post("/account/factor/authenticate/", {"credential": credential})
    assert (is_in(second), is_in(first)) == (False, True)


NO_KEY = '{"id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {}, "response": %s}'
GARBAGE = [
    *("", "{}", "[]", "null", "1", '"x"', "{", '{"id": "x"}'),
    '{"id": "x", "rawId": "!", "type": "public-key", "response": {}}',
    NO_KEY % '{"clientDataJSON": "eA", "attestationObject": "eA"}',
    NO_KEY % '{"clientDataJSON": "eA", "authenticatorData": "eA", "signature": "eA"}',
]


@pytest.mark.parametrize("credential", GARBAGE)
def test_a_made_up_key_is_refused_on_a_page(client, accepted, credential):
    enter(client, "pupil")
    page = client.get("/account/factor/keys/add/")
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"] == {"id": "testserver", "name": "ЭИОС школы"}
    response = client.post("/account/factor/keys/add/", {"name": "Ключ", "credential": credential})
    assert response.status_code == 200
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("credential", GARBAGE)
def test_a_made_up_key_does_not_sign_in(client, pupil, credential):
    add_totp(pupil)
    enter(client, "pupil")
    client.get("/account/factor/authenticate/")
    assert client.post("/account/factor/authenticate/", {"credential": credential}).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("page", ["keys/{}/edit/", "keys/{}/remove/"])
def test_other_peoples_keys_are_not_found(client, accepted, page):
    other = make_pupil()
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Чужой ключ", "credential": {}})
    enter(client, "pupil")
    path = "/account/factor/" + page.format(key.pk)
    answers = [client.get(path), client.post(path, {"name": "Мой"})]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Authenticator.objects.get().data["name"] == "Чужой ключ"


PAGES = [
    *("", "totp/activate/", "totp/deactivate/", "keys/", "keys/add/", "keys/1/edit/", "keys/1/remove/"),
    *("recovery-codes/", "recovery-codes/generate/", "recovery-codes/download/", "confirm/", "keys/confirm/"),
]


@pytest.mark.parametrize("path", PAGES)
def test_guests_are_sent_to_sign_in(client, path):
    assert client.get(f"/account/factor/{path}")["Location"] == f"/login/?next=/account/factor/{path}"
