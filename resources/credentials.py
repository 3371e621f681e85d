"""Logins and passwords at platforms, as owner, element's administrator and class teacher see them. Reads only.

Nothing here opens a seal: lists never hold a password.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import classes
from accounts.models import SchoolClass, User
from accounts.places import places_on, words_of
from resources import access
from resources.asker import Asker
from resources.models import Element, ExternalCredential

Source = ExternalCredential.Source


@dataclass(frozen=True)
class State:
    """How a credential stands, in a word with the look of its tag."""

    code: str
    kind: str
    words: str


VALID = State("valid", "ok", "действуют")
EXPIRED = State("expired", "wait", "срок истёк")
ENDED = State("ended", "no", "прекращены")
CLOSED = State("closed", "", "закрыты на платформе")


def state_of(credential: ExternalCredential, date: datetime.date) -> State:
    if credential.closed_outside_at:
        return CLOSED
    if credential.ended_at:
        return ENDED
    return EXPIRED if credential.is_expired(date) else VALID


@dataclass(frozen=True)
class Row:
    """A line of a list: the credential of a person taken by `with_places`, on a day."""

    credential: ExternalCredential
    date: datetime.date

    @property
    def state(self) -> State:
        return state_of(self.credential, self.date)

    @property
    def who(self) -> str:
        """«5 «А»», «учитель математики»; nothing of those who left."""
        return words_of(self.credential.person)

    @property
    def is_printable(self) -> bool:
        """May stand on a slip: the owner has not seen the password yet."""
        row = self.credential
        return self.state is VALID and row.has_password and row.revealed_at is None

    @property
    def may_renew(self) -> bool:
        return self.credential.ended_at is None and self.credential.source in (Source.TYPED, Source.GENERATED)

    @property
    def may_be_mailed(self) -> bool:
        return self.state is VALID and self.credential.has_password and bool(self.credential.person.email)

    @property
    def why_to_close(self) -> str:
        """Why it is to be closed at the platform."""
        row = self.credential
        if row.ended_at:
            return row.end_reason
        return "срок истёк" if row.is_expired(self.date) else "человек больше не в школе"


def with_places(rows: QuerySet[ExternalCredential], date: datetime.date) -> QuerySet[ExternalCredential]:
    """The same with people, their classes and positions on the date: two queries more for any number."""
    rows = rows.select_related("person", "element", "issued_by", "ended_by", "closed_outside_by")
    return rows.prefetch_related(*places_on(date, "person__"))


# The owner's side


def own(person: User) -> QuerySet[ExternalCredential]:
    """What the person holds now: issued and noted, past their term too."""
    return ExternalCredential.objects.standing().filter(person=person).select_related("element")


def own_at(person: User | None, element: Element) -> ExternalCredential | None:
    """What the person holds at this element; a guest and a section of the portal cost no query."""
    if person is None or element.is_built_in:
        return None
    return own(person).filter(element=element).first()


def elements_to_note(asker: Asker) -> QuerySet[Element]:
    """Outside elements that the person knows of; some of them keep no logins, which the form explains."""
    return access.elements_known_to(asker).filter(kind=Element.Kind.EXTERNAL).order_by("name", "pk")


# The desk


# Filters of the desk's list: code in the address → title, and the rule on a date.
STATE_FILTERS = {
    "": "Все",
    "valid": "Действуют",
    "unseen": "Ещё не открыты",
    "expired": "Срок истёк",
    "ended": "Прекращены",
    "close": "Закрыть на платформе",
}


def _narrowed(rows: QuerySet[ExternalCredential], state: str, date: datetime.date) -> QuerySet[ExternalCredential]:
    if state == "valid":
        return rows.valid(date)
    if state == "unseen":
        return rows.printable(date)
    if state == "expired":
        return rows.standing().filter(expires_on__lt=date)
    if state == "ended":
        return rows.filter(ended_at__isnull=False)
    return rows.filter(pk__in=to_close(date).values("pk")) if state == "close" else rows


@dataclass(frozen=True)
class Filters:
    """What the desk's list is narrowed by; all of it stands in the address."""

    q: str = ""
    state: str = ""
    school_class: str = ""


def of_element(element: Element, filters: Filters, date: datetime.date) -> QuerySet[ExternalCredential]:
    """Issued credentials of the element chosen by the filters, by name; owners' notes are not among them."""
    rows = _narrowed(ExternalCredential.objects.issued().filter(element=element), filters.state, date)
    people = User.objects.matching(filters.q)
    if filters.school_class:
        people = people.in_classes([filters.school_class], date)
    if filters.q or filters.school_class:
        rows = rows.filter(person__in=people.values("pk"))
    return rows.order_by("person__sort_name", "person_id", "-pk")


def people_without(element: Element, date: datetime.date) -> QuerySet[User]:
    """People whose accounts live and who hold nothing at the element yet, by name."""
    held = ExternalCredential.objects.standing().filter(element=element, person=OuterRef("pk"))
    return User.objects.alive(date).filter(~Exists(held)).order_by("sort_name", "pk")


# Tasks: what is to be closed at the platform itself


def departed(date: datetime.date) -> QuerySet[User]:
    """People without a status in force; those who are blocked for a while have theirs."""
    nothing = {"standing_pupil": False, "standing_employee": False, "standing_parent": False}
    return User.objects.with_standing(date).filter(is_superuser=False, **nothing)


def to_close(date: datetime.date) -> QuerySet[ExternalCredential]:
    """Ended, past the term, or of people who left, and not closed at the platform yet."""
    left = Q(ended_at__isnull=False) | Q(expires_on__lt=date) | Q(person__in=departed(date).values("pk"))
    return ExternalCredential.objects.issued().filter(left, closed_outside_at__isnull=True)


def tasks(elements: Iterable[Element] | QuerySet[Element], date: datetime.date) -> QuerySet[ExternalCredential]:
    """What is to be closed at these elements, by element and name."""
    return to_close(date).filter(element__in=elements).order_by("element__name", "person__sort_name", "pk")


# The class teacher's side: states only


@dataclass(frozen=True)
class ClassLine:
    """A pupil of the class, and how each of the pupil's credentials stands."""

    pupil: User
    rows: list[Row]


def of_class(school_class: SchoolClass, date: datetime.date) -> list[ClassLine]:
    """Pupils of the class by name, each with the issued credentials that stand; two queries for any number."""
    here, _ = classes.members_of(school_class, date)
    found: dict[int, list[Row]] = {row.pupil_id: [] for row in here}
    held = ExternalCredential.objects.issued().standing().filter(person__in=found).select_related("element")
    for credential in held.order_by("element__name", "pk"):
        found[credential.person_id].append(Row(credential, date))
    return [ClassLine(row.pupil, found[row.pupil_id]) for row in here]
