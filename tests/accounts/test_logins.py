"""Logins made from names: readable, clash-free, also when two people are registered at one moment."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actions import people
from accounts.actor import Actor
from accounts.models import User
from tests.factories import make_person

BY = Actor.command("tests")


def create(surname="Иванова", name="Мария", patronymic="Петровна", **fields) -> User:
    return people.create_person(surname=surname, name=name, patronymic=patronymic, by=BY, **fields)


@pytest.mark.clause("9.1")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("surname", "name", "patronymic", "login"),
    [
        ("Иванова", "Мария", "Петровна", "ivanovamp"),
        ("Ёлкина", "Щорс", "", "elkinas"),
        ("Римская-Корсакова", "Анна", "Юрьевна", "rimskaiakorsakovaai"),
        ("Черных", "Лев", "Ильич", "chernykhli"),
        ("O’Brien", "Sean", "", "obriens"),
        ("4-й", "Герой", "", "u4ig"),
        ("李", "明", "", "user"),
    ],
)
def test_login_is_made_of_surname_and_initials(surname, name, patronymic, login):
    assert create(surname, name, patronymic).username == login


@pytest.mark.django_db
def test_every_login_made_fits_the_rule_of_logins():
    longest = create("Константинопольско-Владивостокская" * 2, "Элеонора", "Христофоровна")
    longest.clean_fields(exclude=["password"])
    assert len(longest.username) == 26


@pytest.mark.django_db
def test_namesakes_get_numbers_whatever_case_the_taken_login_has():
    make_person(username="IvanovaMP")
    assert [create().username for _ in range(3)] == ["ivanovamp2", "ivanovamp3", "ivanovamp4"]


@pytest.mark.django_db
def test_login_is_unique_regardless_of_case():
    make_person(username="ivanovamp")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(username="IVANOVAMP")


@pytest.mark.django_db
def test_a_thousand_logins_take_one_query(django_assert_num_queries):
    make_person(username="ivanovamp")
    namesakes = [User(surname="Иванова", name="Мария", patronymic="Петровна") for _ in range(500)]
    others = [User(surname=f"Петров{n}", name="Олег") for n in range(500)]
    with django_assert_num_queries(1):
        logins = people.new_logins([*namesakes, *others])
    assert logins[:2] == ["ivanovamp2", "ivanovamp3"]
    assert len(set(logins)) == 1000


@pytest.mark.django_db(transaction=True)
def test_ten_namesakes_registered_at_once_get_ten_logins():
    start = threading.Barrier(10)

    def register():
        start.wait()
        try:
            create()
        finally:
            connection.close()

    workers = [threading.Thread(target=register) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = {"ivanovamp", *(f"ivanovamp{number}" for number in range(2, 11))}
    assert set(User.objects.values_list("username", flat=True)) == expected
