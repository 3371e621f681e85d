"""Who lacks what to work with the environment: skills, valid documents, qualification (3.2, 5.11)."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts import lacks, staff
from accounts.actor import Actor
from accounts.lacks import Term, term_of
from accounts.models import QualificationRecord, SkillRecord, User
from resources.actions.registry import load_registry
from tests.factories import LONG_AGO, make_employee, make_position, make_pupil, make_skill, make_training, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
PAGE, EXPORT = "/staff/lacks/", "/staff/lacks/export/"
NONE = {"q": "", "kind": "", "position": "", "skill": ""}


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


def of(person: User, date=TODAY) -> list[tuple[str, bool]]:
    return [(lack.text, lack.is_soon) for lack in lacks.of_one(person, date)]


def has(person: User, skill) -> SkillRecord:
    return SkillRecord.objects.create(person=person, skill=skill, confirmed_on=LONG_AGO, how="тест")


def qualify(person: User, **fields) -> QualificationRecord:
    fields = {"education": "specialist", "speciality": "Физика", "document": "Диплом", **fields}
    return QualificationRecord.objects.create(person=person, **fields)


@pytest.mark.clause("5.11")
def test_skills_asked_of_all_and_of_positions():
    everybody = make_skill(name="Базовые навыки", required_of_all=True)
    make_skill(name="Журнал", positions=["teacher"], order=200)
    make_skill(name="Никого не касается")
    teacher, clerk = make_employee(), make_employee(position="clerk")
    assert of(teacher) == [("Нет навыка: Базовые навыки", False), ("Нет навыка: Журнал", False)]
    assert of(clerk) == [("Нет навыка: Базовые навыки", False)]
    has(clerk, everybody)
    assert of(clerk) == []


def test_a_duty_that_has_ended_asks_nothing():
    make_skill(name="Журнал", positions=["teacher"])
    assert of(make_employee(ends=TODAY - DAY)) == []
    assert of(make_employee(ends=TODAY)) == [("Нет навыка: Журнал", False)]


@pytest.mark.parametrize(
    ("days", "term"),
    [(None, Term.ENDLESS), (-1, Term.EXPIRED), (0, Term.SOON), (60, Term.SOON), (61, Term.VALID)],
)
def test_terms_of_documents(days, term):
    assert term_of(None if days is None else TODAY + days * DAY, TODAY) is term


@pytest.mark.clause("5.11")
def test_a_document_expires_by_the_date_alone():
    person = make_employee()
    make_training(person=person, confirmed_by=make_employee(), title="Курс", valid_until=TODAY + 100 * DAY)
    until = f"{TODAY + 100 * DAY:%d.%m.%Y}"
    assert of(person) == []
    assert of(person, TODAY + 40 * DAY) == [(f"Обучение истекает {until}: Курс", True)]
    assert of(person, TODAY + 100 * DAY) == [(f"Обучение истекает {until}: Курс", True)]
    assert of(person, TODAY + 101 * DAY) == [(f"Обучение истекло {until}: Курс", False)]


def test_a_course_taken_again_makes_up_for_the_old_one():
    person, boss = make_employee(), make_employee(position="deputy")
    make_training(person=person, confirmed_by=boss, title="Ёлочный курс", valid_until=TODAY - DAY)
    make_training(person=person, title="ёлочный курс", valid_until=TODAY + 900 * DAY, document_number="7")
    assert len(of(person)) == 1
    make_training(
        person=person, confirmed_by=boss, title="Елочный курс", valid_until=TODAY + 900 * DAY, document_date=TODAY
    )
    assert of(person) == []


@pytest.mark.clause("5.11")
def test_those_who_run_the_environment_need_a_qualification_on_record():
    admin, teacher = make_employee(position="system_administrator"), make_employee()
    assert of(admin) == [("Не внесена квалификация того, кто обслуживает ЭИОС", False)]
    assert of(teacher) == []
    record = qualify(admin)
    assert of(admin) == []
    record.valid_until = TODAY - DAY
    record.save()
    assert of(User.objects.get(pk=admin.pk)) == [(f"Категория истекла {TODAY - DAY:%d.%m.%Y}", False)]


@pytest.fixture
def school_of_three():
    """A deputy who looks, a teacher without a skill, a librarian without a qualification."""
    make_skill(name="Журнал", positions=["teacher"])
    make_employee(surname="Агеева", phone="+7 000 111-22-33")
    make_employee(position="librarian", surname="Яшина")
    return make_employee(position="deputy", surname="Белая")


def names(answer) -> list[str]:
    return [row.person.surname for row in answer.context["page"]]


@pytest.mark.clause("3.2")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Агеева", "Яшина"]),
        ("?kind=skill", ["Агеева"]),
        ("?kind=qualification", ["Яшина"]),
        ("?kind=training", []),
        ("?kind=soon", []),
        ("?kind=zzz", ["Агеева", "Яшина"]),
        ("?q=ЯШИНА", ["Яшина"]),
        ("?position={librarian}", ["Яшина"]),
        ("?skill={skill}", ["Агеева"]),
        ("?skill=999999", ["Агеева", "Яшина"]),
    ],
)
def test_filters_stand_in_the_address(client, school_of_three, query, expected):
    sign_in(client, school_of_three)
    keys = {"librarian": make_position("librarian").pk, "skill": make_position().skills.get().pk}
    assert names(client.get(PAGE + query.format(**keys))) == expected


def test_a_teacher_is_told_only_the_own(client, school_of_three):
    teacher = User.objects.get(surname="Агеева")
    sign_in(client, teacher)
    for page in (PAGE, PAGE + "?q=Яшина"):
        answer = client.get(page)
        assert "Яшина Анна" not in answer.content.decode()
    assert names(client.get(PAGE)) == ["Агеева"]
    rows = list(load_workbook(io.BytesIO(client.get(EXPORT).content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[4:]] == ["Агеева Анна Сергеевна"]


def test_the_informatics_teacher_sees_everybody(client, school_of_three):
    sign_in(client, make_employee(position="informatics_support", surname="Гончаров"))
    assert names(client.get(PAGE)) == ["Агеева", "Гончаров", "Яшина"]


def test_pupils_and_guests_are_refused(client, school_of_three):
    for page in (PAGE, EXPORT):
        assert client.get(page).status_code == 302
    sign_in(client, make_pupil())
    for page in (PAGE, EXPORT):
        answer = client.get(page)
        assert (answer.status_code, "Агеева" in answer.content.decode()) == (403, False)


def test_the_list_as_a_workbook(client, school_of_three):
    sign_in(client, school_of_three)
    rows = list(
        load_workbook(io.BytesIO(client.get(EXPORT + "?kind=skill").content)).active.iter_rows(values_only=True)
    )
    assert rows[3:] == [
        ("Фамилия, имя, отчество", "Должность", "Чего не хватает", "Срочность"),
        ("Агеева Анна Сергеевна", "teacher", "Нет навыка: Журнал", "сейчас"),
    ]


def fill(number: int) -> None:
    boss = make_employee(position="deputy")
    for n in range(number):
        person = make_employee(position="librarian" if n % 2 else "teacher")
        make_training(person=person, confirmed_by=boss, valid_until=TODAY - DAY)
        make_training(person=person)
        has(person, make_skill(name=f"Навык {User.objects.count()} {n}", positions=["teacher", "librarian"]))
        if n % 3:
            qualify(person, valid_until=TODAY)


@pytest.mark.parametrize("page", [PAGE, PAGE + "?whole=on", EXPORT, "/staff/", "/staff/training/"])
def test_queries_do_not_grow_with_rows(client, school_of_three, page):
    sign_in(client, school_of_three)
    fill(1)
    few = queries(client, page)
    fill(30)
    assert queries(client, page) == few
    assert few <= 14


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_listing_takes_six_queries(school_of_three, django_assert_num_queries):
    fill(3)
    with django_assert_num_queries(6):
        lacks.chosen(lacks.listed(staff.employed(TODAY), TODAY), NONE)
