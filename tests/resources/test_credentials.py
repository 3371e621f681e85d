"""Own logins at platforms: revealed on a click, noted by the owner, sealed for their row (10.5)."""

import datetime
import io
import json
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.actions import letters
from accounts.actor import Actor
from accounts.models import AuditEntry, User
from eios.lib import crypto
from resources.actions import issuing, own_credentials
from resources.actions.credentials import take_from_pool
from resources.actions.registry import load_registry
from resources.models import Element, ExternalCredential
from tests.factories import (
    confirm_again,
    make_administrator,
    make_class,
    make_credential,
    make_edition,
    make_element,
    make_employee,
    make_parent,
    make_pool_account,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
YESTERDAY = datetime.date.today() - datetime.timedelta(days=1)
LOGINS = reverse("resources:login_list")
ADD = reverse("resources:login_add")


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=COMMAND)
    return make_edition()


@pytest.fixture
def element():
    return make_element(name="Учи")


@pytest.fixture
def pupil():
    return make_pupil(surname="Тайнова", name="Аглая")


def page(name: str, credential: ExternalCredential) -> str:
    return reverse(f"resources:{name}", args=[credential.pk])


def actions_of(credential: ExternalCredential) -> list[str]:
    return list(AuditEntry.objects.of(credential).order_by("pk").values_list("action", flat=True))


# Seeing


@pytest.mark.clause("10.5")
def test_a_password_is_shown_on_a_click_and_every_time_audited(client, element, pupil):
    credential = make_credential(element, pupil, password="Тайна-29")
    sign_in(client, pupil)
    assert "Тайна-29" not in client.get(LOGINS).content.decode()
    assert "Тайна-29" not in client.get(page("login_reveal", credential)).content.decode()
    first = client.post(page("login_reveal", credential))
    assert ("Тайна-29" in first.content.decode(), "no-store" in first["Cache-Control"]) == (True, True)
    seen = ExternalCredential.objects.get().revealed_at
    client.post(page("login_reveal", credential))
    assert seen is not None
    assert ExternalCredential.objects.get().revealed_at == seen
    assert actions_of(credential) == ["external_credential.revealed"] * 2
    assert "Тайна-29" not in str(dict(client.session))


def test_staff_confirm_who_they_are_before_a_password_is_shown(client, element):
    teacher = make_employee()
    credential = make_credential(element, teacher, password="Тайна-29")
    sign_in(client, teacher)
    for ask in (client.get, client.post):
        answer = ask(page("login_reveal", credential))
        assert unquote(answer.url) == f"/account/confirm/?next={page('login_reveal', credential)}"
    assert actions_of(credential) == []
    confirm_again(client)
    assert "Тайна-29" in client.post(page("login_reveal", credential)).content.decode()


def test_anothers_login_is_not_found_and_a_parent_sees_nothing_of_the_childs(client, element, pupil, school):
    school(parents_have_cabinets=True)
    credential = make_credential(element, pupil, login="taynova", password="Тайна-29")
    noted = make_credential(make_element(), pupil, login="own", source="noted")
    parent, administrator = make_parent(child=pupil), make_employee()
    make_administrator(element, administrator)
    for person in (make_pupil(), parent, administrator):
        sign_in(client, person)
        confirm_again(client)
        assert "taynova" not in client.get(LOGINS).content.decode()
        pages = [("login_reveal", credential), ("login_change", noted), ("login_delete", noted)]
        assert [client.post(page(*one)).status_code for one in pages] == [404, 404, 404]
    assert (actions_of(credential), ExternalCredential.objects.standing().count()) == ([], 2)


def test_an_ended_login_is_gone_and_one_past_its_term_is_not_shown(client, element, pupil):
    expired = make_credential(element, pupil, expires_on=YESTERDAY)
    ended = make_credential(make_element(), pupil, ended_at=expired.issued_at, end_reason="Ушёл")
    sign_in(client, pupil)
    assert client.post(page("login_reveal", ended)).status_code == 404
    assert client.post(page("login_reveal", expired)).url == LOGINS
    assert "срок истёк" in client.get(LOGINS).content.decode()
    assert actions_of(expired) == []


def test_a_missing_key_is_named_and_nothing_is_lost(client, element, pupil, settings, caplog):
    credential = make_credential(element, pupil, password="Тайна-29")
    keys, sign = settings.FIELD_KEYS, next(iter(settings.FIELD_KEYS))
    sign_in(client, pupil)
    settings.FIELD_KEYS = {"new": b"0" * 32}
    answer = client.post(page("login_reveal", credential))
    assert (answer.status_code, f"«{sign}»" in answer.content.decode(), f"«{sign}»" in caplog.text) == (503, True, True)
    row = ExternalCredential.objects.get()
    assert (row.sealed, row.revealed_at, actions_of(row)) == (credential.sealed, None, [])
    settings.FIELD_KEYS = keys
    assert "Тайна-29" in client.post(page("login_reveal", credential)).content.decode()


