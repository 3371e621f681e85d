"""Who decides on rows that hang on an element, in SQL, from a person's key alone: for counters of «Ждёт вас» (5.4).

`element` names the row's field; of elements themselves it is "pk".
"""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, Block, User
from resources.models import ElementAdministrator, Reach


def is_named_only(person: User) -> bool:
    """Does the person, recognised at the gate, administer by name, and not as the system administrator?"""
    return person.administers_elements and not person.is_system_administrator


def of_named(rows: QuerySet, key: int, element: str = "element") -> QuerySet:
    """Those of the rows that stand at elements which the person administers by name, or at parts of them."""
    return rows.filter(_at_own(key, element))


def of_system_administrator(rows: QuerySet, key: int, date: datetime.date, element: str = "element") -> QuerySet:
    """Those, and the rows at elements without a living administrator, and at none: these are his too (5.4)."""
    return rows.filter(_at_own(key, element) | ~_reached(_at_work(date), element))


def _at_own(key: int, element: str) -> Q:
    return _reached(ElementAdministrator.objects.filter(user=key), element)


def _at_work(date: datetime.date) -> QuerySet[ElementAdministrator]:
    """As `asker.at_work`, said of the rows themselves: the counters ask it on every visit to the cabinet."""
    employed = Exists(Appointment.objects.on(date).filter(person=OuterRef("user")))
    blocked = Exists(Block.objects.standing().filter(person=OuterRef("user")))
    return ElementAdministrator.objects.filter(employed | Q(user__is_superuser=True), ~blocked)


def _reached(rows: QuerySet[ElementAdministrator], element: str) -> Q:
    return Q(Exists(Reach.objects.filter(element=OuterRef(element), above__in=rows.values("content_object"))))
