"""Administering in SQL, from a person's key alone (5.4): the rule in `access.py` and the counters both ask here.

`element` names the field of the row that leads to its element; of elements themselves it is "pk".
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
    return rows.filter(at_own(key, element))


def of_system_administrator(rows: QuerySet, key: int, date: datetime.date, element: str = "element") -> QuerySet:
    """Those, and the rows at elements without a living administrator, and at none: these are his too (5.4)."""
    return rows.filter(at_own(key, element) | at_ownerless(date, element))


def at_own(key: int, element: str) -> Q:
    """At elements, or parts of them, of which the person is named an administrator."""
    return _reached(ElementAdministrator.objects.filter(user=key), element)


def at_ownerless(date: datetime.date, element: str) -> Q:
    """At elements without a living administrator of their own or above."""
    return ~_reached(at_work(date), element)


def at_work(date: datetime.date) -> QuerySet[ElementAdministrator]:
    """Administrators who can act: employed here or superusers, and not blocked. Guardian names departed people too."""
    employed = Exists(Appointment.objects.on(date).filter(person=OuterRef("user")))
    blocked = Exists(Block.objects.standing().filter(person=OuterRef("user")))
    return ElementAdministrator.objects.filter(employed | Q(user__is_superuser=True), ~blocked)


def _reached(rows: QuerySet[ElementAdministrator], element: str) -> Q:
    return Q(Exists(Reach.objects.filter(element=OuterRef(element), above__in=rows.values("content_object"))))
