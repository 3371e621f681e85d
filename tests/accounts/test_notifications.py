"""The inbox: who is told what and how often, what letters about it may say, the pages."""

import datetime
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocking import block, unblock
from accounts.actions.notifications import choose_mail, notify
from accounts.actions.passwords import issue_password, keep_issued_password, set_own_password
from accounts.actions.sessions import reset_second_factor
from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Block, Enrolment, Mail, Notification, NotificationChoice, OutgoingLetter, User
from accounts.notifications import NotificationKind, digest, kind_of, mail_choices
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_employee,
    make_notification,
    make_parent,
    make_person,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
INBOX, SETTINGS = "/notifications/", "/notifications/settings/"
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def orders(monkeypatch):
    """A kind of another part of the portal, with nothing but its title and group."""
    kinds = {"security": NOTIFICATION_KINDS["security"], "orders": NotificationKind("Приказы", "Школа")}
    monkeypatch.setattr(NOTIFICATION_KINDS, "_entries", kinds)


@pytest.fixture
def site(db):
    load_registry(by=COMMAND)


def inbox(person: User) -> list[str]:
    return list(person.notifications.order_by("pk").values_list("text", flat=True))


def letters(person: User) -> list[tuple]:
    return list(person.outgoing_letters.order_by("pk").values_list("subject", "body", "state"))


def shown(client, page: str) -> list[str]:
    return [row.text for row, _ in client.get(page).context["lines"]]


# Telling


def test_one_is_told_once_of_one_event(orders):
    teacher = make_employee(email="teacher@example.org")
    director = make_employee(position="director")
    by = Actor(director, "192.0.2.7", "director")
    told = [
        notify([teacher], "orders", key=key, by=by, text=text, url="/orders/7/")
        for key, text in (("order:7", "Исполнен приказ № 7"), ("order:7", "Ещё раз"), ("order:8", "Приказ № 8"))
    ]
    assert (told, inbox(teacher)) == ([1, 0, 1], ["Исполнен приказ № 7", "Приказ № 8"])
    row = teacher.notifications.earliest("pk")
    assert (row.kind, row.url, row.by, row.read_at) == ("orders", "/orders/7/", director, None)


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_tell_once_of_one_event():
    teacher, start, failures = make_employee(email="teacher@example.org"), threading.Barrier(20), []

    def tell():
        try:
            start.wait(10)
            notify([teacher], "security", letter="password", key="password:1", by=COMMAND)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, len(inbox(teacher)), len(letters(teacher))) == ([], 1, 1)


@pytest.mark.clause("6.7")
def test_whose_account_is_closed_is_told_nothing(school):
    school(parents_have_cabinets=False)
    alive, superuser = make_pupil(email="a@example.org"), make_person(is_superuser=True)
    blocked = make_pupil(email="blocked@example.org")
    Block.objects.create(person=blocked, reason="Проверка")
    gone, nobody = make_employee(ends=TODAY - DAY, email="gone@example.org"), make_person(email="nobody@example.org")
    parent = make_parent(child=alive, email="parent@example.org")
    people = [alive, superuser, blocked, gone, nobody, parent]
    assert notify(people, "security", letter="password", key="event", by=COMMAND) == 2
    assert {row.person for row in Notification.objects.all()} == {alive, superuser}
    assert [letter.person for letter in OutgoingLetter.objects.all()] == [alive]


def test_a_query_set_of_people_is_told_like_a_list():
    school_class = make_class(grade=8)
    pupils = [make_pupil(school_class=school_class) for _ in range(3)]
    make_pupil(school_class=make_class(grade=7))
    people = User.objects.in_classes([school_class], TODAY)
    assert notify(people, "security", key="event", by=COMMAND, text="Всем") == 3
    assert {row.person for row in Notification.objects.all()} == set(pupils)


def test_a_thousand_people_cost_as_many_queries_as_ten(on_postgresql):
    few, many = (cost_of_telling(number) for number in (10, 1000))
    # SQLite takes a thousand values in one statement: beyond that inserts come in batches of a hundred rows and more.
    assert many <= few + (0 if on_postgresql else 25)


