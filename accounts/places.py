"""Where people are at school on a date, for lists of them: classes and positions. Reads only."""

import datetime

from django.db.models import Prefetch

from accounts.models import Appointment, Enrolment, User


def places_on(date: datetime.date, path: str = "") -> tuple[Prefetch, Prefetch]:
    """Classes and positions in force as `enrolled_now` and `appointed_now`: two queries for any number of people.

    `path` leads from the rows to their person: "person__".
    """
    enrolments = Enrolment.objects.on(date).select_related("school_class").order_by("pk")
    appointments = Appointment.objects.on(date).select_related("position").order_by("position__order", "pk")
    return (
        Prefetch(f"{path}enrolments", enrolments, to_attr="enrolled_now"),
        Prefetch(f"{path}appointments", appointments, to_attr="appointed_now"),
    )


def words_of(person: User, *, is_parent: bool = False) -> str:
    """«5 «А»», «учитель, родитель»; for people taken with `places_on`, "" for whoever is nothing here."""
    words = [str(row.school_class) for row in person.enrolled_now]
    # Who leads two classes is a class teacher once.
    words += dict.fromkeys(row.title for row in person.appointed_now)
    return ", ".join(words + ["родитель"] * is_parent)
