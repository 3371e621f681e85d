"""Availability of elements (5.6): the command, the history, the state on pages, who is told."""

import datetime
import ipaddress

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry, SchoolCard
from eios.lib.outside import OUTSIDE, Rules
from resources import availability
from resources.actions.registry import load_registry
from resources.management.commands import check_availability
from resources.models import Availability, AvailabilityCheck, Element
from tests import personas
from tests.factories import make_administrator, make_check, make_element, make_employee, recognised, sign_in
from tests.lib.test_outside import says, server

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
NOW = timezone.now()
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
OVERVIEW = "/elements/availability/"
HOME = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def people(db):
    load_registry(by=Actor.command("tests"))
    return personas.build()


@pytest.fixture
def enter(client, people):
    def sign(name: str):
        client.force_login(people[name], backend="accounts.backends.PortalBackend")
        return client

    return sign


@pytest.fixture
def own_server(monkeypatch):
    """The command may ask the tests' server: other rules are put in by hand, no setting does it."""

    def allow(resolve=lambda host, port, seconds: ["127.0.0.1"]):
        rules = Rules(is_outside=lambda ip: ip == HOME, resolve=resolve, connect=1, read=0.5, total=2)
        monkeypatch.setattr(check_availability.Command, "rules", rules)

    return allow


def run(capsys, *args) -> str:
    call_command("check_availability", *args)
    return capsys.readouterr().out.strip()


# The command


@pytest.mark.clause("5.6")
def test_the_command_asks_outside_web_addresses_and_writes_history(own_server, capsys):
    own_server()
    with server(says("HTTP/1.1 200 OK\n\n")) as (port, heads), server(says("HTTP/1.1 500 Oops\n\n")) as (bad, _):
        one, two = (make_element(name=f"Э{n}", address=f"http://сайт.тест:{port}/same") for n in (1, 2))
        part = make_element(name="Часть", parent=one, closure=None, address=f"http://part.test:{bad}/")
        make_element(name="Почта", address="mailto:a@b.ru")
        make_element(name="Без адреса", address="")
        make_element(name="Раздел", kind="built_in", address="/here/")
        inside = make_element(name="Внутри", address="http://10.0.0.1.nip.test/")
        own_server(lambda host, *rest: ["10.0.0.1"] if host.startswith("10.") else ["127.0.0.1"])
        line = run(capsys)
    assert line == (
        f"Проверено элементов: 4, работают: 2, не работают: 1 ({part.slug}), не проверяются: 1. "
        "Удалено старых записей: 0."
    )
    assert [head.splitlines()[1] for head in heads] == [f"Host: xn--80aswg.xn--e1aybc:{port}"]
    assert dict(AvailabilityCheck.objects.values_list("element", "outcome")) == {
        one.pk: "works", two.pk: "works", part.pk: "error", inside.pk: "refused",
    }  # fmt: skip
    check = AvailabilityCheck.objects.get(element=part)
    assert (check.status, check.certificate_until) == (500, None)
    assert check.detail == "Сайт отвечает ошибкой (ответ 500)."


def test_the_command_takes_slugs_and_refuses_unknown_ones(own_server, capsys):
    own_server()
    with server(says("HTTP/1.1 200 OK\n\n")) as (port, _):
        chosen, other = (make_element(address=f"http://site.test:{port}/{n}") for n in (1, 2))
        assert run(capsys, chosen.slug).startswith("Проверено элементов: 1, работают: 1,")
    assert list(AvailabilityCheck.objects.values_list("element", flat=True)) == [chosen.pk]
    with pytest.raises(CommandError, match=r"Нет внешних элементов с веб-адресом: zzz\."):
        call_command("check_availability", other.slug, "zzz")


def test_no_setting_opens_the_inside(capsys):
    """The command as it is installed, and a server that does listen at home."""
    assert check_availability.Command.rules is OUTSIDE
    with server(says("HTTP/1.1 200 OK\n\n")) as (port, heads):
        make_element(address=f"http://127.0.0.1:{port}/")
        assert "не проверяются: 1" in run(capsys)
    assert heads == []


