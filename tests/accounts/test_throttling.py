"""Guessing stops; owners, classes behind one address, and accounts themselves don't notice."""

import datetime
import threading

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import devices
from accounts.actions.passwords import issue_password
from accounts.actor import Actor
from accounts.models import AuditEntry, Enrolment, SignInThrottle, User
from accounts.throttling import (
    FREE_FAILURES,
    LIMIT,
    LONGEST_WAIT,
    NETWORK_LIMIT,
    NETWORK_WINDOW,
    OWN_NETWORK_LIMIT,
    Attempt,
    AttemptRefused,
    Bucket,
    wait_after,
)
from eios.lib.network import client_address
from tests.factories import LONG_AGO, make_class, make_pupil, sign_in

pytestmark = pytest.mark.django_db
HOME, ATTACKER, SCHOOL = "198.51.100.7", "203.0.113.9", "192.0.2.1"


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch):
    """The clock stands, early in a network's window; `wait_out` lets time pass. A slow machine changes nothing."""
    now = timezone.now()
    instant = now + datetime.timedelta(seconds=60 - now.timestamp() % NETWORK_WINDOW)
    monkeypatch.setattr(timezone, "now", lambda: instant)


def post(client: Client, login: str, password: str, *, address=HOME, **extra):
    return client.post("/login/", {"login": login, "password": password}, REMOTE_ADDR=address, **extra)


def elsewhere(client: Client) -> Client:
    """Another browser: making a new client would load all middleware anew, which costs more than a sign-in."""
    client.cookies.clear()
    return client


def attempt(login="pupil", address=ATTACKER, **options) -> Attempt:
    return Attempt(login, address, **options).begin()


def fail(times: int, *, login="pupil", address=ATTACKER, **options) -> None:
    """So many failures in a row, the waits between them waited out."""
    for _ in range(times):
        attempt(login, address, **options).failed()
        wait_out()


def wait_out(seconds: int = LONGEST_WAIT) -> None:
    """Time passes: the failures lie further back."""
    for row in SignInThrottle.objects.all():
        SignInThrottle.objects.filter(pk=row.pk).update(
            last_failure=row.last_failure - datetime.timedelta(seconds=seconds)
        )


def failures(one: Attempt) -> dict[Bucket, int]:
    counts = dict(SignInThrottle.objects.values_list("key", "failures"))
    return {bucket: counts.get(key, 0) for bucket, key in one.keys.items()}


# Waits


def test_the_first_typos_cost_nothing_and_then_waits_double():
    waits = [wait_after(number) for number in (0, 1, 4, 5, 6, 7, 8, 12, 13, 50, 10_000)]
    assert waits == [0, 0, 0, 5, 10, 20, 40, 640, 900, 900, 900]


def test_after_five_failures_the_form_says_how_long_to_wait(client):
    make_pupil(username="pupil", password="secret")
    answers = [post(client, "pupil", "wrong") for _ in range(FREE_FAILURES + 1)]
    assert [answer.status_code for answer in answers] == [200] * FREE_FAILURES + [429]
    refused = answers[-1]
    message = "Слишком много неудачных попыток. Попробуйте снова через 5 секунд."
    assert (refused["Retry-After"], refused.context["form"].non_field_errors()) == ("5", [message])
    assert '<input type="text" name="login" value="pupil"' in refused.content.decode()


def test_a_refusal_comes_before_the_password_is_looked_at(client, settings):
    make_pupil(username="pupil", password="secret")
    for _ in range(FREE_FAILURES):
        post(client, "pupil", "wrong")
    refused = post(client, "pupil", "secret")
    assert (refused.status_code, "_auth_user_id" in client.session) == (429, False)


def test_after_the_wait_the_right_password_gets_in_and_the_typos_are_forgotten(client):
    make_pupil(username="pupil", password="secret")
    for _ in range(FREE_FAILURES):
        post(client, "pupil", "wrong")
    wait_out(5)
    assert post(client, "pupil", "secret").status_code == 302
    assert failures(Attempt("pupil", HOME)) == {Bucket.PAIR: 0, Bucket.LOGIN: 0, Bucket.NETWORK: FREE_FAILURES}


def test_a_day_of_quiet_forgets_typos_and_a_month_forgets_guessing():
    fail(4)
    fail(40, login="other")
    wait_out(25 * 60 * 60)
    fail(1)
    fail(1, login="other")
    assert failures(Attempt("pupil", ATTACKER))[Bucket.PAIR] == 1
    assert failures(Attempt("other", ATTACKER))[Bucket.PAIR] == 41
    wait_out(31 * 24 * 60 * 60)
    fail(1, login="other")
    assert failures(Attempt("other", ATTACKER))[Bucket.PAIR] == 1


