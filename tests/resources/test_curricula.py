"""Curricula (6.2): federal hours as data, the grid, the weekly limit, approval by order, copying, what is public."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import AcademicYear, AuditEntry
from resources import curricula, study_data
from resources.actions import curricula as actions
from resources.actions import year_plans
from resources.actions.registry import load_registry
from resources.actions.subjects import load_subjects
from resources.models import Curriculum, CurriculumHours, CurriculumRow, Element, Subject
from tests import personas
from tests.factories import make_curriculum, make_order, make_privilege, make_subject, make_year

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
LIST = "/curricula/"
GRADES = (5, 6, 7, 8, 9)


@pytest.fixture
def people(db):
    load_registry(by=COMMAND)
    school = personas.build()
    make_privilege(Element.objects.get(slug="curricula"), person=school["deputy"], right="contribute")
    return school


@pytest.fixture
def enter(client, people):
    def sign(name: str):
        client.logout()
        if people[name]:
            client.force_login(people[name], backend="accounts.backends.PortalBackend")
        return client

    return sign


def order(**fields):
    return make_order(**{"number": "77-о", "title": "Об утверждении учебных планов", "state": "executed", **fields})


def grid(plan: Curriculum, **changed) -> dict:
    """The grid's form as the page fills it, with some fields changed; «__» stands for «-»."""
    data = {"version": plan.version, "title": plan.title, "week": plan.week}
    data |= {f"weeks-{one.grade}": one.weeks for one in plan.weeks.all()}
    for line in curricula.lines_of(plan):
        data |= {f"row-{line.row.pk}-{cell.grade}": cell.words for cell in line.cells}
    data |= {f"new-{number}-part": "obligatory" for number in range(3)}
    return data | {name.replace("__", "-"): value for name, value in changed.items()}


# Data


@pytest.mark.clause("6.2")
def test_federal_hours_sum_up_within_the_limits_of_their_grades():
    load_subjects(by=COMMAND)
    sums, limits = {}, {}
    for level in ("primary", "basic"):
        plan = actions.add_curriculum(Curriculum(year=make_year(), level=level), federal=True, by=COMMAND)
        table = curricula.table_of(plan)
        sums |= {load.grade: int(load.hours) for load in table.loads}
        limits |= {load.grade: load.limit for load in table.loads}
        assert (curricula.lacks_of(plan, table), bool(plan.source)) == ([], True)
    assert sums == {1: 20, 2: 22, 3: 22, 4: 23, 5: 27, 6: 29, 7: 30, 8: 31, 9: 32}
    assert limits == {1: 21, 2: 23, 3: 23, 4: 23, 5: 29, 6: 30, 7: 32, 8: 33, 9: 33}
    assert [study_data.week_limit(6, grade) for grade in range(2, 10)] == [26, 26, 26, 32, 33, 35, 36, 36]
    weeks = Curriculum.objects.get(level="primary").weeks
    assert list(weeks.values_list("grade", "weeks")) == [(1, 33), (2, 34), (3, 34), (4, 34)]
    assert study_data.federal_plan("basic", 2020) is None


def test_seeds_are_repeatable_and_leave_the_schools_own_words():
    assert load_subjects(by=COMMAND) == Subject.objects.count() > 25
    Subject.objects.filter(name="Алгебра").update(short_name="Алг.")
    make_subject("Шахматы", area="Предметы и курсы по выбору школы")
    before, trail = Subject.objects.count(), AuditEntry.objects.count()
    assert (load_subjects(by=COMMAND), AuditEntry.objects.count()) == (0, trail)
    assert (Subject.objects.get(name="Алгебра").short_name, Subject.objects.count()) == ("Алг.", before)
    load_subjects(by=COMMAND, update=True)
    assert (Subject.objects.get(name="Алгебра").short_name, Subject.objects.count()) == ("Алгебра", before)
    assert actions.load_federal_drafts(make_year(), by=COMMAND) == 2
    assert actions.load_federal_drafts(make_year(), by=COMMAND) == 0


