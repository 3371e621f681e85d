"""Pages of lessons ask the same number of queries of one lesson and gradebook and of thirty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.models import Homework, WorkKind
from tests.factories import make_class, make_employee, make_programme, make_subject, sign_in
from tests.journal.factories import (
    first_day,
    make_gradebook,
    make_lesson,
    make_line,
    make_load,
    make_mark,
    make_terms,
    make_timetable,
)

DAY = datetime.timedelta(days=1)
# Page → the most it may ask, of the sign-in and the menu too.
PAGES = {
    "gradebooks/{book}/lessons/?period=1": 14, "gradebooks/{book}/lessons/topics/?starts={first}": 13,
    "gradebooks/{book}/lessons/generate/?starts={first}&ends={last}": 17, "gradebooks/{book}/plan/": 18,
    "lessons/{lesson}/": 33, "lessons/generate/?starts={first}&ends={last}": 17, "plan/": 16, "work-kinds/": 6,
}  # fmt: skip


def grow(book, number: int, pupil) -> None:
    subject = make_subject(f"Предмет {number}")
    other = make_gradebook(
        school_class=make_class(grade=1 + number % 9, letter="КЛМН"[number // 9]), subject=subject, kept="here"
    )
    teacher = make_employee()
    make_load(teacher, other)
    make_line(book.school_class.year.timetables.get(), other, weekday=number % 5, number=number % 7)
    make_programme(subject, author=teacher, grade=other.school_class.grade)
    kind = WorkKind.objects.create(code=f"x{number}", name=f"Работа {number}")
    lesson = make_lesson(book, date=first_day(book) + number * DAY, subject_matter=f"Тема {number}")
    lesson.works.create(kind=kind, place=1)
    Homework.objects.create(lesson=lesson, text="§ 1")
    make_lesson(book, date=first_day(book) + number * DAY, slot=2)
    make_mark(book, pupil, date=lesson.date)


@pytest.mark.django_db
def test_queries_do_not_grow(client, site, django_assert_num_queries):
    deputy = make_employee(position="deputy")
    book = make_gradebook(kept="here")
    make_terms(book.school_class.year)
    make_timetable(book.school_class.year)
    make_load(deputy, book)
    make_programme(book.subject, author=deputy)
    grow(book, 0, deputy)
    sign_in(client, deputy)
    lesson, first = book.lessons.first(), first_day(book)
    values = {"book": book.pk, "lesson": lesson.pk, "first": first, "last": first + 30 * DAY}
    addresses = {"/journal/" + page.format(**values): most for page, most in PAGES.items()}
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert (address, client.get(address).status_code) == (address, 200)
        counts[address] = len(asked)
    for number in range(1, 30):
        grow(book, number, deputy)
    for address in addresses:
        with django_assert_num_queries(counts[address], info=address):
            client.get(address)
    assert {page: count for page, count in counts.items() if count > addresses[page]} == {}
