"""The alphabetical book: numbers of personal files are given once, by letter, in order of enrolment."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection

from accounts.actions.personal_files import give_file_numbers
from accounts.actor import Actor
from accounts.models import AuditEntry, PersonalFile, SchoolCard
from accounts.models.personal_files import letter_of, parse_file_number
from accounts.reports import book
from tests.factories import (
    LONG_AGO,
    make_class,
    make_enrolment,
    make_executed_order,
    make_person,
    make_pupil,
    make_year,
)

pytestmark = pytest.mark.django_db
BY = Actor.command("проверка")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
NOTHING = {"q": "", "letter": "", "state": ""}


def numbers() -> dict[str, str]:
    return {file.person.surname: str(file) for file in PersonalFile.objects.select_related("person")}


@pytest.mark.parametrize(
    ("surname", "letter"),
    [
        ("Ёлкина", "Е"),
        ("ежов", "Е"),
        ("Йодко", "И"),
        ("д'Артаньян", "Д"),
        ("«Кот»", "К"),
        ("O'Hara", "O"),
        ("123", "?"),
    ],
)
def test_the_letter_of_a_surname(surname, letter):
    assert letter_of(surname) == letter


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("К-27", ("К", 27)),
        ("к 27", ("К", 27)),
        (" К—№27 ", ("К", 27)),
        ("Ё/3", ("Е", 3)),
        ("К027", ("К", 27)),
        ("К-0", None),
        ("27", None),
        ("КК-27", None),
        ("дело К-27", None),
        ("", None),
    ],
)
def test_numbers_as_they_are_typed(text, number):
    assert parse_file_number(text) == number


def test_each_letter_counts_on_its_own_by_date_and_then_by_name():
    make_pupil(surname="Котов", starts=LONG_AGO + DAY)
    make_pupil(surname="Кузнецов", starts=LONG_AGO)
    make_pupil(surname="Казаков", starts=LONG_AGO)
    make_pupil(surname="Ёлкина", starts=LONG_AGO)
    make_pupil(surname="Ершов", starts=LONG_AGO, ends=TODAY - DAY)
    make_person(surname="Кто-то")
    assert len(give_file_numbers(by=BY).files) == 5
    assert numbers() == {"Казаков": "К-1", "Кузнецов": "К-2", "Котов": "К-3", "Ёлкина": "Е-1", "Ершов": "Е-2"}


def test_numbers_are_given_once_and_stay():
    first = make_pupil(surname="Котов")
    give_file_numbers(by=BY)
    first.surname = "Абрамов"
    first.save()
    earlier = make_pupil(surname="Казаков", starts=LONG_AGO - DAY)
    assert [str(file) for file in give_file_numbers(by=BY).files] == ["К-2"]
    assert give_file_numbers(by=BY).files == []
    assert numbers() == {"Абрамов": "К-1", earlier.surname: "К-2"}
    assert AuditEntry.objects.filter(action="personal_file.given").count() == 2


def test_one_who_leaves_and_returns_keeps_the_number():
    pupil = make_pupil(surname="Котов", ends=TODAY - 30 * DAY)
    give_file_numbers(by=BY)
    make_enrolment(pupil, make_class(grade=6), TODAY)
    assert give_file_numbers(by=BY).files == []
    [entry] = book.entries(book.listed(NOTHING, TODAY), TODAY)
    assert (entry.enrolled_on, entry.left_on, entry.school_class.grade) == (LONG_AGO, None, 6)


def test_a_number_typed_in_the_order_is_kept_and_counting_goes_on_after_it():
    typed, next_one = make_pupil(surname="Котов"), make_pupil(surname="Кузнецов")
    order = make_executed_order(people=[typed], file_number="к-27")
    make_executed_order(people=[next_one], file_number="какой-то")
    give_file_numbers(by=BY)
    assert numbers() == {"Котов": "К-27", "Кузнецов": "К-28"}
    assert PersonalFile.objects.get(person=typed).order is None
    assert order.lines.get().file_number == "к-27"


def test_a_typed_number_that_is_taken_is_refused_in_words():
    first, second = make_pupil(surname="Котов"), make_pupil(surname="Кузнецов")
    for person in (first, second):
        make_executed_order(people=[person], file_number="К-27")
    given = give_file_numbers(by=BY)
    assert numbers() == {"Котов": "К-27", "Кузнецов": "К-28"}
    assert [(wanted, str(file), file.person) for wanted, file in given.refused] == [("К-27", "К-28", second)]


def test_a_number_of_an_order_that_was_cancelled_is_not_taken():
    pupil = make_pupil(surname="Котов")
    order = make_executed_order(people=[pupil], file_number="К-27")
    type(order).objects.filter(pk=order.pk).update(state="cancelled")
    give_file_numbers(by=BY)
    assert numbers() == {"Котов": "К-1"}


def test_the_database_holds_one_number_a_letter():
    PersonalFile.objects.create(person=make_pupil(), letter="К", number=1)
    with pytest.raises(IntegrityError):
        PersonalFile.objects.create(person=make_pupil(), letter="К", number=1)


@pytest.mark.django_db(transaction=True)
def test_several_who_press_at_once_give_each_pupil_one_number():
    SchoolCard.objects.get_or_create(pk=1)
    for name in ("Абрамов", "Котов", "Кузнецов"):
        make_pupil(surname=name)
    counts, ready = [], threading.Barrier(8)

    def press():
        ready.wait()
        try:
            counts.append(len(give_file_numbers(by=BY).files))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0] * 7 + [3]
    assert numbers() == {"Абрамов": "А-1", "Котов": "К-1", "Кузнецов": "К-2"}


# The book


def test_former_pupils_stay_with_departure_order_and_place():
    make_year()
    pupil = make_pupil(surname="Котов")
    order = make_executed_order(kind="transfer_out", number="9-к", people=[pupil], place="Лицей № 48")
    pupil.enrolments.update(ends=TODAY - DAY, ended_by=order)
    leaves_later = make_pupil(surname="Кузнецов", ends=TODAY + DAY)
    give_file_numbers(by=BY)
    gone, here = book.entries(book.listed(NOTHING, TODAY), TODAY)
    assert (gone.left_on, gone.left_by, gone.place) == (TODAY, order, "Лицей № 48")
    assert (here.person, here.left_on, here.left_ground) == (leaves_later, None, "")
    for state, expected in ((book.HERE, ["Кузнецов"]), (book.GONE, ["Котов"])):
        found = book.listed({**NOTHING, "state": state}, TODAY)
        assert [file.person.surname for file in found] == expected
    assert book.letters() == [("К", 2)]
