"""The people of access.md, one of each kind, at one small school: built once for a table of pages × people."""

import datetime

from accounts.models import Acceptance, AgreementEdition, Block, SchoolCard, SkillRecord, User
from tests.factories import (
    LONG_AGO,
    make_class,
    make_consent,
    make_consent_text,
    make_edition,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    make_skill,
    make_training,
)

Kind = Acceptance.Kind
GUEST = "guest"


def build() -> dict[str, User | None]:
    """Every persona by name; all but the guest, the newcomer and the blocked one have passed the gate's steps.

    The pupil is of 8 «А» (15 years), the junior of 5 «А» (11 years), the other pupil of 8 «Б»; the class teacher leads
    8 «А», the other one 8 «Б»; the parent is the pupil's and the junior's, and has
    consented to the processing of the pupil's data.
    """
    edition = AgreementEdition.objects.current(datetime.date.today()) or make_edition()
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    people = {**_staff(), **_families()}
    for name, person in people.items():
        if name != "newcomer":
            accept(person, edition)
    for audience in ("pupil", "staff"):
        make_consent_text(audience=audience)
    make_consent(people["pupil"], by=people["parent"])
    _records(people)
    Block.objects.create(person=people["blocked"], reason="Пароль стал известен посторонним")
    return {GUEST: None} | {name: User.objects.get(pk=person.pk) for name, person in people.items()}


def _records(people: dict[str, User]) -> None:
    """A course of the teacher's that waits, and a skill of the teacher's."""
    make_training(person=people["teacher"], title="Курс учителя")
    SkillRecord.objects.create(person=people["teacher"], skill=make_skill(), confirmed_on=LONG_AGO, how="тест")


def accept(person: User, edition: AgreementEdition) -> None:
    """As the gate wants it: by oneself, or under 14 by a parent and with the child's tick."""
    kinds = (Kind.PARENT, Kind.CHILD) if person.needs_parent_acceptance(datetime.date.today()) else (Kind.SELF,)
    for kind in kinds:
        Acceptance.objects.create(person=person, edition=edition, kind=kind, by=person)


def _staff() -> dict[str, User]:
    fits = {"surname": "Соловьёва", "name": "Ольга", "patronymic": "Юрьевна"}
    return {
        "superuser": make_person(surname="Ковалёв", name="Пётр", patronymic="Ильич", is_superuser=True),
        "admin": make_employee(position="system_administrator", surname="Журавлёв", name="Олег"),
        "director": make_employee(position="director", surname="Шевченко", name="Ирина"),
        "deputy": make_employee(position="deputy", surname="Белая", name="Елена"),
        "method_head": make_employee(position="method_group_head", surname="Черных", name="Алла"),
        "teacher": make_employee(position="teacher", **fits),
        "classteacher": make_employee(position="class_teacher", school_class=make_class(grade=8), surname="Бондаренко"),
        "other_classteacher": make_employee(
            position="class_teacher", school_class=make_class(grade=8, letter="Б"), surname="Саркисян"
        ),
        "librarian": make_employee(position="librarian", surname="Римская-Корсакова"),
        "support": make_employee(position="informatics_support", surname="Гончаров", name="Денис"),
        "credentials": make_employee(position="credentials_officer", surname="Фёдорова"),
        "blocked": make_employee(position="teacher", surname="Зайцева"),
        "newcomer": make_employee(position="teacher", surname="Орлова", must_change_password=True),
        "former": make_employee(position="teacher", surname="Козлова", ends=datetime.date(2024, 5, 31)),
    }


def _families() -> dict[str, User]:
    pupil = make_pupil(school_class=make_class(grade=8), age=15, surname="Ёлкина", name="Вера", patronymic="Олеговна")
    junior = make_pupil(
        school_class=make_class(grade=5), age=11, surname="Ёлкин", name="Тимофей", patronymic="Олегович"
    )
    parent = make_parent(child=pupil, surname="Ёлкина", name="Светлана", patronymic="Павловна")
    parent.children_relations.create(
        pupil=junior, kind="mother", starts=datetime.date(2020, 9, 1), basis="Свидетельство"
    )
    other = make_pupil(
        school_class=make_class(grade=8, letter="Б"), age=15, surname="Тихий", name="Лев", patronymic="Ильич"
    )
    return {"pupil": pupil, "junior": junior, "other_pupil": other, "parent": parent}