def cost_of_telling(number: int) -> int:
    school_class = make_class()
    people = User.objects.bulk_create(
        User(username=f"p{number}.{each}", surname="Ёлкина", name="Вера", email="pupil@example.org")
        for each in range(number)
    )
    Enrolment.objects.bulk_create(Enrolment(pupil=one, school_class=school_class, starts=TODAY) for one in people)
    with CaptureQueriesContext(connection) as queries:
        assert notify(people, "security", letter="password", key="password", by=COMMAND) == number
    assert OutgoingLetter.objects.filter(person__in=people).count() == number
    return len(queries)


def test_what_no_caller_may_ask_is_refused():
    pupil = make_pupil()
    with pytest.raises(KeyError):
        notify([pupil], "no-such-kind", key="event", by=COMMAND)
    with pytest.raises(KeyError):
        notify([pupil], "security", letter="no-such-letter", key="event", by=COMMAND)
    for url in ("https://example.org/", "//example.org/", "orders/7/"):
        with pytest.raises(ValueError, match="not a path"):
            notify([pupil], "security", key="event", by=COMMAND, url=url)
    assert inbox(pupil) == []


# Letters


def test_names_stay_in_the_inbox_and_out_of_letters(orders):
    pupil = make_pupil(email="pupil@example.org", surname="Ёлкина", school_class=make_class(grade=8, letter="Б"))
    choose_mail(pupil, {"orders": Mail.NOW})
    text = "Ёлкина Анна Сергеевна переведена в 8 «Б», приказ № 17"
    notify([pupil], "orders", key="order:17", by=COMMAND, text=text, url="/orders/17/")
    assert inbox(pupil) == [text]
    assert letters(pupil) == [
        ("новое в разделе «Приказы»", "На портале вас ждёт новое уведомление: «Приказы».", "waiting")
    ]


def test_a_digest_counts_and_says_no_more(orders):
    words = digest(["orders", "security", "orders"])
    assert words.subject == "непрочитанные уведомления"
    assert words.body == ("На портале вас ждут новые уведомления:\n\n— Безопасность: 1\n— Приказы: 2")


@pytest.mark.parametrize(
    ("mail", "expected"), [(Mail.NOW, (1, False)), (Mail.DIGEST, (0, True)), (Mail.NONE, (0, False)), (None, (0, True))]
)
def test_letters_go_as_the_person_has_chosen(orders, mail, expected):
    teacher, other = make_employee(email="teacher@example.org"), make_employee(email="other@example.org")
    if mail:
        choose_mail(teacher, {"orders": mail})
    choose_mail(other, {"orders": Mail.NONE})
    notify([teacher, other], "orders", key="order:7", by=COMMAND, text="Приказ № 7")
    row = teacher.notifications.get()
    assert (len(letters(teacher)), row.waits_for_digest) == expected
    assert (inbox(other), letters(other)) == (["Приказ № 7"], [])


def test_without_an_address_there_is_the_inbox_only(orders):
    pupil = make_pupil(email="")
    notify([pupil], "security", letter="password", key="password", by=COMMAND)
    notify([pupil], "orders", key="order", by=COMMAND, text="Приказ")
    assert (len(inbox(pupil)), letters(pupil)) == (2, [])
    assert not pupil.notifications.filter(waits_for_digest=True).exists()


def test_every_kind_says_what_it_is_about_and_its_letters_hold_no_place_for_details():
    for _, kind in NOTIFICATION_KINDS.items():
        assert (bool(kind.title), bool(kind.group), kind.mail in Mail) == (True, True, True)
        for name in ("", *kind.letters):
            letter = kind.letter(name)
            assert "" not in (letter.subject, letter.body)
            assert not set("{}%") & set(letter.subject + letter.body)


def test_a_kind_that_is_gone_still_has_its_lines():
    assert kind_of("gone") == NotificationKind("Уведомление", "")


# Security


def event(name: str):
    def set_password(person):
        set_own_password(person, "жираф-кефир-7", by=Actor(person, "192.0.2.7", person.username))

    return {
        "password": set_password,
        "issued": lambda person: issue_password(person, by=COMMAND),
        "factor_reset": lambda person: reset_second_factor(person, by=COMMAND),
        "unblocked": lambda person: (block(person, "Проверка", by=COMMAND), unblock(person, "Всё", by=COMMAND)),
    }[name]


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("name", ["password", "issued", "factor_reset", "unblocked"])
def test_the_owner_hears_of_every_change_of_the_way_in(name):
    person = make_pupil(email="pupil@example.org", last_login=timezone.now())
    event(name)(person)
    event(name)(person)
    letter = NOTIFICATION_KINDS["security"].letters[name]
    assert inbox(person) == [letter.body] * 2
    assert letters(person) == [(letter.subject, letter.body, "waiting")] * 2


