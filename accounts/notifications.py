"""Kinds of notifications: what each app tells people of, and what a letter about it may say.

An app registers its kinds in its `notification_kinds.py`. The inbox shows the text that the event was written with,
names among it; a letter says only what stands here, word for word, so that no personal details get into anybody's mail.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail, NotificationChoice, User


@dataclass(frozen=True)
class Letter:
    """A subject and sentences without personal details."""

    subject: str
    body: str


@dataclass(frozen=True)
class NotificationKind:
    """Something that people hear of.

    `title` and `about` stand on the settings page under the heading `group`; `mail` is how letters go until the person
    chooses; `letters` are by name, where one sentence for the whole kind would say too little.
    """

    title: str
    group: str
    about: str = ""
    mail: Mail = Mail.DIGEST
    icon: str = "bell"
    letters: Mapping[str, Letter] = field(default_factory=dict)

    def letter(self, name: str = "") -> Letter:
        """The letter of that name; without a name, one that says only that something is waiting."""
        if name:
            return self.letters[name]
        return Letter(f"новое в разделе «{self.title}»", f"На портале вас ждёт новое уведомление: «{self.title}».")


def kind_of(name: str) -> NotificationKind:
    """The kind as registered; one that is registered no more still has a line in somebody's inbox."""
    return NOTIFICATION_KINDS[name] if name in NOTIFICATION_KINDS else NotificationKind("Уведомление", "")


def default_mail(name: str) -> Mail:
    return kind_of(name).mail


def mail_choices(person: User) -> dict[str, str]:
    """How letters of each registered kind go to the person: the own choice, or the kind's."""
    chosen = dict(NotificationChoice.objects.filter(person=person).values_list("kind", "mail"))
    return {name: chosen.get(name, kind.mail) for name, kind in NOTIFICATION_KINDS.items()}


def digest(kinds: Iterable[str]) -> Letter:
    """One letter about everything that has gathered: how many of which kind, and nothing of what they say."""
    counts: dict[str, int] = {}
    for name in kinds:
        title = kind_of(name).title
        counts[title] = counts.get(title, 0) + 1
    lines = "\n".join(f"— {title}: {count}" for title, count in sorted(counts.items()))
    return Letter("непрочитанные уведомления", f"На портале вас ждут новые уведомления:\n\n{lines}")
