"""The queue of entries that wait for the school's word: of the led classes, for the management of all (11.1): those
among `rights.achievements_checked`. Reads only; whatever its length, a page asks the same queries, and takes values
rather than rows: it is opened every day."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.classes import unled_enrolments
from accounts.models import Appointment, Enrolment, SchoolClass, User
from eios.lib import russian
from eios.lib.composed import Among, Days, Keys, composed
from portfolio import doubles, rights
from portfolio.models import Achievement, Evidence, Level, Origin, Outcome, Sphere, Stage, State

# Days before and after among which the same event under another date is looked for.
ABOUT_THEN = datetime.timedelta(days=31)
SPHERES, LEVELS, STAGES, OUTCOMES = (dict(one.choices) for one in (Sphere, Level, Stage, Outcome))
PUPIL = ("pupil__surname", "pupil__name", "pupil__patronymic")
SHOWN = ("submitted_at", "sphere", "level", "stage", "outcome", "place", *PUPIL)
# Where in the values of a line what says whether it is a double ends, and where each of them stands.
ENDS, PLACES = len(doubles.FIELDS), {name: place for place, name in enumerate((*doubles.FIELDS, *SHOWN))}


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


# What waits in a class: asked at every visit of its teacher, so composed once, and narrowed in memory.


@composed
def _entries_of_class(school_class: int, day: datetime.date) -> QuerySet:
    enrolled = Enrolment.objects.on(day).filter(school_class=school_class)
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL, pupil__in=enrolled.values("pupil"))
    return rows.order_by("submitted_at", "pk").values_list(*doubles.FIELDS, *SHOWN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an entry of a class says, before its line is made: only those of a page get one."""

    school_class: SchoolClass
    values: tuple

    def __getitem__(self, name: str):
        return self.values[PLACES[name]]


def of_classes(person: User, classes: Iterable[SchoolClass], filters: dict, date: datetime.date) -> list[Waiting]:
    """What waits in them but the person's own, the oldest first, narrowed by sphere and words of the pupil's name."""
    found = [Waiting(one, values) for one in classes for values in _entries_of_class(one.pk, date)]
    found = [one for one in found if one["pupil_id"] != person.pk]
    if filters["sphere"]:
        found = [one for one in found if one["sphere"] == filters["sphere"]]
    if filters["q"]:
        pupils = User.objects.matching(filters["q"]).filter(pk__in={one["pupil_id"] for one in found})
        named = set(pupils.values_list("pk", flat=True))
        found = [one for one in found if one["pupil_id"] in named]
    return sorted(found, key=lambda one: (one["submitted_at"], one["pk"]))


def lines_of_classes(found: Sequence[Waiting]) -> list[Line]:
    return _lines([one.values for one in found], {one["pupil_id"]: one.school_class.name for one in found})


# What waits at the whole school: the database narrows and cuts it.


def at_school(person: User, filters: dict, date: datetime.date) -> QuerySet:
    """Values of `lines_of`, for the management."""
    enrolled = unled_enrolments(date) if filters["unled"] else Enrolment.objects.on(date)
    if filters["school_class"]:
        enrolled = enrolled.filter(school_class=filters["school_class"])
    enrolled = Exists(enrolled.filter(pupil=OuterRef("pupil")))
    rows = Achievement.objects.filter(enrolled, state=State.SUBMITTED, origin=Origin.PUPIL).exclude(pupil=person)
    if filters["sphere"]:
        rows = rows.filter(sphere=filters["sphere"])
    if filters["q"]:
        rows = rows.filter(pupil__in=User.objects.matching(filters["q"]).values("pk"))
    return rows.order_by("submitted_at", "pk").values_list(*doubles.FIELDS, *SHOWN)


def lines_of(values: Iterable[tuple], date: datetime.date) -> list[Line]:
    values = list(values)
    return _lines(values, _classes_of({one[PLACES["pupil_id"]] for one in values}, date))


def _lines(values: list[tuple], names: dict[int, str]) -> list[Line]:
    """`names` are those of classes, by the key of the pupil."""
    if not values:
        return []
    entries = [doubles.Entry(*one[:ENDS]) for one in values]
    found, proofs = doubles.of_each(entries, _others_of(entries)), _proofs_of(entries)
    return [
        _line(entry, one[ENDS:], names.get(entry.pupil_id, ""), proofs[entry.pk], found[entry.pk])
        for entry, one in zip(entries, values, strict=True)
    ]


@composed
def _evidence_of(entries: Keys) -> QuerySet:
    rows = Evidence.objects.filter(Among("achievement", entries)).order_by("pk")
    return rows.values_list("achievement", "title", "link", "file", "file__name")


def _proofs_of(entries: Sequence[doubles.Entry]) -> dict[int, list[Proof]]:
    found = {one.pk: [] for one in entries}
    for entry, title, link, file, name in _evidence_of(tuple(found)):
        found[entry].append(Proof(title or name or link, reverse("accounts:file", args=[file]) if file else link))
    return found


