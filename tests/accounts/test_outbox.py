"""Letters of the outbox: sent once, tried again, given up; digests; clean-up."""

import datetime
import socket
import threading

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from accounts.actions import outbox
from accounts.actions.notifications import choose_mail, notify
from accounts.actor import Actor
from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Block, Mail, Notification, OutgoingLetter
from accounts.notifications import NotificationKind
from tests.factories import make_employee, make_letter, make_notification, make_person, make_pupil
from tests.mail_server import DROP, serving

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def orders(monkeypatch):
    monkeypatch.setitem(NOTIFICATION_KINDS._entries, "orders", NotificationKind("Приказы", "Школа"))


@pytest.fixture
def letter():
    return make_letter(make_pupil(email="pupil@example.org"))


def states() -> list[str]:
    return list(OutgoingLetter.objects.order_by("pk").values_list("state", flat=True))


def said(capsys) -> str:
    return capsys.readouterr().out.strip()


# What leaves


def test_a_letter_has_no_details_but_leads_to_the_inbox(settings):
    settings.PORTAL_URL = "https://portal.example.ru"
    pupil = make_pupil(email="pupil@example.org", surname="Ёлкина", name="Вера", username="elkinav")
    notify([pupil], "security", letter="password", key="password:1", by=COMMAND, text="Ёлкина Вера, 5 «А»")
    assert outbox.send_letters() == outbox.Tally(sent=1)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["pupil@example.org"], "ЭИОС: изменён пароль")
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert NOTIFICATION_KINDS["security"].letters["password"].body in sent.body
    assert "https://portal.example.ru/notifications/\n" in sent.body
    assert "https://portal.example.ru/notifications/settings/\n" in sent.body
    for detail in ("Ёлкин", "Вера", "elkinav", "5 «А»", str(pupil.pk)):
        assert detail not in sent.subject + sent.body


def test_the_address_is_the_one_of_the_moment_of_sending(letter):
    letter.person.email = "new@example.org"
    letter.person.save()
    outbox.send_letters()
    assert [sent.to for sent in mail.outbox] == [["new@example.org"]]


@pytest.mark.clause("6.7")
def test_one_whose_account_closes_before_the_letter_leaves_gets_none():
    blocked, gone, nameless = (make_employee(email=f"{name}@example.org") for name in ("blocked", "gone", "nameless"))
    for person in (blocked, gone, nameless):
        make_letter(person)
    Block.objects.create(person=blocked, reason="Проверка")
    gone.appointments.update(ends=TODAY - DAY)
    type(nameless).objects.filter(pk=nameless.pk).update(email="")
    assert outbox.send_letters() == outbox.Tally(dropped=3)
    assert (mail.outbox, states()) == ([], ["dropped"] * 3)
    assert set(OutgoingLetter.objects.values_list("trouble", flat=True)) == {outbox.NOBODY}


def test_what_is_not_due_waits(letter):
    OutgoingLetter.objects.update(next_attempt_at=timezone.now() + DAY)
    assert (outbox.send_letters(), states()) == (outbox.Tally(), ["waiting"])


# Never twice


def test_a_letter_that_was_sent_is_not_sent_again(letter):
    assert [outbox.send_letters().sent for _ in range(3)] == [1, 0, 0]
    assert (len(mail.outbox), states()) == (1, ["sent"])


@pytest.mark.django_db(transaction=True)
def test_four_commands_at_once_send_each_letter_once():
    people = [make_pupil(email=f"pupil{number}@example.org") for number in range(25)]
    for person in people:
        make_letter(person)
    start, tallies = threading.Barrier(4), []

    def run():
        try:
            start.wait(10)
            tallies.append(outbox.send_letters())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in people)
    assert (sum(tally.sent for tally in tallies), len(tallies), set(states())) == (25, 4, {"sent"})


def test_a_letter_that_a_dead_command_held_is_given_up_and_not_sent(letter):
    OutgoingLetter.objects.update(state="sending", attempts=1, claimed_at=timezone.now() - outbox.LOST * 2)
    assert (outbox.send_letters(), mail.outbox, states()) == (outbox.Tally(failed=1), [], ["failed"])
    assert OutgoingLetter.objects.get().trouble == outbox.BROKEN_OFF


def test_a_letter_that_another_command_is_sending_is_left_alone(letter):
    OutgoingLetter.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
    assert (outbox.send_letters(), mail.outbox, states()) == (outbox.Tally(), [], ["sending"])