@pytest.mark.clause("6.7")
def test_one_who_is_blocked_hears_nothing_until_the_block_is_lifted():
    person = make_pupil(email="pupil@example.org", last_login=timezone.now())
    block(person, "Пароль известен посторонним", by=COMMAND)
    issue_password(person, by=COMMAND)
    assert (inbox(person), letters(person)) == ([], [])


def test_the_first_password_is_no_news():
    newcomer = make_pupil(email="pupil@example.org", must_change_password=True)
    issue_password(newcomer, by=COMMAND)
    keep_issued_password(newcomer, by=COMMAND)
    assert inbox(newcomer) == []


def test_a_change_that_is_rolled_back_tells_nobody():
    person = make_pupil(email="pupil@example.org")
    Block.objects.create(person=person, reason="Проверка")
    with pytest.raises(Exception, match="снимается"):
        unblock(person, " ", by=COMMAND)
    assert inbox(person) == []


# Choices


def test_choices_are_the_own_ones_or_those_of_the_kind(orders):
    teacher, other = make_employee(), make_employee()
    choose_mail(teacher, {"security": Mail.DIGEST, "orders": Mail.NOW})
    choose_mail(teacher, {"security": Mail.NONE})
    assert mail_choices(teacher) == {"security": "none", "orders": "now"}
    assert mail_choices(other) == {"security": "now", "orders": "digest"}
    assert NotificationChoice.objects.count() == 2


def test_notification_settings_keeps_the_choice(site, client, orders):
    teacher, other = make_employee(email="teacher@example.org"), make_employee()
    sign_in(client, teacher)
    page = client.get(SETTINGS)
    assert "teacher@example.org" in page.content.decode()
    groups = page.context["form"].groups()
    assert [(group, [field.name for field in fields]) for group, fields in groups] == [
        ("Учётная запись", ["security"]),
        ("Школа", ["orders"]),
    ]
    answer = client.post(SETTINGS, {"security": "digest", "orders": "none"})
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    assert mail_choices(teacher) == {"security": "digest", "orders": "none"}
    assert mail_choices(other) == {"security": "now", "orders": "digest"}


def test_notification_settings_refuses_what_is_no_choice(site, client):
    sign_in(client, make_employee())
    for wrong in ({"security": "hourly"}, {"no-such-kind": "now"}, {}):
        answer = client.post(SETTINGS, wrong)
        assert (answer.status_code, NotificationChoice.objects.count()) == (200, 0)
        assert answer.context["form"].errors


def test_notification_settings_says_that_there_is_no_address(site, client):
    sign_in(client, make_employee())
    assert "нет адреса электронной почты" in client.get(SETTINGS).content.decode()


# Pages


def test_notification_list_shows_the_own_ones_unread_first(site, client):
    teacher, other = make_employee(), make_employee()
    now = timezone.now()
    for days, text, is_read in ((1, "вчера, прочитано", True), (3, "давно", False), (2, "позавчера", False)):
        made = now - days * DAY
        make_notification(teacher, text=text, created_at=made, read_at=now if is_read else None)
    make_notification(other, text="чужое")
    sign_in(client, teacher)
    assert shown(client, INBOX) == ["позавчера", "давно", "вчера, прочитано"]
    assert shown(client, f"{INBOX}?state=unread") == ["позавчера", "давно"]
    assert shown(client, f"{INBOX}?state=wrong") == ["позавчера", "давно", "вчера, прочитано"]
    assert "чужое" not in client.get(INBOX).content.decode()
    assert Notification.objects.unread().count() == 3


def test_notification_list_names_who_did_it_but_not_oneself(site, client):
    teacher, director = make_employee(), make_employee(position="director", surname="Шевченко", name="Ирина")
    make_notification(teacher, text="сделал директор", by=director)
    make_notification(teacher, text="сделано самим", by=teacher)
    sign_in(client, teacher)
    page = client.get(INBOX).content.decode()
    assert page.count(director.initials) == 1
    assert page.count(f"· {teacher.initials}") == 0


