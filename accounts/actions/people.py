"""The verbs that register people and write dated facts about them (5.3, 6.5, 6.6, 9.1).

Low-level: people come and go by orders (`execution.py`). Each is one audited transaction.
"""

import datetime
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from accounts import audit, fact_rules
from accounts.actions.administrators import SYSTEM_ADMINISTRATOR, lock_administrators, refuse_no_administrator
from accounts.actor import Actor
from accounts.fact_rules import DAY, term
from accounts.models import Appointment, Enrolment, MethodGroup, Position, Relation, SchoolCard, SchoolClass, User
from accounts.models.facts import DatedFact
from accounts.responsible import concerns_public, is_named_publicly
from eios.lib import russian
from eios.lib.dates import today

PERSONAL_FIELDS = ("surname", "name", "patronymic", "birth_date", "email", "phone")


# Accounts


@transaction.atomic
def create_person(
    *,
    surname: str,
    name: str,
    patronymic: str = "",
    birth_date: datetime.date | None = None,
    email: str = "",
    phone: str = "",
    by: Actor,
    basis: str = "",
) -> User:
    """One account for one human being (9.1), with a login made from the name: Иванова Мария Петровна → ivanovamp.

    It has neither password nor status: a password is issued, a status follows from dated facts. Raises ValidationError.
    """
    person = User(birth_date=birth_date, email=email.strip(), phone=phone.strip())
    person.surname, person.name, person.patronymic = (_one_line(part) for part in (surname, name, patronymic))
    person.set_unusable_password()
    person.clean_fields(exclude=["username", "password"])
    _save_under_new_login(person)
    changes = audit.difference({}, audit.snapshot(person, ("username", *PERSONAL_FIELDS)))
    audit.record(by, "person.added", person, changes, basis)
    return person


@transaction.atomic
def change_person(person: User, *, by: Actor, basis: str = "", **fields) -> User:
    """Corrects names, birth date or contacts; the trail keeps which of them, not their values. The login stays.

    Raises ValidationError; TypeError for a field that is not one of PERSONAL_FIELDS.
    """
    if unknown := fields.keys() - set(PERSONAL_FIELDS):
        raise TypeError(f"not a personal field: {min(unknown)}")
    person = User.objects.select_for_update().get(pk=person.pk)
    before = audit.snapshot(person, fields)
    for field, value in fields.items():
        setattr(person, field, _one_line(value) if isinstance(value, str) else value)
    person.clean_fields(exclude=["username", "password"])
    changes = audit.difference(before, audit.snapshot(person, fields))
    if changes:
        person.save()
        audit.record(by, "person.changed", person, changes, basis)
        if is_named_publicly(person):
            SchoolCard.touch_public()
    return person


@transaction.atomic
def set_superuser(person: User, *, value: bool, by: Actor, basis: str = "") -> User:
    """Gives or takes the right over the installation. Raises ValidationError where nobody would administer it then."""
    lock_administrators()
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_superuser == value:
        return person
    person.is_superuser = value
    person.save(update_fields=["is_superuser"])
    if not value:
        refuse_no_administrator(today())
    audit.record(by, "person.superuser_changed", person, {"is_superuser": [not value, value]}, basis)
    return person


def new_logins(people: Iterable[User]) -> list[str]:
    """Free logins for these people, in their order; one query however many they are. Nothing is saved."""
    taken = set(User.objects.values_list(Lower("username"), flat=True))
    return [_claim(taken, _stem(person)) for person in people]


def _save_under_new_login(person: User) -> None:
    stem = _stem(person)
    while True:
        known = User.objects.filter(username__istartswith=stem)
        person.username = _claim(set(known.values_list(Lower("username"), flat=True)), stem)
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError:
            # A namesake registered this very moment took the login: the next number then. Anything else is an error.
            if not User.objects.filter(username__iexact=person.username).exists():
                raise
            person.pk, person._state.adding = None, True
        else:
            return


def _stem(person: User) -> str:
    stem = russian.login_stem(person.surname, person.name, person.patronymic)
    return stem if stem[0].isalpha() else f"u{stem}"


def _claim(taken: set[str], stem: str) -> str:
    """The first free of stem, stem2, stem3…; it is taken from now on."""
    login, number = stem, 1
    while login in taken:
        number += 1
        login = f"{stem}{number}"
    taken.add(login)
    return login


def _one_line(text: str) -> str:
    return " ".join(text.split())


# Appointments


@transaction.atomic
def appoint(
    *,
    person: User,
    position: Position,
    starts: datetime.date,
    ends: datetime.date | None = None,
    is_acting: bool = False,
    school_class: SchoolClass | None = None,
    method_group: MethodGroup | None = None,
    basis: str = "",
    by: Actor,
) -> Appointment:
    """The person holds the position from the first day 00:00 to the last day 24:00 (5.3, 6.6).

    Raises ValidationError: the same appointment is in force in those days, or the class has its class teacher.
    """
    _lock(person, school_class)
    row = Appointment(
        person=person, position=position, starts=starts, ends=ends, is_acting=is_acting,
        school_class=school_class, method_group=method_group, basis=basis,
    )  # fmt: skip
    check_appointment(row)
    row.save()
    _record_fact("appointment.added", row, by, basis)
    if concerns_public(position):
        SchoolCard.touch_public()
    return row


