"""The diary and the class at a glance: what stands there, who sees it, in how many queries."""

import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.models import ImportBatch, Relation, SchoolCard
from eios.lib.dates import today
from journal import class_glance, diary_xlsx, summary
from journal.diary import diary_of
from journal.models import Council, Gradebook, Mark, WorkKind
from tests import factories
from tests.journal.factories import make_absence, make_gradebook, make_lesson, make_mark, make_result, make_terms

ONE = Decimal(1)


@given(st.lists(st.tuples(st.integers(2, 5), st.decimals("0.1", "10", places=2)), min_size=1, max_size=30))
def test_averages_lie_within_the_scale_whatever_the_weights(marks):
    found = summary.what_if(marks, [])
    assert 2 <= found.before <= 5
    assert found.before == found.after
    assert (found.target is None) == (found.ways == ())
    for mark, count in found.ways:
        # So many of the mark bring the next one, and one less does not.
        assert found.target - Decimal("0.51") <= summary.what_if(marks, [mark] * count).after <= 5
        fewer = summary.what_if(marks, [mark] * (count - 1)).after
        assert count == 1 or fewer < found.target - Decimal("0.49")


def test_what_if_worked_by_hand():
    """3, 4, 4: average 3.67; a «2» brings 3.25; for «5» (4.5) five fives in a row are needed: (11 + 25) / 8 = 4.5.

    3, 3, 3: for «4» (3.5) one five is enough, (9 + 5) / 4 = 3.5, or three fours, (9 + 12) / 6 = 3.5.
    """
    marks = [(3, ONE), (4, ONE), (4, ONE)]
    found = summary.what_if(marks, [2])
    assert (found.before, found.after, found.target) == (Decimal("3.67"), Decimal("3.25"), 4)
    assert (summary.what_if(marks, []).target, summary.what_if(marks, []).ways_words) == (5, "пятёрок — 5")
    assert summary.what_if([(3, ONE)] * 3, []).ways == ((5, 1), (4, 3))
    assert summary.what_if([(2, ONE)], []).ways == ((5, 1), (4, 1), (3, 1))
    assert summary.what_if([(5, ONE)], []).target is None


@pytest.fixture
def year(site):
    first = today().year if today().month >= 9 else today().year - 1
    year = factories.make_year(starts=datetime.date(first, 9, 1))
    make_terms(year)
    return year


@pytest.fixture
def school_class(year):
    return factories.make_class(grade=7, year=year)


@pytest.fixture
def algebra(school_class):
    return make_gradebook(school_class=school_class)


@pytest.fixture
def pupil(school_class):
    return factories.make_pupil(school_class=school_class, surname="Исаев", starts=school_class.year.starts)


@pytest.mark.django_db
def test_a_diary_tells_marks_average_reasons_and_confirmed_results(client, algebra, pupil):
    make_mark(algebra, pupil, value="5")
    make_mark(algebra, pupil, value="4", place=2, weight="2.00")
    make_absence(algebra, pupil, code="ill", date=algebra.school_class.year.starts)
    make_result(algebra, pupil, number=1, value="4")
    factories.sign_in(client, pupil)
    page = client.get("/journal/?period=1")
    text = page.text
    assert "4,33" in text
    assert '<span class="code">Б</span>' in text
    assert "По болезни" in text
    assert page.context["diary"].rows[0].results == []
    council = Council.objects.create(year=algebra.school_class.year, kind="term", number=1)
    pupil.results.update(council=council)
    assert client.get("/journal/?period=1").context["diary"].rows[0].results == ["4"]
    assert "<small>×2</small>" in client.get("/journal/?period=1&view=days").text
    answer = client.get(f"/journal/pupils/{pupil.pk}/what-if/?period=1&subject={algebra.subject_id}&marks=2 2")
    assert "3,40" in answer.text
    assert "не отметка" in client.get(
        f"/journal/pupils/{pupil.pk}/what-if/?period=1&subject={algebra.subject_id}&marks=7"
    ).text  # fmt: skip
    assert client.get(f"/journal/pupils/{pupil.pk}/export/?period=1").status_code == 200


