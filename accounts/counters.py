"""«Ждёт вас»: counters that each app registers, all counted in one query."""

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.hints import COUNTERS
from accounts.models import User

# Stands in a composed query for the key of the person who asks.
SOME_KEY = -1


@dataclass(frozen=True)
class Counter:
    """Something that waits for a person.

    `concerns(person)`: may it wait for such a person at all? Asks nothing of the database but the person's standing.
    `rows(key, date)` gives the waiting rows of the person with this key as an unevaluated QuerySet, made of nothing but
    these two; `text(count)` says it in a sentence; `url(person)` leads to where it is settled; `button` names the one
    thing to do.
    """

    icon: str
    concerns: Callable[[User], bool]
    rows: Callable[[int, datetime.date], QuerySet]
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
    asked = tuple(name for name, counter in COUNTERS.items() if counter.concerns(person))
    if not asked:
        return []
    sql, parameters = _statement(asked, date)
    with connection.cursor() as cursor:
        cursor.execute(sql, [person.pk if value == SOME_KEY else value for value in parameters])
        counts = cursor.fetchone()
    return [_waiting(COUNTERS[name], person, count) for name, count in zip(asked, counts, strict=True) if count]


@functools.lru_cache(maxsize=64)
def _statement(asked: tuple[str, ...], date: datetime.date) -> tuple[str, tuple]:
    """The query of these counters on this day. Composing it takes longer than running it, so it is composed once."""
    counts = {f"n_{name}": _count(COUNTERS[name].rows(SOME_KEY, date)) for name in asked}
    return User.objects.filter(pk=SOME_KEY).order_by().annotate(**counts).values_list(*counts).query.sql_with_params()


def _waiting(counter: Counter, person: User, count: int) -> Waiting:
    return Waiting(counter.icon, counter.text(count), counter.url(person), counter.button)
