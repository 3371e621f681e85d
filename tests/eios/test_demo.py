"""The demonstration school: believable, the same for the same seed, and never beside real people."""

import datetime
import io
from collections import Counter
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from accounts import lacks, staff
from accounts.actions import execution, orders
from accounts.actions import people as rules
from accounts.actor import Actor
from accounts.gate import next_step
from accounts.models import (
    AcademicYear,
    Acceptance,
    Appointment,
    AuditEntry,
    Enrolment,
    Order,
    OrderEffect,
    OrderKind,
    OrderLine,
    QualificationRecord,
    Relation,
    SchoolCard,
    SchoolClass,
    SkillRecord,
    Training,
    User,
)
from accounts.planning import plan_of
from accounts.planning.facts import stored
from eios.demo import names
from eios.demo.names import FEMALE, MALE
from eios.demo.school import CLASS_SIZE, Options, draw
from eios.lib.dates import age_on, school_year_start
from resources import plan_hours, programmes
from resources.models import Programme, Topic, TrainingElement
from tests import ready
from tests.factories import make_person
from tests.installations import new_installation

YEAR_START, THAT_DAY = datetime.date(2026, 9, 1), datetime.date(2027, 2, 10)
TODAY = datetime.date.today()
SMALL = {"pupils": 60, "teachers": 8}


@pytest.fixture
def midyear(monkeypatch) -> datetime.date:
    """A day of this school year on which something has moved already, whenever the tests run."""
    day = school_year_start(TODAY) + datetime.timedelta(days=150)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
    return day


def demo(**options) -> str:
    out = io.StringIO()
    call_command("demo", **{**SMALL, **options}, stdout=out)
    return out.getvalue()


def person(login: str) -> User:
    return User.objects.get(username=login)


# Names


@pytest.mark.parametrize(
    ("his", "hers"),
    [
        ("Королёв", "Королёва"),
        ("Ильин", "Ильина"),
        ("Высоцкий", "Высоцкая"),
        ("Тихий", "Тихая"),
        ("Белый", "Белая"),
        ("Толстой", "Толстая"),
        ("Черных", "Черных"),
        ("Шевченко", "Шевченко"),
        ("Саркисян", "Саркисян"),
        ("Хут", "Хут"),
        ("Римский-Корсаков", "Римская-Корсакова"),
        ("Лебедев-Кравченко", "Лебедева-Кравченко"),
    ],
)
def test_surnames_have_their_feminine_form(his, hers):
    assert names.feminine(his) == hers


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Олег", "Олегович", "Олеговна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Никита", "Никитич", "Никитична"),
        ("Лев", "Львович", "Львовна"),
        ("Пётр", "Петрович", "Петровна"),
        ("Павел", "Павлович", "Павловна"),
        ("Яков", "Яковлевич", "Яковлевна"),
        ("Михаил", "Михайлович", "Михайловна"),
        ("Семён", "Семёнович", "Семёновна"),
        ("Григорий", "Григорьевич", "Григорьевна"),
    ],
)
def test_patronymics(father, son, daughter):
    assert (names.patronymic(father, MALE), names.patronymic(father, FEMALE)) == (son, daughter)


# The draw


@pytest.fixture(scope="module")
def drawn():
    return draw(Options(pupils=250, years=3), YEAR_START, THAT_DAY)


def test_the_same_seed_gives_the_same_school(drawn):
    assert repr(draw(Options(pupils=250, years=3), YEAR_START, THAT_DAY)) == repr(drawn)
    assert repr(draw(Options(pupils=250, years=3, seed=30), YEAR_START, THAT_DAY)) != repr(drawn)


def test_on_another_day_the_same_people_stand_under_the_same_logins(drawn):
    first_day = draw(Options(pupils=250, years=3), YEAR_START, YEAR_START)
    logins = {each.login: repr(each) for each in drawn.people if each.login}
    assert {each.login: repr(each) for each in first_day.people if each.login} == logins
    assert not [each for each in first_day.places if each.pupil.gone or each.came_from]


def test_there_are_as_many_pupils_and_teachers_as_asked(drawn):
    logins = {each.login for each in drawn.people}
    teachers = {login for login in logins if login.startswith(("teacher", "classteacher"))}
    pupils = {login for login in logins if login.startswith("pupil")}
    assert pupils == {f"pupil{number}" for number in range(1, 251)}
    assert len(teachers) == 25


