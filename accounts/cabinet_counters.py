"""What waits for people in «Ждёт вас»: the agreement, signed orders; filled in when the portal starts."""

from django.db.models import QuerySet
from django.urls import reverse

from accounts import acceptance
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import Order, User
from accounts.models.people import MANAGEMENT_LEVEL
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


def _orders_text(count: int) -> str:
    orders = russian.plural(count, "приказ подписан", "приказа подписаны", "приказов подписаны")
    return f"{count} {orders}, но не {russian.plural(count, 'исполнен', 'исполнены', 'исполнены')}"


def _signed_orders(key: int, date) -> QuerySet[Order]:
    return Order.objects.filter(state=Order.State.SIGNED)


COUNTERS.register(
    "orders-signed",
    Counter(
        icon="doc",
        concerns=lambda person: person.level >= MANAGEMENT_LEVEL,
        rows=_signed_orders,
        text=_orders_text,
        url=lambda person: reverse("accounts:order_list") + "?state=signed",
        button="Открыть",
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
