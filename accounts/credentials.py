"""Credentials: who may issue them to whom, and how far each person's slip has come (9.2, 9.4-9.6). Reads only."""

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import (
    Appointment,
    Block,
    Enrolment,
    OneTimeLink,
    Relation,
    SchoolCard,
    SchoolClass,
    SheetRow,
    Slip,
    SlipBatch,
    User,
)
from accounts.models.people import MANAGEMENT_LEVEL

OFFICER, DESIGNATED = "credentials_officer", "designated_person"
HOLDERS = ("class_teacher", DESIGNATED)


class State(enum.Enum):
    """How far it has come: code in the address, words on screen, look of the tag."""

    BLOCKED = ("blocked", "заблокирована", "no")
    IN = ("in", "вошёл сам", "ok")
    NONE = ("none", "нет листка", "")
    EXPIRED = ("expired", "срок истёк", "no")
    GIVEN = ("given", "вручён", "info")
    HANDED = ("handed", "передан", "wait")
    PRINTED = ("printed", "напечатан", "wait")

    def __init__(self, code: str, words: str, kind: str):
        self.code, self.words, self.kind = code, words, kind


_NOT_IN = Q(is_blocked_now=False, must_change_password=True)
_STANDS = _NOT_IN & Q(has_slip=True, slip_expired=False)
# The SQL form of `state_of`; they exclude each other.
STATES = {
    State.BLOCKED: Q(is_blocked_now=True),
    State.IN: Q(is_blocked_now=False, must_change_password=False),
    State.NONE: _NOT_IN & Q(has_slip=False),
    State.EXPIRED: _NOT_IN & Q(slip_expired=True),
    State.GIVEN: _STANDS & Q(slip_given=True),
    State.HANDED: _STANDS & Q(slip_given=False, slip_handed=True),
    State.PRINTED: _STANDS & Q(slip_given=False, slip_handed=False),
}
NEVER = "never"
# Filters of the list: code in the address → title, rule.
STATE_FILTERS = {
    "": ("Все", Q()),
    NEVER: ("Ещё не вошли", _NOT_IN),
    "none": ("Нет листка", STATES[State.NONE]),
    "printed": ("Напечатан", STATES[State.PRINTED]),
    "handed": ("Передан", STATES[State.HANDED]),
    "given": ("Вручён", STATES[State.GIVEN]),
    "expired": ("Срок истёк", STATES[State.EXPIRED]),
    "in": ("Вошли", STATES[State.IN]),
    "asked": ("Просит классный руководитель", Q(is_asked_for=True)),
}
PUPILS, PARENTS, STAFF = "pupils", "parents", "staff"
KINDS = {PUPILS: "Обучающиеся", PARENTS: "Родители", STAFF: "Работники"}
_KIND_RULES = {
    PUPILS: Q(belongs_pupil=True),
    PARENTS: Q(belongs_parent=True, belongs_pupil=False),
    STAFF: Q(belongs_employee=True),
}


# Who issues to whom


def issues_to_families(issuer: User) -> bool:
    """For pupils and parents: the one appointed, for as long as the appointment is in force (9.4)."""
    return OFFICER in issuer.position_codes


def officers(date: datetime.date) -> QuerySet[Appointment]:
    """Those who issue credentials to families, today or from a day to come: by order or by a document (9.4)."""
    rows = Appointment.objects.overlapping(date, None).filter(position__code=OFFICER)
    return rows.select_related("person", "position", "order").order_by("starts", "pk")


def issues_to_staff(issuer: User) -> bool:
    """For staff: the system administrator, or who acts for him (9.2)."""
    return issuer.is_system_administrator


def kinds_of(issuer: User, school: SchoolCard) -> list[str]:
    """The kinds of people this one issues credentials to."""
    families = [PUPILS, PARENTS] if school.parents_have_cabinets else [PUPILS]
    return [*(families if issues_to_families(issuer) else []), *([STAFF] if issues_to_staff(issuer) else [])]


