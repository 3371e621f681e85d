"""Who must read which document, who has, and the sheets of it (3.2, 5.11). Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import DateTimeField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import Appointment, Enrolment, Relation, SchoolClass, User
from resources.models import Acquaintance, Document, Edition, MustRead


def to_read(person_key, date: datetime.date) -> QuerySet[Document]:
    """Documents in force that the person with this key must read and has not; made of the key and the date alone."""
    read = Acquaintance.objects.filter(person=person_key).values("edition")
    duties = MustRead.objects.binding(person_key, date).values("document")
    waiting = Document.objects.standing(date).with_edition(date).filter(_edition__isnull=False, pk__in=duties)
    return waiting.exclude(_edition__in=read)


@dataclass(frozen=True)
class ToRead:
    """A document that waits for its reader; `due` is the last day, where there is one."""

    document: Document
    edition: Edition
    due: datetime.date | None
    is_late: bool


def own_list(person: User, date: datetime.date) -> list[ToRead]:
    """What the person must read, the most pressing first; three queries."""
    duties = MustRead.objects.binding(person.pk, date)
    found = to_read(person.pk, date).prefetch_related(_begun(date), Prefetch("must_read", duties, to_attr="duties"))
    rows = [_waiting(document, date) for document in found]
    return sorted(rows, key=lambda row: (row.due or datetime.date.max, str(row.document)))


def _waiting(document: Document, date: datetime.date) -> ToRead:
    edition = document.begun[0]
    days = [day for duty in document.duties if (day := duty.due(edition.in_force_from))]
    due = min(days, default=None)
    return ToRead(document, edition, due, due is not None and due < date)


def _begun(date: datetime.date) -> Prefetch:
    return Prefetch("editions", Edition.objects.in_force(date).defer("text"), to_attr="begun")


def own_history(person: User) -> QuerySet[Acquaintance]:
    """What the person has read, and when: the newest first."""
    rows = Acquaintance.objects.filter(person=person).select_related("edition__document").defer("edition__text")
    return rows.order_by("-at", "-pk")


def asked_for(date: datetime.date) -> list[Document]:
    """Documents in force that somebody must read, with their `duties`; two queries."""
    found = Document.objects.standing(date).with_edition(date).filter(_edition__isnull=False)
    found = found.filter(Exists(MustRead.objects.filter(document=OuterRef("pk"))))
    return list(found.prefetch_related(Prefetch("must_read", to_attr="duties")).order_by("pk"))


def duties_of(document: Document) -> list[MustRead]:
    return list(document.must_read.select_related("school_class", "position"))


def who_must(duties: Iterable[MustRead], date: datetime.date) -> QuerySet[User]:
    """People whose accounts live and whom one of these duties binds."""
    me, bound = OuterRef("pk"), Q(pk__in=[])
    standing = {"pupil": "standing_pupil", "staff": "standing_employee", "parent": "standing_parent"}
    classes = [one.school_class_id for one in duties if one.school_class_id]
    positions = [one.position_id for one in duties if one.position_id]
    for one in duties:
        if one.status:
            bound |= Q(**{standing[one.status]: True})
    bound |= Q(Exists(Enrolment.objects.on(date).filter(pupil=me, school_class__in=classes)))
    bound |= Q(Exists(Appointment.objects.on(date).filter(person=me, position__in=positions)))
    return User.objects.alive(date).filter(bound)


def has_not_read(edition: Edition) -> Q:
    return ~Q(Exists(Acquaintance.objects.filter(edition=edition, person=OuterRef("pk"))))


# --- sheets --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the sheet: who, of whom (for a parent), and when the person ticked on the portal."""

    name: str
    note: str
    read_at: datetime.datetime | None


def sheet_of_pupils(edition: Edition, school_class: SchoolClass, date: datetime.date) -> list[Line]:
    """Pupils of the class on the date, by name; one query."""
    people = _with_moment(User.objects.in_classes([school_class], date), edition)
    return [Line(person.get_full_name(), "", person.read_at) for person in people]


def sheet_of_parents(edition: Edition, school_class: SchoolClass, date: datetime.date) -> list[Line]:
    """Lawful representatives of pupils of the class, in the order of the children; one query."""
    pupils = Enrolment.objects.on(date).filter(school_class=school_class).values("pupil")
    rows = Relation.objects.on(date).filter(pupil__in=pupils).select_related("parent", "pupil")
    rows = rows.annotate(read_at=_moment(edition, "parent")).order_by("pupil__sort_name", "pupil", "pk")
    return [Line(row.parent.get_full_name(), row.pupil.get_full_name(), row.read_at) for row in rows]


def sheet_of_staff(edition: Edition, date: datetime.date) -> list[Line]:
    """Everybody at work on the date, by name; one query."""
    people = User.objects.filter(Exists(Appointment.objects.on(date).filter(person=OuterRef("pk"))))
    return [Line(person.get_full_name(), "", person.read_at) for person in _with_moment(people, edition)]


def _with_moment(people: QuerySet[User], edition: Edition) -> QuerySet[User]:
    return people.annotate(read_at=_moment(edition, "pk")).order_by("sort_name", "pk")


def _moment(edition: Edition, key: str) -> Subquery:
    read = Acquaintance.objects.filter(edition=edition, person=OuterRef(key))
    return Subquery(read.values("at")[:1], output_field=DateTimeField())
