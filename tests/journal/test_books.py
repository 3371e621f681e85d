"""Gradebooks: who reads them, the grid, decisions and what they change, opening by the curriculum, subgroups."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry
from eios.lib.dates import today
from journal import cells, decisions, grid
from journal.actions import gradebooks as actions
from journal.models import Gradebook, KeepingDecision, Mark, ScaleRule, Subgroup, SubgroupMember
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_curriculum,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    make_subject,
    sign_in,
)
from tests.journal.factories import (
    first_day,
    make_absence,
    make_gradebook,
    make_load,
    make_mark,
    make_result,
    make_terms,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
DAY = datetime.timedelta(days=1)
GRADEBOOKS, RULES, SUBGROUPS = "/journal/gradebooks/", "/journal/rules/", "/journal/subgroups/"


@pytest.fixture(autouse=True)
def site(db):
    load_registry(by=COMMAND)


@pytest.fixture
def deputy(client):
    person = make_employee(position="deputy", surname="Белая")
    sign_in(client, person)
    return person


def text_of(client, page: str) -> str:
    answer = client.get(page)
    assert (page, answer.status_code) == (page, 200)
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


# The grid


def test_a_grid_worked_by_hand():
    day, next_day = datetime.date(2026, 9, 1), datetime.date(2026, 9, 2)
    marks = [
        grid.GivenMark(1, day, 1, "5", 5),
        grid.GivenMark(1, day, 1, "4", 4, Decimal("1.50"), "К"),
        grid.GivenMark(1, next_day, 2, "зач"),
        grid.GivenMark(2, day, 1, "2", 2),
    ]
    absences = [grid.GivenAbsence(2, next_day, 1, "ill"), grid.GivenAbsence(2, day, 1, "late")]
    pupils = [grid.Pupil(1, "Ёлкина <Вера>"), grid.Pupil(2, "Тихий Лев", True, "до 02.09.2026")]
    heads = [("term-1", "I четверть"), ("year-0", "Год")]
    for reasons, expected in ((True, ["2 ОП", "Б", ""]), (False, ["2 О", "Н", ""])):
        made = grid.build(pupils, marks, absences, {(1, "term-1"): "5"}, heads, reasons=reasons)
        assert [(one.day, one.slot) for one in made.columns] == [("01.09", 1), ("02.09", 1), ("02.09", 2)]
        first, second = made.rows
        assert [one.text for one in first.cells] == ["5 4", "", "зач"]
        assert [one.text for one in second.cells] == expected
        assert (first.average, first.average_words, first.missed) == (Decimal("4.40"), "4,40", 0)
        assert (second.average, second.missed) == (Decimal("2.00"), 1)
        assert (first.results, second.results) == (["5", ""], ["", ""])
    drawn = cells.body(made)
    assert [words in drawn for words in ("Ёлкина &lt;Вера&gt;", "<Вера>", '<tr class="gone">')] == [True, False, True]
    assert '<span>5</span> <span title="Вид работы: К">4<small>×1,5</small></span>' in drawn
    assert grid.build(pupils, [], [], {}, heads, reasons=True).is_empty


@pytest.mark.clause("7.1")
def test_the_page_the_file_and_who_sees_reasons(client, deputy):
    book = make_gradebook()
    make_terms(book.school_class.year)
    pupil = make_pupil(school_class=book.school_class, surname="Ёлкина", name="Вера")
    gone = make_pupil(school_class=book.school_class, surname="Ушедший", name="Лев", ends=first_day(book))
    make_mark(book, pupil, value="5")
    make_mark(book, pupil, value="3", date=first_day(book) + DAY, weight=3)
    make_absence(book, gone, code="ill")
    make_result(book, pupil, value="4")
    late = make_mark(book, pupil, value="2", date=book.school_class.year.starts + 100 * DAY)
    page = f"{GRADEBOOKS}{book.pk}/?period=1"
    text = text_of(client, page)
    ends = f"до {first_day(book):%d.%m.%Y}"
    found = [words in text for words in ("3,50", "УП — по уважительной", '<span class="off">Б</span>', ends)]
    assert found == [True] * 4
    assert (late.value == "2", "<span>2</span>" in text) == (True, False)
    assert "<span>2</span>" in text_of(client, f"{GRADEBOOKS}{book.pk}/?period=0")
    assert client.get(f"{GRADEBOOKS}{book.pk}/?period=x").status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{GRADEBOOKS}{book.pk}/export/?period=1").content)).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert rows[0][:6] == [1, "Ёлкина Вера", 5, 3, 3.5, 0]
    assert rows[1][:4] == [2, f"Ушедший Лев ({ends})", "Б", ""]
    teacher = make_employee()
    make_load(teacher, book)
    sign_in(client, teacher)
    text = text_of(client, page)
    assert [words in text for words in ('<span class="off">Б</span>', '<span class="off">Н</span>')] == [False, True]


@pytest.mark.clause("5.2")
def test_others_are_refused(client):
    """What could leak is there: a mark in the gradebook, a decision, a subgroup."""
    book = make_gradebook()
    pupil = make_pupil(school_class=book.school_class)
    make_mark(book, pupil)
    rule = KeepingDecision.objects.create(year=book.school_class.year, kept="here")
    scale = ScaleRule.objects.create(year=book.school_class.year, scale="pass")
    group = Subgroup.objects.create(school_class=book.school_class, subject=book.subject, name="1")
    other = make_employee()
    make_load(other, make_gradebook(subject=make_subject("Химия")))
    own = [f"{GRADEBOOKS}{book.pk}/", f"{GRADEBOOKS}{book.pk}/export/"]
    kept = [
        f"{GRADEBOOKS}open/", RULES, f"{RULES}keeping/add/", f"{RULES}keeping/{rule.pk}/change/",
        f"{RULES}keeping/{rule.pk}/remove/", f"{RULES}scales/add/", f"{RULES}scales/{scale.pk}/change/",
        f"{RULES}scales/{scale.pk}/remove/", SUBGROUPS, f"{SUBGROUPS}add/", f"{SUBGROUPS}{group.pk}/change/",
        f"{SUBGROUPS}{group.pk}/pupils/",
    ]  # fmt: skip
    admin = make_employee(position="system_administrator")
    for person, status in ((other, 404), (admin, 404), (make_person(is_superuser=True), 404), (pupil, 403)):
        sign_in(client, person)
        assert {client.get(page).status_code for page in own + kept} == {status}
        written = [page for page in kept if page not in (RULES, SUBGROUPS)]
        assert {client.post(page, {"seen": "x", "kept": "here"}).status_code for page in written} == {status}
    sign_in(client, make_parent(child=pupil))
    assert {client.get(page).status_code for page in own + kept} <= {302, 403}
    sign_in(client, other)
    text = text_of(client, GRADEBOOKS)
    # Nor does a tab lead where nothing opens.
    assert ["Алгебра" in text, RULES in text, "/journal/load/" in text] == [False, False, True]
    assert (KeepingDecision.objects.count(), ScaleRule.objects.count(), Gradebook.objects.count()) == (1, 1, 2)


def test_the_list_is_found_by_filters_and_tells_how_fresh_a_mirror_is(client, deputy):
    taken = datetime.datetime(2026, 11, 20, 14, 40, tzinfo=datetime.UTC)
    book = make_gradebook(mirrored_at=taken)
    other = make_gradebook(school_class=make_class(grade=9), subject=make_subject("Химия"), kept="here")
    make_load(make_employee(surname="Соловьёва"), book)
    text = text_of(client, GRADEBOOKS)
    assert [words in text for words in ("20.11.2026 17:40", "ведётся на портале", "Соловьёва")] == [True] * 3
    for query, names in (
        (f"school_class={other.school_class_id}", ["Химия"]), (f"subject={book.subject_id}", ["Алгебра"]),
        ("kept=here", ["Химия"]), ("q=соловьева", ["Алгебра"]), ("kept=zzz&year=zzz", ["Алгебра", "Химия"]),
        ("q=zzz", []),
    ):  # fmt: skip
        text = text_of(client, f"{GRADEBOOKS}?{query}")
        found = [one.subject.name for one in (book, other) if f"/gradebooks/{one.pk}/" in text]
        assert (query, found) == (query, names)


# Decisions


@pytest.mark.clause("7.1")
def test_the_narrowest_decision_holds():
    book = make_gradebook()
    first = make_gradebook(school_class=make_class(grade=1), subject=make_subject("Математика"))
    year, school_class, subject = book.school_class.year, book.school_class, book.subject

    def settled() -> tuple:
        return decisions.of_year(year).kept(book), decisions.of_year(year).scale(book)

    assert settled() == ("elsewhere", "five")
    assert decisions.of_year(year).scale(first) == "none"
    scopes = [
        ({}, "here", "pass"), ({"subject": subject}, "elsewhere", "five"), ({"grade": 7}, "here", "pass"),
        ({"grade": 7, "subject": subject}, "elsewhere", "points"), ({"school_class": school_class}, "here", "five"),
        ({"school_class": school_class, "subject": subject}, "elsewhere", "pass"),
    ]  # fmt: skip
    for scope, kept, scale in scopes:
        KeepingDecision.objects.create(year=year, kept=kept, **scope)
        ScaleRule.objects.create(year=year, scale=scale, **scope)
        assert (scope, settled()) == (scope, (kept, scale))
    KeepingDecision.objects.create(year=year, kept="here", grade=8)
    assert settled() == ("elsewhere", "pass")


@pytest.mark.clause("7.1")
def test_deciding_shows_what_changes_then_changes_it_and_loses_nothing(client, deputy):
    book = make_gradebook()
    other = make_gradebook(school_class=make_class(grade=9), subject=make_subject("Химия"))
    mark = make_mark(book, make_pupil(school_class=book.school_class))
    asked = {"year": book.school_class.year_id, "grade": "7", "school_class": "", "subject": "", "kept": "here",
             "basis": "Педсовет"}  # fmt: skip
    page = f"{RULES}keeping/add/"
    answer = client.get(page, asked)
    assert "во внешней системе → на портале" in answer.content.decode()
    assert [one.gradebook for one in answer.context["changes"]] == [book]
    assert KeepingDecision.objects.count() == 0
    assert client.post(page, {**asked, "seen": "foreign"}).status_code == 200
    assert KeepingDecision.objects.count() == 0
    assert client.post(page, {**asked, "seen": answer.context["seen"]}).status_code == 302
    book.refresh_from_db()
    other.refresh_from_db()
    assert (book.kept, other.kept, Mark.objects.get().pk) == ("here", "elsewhere", mark.pk)
    rule = KeepingDecision.objects.get()
    assert (rule.decided_by, rule.basis) == (deputy, "Педсовет")
    assert AuditEntry.objects.filter(action="gradebook.decided").get().changes == {"kept": ["elsewhere", "here"]}
    # The same again is refused in words; a wrong one too.
    again = client.get(page, asked)
    assert "Об этом уже решено" in again.content.decode()
    wrong = {**asked, "school_class": book.school_class_id}
    assert "а не то и другое" in client.get(page, wrong).content.decode()
    gone = f"{RULES}keeping/{rule.pk}/remove/"
    seen = client.get(gone).context["form"]["seen"].value()
    assert client.post(gone, {"seen": seen}).status_code == 302
    book.refresh_from_db()
    assert (book.kept, KeepingDecision.objects.count()) == ("elsewhere", 0)


# Opening by the curriculum


@pytest.mark.clause("6.2")
def test_gradebooks_are_opened_by_the_curriculum_once(client, deputy):
    make_subject("Химия", area="Естествознание")
    make_curriculum(approved=True, hours={"Алгебра": {7: 4}, "Химия": {7: 2, 8: 2}})
    seventh, eighth = make_class(grade=7), make_class(grade=8)
    make_gradebook(school_class=seventh)
    ScaleRule.objects.create(year=seventh.year, subject=make_subject("Химия"), scale="pass")
    page = f"{GRADEBOOKS}open/?school_class={seventh.pk}"
    assert client.get(page).context["count"] == 1
    assert client.post(page).status_code == 302
    made = Gradebook.objects.get(school_class=seventh, subject__name="Химия")
    assert (made.scale, made.kept, Gradebook.objects.filter(school_class=eighth).count()) == ("pass", "elsewhere", 0)
    assert client.get(f"{GRADEBOOKS}open/").context["count"] == 1
    assert len(actions.open_by_curriculum([seventh, eighth], by=COMMAND)) == 1
    text = client.post(f"{GRADEBOOKS}open/", follow=True).content.decode()
    assert ("Открывать нечего" in text, Gradebook.objects.count()) == (True, 3)


# Subgroups


def test_pupils_are_distributed_from_a_day_on(client, deputy):
    school_class, subject = make_class(grade=7), make_subject("Английский язык")
    anna, boris, vera = (make_pupil(school_class=school_class, surname=name) for name in ("Анина", "Борин", "Верина"))
    for name in ("1-я группа", "2-я группа"):
        asked = {"school_class": school_class.pk, "subject": subject.pk, "name": name}
        assert client.post(f"{SUBGROUPS}add/", asked).status_code == 302
    first, second = Subgroup.objects.order_by("name")
    assert Gradebook.objects.filter(subgroup__in=[first, second]).count() == 2
    page, begin = f"{SUBGROUPS}{first.pk}/pupils/", school_class.year.starts
    assert client.get(page).status_code == 200

    def post(day, *wanted) -> int:
        chosen = {f"pupil-{one.pk}": group for one, group in zip((anna, boris, vera), wanted, strict=True)}
        return client.post(page, {"starts": day.isoformat(), **chosen}).status_code

    assert post(begin, first.pk, second.pk, "") == 302
    assert post(begin + 10 * DAY, second.pk, second.pk, first.pk) == 302
    rows = SubgroupMember.objects.order_by("pupil__sort_name", "starts")
    rows = rows.values_list("pupil", "subgroup", "starts", "ends")
    later = begin + 10 * DAY
    assert list(rows) == [
        (anna.pk, first.pk, begin, later - DAY), (anna.pk, second.pk, later, None), (boris.pk, second.pk, begin, None),
        (vera.pk, first.pk, later, None),
    ]  # fmt: skip
    assert (post(LONG_AGO, "", "", ""), post(begin, 999_999, "", ""), SubgroupMember.objects.count()) == (200, 200, 4)
    make_mark(first.gradebook, anna, date=begin)
    make_mark(first.gradebook, vera, date=later)
    text = text_of(client, f"{GRADEBOOKS}{first.gradebook.pk}/?period=0")
    assert ["Анина" in text, "Борин" in text, "Верина" in text] == [True, False, True]
    assert today() >= begin
