"""Who has accepted the agreement, how, and what is still missing (6.4). Reads only."""

import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.gate import parent_must_accept
from accounts.models import (
    Acceptance,
    AgreementEdition,
    Appointment,
    Enrolment,
    Relation,
    SchoolCard,
    SchoolClass,
    User,
)
from accounts.models.people import AGE_OF_OWN_ACCEPTANCE
from accounts.places import places_on, words_of
from eios.lib.dates import years_before


class Missing(enum.Enum):
    """What is still wanted; the value says it on screen."""

    OWN = "не принято"
    PARENT = "ждём родителя"
    CHILD = "нет отметки ребёнка"


@dataclass(frozen=True)
class State:
    """The acceptances of one person that count, oldest first, and what is missing besides."""

    given: tuple[Acceptance, ...]
    missing: tuple[Missing, ...]

    @property
    def is_settled(self) -> bool:
        return not self.missing

    @property
    def settled_at(self) -> datetime.datetime | None:
        """When the last needed acceptance came; None while something is missing."""
        return self.given[-1].at if self.given and self.is_settled else None

    @property
    def kind(self) -> str:
        """The look of the tag: done, begun, nothing yet."""
        return "ok" if self.is_settled else "wait" if self.given else "no"

    @property
    def words(self) -> str:
        """«принято», or what is missing."""
        return "принято" if self.is_settled else self.lacks

    @property
    def lacks(self) -> str:
        return ", ".join(part.value for part in self.missing)

    @property
    def waits_for_child(self) -> bool:
        return Missing.CHILD in self.missing

    @property
    def waits_for_parent(self) -> bool:
        return Missing.PARENT in self.missing

    @property
    def waits_for_paper(self) -> bool:
        """A paper with a signature would settle it, or bring it nearer."""
        return bool({Missing.OWN, Missing.PARENT} & set(self.missing))


@dataclass(frozen=True)
class Row:
    """A line of the lists: a person, who that is at school, and the state."""

    person: User
    state: State

    @property
    def who(self) -> str:
        """«5 «А»», «учитель, родитель»; for people taken by `listed`."""
        return words_of(self.person, is_parent=self.person.is_parent)


def settle(given: Iterable[Acceptance], *, needs_parent: bool) -> State:
    """Pure: the state that these acceptances of one edition make. The SQL form is `standing_accepted`."""
    rows = sorted(given, key=lambda row: (row.at, row.pk))
    own = [row for row in rows if row.kind in Acceptance.OWN_KINDS]
    if own:
        return State(tuple(own), ())
    parents = any(row.kind in Acceptance.PARENT_KINDS for row in rows)
    child = any(row.kind == Acceptance.Kind.CHILD for row in rows)
    if parents and child:
        return State(tuple(rows), ())
    if not needs_parent:
        return State(tuple(rows), (Missing.OWN,))
    wanted = [(Missing.PARENT, parents), (Missing.CHILD, child)]
    return State(tuple(rows), tuple(part for part, is_there in wanted if not is_there))


def state_of(person: User, edition: AgreementEdition, school: SchoolCard, date: datetime.date) -> State:
    """One person's state; one query."""
    given = Acceptance.objects.filter(person=person, edition=edition).select_related("by")
    return settle(given, needs_parent=parent_must_accept(person, school, date))


def states(
    people: Iterable[User], edition: AgreementEdition | None, school: SchoolCard, date: datetime.date
) -> list[Row]:
    """The people, who come `with_standing`, with their states; one query for all of them."""
    people = list(people)
    given: dict[int, list[Acceptance]] = defaultdict(list)
    if edition is not None:
        keys = [person.pk for person in people]
        for row in Acceptance.objects.filter(person__in=keys, edition=edition).select_related("by"):
            given[row.person_id].append(row)
    return [Row(one, settle(given[one.pk], needs_parent=parent_must_accept(one, school, date))) for one in people]


def children_of(parent: User, date: datetime.date) -> QuerySet[User]:
    """Enrolled children of a parent who has a cabinet; nobody's where the relation ended or cabinets are closed."""
    return _children(parent.pk, date) if parent.is_parent else User.objects.none()


def _children(parent_key: int, date: datetime.date) -> QuerySet[User]:
    mine = Relation.objects.on(date).filter(parent=parent_key, pupil=OuterRef("pk"))
    return User.objects.with_standing(date).filter(Exists(mine), standing_pupil=True)