def people_of(issuer: User, date: datetime.date) -> QuerySet[User]:
    """Those whose credentials this one issues: at school on the date, or expected by an order that is executed.

    A teacher who is a parent is staff. Superusers are left to superusers.
    """
    rule = Q(pk__in=[])
    if issues_to_families(issuer):
        rule |= Q(belongs_employee=False) & (Q(belongs_pupil=True) | Q(belongs_parent=True))
    if issues_to_staff(issuer):
        rule |= Q(belongs_employee=True) | Q(is_superuser=True)
    if not issuer.is_superuser:
        rule &= Q(is_superuser=False)
    return _with_belonging(date).filter(rule)


def _with_belonging(date: datetime.date) -> QuerySet[User]:
    """Everybody, with what one belongs to the school as, now or from a coming day on, and the state of the slip."""
    me, now = OuterRef("pk"), timezone.now()
    slips = Slip.objects.standing().filter(person=me)
    return User.objects.annotate(
        belongs_pupil=Exists(Enrolment.objects.overlapping(date, None).filter(pupil=me)),
        belongs_employee=Exists(Appointment.objects.overlapping(date, None).filter(person=me)),
        belongs_parent=Exists(_relations(date).filter(parent=me))
        & Exists(SchoolCard.objects.filter(parents_have_cabinets=True)),
        is_blocked_now=Exists(Block.objects.standing().filter(person=me)),
        has_slip=Exists(slips),
        slip_expired=Exists(slips.filter(expires_at__lte=now)),
        slip_handed=Exists(slips.filter(handed_at__isnull=False)),
        slip_given=Exists(slips.filter(given_at__isnull=False)),
        is_asked_for=Exists(SheetRow.objects.asking_credentials(date).filter(person=me)),
    )


def _relations(date: datetime.date, classes: Iterable | None = None) -> QuerySet[Relation]:
    """Relations to children of the school, or of these classes only."""
    pupils = Enrolment.objects.overlapping(date, None).filter(pupil=OuterRef("pupil"))
    if classes is not None:
        pupils = pupils.filter(school_class__in=classes)
    return Relation.objects.overlapping(date, None).filter(Exists(pupils))


def pupils_without_slip(date: datetime.date) -> QuerySet[User]:
    """Pupils who have never signed in and hold no slip: what waits for the one who issues."""
    people = _with_belonging(date).filter(_KIND_RULES[PUPILS], belongs_employee=False)
    return people.filter(_NOT_IN, has_slip=False)


# Rows of the lists


@dataclass(frozen=True)
class Row:
    """A line of the lists: a person, with the standing slip and the state."""

    person: User
    slip: Slip | None
    state: State

    @property
    def who(self) -> str:
        """«5 «А»»; «учитель»; «родитель: Петров Иван, 5 «А»»."""
        words = [str(row.school_class) for row in self.person.enrolled_now]
        words += [row.title for row in self.person.appointed_now]
        words += [_child_words(row.pupil) for row in self.person.children_now]
        return "; ".join(words)

    @property
    def place(self) -> SchoolClass | None:
        """The pupil's class, or that of a parent's first child."""
        return next(iter(classes_of_person(self.person)), None)

    @property
    def grade(self) -> int | None:
        """Of pupils only: which style of password suits."""
        return self.person.enrolled_now[0].school_class.grade if self.person.enrolled_now else None

    @property
    def may_print(self) -> bool:
        """In bulk; whoever has signed in with the own password never loses it so."""
        return self.state not in (State.IN, State.BLOCKED)

    @property
    def order(self) -> tuple:
        """By classes, then by names: as slips lie in the sheaf."""
        place = self.place
        return ((place.grade, place.letter) if place else (99, ""), self.person.sort_name, self.person.pk)


def _child_words(child: User) -> str:
    return f"родитель: {', '.join([child.get_full_name(), *(str(row.school_class) for row in child.enrolled_now)])}"


def classes_of_person(person: User) -> list[SchoolClass]:
    """The pupil's, and those of a parent's children; for people taken by `rows`."""
    own = [row.school_class for row in person.enrolled_now]
    return own + [row.school_class for link in person.children_now for row in link.pupil.enrolled_now]