def test_where_nobody_answers_the_portal_itself_is_cut_off(monkeypatch):
    def unreachable(host, port, seconds):
        raise OSError

    monkeypatch.setattr(check_availability.Command, "rules", Rules(resolve=unreachable))
    for number in range(3):
        make_element(address=f"http://site{number}.test/")
    with pytest.raises(CommandError, match="нет выхода в интернет"):
        call_command("check_availability")
    assert (AvailabilityCheck.objects.count(), Availability.objects.count()) == (0, 0)


def test_old_checks_are_forgotten_and_the_state_is_kept(own_server, capsys):
    own_server()
    old = make_element(address="http://gone.test/", kind="built_in")
    for days in (200, 91, 89):
        make_check(old, at=NOW - days * DAY)
    assert run(capsys) == (
        "Проверено элементов: 0, работают: 0, не работают: 0, не проверяются: 0. Удалено старых записей: 2."
    )
    assert (AvailabilityCheck.objects.count(), Availability.objects.count()) == (1, 1)


# The state


def test_the_second_failure_in_a_row_is_a_failure_and_public_pages_change_only_then():
    element = make_element(address="https://site.test/")
    course = [
        # outcome, what the card says, does the card change
        ("works", "работает", True),
        ("works", "работает", False),
        ("silent", "одна проверка не удалась", True),
        ("silent", "не отвечает с", True),
        ("silent", "не отвечает с", False),
        ("distrusted", "сертификат не принят с", True),
        ("works", "работает", True),
        ("error", "одна проверка не удалась", True),
        ("works", "работает", True),
        ("refused", "не проверяется", True),
    ]
    seen = []
    for number, (outcome, *_) in enumerate(course):
        before = SchoolCard.current().public_version
        make_check(element, outcome, at=NOW + number * HOUR)
        said = availability.shown(Element.objects.select_related("availability").get(pk=element.pk)).words
        seen.append((outcome, said.split(" с ")[0] + (" с" if " с " in said else ""),
                     SchoolCard.current().public_version != before))  # fmt: skip
    assert seen == course
    down = AuditEntry.objects.filter(object_id=str(element.pk), action__startswith="availability").order_by("pk")
    assert list(down.values_list("action", flat=True)) == ["availability.down", "availability.up"]


def test_a_new_address_begins_anew():
    element = make_element(address="https://old.test/")
    make_check(element, "silent", at=NOW - 2 * HOUR)
    make_check(element, "silent", at=NOW - HOUR)
    element.address = "https://new.test/"
    element.save()
    assert availability.shown(Element.objects.select_related("availability").get(pk=element.pk)) is None
    assert Availability.objects.down().count() == 0
    state = make_check(element, "silent", at=NOW)
    assert (state.in_a_row, state.since, state.is_down) == (1, NOW, False)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (22, ""), (21, "сертификат истекает через 21 день"), (2, "сертификат истекает через 2 дня"),
        (0, "сертификат истекает сегодня"), (-1, "сертификат истёк"),
    ],
)  # fmt: skip
def test_a_certificate_that_ends_soon_is_told(days, words):
    element = make_element(address="https://site.test/")
    make_check(element, until=TODAY + days * DAY)
    element = Element.objects.select_related("availability").get(pk=element.pk)
    assert availability.shown(element).certificate == words


# Who is told


@pytest.mark.parametrize(
    ("hours", "failures", "told"), [(3, 2, True), (1, 2, False), (3, 1, False), (3, 0, False)]
)  # fmt: skip
def test_administrators_are_told_of_what_is_down_for_two_hours(people, hours, failures, told):
    own, other = (make_element(name=name, address="https://site.test/") for name in ("Свой", "Чужой"))
    part = make_element(parent=own, closure=None, address="https://part.test/")
    keeper = make_administrator(own, people["librarian"])
    make_administrator(part, keeper)
    for element in (own, other, part):
        make_check(element, at=NOW - 5 * HOUR)
        for number in range(failures):
            make_check(element, "silent", at=NOW - (hours * HOUR if number == 0 else 0 * HOUR))
    texts = {
        name: [one.text for one in waiting_for(recognised(person), TODAY) if "двух часов" in one.text]
        for name, person in (("admin", people["admin"]), ("keeper", keeper), ("teacher", people["teacher"]))
    }
    every, mine = "Не работают больше двух часов: 3 элемента", "Не работают больше двух часов: 2 элемента"
    assert texts == {"admin": [every] if told else [], "keeper": [mine] if told else [], "teacher": []}