@composed
def _standing_of(pupils: Keys, days: Days) -> QuerySet:
    """What the pupils have on these days."""
    rows = Achievement.objects.filter(Among("pupil", pupils), Among("date", days), state__in=doubles.STANDING)
    return rows.order_by().values_list(*doubles.FIELDS)


def _others_of(entries: Sequence[doubles.Entry]) -> list[doubles.Entry]:
    """Of the same pupils on the same days."""
    pairs = {(one.pupil_id, one.date) for one in entries}
    rows = _standing_of(*map(tuple, map(set, zip(*pairs, strict=True))))
    return [doubles.Entry(*one) for one in rows if (one[PLACES["pupil_id"]], one[PLACES["date"]]) in pairs]


def _line(entry: doubles.Entry, values: tuple, school_class: str, evidence: list, found: list) -> Line:
    moment, sphere, level, stage, outcome, place, *name = values
    where = f"ВсОШ, {STAGES[stage]}" if stage else f"{LEVELS[level]} уровень"
    parts = (russian.short_date(entry.date), SPHERES[sphere], where, OUTCOMES[outcome], place)
    words = " · ".join(filter(None, parts))
    pupil, since = " ".join(filter(None, name)), timezone.localtime(moment)
    return Line(entry, pupil, school_class, since, words, evidence, found)


def doubles_of(entry: Achievement) -> list[doubles.Double]:
    """Of the entries of all groups that the pupil has on that day."""
    return doubles.of_one(entry, _others_of([entry]))


def doubles_of_each(entries: Sequence[Achievement]) -> dict[int, list[doubles.Double]]:
    """The same of several entries. One query."""
    return doubles.of_each(entries, _others_of(entries)) if entries else {}


Pair = tuple[doubles.Entry, doubles.Double]


def pairs_counted(person: User, school_class: SchoolClass | None, date: datetime.date) -> list[Pair]:
    """Confirmed entries of all groups that look alike and both count: what a system of record brought after the pupil's
    own was confirmed, too (11.3). Each pair once, by pupils. One query."""
    enrolled = Enrolment.objects.on(date).filter(school_class__in=rights.classes_led(person, date))
    if school_class:
        enrolled = enrolled.filter(school_class=school_class)
    counted = Achievement.objects.counted()
    beside = counted.filter(pupil=OuterRef("pupil"), date=OuterRef("date")).exclude(pk=OuterRef("pk"))
    rows = counted.filter(Exists(beside), pupil__in=enrolled.values("pupil")).exclude(pupil=person)
    rows = rows.order_by("pupil__sort_name", "pupil", "date", "pk").values_list(*doubles.FIELDS)
    entries = [doubles.Entry(*one) for one in rows]
    alike = doubles.of_each(entries, entries)
    return [(one, other) for one in entries for other in alike[one.pk] if other.entry.pk > one.pk]


def named_pairs(pairs: Sequence[Pair], date: datetime.date) -> list[tuple[str, str, Pair]]:
    """With the pupil's name and class. Two queries."""
    keys = {one.pupil_id for one, _ in pairs}
    people, classes = User.objects.in_bulk(keys), _classes_of(keys, date)
    return [
        (people[pair[0].pupil_id].get_full_name(), classes.get(pair[0].pupil_id, ""), pair) for pair in pairs
    ]  # fmt: skip


def same_offered(entry: Achievement) -> QuerySet[Achievement]:
    """Confirmed entries of the pupil of about the same days, of which the entry may be a double."""
    rows = Achievement.objects.counted().filter(
        pupil=entry.pupil_id, date__range=(entry.date - ABOUT_THEN, entry.date + ABOUT_THEN)
    )
    return rows.exclude(pk__in=(entry.pk, entry.replaces_id or 0)).order_by("date", "pk")


def _classes_of(pupils: Collection[int], date: datetime.date) -> dict[int, str]:
    """Names of their classes."""
    rows = Enrolment.objects.on(date).filter(pupil__in=pupils).select_related("school_class")
    return {row.pupil_id: row.school_class.name for row in rows.order_by("starts")}


def waiting_of_leader(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What waits for the class teacher with this key, for the counter in the cabinet."""
    led = Appointment.objects.on(date).filter(person=key, position__code="class_teacher", school_class__isnull=False)
    enrolled = Enrolment.objects.on(date).filter(school_class__in=led.values("school_class"))
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL, pupil__in=enrolled.values("pupil"))
    return rows.exclude(pupil=key)


def waiting_of_nobody(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What waits in classes without a class teacher, for the counter of the management: nobody else is told of it."""
    enrolled = unled_enrolments(date).values("pupil")
    rows = Achievement.objects.filter(state=State.SUBMITTED, origin=Origin.PUPIL, pupil__in=enrolled)
    return rows.exclude(pupil=key)


def returned_to(key: int, date: datetime.date) -> QuerySet[Achievement]:
    """What was returned to the pupil with this key."""
    return Achievement.objects.filter(pupil=key, state=State.RETURNED)
