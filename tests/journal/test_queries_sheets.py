"""Pages of sheets ask the database the same number of questions, however many pupils, classes and sheets there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from journal.actions.sheets import archive_sheet
from tests import factories
from tests.journal.sheets_factory import SUBJECTS, make_full_class

pytestmark = pytest.mark.django_db
# Page → the most it may ask, of the sign-in and the menu too.
MOST = {"sheet_list": 9, "sheet_registry": 7, "sheet_detail": 18, "sheet_archived": 16, "final_marks": 11}


def test_more_rows_are_no_more_queries(client, site):
    deputy = factories.make_employee(position="deputy")
    by = Actor(deputy, None, "deputy")
    factories.sign_in(client, deputy)
    small = make_full_class(pupils=1, subjects=SUBJECTS[:1], letter="А")
    archive_sheet(small, by=by)
    few = _asked(client, small)
    large = make_full_class(pupils=30, subjects=SUBJECTS, letter="Б")
    archive_sheet(large, by=by)
    many = _asked(client, large)
    assert many == few
    assert all(count <= MOST[page] for page, count in many.items()), many


def _asked(client, school_class) -> dict[str, int]:
    keys = {
        "sheet_list": [], "sheet_registry": [], "sheet_detail": [school_class.pk],
        "sheet_archived": [school_class.archived_sheets.get().pk],
        "final_marks": [school_class.enrolments.first().pupil_id],
    }  # fmt: skip
    found = {}
    for page, arguments in keys.items():
        address = reverse(f"journal:{page}", args=arguments)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        found[page] = len(asked)
    return found