# The owner


def test_guesses_from_elsewhere_do_not_keep_the_owner_out(client):
    make_pupil(username="pupil", password="secret")
    post(client, "pupil", "secret")
    client.post("/logout/")
    hostile = Client()
    answers = [post(hostile, "pupil", f"guess{number}", address=ATTACKER).status_code for number in range(20)]
    assert answers == [200] * 5 + [429] * 15
    assert post(client, "pupil", "secret").status_code == 302


def test_guesses_from_the_same_room_do_not_keep_the_owner_out_on_a_known_device(client):
    make_pupil(username="pupil", password="secret")
    post(client, "pupil", "secret", address=SCHOOL)
    client.post("/logout/")
    fail(LIMIT, address=SCHOOL)
    assert post(client, "pupil", "secret", address=SCHOOL).status_code == 302


def test_guesses_from_elsewhere_do_not_make_the_owner_wait_on_a_new_device():
    make_pupil(username="pupil", password="secret")
    fail(20)
    assert post(Client(), "pupil", "secret", address=HOME).status_code == 302


def test_a_known_device_is_known_for_the_people_who_used_it_only(client):
    make_pupil(username="pupil", password="secret")
    make_pupil(username="other", password="secret")
    post(client, "pupil", "secret", address=SCHOOL)
    client.post("/logout/")
    fail(LIMIT, login="other", address=SCHOOL)
    assert post(client, "other", "secret", address=SCHOOL).status_code == 429
    assert post(client, "PUPIL", "secret", address=SCHOOL).status_code == 302


def test_a_class_computer_knows_several_people(client):
    for number in range(3):
        make_pupil(username=f"pupil{number}", password="secret")
        post(client, f"pupil{number}", "secret")
        client.post("/logout/")
    fail(20, login="pupil0", address=HOME)
    assert post(client, "pupil0", "secret").status_code == 302


def test_failures_on_a_known_device_are_counted_apart(client):
    make_pupil(username="pupil", password="secret")
    post(client, "pupil", "secret")
    client.post("/logout/")
    answers = [post(client, "pupil", "wrong").status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert failures(Attempt("pupil", HOME)) == {Bucket.PAIR: 0, Bucket.LOGIN: 0, Bucket.NETWORK: 0}
    assert post(Client(), "pupil", "secret").status_code == 302


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "WyJhIl0:1abc:forged", "\\x00"])
def test_a_forged_device_cookie_gives_nothing(client, value):
    make_pupil(username="pupil", password="secret")
    fail(LIMIT)
    client.cookies[devices.COOKIE] = value
    assert post(client, "pupil", "secret").status_code == 429


def test_the_device_cookie_names_nobody_and_is_closed_to_scripts(client):
    make_pupil(username="petrovaas", password="secret")
    cookie = post(client, "petrovaas", "secret").cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/",
        devices.AGE,
    )
    assert "petrova" not in cookie.value
    again = post(Client(), "petrovaas", "secret").cookies[devices.COOKIE]
    assert again.value != cookie.value


# The limit


def test_at_a_hundred_failures_unknown_devices_are_refused_until_a_fresh_password(client):
    person = make_pupil(username="pupil", password="secret")
    for number in range(20):
        fail(5, address=f"203.0.{number}.9")
    assert failures(Attempt("pupil", HOME))[Bucket.LOGIN] == LIMIT
    refused = post(client, "pupil", "secret")
    assert refused.status_code == 429
    assert "попросите новый пароль" in refused.content.decode()
    password = issue_password(person, by=Actor.command("test"))
    assert post(client, "pupil", password).status_code == 302


def test_no_more_than_a_hundred_guesses_pass_from_any_number_of_networks():
    passed = 0
    for number in range(300):
        try:
            attempt(address=f"203.{number}.113.9" if number < 256 else f"204.{number - 256}.113.9").failed()
            passed += 1
        except AttemptRefused:
            pass
    assert passed == LIMIT


def test_guessing_changes_no_account():
    person = make_pupil(username="pupil", password="secret")
    before = User.objects.filter(pk=person.pk).values().get()
    fail(LIMIT)
    for _ in range(5):
        assert post(Client(), "pupil", "wrong", address=ATTACKER).status_code == 429
    assert User.objects.filter(pk=person.pk).values().get() == before