def test_names_agree_in_gender(drawn):
    endings = {MALE: ("ич",), FEMALE: ("вна", "чна")}
    wrong = [
        each.name
        for each in drawn.people
        if not each.name.patronymic.endswith(endings[each.name.sex])
        or (each.name.sex == FEMALE and each.name.surname.endswith(("ов", "ев", "ёв", "ин", "ий", "ый", "ой")))
        or (each.name.sex == MALE and each.name.surname.endswith(("ова", "ева", "ёва", "ина", "ая")))
    ]
    assert wrong == []


def test_names_are_varied(drawn):
    surnames = {each.name.surname for each in drawn.people}
    full = [(each.name.surname, each.name.name, each.name.patronymic) for each in drawn.people]
    assert len(surnames) > 300
    assert len(set(full)) > 0.98 * len(full)
    assert any("ё" in each.name.surname.lower() for each in drawn.people)
    assert any("-" in each.name.surname for each in drawn.people)


def test_ages_fit_the_grades(drawn):
    grades = {place.pupil: place.school_class[1] for place in drawn.places if place.school_class[0] == 2026}
    wrong = [
        (pupil.birth_date, grade)
        for pupil, grade in grades.items()
        if not 5 + grade <= age_on(pupil.birth_date, YEAR_START) <= 6 + grade
    ]
    gone = sum(pupil.gone for pupil in grades)
    assert (wrong, len(grades) - gone) == ([], 250)
    assert gone > 0


def test_children_of_one_family_could_have_been_born(drawn):
    births: dict = {}
    for kinship in drawn.kinships:
        births.setdefault(kinship.parent, set()).add(kinship.child.birth_date)
    spans = [(after - before).days for days in births.values() for before, after in pairwise(sorted(days))]
    years = [age_on(k.parent.birth_date, k.child.birth_date) for k in drawn.kinships]
    assert min(spans) >= 300
    assert min(years) >= 18
    assert max(len(days) for days in births.values()) == 3


def test_every_pupil_has_one_or_two_parents_and_siblings_share_them(drawn):
    present = {place.pupil for place in drawn.places if place.ends is None}
    parents = {child: {k.parent for k in drawn.kinships if k.child is child} for child in present}
    assert {len(each) for each in parents.values()} == {1, 2}
    children = len(drawn.kinships) / len({kinship.parent for kinship in drawn.kinships})
    assert children > 1.2


def test_classes_are_of_a_size_and_have_a_teacher_each(drawn):
    sizes = Counter(place.school_class for place in drawn.places if place.ends is None)
    led = [post.school_class for post in drawn.posts if post.code == "class_teacher"]
    assert max(sizes.values()) <= CLASS_SIZE
    assert sorted(led) == sorted(set(led)) == drawn.classes
    assert {grade for first, grade, _ in drawn.classes if first == 2026} == set(range(1, 10))


def test_past_years_lead_up_to_this_one(drawn):
    by_pupil: dict = {}
    for place in drawn.places:
        by_pupil.setdefault(place.pupil, []).append(place)
    for places in by_pupil.values():
        for before, after in pairwise(places):
            assert after.starts == before.ends + datetime.timedelta(days=1)
            (year, grade, _), (next_year, next_grade, _) = before.school_class, after.school_class
            assert (next_year - year, next_grade - grade) in ((0, 0), (1, 1))
    finished = [places for places in by_pupil.values() if places[-1].ends and not places[-1].pupil.gone]
    assert {(places[-1].school_class[1], places[-1].ends.month) for places in finished} == {(9, 6)}
    gone = [pupil for pupil in by_pupil if pupil.gone]
    assert len(by_pupil) == 250 + len(finished) + len(gone)


def test_some_came_left_and_changed_the_class_this_year(drawn):
    this_year = [place for place in drawn.places if place.school_class[0] == 2026]
    arrived = [place for place in this_year if place.came_from]
    left = [place for place in this_year if place.pupil.gone]
    moved = [place for place in this_year if place.ends and not place.pupil.gone]
    assert (len(arrived), len(left), len(moved)) == (4, 5, 4)
    assert [place.expelled for place in left].count(True) == 1
    assert all(YEAR_START < place.starts <= THAT_DAY for place in arrived)
    assert all(YEAR_START < place.ends <= THAT_DAY and place.went_to for place in left)
    assert not {"pupil1", "pupil2", "pupil3"} & {place.pupil.login for place in arrived + moved}


