"""Who has an account that works and has never signed in; where the slip with the password is, if one was printed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Appointment, Enrolment, Position, SchoolClass, Slip, User
from eios.lib import russian

GROUPS = {
    "": ("Все", Q()),
    "pupils": ("Обучающиеся", Q(standing_pupil=True)),
    "staff": ("Работники", Q(standing_employee=True)),
    "parents": ("Родители", Q(standing_parent=True)),
}
# State of the slip: code in the address → words, and the rule about standing slips; None: there is no such slip.
NO_SLIP, PRINTED, HANDED, GIVEN, EXPIRED = "none", "printed", "handed", "given", "expired"
SLIPS = {
    NO_SLIP: "листка нет",
    PRINTED: "напечатан",
    HANDED: "у классного руководителя",
    GIVEN: "вручён",
    EXPIRED: "срок истёк",
}


@dataclass(frozen=True)
class Row:
    """A person without a first sign-in; comes from `listed`."""

    person: User

    @property
    def who(self) -> str:
        words = [str(row.school_class) for row in self.person.enrolled_now]
        words += [row.title for row in self.person.appointed_now]
        return ", ".join(words + ["родитель"] * self.person.is_parent)

    @property
    def slip(self) -> Slip | None:
        return next(iter(self.person.standing_slips), None)

    @property
    def state(self) -> str:
        return state_of(self.slip)

    @property
    def words(self) -> str:
        """«вручён 12.09.2026, Иванова М. П.»"""
        slip, state = self.slip, self.state
        at, by = {
            NO_SLIP: (None, None),
            PRINTED: (slip and slip.printed_at, None),
            HANDED: (slip and slip.handed_at, slip and slip.handed_to),
            GIVEN: (slip and slip.given_at, slip and slip.given_by),
            EXPIRED: (slip and slip.expires_at, None),
        }[state]
        text = SLIPS[state] if state != HANDED or by is None else "передан"
        when = f" {russian.short_date(timezone.localtime(at).date())}" if at else ""
        return f"{text}{when}{f', {by.initials}' if by else ''}"

    @property
    def kind(self) -> str:
        """The look of the tag."""
        return {NO_SLIP: "", EXPIRED: "no"}.get(self.state, "wait")


def state_of(slip: Slip | None) -> str:
    if slip is None:
        return NO_SLIP
    if slip.expires_at <= timezone.now():
        return EXPIRED
    if slip.given_at:
        return GIVEN
    return HANDED if slip.handed_at else PRINTED


def _with_slip(state: str) -> Q:
    """The SQL form of `state_of`, about people."""
    standing = Slip.objects.standing().filter(person=OuterRef("pk"))
    if state == NO_SLIP:
        return ~Q(Exists(standing))
    if state == EXPIRED:
        return Q(Exists(standing.filter(expires_at__lte=timezone.now())))
    valid = standing.filter(expires_at__gt=timezone.now())
    if state == GIVEN:
        return Q(Exists(valid.filter(given_at__isnull=False)))
    return Q(Exists(valid.filter(given_at__isnull=True, handed_at__isnull=state == PRINTED)))


def never_signed_in(date: datetime.date) -> QuerySet[User]:
    """Accounts that the gate would let in, and that nobody has entered yet."""
    return User.objects.alive(date).filter(last_login__isnull=True)


def listed(filters: dict[str, str], date: datetime.date) -> QuerySet[User]:
    """Chosen by the report's filters, with classes, positions and slips; three queries more for any number."""
    _, rule = GROUPS[filters.get("group", "")]
    people = never_signed_in(date).matching(filters.get("q", "")).filter(rule)
    if filters.get("school_class"):
        people = people.in_classes([filters["school_class"]], date)
    if filters.get("position"):
        holders = Appointment.objects.on(date).filter(person=OuterRef("pk"), position=filters["position"])
        people = people.filter(Exists(holders))
    if filters.get("slip"):
        people = people.filter(_with_slip(filters["slip"]))
    return with_details(people, date)


def with_details(people: QuerySet[User], date: datetime.date) -> QuerySet[User]:
    enrolments = Enrolment.objects.on(date).select_related("school_class")
    appointments = Appointment.objects.on(date).select_related("position").order_by("position__order", "pk")
    slips = Slip.objects.standing().select_related("handed_to", "given_by")
    return people.order_by("sort_name", "pk").prefetch_related(
        Prefetch("enrolments", enrolments, to_attr="enrolled_now"),
        Prefetch("appointments", appointments, to_attr="appointed_now"),
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