def test_a_line_that_breaks_after_the_text_is_not_tried_again(settings, letter):
    with serving(settings, DROP) as server:
        assert outbox.send_letters() == outbox.Tally(failed=1)
        assert outbox.send_letters() == outbox.Tally()
    assert ([to for to, _ in server.accepted], states()) == (["pupil@example.org"], ["failed"])
    assert OutgoingLetter.objects.get().trouble == f"{outbox.BROKEN_OFF} (SMTPServerDisconnected)"


def test_what_a_copy_held_unsent_does_not_leave_after_restoring(letter):
    make_letter(letter.person, state="sending", claimed_at=timezone.now())
    make_letter(letter.person, state="sent", finished_at=timezone.now())
    assert outbox.drop_unfinished() == 2
    assert (outbox.send_letters(), mail.outbox, states()) == (outbox.Tally(), [], ["dropped", "dropped", "sent"])


# Trouble


def test_a_server_that_says_later_is_asked_later_and_then_takes_it(settings, letter):
    with serving(settings, "451 4.7.1 Greylisted") as server:
        before = timezone.now()
        assert outbox.send_letters() == outbox.Tally(postponed=1)
        row = OutgoingLetter.objects.get()
        assert (row.state, row.attempts, row.trouble) == ("waiting", 1, "ответ почтового сервера 451")
        assert row.next_attempt_at >= before + outbox.DELAYS[0]
        assert outbox.send_letters() == outbox.Tally()
        OutgoingLetter.objects.update(next_attempt_at=before)
        assert outbox.send_letters() == outbox.Tally(sent=1)
    assert (len(server.accepted), states()) == (1, ["sent"])
    assert OutgoingLetter.objects.get().trouble == ""


def test_attempts_come_to_an_end(settings, letter):
    answers = ["451 Later"] * 10
    delays = []
    with serving(settings, *answers) as server:
        for _ in range(len(outbox.DELAYS) + 1):
            now = timezone.now()
            OutgoingLetter.objects.update(next_attempt_at=now)
            outbox.send_letters()
            delays.append(round((OutgoingLetter.objects.get().next_attempt_at - now).total_seconds() / 60))
    assert delays == [5, 30, 120, 360, 1440, 0]
    row = OutgoingLetter.objects.get()
    assert (row.state, row.attempts, server.accepted) == ("failed", 6, [])
    assert row.trouble == f"ответ почтового сервера 451, {outbox.ENDLESS}"


def test_a_refusal_for_good_is_not_tried_again_and_the_address_is_not_kept(settings, letter):
    other = make_letter(make_pupil(email="other@example.org"))
    with serving(settings, "550 <pupil@example.org> no such user") as server:
        assert outbox.send_letters() == outbox.Tally(sent=1, failed=1)
    assert ([to for to, _ in server.accepted], states()) == (["other@example.org"], ["failed", "sent"])
    assert OutgoingLetter.objects.exclude(pk=other.pk).get().trouble == "ответ почтового сервера 550"


def test_a_server_that_hangs_up_politely_is_called_again(settings, letter):
    make_letter(make_pupil(email="other@example.org"))
    with serving(settings, "421 Too much") as server:
        assert outbox.send_letters() == outbox.Tally(sent=1, postponed=1)
    assert ([to for to, _ in server.accepted], server.connections) == (["other@example.org"], 2)


def test_a_connection_does_not_carry_letters_without_end(settings, letter, monkeypatch):
    monkeypatch.setattr(outbox, "LETTERS_PER_CONNECTION", 2)
    for number in range(4):
        make_letter(make_pupil(email=f"pupil{number}@example.org"))
    with serving(settings) as server:
        assert outbox.send_letters() == outbox.Tally(sent=5)
    assert (len(server.accepted), server.connections) == (5, 3)


def test_an_address_that_can_not_be_written_stops_no_other_letter(letter):
    type(letter.person).objects.filter(pk=letter.person_id).update(email="a\nb@example.org")
    make_letter(make_pupil(email="other@example.org"))
    assert outbox.send_letters() == outbox.Tally(sent=1, failed=1)
    assert states() == ["failed", "sent"]


