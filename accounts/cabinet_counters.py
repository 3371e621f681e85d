"""What of this app waits in «Ждёт вас»: the agreement, training of staff; filled in when the portal starts."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts import acceptance
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import Training, User
from accounts.staff import manages
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


def _trainings_to_confirm(key: int, date: datetime.date) -> QuerySet[Training]:
    """Nobody confirms the own training."""
    return Training.objects.waiting().exclude(person=key)


def _trainings_returned(key: int, date: datetime.date) -> QuerySet[Training]:
    return Training.objects.returned().filter(person=key)


def _to_confirm_text(count: int) -> str:
    records = russian.plural(count, "запись", "записи", "записей")
    return f"{russian.plural(count, 'Ждёт', 'Ждут', 'Ждут')} подтверждения: {count} {records} об обучении работников"


def _returned_text(count: int) -> str:
    return "Поправьте запись об обучении" if count == 1 else f"Поправьте записи об обучении: {count}"


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
COUNTERS.register(
    "training-to-confirm",
    Counter(
        icon="cap",
        concerns=manages,
        rows=_trainings_to_confirm,
        text=_to_confirm_text,
        url=lambda person: reverse("accounts:training_list") + "?state=waiting",
        button="Посмотреть",
    ),
)
COUNTERS.register(
    "training-returned",
    Counter(
        icon="cap",
        concerns=lambda person: person.is_employee,
        rows=_trainings_returned,
        text=_returned_text,
        url=lambda person: reverse("accounts:training_list") + "?state=returned",
        button="Поправить",
    ),
)
