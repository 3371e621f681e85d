"""Letters of the outbox: the daily digest, sending, clean-up. See docs/decisions/0041-letters-at-most-once.md."""

import datetime
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, Notification, NotificationChoice, OutgoingLetter, User
from accounts.notifications import default_mail, digest
from eios.lib.dates import today

State = OutgoingLetter.State
# Between attempts, when the server answers «later»; after the last of them the letter is given up.
DELAYS = [datetime.timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 1440)]
# News of three days ago is no news: the inbox has it.
TOO_OLD = datetime.timedelta(days=3)
# No letter takes so long to send: whoever claimed it is dead.
LOST = datetime.timedelta(hours=1)
# Mail servers close connections that go on for too long.
LETTERS_PER_CONNECTION = 50
BATCH = 500
BROKEN_OFF, EXPIRED, ENDLESS = "отправка оборвалась: ушло ли письмо, неизвестно", "устарело", "попытки кончились"
NOBODY, RESTORED = "некому: вход закрыт или нет адреса", "портал восстановлен из копии"


@dataclass
class Tally:
    """What became of the letters; `unreachable` says why the mail server could not be asked at all."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0
    unreachable: str = ""


# Digests


@transaction.atomic
def write_digests(date: datetime.date) -> int:
    """One letter to each person for whom something unread has gathered; how many. Once a day, however often called.

    Effects: letters into the outbox; what they count waits for a digest no more. Closed accounts and people without an
    address get none, nor is it kept for later.
    """
    rows = list(
        Notification.objects.for_digest().select_for_update().order_by("pk").values_list("pk", "person", "kind")
    )
    # Asked only now: while the rows were being locked another command may have written the letters of today.
    key, waiting = f"digest:{date}", {person for _, person, _ in rows}
    written = set(OutgoingLetter.objects.filter(key=key).values_list("person", flat=True))
    taken = [row for row in rows if row[1] not in written]
    letters = [_digest(person, kinds, key) for person, kinds in _wanted(taken, waiting - written).items()]
    OutgoingLetter.objects.bulk_create(letters, batch_size=BATCH)
    for keys in _batches([row[0] for row in taken]):
        Notification.objects.filter(pk__in=keys).update(waits_for_digest=False)
    return len(letters)


def _digest(person: int, kinds: list[str], key: str) -> OutgoingLetter:
    words = digest(kinds)
    return OutgoingLetter(person_id=person, kind="digest", subject=words.subject, body=words.body, key=key)


def _wanted(rows: Iterable[tuple[int, int, str]], people: set[int]) -> dict[int, list[str]]:
    """Person → kinds of what to count: of those who may have it, without kinds that they have switched off since."""
    able = set(_readers().filter(pk__in=people).values_list("pk", flat=True))
    chosen = {
        (person, kind): mail
        for person, kind, mail in NotificationChoice.objects.filter(person__in=people).values_list(
            "person", "kind", "mail"
        )
    }
    wanted: dict[int, list[str]] = {}
    for _, person, kind in rows:
        if person in able and chosen.get((person, kind), default_mail(kind)) != Mail.NONE:
            wanted.setdefault(person, []).append(kind)
    return wanted


def _readers():
    """Those who may have letters today."""
    return User.objects.alive(today()).exclude(email="")


def _batches(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


# Sending


class Post:
    """The connection to the mail server, opened anew from time to time."""

    def __init__(self):
        self.connection = get_connection()
        self.carried = 0

    def open(self) -> None:
        """Raises OSError (SMTPException among them) when the server can't be reached: nothing has been sent then."""
        if self.carried >= LETTERS_PER_CONNECTION:
            self.close()
        self.connection.open()

    def carry(self, message: EmailMessage) -> None:
        self.carried += 1
        self.connection.send_messages([message])

    def close(self) -> None:
        self.carried = 0
        self.connection.close()


def send_letters() -> Tally:
    """Sends what is due. Two commands at once share the work: each letter is claimed before it leaves.

    Effects: letters go, and are marked; what can't go is tried later or given up. A letter never leaves twice: where it
    is unknown whether it left, it counts as failed.
    """
    now, tally, post = timezone.now(), Tally(), Post()
    tally.failed += _give_up(now)
    try:
        for key in list(OutgoingLetter.objects.due(now).order_by("next_attempt_at", "pk").values_list("pk", flat=True)):
            post.open()
            if letter := _claim(key, now):
                _deliver(letter, post, tally)
    except OSError as error:
        tally.unreachable = _name(error)
    finally:
        post.close()
    return tally


