"""Rows for tests: plain functions with keyword arguments and sensible defaults."""

import datetime
import itertools

from django.utils import timezone

from accounts.models import (
    AcademicYear,
    Acceptance,
    AgreementEdition,
    Appointment,
    Enrolment,
    MethodGroup,
    Position,
    Relation,
    SchoolClass,
    Skill,
    Training,
    User,
)
from resources.models import Element

_numbers = itertools.count(1)
LONG_AGO = datetime.date(2020, 9, 1)
LEVELS = {"system_administrator": 4, "director": 4, "deputy": 4, "method_group_head": 3}


def make_person(*, surname="Петрова", name="Анна", patronymic="Сергеевна", password="secret", **fields) -> User:
    """An account past the first-password step, without any status."""
    fields.setdefault("username", f"person{next(_numbers)}")
    fields.setdefault("must_change_password", False)
    fields.setdefault("is_demo", True)
    person = User(surname=surname, name=name, patronymic=patronymic, **fields)
    person.set_password(password)
    person.save()
    return User.objects.get(pk=person.pk)


def make_year(*, starts=None) -> AcademicYear:
    starts, ends = AcademicYear.usual_dates(starts or datetime.date.today())
    return AcademicYear.objects.get_or_create(starts=starts, defaults={"ends": ends})[0]


def make_class(*, grade=5, letter="А", year=None) -> SchoolClass:
    return SchoolClass.objects.get_or_create(year=year or make_year(), grade=grade, letter=letter)[0]


def make_pupil(*, school_class=None, starts=LONG_AGO, ends=None, age=15, **fields) -> User:
    today = datetime.date.today()
    fields.setdefault("birth_date", today.replace(year=today.year - age, day=min(today.day, 28)))
    person = make_person(**fields)
    Enrolment.objects.create(pupil=person, school_class=school_class or make_class(), starts=starts, ends=ends)
    return User.objects.get(pk=person.pk)


def make_position(code="teacher", *, level=None) -> Position:
    defaults = {"name": code, "category": Position.Category.TEACHING, "level": level or LEVELS.get(code, 2)}
    return Position.objects.get_or_create(code=code, defaults=defaults)[0]


def make_employee(
    *, position="teacher", starts=LONG_AGO, ends=None, school_class=None, is_acting=False, **fields
) -> User:
    person = make_person(**fields)
    Appointment.objects.create(
        person=person, position=make_position(position), starts=starts, ends=ends, school_class=school_class,
        is_acting=is_acting,
    )  # fmt: skip
    return User.objects.get(pk=person.pk)


def make_parent(*, child: User, starts=LONG_AGO, ends=None, kind="mother", **fields) -> User:
    person = make_person(**fields)
    Relation.objects.create(
        parent=person, pupil=child, kind=kind, starts=starts, ends=ends, basis="Свидетельство о рождении"
    )
    return User.objects.get(pk=person.pk)


def make_edition(*, number=1, in_force_from=LONG_AGO, **fields) -> AgreementEdition:
    fields = {"title": "Соглашение", "text": "Текст", "plain_text": "Просто", **fields}
    return AgreementEdition.objects.create(number=number, in_force_from=in_force_from, **fields)


def make_element(*, slug=None, name="Платформа", closure=1, **fields) -> Element:
    slug = slug or f"element-{next(_numbers)}"
    return Element.objects.create(slug=slug, name=name, own_closure=closure, closure=closure, **fields)


def sign_in(client, person: User) -> None:
    """A session past the gate: the person is signed in and has accepted the edition in force, if there is one."""
    edition = AgreementEdition.objects.current(datetime.date.today()) or make_edition()
    Acceptance.objects.get_or_create(person=person, edition=edition, kind=Acceptance.Kind.SELF, defaults={"by": person})
    client.force_login(person, backend="accounts.backends.PortalBackend")


def make_method_group(*, name="ШМО учителей начальных классов") -> MethodGroup:
    return MethodGroup.objects.get_or_create(name=name)[0]


def make_training(*, person: User, confirmed_by: User | None = None, valid_until=None, **fields) -> Training:
    """A course of the person; it waits, unless somebody has confirmed it."""
    number = next(_numbers)
    fields = {"title": f"Курс {number}", "organisation": "ИРО", "document_date": LONG_AGO, **fields}
    fields |= {"confirmed_by": confirmed_by, "confirmed_at": timezone.now() if confirmed_by else None}
    return Training.objects.create(person=person, valid_until=valid_until, recorded_by=person, **fields)


def make_skill(*, name="Электронный журнал", positions=(), **fields) -> Skill:
    skill = Skill.objects.create(name=name, **fields)
    skill.required_of_positions.set([make_position(code) for code in positions])
    return skill