def test_a_sealed_value_opens_in_its_own_row_only(element, pupil):
    mine = make_credential(element, pupil, password="Тайна-29")
    theirs = make_credential(element, make_pupil(), password="Другая")
    elsewhere = make_credential(make_element(), pupil, password="Третья")
    account = make_pool_account(element)
    for row in (theirs, elsewhere, account):
        row.sealed = mine.sealed
        with pytest.raises(crypto.CannotOpen):
            row.unseal()
    mine.person = make_pupil()
    with pytest.raises(crypto.CannotOpen):
        mine.unseal()


def test_the_list_and_the_card_cost_the_same_for_any_number(client, pupil, django_assert_num_queries):
    make_credential(make_element(), pupil)
    sign_in(client, pupil)
    client.get(LOGINS)
    with django_assert_num_queries(4):
        client.get(LOGINS)
    for _ in range(29):
        make_credential(make_element(), pupil)
    client.get(LOGINS)  # new elements: the tree of the registry is read anew
    with django_assert_num_queries(4):
        client.get(LOGINS)


def test_the_card_of_an_element_leads_to_the_own_login(client, element, pupil):
    make_credential(element, pupil, login="taynova")
    sign_in(client, make_pupil())
    card = reverse("resources:element_detail", args=[element.slug])
    assert ("taynova" in client.get(card).content.decode()) is False
    sign_in(client, pupil)
    html = client.get(card).content.decode()
    assert ("taynova" in html, LOGINS in html) == (True, True)


# The own notes


@pytest.mark.clause("10.5")
def test_an_own_login_is_noted_changed_and_taken_away(client, element, pupil):
    sign_in(client, pupil)
    assert client.post(ADD, {"element": element.pk, "login": "aglaya", "password": "Своя-1"}).url == LOGINS
    row = ExternalCredential.objects.get()
    assert (row.person, row.source, row.login, row.unseal()) == (pupil, "noted", "aglaya", "Своя-1")
    assert client.post(page("login_change", row), {"login": "aglaya2", "password": ""}).url == LOGINS
    row.refresh_from_db()
    assert (row.login, row.unseal()) == ("aglaya2", "Своя-1")
    client.post(page("login_change", row), {"login": "aglaya2", "drop_password": "on"})
    row.refresh_from_db()
    assert row.has_password is False
    client.post(page("login_change", row), {"login": "aglaya2", "password": "Своя-2"})
    assert "Своя-2" in client.post(page("login_reveal", row)).content.decode()
    assert client.post(page("login_delete", row)).url == LOGINS
    row.refresh_from_db()
    assert (row.sealed, row.ended_at is not None, row.end_reason) == ("", True, "Владелец убрал запись")
    told = [name.removeprefix("external_credential.") for name in actions_of(row)]
    assert told == ["noted", "note_changed", "note_changed", "note_changed", "revealed", "note_removed"]
    assert not any("aglaya" in json.dumps(entry.changes) for entry in AuditEntry.objects.all())
    assert client.post(ADD, {"element": element.pk, "login": "again"}).url == LOGINS


@pytest.mark.parametrize(("slug", "why"), [("fis-oko", "Госуслуги"), ("soctest", "не связывают с именем")])
def test_state_sign_in_and_nameless_codes_are_refused_with_the_reason(client, pupil, slug, why):
    keeping = {"fis-oko": "state", "soctest": "nameless"}[slug]
    row = make_element(name="Особая", keeping=keeping)
    sign_in(client, pupil)
    assert why in client.get(f"{ADD}?element={row.slug}").content.decode()
    answer = client.post(ADD, {"element": row.pk, "login": "aglaya", "password": "Своя-1"})
    assert (why in answer.content.decode(), ExternalCredential.objects.count()) == (True, 0)


def test_the_registry_keeps_nothing_of_state_sign_in_and_row_16():
    kept = dict(Element.objects.filter(number__in=[4, 16]).values_list("number", "keeping"))
    assert kept == {4: "state", 16: "nameless"}


def test_the_password_of_the_portal_is_refused(client, element):
    pupil = make_pupil(password="жираф-кефир-7")
    sign_in(client, pupil)
    answer = client.post(ADD, {"element": element.pk, "login": "a", "password": "жираф-кефир-7"})
    assert ("пароль от портала" in answer.content.decode(), ExternalCredential.objects.count()) == (True, 0)


def test_an_issued_login_is_not_the_owners_to_change(client, element, pupil):
    issued = make_credential(element, pupil)
    sign_in(client, pupil)
    assert client.post(page("login_change", issued), {"login": "x"}).status_code == 404
    assert client.post(page("login_delete", issued)).status_code == 404
    with pytest.raises(ValidationError):
        own_credentials.forget_note(issued, by=Actor(pupil, None, "x"))
    answer = client.post(ADD, {"element": element.pk, "login": "второй"})
    assert ("уже есть" in answer.content.decode(), ExternalCredential.objects.count()) == (True, 1)