def test_a_subject_that_the_school_renamed_is_asked_for():
    load_subjects(by=COMMAND)
    Subject.objects.filter(name="Химия").update(name="Химия и жизнь")
    with pytest.raises(ValidationError, match="Нет в перечне предметов: Химия"):
        actions.add_curriculum(Curriculum(year=make_year(), level="basic"), federal=True, by=COMMAND)
    assert not Curriculum.objects.exists()


# What the journal and programmes ask


def test_subjects_of_a_grade_come_by_one_query(django_assert_num_queries):
    hours = {"Алгебра": {7: 3, 8: 4}, "Химия": {8: 2}}
    plan = make_curriculum(hours=hours, approved=True)
    make_curriculum(hours={"Физика": {7: 9}})
    extra = CurriculumRow.objects.create(curriculum=plan, part="extra", title="Шахматы")
    CurriculumHours.objects.create(row=extra, grade=7, hours=1)
    formed = CurriculumRow.objects.create(curriculum=plan, part="formed", subject=Subject.objects.get(name="Алгебра"))
    CurriculumHours.objects.create(row=formed, grade=7, hours=Decimal("0.5"))
    year = plan.year
    with django_assert_num_queries(1):
        found = {subject.name: subject.hours for subject in Subject.objects.taught(year, 7)}
    assert found == {"Алгебра": Decimal("3.5")}
    assert [subject.name for subject in Subject.objects.taught(year, 8)] == ["Алгебра", "Химия"]
    assert CurriculumHours.objects.taught(year, 7).count() == 2
    assert Curriculum.objects.of_grade(year, 7).get() == plan
    assert not Curriculum.objects.of_grade(year, 3).exists()


# The grid


def test_the_grid_is_saved_at_once_and_says_what_is_over(enter):
    physics = make_subject("Физика", area="Естественно-научные предметы")
    plan = make_curriculum(hours={"Алгебра": dict.fromkeys(GRADES, 20), "Химия": {9: 1}})
    algebra, chemistry = (plan.rows.get(subject__name=name).pk for name in ("Алгебра", "Химия"))
    data = grid(plan, **{f"row-{algebra}-7": "30,5", f"row-{chemistry}-gone": "on"})
    data |= {"new-0-subject": physics.pk, "new-0-7": "3", "new-1-part": "extra", "new-1-title": "=1+1", "new-1-5": "1"}
    client = enter("deputy")
    page = f"/curricula/{plan.pk}/change/"
    assert client.post(page, data)["Location"] == page
    rows = {row.name: {cell.grade: cell.hours for cell in row.hours.all()} for row in plan.rows.all()}
    twenty = dict.fromkeys(GRADES, Decimal(20))
    assert rows == {"Алгебра": twenty | {7: Decimal("30.5")}, "Физика": {7: Decimal(3)}, "=1+1": {5: Decimal(1)}}
    said = "7 класс: 33,5 ч в неделю, на 1,5 ч больше предела (32 ч)"
    assert said in client.get(page).content.decode()
    assert said in client.get(f"/curricula/{plan.pk}/").content.decode()
    changes = AuditEntry.objects.get(action="curriculum.filled").changes
    assert changes["Алгебра (обязательная часть), 7 класс"] == ["20", "30,5"]
    assert changes["Химия (обязательная часть), 9 класс"] == ["1", None]


WRONG = [
    ("row-{row}-7", "много", "Алгебра, 7 класс"),
    ("row-{row}-7", "1,3", "Алгебра, 7 класс"),
    ("row-{row}-7", "-1", "Алгебра, 7 класс"),
    ("row-{row}-9", "41", "Алгебра, 9 класс"),
    ("row-{row}-9", "1" * 40, "Алгебра, 9 класс"),
    ("weeks-5", "0", "Недель, 5 класс"),
    ("weeks-5", "", "Недель, 5 класс"),
    ("week", "7", "Учебная неделя"),
    ("new-0-7", "2", "Предмет, новая строка 1"),
    ("new-0-title", "Шахматы", "Курс внеурочной деятельности, новая строка 1"),
    ("new-0-subject", "{subject}", "Предмет, новая строка 1"),
    ("new-0-subject", "999999", "Предмет, новая строка 1"),
    ("new-0-part", "никакая", "Часть плана, новая строка 1"),
]


