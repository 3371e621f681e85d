"""Orders one after another: what a later one may not undo silently, and what a cancellation gives back (6.5-6.7)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import execution, orders
from accounts.actor import Actor
from accounts.models import Appointment, Block, Enrolment, Order, OrderKind, OrderLine, Relation, User
from accounts.order_rights import may_execute
from accounts.planning import plan_of
from tests.accounts.test_orders import BY, DAY, TODAY, cancel, carry_out, facts, make_order, newcomer, problems, terms
from tests.factories import LONG_AGO, make_class, make_employee, make_parent, make_person, make_position, make_pupil

pytestmark = pytest.mark.django_db
SOON, LATER = TODAY + DAY, TODAY + 10 * DAY
Mode = OrderLine.Mode


def amend(order: Order, lines: list[dict], **fields) -> Order:
    change = orders.draft_change(order, kind=OrderKind.AMENDMENT, by=BY)
    orders.change_order(change, by=BY, number=f"{order.number}-и", signatory_name="Директор", **fields)
    orders.add_lines(change, [OrderLine(**line) for line in lines], by=BY)
    execution.execute(orders.sign(change, by=BY), by=BY)
    return Order.objects.get(pk=change.pk)


# What is coming is not undone silently


@pytest.mark.clause("6.7")
@pytest.mark.parametrize("expelled_on", [LATER, TODAY])
def test_a_transfer_does_not_keep_one_who_is_expelled(expelled_on):
    pupil = make_pupil()
    carry_out(OrderKind.EXPULSION, [{"person": pupil}], effective_on=expelled_on)
    other = make_class(letter="Б")
    [problem] = problems(
        OrderKind.TRANSFER_CLASS, [{"person": pupil, "school_class": other}], number="2-к",
        effective_on=min(SOON, expelled_on),
    )  # fmt: skip
    assert problem.endswith(f"Выбывает из школы: {Order.objects.get(number='1-к')}. Сначала отмените его.")


@pytest.mark.clause("6.7")
def test_a_duty_does_not_outlive_a_coming_dismissal():
    five, director = make_class(), make_position("director")
    make_position("class_teacher")
    teacher = make_employee()
    carry_out(OrderKind.DISMISSAL, [{"person": teacher}], effective_on=LATER)
    line = {"person": teacher, "school_class": five}
    [problem] = problems(OrderKind.CLASS_TEACHER, [line], number="2", effective_on=SOON)
    assert "укажите последний день поручения" in problem
    assert problems(OrderKind.CLASS_TEACHER, [{**line, "ends": LATER}], number="3", effective_on=SOON) == []
    acting = {"person": teacher, "position": director, "ends": LATER + DAY}
    assert len(problems(OrderKind.ACTING, [acting], number="4", effective_on=SOON)) == 1
    job = {"person": teacher, "position": make_position("psychologist")}
    [problem] = problems(OrderKind.JOB_TRANSFER, [job], number="5", effective_on=SOON)
    assert "Увольняется" in problem


def test_one_may_stand_in_for_a_class_teacher():
    five = make_class()
    line = {"person": make_employee(), "position": make_position("class_teacher"), "ends": LATER, "school_class": five}
    assert problems(OrderKind.ACTING, [line]) == []


# Amendments and their cancellation


def test_a_cancelled_amendment_gives_the_former_order_back():
    one, two = make_pupil(), make_pupil(surname="Другой")
    second, third = make_class(letter="Б"), make_class(letter="В")
    lines = [{"person": one, "school_class": second}, {"person": two, "school_class": second}]
    order = carry_out(OrderKind.TRANSFER_CLASS, lines, effective_on=LATER)
    before = facts()
    first, excluded = order.lines.order_by("number")
    change = amend(
        order,
        [
            {"person": one, "school_class": third, "amended_line": first},
            {"person": two, "mode": Mode.EXCLUDE, "amended_line": excluded},
        ],
    )
    assert facts() != before
    cancel(change)
    assert facts() == before
    assert order.effects.standing().count() == order.effects.count()
    cancel(order)
    assert [row[1:] for row in facts()] == [
        (p.pk, p.enrolments.get().school_class_id, LONG_AGO, None, None, None) for p in (one, two)
    ]


def test_an_amended_dismissal_brings_no_removed_post_back():
    teacher = make_employee()
    later = Appointment.objects.create(person=teacher, position=make_position("psychologist"), starts=LATER + 9 * DAY)
    before = facts()
    order = carry_out(OrderKind.DISMISSAL, [{"person": teacher}], effective_on=LATER)
    change = amend(order, [{"person": teacher, "amended_line": order.lines.get()}], effective_on=LATER + 3 * DAY)
    assert not Appointment.objects.filter(pk=later.pk).exists()
    assert terms(Appointment, person=teacher) == [(LONG_AGO, LATER + 3 * DAY)]
    cancel(change)
    assert terms(Appointment, person=teacher) == [(LONG_AGO, LATER)]
    cancel(order)
    assert facts() == before


def test_an_amended_enrolment_keeps_the_parents():
    mother = {"surname": "Ёжикова", "name": "Анна", "phone": "89001234567", "document": "СВ 1"}
    order = carry_out(OrderKind.ENROLMENT, [newcomer(school_class=make_class(), parents=[mother])], effective_on=LATER)
    line = order.lines.get()
    amended = {"person": line.person, "school_class": make_class(letter="Б"), "parents": [mother], "amended_line": line}
    amend(order, [amended])
    assert Relation.objects.get().parent.surname == "Ёжикова"
    assert User.objects.filter(surname="Ёжикова").count() == 1


def test_an_amendment_is_not_amended():
    order = carry_out(
        OrderKind.TRANSFER_CLASS, [{"person": make_pupil(), "school_class": make_class(letter="Б")}], effective_on=LATER
    )
    change = amend(
        order, [{"person": order.lines.get().person, "mode": Mode.EXCLUDE, "amended_line": order.lines.get()}]
    )
    with pytest.raises(ValidationError, match="Изменение не изменяют"):
        orders.draft_change(change, kind=OrderKind.AMENDMENT, by=BY)


def test_the_cancellation_of_an_amendment_of_the_initial_load_is_the_administrators():
    deputy = make_employee(position="deputy")
    load = make_order(OrderKind.INITIAL_LOAD, [newcomer(school_class=make_class())])
    change = Order(kind=OrderKind.AMENDMENT, changes=load)
    assert not may_execute(deputy, Order(kind=OrderKind.CANCELLATION, changes=change))


def test_a_relation_changed_since_does_not_stand_in_the_way_of_a_cancellation():
    mother = {"surname": "Ёжикова", "name": "Анна", "phone": "89001234567"}
    order = carry_out(OrderKind.ENROLMENT, [newcomer(school_class=make_class(), parents=[mother])])
    Relation.objects.update(ends=TODAY)
    cancel(order)
    assert (Enrolment.objects.count(), Relation.objects.get().ends) == (0, TODAY)


def test_the_plan_of_a_cancellation_costs_the_same_for_one_and_for_twenty(django_assert_num_queries):
    counts = []
    for size in (1, 20):
        parents = [{"surname": f"Мать{size}", "name": "Анна", "phone": "89001234567"}]
        lines = [newcomer(name=f"И{n}-{size}", school_class=make_class(), parents=parents) for n in range(size)]
        order = carry_out(OrderKind.ENROLMENT, lines, number=f"{size}")
        change = orders.draft_change(order, kind=OrderKind.CANCELLATION, by=BY)
        with django_assert_num_queries(7):
            counts.append(len(plan_of(change).changes))
    assert counts == [2, 40]


# Parents


def test_parents_of_one_name_without_contacts_are_different_people():
    mother = {"surname": "Иванова", "name": "Анна"}
    lines = [newcomer(name=name, school_class=make_class(), parents=[mother]) for name in ("Пётр", "Иван")]
    carry_out(OrderKind.ENROLMENT, lines)
    assert User.objects.filter(surname="Иванова").count() == 2
    assert [row.parent_relations.count() for row in User.objects.filter(surname="Ёжиков")] == [1, 1]


def test_a_father_of_the_same_name_and_phone_is_not_the_child():
    father = {"surname": "Ёжиков", "name": "Пётр", "patronymic": "Ильич", "phone": "89001234567", "kind": "father"}
    carry_out(OrderKind.ENROLMENT, [newcomer(phone="89001234567", school_class=make_class(), parents=[father])])
    assert User.objects.filter(surname="Ёжиков").count() == 2


def test_a_relation_that_overlaps_is_not_written_twice():
    pupil = make_pupil(ends=TODAY - 20 * DAY)
    parent = make_parent(
        child=pupil, surname="Ёжикова", name="Анна", patronymic="", phone="89001234567", ends=TODAY - DAY
    )
    data = {"surname": "Ёжикова", "name": "Анна", "phone": "89001234567"}
    line = {"person": pupil, "school_class": make_class(), "parents": [data]}
    carry_out(OrderKind.ENROLMENT, [line], effective_on=TODAY - 3 * DAY)
    assert terms(Relation, parent=parent) == [(LONG_AGO, TODAY - DAY)]


# Namesakes


def test_a_former_employee_is_asked_about_without_a_birth_date_and_may_be_another():
    make_employee(surname="Зотова", name="Нина", patronymic="", ends=TODAY - 30 * DAY)
    line = {"surname": "ЗОТОВА", "name": "Нина", "position": make_position("teacher")}
    [problem] = problems(OrderKind.HIRE, [line])
    assert "Такой человек уже есть" in problem
    carry_out(OrderKind.HIRE, [{**line, "is_other": True}], number="2")
    assert User.objects.filter(name="Нина").count() == 2


# Administrators


@pytest.mark.parametrize("mode", [Mode.RELEASE, Mode.REPLACE])
def test_a_blocked_administrator_does_not_count(mode):
    admin = make_employee(position="system_administrator")
    Appointment.objects.create(person=admin, position=make_position("teacher"), starts=LONG_AGO)
    blocked = make_employee(position="teacher")
    if mode == Mode.RELEASE:
        Appointment.objects.create(person=blocked, position=make_position("system_administrator"), starts=LONG_AGO)
    Block.objects.create(person=blocked, reason="Пароль узнали")
    who = admin if mode == Mode.RELEASE else blocked
    [problem] = problems(OrderKind.SYSTEM_ADMINISTRATOR, [{"person": who, "mode": mode}])
    assert "последний системный администратор" in problem


def test_a_gap_of_one_day_without_an_administrator_is_refused():
    admin, next_one = make_employee(position="system_administrator"), make_person()
    Appointment.objects.create(person=admin, position=make_position("teacher"), starts=LONG_AGO)
    Appointment.objects.create(person=next_one, position=make_position("system_administrator"), starts=LATER + DAY)
    line = {"person": admin, "mode": Mode.RELEASE}
    assert len(problems(OrderKind.SYSTEM_ADMINISTRATOR, [line], effective_on=LATER)) == 1
    assert problems(OrderKind.SYSTEM_ADMINISTRATOR, [line], number="2", effective_on=LATER + DAY) == []


# Days


@pytest.mark.parametrize("day", [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)])
def test_impossible_days_are_refused_in_words(day):
    with pytest.raises(ValidationError, match="Проверьте год"):
        orders.create_order(kind=OrderKind.GENERAL, title="О", effective_on=day, by=BY)
    draft = make_order(OrderKind.HIRE, [], signed=False)
    line = OrderLine(person=make_employee(), position=make_position("teacher"), ends=day)
    with pytest.raises(ValidationError, match="Проверьте год"):
        orders.add_lines(draft, [line], by=Actor.command("проверка"))