def state_of(person: User, slip: Slip | None, now: datetime.datetime) -> State:
    """Pure, but for the clock that is handed in; the person comes from `people_of` or `people_of_class`."""
    if person.is_blocked_now:
        return State.BLOCKED
    if not person.must_change_password:
        return State.IN
    if slip is None:
        return State.NONE
    if slip.is_expired(now):
        return State.EXPIRED
    if slip.given_at:
        return State.GIVEN
    return State.HANDED if slip.handed_at else State.PRINTED


def rows(people: QuerySet[User], date: datetime.date, *, within: Iterable | None = None) -> list[Row]:
    """People with slips, classes, positions and children; a few queries however many they are.

    `within` names the classes whose teacher looks: children of other classes are none of the teacher's business.
    """
    now = timezone.now()
    found = []
    for person in people.prefetch_related(*_prefetched(date, within)):
        slip = next(iter(person.standing_slips), None)
        found.append(Row(person, slip, state_of(person, slip, now)))
    return found


def _prefetched(date: datetime.date, within: Iterable | None) -> list[Prefetch]:
    enrolments = Enrolment.objects.overlapping(date, None).select_related("school_class").order_by("starts", "pk")
    appointments = Appointment.objects.overlapping(date, None).select_related("position")
    slips = Slip.objects.standing().select_related("handed_to", "given_by", "batch")
    children = _relations(date, within).select_related("pupil").order_by("pupil__sort_name")
    return [
        Prefetch("slips", slips, to_attr="standing_slips"),
        Prefetch("enrolments", enrolments, to_attr="enrolled_now"),
        Prefetch("appointments", appointments.order_by("position__order", "pk"), to_attr="appointed_now"),
        Prefetch("children_relations", children, to_attr="children_now"),
        Prefetch("children_now__pupil__enrolments", enrolments, to_attr="enrolled_now"),
    ]


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed by; all of it stands in the address."""

    q: str = ""
    who: str = PUPILS
    state: str = ""
    position: str = ""
    classes: list[int] = field(default_factory=list)


def listed(issuer: User, filters: Filters, date: datetime.date) -> QuerySet[User]:
    """People of the issuer chosen by the filters, by name."""
    people = people_of(issuer, date).matching(filters.q).filter(_KIND_RULES[filters.who])
    people = people.filter(STATE_FILTERS[filters.state][1])
    if filters.classes:
        people = people.filter(_in_classes(filters.classes, date, filters.who))
    if filters.position:
        held = Appointment.objects.overlapping(date, None).filter(position__code=filters.position)
        people = people.filter(Exists(held.filter(person=OuterRef("pk"))))
    return people.order_by("sort_name", "pk")


def _in_classes(classes: Iterable, date: datetime.date, who: str) -> Exists:
    places = Enrolment.objects.overlapping(date, None).filter(school_class__in=classes)
    if who == PARENTS:
        children = Relation.objects.overlapping(date, None).filter(pupil__in=places.values("pupil"))
        return Exists(children.filter(parent=OuterRef("pk")))
    return Exists(places.filter(pupil=OuterRef("pk")))


def open_classes(date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes of this year and of the coming ones, in order."""
    return SchoolClass.objects.filter(year__ends__gte=date).order_by("year__starts", "grade", "letter")


# The class teacher's and the designated person's side (9.6)