def test_unknown_logins_are_counted_like_known_ones(client):
    make_pupil(username="known", password="secret")
    known = [post(elsewhere(client), "known", "x", address=ATTACKER).status_code for _ in range(8)]
    unknown = [post(elsewhere(client), "unknown", "x", address="203.0.114.9").status_code for _ in range(8)]
    assert known == unknown == [200] * 5 + [429] * 3


def test_the_owners_success_forgives_the_own_typos_not_the_guesses_of_others():
    make_pupil(username="pupil", password="secret")
    fail(30, address=ATTACKER)
    fail(4, address=HOME)
    assert post(Client(), "pupil", "secret", address=HOME).status_code == 302
    assert failures(Attempt("pupil", ATTACKER))[Bucket.LOGIN] == 30


def test_from_half_the_limit_on_attempts_are_counted_beforehand_and_a_success_gives_them_back():
    make_pupil(username="pupil", password="secret")
    fail(60)
    one = attempt(address=HOME)
    assert failures(one)[Bucket.LOGIN] == 61
    one.succeeded()
    assert failures(one) == {Bucket.PAIR: 0, Bucket.LOGIN: 60, Bucket.NETWORK: 0}


# Networks


def test_one_password_tried_on_many_logins_stops_at_the_networks_limit():
    answers = []
    for number in range(NETWORK_LIMIT + 5):
        try:
            attempt(f"pupil{number}").failed()
            answers.append("tried")
        except AttemptRefused:
            answers.append("refused")
    with pytest.raises(AttemptRefused) as refusal:
        attempt("another")
    assert 0 < refusal.value.wait <= 600
    assert (answers.count("tried"), answers[-1]) == (NETWORK_LIMIT, "refused")
    attempt("pupil1", address=HOME)


def test_the_schools_own_network_has_room_for_a_thousand_people(school):
    school(local_networks="192.0.2.0/24")
    one = Attempt("pupil", SCHOOL, in_school=True)
    SignInThrottle.objects.create(key=one.keys[Bucket.NETWORK], failures=OWN_NETWORK_LIMIT - 1)
    make_pupil(username="pupil", password="secret")
    assert post(Client(), "pupil", "secret", address=SCHOOL).status_code == 302


def test_a_class_of_thirty_with_typos_gets_in(client):
    school_class, password = make_class(), make_password("secret")
    for number in range(30):
        make_pupil(username=f"pupil{number}", school_class=school_class)
    User.objects.update(password=password)
    for number in range(30):
        for _ in range(4):
            assert post(elsewhere(client), f"pupil{number}", "typo", address=SCHOOL).status_code == 200
    answers = [post(elsewhere(client), f"pupil{number}", "secret", address=SCHOOL).status_code for number in range(30)]
    assert answers == [302] * 30


def test_three_hundred_sign_ins_from_one_address_meet_no_refusal(client):
    school_class, password = make_class(), make_password("secret")
    people = [User(username=f"pupil{number}", surname="П", name="А", password=password) for number in range(300)]
    User.objects.bulk_create(people)
    Enrolment.objects.bulk_create(
        [Enrolment(pupil=person, school_class=school_class, starts=LONG_AGO) for person in User.objects.all()]
    )
    answers = [post(elsewhere(client), f"pupil{number}", "secret", address=SCHOOL).status_code for number in range(300)]
    assert answers == [302] * 300


# Proxies


def address_seen(rf, proxies: int, settings, **headers) -> str:
    settings.TRUSTED_PROXIES = proxies
    return client_address(rf.get("/", **headers))


