"""Issuing credentials: who to whom, printed once, void when reprinted, out of date after its days (9.2-9.7, 12.2)."""

import datetime
import io
import math
import re
import threading
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import credentials, one_time
from accounts.actions import issuing
from accounts.actions.passwords import issue_password, keep_issued_password, set_own_password
from accounts.actor import Actor
from accounts.models import Appointment, AuditEntry, Block, OneTimeLink, Slip, SlipBatch, User
from accounts.models.credentials import STOP_CODE_ALPHABET, digest, new_link_code, new_stop_code
from eios.lib import qr
from eios.lib.dates import today
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_edition,
    make_employee,
    make_officer,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_slip,
    sign_in,
)

pytestmark = pytest.mark.django_db
LIST, ISSUE, EXPORT = "/credentials/", "/credentials/issue/", "/credentials/export/"
COMMAND = Actor.command("test")
OWN = "жираф-кефир-7"


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=COMMAND)
    return make_edition()


@pytest.fixture
def clock(monkeypatch):
    def set_to(moment: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def officer(client) -> User:
    """Signed in at once."""
    person = make_officer(surname="Фёдорова")
    sign_in(client, person)
    return person


def newcomer(**fields) -> User:
    return make_pupil(must_change_password=True, **fields)


def print_for(client, *people: User, seen: int | None = None):
    seen = issuing.newest_slip() if seen is None else seen
    return client.post(ISSUE, {"person": [person.pk for person in people], "seen": seen})


def printed(answer) -> dict[str, str]:
    """Login → password, as they stand on the slips."""
    found = {}
    for slip in re.findall(r'<section class="slip".*?</section>', answer.content.decode(), re.S):
        login, password = re.findall(r'<dd class="code">(.*?)</dd>', slip)
        found[login] = re.sub(r"<.*?>", "", password)
    return found


def stop_codes(answer) -> list[str]:
    return re.findall(r'стоп-кодом на [^ ]+: <span class="code">(.*?)</span>', answer.content.decode())


def actor_of(person: User) -> Actor:
    return Actor(person, "192.0.2.1", person.username)


def rows_of(issuer: User, *people: User) -> list[credentials.Row]:
    keys = [person.pk for person in people]
    return credentials.rows(credentials.people_of(issuer, today()).filter(pk__in=keys), today())


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def names(answer) -> list[str]:
    return [row.person.surname for row in answer.context["rows"]]


def log_in(client, login: str, password: str):
    return client.post("/login/", {"login": login, "password": password})


# Who issues to whom


@pytest.mark.clause("9.4")
def test_the_officer_sees_pupils_and_nobody_else(client, officer):
    newcomer(surname="Алексеев")
    make_employee(surname="Борисов", must_change_password=True)
    make_pupil(surname="Бывший", ends=today() - datetime.timedelta(days=1))
    make_person(surname="Чужой")
    answer = client.get(LIST)
    assert (answer.status_code, names(answer), answer.context["form"].kinds) == (200, ["Алексеев"], ["pupils"])


@pytest.mark.clause("9.2")
def test_the_system_administrator_sees_staff_only_acting_too(client):
    newcomer(surname="Алексеев")
    make_employee(surname="Борисов", must_change_password=True)
    sign_in(client, make_employee(position="system_administrator", is_acting=True, surname="Журавлёв"))
    assert names(client.get(LIST)) == ["Борисов", "Журавлёв"]


def test_parents_stand_behind_the_schools_switch(client, officer, school):
    child = newcomer(surname="Ёлкин")
    parent = make_parent(child=child, surname="Ёлкина", must_change_password=True)
    assert names(client.get(LIST + "?who=parents")) == ["Ёлкин"]
    assert print_for(client, parent).status_code == 302
    school(parents_have_cabinets=True)
    answer = client.get(LIST + "?who=parents")
    assert [row.who for row in answer.context["rows"]] == ["родитель: Ёлкин Анна Сергеевна, 5\xa0«А»"]
    assert list(printed(print_for(client, parent))) == [parent.username]


def test_a_teacher_who_is_a_parent_is_staff(client, officer, school):
    school(parents_have_cabinets=True)
    teacher = make_employee(surname="Учитель", must_change_password=True)
    teacher.children_relations.create(pupil=newcomer(), kind="mother", starts=today(), basis="Свидетельство")
    assert names(client.get(LIST + "?who=parents")) == []
    assert print_for(client, teacher).status_code == 302
    assert fresh(teacher).password == teacher.password


def test_one_enrolled_from_a_coming_day_gets_the_slip_beforehand(client, officer):
    pupil = newcomer(surname="Первоклассник", starts=today() + datetime.timedelta(days=5))
    assert names(client.get(LIST)) == ["Первоклассник"]
    assert list(printed(print_for(client, pupil))) == [pupil.username]


@pytest.mark.clause("9.4")
@pytest.mark.parametrize(
    ("who", "status"),
    [("deputy", 403), ("director", 403), ("class_teacher", 403), ("teacher", 403), ("designated_person", 403)],
)
def test_nobody_else_comes_in(client, who, status):
    pupil = newcomer()
    sign_in(client, make_employee(position=who))
    pages = [LIST, ISSUE, EXPORT, "/credentials/batches/", f"/credentials/people/{pupil.pk}/"]
    assert {client.get(page).status_code for page in pages} == {status}
    assert print_for(client, pupil).status_code == status
    assert (fresh(pupil).password, Slip.objects.count()) == (pupil.password, 0)


@pytest.mark.clause("9.4")
def test_the_right_ends_with_the_term_of_the_appointment(client, officer):
    pupil = newcomer()
    Appointment.objects.filter(person=officer).update(ends=today() - datetime.timedelta(days=1))
    make = Appointment.objects.create
    make(person=officer, position=make_position("secretary"), starts=today() - datetime.timedelta(days=30))
    assert client.get(LIST).status_code == 403
    assert print_for(client, pupil).status_code == 403
    row = credentials.rows(User.objects.none(), today())
    assert row == []
    stale = rows_of(make_officer(), pupil)
    with pytest.raises(ValidationError, match="Новых листков нет"):
        issuing.print_slips(stale, seen=0, by=actor_of(fresh(officer)))
    assert fresh(pupil).password == pupil.password


@pytest.mark.parametrize("page", ["", "reprint/", "link/"])
def test_people_of_others_are_not_found(client, officer, page):
    teacher = make_employee(surname="Тайнова")
    for method in (client.get, client.post):
        if (method, page) != (client.post, ""):
            answer = method(f"/credentials/people/{teacher.pk}/{page}", {"reason": "x", "seen": 0, "channel": "shown"})
            assert (answer.status_code, "Тайнова" in answer.content.decode()) == (404, False)
    assert fresh(teacher).password == teacher.password


def test_a_superuser_is_left_to_superusers(client):
    boss = make_employee(is_superuser=True, must_change_password=True, surname="Главный")
    sign_in(client, make_employee(position="system_administrator", surname="Журавлёв"))
    assert names(client.get(LIST)) == ["Журавлёв"]
    assert print_for(client, boss).status_code == 302
    assert fresh(boss).password == boss.password


# The list


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Вошла", "Вручённая", "Заблокированная", "Новенькая", "Отданная", "Печатная", "Просроченная"]),
        ("?state=never", ["Вручённая", "Новенькая", "Отданная", "Печатная", "Просроченная"]),
        ("?state=none", ["Новенькая"]),
        ("?state=printed", ["Печатная"]),
        ("?state=handed", ["Отданная"]),
        ("?state=given", ["Вручённая"]),
        ("?state=expired", ["Просроченная"]),
        ("?state=in", ["Вошла"]),
        ("?state=zzz", ["Вошла", "Вручённая", "Заблокированная", "Новенькая", "Отданная", "Печатная", "Просроченная"]),
        ("?q=новенькая", ["Новенькая"]),
    ],
)
def test_filters_stand_in_the_address(client, officer, query, expected):
    make_pupil(surname="Вошла")
    make_slip(newcomer(surname="Вручённая"), holder=officer, given_by=officer)
    Block.objects.create(person=newcomer(surname="Заблокированная"), reason="Потеряла телефон")
    newcomer(surname="Новенькая")
    make_slip(newcomer(surname="Отданная"), holder=officer)
    make_slip(newcomer(surname="Печатная"))
    make_slip(newcomer(surname="Просроченная"), days=-1, given_by=officer)
    assert names(client.get(LIST + query)) == expected


