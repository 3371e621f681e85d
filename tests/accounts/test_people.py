"""People, and what they are on a date: statuses follow from dated facts, never from a typed role."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actions import people
from accounts.actor import Actor
from accounts.models import Appointment, AuditEntry, Block, Enrolment, Relation, SchoolCard, User
from tests.factories import (
    LONG_AGO,
    make_class,
    make_employee,
    make_method_group,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_year,
)

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


def on(date: datetime.date, person: User) -> tuple[bool, bool, bool, bool]:
    """Is the person pupil, employee, parent, alive on the date?"""
    row = User.objects.with_standing(date).get(pk=person.pk)
    is_alive = User.objects.alive(date).filter(pk=person.pk).exists()
    return row.standing_pupil, row.standing_employee, row.standing_parent, is_alive


def open_parents_cabinets():
    SchoolCard.objects.filter(pk=1).update(parents_have_cabinets=True)


# Statuses


@pytest.mark.clause("6.7")
@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (TODAY, TODAY, True),
        (TODAY, None, True),
        (TODAY - DAY, TODAY, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
    ],
)
def test_first_and_last_day_count(starts, ends, expected):
    employee = make_employee(starts=starts, ends=ends)
    pupil = make_pupil(starts=starts, ends=ends)
    assert on(TODAY, employee) == (False, expected, False, expected)
    assert on(TODAY, pupil) == (expected, False, False, expected)


def test_a_dismissal_works_on_its_day_without_any_job():
    last_day = TODAY + 3 * DAY
    employee = make_employee(ends=last_day)
    assert [on(TODAY + n * DAY, employee)[3] for n in range(6)] == [True, True, True, True, False, False]


def test_one_person_may_be_several_at_once():
    open_parents_cabinets()
    pupil = make_pupil()
    teacher = make_employee()
    Relation.objects.create(parent=teacher, pupil=pupil, kind="father", starts=LONG_AGO, basis="Свидетельство")
    assert on(TODAY, teacher) == (False, True, True, True)
    assert on(TODAY, pupil) == (True, False, False, True)


@pytest.mark.parametrize(
    ("child_ends", "relation_ends", "cabinets", "expected"),
    [
        (None, None, True, True),
        (None, None, False, False),
        (TODAY - DAY, None, True, False),
        (None, TODAY - DAY, True, False),
        (TODAY, TODAY, True, True),
    ],
)
def test_a_parent_is_one_while_the_relation_and_the_enrolment_last(child_ends, relation_ends, cabinets, expected):
    SchoolCard.objects.filter(pk=1).update(parents_have_cabinets=cabinets)
    parent = make_parent(child=make_pupil(ends=child_ends), ends=relation_ends)
    assert on(TODAY, parent) == (False, False, expected, expected)


def test_one_without_a_status_is_not_let_in_but_a_superuser_is():
    stranger, superuser = make_person(), make_person(is_superuser=True)
    assert (stranger.is_alive, superuser.is_alive) == (False, True)


def test_a_block_closes_whatever_the_status_and_lifting_it_opens():
    teacher = make_employee()
    block = Block.objects.create(person=teacher, reason="Пароль подсмотрели")
    assert on(TODAY, teacher) == (False, True, False, False)
    block.lifted_at = datetime.datetime.now(tz=datetime.UTC)
    block.save()
    assert on(TODAY, teacher) == (False, True, False, True)


# Levels


@pytest.mark.clause("5.3")
@pytest.mark.parametrize(
    ("position", "level"),
    [("teacher", 2), ("method_group_head", 3), ("deputy", 4), ("director", 4), ("system_administrator", 4)],
)
def test_level_comes_from_the_position(position, level):
    assert make_employee(position=position).level == level


def test_level_is_of_the_highest_position_in_force_acting_ones_too():
    teacher = make_employee()
    Appointment.objects.create(person=teacher, position=make_position("director"), is_acting=True, starts=TODAY)
    Appointment.objects.create(person=teacher, position=make_position("deputy"), starts=TODAY + DAY)
    teacher = User.objects.get(pk=teacher.pk)
    assert (teacher.level, teacher.position_codes) == (4, frozenset({"teacher", "director"}))
    assert [row.title for row in teacher.appointments_now] == ["teacher", "и. о.: director"]


def test_pupils_and_parents_have_level_one_and_strangers_none():
    open_parents_cabinets()
    pupil = make_pupil()
    assert (pupil.level, make_parent(child=pupil).level, make_person().level) == (1, 1, 0)


def test_standing_positions_and_class_cost_three_queries_however_many_facts(django_assert_num_queries):
    teacher = make_employee(position="class_teacher", school_class=make_class())
    for code in ("teacher", "librarian", "designated_person"):
        Appointment.objects.create(person=teacher, position=make_position(code), starts=LONG_AGO)
    with django_assert_num_queries(3):
        loaded = User.objects.with_standing(TODAY).get(pk=teacher.pk)
        assert (loaded.is_alive, loaded.level, loaded.is_staff) == (True, 2, False)
        assert ([str(c) for c in loaded.led_classes], loaded.school_class_now) == (["5\xa0«А»"], None)


# Accounts


def test_a_person_is_registered_without_password_and_status():
    person = people.create_person(
        surname="  Римская -Корсакова ", name="Анна", patronymic="Ильинична", birth_date=datetime.date(2015, 2, 28),
        email="anna@example.org", phone="+7 000 000-00-00", basis="Приказ №5", by=BY,
    )  # fmt: skip
    person = User.objects.get(pk=person.pk)
    assert person.get_full_name() == "Римская -Корсакова Анна Ильинична"
    assert (person.has_usable_password(), person.must_change_password, person.is_alive) == (False, True, False)
    entry = AuditEntry.objects.of(person).get()
    assert (entry.action, entry.actor_label, entry.basis) == ("person.added", "команда tests", "Приказ №5")
    assert entry.changes == {
        "username": [None, "rimskaiakorsakovaai"], "surname": None, "name": None, "patronymic": None,
        "birth_date": None, "email": None, "phone": None,
    }  # fmt: skip


@pytest.mark.parametrize("fields", [{"surname": ""}, {"name": " "}, {"email": "нет"}, {"surname": "я" * 81}])
def test_a_person_needs_a_name_and_sound_contacts(fields):
    with pytest.raises(ValidationError):
        people.create_person(**{"surname": "Иванова", "name": "Мария", **fields}, by=BY)
    assert not User.objects.exists()


def test_the_trail_names_personal_fields_and_never_their_values():
    person = make_person(surname="Иванова", name="Мария", patronymic="", email="old@example.org")
    changed = people.change_person(
        person, surname="Ёлкина", name="Мария", email="new@example.org", by=BY, basis="Паспорт"
    )
    assert (changed.get_full_name(), changed.username) == ("Ёлкина Мария", person.username)
    entry = AuditEntry.objects.of(person).get()
    assert (entry.action, entry.changes, entry.basis) == ("person.changed", {"surname": None, "email": None}, "Паспорт")
    assert list(User.objects.matching("елкина")) == [changed]


def test_a_change_that_changes_nothing_leaves_no_trace():
    person = make_person(surname="Иванова")
    people.change_person(person, surname=" Иванова", by=BY)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("field", ["is_superuser", "username", "password", "is_demo", "session_epoch"])
def test_only_personal_fields_can_be_changed(field):
    with pytest.raises(TypeError):
        people.change_person(make_person(), **{field: "1"}, by=BY)


def test_the_last_superuser_stays_unless_an_administrator_is_appointed():
    superuser = make_person(is_superuser=True)
    with pytest.raises(ValidationError, match="последний системный администратор"):
        people.set_superuser(superuser, value=False, by=BY)
    assert User.objects.get(pk=superuser.pk).is_superuser
    make_employee(position="system_administrator")
    assert not people.set_superuser(superuser, value=False, by=BY).is_superuser


# Appointments


def appoint(person, code="teacher", starts=TODAY, **fields) -> Appointment:
    return people.appoint(person=person, position=make_position(code), starts=starts, by=BY, **fields)


@pytest.mark.clause("6.6")
def test_an_appointment_opens_the_account_and_its_end_closes_it():
    person = make_person()
    row = appoint(person, basis="Приказ №12-л")
    assert on(TODAY, person) == (False, True, False, True)
    people.end_appointment(row, ends=TODAY, by=BY, basis="Приказ №30-л")
    assert [on(TODAY + n * DAY, person)[3] for n in (0, 1)] == [True, False]
    trail = AuditEntry.objects.of(row).order_by("pk").values_list("action", "basis")
    assert list(trail) == [("appointment.added", "Приказ №12-л"), ("appointment.ended", "Приказ №30-л")]


def test_different_positions_may_overlap_and_the_same_one_may_not():
    person = make_person()
    appoint(person)
    appoint(person, "librarian")
    appoint(person, starts=TODAY - 10 * DAY, ends=TODAY - DAY)
    with pytest.raises(ValidationError, match="уже занимает эту должность"):
        appoint(person, starts=TODAY + DAY, ends=TODAY + DAY)
    assert Appointment.objects.count() == 3


def test_a_class_has_one_class_teacher_on_a_date_and_one_who_stands_in():
    first, second = make_person(surname="Белая"), make_person(surname="Черных")
    fives, sixes = make_class(), make_class(letter="Б")
    appoint(first, "class_teacher", school_class=fives)
    appoint(first, "class_teacher", school_class=sixes)
    with pytest.raises(ValidationError, match="У класса уже есть классный руководитель: Белая"):
        appoint(second, "class_teacher", school_class=fives)
    appoint(second, "class_teacher", school_class=fives, is_acting=True)
    assert Appointment.objects.count() == 3


def test_a_method_group_has_one_head():
    group = make_method_group()
    appoint(make_person(), "method_group_head", method_group=group)
    with pytest.raises(ValidationError, match="У ШМО уже есть руководитель"):
        appoint(make_person(), "method_group_head", method_group=group)


@pytest.mark.parametrize(
    ("code", "has_class", "message"),
    [
        ("class_teacher", False, "Укажите класс"),
        ("teacher", True, "только классному руководителю"),
        ("method_group_head", False, "Укажите ШМО"),
    ],
)
def test_class_and_group_fit_the_position(code, has_class, message):
    school_class = make_class() if has_class else None
    with pytest.raises(ValidationError, match=message):
        appoint(make_person(), code, school_class=school_class)


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(ValidationError, match="Последний день не может быть раньше первого"):
        appoint(make_person(), ends=TODAY - DAY)
    row = appoint(make_person())
    with pytest.raises(ValidationError, match="Последний день не может быть раньше первого"):
        people.end_appointment(row, ends=TODAY - DAY, by=BY)
    assert Appointment.objects.get().ends is None


def test_the_last_system_administrator_can_not_be_ended():
    first = make_employee(position="system_administrator").appointments_now[0]
    with pytest.raises(ValidationError, match="последний системный администратор"):
        people.end_appointment(first, ends=TODAY, by=BY)
    assert Appointment.objects.get(pk=first.pk).ends is None
    make_employee(position="system_administrator")
    assert people.end_appointment(first, ends=TODAY, by=BY).ends == TODAY


# Enrolments and relations


@pytest.mark.clause("6.5")
def test_a_pupil_is_in_one_class_on_a_date():
    pupil = make_person(surname="Ёлкин", name="Лев", patronymic="")
    fives, sixes = make_class(), make_class(letter="Б")
    row = people.enrol(pupil=pupil, school_class=fives, starts=TODAY, basis="Приказ №3-к", by=BY)
    with pytest.raises(ValidationError, match="Ёлкин Лев в эти дни уже числится в классе 5.*«А»: с "):
        people.enrol(pupil=pupil, school_class=sixes, starts=TODAY + DAY, by=BY)
    people.end_enrolment(row, ends=TODAY, by=BY)
    people.enrol(pupil=pupil, school_class=sixes, starts=TODAY + DAY, by=BY)
    with pytest.raises(ValidationError, match="уже числится в классе 5.*«Б»"):
        people.end_enrolment(row, ends=TODAY + DAY, by=BY)
    assert list(Enrolment.objects.order_by("starts").values_list("starts", "ends")) == [
        (TODAY, TODAY), (TODAY + DAY, None),
    ]  # fmt: skip


def test_an_enrolment_touches_the_year_of_its_class():
    last_year = make_year(starts=TODAY - datetime.timedelta(days=800))
    with pytest.raises(ValidationError, match="учебного года, а указаны другие дни"):
        people.enrol(pupil=make_person(), school_class=make_class(year=last_year), starts=TODAY, by=BY)
    assert not Enrolment.objects.exists()


def test_postgresql_itself_refuses_two_classes_on_one_day_and_sqlite_leaves_it_to_the_action(on_postgresql):
    pupil, other = make_pupil(), make_class(letter="Б")
    try:
        with transaction.atomic():
            Enrolment.objects.create(pupil=pupil, school_class=other, starts=TODAY)
        refused = False
    except IntegrityError:
        refused = True
    assert refused == on_postgresql


def test_a_relation_is_confirmed_on_a_document_by_someone():
    administrator, parent, pupil = make_person(), make_person(), make_pupil()
    by = Actor(administrator, "10.0.0.7", administrator.username)
    row = people.confirm_relation(parent=parent, pupil=pupil, kind="mother", starts=TODAY, basis="Свидетельство", by=by)
    assert (row.confirmed_by, row.kind, on(TODAY, parent)[2]) == (administrator, "mother", False)
    open_parents_cabinets()
    assert on(TODAY, parent)[2]
    entry = AuditEntry.objects.of(row).get()
    assert (entry.actor, entry.address, entry.basis) == (administrator, "10.0.0.7", "Свидетельство")


def test_a_relation_is_refused_without_a_document_twice_or_to_oneself():
    parent, pupil = make_person(), make_pupil()

    def confirm(**fields):
        values = {
            "parent": parent,
            "pupil": pupil,
            "kind": "mother",
            "starts": TODAY,
            "basis": "Свидетельство",
            **fields,
        }
        people.confirm_relation(**values, by=BY)

    confirm()
    for fields, message in [
        ({"basis": " "}, "Укажите документ"),
        ({"kind": "father"}, "уже записан законным представителем"),
        ({"parent": pupil}, "не может быть родителем самому себе"),
        ({"kind": "сосед"}, "сосед"),
    ]:
        with pytest.raises(ValidationError, match=message):
            confirm(**fields)
    assert Relation.objects.count() == 1


# Search and order, the same on both databases


@pytest.fixture
def namesakes():
    rows = [
        ("Яковлев", "Пётр"),
        ("Ёлкина", "Ева"),
        ("Елкин", "Яков"),
        ("Ежова", "Анна"),
        ("Жук", "Ёсиф"),
        ("ёлкин", "Аким"),
    ]
    return [make_person(surname=surname, name=name, patronymic="") for surname, name in rows]


def test_people_sort_as_in_a_dictionary(namesakes):
    names = [person.get_full_name() for person in User.objects.order_by("sort_name")]
    assert names == ["Ежова Анна", "ёлкин Аким", "Елкин Яков", "Ёлкина Ева", "Жук Ёсиф", "Яковлев Пётр"]


@pytest.mark.parametrize("query", ["ЁЛКИНА", "елкина", "Ёлкина", " ёлкина  ева", "ева ЕЛКИН", "Елкиной"])
def test_cyrillic_is_found_in_any_case_with_or_without_yo(namesakes, query):
    assert "Ёлкина Ева" in [person.get_full_name() for person in User.objects.matching(query)]


def test_a_query_narrows(namesakes):
    assert [person.name for person in User.objects.matching("ёлкин яков")] == ["Яков"]
    assert list(User.objects.matching("сидоров")) == []