# Pages


@pytest.mark.clause("5.6")
def test_a_card_says_plainly_whether_the_site_works(client, people):
    element = make_element(slug="down", closure=0, address="https://site.test/")
    page = "/elements/down/"
    assert "проверен " not in client.get(page).content.decode()
    for hours in (3, 1):
        make_check(element, "silent", at=NOW - hours * HOUR, until=TODAY)
    text = client.get(page).content.decode()
    assert f"не отвечает с {availability.moment(NOW - 3 * HOUR)}" in text
    assert f"проверен {availability.moment(NOW - HOUR)}" in text
    assert "сертификат" not in text
    sign_in(client, people["admin"])
    assert "сертификат истекает сегодня" in client.get(page).content.decode()


def test_availability_list_is_for_the_system_administrator(enter):
    bad = make_element(name="Сломанный", address="https://bad.test/")
    good = make_element(name="Исправный", address="https://good.test/")
    make_element(name="Письмо", address="mailto:a@b.ru")
    for hours in (2, 1):
        make_check(bad, "silent", at=NOW - hours * HOUR)
    make_check(good, until=TODAY + 3 * DAY)
    page = enter("admin").get(OVERVIEW).content.decode()
    assert page.index("Сломанный") < page.index("Исправный")
    assert ("Письмо" in page, "сертификат истекает через 3 дня" in page) == (False, True)
    client = enter("admin")
    for query, found in (
        ("state=down", (True, False)), ("state=works", (False, True)), ("state=certificate", (False, True)),
        ("state=unchecked", (False, False)), ("q=ИСПРАВНЫЙ", (False, True)), ("state=zzz", (True, True)),
    ):  # fmt: skip
        page = client.get(f"{OVERVIEW}?{query}").content.decode()
        assert (query, ("Сломанный" in page, "Исправный" in page)) == (query, found)
    for name in ("director", "teacher", "pupil"):
        answer = enter(name).get(OVERVIEW)
        assert (answer.status_code, "Сломанный" in answer.content.decode()) == (403, False)


def test_desk_availability_shows_the_own_history_with_a_chart(client, people):
    own, other = (make_element(slug=slug, address="https://site.test/") for slug in ("own", "other"))
    keeper = make_administrator(own, people["librarian"])
    make_administrator(other, people["teacher"])
    for hours, outcome in ((4, "works"), (3, "silent"), (2, "works"), (1, "refused")):
        make_check(own, outcome, at=NOW - hours * HOUR)
        make_check(other, outcome, at=NOW - hours * HOUR, detail="Чужая тайна")
    sign_in(client, keeper)
    text = client.get("/desk/own/availability/").content.decode()
    assert ("2 из&nbsp;3 проверок" in text, "(66&nbsp;%)" in text) == (True, True)
    assert text.count("<rect") == 3
    assert "3 проверки, неудачных: 1; обычное время ответа 0,24 с" in text
    assert client.get("/desk/other/availability/").status_code == 404
    assert "/desk/own/availability/" in client.get("/desk/own/history/").content.decode()


@pytest.mark.parametrize("page", [OVERVIEW, "/desk/own/availability/"])
def test_constant_queries(client, django_assert_max_num_queries, people, page):
    own = make_element(slug="own", address="https://site.test/")
    admin = people["admin"]
    sign_in(client, admin)

    def queries() -> int:
        with django_assert_max_num_queries(40) as found:
            assert client.get(page).status_code == 200
        return len(found)

    make_check(own, at=NOW - 90 * HOUR)
    queries()
    few = queries()
    for number in range(30):
        make_check(make_element(name=f"Ещё {number}", address=f"https://site{number}.test/"), at=NOW)
        make_check(own, at=NOW - (60 - number) * HOUR)
    queries()
    assert queries() == few


def test_an_employee_who_administers_nothing_waits_for_nothing():
    element = make_element(address="https://site.test/")
    for hours in (5, 0):
        make_check(element, "silent", at=NOW - hours * HOUR)
    assert [one for one in waiting_for(recognised(make_employee()), TODAY) if "двух часов" in one.text] == []