def test_states_and_their_sql_form_agree(client, officer):
    make_pupil()
    people = [newcomer() for _ in range(5)]
    make_slip(people[1])
    make_slip(people[2], holder=officer)
    make_slip(people[3], holder=officer, given_by=officer, days=-1)
    Block.objects.create(person=people[4], reason="x")
    mine = credentials.people_of(officer, today())
    by_sql = {person.pk: state for state, rule in credentials.STATES.items() for person in mine.filter(rule)}
    by_python = {row.person.pk: row.state for row in credentials.rows(mine, today())}
    assert (by_sql, len(by_sql)) == (by_python, 6)


def test_several_classes_are_chosen_by_links(client, officer):
    for letter in "АБВ":
        newcomer(surname=f"Из{letter}", school_class=make_class(letter=letter))
    a, b = make_class(letter="А").pk, make_class(letter="Б").pk
    answer = client.get(f"{LIST}?school_class={a}")
    pill = next(pill for pill in answer.context["classes"] if pill["name"] == make_class(letter="Б").name)
    assert names(client.get(LIST + pill["url"])) == ["ИзА", "ИзБ"]
    assert names(client.get(f"{LIST}?school_class={a}&school_class={b}")) == ["ИзА", "ИзБ"]


def test_the_list_asks_as_many_queries_for_thirty_as_for_one(client, officer, django_assert_num_queries):
    def ask(count):
        client.get(LIST)
        with django_assert_num_queries(count):
            client.get(LIST)

    newcomer()
    with_one = 12
    ask(with_one)
    for _ in range(30):
        make_slip(newcomer(), holder=officer)
    ask(with_one)