def test_while_the_server_is_away_letters_wait_untouched(settings, letter, capsys):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        with pytest.raises(CommandError, match="Почтовый сервер недоступен: ConnectionRefusedError"):
            call_command("send_letters")
    row = OutgoingLetter.objects.get()
    assert (row.state, row.attempts, row.claimed_at) == ("waiting", 0, None)


def test_old_news_is_no_news(letter):
    OutgoingLetter.objects.update(created_at=timezone.now() - outbox.TOO_OLD - DAY)
    assert (outbox.send_letters(), mail.outbox, states()) == (outbox.Tally(failed=1), [], ["failed"])


# Digests


def test_a_digest_gathers_what_is_unread_and_comes_once_a_day(orders, capsys):
    teacher, other = make_employee(email="teacher@example.org"), make_employee(email="other@example.org")
    choose_mail(teacher, {"security": Mail.DIGEST})
    for number in range(3):
        notify([teacher, other], "orders", key=f"order:{number}", by=COMMAND, text="Ёлкина Вера, 5 «А»")
    notify([teacher], "security", letter="password", key="password", by=COMMAND)
    other.notifications.update(read_at=timezone.now())
    call_command("send_letters", digest=True)
    assert said(capsys) == (
        "Сводок написано: 1; убрано старых уведомлений: 0, писем: 0. "
        "Отправлено писем: 1, отложено: 0, не ушло: 0, отменено: 0."
    )
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["teacher@example.org"], "ЭИОС: непрочитанные уведомления")
    ]
    assert "— Безопасность: 1\n— Приказы: 3" in mail.outbox[0].body
    assert "Ёлкина" not in mail.outbox[0].body
    notify([teacher], "orders", key="order:9", by=COMMAND, text="Позже")
    assert [outbox.write_digests(TODAY), outbox.write_digests(TODAY)] == [0, 0]
    assert [outbox.write_digests(TODAY + DAY), outbox.write_digests(TODAY + DAY)] == [1, 0]
    assert "Приказы: 1" in OutgoingLetter.objects.latest("pk").body


def test_a_digest_leaves_out_the_closed_and_what_was_switched_off_since(orders):
    blocked, chooser = make_pupil(email="blocked@example.org"), make_pupil(email="chooser@example.org")
    notify([blocked, chooser], "orders", key="order", by=COMMAND, text="Приказ")
    Block.objects.create(person=blocked, reason="Проверка")
    choose_mail(chooser, {"orders": Mail.NONE})
    assert outbox.write_digests(TODAY) == 0
    assert not Notification.objects.for_digest().exists()


def test_digests_cost_the_same_for_one_person_and_for_thirty(orders, django_assert_num_queries):
    for number in range(31):
        make_notification(make_pupil(email=f"pupil{number}@example.org"), kind="orders", waits_for_digest=True)
        if number in (0, 30):
            with django_assert_num_queries(8):
                assert outbox.write_digests(TODAY + number * DAY) == (number or 1)


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_write_one_digest():
    people = [make_pupil(email=f"pupil{number}@example.org") for number in range(5)]
    for person in people:
        make_notification(person, waits_for_digest=True)
    start, written = threading.Barrier(4), []

    def run():
        try:
            start.wait(10)
            written.append(outbox.write_digests(TODAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(written), len(written), len(states())) == (5, 4, 5)


# The command and clean-up


def test_the_command_says_in_a_line_what_it_has_done(letter, capsys):
    make_letter(make_person(email="nobody@example.org"))
    call_command("send_letters")
    assert said(capsys) == "Отправлено писем: 1, отложено: 0, не ушло: 0, отменено: 1."


def test_clean_up_takes_what_was_read_a_year_ago_and_letters_of_a_quarter():
    teacher, now = make_employee(), timezone.now()
    kept = [
        make_notification(teacher, created_at=now - 800 * DAY),
        make_notification(teacher, created_at=now - 800 * DAY, read_at=now - 364 * DAY),
    ]
    make_notification(teacher, created_at=now - 800 * DAY, read_at=now - 366 * DAY)
    letters = [
        make_letter(teacher, created_at=now - 100 * DAY),
        make_letter(teacher, state="sent", finished_at=now - 89 * DAY),
    ]
    for state in ("sent", "failed", "dropped"):
        make_letter(teacher, state=state, finished_at=now - 91 * DAY)
    assert outbox.clean(now) == (1, 3)
    assert list(Notification.objects.order_by("pk")) == kept
    assert list(OutgoingLetter.objects.order_by("pk")) == letters
