"""Who signs the orders: directors by date, and their words under an order. Reads only."""

import datetime

from django.db.models import QuerySet

from accounts.models import Appointment
from eios.lib import russian


def directors() -> QuerySet[Appointment]:
    """Everybody who is, was or stands in for the director, the latest first."""
    rows = Appointment.objects.filter(position__code="director").select_related("person", "position")
    return rows.order_by("-starts", "pk")


def director_on(date: datetime.date) -> Appointment | None:
    """Who signs on the date; one who stands in goes first."""
    return directors().on(date).order_by("-is_acting", "pk").first()


def signature_of(row: Appointment) -> str:
    """«Директор Иванова М. П.», «И. о. директора Петров И. С.»"""
    title = "И. о. директора" if row.is_acting else "Директор"
    return f"{title} {russian.initials(row.person.surname, row.person.name, row.person.patronymic)}"
