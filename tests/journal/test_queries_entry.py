"""Pages of entry, histories, absences and of what is not posted ask the same queries of one row and of thirty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from eios.lib.dates import today
from journal import entry_pages
from journal.models import CellChange, EntryOpening
from resources.actions.registry import load_registry
from tests.factories import make_class, make_employee, make_notification, make_pupil, make_subject, sign_in
from tests.journal.factories import (
    make_absence,
    make_gradebook,
    make_lesson,
    make_load,
    make_mark,
    make_open_year,
    school_day,
)
from tests.journal.test_cells import DAY

PAGES = (
    "entry/", "entry/openings/add/", "entry/late/", "entry/late/export/", "gradebooks/{book}/history/",
    "gradebooks/{book}/history/export/", "classes/{school_class}/absences/?week={day}", "unposted/",
    "unposted/?teacher={teacher}", "desk/",
)  # fmt: skip


def grow(book, deputy, teacher, number: int) -> None:
    day = school_day()
    own = make_gradebook(school_class=book.school_class, subject=make_subject(f"Предмет {number}"), kept="here")
    other = make_class(grade=1 + number % 9, letter="КЛМН"[number // 9])
    foreign = make_gradebook(school_class=other, subject=book.subject, kept="here")
    make_load(teacher, own)
    make_load(make_employee(), foreign)
    pupil = make_pupil(school_class=book.school_class)
    for one in (own, foreign):
        make_lesson(one, date=today() - DAY)
        EntryOpening.objects.create(gradebook=one, starts=day, ends=day, until=today(), reason="Болел")
    make_mark(own, pupil, date=day, slot=2)
    make_absence(own, pupil, date=day)
    late = {"pupil": pupil, "date": day, "number": 1, "became": "5", "reason": "Апелляция", "by": make_employee()}
    CellChange.objects.create(gradebook=book, **late)
    CellChange.objects.create(gradebook=foreign, **late)
    asked = entry_pages.Asked(own.pk, teacher.pk, day - DAY, day)
    make_notification(deputy, kind=entry_pages.ASKED, text="Просит", key=asked.key(day))


@pytest.mark.django_db
def test_queries_do_not_grow(client, django_assert_num_queries):
    load_registry(by=Actor.command("tests"))
    deputy, teacher = make_employee(position="deputy"), make_employee()
    book = make_gradebook(kept="here")
    make_open_year(book.school_class.year)
    grow(book, deputy, teacher, 0)
    sign_in(client, deputy)
    where = {"book": book.pk, "school_class": book.school_class_id, "day": school_day(), "teacher": teacher.pk}
    addresses = ["/journal/" + page.format(**where) for page in PAGES]
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert (address, client.get(address).status_code) == (address, 200)
        counts[address] = len(asked)
    for number in range(1, 30):
        grow(book, deputy, teacher, number)
    for address in addresses:
        with django_assert_num_queries(counts[address], info=address):
            client.get(address)
