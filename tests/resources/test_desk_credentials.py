"""Logins of an element at its administrator's desk: list, issuing, renewing, slips, what is to be closed outside."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry, Block, Notification, User
from resources.actions import credentials, issuing
from resources.actions.registry import load_registry
from resources.models import ExternalCredential, PoolAccount
from tests.factories import (
    confirm_again,
    make_administrator,
    make_class,
    make_credential,
    make_edition,
    make_element,
    make_employee,
    make_person,
    make_pool_account,
    make_pupil,
    recognised,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
YESTERDAY = TODAY - datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=COMMAND)
    return make_edition()


@pytest.fixture
def element():
    return make_element(name="Учи", slug="uchi")


@pytest.fixture
def administrator(client, element) -> User:
    """Signed in, and has just confirmed who it is."""
    person = make_administrator(element, make_employee(surname="Админова"))
    sign_in(client, person)
    confirm_again(client)
    return person


def page(name: str, *keys) -> str:
    return reverse(f"resources:{name}", args=["uchi", *keys])


def told(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


# The list


def test_the_list_names_people_and_states_and_no_password(client, element, administrator):
    pupil = make_pupil(surname="Ёлкина", name="Вера", school_class=make_class(grade=7))
    make_credential(element, pupil, login="yolkina", password="Тайна-29")
    make_credential(element, make_pupil(surname="Записин"), login="own", source="noted")
    make_credential(make_element(), make_pupil(surname="Чужов"), login="alien")
    html = client.get(page("desk_credentials")).content.decode()
    seen = [
        word in html
        for word in ("Ёлкина Вера", str(make_class(grade=7)), "yolkina", "действуют", "Тайна-29", "Записин", "Чужов")
    ]
    assert seen == [True, True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Бывший", "Ёлкина", "Закрытов", "Открыл", "Прошлый"]),
        ("?state=valid", ["Бывший", "Ёлкина", "Открыл"]),
        ("?state=unseen", ["Бывший", "Ёлкина"]),
        ("?state=expired", ["Прошлый"]),
        ("?state=ended", ["Закрытов"]),
        ("?state=close", ["Бывший", "Закрытов", "Прошлый"]),
        ("?state=nonsense", ["Бывший", "Ёлкина", "Закрытов", "Открыл", "Прошлый"]),
        ("?q=елкин", ["Ёлкина"]),
        ("?school_class=%s", ["Ёлкина"]),
    ],
)
def test_filters(client, element, administrator, query, found):
    seventh = make_class(grade=7)
    now = datetime.datetime.now(datetime.UTC)
    make_credential(element, make_pupil(surname="Ёлкина", school_class=seventh))
    make_credential(element, make_pupil(surname="Открыл"), revealed_at=now)
    make_credential(element, make_pupil(surname="Прошлый"), expires_on=YESTERDAY)
    make_credential(element, make_pupil(surname="Закрытов"), ended_at=now, end_reason="Ушёл")
    make_credential(element, make_pupil(surname="Бывший", ends=YESTERDAY))
    address = page("desk_credentials") + (query % seventh.pk if "%s" in query else query)
    rows = client.get(address).context["rows"]
    assert [row.credential.person.surname for row in rows] == found


def test_the_lists_cost_the_same_for_any_number(client, element, administrator, django_assert_num_queries):
    pages = [page("desk_credentials"), page("desk_tasks"), reverse("resources:desk_task_list")]
    school_class = make_class()
    pages.append(reverse("resources:class_logins", args=[school_class.pk]))
    make_employee_of(administrator, school_class)
    costs = []
    for number in (1, 29):
        for _ in range(number):
            make_credential(element, make_pupil(school_class=school_class), expires_on=YESTERDAY)
        client.get(pages[0])
        costs.append([_queries(client, address) for address in pages])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12


def make_employee_of(person: User, school_class) -> None:
    """The person leads the class, too."""
    person.appointments.update(position=make_employee(position="class_teacher").appointments.get().position)
    person.appointments.update(school_class=school_class)


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_anothers_element_is_not_found(client, administrator):
    other = make_element(slug="other", name="Чужой")
    row = make_credential(other, make_pupil(), login="alien")
    names = ["desk_credentials", "desk_credentials_export", "desk_credentials_issue", "desk_credentials_slips",
             "desk_tasks", "desk_tasks_close"]  # fmt: skip
    addresses = [reverse(f"resources:{name}", args=["other"]) for name in names]
    of_one = ("", "_reissue", "_term", "_revoke", "_link")
    addresses += [reverse(f"resources:desk_credential{end}", args=["other", row.pk]) for end in of_one]
    # The own element's address with the key of another element's row
    addresses += [page(f"desk_credential{end}", row.pk) for end in of_one]
    assert {client.get(address).status_code for address in addresses} == {404}
    client.post(page("desk_credential_revoke", row.pk), {"end_reason": "x"})
    client.post(page("desk_tasks_close"), {"credential": [row.pk]})
    slips = client.post(page("desk_credentials_slips"), {"credential": [row.pk]})
    assert (slips.status_code, ExternalCredential.objects.standing().count()) == (302, 1)


def test_the_file_has_states_and_no_passwords(client, element, administrator):
    make_credential(element, make_pupil(surname="Ёлкина"), login="=yolkina", password="Тайна-29")
    answer = client.get(page("desk_credentials_export"))
    rows = rows_of(answer.content)
    cells = [str(cell) for row in rows for cell in row]
    assert ("=yolkina" in cells, any("Тайна-29" in cell for cell in cells)) == (True, False)
    assert told("external_credentials.exported") == 1


def rows_of(content: bytes) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


# Issuing


@pytest.mark.clause("5.4")
def test_a_login_is_issued_to_a_person_found_by_name(client, element, administrator):
    pupil = make_pupil(surname="Ёлкина", email="y@example.org")
    make_credential(element, make_pupil(surname="Елкин"))
    found = client.get(page("desk_credentials_issue") + "?q=елк").context["people"]
    assert [person.pk for person, _ in found] == [pupil.pk]
    address = f"{page('desk_credentials_issue')}?person={pupil.pk}"
    form = {"login": "yolkina", "way": "typed", "password": "Тайна-29", "expires_on": "2099-06-30"}
    assert client.post(address, form).status_code == 302
    row = ExternalCredential.objects.get(person=pupil)
    assert (row.source, row.unseal(), str(row.expires_on)) == ("typed", "Тайна-29", "2099-06-30")
    assert Notification.objects.get(person=pupil).url == "/cabinet/logins/"
    assert client.get(address).status_code == 404


def test_a_password_made_here_is_shown_to_its_issuer_once(client, element, administrator):
    pupil = make_pupil()
    address = f"{page('desk_credentials_issue')}?person={pupil.pk}"
    html = client.post(address, {"login": "yolkina", "way": "made"}).content.decode()
    row = ExternalCredential.objects.get(person=pupil)
    assert (row.source, row.unseal() in html, row.revealed_at) == ("generated", True, None)
    assert row.unseal() not in client.get(page("desk_credential", row.pk)).content.decode()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"login": "", "way": "made"}, "Обязательное поле"),
        ({"login": "a", "way": "typed"}, "Введите пароль"),
        ({"login": "a", "way": "made", "password": "Тайна-29"}, "оставьте что-нибудь одно"),
        ({"login": "a", "way": "made", "expires_on": "2001-01-01"}, "Срок уже прошёл"),
    ],
)
def test_what_is_refused_when_issuing(client, element, administrator, form, says):
    address = f"{page('desk_credentials_issue')}?person={make_pupil().pk}"
    html = client.post(address, form).content.decode()
    assert (says in html, "Тайна-29" in html, ExternalCredential.objects.count()) == (True, False, 0)


def test_nobody_gets_a_login_who_left_or_is_blocked(client, administrator):
    blocked = make_pupil()
    Block.objects.create(person=blocked, reason="x")
    for person in (make_pupil(ends=YESTERDAY), make_person(), blocked):
        assert client.get(f"{page('desk_credentials_issue')}?person={person.pk}").status_code == 404


@pytest.mark.parametrize("name", ["desk_credentials_issue", "desk_credentials_slips", "desk_credential_reissue"])
def test_pages_with_passwords_ask_who_it_is(client, element, name):
    row = make_credential(element, make_pupil())
    sign_in(client, make_administrator(element, make_employee()))
    address = page(name, row.pk) if name == "desk_credential_reissue" else page(name)
    form = {"credential": [row.pk], "login": "a", "way": "typed", "password": "Тайна-29", "reason": "x"}
    assert {ask(address, form).url.split("?")[0] for ask in (client.get, client.post)} == {"/account/confirm/"}
    assert (ExternalCredential.objects.count(), "Тайна-29" in str(dict(client.session))) == (1, False)


def test_issued_anew_the_former_ends(client, element, administrator):
    now = datetime.datetime.now(datetime.UTC)
    pupil = make_pupil()
    former = make_credential(element, pupil, login="old", password="Старая", revealed_at=now)
    form = {"login": "old", "way": "typed", "password": "Новая-29", "reason": "Забыт"}
    client.post(page("desk_credential_reissue", former.pk), form)
    former.refresh_from_db()
    row = ExternalCredential.objects.standing().get()
    assert (row.unseal(), row.revealed_at, former.end_reason, former.sealed) == ("Новая-29", None, "Забыт", "")
    assert client.get(page("desk_tasks")).context["rows"] == []
    client.post(page("desk_credential_reissue", row.pk), form | {"login": "other"})
    assert [one.credential.login for one in client.get(page("desk_tasks")).context["rows"]] == ["old"]


def test_one_out_of_a_pool_is_not_issued_anew(client, element, administrator):
    account = make_pool_account(element, state="given")
    row = make_credential(element, make_pupil(), source="pool", pool_account=account)
    form = {"login": "x", "way": "made", "reason": "Забыт"}
    assert client.post(page("desk_credential_reissue", row.pk), form).url == page("desk_credential", row.pk)
    assert ExternalCredential.objects.get().ended_at is None


def test_the_term_is_changed_and_the_login_revoked(client, element, administrator):
    row = make_credential(element, make_pupil())
    client.post(page("desk_credential_term", row.pk), {"expires_on": "2099-06-30"})
    assert (
        "Срок уже прошёл"
        in client.post(page("desk_credential_term", row.pk), {"expires_on": "2001-01-01"}).content.decode()
    )
    row.refresh_from_db()
    assert str(row.expires_on) == "2099-06-30"
    assert client.post(page("desk_credential_revoke", row.pk), {"end_reason": ""}).status_code == 200
    client.post(page("desk_credential_revoke", row.pk), {"end_reason": "Перешёл"})
    row.refresh_from_db()
    assert (row.end_reason, row.ended_by) == ("Перешёл", administrator)
    client.post(page("desk_credential_revoke", row.pk), {"end_reason": "Ещё раз"})
    assert (told("external_credential.term_changed"), told("external_credential.ended")) == (1, 1)


# Paper


@pytest.mark.clause("9.7")
def test_slips_are_printed_of_what_owners_have_not_seen(client, element, administrator):
    now = datetime.datetime.now(datetime.UTC)
    unseen = make_credential(element, make_pupil(surname="Ёлкина"), password="Тайна-29")
    seen = make_credential(element, make_pupil(), password="Видел-29", revealed_at=now)
    ended = make_credential(element, make_pupil(), password="Конец-29", ended_at=now, end_reason="x")
    late = make_credential(element, make_pupil(), password="Срок-29", expires_on=YESTERDAY)
    noted = make_credential(element, make_pupil(), password="Своя-29", source="noted")
    keys = [one.pk for one in (unseen, seen, ended, late, noted)]
    before = client.get(page("desk_credentials_slips"), {"credential": keys})
    assert [row.credential.pk for row in before.context["ready"]] == [unseen.pk]
    assert "Тайна-29" not in before.content.decode()
    html = client.post(page("desk_credentials_slips"), {"credential": keys}).content.decode()
    found = [word in html for word in ("Тайна-29", "Ёлкина", "Видел-29", "Конец-29", "Срок-29", "Своя-29")]
    assert found == [True, True, False, False, False, False]
    assert (told("external_credential.printed"), AuditEntry.objects.of(unseen).count()) == (1, 1)


def test_a_missing_key_prints_nothing(client, element, administrator, settings):
    row = make_credential(element, make_pupil())
    settings.FIELD_KEYS = {"new": b"0" * 32}
    answer = client.post(page("desk_credentials_slips"), {"credential": [row.pk]})
    assert (answer.status_code, told("external_credential.printed")) == (503, 0)


# What is to be closed at the platform


@pytest.mark.clause("6.7")
def test_logins_of_people_who_left_are_closed_in_one_step(client, element, administrator):
    left = make_credential(element, make_pupil(surname="Бывший", ends=YESTERDAY))
    expired = make_credential(element, make_pupil(surname="Прошлый"), expires_on=YESTERDAY)
    account = make_pool_account(element, state="given")
    pooled = make_credential(
        element, make_employee(surname="Уволена", ends=YESTERDAY), source="pool", pool_account=account
    )
    blocked = make_pupil(surname="Закрыт")
    Block.objects.create(person=blocked, reason="x")
    make_credential(element, blocked)
    make_credential(element, make_pupil(surname="Записал", ends=YESTERDAY), source="noted")
    last_day = make_credential(element, make_pupil(surname="Последний", ends=TODAY), expires_on=TODAY)
    rows = client.get(page("desk_tasks")).context["rows"]
    assert [row.credential.pk for row in rows] == [left.pk, expired.pk, pooled.pk]
    assert [item.text[:30] for item in waiting_for(recognised(administrator), TODAY) if item.icon == "key"] == [
        "Закройте на платформах 3 входа"
    ]
    keys = [left.pk, expired.pk, pooled.pk, last_day.pk]
    assert len(client.get(page("desk_tasks_close"), {"credential": keys}).context["rows"]) == 3
    client.post(page("desk_tasks_close"), {"credential": keys})
    for row in (left, expired, pooled):
        row.refresh_from_db()
        assert (row.ended_at is not None, row.closed_outside_by, row.sealed) == (True, administrator, "")
    account.refresh_from_db()
    assert (account.state, left.end_reason, expired.end_reason) == (
        PoolAccount.State.CLOSED, "Человек больше не в школе", "Срок истёк",
    )  # fmt: skip
    assert ExternalCredential.objects.get(pk=last_day.pk).ended_at is None
    client.post(page("desk_tasks_close"), {"credential": keys})
    assert told("external_credential.closed_outside") == 3


def test_whose_tasks_are_counted(client, element):
    make_credential(element, make_pupil(ends=YESTERDAY))
    system, other = make_employee(position="system_administrator"), make_employee()
    make_administrator(make_element(), other)

    def counted(person: User) -> list[str]:
        fresh = User.objects.get(pk=person.pk)
        return [item.url for item in waiting_for(recognised(fresh), TODAY) if "латформ" in item.text]

    assert (counted(system), counted(other)) == (["/desk/tasks/"], [])
    named = make_administrator(element, make_employee())
    assert (counted(named), counted(system)) == (["/desk/tasks/"], [])
    named.appointments.update(ends=YESTERDAY)
    assert counted(system) == ["/desk/tasks/"]
    sign_in(client, User.objects.get(pk=system.pk))
    assert len(client.get("/desk/tasks/").context["rows"]) == 1


# The class teacher


@pytest.mark.clause("9.6")
def test_a_class_teacher_sees_states_only(client, element):
    school_class = make_class(grade=7)
    make_credential(
        element, make_pupil(surname="Ёлкина", school_class=school_class), login="yolkina", password="Тайна-29"
    )
    make_credential(make_element(name="Своя"), make_pupil(school_class=school_class), login="own", source="noted")
    sign_in(client, make_employee(position="class_teacher", school_class=school_class))
    address = reverse("resources:class_logins", args=[school_class.pk])
    html = client.get(address).content.decode()
    words = ("Ёлкина", "Учи", "действуют", "yolkina", "Тайна-29", "Своя")
    assert [word in html for word in words] == [True, True, True, False, False, False]
    sign_in(client, make_employee(position="class_teacher", school_class=make_class(grade=8)))
    assert client.get(address).status_code == 404


@pytest.mark.clause("5.4")
def test_each_has_a_login_of_ones_own(element, administrator):
    """One that another person holds there, or that waits in a pool, is refused; the same person may get it again."""
    by, pupil = Actor(administrator, None, "x"), make_pupil()
    make_pool_account(element, login="pool-1")
    held = issuing.issue_to(element, pupil, login="petrov", password="Тайна-30", by=by).credential
    for login in ("petrov", "pool-1"):
        with pytest.raises(ValidationError, match="у каждого логин свой"):
            issuing.issue_to(element, make_employee(), login=login, password="Тайна-31", by=by)
    again = issuing.reissue(held, login="petrov", reason="Забыт", password="Тайна-32", by=by).credential
    assert list(ExternalCredential.objects.standing().values_list("pk", "login")) == [(again.pk, "petrov")]


def test_the_history_names_the_minute_a_login_ended(client, element, administrator):
    issued = make_credential(element, make_pupil())
    credentials.end(issued, "Выбыл", by=COMMAND)
    issued.refresh_from_db()
    said = f"{timezone.localtime(issued.ended_at):%d.%m.%Y %H:%M}"
    assert said in client.get(page("desk_history")).content.decode()


def test_the_overview_counts_what_its_links_show(client, element, administrator):
    make_credential(element, make_pupil(), source="noted")
    make_credential(element, make_pupil(), login="petrov", expires_on=YESTERDAY)
    figures = {one.title: (one.number, one.url) for one in client.get(page("desk_element")).context["figures"]}
    assert figures["Учётные данные выданы"] == (1, page("desk_credentials"))
    assert figures["Закрыть на платформе"] == (1, page("desk_tasks"))
    assert len(client.get(page("desk_tasks")).context["rows"]) == 1


def test_nothing_is_printed_of_the_blocked_and_of_those_who_left(client, element, administrator):
    blocked, left = make_pupil(surname="Запертая"), make_pupil(surname="Ушедшая", ends=datetime.date(2025, 5, 31))
    Block.objects.create(person=blocked, reason="Пароль подсмотрели")
    keys = [make_credential(element, one, login=one.username).pk for one in (blocked, left)]
    answer = client.post(page("desk_credentials_slips"), {"credential": keys})
    assert (answer.url, told("external_credential.printed")) == (page("desk_credentials"), 0)


def test_a_key_in_the_address_that_is_none_is_passed_over(client, administrator):
    for key in ("9" * 5000, "²", "٣", "-1"):
        assert client.get(page("desk_credentials_issue"), {"person": key}).status_code == 200
