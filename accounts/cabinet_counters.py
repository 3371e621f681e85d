"""What of the agreement waits for parents and class teachers in «Ждёт вас»; filled in when the portal starts."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts import acceptance
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
from eios.lib import russian


def _children(person: User, date: datetime.date) -> QuerySet[User] | None:
    return acceptance.children_waiting(person, date) if person.is_parent else None


def _children_text(count: int) -> str:
    return "Примите соглашение за ребёнка" if count == 1 else f"Примите соглашение за детей: {count}"


def _pupils(person: User, date: datetime.date) -> QuerySet[User] | None:
    if not person.led_classes:
        return None
    return acceptance.pupils_of(person.led_classes, date).filter(standing_accepted=False)


def _pupils_text(count: int) -> str:
    pupils = russian.plural(count, "обучающийся", "обучающихся", "обучающихся")
    return f"Не {russian.plural(count, 'принял', 'приняли', 'приняли')} соглашение: {count} {pupils} класса"


def _pupils_url(person: User) -> str:
    """The one class, or the list of them."""
    if len(person.led_classes) != 1:
        return reverse("accounts:class_list")
    return reverse("accounts:class_agreement", args=[person.led_classes[0].pk]) + "?state=waiting"


COUNTERS.register(
    "agreement-children",
    Counter("tick-doc", _children, _children_text, lambda person: reverse("accounts:agreement_children"), "Принять"),
)
COUNTERS.register("agreement-class", Counter("people", _pupils, _pupils_text, _pupils_url, "Посмотреть"))