def slip_classes_of(person: User, date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes whose list of slips one may see: led, designated for, all for the management."""
    of_all = person.level >= MANAGEMENT_LEVEL or any(_is_designated_for_all(row) for row in person.appointments_now)
    keys = {row.school_class_id for row in person.appointments_now if _holds_slips(row) and row.school_class_id}
    classes = SchoolClass.objects.filter(pk__in=keys)
    if of_all:
        classes |= SchoolClass.objects.of_year_on(date)
    return classes.order_by("grade", "letter", "-year__starts")


def _holds_slips(row: Appointment) -> bool:
    return row.position.code in HOLDERS


def _is_designated_for_all(row: Appointment) -> bool:
    return row.position.code == DESIGNATED and row.school_class_id is None


def rows_of_class(school_class: SchoolClass, date: datetime.date) -> list[Row]:
    """Pupils of the class, then their parents who are not staff, where parents have cabinets; each by name."""
    found = rows(_people_of_class(school_class, date), date, within=[school_class])
    return sorted(found, key=lambda row: (not row.person.enrolled_now, row.person.sort_name, row.person.pk))


def _people_of_class(school_class: SchoolClass, date: datetime.date) -> QuerySet[User]:
    people = _with_belonging(date).filter(belongs_employee=False)
    pupils = _in_classes([school_class], date, PUPILS)
    parents = _in_classes([school_class], date, PARENTS)
    return people.filter(Q(pupils) | (Q(belongs_parent=True) & Q(parents)))


@dataclass(frozen=True)
class Holder:
    """One to whom slips may be handed for giving out, and which of those offered."""

    person: User
    duties: list[str]
    slips: list[Slip]


def holders_of(batch_rows: list[Row], date: datetime.date) -> list[Holder]:
    """Class teachers and designated persons with the slips of the batch that they may take, most slips first."""
    ready = [row for row in batch_rows if row.slip.handed_at is None and row.slip.given_at is None]
    posts: dict[int, list[Appointment]] = {}
    appointed = Appointment.objects.on(date).filter(position__code__in=HOLDERS)
    for post in appointed.select_related("person", "position", "school_class").order_by("position__order", "pk"):
        posts.setdefault(post.person_id, []).append(post)
    found = [_holder(own, ready) for own in posts.values()]
    return sorted((holder for holder in found if holder.slips), key=lambda holder: -len(holder.slips))


def _holder(posts: list[Appointment], ready: list[Row]) -> Holder:
    duties = [f"{post.title}, {post.school_class}" if post.school_class else post.title for post in posts]
    return Holder(posts[0].person, duties, [row.slip for row in ready if any(_may_take(post, row) for post in posts)])


def _may_take(post: Appointment, row: Row) -> bool:
    classes = classes_of_person(row.person)
    return bool(classes) and (post.school_class_id is None or post.school_class_id in {one.pk for one in classes})


def batch_rows(batch: SlipBatch, issuer: User, date: datetime.date) -> list[Row]:
    """Slips of a batch that stand, with their owners, as they lie in the sheaf."""
    keys = Slip.objects.standing().filter(batch=batch).values("person")
    return sorted(rows(people_of(issuer, date).filter(pk__in=keys), date), key=lambda row: row.order)


def batches_of(issuer: User, date: datetime.date) -> QuerySet[SlipBatch]:
    """Batches with slips of the issuer's people, newest first: how many slips, and how many still lie here."""
    slips = Slip.objects.filter(person__in=people_of(issuer, date).values("pk"), batch=OuterRef("pk"))
    here = slips.filter(voided_at__isnull=True, handed_at__isnull=True, given_at__isnull=True)
    found = SlipBatch.objects.filter(Exists(slips)).select_related("issued_by").order_by("-pk")
    return found.annotate(size=_count(slips), here=_count(here))


def _count(slips: QuerySet[Slip]) -> Coalesce:
    counted = slips.order_by().values("batch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def waiting_by_class(holder: User, date: datetime.date) -> dict[int, int]:
    """How many slips lie with the holder, by the key of the pupil's class."""
    places = Enrolment.objects.overlapping(date, None)
    slips = Slip.objects.waiting_at(holder.pk).values("person")
    found = places.filter(pupil__in=slips).order_by().values_list("school_class").annotate(Count("pupil"))
    return dict(found)


# At sign-in


def is_term_over(person: User) -> bool:
    """The right password was printed on a slip that opens nothing any more; one's own password costs no query."""
    if not person.must_change_password:
        return False
    latest = Slip.objects.filter(person=person).order_by("-pk").first()
    return latest is not None and latest.opens_nothing(timezone.now())


def links_of(person: User) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(person=person).select_related("issued_by")
