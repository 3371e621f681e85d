"""Reports ask the same number of queries of one class with one pupil and of thirty with thirty."""

import pytest
from django.urls import reverse

from eios.lib.dates import today
from journal.models import AcademicDebt
from tests import factories
from tests.journal.factories import make_absence, make_gradebook, make_load, make_mark, make_result, make_terms

pytestmark = pytest.mark.django_db
# Page → queries, whatever there is in the school.
PAGES = {
    "report_list": 6, "report_quality": 12, "report_quality?by=subject": 11, "report_quality?by=teacher": 13,
    "report_class": 13, "report_pupil": 18, "report_attendance": 10, "report_attendance_class": 14,
    "report_anomalies": 19, "desk": 32,
}  # fmt: skip


def grow(number: int, teacher) -> None:
    """A class of its own with one more pupil, who has marks, results and absences; the first class gets a pupil too."""
    first = factories.make_class(grade=7)
    for school_class in {first, factories.make_class(grade=5 + number % 5, letter="АБВГДЕ"[number // 5])}:
        subject = factories.make_subject(f"Предмет {number}")
        book = make_gradebook(school_class=school_class, subject=subject)
        make_load(teacher, book)
        pupil = factories.make_pupil(school_class=school_class)
        for term in (1, 2):
            make_result(book, pupil, number=term, value="2")
        make_mark(book, pupil)
        make_absence(book, pupil)
        AcademicDebt.objects.create(gradebook=book, pupil=pupil, opened_on=today())


@pytest.mark.parametrize("page", PAGES)
def test_queries_do_not_grow(page, site, client, django_assert_num_queries):
    deputy, teacher = factories.make_employee(position="deputy"), factories.make_employee()
    grow(0, teacher)
    first = factories.make_class(grade=7)
    make_terms(first.year)
    name, _, query = page.partition("?")
    keys = {
        "report_pupil": first.enrolments.get().pupil_id,
        "report_class": first.pk,
        "report_attendance_class": first.pk,
    }
    address = reverse(f"journal:{name}", args=[keys[name]] if name in keys else None) + f"?{query}"
    factories.sign_in(client, deputy)
    client.get(address)
    with django_assert_num_queries(PAGES[page]):
        assert client.get(address).status_code == 200
    for number in range(1, 30):
        grow(number, teacher)
    with django_assert_num_queries(PAGES[page]):
        assert client.get(address).status_code == 200