def check_appointment(row: Appointment) -> None:
    """Asks the rules of appointments of an unsaved or changed row. Raises ValidationError with a Russian line."""
    row.full_clean()
    field, reason = fact_rules.wrong_place(row)
    if reason:
        raise ValidationError({field: reason})
    others = Appointment.objects.overlapping(row.starts, row.ends).exclude(pk=row.pk).filter(position=row.position)
    related = others.select_related("person", "position", "school_class", "method_group")
    if reason := fact_rules.appointment_conflict(row, related):
        raise ValidationError(reason)


@transaction.atomic
def end_appointment(appointment: Appointment, *, ends: datetime.date | None, by: Actor, basis: str = "") -> Appointment:
    """The last day of an appointment, which works until that day ends; may be moved again, or taken away with None.

    Raises ValidationError, also where nobody would be left to administer the portal.
    """
    lock_administrators()
    _lock(appointment.person, appointment.school_class)
    row = Appointment.objects.select_for_update().get(pk=appointment.pk)
    _end(row, ends, check_appointment, "appointment.ended", by, basis)
    if ends and row.position.code == SYSTEM_ADMINISTRATOR:
        refuse_no_administrator(ends + DAY)
    if concerns_public(row.position):
        SchoolCard.touch_public()
    return row


# Enrolments


@transaction.atomic
def enrol(
    *,
    pupil: User,
    school_class: SchoolClass,
    starts: datetime.date,
    ends: datetime.date | None = None,
    basis: str = "",
    by: Actor,
) -> Enrolment:
    """The pupil belongs to the class from the first day to the last, both inclusive. For orders only (6.5).

    Raises ValidationError where the pupil belongs to a class in those days already.
    """
    _lock(pupil)
    row = Enrolment(pupil=pupil, school_class=school_class, starts=starts, ends=ends, basis=basis)
    check_enrolment(row)
    row.save()
    _record_fact("enrolment.added", row, by, basis)
    return row


def check_enrolment(row: Enrolment) -> None:
    """A pupil is in one class on any date. Raises ValidationError with a Russian line."""
    row.full_clean()
    if reason := fact_rules.outside_year(row, row.school_class):
        raise ValidationError(reason)
    others = Enrolment.objects.overlapping(row.starts, row.ends).filter(pupil=row.pupil).exclude(pk=row.pk)
    if reason := fact_rules.enrolment_conflict(row, others.select_related("school_class", "order")):
        raise ValidationError(reason)


@transaction.atomic
def end_enrolment(enrolment: Enrolment, *, ends: datetime.date, by: Actor, basis: str = "") -> Enrolment:
    """The last day in the class. For orders only (6.5). Raises ValidationError."""
    _lock(enrolment.pupil)
    row = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return _end(row, ends, check_enrolment, "enrolment.ended", by, basis)


# Relations


@transaction.atomic
def confirm_relation(
    *,
    parent: User,
    pupil: User,
    kind: str,
    starts: datetime.date,
    ends: datetime.date | None = None,
    basis: str,
    by: Actor,
) -> Relation:
    """A lawful representative, confirmed on a document (`basis`) by the person who acts.

    Raises ValidationError: no document, oneself, or the relation is confirmed in those days already.
    """
    _lock(pupil)
    row = Relation(
        parent=parent, pupil=pupil, kind=kind, starts=starts, ends=ends, basis=basis, confirmed_by=by.person
    )  # fmt: skip
    check_relation(row)
    row.save()
    _record_fact("relation.added", row, by, basis)
    return row


def check_relation(row: Relation) -> None:
    """One confirmed relation between two people on any date. Raises ValidationError with a Russian line."""
    row.full_clean()
    if not row.basis.strip():
        raise ValidationError({"basis": "Укажите документ, которым подтверждается родство или опека."})
    others = Relation.objects.overlapping(row.starts, row.ends).filter(parent=row.parent, pupil=row.pupil)
    other = others.exclude(pk=row.pk).first()
    if other:
        raise ValidationError(f"{row.parent} уже записан законным представителем этого обучающегося: {term(other)}.")


@transaction.atomic
def end_relation(relation: Relation, *, ends: datetime.date, by: Actor, basis: str = "") -> Relation:
    """The last day of the relation. Raises ValidationError."""
    _lock(relation.pupil)
    row = Relation.objects.select_for_update().get(pk=relation.pk)
    return _end(row, ends, check_relation, "relation.ended", by, basis)


# What the facts have in common


def _lock(person: User, school_class: SchoolClass | None = None) -> None:
    """Facts about one person, or leaders of one class, are written one after another: the checks below stay true."""
    User.objects.select_for_update().get(pk=person.pk)
    if school_class:
        SchoolClass.objects.select_for_update().get(pk=school_class.pk)


def _end(row: DatedFact, ends: datetime.date | None, check: Callable, action: str, by: Actor, basis: str):
    before, row.ends = row.ends, ends
    check(row)
    if before != ends:
        row.save(update_fields=["ends"])
        audit.record(by, action, row, {"ends": [audit.plain(before), audit.plain(ends)]}, basis)
    return row


def _record_fact(action: str, row: DatedFact, by: Actor, basis: str) -> None:
    fields = [field.name for field in row._meta.concrete_fields if field.editable and field.name not in ("id", "basis")]
    values = audit.snapshot(row, fields)
    audit.record(by, action, row, {name: [None, value] for name, value in values.items() if value is not None}, basis)