# Nowhere else


SECRETS = {
    name: f"Zq{name}-7391-xW" for name in ("typed", "typed2", "pool", "noted", "changed", "wrong", "stale", "later")
}


@pytest.mark.clause("10.6")
@pytest.mark.django_db(transaction=True)
def test_no_issued_password_stands_anywhere(client, caplog, settings, tmp_path):
    """Issued by every route and used in every way; then the whole database is read, as rows, as dump and as a file."""
    caplog.set_level("DEBUG")
    element = make_element(name="Библиотека", library_way="pool")
    pupil = make_pupil(email="a@example.org", school_class=make_class())
    administrator = make_employee(email="adm@example.org")
    make_administrator(element, administrator)
    shown = _use_everything(client, element, pupil, administrator)
    letters._postman.submit(lambda: None).result()
    secrets = {value.encode() for value in (*SECRETS.values(), *shown)}
    assert {secret for secret in secrets if secret in _everything(caplog)} == set()
    assert len(shown) == 2
    if connection.vendor == "sqlite":
        assert b"taynova-lib" in _file(), "the file that was read is the one that was written"


def _use_everything(client, element, pupil: User, administrator: User) -> list[str]:
    """Passwords that the portal made up."""
    by = Actor(administrator, None, "adm")
    other = [make_element(name=f"Ещё {n}") for n in range(3)]
    make_pool_account(element, password=SECRETS["pool"])
    pooled = take_from_pool(element, make_pupil(), by=by)
    desk = f"/desk/{element.slug}/credentials/"
    sign_in(client, administrator)
    form = {"login": "taynova-lib", "way": "typed", "password": SECRETS["stale"]}
    assert client.post(f"{desk}issue/?person={pupil.pk}", form).status_code == 302  # asked who it is: nothing kept
    confirm_again(client)
    client.post(f"{desk}issue/?person={pupil.pk}", form | {"password": SECRETS["wrong"], "expires_on": "2001-01-01"})
    client.post(f"{desk}issue/?person={pupil.pk}", form | {"password": SECRETS["typed"]})
    typed = ExternalCredential.objects.get(person=pupil)
    slips = client.post(f"{desk}slips/", {"credential": [typed.pk, pooled.pk]}).content.decode()
    assert (SECRETS["typed"] in slips, SECRETS["pool"] in slips) == (True, True)
    client.get(f"{desk}export/")
    client.post(f"{desk}{typed.pk}/link/")
    url = [line for line in mail_body().splitlines() if "/link/platform/#" in line][0]
    assert SECRETS["typed"] in client.post("/link/platform/", {"code": url.split("#")[1]}).content.decode()
    renewed = form | {"password": SECRETS["typed2"], "reason": "Забыт"}
    client.post(f"{desk}{typed.pk}/reissue/", renewed)
    made = issuing.issue_to(other[0], pupil, login="made", by=by)
    again = issuing.reissue(made.credential, login="made", reason="Узнали", by=by)
    issuing.close_outside([pooled], by=by)
    sign_in(client, pupil)
    for row in ExternalCredential.objects.standing().filter(person=pupil):
        assert client.post(page("login_reveal", row)).status_code == 200
    client.post(ADD, {"element": other[1].pk, "login": "own", "password": SECRETS["noted"]})
    note = ExternalCredential.objects.get(source="noted")
    client.post(page("login_change", note), {"login": "own", "password": SECRETS["changed"]})
    client.post(page("login_delete", note))
    client.post(ADD, {"element": other[2].pk, "login": "own", "password": SECRETS["later"]})
    return [made.password, again.password]


def mail_body() -> str:
    letters._postman.submit(lambda: None).result()
    return mail.outbox[-1].body


def _everything(caplog) -> bytes:
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    sessions = [str(one.get_decoded()) for one in Session.objects.all()]
    sent = [f"{one.subject}{one.body}" for one in mail.outbox]
    parts = [dump.getvalue(), *_cells(), *sessions, *sent, caplog.text]
    return "\n".join(parts).encode() + _file()


def _cells() -> list[str]:
    """Every cell of every table, those that no model knows among them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(cell) for row in cursor.fetchall() for cell in row]
    return found


def _file() -> bytes:
    """The database's file with its journal; a server's files are not ours to read."""
    if connection.vendor != "sqlite":
        return b""
    name = str(connection.settings_dict["NAME"])
    return b"".join(_read(f"{name}{end}") for end in ("", "-wal"))


def _read(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def test_the_portals_password_is_not_guessed_by_notes(client, element, pupil):
    row = make_credential(element, pupil, source="noted")
    sign_in(client, pupil)
    change = page("login_change", row)
    answers = [client.post(change, {"login": "x", "password": f"Догадка {n}"}) for n in range(12)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [200] * 2
    assert "подождите минуту" in answers[-1].content.decode()
    assert client.post(change, {"login": "y"}).status_code == 302
