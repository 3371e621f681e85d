"""The queue of entries that wait for the school's word: of the led classes, for the management of all (11.1). Reads
only; whatever its length, a page asks the same queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Appointment, Enrolment, SchoolClass, User
from portfolio import doubles, rights
from portfolio.models import Achievement, Origin, State

# Days before and after among which the same event under another date is looked for.
ABOUT_THEN = datetime.timedelta(days=31)


@dataclass(frozen=True)
class Line:
    """An entry that waits, its pupil's class, and what it looks like."""

    entry: Achievement
    school_class: SchoolClass | None
    doubles: list[doubles.Double]

    @property
    def ticked(self) -> str:
        return tick_of(self.entry)


def tick_of(entry: Achievement) -> str:
    """What stands behind a tick: the entry as it was submitted. Submitted anew, it is another."""
    return f"{entry.pk}-{seen_of(entry)}"


def seen_of(entry: Achievement) -> str:
    """What a checker had before the eyes: an entry changes only after it was taken back, and is submitted anew then."""
    return f"{entry.submitted_at.timestamp():.6f}".replace(".", "") if entry.submitted_at else ""


def waiting(person: User, date: datetime.date) -> QuerySet[Achievement]:
    """The oldest first."""
    rows = rights.achievements_checked(person, date).filter(state=State.SUBMITTED)
    return rows.order_by("submitted_at", "pk")


def chosen(rows: QuerySet[Achievement], filters: dict, date: datetime.date) -> QuerySet[Achievement]:
    """By class, sphere, level, and words of the pupil's name."""
    for name in ("sphere", "level"):
        if filters[name]:
            rows = rows.filter(**{name: filters[name]})
    if filters["school_class"]:
        enrolled = Enrolment.objects.on(date).filter(school_class=filters["school_class"])
        rows = rows.filter(pupil__in=enrolled.values("pupil"))
    if filters["q"]:
        rows = rows.filter(pupil__in=User.objects.matching(filters["q"]).values("pk"))
    return rows


def shown(rows: QuerySet[Achievement]) -> QuerySet[Achievement]:
    """With all that a line of the queue shows."""
    return rows.select_related("pupil", "subject", "replaces").prefetch_related("evidence__file")


def lines_of(entries: Sequence[Achievement], date: datetime.date) -> list[Line]:
    classes = classes_of({one.pupil_id for one in entries}, date)
    found = doubles_of(entries)
    return [Line(one, classes.get(one.pupil_id), found[one.pk]) for one in entries]


def doubles_of(entries: Sequence[Achievement]) -> dict[int, list[doubles.Double]]:
    """Of the entries of all groups that the same pupils have on the same days."""
    rows = Achievement.objects.filter(
        pupil__in={one.pupil_id for one in entries}, date__in={one.date for one in entries}, state__in=doubles.STANDING
    )
    return doubles.of_each(entries, rows)


def same_offered(entry: Achievement) -> QuerySet[Achievement]:
    """Confirmed entries of the pupil of about the same days, of which the entry may be a double."""
    rows = Achievement.objects.counted().filter(
        pupil=entry.pupil_id, date__range=(entry.date - ABOUT_THEN, entry.date + ABOUT_THEN)
    )
    return rows.exclude(pk__in=(entry.pk, entry.replaces_id or 0)).order_by("date", "pk")


def classes_of(pupils: set[int], date: datetime.date) -> dict[int, SchoolClass]:
    rows = Enrolment.objects.on(date).filter(pupil__in=pupils).select_related("school_class")
    return {row.pupil_id: row.school_class for row in rows.order_by("starts")}


def waiting_of_leader(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What waits for the class teacher with this key, for the counter in the cabinet."""
    led = Appointment.objects.on(date).filter(person=key, position__code="class_teacher", school_class__isnull=False)
    enrolled = Enrolment.objects.on(date).filter(pupil=OuterRef("pupil"), school_class__in=led.values("school_class"))
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL).exclude(pupil=key)
    return rows.filter(Exists(enrolled))


def returned_to(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What was returned to the pupil with this key."""
    return Achievement.objects.filter(pupil=key, state=State.RETURNED)