@pytest.mark.clause("9.6")
def test_who_has_not_signed_in_comes_as_a_spreadsheet(client, officer):
    make_pupil(surname="Вошла")
    make_slip(newcomer(surname="=Новенькая"), holder=officer)
    answer = client.get(EXPORT + "?state=never")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert len(lines) == 1
    assert (lines[0][0], lines[0][3]) == ("=Новенькая Анна Сергеевна", "передан")
    assert "Источник" in sheet["A2"].value


# Printing


@pytest.mark.clause("9.4")
def test_slips_are_printed_with_what_is_needed_and_work(client, officer, school):
    school(short_name="МКОУ ООШ №29")
    pupil = newcomer(surname="Ёлкина", name="Вера", patronymic="Олеговна", school_class=make_class(grade=8))
    answer = print_for(client, pupil)
    page = answer.content.decode()
    last_day = today() + datetime.timedelta(days=14)
    texts = [
        "МКОУ ООШ №29",
        "Ёлкина Вера Олеговна",
        "8\xa0«А»",
        pupil.username,
        "testserver/login/",
        f"{last_day:%d.%m.%Y}",
    ]
    assert [text in page for text in texts] == [True] * 6
    password = printed(answer)[pupil.username]
    after = fresh(pupil)
    assert (after.check_password(password), after.must_change_password, after.session_epoch) == (True, True, 2)
    slip = Slip.objects.get()
    assert (slip.person, slip.issued_by, slip.batch.issued_by, slip.last_day) == (pupil, officer, officer, last_day)
    assert Slip.objects.of_stop_code(stop_codes(answer)[0]).get() == slip
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.clause("9.7")
def test_a_password_is_kept_nowhere(client, officer, caplog):
    pupil = newcomer()
    answer = print_for(client, pupil)
    password, stop = printed(answer)[pupil.username], stop_codes(answer)[0].replace(" ", "")
    kept = [list(model.objects.values_list()) for model in (User, Slip, SlipBatch, AuditEntry)]
    sessions = [Session(session_data=one.session_data).get_decoded() for one in Session.objects.all()]
    everything = f"{kept} {sessions} {caplog.text} {client.cookies}"
    assert (len(password), password in everything, stop in everything) == (10, False, False)


