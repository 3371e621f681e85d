"""Who decides on rows that hang on an element, in SQL, from a person's key alone: for counters of «Ждёт вас» (5.4).

`element` names the row's field; of elements themselves it is "pk".
"""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, Block, User
from resources.models import ElementAdministrator, Reach


def is_named_only(person: User) -> bool:
    """Does the person administer by name, and not as the system administrator? Known at the gate, asked elsewhere."""
    if person.is_system_administrator:
        return False
    if person.administers_elements is None:
        return ElementAdministrator.objects.filter(user=person.pk).exists()
    return person.administers_elements


def at_own(key: int, element: str = "element") -> Q:
    """Rows at elements that the person administers, or at parts of them."""
    return _reached(ElementAdministrator.objects.filter(user=key), element)


def at_ownerless(date: datetime.date, element: str = "element") -> Q:
    """Rows at elements without a living administrator, and at none: the system administrator's."""
    return ~_reached(_at_work(date), element)


def _at_work(date: datetime.date) -> QuerySet[ElementAdministrator]:
    """As `asker.at_work`, said of the rows themselves: the counters ask it on every visit to the cabinet."""
    employed = Exists(Appointment.objects.on(date).filter(person=OuterRef("user")))
    blocked = Exists(Block.objects.standing().filter(person=OuterRef("user")))
    return ElementAdministrator.objects.filter(employed | Q(user__is_superuser=True), ~blocked)


def _reached(rows: QuerySet[ElementAdministrator], element: str) -> Q:
    return Q(Exists(Reach.objects.filter(element=OuterRef(element), above__in=rows.values("content_object"))))
