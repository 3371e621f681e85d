"""The queue of entries that wait for the school's word: of the led classes, for the management of all (11.1). Reads
only; whatever its length, a page asks the same queries, and takes values rather than rows: it is opened every day."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Enrolment, User
from eios.lib import russian
from eios.lib.composed import composed
from portfolio import doubles, rights
from portfolio.models import Achievement, Evidence, Level, Origin, Outcome, Sphere, Stage, State

# Days before and after among which the same event under another date is looked for.
ABOUT_THEN = datetime.timedelta(days=31)
SPHERES, LEVELS, STAGES, OUTCOMES = (dict(one.choices) for one in (Sphere, Level, Stage, Outcome))
PUPIL = ("pupil__surname", "pupil__name", "pupil__patronymic")
SHOWN = ("submitted_at", "sphere", "level", "stage", "outcome", "place", *PUPIL)


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence in the queue; an order has no address."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that waits, as the queue shows it, with what it looks like."""

    entry: doubles.Entry
    pupil: str
    school_class: str
    since: datetime.datetime
    words: str
    evidence: Sequence[Proof]
    doubles: Sequence[doubles.Double]

    @property
    def ticked(self) -> str:
        """What stands behind a tick: the entry as it was submitted. Submitted anew, it is another."""
        return f"{self.entry.pk}-{_mark(self.since)}"


def seen_of(entry: Achievement) -> str:
    """What a checker had before the eyes: an entry changes only after it was taken back, and is submitted anew then."""
    return _mark(entry.submitted_at) if entry.submitted_at else ""


def _mark(moment: datetime.datetime) -> str:
    return f"{moment.timestamp():.6f}".replace(".", "")


@composed
def _pupils_of(school_class: int, day: datetime.date) -> QuerySet:
    return Enrolment.objects.on(day).filter(school_class=school_class).values_list("pupil")


def pupils_by_class(person: User, date: datetime.date) -> dict[int, str] | None:
    """Pupils of the led classes with the name of their class; None for the management, who check all."""
    if rights.manages(person):
        return None
    return {pupil: one.name for one in person.led_classes for (pupil,) in _pupils_of(one.pk, date)}


def waiting(person: User, pupils: Collection[int] | None, date: datetime.date) -> QuerySet[Achievement]:
    """The oldest first: the same rows as those of `rights.achievements_checked`."""
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL).exclude(pupil=person)
    if pupils is None:
        rows = rows.filter(Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pupil"))))
    else:
        rows = rows.filter(pupil__in=list(pupils))
    return rows.order_by("submitted_at", "pk")


def chosen(rows: QuerySet[Achievement], filters: dict, date: datetime.date) -> QuerySet[Achievement]:
    """By class, sphere, and words of the pupil's name."""
    if filters["sphere"]:
        rows = rows.filter(sphere=filters["sphere"])
    if filters["school_class"]:
        enrolled = Enrolment.objects.on(date).filter(school_class=filters["school_class"])
        rows = rows.filter(pupil__in=enrolled.values("pupil"))
    if filters["q"]:
        rows = rows.filter(pupil__in=User.objects.matching(filters["q"]).values("pk"))
    return rows


def shown(rows: QuerySet[Achievement]) -> QuerySet:
    """The values that a line of the queue is made of."""
    return rows.values_list(*doubles.FIELDS, *SHOWN)


def lines_of(values: Iterable[tuple], classes: dict[int, str] | None, date: datetime.date) -> list[Line]:
    """Lines of what `shown` gave; `classes` are names by the key of the pupil where they are known already."""
    values = list(values)
    count = len(doubles.FIELDS)
    entries = [doubles.Entry(*one[:count]) for one in values]
    if classes is None:
        classes = classes_of({one.pupil_id for one in entries}, date)
    found, evidence = doubles_of(entries), _evidence_of(entries)
    return [
        _line(entry, one[count:], classes.get(entry.pupil_id, ""), evidence[entry.pk], found[entry.pk])
        for entry, one in zip(entries, values, strict=True)
    ]


def _line(entry: doubles.Entry, values: tuple, school_class: str, evidence: list, found: list) -> Line:
    moment, sphere, level, stage, outcome, place, *name = values
    where = f"ВсОШ, {STAGES[stage]}" if stage else f"{LEVELS[level]} уровень"
    parts = (russian.short_date(entry.date), SPHERES[sphere], where, OUTCOMES[outcome], place)
    words = " · ".join(filter(None, parts))
    return Line(entry, " ".join(filter(None, name)), school_class, timezone.localtime(moment), words, evidence, found)


def _evidence_of(entries: Sequence[doubles.Entry]) -> dict[int, list[Proof]]:
    rows = Evidence.objects.filter(achievement__in=[one.pk for one in entries]).order_by("pk")
    found = defaultdict(list)
    for entry, title, link, file, name in rows.values_list("achievement", "title", "link", "file", "file__name"):
        url = reverse("accounts:file", args=[file]) if file else link
        found[entry].append(Proof(title or name or link, url))
    return found


def doubles_of(entries: Sequence[doubles.Entry]) -> dict[int, list[doubles.Double]]:
    """Of the entries of all groups that the same pupils have on the same days."""
    rows = Achievement.objects.filter(
        pupil__in={one.pupil_id for one in entries}, date__in={one.date for one in entries}, state__in=doubles.STANDING
    )
    others = (doubles.Entry(*one) for one in rows.order_by().values_list(*doubles.FIELDS))
    return doubles.of_each(entries, others)


def same_offered(entry: Achievement) -> QuerySet[Achievement]:
    """Confirmed entries of the pupil of about the same days, of which the entry may be a double."""
    rows = Achievement.objects.counted().filter(
        pupil=entry.pupil_id, date__range=(entry.date - ABOUT_THEN, entry.date + ABOUT_THEN)
    )
    return rows.exclude(pk__in=(entry.pk, entry.replaces_id or 0)).order_by("date", "pk")


def classes_of(pupils: Collection[int], date: datetime.date) -> dict[int, str]:
    """Names of their classes."""
    rows = Enrolment.objects.on(date).filter(pupil__in=pupils).select_related("school_class")
    return {row.pupil_id: row.school_class.name for row in rows.order_by("starts")}


def waiting_of_leader(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What waits for the class teacher with this key, for the counter in the cabinet."""
    led = Appointment.objects.on(date).filter(person=key, position__code="class_teacher", school_class__isnull=False)
    enrolled = Enrolment.objects.on(date).filter(school_class__in=led.values("school_class"))
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL, pupil__in=enrolled.values("pupil"))
    return rows.exclude(pupil=key)


def returned_to(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What was returned to the pupil with this key."""
    return Achievement.objects.filter(pupil=key, state=State.RETURNED)