@pytest.mark.parametrize(("name", "value", "label"), WRONG)
def test_a_wrong_cell_is_named_and_nothing_is_saved(enter, name, value, label):
    plan = make_curriculum()
    row = plan.rows.get()
    keys = {"row": row.pk, "subject": row.subject_id}
    data = grid(plan, **{f"row-{row.pk}-5": "1"}) | {name.format(**keys): value.format(**keys)}
    answer = enter("deputy").post(f"/curricula/{plan.pk}/change/", data)
    assert (answer.status_code, [field.label for field in answer.context["form"].troubles()]) == (200, [label])
    assert CurriculumHours.objects.get(row=row, grade=5).hours == 20


def test_who_opened_the_page_before_another_saved_is_told(enter):
    plan = make_curriculum()
    row = plan.rows.get().pk
    stale = grid(plan, **{f"row-{row}-5": "1"})
    client = enter("deputy")
    client.post(f"/curricula/{plan.pk}/change/", grid(plan, **{f"row-{row}-6": "2"}))
    answer = client.post(f"/curricula/{plan.pk}/change/", stale)
    assert "сохранили другие правки" in answer.content.decode()
    assert [cell.hours for cell in CurriculumHours.objects.filter(row=row)] == [20, 2, 20, 20, 20]
    with pytest.raises(year_plans.StalePlan):
        actions.set_attestation(plan, {}, version=1, by=COMMAND)


def test_forms_of_attestation_fill_empty_cells(enter):
    plan = make_curriculum()
    row = plan.rows.get().pk
    data = {"version": 1, "usual": "контрольная работа", f"row-{row}-7": "зачёт"}
    enter("deputy").post(f"/curricula/{plan.pk}/attestation/", data)
    found = dict(CurriculumHours.objects.filter(row=row).values_list("grade", "attestation"))
    assert found == {**dict.fromkeys(GRADES, "контрольная работа"), 7: "зачёт"}


# Approval


@pytest.mark.clause("6.2")
def test_over_the_limit_is_refused_with_the_grade_and_the_hours(enter):
    plan = make_curriculum(hours={"Алгебра": {5: 29, 6: 30, 7: 34, 8: 33, 9: 33}})
    answer = enter("deputy").post(f"/curricula/{plan.pk}/approve/", {"order": order().pk})
    said = "7 класс: 34 ч в неделю, на 2 ч больше предела (32 ч)"
    assert said in answer.content.decode()
    with pytest.raises(ValidationError, match="на 2 ч больше предела"):
        actions.approve_curriculum(plan, order=order(number="78"), by=COMMAND)
    assert Curriculum.objects.get().is_draft
    Curriculum.objects.update(week=6)
    assert actions.approve_curriculum(plan, order=order(number="79"), by=COMMAND).is_approved


@pytest.mark.clause("6.2")
def test_a_guest_sees_a_plan_once_it_is_approved_and_the_former_is_replaced(enter):
    former, plan = make_curriculum(approved=True), make_curriculum(title="Тайный")
    page = f"/curricula/{plan.pk}/"
    places = (page, f"{page}export/")
    assert [enter("guest").get(one).status_code for one in places] == [404, 404]
    assert "Тайный" not in enter("guest").get(LIST).content.decode()
    assert [enter("teacher").get(one).status_code for one in places] == [404, 404]
    assert "Тайный" in enter("deputy").get(LIST).content.decode()
    client = enter("deputy")
    assert client.post(f"{page}approve/", {"order": order().pk})["Location"] == page
    assert "Тайный" in enter("guest").get(LIST).content.decode()
    answers = [enter("guest").get(one) for one in (page, f"/curricula/{former.pk}/")]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert "Приказ № 77-о" in answers[0].content.decode()
    former.refresh_from_db()
    assert former.state == "replaced"
    done = AuditEntry.objects.filter(action__startswith="curriculum.").order_by("pk").values_list("action", flat=True)
    assert list(done) == ["curriculum.replaced", "curriculum.approved"]