@pytest.mark.clause("9.7")
def test_a_repeated_request_makes_nothing_new(client, officer):
    pupil, other = newcomer(), newcomer()
    seen = issuing.newest_slip()
    first = printed(print_for(client, pupil, seen=seen))
    again = print_for(client, pupil, seen=seen)
    assert (again.status_code, again.url) == (302, LIST)
    assert fresh(pupil).check_password(first[pupil.username])
    assert (Slip.objects.count(), SlipBatch.objects.count()) == (1, 1)
    assert list(printed(print_for(client, pupil, other, seen=seen))) == [other.username]


@pytest.mark.django_db(transaction=True)
def test_of_ten_prints_at_once_one_makes_slips():
    pupil, issuer, results, start = newcomer(), make_officer(), [], threading.Barrier(10)
    rows = rows_of(issuer, pupil)

    def attempt() -> None:
        try:
            start.wait()
            results.append(issuing.print_slips(rows, seen=0, by=actor_of(issuer))[0].password)
        except ValidationError:
            results.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [password] = [found for found in results if found != "late"]
    assert (fresh(pupil).check_password(password), Slip.objects.count()) == (True, 1)


def test_nothing_happens_before_it_is_confirmed(client, officer):
    pupil, old = newcomer(surname="Новенькая"), make_pupil(surname="Бывалая")
    answer = client.get(ISSUE, {"person": [pupil.pk, old.pk]})
    assert [row.person.surname for row in answer.context["ready"]] == ["Новенькая"]
    assert [row.person.surname for row in answer.context["left_out"]] == ["Бывалая"]
    assert (Slip.objects.count(), fresh(pupil).password) == (0, pupil.password)


@pytest.mark.clause("9.4")
def test_those_who_signed_in_are_never_reset_in_bulk(client, officer):
    old, pupil = make_pupil(), newcomer()
    blocked = newcomer()
    Block.objects.create(person=blocked, reason="x")
    answer = print_for(client, old, pupil, blocked)
    assert (list(printed(answer)), answer.context["passed_over"]) == ([pupil.username], 2)
    assert [fresh(one).password == one.password for one in (old, blocked)] == [True, True]


def test_all_that_the_filters_find_are_printed_by_portions(client, officer, monkeypatch):
    monkeypatch.setattr(issuing, "PORTION", 2)
    people = [newcomer(surname=f"Номер{n}") for n in range(5)]
    form = client.get(ISSUE + "?all=on&state=none").context["form"]
    assert form.initial["person"] == [person.pk for person in people]
    found, sizes, keys, seen = {}, [], form.initial["person"], form.initial["seen"]
    while keys:
        answer = client.post(ISSUE, {"person": keys, "seen": seen})
        found |= printed(answer)
        sizes.append(len(answer.context["slips"]))
        keys = answer.context["next_form"].initial["person"] if answer.context["next_form"] else []
    assert (sizes, set(found)) == ([2, 2, 1], {person.username for person in people})
    assert all(fresh(person).check_password(found[person.username]) for person in people)


