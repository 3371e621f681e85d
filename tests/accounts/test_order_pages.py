"""Pages of orders: from a draft to the execution, by those to whom orders open."""

import datetime

import pytest

from accounts.actions import orders
from accounts.actor import Actor
from accounts.models import Enrolment, Order, OrderKind, OrderLine, User
from resources.actions.registry import load_registry
from tests.accounts.test_orders import BY, carry_out, make_order, newcomer
from tests.factories import make_class, make_employee, make_person, make_position, make_pupil, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()


@pytest.fixture
def deputy(client):
    load_registry(by=Actor.command("проверка"))
    person = make_employee(position="deputy")
    sign_in(client, person)
    return person


@pytest.fixture
def admin(client):
    load_registry(by=Actor.command("проверка"))
    person = make_employee(position="system_administrator")
    sign_in(client, person)
    return person


def head(**fields) -> dict:
    day = TODAY.isoformat()
    return {
        "number": "7-к",
        "date": day,
        "effective_on": day,
        "title": "О переводе",
        "signatory_name": "Директор",
        **fields,
    }


def test_a_class_is_transferred_from_draft_to_execution(deputy, client):
    five, other = make_class(grade=5), make_class(grade=5, letter="Б")
    pupils = [make_pupil(school_class=five, surname=name) for name in ("Ильин", "Ёлкин", "Жуков")]
    answer = client.post("/orders/new/?kind=transfer_class", head())
    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    page = client.get(f"/orders/{order.pk}/people/", {"school_class": five.pk, "ticked": "on"}).content.decode()
    assert page.count(" checked") == 3
    assert page.index("Ёлкин") < page.index("Жуков") < page.index("Ильин")
    ticked = [person.pk for person in pupils[:2]]
    client.post(f"/orders/{order.pk}/people/?school_class={five.pk}", {"person": ticked, "school_class": other.pk})
    assert list(order.lines.values_list("number", "person__surname")) == [(1, "Ёлкин"), (2, "Ильин")]
    client.post(f"/orders/{order.pk}/sign/")
    preview = client.get(f"/orders/{order.pk}/execute/").content.decode()
    assert "из 5\xa0«А» в 5\xa0«Б»" in preview
    client.post(f"/orders/{order.pk}/execute/")
    assert set(other.enrolments.on(TODAY).values_list("pupil__surname", flat=True)) == {"Ильин", "Ёлкин"}
    assert "Исполнен" in client.get(order.get_absolute_url()).content.decode()


def test_a_second_press_says_that_it_is_done(deputy, client):
    order = carry_out(OrderKind.EXPULSION, [{"person": make_pupil()}])
    answer = client.post(f"/orders/{order.pk}/execute/", follow=True)
    assert "Приказ уже исполнен" in answer.content.decode()


def test_what_is_in_the_way_is_named_and_nothing_is_done(deputy, client):
    five, pupil = make_class(grade=5), make_pupil(surname="Зорин")
    order = make_order(OrderKind.ENROLMENT, [newcomer(school_class=five), {"person": pupil, "school_class": five}])
    assert "Исполнить нельзя: 1 препятствие" in client.get(f"/orders/{order.pk}/execute/").content.decode()
    answer = client.post(f"/orders/{order.pk}/execute/", follow=True)
    assert "Пункт 2, Зорин" in answer.content.decode()
    assert not User.objects.filter(surname="Ёжиков").exists()


def test_a_namesake_is_offered_before_a_second_account(deputy, client):
    five, former = make_class(grade=5), make_person(surname="Ёжиков", name="Пётр", patronymic="Ильич")
    User.objects.filter(pk=former.pk).update(birth_date=datetime.date(2015, 3, 4))
    order = make_order(OrderKind.ENROLMENT, [], signed=False)
    data = {
        "surname": "ежиков",
        "name": "Петр",
        "patronymic": "Ильич",
        "birth_date": "2015-03-04",
        "school_class": five.pk,
    }
    answer = client.post(f"/orders/{order.pk}/newcomer/", data)
    assert "Такой человек в портале уже есть" in answer.content.decode()
    assert not order.lines.exists()
    client.post(f"/orders/{order.pk}/newcomer/", {**data, "known": "on"})
    assert order.lines.get().person == former


def test_staff_orders_are_left_to_the_system_administrator(deputy, client):
    order = make_order(OrderKind.DISMISSAL, [{"person": make_employee()}])
    page = client.get(f"/orders/{order.pk}/execute/").content.decode()
    assert "исполняет системный администратор" in page
    client.post(f"/orders/{order.pk}/execute/")
    order.refresh_from_db()
    assert order.is_signed


