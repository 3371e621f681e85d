"""What of the agreement and of the inbox waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts import acceptance
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import Notification, User
from eios.lib import russian


def _children_text(count: int) -> str:
    return "Примите соглашение за ребёнка" if count == 1 else f"Примите соглашение за детей: {count}"


def _pupils_text(count: int) -> str:
    pupils = russian.plural(count, "обучающийся", "обучающихся", "обучающихся")
    return f"Не {russian.plural(count, 'принял', 'приняли', 'приняли')} соглашение: {count} {pupils} класса"


def _pupils_url(person: User) -> str:
    """The one class, or the list of them."""
    if len(person.led_classes) != 1:
        return reverse("accounts:class_list")
    return reverse("accounts:class_agreement", args=[person.led_classes[0].pk]) + "?state=waiting"


def _notifications_text(count: int) -> str:
    words = russian.plural(count, "непрочитанное уведомление", "непрочитанных уведомления", "непрочитанных уведомлений")
    return f"{count} {words}"


COUNTERS.register(
    "notifications",
    Counter(
        icon="bell",
        concerns=lambda person: person.unread_notifications > 0,
        rows=lambda key, date: Notification.objects.unread().filter(person=key),
        text=_notifications_text,
        url=lambda person: reverse("accounts:notification_list"),
        button="Прочитать",
    ),
)
COUNTERS.register(
    "agreement-children",
    Counter(
        icon="tick-doc",
        concerns=lambda person: person.is_parent,
        rows=acceptance.children_waiting,
        text=_children_text,
        url=lambda person: reverse("accounts:agreement_children"),
        button="Принять",
    ),
)
COUNTERS.register(
    "agreement-class",
    Counter(
        icon="people",
        concerns=lambda person: bool(person.led_classes),
        rows=acceptance.pupils_waiting,
        text=_pupils_text,
        url=_pupils_url,
        button="Посмотреть",
    ),
)
