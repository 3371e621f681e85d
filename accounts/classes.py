"""Whose class pages a person may open. Reads only."""

import datetime

from django.db.models import Prefetch, QuerySet

from accounts.models import Appointment, SchoolClass, User
from accounts.models.people import MANAGEMENT_LEVEL


def classes_of(person: User, date: datetime.date) -> QuerySet[SchoolClass]:
    """The classes that one leads; for the management all classes of the year. In order of grade."""
    classes = SchoolClass.objects.filter(pk__in=[one.pk for one in person.led_classes])
    if person.level >= MANAGEMENT_LEVEL:
        classes |= SchoolClass.objects.of_year_on(date)
    return classes.order_by("grade", "letter", "-year__starts")


def with_leaders(classes: QuerySet[SchoolClass], date: datetime.date) -> QuerySet[SchoolClass]:
    """Each class with its class teachers in `led_by`; one query more for all."""
    rows = Appointment.objects.on(date).filter(position__code="class_teacher").select_related("person")
    return classes.prefetch_related(Prefetch("leaders", rows, to_attr="led_by"))