def test_forwarded_addresses_are_believed_as_far_as_the_schools_proxies_reach(rf, settings):
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 2.2.2.2, 203.0.113.9"}
    assert [address_seen(rf, hops, settings, **forged) for hops in (0, 1, 2, 5)] == [
        "10.0.0.1",
        "203.0.113.9",
        "2.2.2.2",
        "10.0.0.1",
    ]
    assert address_seen(rf, 1, settings, REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="drop table") == "0.0.0.0"
    assert address_seen(rf, 0, settings, REMOTE_ADDR="::ffff:198.51.100.7") == "198.51.100.7"


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_forwarded_address_gives_no_fresh_tries(client, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    make_pupil(username="pupil", password="secret")
    chain = "{}" if proxies == 0 else "{}, 203.0.113.9"
    answers = [
        post(
            elsewhere(client), "pupil", "x", address=ATTACKER, HTTP_X_FORWARDED_FOR=chain.format(f"10.0.{number}.1")
        ).status_code
        for number in range(8)
    ]
    assert answers == [200] * 5 + [429] * 3


def test_behind_a_proxy_people_are_told_apart(settings):
    settings.TRUSTED_PROXIES = 1
    make_pupil(username="pupil", password="secret")
    for _ in range(10):
        post(Client(), "pupil", "x", address="10.0.0.1", HTTP_X_FORWARDED_FOR=ATTACKER)
    assert post(Client(), "pupil", "secret", address="10.0.0.1", HTTP_X_FORWARDED_FOR=HOME).status_code == 302


# What is kept


def test_no_login_and_no_address_stands_in_the_table():
    fail(3, login="petrovaas")
    kept = "".join(map(str, SignInThrottle.objects.values_list()))
    assert "petrova" not in kept
    assert "203.0" not in kept


def test_the_table_is_swept_while_failures_are_counted():
    fail(2, login="old")
    wait_out(2 * 24 * 60 * 60)
    assert SignInThrottle.objects.count() == 3
    fail(1, login="new", address=HOME)
    assert SignInThrottle.objects.count() == 3
    assert failures(Attempt("old", ATTACKER)) == {Bucket.PAIR: 0, Bucket.LOGIN: 0, Bucket.NETWORK: 0}


def test_without_failures_nothing_is_written_and_one_query_asked():
    with CaptureQueriesContext(connection) as queries:
        attempt().succeeded()
    assert [query["sql"].split(" ", 1)[0] for query in queries] == ["SELECT"]


@pytest.mark.clause("12.1")
def test_guessing_stands_in_the_audit_trail_once(client):
    person = make_pupil(username="pupil", password="secret")
    for _ in range(12):
        post(elsewhere(client), "pupil", "guess", address=ATTACKER)
        wait_out()
    row = AuditEntry.objects.get(action="sign_in.guessing")
    assert (row.object_type, row.object_id, row.address, row.actor) == ("accounts.user", str(person.pk), ATTACKER, None)
    assert (row.changes, row.basis) == ({"failures": [None, 10]}, "Подбор под одним логином из одной сети")


def test_guessing_of_an_unknown_login_is_recorded_without_the_login(client):
    for _ in range(11):
        post(elsewhere(client), "ktozhetut", "guess", address=ATTACKER)
        wait_out()
    row = AuditEntry.objects.get(action="sign_in.guessing")
    assert row.object_type == "accounts.signinthrottle"
    assert "ktozhetut" not in str(AuditEntry.objects.values_list())


def test_an_open_session_is_no_place_to_guess(client):
    sign_in(client, make_pupil(username="pupil", password="secret"))
    for _ in range(FREE_FAILURES):
        client.post("/account/confirm/", {"password": "guess"}, REMOTE_ADDR=HOME)
    refused = client.post("/account/confirm/", {"password": "secret"}, REMOTE_ADDR=HOME)
    assert "Слишком много неудачных попыток" in refused.content.decode()


# At once


def in_parallel(number: int, work) -> list:
    """What `work(i)` gave in so many threads that began together, each with a connection of its own."""
    start, results = threading.Barrier(number), [None] * number

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = work(index)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_thirty_people_at_once_from_one_address_all_get_in():
    school_class = make_class()
    for number in range(30):
        make_pupil(username=f"pupil{number}", school_class=school_class, password="secret")
    answers = in_parallel(30, lambda number: post(Client(), f"pupil{number}", "secret", address=SCHOOL).status_code)
    assert answers == [302] * 30


@pytest.mark.django_db(transaction=True)
def test_failures_at_once_are_all_counted():
    def one_failure(number: int) -> None:
        Attempt("pupil", f"203.0.{number}.9").failed()

    in_parallel(20, one_failure)
    assert SignInThrottle.objects.get(key=Attempt("pupil", HOME).login_key).failures == 20


@pytest.mark.django_db(transaction=True)
def test_of_guesses_at_once_after_a_wait_one_passes():
    fail(FREE_FAILURES)

    def one_guess(number: int) -> bool:
        try:
            attempt()
        except AttemptRefused:
            return False
        return True

    assert sum(in_parallel(10, one_guess)) == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_from_many_networks_stop_at_the_limit():
    now = timezone.now()
    login_key = Attempt("pupil", HOME).login_key
    SignInThrottle.objects.create(key=login_key, login_key=login_key, failures=LIMIT - 3, last_failure=now)

    def one_guess(number: int) -> bool:
        try:
            attempt(address=f"203.0.{number}.9").failed()
        except AttemptRefused:
            return False
        return True

    assert sum(in_parallel(15, one_guess)) == 3
    assert SignInThrottle.objects.get(key=login_key).failures == LIMIT
