"""Who has an account that works and has never signed in; where the slip with the password is, if one was printed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.credentials import State
from accounts.models import Appointment, Enrolment, Position, SchoolClass, Slip, User
from accounts.places import places_on, words_of

GROUPS = {
    "": ("Все", Q()),
    "pupils": ("Обучающиеся", Q(standing_pupil=True)),
    "staff": ("Работники", Q(standing_employee=True)),
    "parents": ("Родители", Q(standing_parent=True)),
}
# States of the slip that such a person may have: code in the address → words.
SLIPS = {state.code: state.words for state in (State.NONE, State.PRINTED, State.HANDED, State.GIVEN, State.EXPIRED)}


@dataclass(frozen=True)
class Row:
    """A person without a first sign-in; comes from `listed`."""

    person: User

    @property
    def who(self) -> str:
        """«5 «А»», «учитель, родитель»"""
        return words_of(self.person, is_parent=self.person.is_parent)

    @property
    def slip(self) -> Slip | None:
        return next(iter(self.person.standing_slips), None)

    @property
    def state(self) -> State:
        if self.slip is None:
            return State.NONE
        if self.slip.is_expired(timezone.now()):
            return State.EXPIRED
        if self.slip.given_at:
            return State.GIVEN
        return State.HANDED if self.slip.handed_at else State.PRINTED


def _with_slip(code: str) -> Q:
    """The SQL form of `Row.state`, about people."""
    standing = Slip.objects.standing().filter(person=OuterRef("pk"))
    if code == State.NONE.code:
        return ~Q(Exists(standing))
    if code == State.EXPIRED.code:
        return Q(Exists(standing.filter(expires_at__lte=timezone.now())))
    valid = standing.filter(expires_at__gt=timezone.now())
    if code == State.GIVEN.code:
        return Q(Exists(valid.filter(given_at__isnull=False)))
    return Q(Exists(valid.filter(given_at__isnull=True, handed_at__isnull=code == State.PRINTED.code)))


def never_signed_in(date: datetime.date) -> QuerySet[User]:
    """Accounts that the gate would let in, and that nobody has entered yet."""
    return User.objects.alive(date).filter(last_login__isnull=True)


def listed(filters: dict[str, str], date: datetime.date) -> QuerySet[User]:
    """Chosen by the report's filters, with classes, positions and slips; three queries more for any number."""
    _, rule = GROUPS[filters["group"]]
    people = never_signed_in(date).matching(filters["q"]).filter(rule)
    if filters["school_class"]:
        people = people.in_classes([filters["school_class"]], date)
    if filters["position"]:
        holders = Appointment.objects.on(date).filter(person=OuterRef("pk"), position=filters["position"])
        people = people.filter(Exists(holders))
    if filters["slip"]:
        people = people.filter(_with_slip(filters["slip"]))
    slips = Slip.objects.standing().select_related("handed_to", "given_by")
    return people.order_by("sort_name", "pk").prefetch_related(
        *places_on(date),
        Prefetch("slips", slips, to_attr="standing_slips"),
    )


@dataclass(frozen=True)
class Share:
    """How many accounts a group, a class or a position has, and how many of them nobody has entered."""

    code: str
    of: str | SchoolClass | Position
    people: int
    waiting: int


def by_group(date: datetime.date) -> list[Share]:
    """One query."""
    never = Q(last_login__isnull=True)
    counts = {f"n_{code}": Count("pk", filter=rule) for code, (_, rule) in GROUPS.items()}
    counts |= {f"w_{code}": Count("pk", filter=rule & never) for code, (_, rule) in GROUPS.items()}
    found = User.objects.alive(date).aggregate(**counts)
    return [Share(code, title, found[f"n_{code}"], found[f"w_{code}"]) for code, (title, _) in GROUPS.items()]


def by_class(classes: Iterable[SchoolClass], date: datetime.date) -> list[Share]:
    """The pupils of each class, in the order given; two queries."""
    rows = Enrolment.objects.on(date).order_by().values_list("school_class")
    return _shares(classes, rows, "pupil", date)


def by_position(date: datetime.date) -> list[Share]:
    """Holders of each position that somebody holds; three queries."""
    rows = Appointment.objects.on(date).order_by().values_list("position")
    return [share for share in _shares(Position.objects.all(), rows, "person", date) if share.people]


def _shares(objects: Iterable, rows: QuerySet, person: str, date: datetime.date) -> list[Share]:
    count = Count(person, distinct=True)
    every = dict(rows.filter(**{f"{person}__in": User.objects.alive(date).values("pk")}).annotate(count))
    waiting = dict(rows.filter(**{f"{person}__in": never_signed_in(date).values("pk")}).annotate(count))
    return [Share(str(one.pk), one, every.get(one.pk, 0), waiting.get(one.pk, 0)) for one in objects]
