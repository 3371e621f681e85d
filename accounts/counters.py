"""«Ждёт вас»: counters that each app registers, all counted in one query."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.hints import COUNTERS
from accounts.models import User


@dataclass(frozen=True)
class Counter:
    """Something that waits for a person.

    `rows(person, date)` gives the waiting rows as an unevaluated QuerySet, or None where it can't concern the person;
    `text(count)` says it in a sentence; `url(person)` leads to where it is settled; `button` names the one thing to do.
    """

    icon: str
    rows: Callable[[User, datetime.date], QuerySet | None]
    text: Callable[[int], str]
    url: Callable[[User], str]
    button: str


@dataclass(frozen=True)
class Waiting:
    icon: str
    text: str
    url: str
    button: str
    detail: str = ""


def _count(rows: QuerySet):
    counted = rows.order_by().values(_one=Value(1)).annotate(_n=Count("*")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def waiting_for(person: User, date: datetime.date) -> list[Waiting]:
    """What waits for the person, in the order of registration; one query however many counters there are."""
    asked = {name: rows for name, counter in COUNTERS.items() if (rows := counter.rows(person, date)) is not None}
    if not asked:
        return []
    counts = User.objects.filter(pk=person.pk).annotate(**{f"n_{k}": _count(r) for k, r in asked.items()})
    found = counts.values(*[f"n_{name}" for name in asked]).get()
    return [_waiting(COUNTERS[name], person, found[f"n_{name}"]) for name in asked if found[f"n_{name}"]]


def _waiting(counter: Counter, person: User, count: int) -> Waiting:
    return Waiting(counter.icon, counter.text(count), counter.url(person), counter.button)
