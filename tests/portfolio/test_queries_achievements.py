"""Lists of achievements and the queue ask the same queries of one entry and of thirty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import StoredFile
from eios.lib.dates import today
from tests.factories import make_class, make_employee, make_parent, make_pupil, sign_in
from tests.portfolio.factories import make_achievement

DAY = datetime.timedelta(days=1)
PAGES = {
    "pupil": ("/portfolio/achievements/", "/portfolio/achievements/?q=конкурс", "/portfolio/achievements/{pk}/"),
    "parent": ("/portfolio/pupils/{pupil}/achievements/", "/portfolio/achievements/{pk}/"),
    "lead": ("/portfolio/queue/", "/portfolio/queue/{waiting}/", "/portfolio/pupils/{pupil}/achievements/"),
    "deputy": ("/portfolio/queue/?q=п", "/portfolio/queue/{waiting}/"),
}


def grow(pupil, school_class, number: int):
    """An entry that waits, with evidence and a double in the record, and the same of another pupil."""
    other, date = make_pupil(school_class=school_class), today() - number * DAY
    for one in (pupil, other):
        waiting = make_achievement(one, state="submitted", date=date, submitted_at=pupil.created_at)
        file = StoredFile.objects.create(kind="portfolio_evidence", name="Диплом.pdf", size=9, owner=one)
        waiting.evidence.create(kind="file", file=file)
        waiting.evidence.create(kind="order", title="Приказ")
        # Few of them: they stand first, and the page shall hold the pupil's own entries too.
        if number < 5:
            make_achievement(one, origin="record", source="СГО", date=date)
    return waiting


@pytest.mark.django_db
def test_queries_do_not_grow(client, site, django_assert_num_queries):
    school_class = make_class(grade=8)
    pupil = make_pupil(school_class=school_class)
    people = {
        "pupil": pupil,
        "parent": make_parent(child=pupil),
        "lead": make_employee(position="class_teacher", school_class=school_class),
        "deputy": make_employee(position="deputy"),
    }
    waiting = grow(pupil, school_class, 0)
    first = make_achievement(pupil, state="replaced")
    second = make_achievement(pupil, replaces=first, version=2)
    where = {"pupil": pupil.pk, "pk": second.pk, "waiting": waiting.pk}
    asked = [(name, page.format(**where)) for name, pages in PAGES.items() for page in pages]
    counts = {}
    for name, address in asked:
        sign_in(client, people[name])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert (address, client.get(address).status_code) == (address, 200)
        counts[name, address] = len(queries)
    for number in range(1, 30):
        grow(pupil, school_class, number)
        second = make_achievement(pupil, replaces=second, version=number + 2, date=today() - 40 * DAY)
    for name, address in asked:
        sign_in(client, people[name])
        with django_assert_num_queries(counts[name, address], info=address):
            client.get(address)