@pytest.mark.django_db
@pytest.mark.clause("1.3 b")
def test_a_diary_says_what_marks_were_given_for_and_what_the_teacher_remarked(client, algebra, pupil):
    """By days every mark; by subjects the remarks, for the rest a mark tells it on asking; the file says all."""
    Gradebook.objects.update(kept="here")
    kind = WorkKind.objects.create(code="КР", name="Контрольная на час", weight=3)
    lesson = make_lesson(algebra, date=algebra.school_class.year.starts)
    for place, fields in enumerate([{"kind": kind}, {"kind": kind, "title": "Диктант № 1"}, {}], 1):
        lesson.works.create(place=place, **fields)
    make_mark(algebra, pupil, value="5", date=lesson.date, work="КР", comment="Решил <всё>")
    make_mark(algebra, pupil, value="4", date=lesson.date, place=2)
    make_mark(algebra, pupil, value="3", date=lesson.date, place=3)
    make_mark(algebra, pupil, value="2", date=lesson.date + datetime.timedelta(days=1), work="СР")
    factories.sign_in(client, pupil)
    days = client.get("/journal/?period=1&view=days").text
    for mark in (
        '<b class="m5">5</b> <small>Контрольная на час: Решил &lt;всё&gt;</small>',
        '<b class="m4">4</b> <small>Диктант № 1</small>',
        '<b class="m3">3</b></dd>',
        '<b class="m2">2</b> <small>СР</small>',
    ):
        assert mark in days
    subjects = client.get("/journal/?period=1").text
    assert subjects.count('<ul class="remarks small">') == 1
    assert f"<li>{lesson.date:%d.%m}, 5: Контрольная на час: Решил &lt;всё&gt;</li></ul>" in subjects
    assert '<b class="m4" title="Диктант № 1">4</b>' in subjects
    book = diary_xlsx.table(diary_of(pupil, lesson.date), SchoolCard())
    cell = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    told = next(value for row in cell for value in row if "Диктант" in str(value))
    assert told.startswith(f"5 4 3 ({lesson.date:%d.%m}, Контрольная на час: Решил <всё>; Диктант № 1)")


@pytest.mark.django_db
def test_who_opens_which_diary(client, algebra, pupil):
    """Held: «5» that nobody else may see; the subject's teacher sees the gradebook, not the diary."""
    make_mark(algebra, pupil, value="5")
    school_class = algebra.school_class
    parent = factories.make_parent(child=pupil)
    former = factories.make_parent(child=pupil, ends=today() - datetime.timedelta(days=1))
    other = factories.make_pupil(school_class=school_class, surname="Другой", starts=school_class.year.starts)
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    deputy, teacher = factories.make_employee(position="deputy"), factories.make_employee()
    admin = factories.make_person(is_superuser=True)
    pages = [
        f"/journal/pupils/{pupil.pk}/",
        f"/journal/pupils/{pupil.pk}/export/",
        f"/journal/pupils/{pupil.pk}/what-if/",
    ]
    for person, status in ((pupil, 200), (parent, 200), (leader, 200), (deputy, 200), (other, 404), (teacher, 404)):
        factories.sign_in(client, person)
        assert [client.get(page).status_code for page in pages] == [status] * 3, person
    for person in (former, admin):
        factories.sign_in(client, person)
        assert client.get(pages[0]).status_code in (302, 403, 404)
    glance = f"/journal/classes/{school_class.pk}/"
    for person, status in ((leader, 200), (deputy, 200), (teacher, 404), (pupil, 403), (parent, 403)):
        factories.sign_in(client, person)
        assert client.get(glance).status_code == status, person
    assert client.get("/journal/").status_code == 200


@pytest.mark.django_db
def test_a_class_at_a_glance_prefers_results_and_points_at_what_falls(algebra, pupil):
    school_class = algebra.school_class
    day = datetime.date(school_class.year.starts.year, 11, 5)
    for place, value in enumerate("3344", 1):
        make_mark(algebra, pupil, value=value, date=day, place=place)
    make_result(algebra, pupil, number=1, value="5")
    found = class_glance.glance_of(school_class, today(), number=2)
    assert [cell.value for cell in found.rows[0].cells] == ["3,50"]
    assert found.rows[0].alerts == ["Алгебра: было 5, средняя 3,50"]
    assert class_glance.glance_of(school_class, today(), number=1).rows[0].cells[0].is_result


