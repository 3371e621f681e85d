"""Who decides on rows that hang on an element, in SQL, from a person's key alone: for counters of «Ждёт вас» (5.4).

`element` names the row's field; of elements themselves it is "pk".
"""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from resources.asker import at_work
from resources.models import ElementAdministrator, Reach


def at_own(key: int, element: str = "element") -> Q:
    """Rows at elements that the person administers, or at parts of them."""
    return _reached(ElementAdministrator.objects.filter(user=key), element)


def at_ownerless(date: datetime.date, element: str = "element") -> Q:
    """Rows at elements without a living administrator, and at none: the system administrator's."""
    named = ElementAdministrator.objects.values("user")
    living = at_work(date).filter(pk__in=named).values("pk")
    return ~_reached(ElementAdministrator.objects.filter(user__in=living), element)


def _reached(rows: QuerySet[ElementAdministrator], element: str) -> Q:
    return Q(Exists(Reach.objects.filter(element=OuterRef(element), above__in=rows.values("content_object"))))