@pytest.mark.parametrize("wrong", [{"state": "signed"}, {"kind": "hire", "register": "personnel"}])
def test_only_an_executed_order_on_the_main_activity_approves(enter, wrong):
    plan, ground = make_curriculum(), order(**wrong)
    answer = enter("deputy").post(f"/curricula/{plan.pk}/approve/", {"order": ground.pk})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    with pytest.raises(ValidationError, match="исполненный приказ"):
        actions.approve_curriculum(plan, order=ground, by=COMMAND)


def test_an_approved_plan_changes_no_more(enter):
    plan = make_curriculum(approved=True)
    client = enter("deputy")
    for verb in ("change", "attestation", "approve", "delete"):
        answer = client.post(f"/curricula/{plan.pk}/{verb}/", {"order": order(number=verb).pk})
        assert (verb, answer["Location"]) == (verb, f"/curricula/{plan.pk}/")
    filling = curricula.Filling("", 5, {}, {})
    with pytest.raises(ValidationError, match="не меняется"):
        actions.fill_curriculum(plan, filling, version=1, by=COMMAND)
    with pytest.raises(ValidationError, match="не меняется"):
        year_plans.delete_draft(plan, by=COMMAND)
    assert Curriculum.objects.get().version == 1


def test_the_database_holds_one_approved_plan_of_a_year_and_level():
    make_curriculum(approved=True)
    for fields in ({"state": "approved", "order": order()}, {"state": "approved"}, {"week": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Curriculum.objects.create(year=make_year(), level="basic", **fields)


# Copies and drafts


def test_a_copy_for_the_next_year_has_every_row_as_a_draft(enter):
    plan = make_curriculum(hours={"Алгебра": {7: 3}, "Химия": {8: 2, 9: Decimal("1.5")}}, approved=True)
    CurriculumHours.objects.update(attestation="зачёт")
    client = enter("deputy")
    answer = client.post(f"/curricula/{plan.pk}/copy/", {"year": "next"})
    assert (answer.status_code, Curriculum.objects.count()) == (200, 1)
    later = make_year(starts=plan.year.ends + datetime.timedelta(days=1))
    answer = client.post(f"/curricula/{plan.pk}/copy/", {"year": later.pk})
    copy = Curriculum.objects.exclude(pk=plan.pk).get()
    assert answer["Location"] == f"/curricula/{copy.pk}/change/"
    assert (copy.year.starts, copy.is_draft, copy.order) == (plan.year.ends + datetime.timedelta(days=1), True, None)
    cells = [
        sorted(CurriculumHours.objects.filter(row__curriculum=one).values_list(
            "row__subject__name", "row__part", "grade", "hours", "attestation")) for one in (plan, copy)
    ]  # fmt: skip
    assert (len(cells[0]), cells[1]) == (3, cells[0])
    assert list(copy.weeks.values_list("grade", "weeks")) == list(plan.weeks.values_list("grade", "weeks"))
    client.post(f"/curricula/{plan.pk}/copy/", {"year": plan.year_id})
    assert (Curriculum.objects.filter(year=plan.year, state="draft").count(), AcademicYear.objects.count()) == (1, 2)
    assert client.post(f"/curricula/{plan.pk}/copy/", {"year": "999999"}).status_code == 200


def test_a_draft_is_begun_and_thrown_away(enter):
    load_subjects(by=COMMAND)
    client = enter("deputy")
    fields = {"year": make_year().pk, "level": "basic", "week": 5}
    for begin, rows in (("federal", 20), ("empty", 0)):
        answer = client.post("/curricula/add/", {**fields, "begin": begin})
        plan = Curriculum.objects.latest("pk")
        assert (answer["Location"], plan.rows.count()) == (f"/curricula/{plan.pk}/change/", rows)
    old = make_year(starts=datetime.date(2018, 10, 1))
    answer = client.post("/curricula/add/", {**fields, "year": old.pk, "begin": "federal"})
    assert "начните с пустого плана" in answer.content.decode()
    assert client.post(f"/curricula/{plan.pk}/delete/")["Location"] == LIST
    assert Curriculum.objects.count() == 1


def test_only_editors_write(enter, people):
    plan = make_curriculum(approved=True)
    pages = ["/curricula/add/", *(f"/curricula/{plan.pk}/{verb}/" for verb in ("change", "copy", "approve", "delete"))]
    for name in ("teacher", "pupil", "director"):
        assert [enter(name).post(page).status_code for page in pages] == [403] * 5
        assert f"/curricula/{plan.pk}/copy/" not in enter(name).get(f"/curricula/{plan.pk}/").content.decode()
    assert Curriculum.objects.count() == 1


# Pages and files


def test_queries_do_not_grow_with_the_plan(enter, django_assert_max_num_queries):
    def count(page: str) -> int:
        with django_assert_max_num_queries(40) as found:
            client.get(page)
        return len(found)

    small = make_curriculum(hours={"Алгебра": {7: 1}})
    large = make_curriculum(hours={f"Предмет {number}": dict.fromkeys(GRADES, 1) for number in range(30)})
    client = enter("deputy")
    client.get(LIST)
    for page in ("", "change/", "attestation/", "export/"):
        counts = {count(f"/curricula/{plan.pk}/{page}") for plan in (small, large)}
        assert (page, len(counts)) == (page, 1)
    few = count(LIST)
    for number in range(30):
        make_curriculum(title=f"Вариант {number}", hours={"Алгебра": {7: 1}})
    assert count(LIST) == few


@pytest.mark.clause("12.1")
def test_xlsx_has_the_whole_plan_with_its_source_and_no_formulas(enter):
    plan = make_curriculum(hours={"=Алгебра": {7: 3, 8: Decimal("2.5")}}, approved=True)
    CurriculumHours.objects.filter(grade=8).update(attestation="+зачёт")
    answer = enter("guest").get(f"/curricula/{plan.pk}/export/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Учебный план", "Промежуточная аттестация"]
    rows = [[cell.value for cell in row] for row in book["Учебный план"]]
    assert rows[0][0].startswith("Учебный план: Основное общее образование")
    assert "Утверждён: Приказ № 29-о" in rows[0][0]
    assert rows[1][0].startswith("Источник: ")
    line = next(row for row in rows if row[1] == "=Алгебра")
    assert line[2:] == ["", "", 3, 2.5, "", 5.5]
    assert next(row for row in rows if row[1] == "Всего часов в неделю")[4:6] == [3, 2.5]
    assert next(row for row in rows if row[1] == "Предельная нагрузка в неделю")[2:7] == [29, 30, 32, 33, 33]
    assert next(row for row in rows if row[1] == "Часов в год")[4:6] == [102, 85]
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert [cell.data_type for cell in cells if cell.data_type == "f"] == []
    assert "+зачёт" in [cell.value for cell in cells]


def test_the_current_year_stands_first(enter):
    now = make_year()
    following = AcademicYear.objects.create(
        starts=now.ends + datetime.timedelta(days=1), ends=now.ends + datetime.timedelta(days=365)
    )
    past = make_year(starts=datetime.date(2020, 10, 1))
    for year in (past, following, now):
        make_curriculum(year=year, approved=True)
    assert [group.year for group in enter("guest").get(LIST).context["years"]] == [now, following, past]