def test_notification_list_escapes_texts(site, client):
    teacher = make_employee()
    make_notification(teacher, text="<script>alert(1)</script>\nвторая строка")
    sign_in(client, teacher)
    page = client.get(INBOX).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>вторая строка" in page
    assert "<script>alert" not in page


def test_notification_list_is_empty_in_words(site, client):
    sign_in(client, make_employee())
    assert "Уведомлений пока нет" in client.get(INBOX).content.decode()
    assert "Всё прочитано" in client.get(f"{INBOX}?state=unread").content.decode()


def test_notification_list_costs_the_same_for_one_line_and_for_thirty(site, client, django_assert_num_queries):
    teacher, director = make_employee(), make_employee(position="director")
    sign_in(client, teacher)
    for number in range(30):
        make_notification(teacher, by=director)
        if number in (0, 29):
            client.get(INBOX)
            with django_assert_num_queries(6):
                assert len(shown(client, INBOX)) == number + 1


def test_notification_open_marks_as_read_and_leads_on(site, client):
    teacher = make_employee()
    plain, leading = make_notification(teacher), make_notification(teacher, url="/account/devices/")
    foreign = make_notification(teacher, url="//evil.example/")
    sign_in(client, teacher)
    assert [client.post(f"{INBOX}{row.pk}/open/")["Location"] for row in (plain, leading, foreign)] == [
        INBOX, "/account/devices/", INBOX,
    ]  # fmt: skip
    assert Notification.objects.unread().count() == 0
    first = Notification.objects.get(pk=plain.pk).read_at
    client.post(f"{INBOX}{plain.pk}/open/")
    assert Notification.objects.get(pk=plain.pk).read_at == first


def test_notification_open_finds_nobody_elses_and_reads_by_post_only(site, client):
    teacher = make_employee()
    row, other = make_notification(teacher), make_notification(make_employee(), text="чужое")
    sign_in(client, teacher)
    assert client.post(f"{INBOX}{other.pk}/open/").status_code == 404
    assert client.get(f"{INBOX}{row.pk}/open/").status_code == 405
    assert Notification.objects.unread().count() == 2


def test_notification_read_all_leaves_what_has_come_since_and_what_is_others(site, client):
    teacher, other = make_employee(), make_employee()
    for _ in range(3):
        make_notification(teacher)
    make_notification(other)
    sign_in(client, teacher)
    up_to = client.get(INBOX).context["up_to"]
    late = make_notification(teacher, text="пришло, пока читали")
    answer = client.post(f"{INBOX}read/", {"up_to": up_to})
    assert (answer.status_code, answer["Location"]) == (302, INBOX)
    assert list(Notification.objects.unread().filter(person=teacher)) == [late]
    assert Notification.objects.unread().filter(person=other).count() == 1


def test_notification_read_all_passes_over_nonsense(site, client):
    teacher = make_employee()
    make_notification(teacher)
    sign_in(client, teacher)
    for nonsense in ({}, {"up_to": "всё"}, {"up_to": "9" * 40}):
        assert client.post(f"{INBOX}read/", nonsense).status_code == 302
    assert Notification.objects.unread().count() == 1


def test_unread_ones_wait_in_the_cabinet_and_stand_in_the_menu(site, client, django_assert_num_queries):
    pupil = make_pupil()
    sign_in(client, pupil)
    client.get("/cabinet/")
    with django_assert_num_queries(6):
        page = client.get("/cabinet/")
    assert [item.count for item in page.context["menu"] if item.url == "/cabinet/"] == [0]
    for _ in range(2):
        make_notification(pupil)
    make_notification(pupil, read_at=timezone.now())
    make_notification(make_pupil())
    client.get("/cabinet/")
    with django_assert_num_queries(6):
        page = client.get("/cabinet/")
    waiting = [(item.text, item.url) for item in page.context["waiting"]]
    assert waiting == [("2 непрочитанных уведомления", INBOX)]
    assert [item.count for item in page.context["menu"] if item.count] == [2]
    assert waiting_for(User.objects.get(pk=pupil.pk), TODAY)[0].text == "2 непрочитанных уведомления"