def test_a_reprint_voids_the_former_slip_and_its_stop_code(client, officer):
    pupil = newcomer()
    first = print_for(client, pupil)
    second = print_for(client, pupil)
    former, new = Slip.objects.order_by("pk")
    assert (former.void_reason, new.voided_at) == ("reprinted", None)
    assert not Slip.objects.of_stop_code(stop_codes(first)[0]).exists()
    assert fresh(pupil).check_password(printed(second)[pupil.username])
    assert not fresh(pupil).check_password(printed(first)[pupil.username])


def test_one_who_signed_in_gets_a_new_slip_alone_and_with_a_reason(client, officer):
    pupil = make_pupil()
    page = f"/credentials/people/{pupil.pk}/reprint/"
    assert "уже входил со своим паролем" in client.get(page).content.decode()
    assert "Обязательное поле" in client.post(page, {"reason": " ", "seen": 0}).content.decode()
    assert fresh(pupil).password == pupil.password
    answer = client.post(page, {"reason": "Забыл пароль", "seen": issuing.newest_slip()})
    assert fresh(pupil).check_password(printed(answer)[pupil.username])
    entry = AuditEntry.objects.filter(action="password.issued").get()
    assert (entry.object_id, entry.basis, entry.actor, entry.changes) == (str(pupil.pk), "Забыл пароль", officer, {})


def test_sessions_end_with_a_new_slip(client, officer):
    pupil = make_pupil()
    other = type(client)()
    sign_in(other, pupil)
    client.post(f"/credentials/people/{pupil.pk}/reprint/", {"reason": "Подсмотрели", "seen": 0})
    assert other.get("/cabinet/").status_code == 302


def test_oneself_gets_no_slip(client):
    admin = make_employee(position="system_administrator", must_change_password=False)
    sign_in(client, admin)
    client.post(f"/credentials/people/{admin.pk}/reprint/", {"reason": "x", "seen": 0})
    assert (fresh(admin).password, Slip.objects.count()) == (admin.password, 0)


@pytest.mark.clause("12.2")
def test_a_stop_code_and_a_links_code_have_eighty_bits():
    codes = {make() for make in (new_stop_code, new_link_code) for _ in range(50)}
    assert len(codes) == 100
    assert min(len(code) for code in codes) * math.log2(len(set(STOP_CODE_ALPHABET))) >= 80
    assert set("".join(codes)) <= set(STOP_CODE_ALPHABET)
    assert not set("0oO1lIi") & set(STOP_CODE_ALPHABET)
    assert digest("abcd efgh-JKMN") == digest("abcdefghjkmn")


def test_the_qr_code_holds_the_address_of_sign_in_and_nothing_else(client, officer):
    answer = print_for(client, newcomer(), newcomer())
    pictures = set(re.findall(r'<img src="(data:[^"]+)"', answer.content.decode()))
    shown = {picture.replace("&#x27;", "'").replace("&amp;", "&") for picture in pictures}
    assert shown == {qr.picture("http://testserver/login/")}


def test_styles_of_passwords():
    easy, usual = one_time.new_password(easy=True), one_time.new_password()
    assert re.fullmatch(r"([bdfgkmnprstvz][aeu]){2}[2-9]{3}([bdfgkmnprstvz][aeu]){2}", easy)
    assert (len(usual), set(usual) <= set(one_time.ALPHABET)) == (10, True)
    assert one_time.password_groups("muza374tebe") == ["muza", "374", "tebe"]
    assert one_time.password_groups("abcdefghjk") == ["abcde", "fghjk"]
    assert one_time.code_groups("abcdefgh") == ["abcd", "efgh"]
    pairs = 4 * math.log2(len(one_time.CONSONANTS) * len(one_time.VOWELS))
    assert pairs + 3 * math.log2(len(one_time.DIGITS)) > 30


def test_the_youngest_get_easy_passwords(client, officer):
    youngest, older = newcomer(school_class=make_class(grade=1)), newcomer(school_class=make_class(grade=5))
    passwords = printed(print_for(client, youngest, older))
    assert [len(passwords[one.username]) for one in (youngest, older)] == [11, 10]


