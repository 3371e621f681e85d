"""Staff: the list by positions, the page of one, skills and qualification (4.3, 5.11)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import staff_records as actions
from accounts.actor import Actor
from accounts.models import Appointment, AuditEntry, Position, QualificationRecord, Skill, SkillRecord, User
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_employee,
    make_method_group,
    make_position,
    make_pupil,
    make_skill,
    make_training,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def deputy():
    return make_employee(position="deputy", surname="Белая")


@pytest.fixture
def teacher():
    return make_employee(surname="Агеева", phone="+7 000 111-22-33", email="ageeva@example.org")


def by(person: User) -> Actor:
    return Actor(person, None, person.username)


def page_of(person: User, part: str = "") -> str:
    return f"/staff/{person.pk}/{part}"


# The list


@pytest.mark.clause("4.3")
def test_the_list_goes_by_category_and_position(client, teacher):
    Position.objects.create(code="director", name="директор", category="administrative", level=4)
    make_employee(position="director", surname="Наумова")
    make_employee(position="class_teacher", school_class=make_class(grade=5), surname="Орлова")
    Position.objects.filter(code="class_teacher").update(category="duty")
    sign_in(client, teacher)
    answer = client.get("/staff/")
    found = [
        (group.title, position.code, row.person.surname)
        for group in answer.context["groups"]
        for position, rows in group.positions
        for row in rows
    ]
    assert found == [
        ("административно-управленческий персонал", "director", "Наумова"),
        ("педагогические работники", "teacher", "Агеева"),
        ("поручение по приказу", "class_teacher", "Орлова"),
    ]
    assert "5\xa0«А»" in answer.content.decode()


def surnames(answer) -> list[str]:
    return [row.person.surname for row in answer.context["page"]]


def test_only_appointments_in_force_are_listed(client, teacher):
    make_employee(surname="Бывшая", ends=TODAY - DAY)
    make_employee(surname="Будущая", starts=TODAY + DAY)
    make_employee(surname="Последняя", ends=TODAY)
    sign_in(client, teacher)
    assert surnames(client.get("/staff/")) == ["Агеева", "Последняя"]


def test_one_who_stands_in_is_marked(client, teacher):
    make_employee(position="director", surname="Белая", is_acting=True)
    sign_in(client, teacher)
    assert "исполняет обязанности" in client.get("/staff/").content.decode()


def test_filters_of_the_list_stand_in_the_address(client, teacher, deputy):
    group = make_method_group()
    Appointment.objects.filter(person=teacher).update(method_group=group)
    sign_in(client, teacher)
    expected = {
        "?q=АГЕЕВА": ["Агеева"],
        f"?position={make_position('deputy').pk}": ["Белая"],
        f"?method_group={group.pk}": ["Агеева"],
        "?q=Никто": [],
        "?position=zzz": ["Белая", "Агеева"],
    }
    found = {query: sorted(surnames(client.get(f"/staff/{query}"))) for query in expected}
    assert found == {query: sorted(names) for query, names in expected.items()}


def test_pupils_and_guests_are_refused(client, teacher):
    pages = ["/staff/", page_of(teacher), "/staff/training/", page_of(teacher, "training/add/")]
    assert [client.get(page).status_code for page in pages] == [302] * 4
    sign_in(client, make_pupil())
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, "Агеева" in answer.content.decode()) == (403, False)


# The page of one


def test_positions_stand_with_their_grounds(client, deputy, teacher):
    Appointment.objects.filter(person=teacher).update(basis="Приказ № 7-л")
    Appointment.objects.create(
        person=teacher, position=make_position("clerk"), starts=LONG_AGO, ends=TODAY - DAY, basis="Приказ № 1-л"
    )
    sign_in(client, deputy)
    career = client.get(page_of(teacher)).context["career"]
    assert {when: [row.basis for row in rows] for when, rows in career.items()} == {
        "now": ["Приказ № 7-л"], "later": [], "past": ["Приказ № 1-л"],
    }  # fmt: skip


def test_contacts_and_documents_are_for_those_concerned(client, deputy, teacher):
    make_training(person=teacher, confirmed_by=deputy, title="Курс", document_number="Н-777")
    make_training(person=teacher, title="Неподтверждённый")
    colleague = make_employee()
    support = make_employee(position="informatics_support")
    seen = {}
    for viewer in (colleague, support, deputy, teacher):
        sign_in(client, viewer)
        html = client.get(page_of(teacher)).content.decode()
        seen[viewer] = ["Курс" in html, "Н-777" in html, "Неподтверждённый" in html, teacher.phone in html]
    assert list(seen.values()) == [
        [True, False, False, False],
        [True, True, True, False],
        [True, True, True, True],
        [True, True, True, True],
    ]


def test_the_page_of_one_who_has_left_is_for_the_management(client, deputy, teacher):
    former = make_employee(surname="Бывшая", ends=TODAY - DAY)
    sign_in(client, teacher)
    answer = client.get(page_of(former))
    assert (answer.status_code, "Бывшая" in answer.content.decode()) == (404, False)
    sign_in(client, deputy)
    assert "Сейчас в школе не работает" in client.get(page_of(former)).content.decode()


def test_a_pupil_has_no_staff_page(client, deputy):
    pupil = make_pupil(surname="Ёлкина")
    sign_in(client, deputy)
    assert client.get(page_of(pupil)).status_code == 404


# Skills


@pytest.mark.clause("5.11")
def test_the_management_confirms_skills(client, deputy, teacher):
    skill = make_skill()
    sign_in(client, deputy)
    values = {"skills": [skill.pk], "confirmed_on": TODAY.isoformat(), "how": "тест"}
    assert client.post(page_of(teacher, "skills/"), values).status_code == 302
    record = SkillRecord.objects.get()
    assert (record.person, record.skill, record.confirmed_by) == (teacher, skill, deputy)
    assert AuditEntry.objects.of(record).get().action == "skill_record.added"
    assert "Электронный журнал" in client.get(page_of(teacher)).content.decode()


@pytest.mark.parametrize("part", ["skills/", "qualification/"])
def test_nobody_writes_about_oneself_and_teachers_about_nobody(client, deputy, teacher, part):
    make_skill()
    for viewer, about in ((teacher, deputy), (teacher, teacher), (deputy, deputy)):
        sign_in(client, viewer)
        assert [client.get(page_of(about, part)).status_code, client.post(page_of(about, part)).status_code] == [
            404,
            404,
        ]
    assert (SkillRecord.objects.count(), QualificationRecord.objects.count()) == (0, 0)


def test_a_skill_is_confirmed_to_several_at_once(client, deputy, teacher):
    skill = make_skill(positions=["teacher"])
    other, clerk = make_employee(surname="Вольная"), make_employee(position="clerk", surname="Писарева")
    page = f"/staff/skills/{skill.pk}/"
    sign_in(client, deputy)
    html = client.get(page).content.decode()
    assert ["Агеева" in html, "Вольная" in html, "Писарева" in html] == [True, True, False]
    values = {"people": [teacher.pk, other.pk], "confirmed_on": TODAY.isoformat(), "how": "семинар"}
    client.post(page, values)
    client.post(page, values)
    client.post(page, {**values, "people": [clerk.pk]})
    assert sorted(SkillRecord.objects.values_list("person", flat=True)) == sorted([teacher.pk, other.pk])
    sign_in(client, teacher)
    assert [client.get(page).status_code, client.post(page, values).status_code] == [404, 404]


def test_a_record_made_by_mistake_is_taken_away(client, deputy, teacher):
    record = SkillRecord.objects.create(person=teacher, skill=make_skill(), confirmed_on=TODAY, how="тест")
    page = f"/staff/skills/records/{record.pk}/remove/"
    sign_in(client, teacher)
    assert client.post(page).status_code == 404
    sign_in(client, deputy)
    assert client.get(page).status_code == 200
    client.post(page)
    assert SkillRecord.objects.count() == 0
    assert AuditEntry.objects.filter(action="skill_record.deleted").count() == 1


def test_skills_are_not_confirmed_for_days_to_come_nor_to_oneself(deputy, teacher):
    skill = make_skill()
    for people, day in (([teacher], TODAY + DAY), ([deputy], TODAY)):
        with pytest.raises(ValidationError):
            actions.confirm_skills(people, [skill], confirmed_on=day, how="тест", by=by(deputy))
    assert SkillRecord.objects.count() == 0


def test_the_usual_skills_are_loaded_once():
    make_position("teacher")
    first, again = (actions.load_skills(by=Actor.command("tests")) for _ in range(2))
    assert (first, again, Skill.objects.count()) == (8, 0, 8)
    journal = Skill.objects.get(name="Электронный журнал")
    assert [position.code for position in journal.required_of_positions.all()] == ["teacher"]


def test_the_desk_of_skills_keeps_the_positions(client):
    admin = make_employee(position="system_administrator", is_superuser=True)
    position = make_position("teacher")
    sign_in(client, admin)
    values = {"name": "Новый", "about": "", "required_of_positions": [position.pk], "order": 10}
    assert client.post("/admin/accounts/skill/add/", values).status_code == 302
    skill = Skill.objects.get(name="Новый")
    assert list(skill.required_of_positions.all()) == [position]
    trail = AuditEntry.objects.of(skill).get(action="skill.changed")
    assert trail.changes == {"positions": [[], ["teacher"]]}


def test_the_desk_shows_training_and_skills_of_a_person(client, teacher):
    admin = make_employee(position="system_administrator", is_superuser=True)
    make_training(person=teacher, confirmed_by=admin, title="Курс по НЭБ")
    SkillRecord.objects.create(person=teacher, skill=make_skill(), confirmed_on=TODAY, how="тест")
    sign_in(client, admin)
    html = client.get(f"/admin/accounts/user/{teacher.pk}/change/").content.decode()
    assert ("Курс по НЭБ" in html, "Электронный журнал" in html) == (True, True)


# Qualification


@pytest.mark.clause("5.11")
def test_qualification_is_recorded_and_corrected(client, deputy, teacher):
    sign_in(client, deputy)
    values = {"education": "specialist", "speciality": "Информатика", "document": "Диплом № 1", "category": "first"}
    page = page_of(teacher, "qualification/")
    client.post(page, values)
    client.post(page, {**values, "category": "highest"})
    record = QualificationRecord.objects.get()
    assert (record.person, record.category, record.recorded_by) == (teacher, "highest", deputy)
    entries = AuditEntry.objects.of(record).order_by("pk")
    assert [entry.action.split(".")[1] for entry in entries] == ["added", "changed"]
    assert (entries[0].changes["document"], entries[1].changes) == (None, {"category": ["first", "highest"]})