def children_waiting(parent_key: int, date: datetime.date) -> QuerySet[User]:
    """The parent's children for whom nobody has accepted the edition in force yet."""
    edition = AgreementEdition.objects.in_force(date).values("pk")[:1]
    settled = [*Acceptance.OWN_KINDS, *Acceptance.PARENT_KINDS]
    given = Acceptance.objects.filter(person=OuterRef("pk"), edition=edition, kind__in=settled)
    latest_birth_of_14 = years_before(date, AGE_OF_OWN_ACCEPTANCE)
    return _children(parent_key, date).filter(
        Q(birth_date__isnull=True) | Q(birth_date__gt=latest_birth_of_14),
        ~Exists(given),
        Exists(AgreementEdition.objects.in_force(date)),
        Exists(SchoolCard.objects.filter(parent_accepts_under_14=True)),
        standing_employee=False,
        standing_blocked=False,
    )


def pupils_of(classes: Iterable[SchoolClass], date: datetime.date) -> QuerySet[User]:
    """Pupils of these classes whose accounts live."""
    return User.objects.alive(date).in_classes(classes, date)


def pupils_waiting(leader_key: int, date: datetime.date) -> QuerySet[User]:
    """Pupils of the classes that a class teacher leads, who have not settled the agreement."""
    led = Appointment.objects.on(date).filter(person=leader_key, position__code="class_teacher")
    pupils = User.objects.alive(date).in_classes(led.values("school_class"), date)
    return pupils.filter(standing_accepted=False)


# Groups of the report: code in the address → title, and the rule. One person may be in several.
GROUPS = {
    "": ("Все", Q()),
    "pupils": ("Обучающиеся", Q(standing_pupil=True)),
    "staff": ("Работники", Q(standing_employee=True)),
    "parents": ("Родители", Q(standing_parent=True)),
}


def listed(filters: dict[str, str], date: datetime.date) -> QuerySet[User]:
    """Living accounts chosen by the report's filters, with classes and positions; two queries more for any number."""
    _, rule = GROUPS[filters["group"]]
    people = User.objects.alive(date).matching(filters["q"]).filter(rule)
    if filters["school_class"]:
        people = people.in_classes([filters["school_class"]], date)
    if filters["state"]:
        people = people.filter(standing_accepted=filters["state"] == "accepted")
    return people.order_by("sort_name", "pk").prefetch_related(*places_on(date))


@dataclass(frozen=True)
class Share:
    """How many living accounts a group or a class has, and how many of them have not accepted."""

    code: str
    of: str | SchoolClass
    people: int
    waiting: int

    @property
    def waiting_words(self) -> str:
        return f"не приняли: {self.waiting}"


def by_group(date: datetime.date) -> list[Share]:
    """Shares of all living accounts and of each group, in the order of GROUPS; one query.

    A teacher who is a parent counts in both groups and once among all.
    """
    waiting = Q(standing_accepted=False)
    counts = {f"n_{code}": Count("pk", filter=rule) for code, (_, rule) in GROUPS.items()}
    counts |= {f"w_{code}": Count("pk", filter=rule & waiting) for code, (_, rule) in GROUPS.items()}
    found = User.objects.alive(date).aggregate(**counts)
    return [Share(code, title, found[f"n_{code}"], found[f"w_{code}"]) for code, (title, _) in GROUPS.items()]


def by_class(classes: Iterable[SchoolClass], date: datetime.date) -> list[Share]:
    """The pupils of each class, in the order given; two queries for any number of classes."""
    classes = list(classes)
    waiting = _pupils_by_class(classes, date, User.objects.alive(date).filter(standing_accepted=False))
    every = _pupils_by_class(classes, date, User.objects.alive(date))
    return [Share(str(one.pk), one, every.get(one.pk, 0), waiting.get(one.pk, 0)) for one in classes]


def _pupils_by_class(classes: list[SchoolClass], date: datetime.date, people: QuerySet[User]) -> dict[int, int]:
    rows = Enrolment.objects.on(date).filter(school_class__in=classes, pupil__in=people.values("pk"))
    return dict(rows.order_by().values_list("school_class").annotate(Count("pk")))