def _give_up(now: datetime.datetime) -> int:
    """Letters that a dead command left half-sent, and those that nobody needs any more."""
    lost = OutgoingLetter.objects.filter(state=State.SENDING, claimed_at__lt=now - LOST)
    old = OutgoingLetter.objects.waiting().filter(created_at__lt=now - TOO_OLD)
    return sum(
        letters.update(state=State.FAILED, trouble=trouble, finished_at=now)
        for letters, trouble in ((lost, BROKEN_OFF), (old, EXPIRED))
    )


def _claim(key: int, now: datetime.datetime) -> OutgoingLetter | None:
    """The letter, if nobody has taken it meanwhile."""
    mine = (
        OutgoingLetter.objects.due(now)
        .filter(pk=key)
        .update(state=State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1)
    )
    return OutgoingLetter.objects.get(pk=key) if mine else None


def _deliver(letter: OutgoingLetter, post: Post, tally: Tally) -> None:
    person = _readers().filter(pk=letter.person_id).first()
    if person is None:
        _finish(letter, State.DROPPED, NOBODY)
        tally.dropped += 1
        return
    try:
        post.carry(_message(letter, person.email))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        post.close()
        _refused(letter, refusal, tally)
    except (OSError, ValueError) as error:
        # The line went dead in the middle, or the address can't be written in a letter.
        post.close()
        _finish(letter, State.FAILED, f"{BROKEN_OFF} ({_name(error)})" if isinstance(error, OSError) else _name(error))
        tally.failed += 1
    else:
        _finish(letter, State.SENT)
        tally.sent += 1


def _refused(letter: OutgoingLetter, refusal: smtplib.SMTPException, tally: Tally) -> None:
    """The server has not taken it: for now (4xx) or for good. Its words may hold the address, so they are not kept."""
    code, delays = _code(refusal), DELAYS[letter.attempts - 1 :]
    if code >= 500 or not delays:
        _finish(letter, State.FAILED, f"ответ почтового сервера {code}" + ("" if code >= 500 else f", {ENDLESS}"))
        tally.failed += 1
        return
    _mine(letter).update(
        state=State.WAITING, next_attempt_at=timezone.now() + delays[0], trouble=f"ответ почтового сервера {code}"
    )
    tally.postponed += 1


def _code(refusal: smtplib.SMTPException) -> int:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in refusal.recipients.values())
    return refusal.smtp_code


def _finish(letter: OutgoingLetter, state: State, trouble: str = "") -> None:
    _mine(letter).update(state=state, trouble=trouble, finished_at=timezone.now())


def _mine(letter: OutgoingLetter):
    return OutgoingLetter.objects.filter(pk=letter.pk, state=State.SENDING, claimed_at=letter.claimed_at)


def _name(error: Exception) -> str:
    return type(error).__name__


def _message(letter: OutgoingLetter, address: str) -> EmailMessage:
    """The letter as it leaves: its own words, then where to read on and how to have no more of them."""
    inbox, choice = (settings.PORTAL_URL + reverse(f"accounts:notification_{page}") for page in ("list", "settings"))
    body = (
        f"Здравствуйте!\n\n{letter.body}\n\nПодробности — в личном кабинете: {inbox}\n\n"
        f"Это письмо портал отправил сам, отвечать на него не нужно. Какие письма приходят, выбираете вы: {choice}\n"
    )
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{letter.subject}"
    return EmailMessage(subject, body, to=[address], headers={"Auto-Submitted": "auto-generated"})


# Clean-up


@transaction.atomic
def clean(now: datetime.datetime) -> tuple[int, int]:
    """Removes what was read a year ago, and letters finished 90 days ago: (notifications, letters)."""
    read, _ = Notification.objects.stale(now).delete()
    letters, _ = OutgoingLetter.objects.stale(now).delete()
    return read, letters


def drop_unfinished() -> int:
    """Takes out of the outbox all that has not left: after a restoration nobody knows what was sent meanwhile."""
    unfinished = OutgoingLetter.objects.unfinished()
    return unfinished.update(state=State.DROPPED, trouble=RESTORED, finished_at=timezone.now())