@pytest.mark.parametrize("options", [Options(pupils=9, teachers=2), Options(pupils=3000, teachers=3, years=9)])
def test_very_small_and_very_large_schools_can_be_drawn(options):
    school = draw(options, YEAR_START, THAT_DAY)
    assert sum(place.ends is None for place in school.places) == options.pupils


# In the database


@pytest.mark.django_db
def test_the_demo_people_of_the_contract_stand_where_it_says():
    demo()
    pupil, child, parent = person("pupil1"), person("pupil2"), person("parent1")
    assert pupil.school_class_now.grade >= 8
    assert age_on(pupil.birth_date, TODAY) >= 14
    assert age_on(child.birth_date, TODAY) == 12
    assert list(Relation.objects.living(TODAY).filter(parent=parent, pupil=pupil).values_list("kind")) == [("mother",)]
    assert Relation.objects.filter(parent=person("parent2"), pupil=child).exists()
    assert person("classteacher1").led_classes == [pupil.school_class_now]
    codes = {
        login: person(login).position_codes for login in ("director", "deputy", "librarian", "support", "credentials")
    }
    assert codes == {
        "director": {"director"},
        "deputy": {"deputy"},
        "librarian": {"librarian", "teacher_librarian"},
        "support": {"teacher", "informatics_support"},
        "credentials": {"secretary", "credentials_officer"},
    }
    admin = person("admin")
    assert (admin.is_superuser, "system_administrator" in admin.position_codes) == (True, True)
    assert (person("teacher1").level, person("classteacher1").level) == (2, 2)


@pytest.mark.django_db
def test_everybody_at_school_is_past_the_gate():
    demo()
    alive = User.objects.alive(TODAY)
    left = Enrolment.objects.filter(ended_by__kind__in=["transfer_out", "expulsion"]).count()
    assert {next_step(each) for each in alive} == {None}
    assert (alive.count(), User.objects.filter(is_demo=False).count()) == (User.objects.count() - left, 0)


@pytest.mark.django_db
def test_fresh_people_have_everything_before_them():
    demo(fresh=True)
    assert set(User.objects.values_list("must_change_password", flat=True)) == {True}
    assert not Acceptance.objects.exists()


@pytest.mark.django_db
def test_what_the_demo_wrote_keeps_the_rules_of_the_actions():
    demo(pupils=30, years=2)
    for row in Enrolment.objects.select_related("pupil", "school_class__year"):
        rules.check_enrolment(row)
    for row in Appointment.objects.select_related("person", "position", "school_class__year", "method_group"):
        rules.check_appointment(row)
    for row in Relation.objects.select_related("parent", "pupil"):
        rules.check_relation(row)
    for row in User.objects.all():
        row.full_clean()
    assert AcademicYear.objects.count() == 2


@pytest.mark.django_db
def test_every_row_has_its_place_in_the_trail():
    demo()
    found = dict(AuditEntry.objects.order_by().values_list("action").annotate(Count("pk")))
    expected = {
        "person.added": User, "enrolment.added": Enrolment, "appointment.added": Appointment,
        "relation.added": Relation, "school_class.added": SchoolClass, "agreement.accepted": Acceptance,
        "order.drafted": Order, "order_line.added": OrderLine,
        "training.added": Training, "training_element.added": TrainingElement, "skill_record.added": SkillRecord,
        "qualification_record.added": QualificationRecord,
    }  # fmt: skip
    assert {action: found[action] for action in expected} == {
        action: model.objects.count() for action, model in expected.items()
    }
    entry = AuditEntry.objects.of(person("pupil1")).filter(action="person.added").get()
    assert (entry.changes["username"], entry.changes["surname"]) == ([None, "pupil1"], None)
    assert found["order.executed"] == Order.objects.in_force().count()


# Orders


