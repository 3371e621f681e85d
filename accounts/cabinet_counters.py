"""What of the agreement and of consents waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts import acceptance, consents
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
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


def _consents_text(count: int) -> str:
    words = russian.plural(count, "согласие", "согласия", "согласий")
    return f"Прочитайте и ответьте: {count} {words}"


def _consents_of_children_text(count: int) -> str:
    return "Ответьте о согласиях за ребёнка" if count == 1 else f"Ответьте о согласиях за детей: {count}"


COUNTERS.register(
    "consents-children",
    Counter(
        icon="shield",
        concerns=lambda person: person.is_parent,
        rows=consents.children_asked,
        text=_consents_of_children_text,
        url=lambda person: reverse("accounts:consent_list"),
        button="Ответить",
    ),
)
COUNTERS.register(
    "consents-own",
    Counter(
        icon="shield",
        concerns=lambda person: person.is_pupil or person.is_employee,
        rows=consents.own_asked,
        text=_consents_text,
        url=lambda person: reverse("accounts:consent_list"),
        button="Ответить",
    ),
)