@pytest.mark.django_db
def test_points_lead_to_no_mark_and_need_no_attention(client, algebra, pupil):
    """Of 40 points out of 100 nobody says that «5» comes out; «1» and «нзч» are as bad as «2»."""
    school_class = algebra.school_class
    points = make_gradebook(school_class=school_class, subject=factories.make_subject("Шахматы"), scale="points")
    russian = make_gradebook(school_class=school_class, subject=factories.make_subject("Русский язык"))
    make_mark(points, pupil, value="40")
    make_mark(russian, pupil, value="4")
    make_result(algebra, pupil, value="1")
    found = class_glance.glance_of(school_class, today(), number=1, order="alerts")
    row = found.rows[0]
    cells = {head: (cell.value, cell.level) for head, cell in zip(found.heads, row.cells, strict=True)}
    assert sorted(cells.values()) == [("1", 2), ("4,00", 4), ("40,00", 0)]
    assert (row.average, row.alerts) == (4, ["Алгебра: 1"])
    factories.sign_in(client, pupil)
    page = client.get(f"/journal/pupils/{pupil.pk}/what-if/?period=1")
    assert page.context["form"].fields["subject"].choices == [(str(russian.subject_id), "Русский язык")]


@pytest.mark.django_db
def test_a_parent_goes_from_child_to_child_and_sees_how_fresh_each_mirror_is(client, algebra, pupil):
    """Two children, one of them in an unmarked class; the oldest of the source's mirrors says the hour."""
    parent = factories.make_parent(child=pupil)
    small = factories.make_pupil(
        school_class=factories.make_class(grade=1, year=algebra.school_class.year), surname="Яковлев"
    )
    Relation.objects.create(parent=parent, pupil=small, kind="mother", starts=factories.LONG_AGO, basis="Свидетельство")
    batch = ImportBatch.objects.create(purpose="journal", source="Сетевой город", created_by=parent)
    hours = [datetime.datetime(2026, 11, 20, hour, 40, tzinfo=datetime.UTC) for hour in (14, 15)]
    Gradebook.objects.filter(pk=algebra.pk).update(mirrored_by=batch, mirrored_at=hours[1])
    make_gradebook(
        school_class=algebra.school_class, subject=factories.make_subject("Физика"), mirrored_by=batch,
        mirrored_at=hours[0],
    )  # fmt: skip
    make_gradebook(school_class=small.enrolments.get().school_class, scale="none")
    make_mark(algebra, pupil, value="5")
    factories.sign_in(client, parent)
    first = client.get("/journal/?period=1")
    assert first.context["own"] == [pupil, small]
    assert "20.11.2026 17:40 из&nbsp;системы «Сетевой город»" in first.text
    assert f'href="/journal/pupils/{small.pk}/"' in first.text
    second = client.get(f"/journal/pupils/{small.pk}/")
    assert "отметок не&nbsp;ставят" in second.text
    assert "записей нет" in second.text
    # The calendar has no terms of the first grade: the whole year is shown.
    diary = second.context["diary"]
    assert (diary.periods, diary.period.name) == ([], "Весь год")


@pytest.mark.django_db
def test_queries_do_not_grow_with_marks_or_pupils(client, algebra, pupil):
    school_class = algebra.school_class
    leader = factories.make_employee(position="class_teacher", school_class=school_class)

    def counted(person, page: str) -> int:
        factories.sign_in(client, person)
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            assert client.get(page).status_code == 200
        return len(found)

    pages = ((pupil, "/journal/?period=1"), (leader, f"/journal/classes/{school_class.pk}/?period=1"))
    make_mark(algebra, pupil)
    few = [counted(*one) for one in pages]
    assert few == [9, 12]
    for number, one in enumerate(factories.make_pupils(30, school_class=school_class)):
        book = make_gradebook(school_class=school_class, subject=factories.make_subject(f"Предмет {number}"))
        days = [school_class.year.starts + datetime.timedelta(days=day) for day in range(20)]
        Mark.objects.bulk_create(
            Mark(gradebook=book, pupil=each, date=day, value="4", number=4) for each in (one, pupil) for day in days
        )
    assert [counted(*one) for one in pages] == few
    assert diary_of(pupil, today(), period=1).rows[-1].average == 4
