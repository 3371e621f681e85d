"""Who sees and does what in attestation: results, debts, state exams; files of exams; what waits for people (1.3 b)."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import User
from eios.lib.dates import today
from journal.actions import attestation as actions
from journal.actions import debts as debt_actions
from journal.attestation import debts
from journal.models import AcademicDebt, AssessmentResult, Retake, StateExam, Subgroup
from resources.actions.registry import load_registry
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.attesting import make_assessment, make_debt, make_exam, make_retake
from tests.journal.factories import make_gradebook, make_load

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]
BY = Actor.command("проверка")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def people(school) -> dict[str, User]:
    """A class with a pupil in debt, their family and teachers; and others who have nothing to do with it."""
    load_registry(by=BY)
    school(parents_have_cabinets=True)
    eight, other = make_class(grade=8), make_class(grade=8, letter="Б")
    book = make_gradebook(school_class=eight, subject=make_subject("Химия"))
    teacher, stranger = make_employee(surname="Соловьёва"), make_employee(surname="Зайцева")
    make_load(teacher, book)
    make_load(stranger, make_gradebook(school_class=eight, subject=make_subject("Музыка")))
    pupil = make_pupil(school_class=eight, surname="Долгов")
    mate = make_pupil(school_class=eight, surname="Соседов")
    return {
        "pupil": pupil, "mate": mate, "parent": make_parent(child=pupil),
        "other_parent": make_parent(child=make_pupil(school_class=other)),
        "teacher": teacher, "stranger": stranger,
        "leader": make_employee(position="class_teacher", school_class=eight),
        "other_leader": make_employee(position="class_teacher", school_class=other),
        "deputy": make_employee(position="deputy"), "admin": make_employee(position="system_administrator"),
    }  # fmt: skip


@pytest.fixture
def debt(people) -> AcademicDebt:
    book = make_gradebook(school_class=make_class(grade=8), subject=make_subject("Физика"))
    make_load(people["teacher"], book)
    return make_debt(book, people["pupil"], opened_on=today() - 30 * DAY)


@pytest.fixture
def ask(client, people):
    """ask("teacher", "/journal/…") → status; with data, of a POST."""

    def go(name: str, address: str, data: dict | None = None):
        sign_in(client, User.objects.get(pk=people[name].pk))
        return client.get(address) if data is None else client.post(address, data)

    return go


def statuses(ask, names, address: str, data: dict | None = None) -> dict[str, int]:
    return {name: ask(name, address, data).status_code for name in names}


# Rows


def test_who_sees_results_and_debts(people, ask, debt):
    retake = make_retake(debt, date=today() - DAY)
    page = f"/journal/attestation/{debt.gradebook.interim_assessment.pk}/"
    result = f"/journal/debts/{debt.pk}/retakes/1/result/"
    staff = ("teacher", "leader", "deputy")
    others = ("stranger", "other_leader")
    assert statuses(ask, staff, page) == dict.fromkeys(staff, 200)
    assert statuses(ask, others, page) == dict.fromkeys(others, 404)
    assert statuses(ask, ("pupil", "parent"), page) == {"pupil": 403, "parent": 403}
    assert ask("admin", page).status_code == 404

    board = f"/journal/debts/{debt.pk}/"
    for name, sees in {
        "pupil": True, "parent": True, "teacher": True, "leader": True, "deputy": True,
        "mate": False, "other_parent": False, "stranger": False, "other_leader": False, "admin": False,
    }.items():  # fmt: skip
        assert ask(name, board).status_code == (200 if sees else 404), name
        assert ("Долгов" in ask(name, "/journal/debts/").content.decode().split("<main")[1]) is sees, name

    code = {"code": "5"}
    refused = ("leader", "stranger", "other_leader", "admin")
    assert statuses(ask, refused, result, code) == dict.fromkeys(refused, 404)
    assert ask("pupil", result, code).status_code == 403
    assert ask("teacher", f"/journal/debts/{debt.pk}/retakes/add/", {"date": today()}).status_code == 404
    assert ask("leader", page, {f"result_{people['pupil'].pk}": "5"}).status_code == 404
    retake.refresh_from_db()
    assert (retake.is_entered, AssessmentResult.objects.get().value) == (False, "2")
    assert ask("teacher", result, {"code": "4"}).status_code == 302
    debt.refresh_from_db()
    assert debt.cleared_on == today() - DAY


def test_only_the_deputy_head_lays_the_schedule(people, ask, debt):
    row = debt.gradebook.interim_assessment
    for address in (
        f"/journal/attestation/classes/{debt.gradebook.school_class_id}/make/",
        f"/journal/attestation/classes/{debt.gradebook.school_class_id}/days/",
        f"/journal/attestation/{row.pk}/change/",
        f"/journal/attestation/{row.pk}/delete/",
        f"/journal/debts/{debt.pk}/retakes/add/",
        "/journal/councils/add/",
        "/journal/exams/import/",
    ):
        assert statuses(ask, ("teacher", "leader", "admin"), address, {}) == {
            "teacher": 404, "leader": 404, "admin": 404
        }, address  # fmt: skip
    answer = ask("deputy", f"/journal/attestation/{row.pk}/delete/", {})
    assert (answer.status_code, row.results.count()) == (302, 1)


def test_a_family_sees_its_own_and_a_class_nobody_elses_results(people, ask, debt):
    make_assessment(make_gradebook(school_class=make_class(grade=8), subject=make_subject("Биология")))
    make_exam(people["pupil"], subject=make_subject("География"), mark=5, score=31)
    for name, sees in {"pupil": True, "parent": True, "mate": False, "other_parent": False, "teacher": False}.items():
        page = ask(name, "/journal/attestation/mine/").content.decode()
        assert ("География" in page, "31" in page and "Долгов" in page) == (sees, sees), name
    assert "Биология" in ask("mate", "/journal/attestation/mine/").content.decode()


def test_a_subgroup_is_attested_by_itself(people, ask):
    eight = make_class(grade=8)
    groups = {}
    for name, member in (("1-я группа", people["pupil"]), ("2-я группа", people["mate"])):
        group = Subgroup.objects.create(school_class=eight, subject=make_subject("Английский язык"), name=name)
        group.members.create(pupil=member, starts=eight.year.starts)
        book = make_gradebook(school_class=eight, subject=group.subject, subgroup=group)
        make_load(people["teacher"], book)
        groups[name] = make_assessment(book, form=f"тест: {name}")
    first = groups["1-я группа"]
    page = ask("teacher", f"/journal/attestation/{first.pk}/")
    assert [row.pupil for row, _, _ in page.context["rows"]] == [people["pupil"]]
    line, *_ = ask("teacher", f"/journal/attestation/classes/{eight.pk}/").context["lines"]
    assert (line.entered, line.pupils) == (0, 1)
    mine = ask("parent", "/journal/attestation/mine/").content.decode()
    assert ("тест: 1-я группа" in mine, "тест: 2-я группа" in mine) == (True, False)


# Rules


def test_results_wait_for_the_day_and_a_stale_page_is_refused(people):
    book = make_gradebook(school_class=make_class(grade=8), subject=make_subject("История"))
    row = make_assessment(book, date=today() + DAY)
    key = people["pupil"].pk
    with pytest.raises(ValidationError, match="в день аттестации или позже"):
        actions.enter_results(row, {key: "5"}, seen=actions.mark_of([]), by=BY)
    row.date = today()
    row.save()
    assert actions.enter_results(row, {key: "нзч"}, seen=actions.mark_of([]), by=BY) == 1
    with pytest.raises(ValidationError, match="результаты изменились"):
        actions.enter_results(row, {key: "5"}, seen=actions.mark_of([]), by=BY)
    assert [(one.pupil_id, one.value) for one in AssessmentResult.objects.all()] == [(key, "нзч")]
    with pytest.raises(ValidationError, match="день не меняется"):
        actions.set_days(book.school_class, {row.pk: ("тест", today() - DAY)}, by=BY)


def test_of_two_retakes_only_the_last_is_mended(debt, people):
    first = make_retake(debt, number=1, value="2")
    second = make_retake(debt, number=2, date=today() - DAY)
    with pytest.raises(ValidationError, match="назначена другая"):
        debt_actions.enter_retake(first, "5", by=BY)
    debt_actions.enter_retake(second, "3", by=BY)
    assert not AcademicDebt.objects.get().is_open
    debt_actions.enter_retake(Retake.objects.get(number=2), "missed", by=BY)
    debt = AcademicDebt.objects.get()
    assert (debt.is_open, debt.is_exhausted) == (True, True)
    with pytest.raises(ValidationError, match="Результат уже внесён"):
        debt_actions.cancel_retake(second, by=BY)


def test_a_debt_of_last_year_goes_before_people(debt, people):
    """Within its year it moves on conditionally; later the parents choose."""

    def proposed() -> str:
        return debts.proposals([people["pupil"].school_class_now], today())[people["pupil"].pk][0]

    assert proposed() == "conditional"
    AcademicDebt.objects.update(opened_on=today() - 400 * DAY)
    assert proposed() == "undecided"


def test_what_waits_for_the_teacher_and_the_deputy_head(people, debt):
    def waits(name: str) -> set[str]:
        found = waiting_for(User.objects.get(pk=people[name].pk), today())
        return {one.text for one in found if "результат" in one.text}

    assert waits("teacher") == set()
    make_retake(debt, date=today())
    empty = make_gradebook(school_class=make_class(grade=8), subject=make_subject("География"))
    make_load(people["teacher"], empty)
    make_assessment(empty)
    retakes = "Внесите результаты: 1 пересдача"
    assert waits("teacher") == {retakes, "Внесите результаты промежуточной аттестации: 1 предмет"}
    assert (waits("deputy"), waits("stranger"), waits("pupil")) == ({retakes}, set(), set())


# State exams


def book_of(*rows) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in (("ФИО", "Класс", "Предмет", "Дата", "Первичный балл", "Отметка"), *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "ОГЭ.xlsx"
    return stream


@pytest.fixture
def nine(people):
    nine = make_class(grade=9)
    algebra = make_subject("Алгебра")
    pupils = [make_pupil(school_class=nine, surname=name, name="Юрий") for name in ("Абрамов", "Яшин")]
    people["nine_leader"] = make_employee(position="class_teacher", school_class=nine)
    return nine, pupils, algebra


def exam_rows() -> list[tuple]:
    rows = StateExam.objects.order_by("pupil__sort_name")
    return [(one.pupil.surname, one.date, one.score, one.mark, one.is_retake) for one in rows]


def test_exams_are_typed_by_class_and_seen_by_its_leader(people, ask, nine):
    school_class, pupils, algebra = nine
    day = datetime.date(school_class.year.ends.year, 6, 3)
    address = f"/journal/exams/classes/{school_class.pk}/enter/?subject={algebra.pk}&date={day}"
    form = ask("deputy", address).context["form"]
    data = {"seen": form["seen"].value()}
    data |= {f"score_{pupils[0].pk}": "31", f"mark_{pupils[0].pk}": "5", f"mark_{pupils[1].pk}": ""}
    data |= {f"score_{pupils[1].pk}": ""}
    assert ask("deputy", address, data | {f"mark_{pupils[0].pk}": ""}).context["form"].errors
    assert ask("deputy", address, data).status_code == 302
    assert exam_rows() == [("Абрамов", day, 31, 5, False)]
    assert "изменились" in str(ask("deputy", address, data).context["form"].errors)
    page = f"/journal/exams/classes/{school_class.pk}/"
    assert statuses(ask, ("nine_leader", "leader", "teacher", "admin"), page) == {
        "nine_leader": 200, "leader": 404, "teacher": 404, "admin": 404
    }  # fmt: skip
    assert ask("nine_leader", address, data).status_code == 404
    assert ask("deputy", f"/journal/exams/classes/{make_class(grade=8).pk}/").status_code == 404


def test_a_file_of_exams_is_shown_then_written_and_again_changes_nothing(people, ask, nine):
    school_class, pupils, _ = nine
    year = school_class.year.ends.year
    good = [(str(one), "9А", "алгебра", f"03.06.{year}", score, mark)
            for one, score, mark in zip(pupils, (20, None), (4, "2"), strict=True)]  # fmt: skip
    odd = (str(pupils[0]), "9А", "Алхимия", f"03.06.{year}", 20, 4)
    bad = [odd, ("Никто Никтошин", "", "Алгебра", "", 1, 1)]
    shown = ask("deputy", "/journal/exams/import/", {"file": book_of(*good, *bad)})
    assert [line.outcome for line in shown.context["plan"].lines] == ["новый", "новый", "ошибка", "ошибка"]
    assert "такого предмета в списке школы нет" in shown.content.decode()
    sealed = shown.context["confirm"]["rows"].value()
    ask("deputy", "/journal/exams/import/confirm/", {"rows": sealed})
    ask("deputy", "/journal/exams/import/confirm/", {"rows": "подделка"})
    assert exam_rows() == []

    shown = ask("deputy", "/journal/exams/import/", {"file": book_of(*good)})
    sealed = shown.context["confirm"]["rows"].value()
    assert ask("teacher", "/journal/exams/import/confirm/", {"rows": sealed}).status_code == 404
    ask("deputy", "/journal/exams/import/confirm/", {"rows": sealed})
    day = datetime.date(year, 6, 3)
    assert exam_rows() == [("Абрамов", day, 20, 4, False), ("Яшин", day, None, 2, False)]
    again = ask("deputy", "/journal/exams/import/", {"file": book_of(*good)})
    assert "Всё уже внесено" in again.content.decode()
    refused = ask("deputy", "/journal/exams/import/", {"file": io.BytesIO(b"PK\x03\x04 not a book")})
    assert refused.context["form"].errors
