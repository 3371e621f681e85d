"""What of the agreement waits for parents and class teachers in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts import acceptance, credentials
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import Slip, User
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


def _no_slip_text(count: int) -> str:
    pupils = russian.plural(count, "обучающегося", "обучающихся", "обучающихся")
    return f"Нет листка с логином у {count} {pupils}"


def _to_give_text(count: int) -> str:
    return f"Вручите владельцам {count} {russian.plural(count, 'листок', 'листка', 'листков')} с логином"


def _to_give_url(person: User) -> str:
    """The class one leads, or the list of classes."""
    if len(person.led_classes) != 1 or credentials.DESIGNATED in person.position_codes:
        return reverse("accounts:class_slips_list")
    return reverse("accounts:class_slips", args=[person.led_classes[0].pk])


COUNTERS.register(
    "slips-to-print",
    Counter(
        icon="key",
        concerns=credentials.issues_to_families,
        rows=lambda key, date: credentials.pupils_without_slip(date),
        text=_no_slip_text,
        url=lambda person: reverse("accounts:credentials_list") + "?state=none",
        button="Напечатать",
    ),
)
COUNTERS.register(
    "slips-to-give",
    Counter(
        icon="key",
        concerns=lambda person: bool(person.position_codes & set(credentials.HOLDERS)),
        rows=lambda key, date: Slip.objects.waiting_at(key),
        text=_to_give_text,
        url=_to_give_url,
        button="Вручить",
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
