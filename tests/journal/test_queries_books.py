"""Pages of gradebooks and load ask the same number of queries of one row and of thirty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from journal.models import KeepingDecision, Subgroup
from resources.actions.registry import load_registry
from tests.factories import make_class, make_curriculum, make_employee, make_pupil, make_subject, sign_in
from tests.journal.factories import make_absence, make_gradebook, make_load, make_mark, make_terms

PAGES = (
    "gradebooks/", "gradebooks/{book}/", "gradebooks/open/", "load/", "load/?all=on", "load/gaps/", "subgroups/",
    "subgroups/{group}/pupils/", "rules/",
)  # fmt: skip


def grow(book, number: int) -> None:
    subject = make_subject(f"Предмет {number}")
    other = make_gradebook(school_class=make_class(grade=1 + number % 9, letter="КЛМН"[number // 9]), subject=subject)
    make_load(make_employee(), other)
    make_load(make_employee(), book)
    pupil = make_pupil(school_class=book.school_class)
    make_mark(book, pupil)
    make_absence(book, pupil, slot=2)
    Subgroup.objects.create(school_class=book.school_class, subject=book.subject, name=f"{number}")
    KeepingDecision.objects.create(year=book.school_class.year, kept="elsewhere", subject=subject, decided_by=None)


@pytest.mark.django_db
def test_queries_do_not_grow(client, django_assert_num_queries):
    load_registry(by=Actor.command("tests"))
    deputy = make_employee(position="deputy")
    book = make_gradebook()
    make_terms(book.school_class.year)
    make_curriculum(approved=True)
    group = Subgroup.objects.create(school_class=book.school_class, subject=book.subject, name="первая")
    make_gradebook(school_class=book.school_class, subject=book.subject, subgroup=group)
    grow(book, 0)
    sign_in(client, deputy)
    addresses = ["/journal/" + page.format(book=book.pk, group=group.pk) for page in PAGES]
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert (address, client.get(address).status_code) == (address, 200)
        counts[address] = len(asked)
    for number in range(1, 30):
        grow(book, number)
    for address in addresses:
        with django_assert_num_queries(counts[address], info=address):
            client.get(address)