@pytest.mark.django_db
@pytest.mark.clause("6.5")
def test_every_fact_rests_on_an_executed_order_that_says_so(midyear):
    demo(pupils=120, teachers=10, years=3)
    executed = {order.pk: order for order in Order.objects.in_force()}
    lines = {(line.order_id, line.person_id): line for line in OrderLine.objects.all()}
    for row in [*Enrolment.objects.all(), *Appointment.objects.all()]:
        order, person = executed[row.order_id], getattr(row, "pupil_id", None) or row.person_id
        assert (row.starts, row.basis) == (order.effective_on, order.reference)
        assert (order.pk, person) in lines
        assert order.date <= midyear
    for row in Enrolment.objects.filter(ends__isnull=False):
        assert row.ends == executed[row.ended_by_id].effective_on - datetime.timedelta(days=1)
    kinds = set(Order.objects.in_force().values_list("kind", flat=True))
    assert kinds >= {
        "initial_load", "enrolment", "promotion", "graduation", "transfer_out", "expulsion", "class_teacher",
        "method_group_head", "system_administrator", "credentials_officer", "informatics_support", "designated_person",
        "acting", "general", "cancellation",
    }  # fmt: skip
    assert set(Order.objects.values_list("state", flat=True)) == {"draft", "signed", "executed", "cancelled"}
    for order in Order.objects.all():
        order.full_clean()


@pytest.mark.django_db
def test_the_effects_are_those_that_an_execution_would_have_written(midyear):
    demo(pupils=60, years=2)
    models = {"accounts.enrolment": Enrolment, "accounts.appointment": Appointment}
    last = {(row.fact, row.fact_id): row for row in OrderEffect.objects.exclude(fact="accounts.user").order_by("pk")}
    facts = [row for model in models.values() for row in model.objects.all()]
    assert {(row._meta.label_lower, row.pk): stored(row) for row in facts} == {
        key: row.after for key, row in last.items()
    }
    known = OrderEffect.objects.filter(fact="accounts.user").values_list("person", flat=True)
    with_facts = {getattr(row, "pupil_id", None) or row.person_id for row in facts}
    assert (set(known), len(known)) == (with_facts, len(with_facts))


@pytest.mark.django_db
def test_what_is_on_the_desk_can_be_carried_out_and_what_was_done_undone(midyear):
    demo()
    by = Actor.command("проверка")
    signed = Order.objects.get(state=Order.State.SIGNED)
    assert plan_of(signed).all_problems == []
    execution.execute(signed, by=by)
    assert signed.lines.get().person.is_demo is False
    assert plan_of(Order.objects.get(state=Order.State.DRAFT)).all_problems == []
    expulsion = Order.objects.get(kind=OrderKind.EXPULSION)
    change = orders.draft_change(expulsion, kind=OrderKind.CANCELLATION, by=by)
    orders.change_order(change, by=by, number="99-к", signatory_name="Директор")
    execution.execute(orders.sign(change, by=by), by=by)
    assert expulsion.lines.get().person.is_pupil


@pytest.mark.django_db
def test_the_staff_have_records_that_the_rules_allow_and_something_to_settle():
    demo()
    rows = [*Training.objects.all(), *SkillRecord.objects.all(), *QualificationRecord.objects.all()]
    for row in rows:
        row.full_clean()
    assert not Training.objects.filter(confirmed_by=F("person")).exists()
    assert min(len(rows), Training.objects.waiting().count(), TrainingElement.objects.count()) > 0
    assert {lack.kind for row in lacks.listed(staff.employed(TODAY), TODAY) for lack in row.lacks} >= {"skill"}


@pytest.mark.django_db
def test_demo_people_are_found_in_cyrillic():
    demo()
    found = User.objects.matching("елкин")
    assert {"pupil2", "parent2"} <= set(found.values_list("username", flat=True))


