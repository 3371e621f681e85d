"""Orders and their effects: accounts are born, moved and blocked by orders (6.5-6.7)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import execution, orders
from accounts.actor import Actor
from accounts.models import (
    Appointment,
    Enrolment,
    MethodGroup,
    Order,
    OrderEffect,
    OrderKind,
    OrderLine,
    Relation,
    User,
)
from accounts.planning import plan_of
from accounts.planning.effects import EFFECTS
from accounts.planning.kinds import KINDS
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
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
BY = Actor.command("проверка")
Mode = OrderLine.Mode


def make_order(kind, lines, *, number="1-к", effective_on=TODAY, signed=True, **fields) -> Order:
    """A signed order with these lines (dicts of OrderLine's fields)."""
    fields = {"signatory_name": "Директор", "date": min(TODAY, effective_on), **fields}
    order = orders.create_order(kind=kind, by=BY, number=number, effective_on=effective_on, **fields)
    if lines:
        orders.add_lines(order, [OrderLine(**line) for line in lines], by=BY)
    return orders.sign(order, by=BY) if signed else order


def carry_out(kind, lines, **fields) -> Order:
    order = make_order(kind, lines, **fields)
    execution.execute(order, by=BY)
    order.refresh_from_db()
    return order


def problems(kind, lines, **fields) -> list[str]:
    return plan_of(make_order(kind, lines, **fields)).all_problems


def newcomer(**fields) -> dict:
    return {
        "surname": "Ёжиков",
        "name": "Пётр",
        "patronymic": "Ильич",
        "birth_date": datetime.date(2015, 3, 4),
        **fields,
    }


def terms(model, **wanted) -> list[tuple]:
    return list(model.objects.filter(**wanted).order_by("starts").values_list("starts", "ends"))


def test_every_kind_has_its_effect_and_its_rules():
    assert set(EFFECTS) == set(OrderKind) == set(KINDS)


@pytest.mark.clause("6.5")
def test_enrolment_makes_an_account_a_place_in_the_class_and_parents():
    five = make_class(grade=5)
    parent = {
        "surname": "Ёжикова",
        "name": "Анна",
        "patronymic": "",
        "kind": "mother",
        "phone": "8 900 1",
        "document": "СВ 1",
    }
    order = carry_out(OrderKind.ENROLMENT, [newcomer(school_class=five, parents=[parent])])
    person = User.objects.get(surname="Ёжиков")
    assert (person.username, person.has_usable_password(), person.must_change_password) == ("ezhikovpi", False, True)
    assert terms(Enrolment, pupil=person, order=order) == [(TODAY, None)]
    relation = Relation.objects.get(pupil=person)
    assert (relation.parent.surname, relation.kind, relation.basis) == ("Ёжикова", "mother", "СВ 1")
    assert order.lines.get().person == person
    assert order.state == Order.State.EXECUTED


@pytest.mark.clause("6.5")
def test_a_parent_of_two_children_keeps_one_account():
    five = make_class(grade=5)
    mother = {"surname": "Ёжикова", "name": "Анна", "kind": "mother", "phone": "+7 (900) 123-45-67"}
    again = {**mother, "surname": "Ежикова", "phone": "89001234567"}
    elder = make_parent(child=make_pupil(), surname="Иная", name="Анна", phone="89001234567")
    lines = [
        newcomer(school_class=five, parents=[mother]),
        newcomer(name="Иван", school_class=five, parents=[again]),
    ]
    carry_out(OrderKind.ENROLMENT, lines)
    assert User.objects.filter(surname__in=["Ёжикова", "Ежикова"]).count() == 1
    assert Relation.objects.exclude(parent=elder).values_list("parent").distinct().count() == 1


def test_a_former_pupil_is_found_and_revived_never_duplicated():
    former = make_pupil(surname="Ёжиков", name="Пётр", patronymic="Ильич", ends=TODAY - 30 * DAY)
    User.objects.filter(pk=former.pk).update(birth_date=datetime.date(2015, 3, 4))
    five = make_class(grade=5)
    [problem] = problems(OrderKind.ENROLMENT, [newcomer(surname="ЕЖИКОВ", school_class=five)])
    assert "Такой человек уже есть" in problem
    carry_out(OrderKind.ENROLMENT, [{"person": former, "school_class": five}], number="2-к")
    assert User.objects.get(pk=former.pk).is_pupil
    assert User.objects.filter(surname="Ёжиков").count() == 1


def test_a_transfer_ends_the_former_class_on_the_eve():
    pupil, other = make_pupil(school_class=make_class(grade=5)), make_class(grade=5, letter="Б")
    order = carry_out(OrderKind.TRANSFER_CLASS, [{"person": pupil, "school_class": other}])
    assert terms(Enrolment, pupil=pupil) == [(LONG_AGO, TODAY - DAY), (TODAY, None)]
    assert Enrolment.objects.get(pupil=pupil, ends__isnull=False).ended_by == order


@pytest.mark.clause("6.7")
def test_an_expulsion_closes_on_its_day_and_a_dismissal_when_its_day_ends():
    pupil, teacher = make_pupil(), make_employee()
    carry_out(OrderKind.EXPULSION, [{"person": pupil}])
    carry_out(OrderKind.DISMISSAL, [{"person": teacher}])
    assert terms(Enrolment, pupil=pupil) == [(LONG_AGO, TODAY - DAY)]
    assert terms(Appointment, person=teacher) == [(LONG_AGO, TODAY)]
    alive = User.objects.alive(TODAY).values_list("pk", flat=True)
    assert (pupil.pk in alive, teacher.pk in alive) == (False, True)
    assert teacher.pk not in User.objects.alive(TODAY + DAY).values_list("pk", flat=True)


def test_an_order_of_next_week_works_next_week():
    pupil, week = make_pupil(), TODAY + 7 * DAY
    carry_out(OrderKind.EXPULSION, [{"person": pupil}], effective_on=week)
    assert pupil.pk in User.objects.alive(week - DAY).values_list("pk", flat=True)
    assert pupil.pk not in User.objects.alive(week).values_list("pk", flat=True)


@pytest.mark.parametrize(
    ("kind", "grade", "problem"),
    [
        (OrderKind.PROMOTION, 6, ""),
        (OrderKind.CONDITIONAL_PROMOTION, 6, ""),
        (OrderKind.REPEAT_YEAR, 5, ""),
        (OrderKind.PROMOTION, 7, "переводит в 6-й класс следующего года"),
        (OrderKind.REPEAT_YEAR, 6, "переводит в 5-й класс следующего года"),
        (OrderKind.TRANSFER_CLASS, 5, "другого учебного года"),
    ],
)
def test_promotion_goes_to_the_next_grade_of_the_next_year(kind, grade, problem):
    this = make_year()
    later = make_year(starts=this.ends + DAY)
    pupil = make_pupil(school_class=make_class(grade=5, year=this))
    target = make_class(grade=grade, letter="Б", year=later)
    found = problems(kind, [{"person": pupil, "school_class": target}], effective_on=later.starts)
    assert ("" if not found else found[0]).endswith(problem) or problem in found[0]
    assert bool(found) == bool(problem)


def test_hire_job_transfer_and_duties():
    teacher, psychologist = make_position("teacher"), make_position("psychologist")
    carry_out(OrderKind.HIRE, [newcomer(position=teacher)], effective_on=TODAY - 10 * DAY)
    person = User.objects.get(surname="Ёжиков")
    carry_out(OrderKind.JOB_TRANSFER, [{"person": person, "position": psychologist}], number="2")
    assert terms(Appointment, person=person, position=teacher) == [(TODAY - 10 * DAY, TODAY - DAY)]
    assert terms(Appointment, person=person, position=psychologist) == [(TODAY, None)]


def test_two_positions_need_to_be_told_apart():
    person = make_employee()
    Appointment.objects.create(person=person, position=make_position("psychologist"), starts=LONG_AGO)
    line = {"person": person, "position": make_position("methodist")}
    [problem] = problems(OrderKind.JOB_TRANSFER, [line])
    assert "укажите, с какой переводят" in problem
    carry_out(OrderKind.JOB_TRANSFER, [{**line, "replaced_position": make_position("psychologist")}], number="2")
    assert {row.position.code for row in User.objects.get(pk=person.pk).appointments_now} == {"teacher", "methodist"}


@pytest.mark.clause("4.2")
def test_a_class_has_one_teacher_who_may_be_replaced_and_released():
    make_position("class_teacher")
    five, first, second = make_class(grade=5), make_employee(surname="Первая"), make_employee(surname="Вторая")
    carry_out(OrderKind.CLASS_TEACHER, [{"person": first, "school_class": five}], effective_on=TODAY - 9 * DAY)
    [problem] = problems(OrderKind.CLASS_TEACHER, [{"person": second, "school_class": five}], number="2")
    assert "У класса уже есть классный руководитель: Первая" in problem
    carry_out(OrderKind.CLASS_TEACHER, [{"person": second, "school_class": five, "mode": Mode.REPLACE}], number="3")
    assert [p.surname for p in User.objects.filter(appointments__in=five.leaders.on(TODAY))] == ["Вторая"]
    release = {"person": second, "school_class": five, "mode": Mode.RELEASE}
    carry_out(OrderKind.CLASS_TEACHER, [release], number="4", effective_on=TODAY + DAY)
    assert list(five.leaders.on(TODAY + DAY)) == []


def test_acting_and_heads_of_method_groups():
    make_position("method_group_head")
    director, deputy = make_position("director"), make_employee()
    line = {"person": deputy, "position": director, "ends": TODAY + 5 * DAY}
    carry_out(OrderKind.ACTING, [line])
    row = Appointment.objects.get(position=director)
    assert (row.is_acting, row.ends) == (True, TODAY + 5 * DAY)
    carry_out(OrderKind.METHOD_GROUP_HEAD, [{"person": deputy, "method_group": make_method_group()}], number="2")
    assert MethodGroup.objects.get().members.get().person == deputy


def test_the_appointment_of_a_dismissed_person_is_refused():
    former = make_employee(ends=TODAY - DAY)
    make_position("class_teacher")
    [problem] = problems(OrderKind.CLASS_TEACHER, [{"person": former, "school_class": make_class()}])
    assert "Не работает в школе" in problem


def test_an_expelled_pupil_may_be_enrolled_again_on_the_same_day_but_not_the_reverse():
    pupil, five = make_pupil(), make_class(grade=5)
    carry_out(OrderKind.EXPULSION, [{"person": pupil}])
    carry_out(OrderKind.ENROLMENT, [{"person": pupil, "school_class": five}], number="2-к")
    assert terms(Enrolment, pupil=pupil) == [(LONG_AGO, TODAY - DAY), (TODAY, None)]
    [problem] = problems(OrderKind.EXPULSION, [{"person": pupil}], number="3-к")
    assert "сначала отмените тот приказ" in problem
    assert "№ 2-к" in problem


def test_an_order_dated_before_an_earlier_one_names_it():
    pupil = make_pupil()
    carry_out(
        OrderKind.TRANSFER_CLASS, [{"person": pupil, "school_class": make_class(grade=5, letter="Б")}],
        effective_on=TODAY + 10 * DAY,
    )  # fmt: skip
    third = {"person": pupil, "school_class": make_class(grade=5, letter="В")}
    [problem] = problems(OrderKind.TRANSFER_CLASS, [third], effective_on=TODAY + DAY, number="2-к")
    assert "уже числится в классе 5\xa0«Б»" in problem
    assert "№ 1-к" in problem


def test_a_failing_line_rolls_everything_back_and_is_named():
    five, pupil = make_class(grade=5), make_pupil(surname="Зорин", name="Лев", patronymic="")
    order = make_order(OrderKind.ENROLMENT, [newcomer(school_class=five), {"person": pupil, "school_class": five}])
    with pytest.raises(execution.OrderRefused) as refusal:
        execution.execute(order, by=BY)
    assert refusal.value.messages[0].startswith("Пункт 2, Зорин Лев: Уже числится")
    assert not User.objects.filter(surname="Ёжиков").exists()
    assert Order.objects.get().state == Order.State.SIGNED


def test_an_order_is_executed_once():
    order = make_order(OrderKind.ENROLMENT, [newcomer(school_class=make_class())])
    execution.execute(order, by=BY)
    with pytest.raises(ValidationError, match="уже исполнен"):
        execution.execute(order, by=BY)
    assert Enrolment.objects.count() == 1


def test_the_last_system_administrator_stays():
    admin = make_employee(position="system_administrator")
    assert problems(OrderKind.DISMISSAL, [{"person": admin}]) == [
        "Это последний системный администратор: сначала назначьте другого."
    ]
    make_employee(position="system_administrator")
    assert problems(OrderKind.DISMISSAL, [{"person": admin}], number="2") == []


@pytest.mark.clause("6.6")
def test_staff_are_moved_by_the_system_administrator_only():
    deputy, teacher = make_employee(position="deputy"), make_employee()
    order = make_order(OrderKind.DISMISSAL, [{"person": teacher}])
    with pytest.raises(ValidationError, match="системный администратор"):
        execution.execute(order, by=Actor(deputy, None, "deputy"))
    acting = make_employee(position="system_administrator", is_acting=True)
    execution.execute(order, by=Actor(acting, None, "acting"))
    assert terms(Appointment, person=teacher) == [(LONG_AGO, TODAY)]


# Cancellation and amendment


def cancel(order: Order) -> Order:
    change = orders.draft_change(order, kind=OrderKind.CANCELLATION, by=BY)
    orders.change_order(change, by=BY, number=f"{order.number}-отмена", signatory_name="Директор")
    change = orders.sign(change, by=BY)
    execution.execute(change, by=BY)
    return change


def facts() -> list[tuple]:
    return [
        *Enrolment.objects.order_by("pk").values_list(
            "pk", "pupil", "school_class", "starts", "ends", "order", "ended_by"
        ),
        *Appointment.objects.order_by("pk").values_list(
            "pk", "person", "position", "starts", "ends", "order", "ended_by"
        ),
        *Relation.objects.order_by("pk").values_list("pk", "parent", "pupil", "starts", "ends"),
    ]


@pytest.mark.parametrize("kind", ["move", "leave", "dismiss", "enrol"])
def test_a_cancellation_puts_back_precisely_what_the_order_changed(kind):
    pupil, teacher, other = make_pupil(), make_employee(), make_class(grade=5, letter="Б")
    Appointment.objects.create(person=teacher, position=make_position("psychologist"), starts=TODAY + 9 * DAY)
    before = facts()
    order = {
        "move": lambda: carry_out(OrderKind.TRANSFER_CLASS, [{"person": pupil, "school_class": other}]),
        "leave": lambda: carry_out(OrderKind.EXPULSION, [{"person": pupil}]),
        "dismiss": lambda: carry_out(OrderKind.DISMISSAL, [{"person": teacher}]),
        "enrol": lambda: carry_out(
            OrderKind.ENROLMENT, [newcomer(school_class=other, parents=[{"surname": "Ёжикова", "name": "Ия"}])]
        ),
    }[kind]()
    assert facts() != before
    change = cancel(order)
    assert facts() == before
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert not OrderEffect.objects.filter(order=order).standing().exists()
    assert OrderEffect.objects.filter(order=order, undone_by=change).exists()


def test_what_a_later_order_has_changed_is_not_put_back():
    pupil = make_pupil()
    first = carry_out(OrderKind.TRANSFER_CLASS, [{"person": pupil, "school_class": make_class(letter="Б")}])
    carry_out(OrderKind.EXPULSION, [{"person": pupil}], number="2-к", effective_on=TODAY + DAY)
    with pytest.raises(execution.OrderRefused, match="Приказ № 2-к"):
        cancel(first)
    first.refresh_from_db()
    assert first.state == Order.State.EXECUTED


def test_a_signed_order_is_cancelled_without_effects():
    order = make_order(OrderKind.EXPULSION, [{"person": make_pupil()}])
    before = facts()
    cancel(order)
    assert facts() == before
    with pytest.raises(ValidationError, match="уже отменён"):
        execution.execute(order, by=BY)


def test_an_amendment_changes_lines_that_are_not_in_force_yet():
    week = TODAY + 7 * DAY
    one, two = make_pupil(), make_pupil(surname="Другой")
    target, third = make_class(letter="Б"), make_class(letter="В")
    lines = [{"person": one, "school_class": target}, {"person": two, "school_class": target}]
    order = carry_out(OrderKind.TRANSFER_CLASS, lines, effective_on=week)
    change = orders.draft_change(order, kind=OrderKind.AMENDMENT, by=BY)
    orders.change_order(change, by=BY, number="1-и", signatory_name="Директор")
    first, second = order.lines.order_by("number")
    amended = [
        OrderLine(person=one, school_class=third, amended_line=first),
        OrderLine(person=two, mode=Mode.EXCLUDE, amended_line=second),
    ]
    orders.add_lines(change, amended, by=BY)
    execution.execute(orders.sign(change, by=BY), by=BY)
    assert terms(Enrolment, pupil=one, school_class=third) == [(week, None)]
    assert terms(Enrolment, pupil=one, school_class=target) == []
    assert terms(Enrolment, pupil=two) == [(LONG_AGO, None)]


def test_what_is_in_force_is_not_amended():
    order = carry_out(OrderKind.TRANSFER_CLASS, [{"person": make_pupil(), "school_class": make_class(letter="Б")}])
    change = orders.draft_change(order, kind=OrderKind.AMENDMENT, by=BY)
    assert any("уже действует" in problem for problem in plan_of(change).problems)


# On paper


def test_a_number_is_unique_within_year_and_register():
    make_order(OrderKind.GENERAL, [], number="12-К", title="О проверке")
    with pytest.raises(ValidationError, match="уже есть"):
        make_order(OrderKind.GENERAL, [], number="12 -к", title="О проверке")
    make_order(OrderKind.DISMISSAL, [], number="12-к", signed=False)
    make_order(OrderKind.GENERAL, [], title="О проверке", number="12-к", date=TODAY.replace(year=TODAY.year - 1))
    make_order(OrderKind.GENERAL, [], title="О проверке", number="", signed=False)
    make_order(OrderKind.GENERAL, [], title="О проверке", number="", signed=False)


def test_signing_needs_number_signatory_lines_and_a_date_that_has_come():
    order = orders.create_order(kind=OrderKind.EXPULSION, by=BY, date=TODAY + DAY)
    with pytest.raises(ValidationError) as refusal:
        orders.sign(order, by=BY)
    assert [message.split()[0] for message in refusal.value.messages] == ["Укажите", "Укажите,", "Дата", "В"]


def test_words_of_a_signed_order_do_not_change_but_it_may_go_back():
    order = make_order(OrderKind.EXPULSION, [{"person": make_pupil()}])
    with pytest.raises(ValidationError, match="уже не меняются"):
        orders.change_order(order, title="Иное", by=BY)
    with pytest.raises(ValidationError, match="уже не меняются"):
        orders.remove_lines(order, [order.lines.get().pk], by=BY)
    assert orders.return_to_draft(order, "Опечатка", by=BY).is_draft


def test_removed_lines_leave_no_gap():
    people = [make_pupil(surname=name) for name in ("А", "Б", "В")]
    order = make_order(OrderKind.EXPULSION, [{"person": person} for person in people], signed=False)
    orders.remove_lines(order, [order.lines.get(number=2).pk], by=BY)
    assert list(order.lines.values_list("number", "person__surname")) == [(1, "А"), (2, "В")]


def test_sessions_die_and_do_not_revive(client):
    pupil = make_person()
    Enrolment.objects.create(pupil=pupil, school_class=make_class(), starts=LONG_AGO)
    epoch = pupil.session_epoch
    order = carry_out(OrderKind.EXPULSION, [{"person": pupil}])
    pupil.refresh_from_db()
    assert pupil.session_epoch == epoch + 1
    cancel(order)
    pupil.refresh_from_db()
    assert (pupil.session_epoch, pupil.standing.standing_pupil) == (epoch + 2, True)


@pytest.mark.parametrize("kind", [OrderKind.ENROLMENT, OrderKind.EXPULSION])
def test_queries_do_not_grow_with_the_lines(kind, django_assert_max_num_queries):
    five = make_class()
    for count in (1, 30):
        lines = [
            newcomer(name=f"Имя{n}-{count}", school_class=five)
            if kind == OrderKind.ENROLMENT
            else {"person": make_pupil()}
            for n in range(count)
        ]
        order = make_order(kind, lines, number=f"{count}")
        with django_assert_max_num_queries(10):
            assert plan_of(order).can_be_executed
        with django_assert_max_num_queries(45):
            execution.execute(order, by=BY)
