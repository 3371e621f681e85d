"""The verbs of the inbox: telling people, reading, choosing letters. None is audited: the row itself is the trace."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.actor import Actor
from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail, Notification, NotificationChoice, OutgoingLetter, User
from accounts.notifications import default_mail
from eios.lib.dates import today

BATCH = 1000


@transaction.atomic
def notify(
    people: Iterable[User] | QuerySet[User],
    kind: str,
    *,
    key: str,
    by: Actor,
    text: str = "",
    url: str = "",
    letter: str = "",
) -> int:
    """Tells people of an event, in bulk: how many have it in their inbox now who had not before.

    `key` names the event: a person hears of it once, however often this is called. `text` is for the inbox only and may
    hold names; without it the words of the letter stand there. `letter` is the name of one of the kind's letters. `url`
    is a path of this portal. Whose account is closed hears nothing.

    Effects: lines of the inbox; a letter into the outbox for those who want it now and have an address, a mark for the
    next digest for those who want that. Raises ValueError or KeyError for what no caller may ask.
    """
    about = NOTIFICATION_KINDS[kind]
    words = about.letter(letter)
    if (url and not url.startswith("/")) or url.startswith("//"):
        raise ValueError(f"not a path of this portal: {url}")
    told = _recipients(people, kind, key)
    Notification.objects.bulk_create(
        [
            Notification(
                person_id=pk, kind=kind, text=text or words.body, url=url, key=key, by=by.person,
                waits_for_digest=mail == Mail.DIGEST and bool(address),
            )
            for pk, address, mail in told
        ],
        batch_size=BATCH, ignore_conflicts=True,
    )  # fmt: skip
    OutgoingLetter.objects.bulk_create(
        [
            OutgoingLetter(person_id=pk, kind=kind, subject=words.subject, body=words.body, key=key)
            for pk, address, mail in told
            if mail == Mail.NOW and address
        ],
        batch_size=BATCH, ignore_conflicts=True,
    )  # fmt: skip
    return len(told)


def _recipients(people, kind: str, key: str) -> list[tuple[int, str, str]]:
    """(key, address, how letters go) of those whose account is alive and who have not heard of it; one query."""
    keys = people.order_by().values("pk") if isinstance(people, QuerySet) else [person.pk for person in people]
    chosen = NotificationChoice.objects.filter(person=OuterRef("pk"), kind=kind).values("mail")
    heard = Notification.objects.filter(person=OuterRef("pk"), key=key)
    rows = User.objects.alive(today()).filter(~Exists(heard), pk__in=keys).annotate(chosen=Subquery(chosen))
    default = default_mail(kind)
    found = rows.order_by("pk").values_list("pk", "email", "chosen")
    return [(pk, address, mail or default) for pk, address, mail in found]


def read(notification: Notification) -> None:
    """Marks it as read, once; it is no more for a digest then."""
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=timezone.now())


def read_all(person: User, *, up_to: int) -> int:
    """Marks as read all that the person's page showed: what has come since stays new."""
    return Notification.objects.unread().filter(person=person, pk__lte=up_to).update(read_at=timezone.now())


@transaction.atomic
def choose_mail(person: User, choices: Mapping[str, str]) -> None:
    """How letters of each kind shall go to the person; what is for a digest already stays for it."""
    NotificationChoice.objects.bulk_create(
        [NotificationChoice(person=person, kind=kind, mail=mail) for kind, mail in choices.items()],
        update_conflicts=True, unique_fields=["person", "kind"], update_fields=["mail"],
    )  # fmt: skip
