"""The journal's results in the portfolio: what the family sees, with source and date (1.3 b, 11.3)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ImportBatch
from portfolio.record import Row, results_of
from tests import factories
from tests.journal.attesting import make_assessment, make_council, make_debt, make_exam, make_retake
from tests.journal.factories import make_gradebook, make_result

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b", "11.1", "11.3")]


def test_results_that_the_family_sees_stand_there_with_their_source():
    year = factories.make_year(starts=datetime.date(2025, 9, 1))
    school_class = factories.make_class(grade=9, letter="Б", year=year)
    pupil, other = factories.make_pupils(2, school_class=school_class)
    books = [make_gradebook(school_class=school_class, subject=factories.make_subject(name=n)) for n in "АБВ"]
    as_of = timezone.make_aware(datetime.datetime(2026, 5, 22, 12))
    batch = ImportBatch.objects.create(purpose="journal", source="СГО", as_of=as_of)
    council = make_council(
        school_class, kind="year", number=0, state="confirmed", minutes_number="7",
        minutes_date=datetime.date(2026, 5, 29),
    )  # fmt: skip
    make_result(books[0], pupil, kind="year", value="5", batch=batch)
    make_result(books[0], pupil, kind="final", value="4", council=council)
    make_result(books[0], pupil, kind="term", value="3", batch=batch)
    make_result(books[1], pupil, kind="year", value="2")
    make_result(books[2], other, kind="year", value="5", batch=batch)
    make_assessment(books[1], date=datetime.date(2026, 5, 12)).results.create(pupil=pupil, value="4")
    debt = make_debt(books[2], pupil, opened_on=datetime.date(2026, 5, 13))
    make_retake(debt, date=datetime.date(2026, 6, 1), value="3")
    make_exam(pupil, subject=books[0].subject, mark=5, score=29)

    with CaptureQueriesContext(connection) as asked:
        (found,) = results_of(pupil)
    assert len(asked) == 6
    assert (found.title, found.class_name) == ("2025/2026", "9\u00a0«Б»")
    assert found.rows == [Row("А", "5", "", "4")]
    assert [(one.subject, one.value) for one in found.attestation] == [("Б", "4"), ("В", "2, пересдача 01.06.2026: 3")]
    assert [(one.subject, one.mark, one.score) for one in found.exams] == [("А", 5, 29)]
    assert found.sources[:2] == ["СГО, данные на 22.05.2026", "Педсовет, протокол № 7 от 29.05.2026"]
    assert results_of(factories.make_pupil(school_class=school_class)) == []