@pytest.mark.django_db
def test_the_card_is_of_school_29():
    demo()
    card = SchoolCard.current()
    assert (card.short_name, card.portal_name, card.mark) == ("МКОУ ООШ №29", "ЭИОС школы №29", "29")
    assert (card.municipality, card.site) == ("Муниципальное образование Апшеронский район", "http://school-29.ru/")
    assert (card.parents_have_cabinets, card.time_zone) == (True, "Europe/Moscow")
    # Last year's programmes wait to be renewed, though the school is drawn without last year; topics lead to resources.
    board = programmes.board(programmes.year_to_renew(TODAY), None)
    assert {one.name for row in board for one in row.waiting} == {"Информатика", "Литература"}
    assert Topic.objects.filter(outside_resources__title="Российская электронная школа").exists()
    drafts = {str(one) for one in Programme.objects.of_year_on(TODAY) if plan_hours.of(one).differ}
    assert drafts == {"Химия, 9\N{NO-BREAK SPACE}класс"}
    emails = User.objects.exclude(email="").values_list("email", flat=True)
    assert {email.rpartition("@")[2] for email in emails} == {"example.org"}


@pytest.mark.django_db
def test_one_password_opens_every_demo_account(settings):
    settings.DEMO_PASSWORD = "Ромашка-на-лугу-29"
    printed = demo()
    assert "Пароль у всех: Ромашка-на-лугу-29" in printed
    assert [person(login).check_password("Ромашка-на-лугу-29") for login in ("admin", "pupil1", "parent1")] == [
        True
    ] * 3
    for login in (
        "admin",
        "director",
        "deputy",
        "teacher1",
        "classteacher1",
        "pupil1",
        "pupil2",
        "parent1",
        "librarian",
    ):
        assert f"  {login} " in printed


@pytest.mark.django_db
def test_without_a_set_password_one_is_made_up_and_printed():
    password = demo().splitlines()[1].removeprefix("Пароль у всех: ")
    assert (len(password) > 20, person("teacher1").check_password(password)) == (True, True)
    assert "тот, что был задан при создании" in demo(if_empty=True)


def everything() -> tuple:
    return User.objects.count(), AuditEntry.objects.count(), set(User.objects.values_list("password", "session_epoch"))


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_prints_the_table_again(settings):
    settings.DEMO_PASSWORD = "Ромашка-на-лугу-29"
    first, before = demo(), everything()
    assert (demo(), demo(if_empty=True), demo(if_empty=True, pupils=99)) == (first, first, first)
    assert everything() == before


@pytest.mark.django_db
def test_another_demo_school_needs_an_explicit_word():
    demo()
    before = everything()
    with pytest.raises(CommandError, match="обучающихся 60, учителей 8, лет 1, --seed 29.*--replace"):
        demo(pupils=70)
    assert everything() == before


@pytest.mark.django_db
def test_a_database_with_real_people_is_never_touched():
    make_person(surname="Настоящая", is_demo=False)
    before = everything()
    for options in ({}, {"replace": True}, {"fresh": True}):
        with pytest.raises(CommandError, match="В базе есть настоящие люди"):
            demo(**options)
    assert demo(if_empty=True).splitlines() == [
        "В базе есть настоящие люди: демонстрационной школы здесь не будет, ничего не изменено."
    ]
    assert everything() == before


@pytest.mark.django_db
def test_a_demo_school_with_a_person_added_by_hand_is_not_razed():
    demo()
    make_person(is_demo=False)
    before = everything()
    with pytest.raises(CommandError, match="заведённые вручную"):
        demo(pupils=70, replace=True)
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"pupils": 8}, {"pupils": 5001}, {"teachers": 1}, {"years": 0}, {"seed": -1}])
def test_impossible_wishes_are_refused_in_words(options):
    with pytest.raises(CommandError, match="нужно от .* до"):
        demo(**options)
    assert not User.objects.exists()


REPLACE = """
from django.core.management import call_command
from accounts.models import Enrolment, SchoolCard
call_command("demo", pupils=30, teachers=4, stdout=open("/dev/null", "w"))
call_command("demo", pupils=40, teachers=4, replace=True, stdout=open("/dev/null", "w"))
print(Enrolment.objects.filter(ends__isnull=True).count(), SchoolCard.objects.count())
"""


def test_replacing_builds_another_school_in_an_installation_of_its_own(tmp_path, db):
    with new_installation(tmp_path, like=ready.migrated()) as place:
        assert place.script(REPLACE) == "40 1"


@pytest.mark.django_db
def test_a_thousand_pupils_are_all_there():
    demo(pupils=1000, teachers=60)
    assert User.objects.with_standing(TODAY).filter(standing_pupil=True).count() == 1000