def test_hiring_cancelling_and_printing(admin, client):
    teacher = make_position("teacher")
    client.post("/orders/new/?kind=hire", head(title="О приёме"))
    order = Order.objects.get()
    data = {"surname": "Новая", "name": "Ольга", "position": teacher.pk}
    client.post(f"/orders/{order.pk}/newcomer/", data)
    client.post(f"/orders/{order.pk}/sign/")
    client.post(f"/orders/{order.pk}/execute/")
    person = User.objects.get(surname="Новая")
    assert person.is_employee
    assert "Принять с" in client.get(f"/orders/{order.pk}/print/").content.decode()
    client.post(f"/orders/{order.pk}/cancel/")
    change = Order.objects.get(kind=OrderKind.CANCELLATION)
    client.post(f"/orders/{change.pk}/edit/", head(number="8", title=change.title))
    client.post(f"/orders/{change.pk}/sign/")
    assert "убирается: teacher" in client.get(f"/orders/{change.pk}/execute/").content.decode()
    client.post(f"/orders/{change.pk}/execute/")
    assert not User.objects.get(pk=person.pk).is_employee
    assert "отменён" in client.get(order.get_absolute_url()).content.decode()


def test_lines_are_amended_and_excluded_on_the_page(deputy, client):
    week = TODAY + datetime.timedelta(days=7)
    second, third = make_class(letter="Б"), make_class(letter="В")
    lines = [{"person": make_pupil(surname=name), "school_class": second} for name in ("Первый", "Второй")]
    order = carry_out(OrderKind.TRANSFER_CLASS, lines, effective_on=week)
    client.post(f"/orders/{order.pk}/amend/")
    change = Order.objects.get(kind=OrderKind.AMENDMENT)
    one, two = order.lines.order_by("number")
    client.post(f"/orders/{change.pk}/lines/{one.pk}/amend/", {"school_class": third.pk})
    client.post(f"/orders/{change.pk}/lines/{two.pk}/exclude/")
    orders.change_order(change, by=BY, number="2-и", signatory_name="Директор")
    client.post(f"/orders/{change.pk}/sign/")
    client.post(f"/orders/{change.pk}/execute/")
    assert list(Enrolment.objects.filter(starts=week).values_list("pupil__surname", "school_class__letter")) == [
        ("Первый", "В")
    ]


def test_a_line_is_corrected_and_taken_out(deputy, client):
    order = make_order(OrderKind.TRANSFER_OUT, [{"person": make_pupil()}, {"person": make_pupil()}], signed=False)
    first, second = order.lines.order_by("number")
    client.post(f"/orders/{order.pk}/lines/{first.pk}/", {"place": "МБОУ СОШ №1", "note": "По заявлению"})
    client.post(f"/orders/{order.pk}/lines/remove/", {"line": [second.pk]})
    assert list(order.lines.values_list("place", "note")) == [("МБОУ СОШ №1", "По заявлению")]


def test_the_list_is_filtered_and_searched(deputy, client):
    make_order(OrderKind.EXPULSION, [{"person": make_pupil()}], number="1-к", title="Об отчислении Иванова")
    make_order(OrderKind.GENERAL, [], number="77", title="О классных часах", signed=False)
    cases = {
        "": 2,
        "?state=draft": 1,
        "?q=ОТЧИСЛЕНИЯ": 1,
        "?q=77": 1,
        "?register=pupils": 1,
        "?year=1999": 2,
        "?kind=hire": 0,
    }
    found = {query: client.get(f"/orders/{query}").content.decode().count('<th scope="row">') for query in cases}
    assert found == cases


@pytest.mark.parametrize("position", ["teacher", "class_teacher", "credentials_officer", "method_group_head"])
def test_orders_are_closed_below_the_management(position, client):
    load_registry(by=Actor.command("проверка"))
    place = make_class() if position == "class_teacher" else None
    sign_in(client, make_employee(position=position, school_class=place))
    order = make_order(OrderKind.EXPULSION, [{"person": make_pupil(surname="Тайнов")}])
    for path in ("/orders/", f"/orders/{order.pk}/", f"/orders/{order.pk}/execute/", f"/orders/{order.pk}/print/"):
        answer = client.get(path)
        assert (answer.status_code, "Тайнов" in answer.content.decode()) == (403, False)
    assert client.post(f"/orders/{order.pk}/execute/").status_code == 403
    assert not OrderLine.objects.exclude(order__state=Order.State.SIGNED).exists()


@pytest.mark.parametrize("path", ["/orders/", "/orders/{}/", "/orders/{}/execute/", "/orders/{}/people/"])
def test_queries_do_not_grow(path, deputy, client, django_assert_max_num_queries):
    def order(count, number):
        lines = [{"person": make_pupil(), "school_class": make_class(letter="Б")} for _ in range(count)]
        return make_order(OrderKind.TRANSFER_CLASS, lines, number=number, signed="people" not in path)

    counts = []
    make_pupil()
    for size in (1, 30):
        address = path.format(order(size, f"{size}").pk)
        client.get(address)
        with django_assert_max_num_queries(30) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