@pytest.mark.parametrize("person", ["", "zzz", "-1", "9" * 30])
def test_a_wrong_list_is_refused(client, officer, person):
    answer = client.post(ISSUE, {"person": person, "seen": 0})
    assert (answer.status_code, Slip.objects.count()) == (302, 0)
    assert client.get(ISSUE, {"person": person}).status_code == 302


# At sign-in


@pytest.mark.clause("9.7")
def test_an_unused_password_dies_with_its_slip(client, officer, clock, school):
    school(slip_days=3)
    pupil = newcomer()
    password = printed(print_for(client, pupil))[pupil.username]
    zone = ZoneInfo("Europe/Moscow")
    day = datetime.datetime.combine(today() + datetime.timedelta(days=3), datetime.time(23, 59), zone)
    guest = type(client)()
    clock(day)
    assert log_in(guest, pupil.username, password).status_code == 302
    guest = type(client)()
    clock(day + datetime.timedelta(minutes=1))
    assert "Неверный логин или пароль" in log_in(guest, pupil.username, "wrong").content.decode()
    answer = log_in(guest, pupil.username, password)
    assert (answer.status_code, "Срок листка истёк" in answer.content.decode()) == (403, True)
    assert "_auth_user_id" not in guest.session


@pytest.mark.parametrize(("reason", "status"), [("stopped", 403), ("blocked", 403), ("reprinted", 302)])
def test_a_stopped_slips_password_opens_nothing(client, reason, status):
    """A password issued on the command line has no slip: the void one before it says nothing of it."""
    pupil = newcomer(password="secret")
    make_slip(pupil, voided_at=timezone.now(), void_reason=reason)
    assert log_in(client, pupil.username, "secret").status_code == status


def test_ones_own_password_knows_no_term(client):
    pupil = make_pupil(password="secret")
    make_slip(pupil, days=-3)
    assert log_in(client, pupil.username, "secret").status_code == 302


@pytest.mark.clause("9.6")
def test_the_first_sign_in_is_seen_on_the_slip_and_the_own_password_voids_it(client, officer):
    pupil = newcomer()
    password = printed(print_for(client, pupil))[pupil.username]
    guest = type(client)()
    log_in(guest, pupil.username, password)
    slip = Slip.objects.get()
    assert (slip.used_at is None, slip.voided_at) == (False, None)
    guest.post("/password/first/", {"password1": OWN, "password2": OWN})
    slip = Slip.objects.get()
    assert (slip.void_reason, slip.voided_at is None, fresh(pupil).check_password(OWN)) == ("used", False, True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda person: set_own_password(person, OWN, by=COMMAND), "used"),
        (lambda person: keep_issued_password(person, by=COMMAND), "kept"),
        (lambda person: issue_password(person, by=COMMAND), "reprinted"),
    ],
)
def test_every_change_of_the_password_voids_the_slip(change, reason):
    pupil = newcomer()
    make_slip(pupil)
    change(pupil)
    slip = Slip.objects.get()
    assert (slip.void_reason, slip.voided_at is None) == (reason, False)
    assert (slip.used_at is None) == (reason == "reprinted")


# What waits


def test_pupils_without_a_slip_wait_for_the_officer(client, officer):
    newcomer()
    make_slip(newcomer())
    make_pupil()
    page = client.get("/cabinet/").content.decode()
    assert "Нет листка с логином у 1 обучающегося" in page
    assert reverse("accounts:credentials_list") + "?state=none" in page


def test_used_links_are_listed_on_the_persons_page(client, officer):
    pupil = newcomer()
    OneTimeLink.objects.create(
        person=pupil, digest="0" * 64, channel="shown", epoch=1, issued_by=officer, expires_at=timezone.now()
    )
    print_for(client, pupil)
    page = client.get(f"/credentials/people/{pupil.pk}/").content.decode()
    assert ("показана на экране" in page, "Партия №" in page) == (True, True)
