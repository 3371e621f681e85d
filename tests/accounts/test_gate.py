"""The gate: its steps in order, who stands outside, and from which day to which (access.md, «The gate»)."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.actor import Actor
from accounts.gate import Step, next_step, settles
from accounts.models import Acceptance, Appointment, Block, Enrolment, Relation, User
from eios.lib.access import PUBLIC
from eios.middleware import stamp_for
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_edition,
    make_employee,
    make_parent,
    make_person,
    make_position,
    make_pupil,
)
from tests.pages import every_page

pytestmark = pytest.mark.django_db
Kind = Acceptance.Kind
MOSCOW = ZoneInfo("Europe/Moscow")
DAY = datetime.timedelta(days=1)
CABINET, FIRST_PASSWORD, FACTOR, AGREEMENT = "/cabinet/", "/password/first/", "/account/factor/", "/agreement/"


@pytest.fixture(autouse=True)
def edition():
    load_registry(by=Actor.command("tests"))
    return make_edition()


@pytest.fixture
def clock(monkeypatch):
    """Sets the time: clock("2026-12-31 23:59"), Moscow unless another zone is given."""

    def set_to(text: str, zone: str = "Europe/Moscow") -> None:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def enter(client, person: User) -> None:
    client.force_login(person, backend="accounts.backends.PortalBackend")


def settle(person: User, edition, *kinds: Kind) -> User:
    for kind in kinds or (Kind.SELF,):
        Acceptance.objects.create(person=person, edition=edition, kind=kind, by=person)
    return person


def add_factor(person: User, kind=Authenticator.Type.TOTP) -> None:
    Authenticator.objects.create(user=person, type=kind, data={})


def cabinet(client) -> str | int:
    """Where the cabinet leads, or its status."""
    answer = client.get(CABINET)
    return answer.url if answer.status_code == 302 else answer.status_code


def step_of(person: User) -> Step | None:
    return next_step(User.objects.get(pk=person.pk))


# The steps in order


@pytest.mark.clause("6.4")
def test_steps_come_one_after_another(client, edition):
    director = make_employee(position="director", is_demo=False, must_change_password=True)
    assert cabinet(client) == "/login/?next=/cabinet/"
    enter(client, director)
    assert cabinet(client) == FIRST_PASSWORD
    User.objects.filter(pk=director.pk).update(must_change_password=False)
    assert cabinet(client) == FACTOR
    add_factor(director)
    assert cabinet(client) == AGREEMENT
    settle(director, edition)
    assert cabinet(client) == 200
    Block.objects.create(person=director, reason="Пароль подсмотрели")
    assert cabinet(client) == 403
    assert cabinet(client) == "/login/?next=/cabinet/"


def test_a_later_step_waits_for_its_turn(client, edition):
    enter(client, make_employee(must_change_password=True))
    assert client.get(AGREEMENT).url == f"{FIRST_PASSWORD}?next=%2Fagreement%2F"
    answer = client.post(AGREEMENT, {"edition": edition.mark, "kind": "self", "agree": "on"})
    assert (answer.url, Acceptance.objects.exists()) == (FIRST_PASSWORD, False)
    assert client.get(FACTOR).url == f"{FIRST_PASSWORD}?next=%2Faccount%2Ffactor%2F"


@pytest.mark.parametrize("step", [Step.PASSWORD, Step.SECOND_FACTOR, Step.AGREEMENT])
def test_a_newcomer_sees_public_pages_and_the_step_only(client, edition, step):
    """Every address of the portal is tried: what is neither public nor the step's leads to the step."""
    newcomer = make_employee(
        position="director", is_demo=False, must_change_password=step is Step.PASSWORD, surname="Новенький"
    )
    if step is Step.AGREEMENT:
        add_factor(newcomer)
    shown, elsewhere = set(), []
    for page in every_page():
        if not page.name or page.name == "account_logout":
            continue
        enter(client, newcomer)
        answer = client.get(page.address())
        if stamp_for(page.match, page.view).kind == PUBLIC:
            continue
        if answer.status_code == 302 and answer.url.split("?")[0] == STEP_PAGES[step]:
            continue
        (shown.add if settles(step, page.name) else elsewhere.append)(page.name)
    assert elsewhere == OPEN_TO_ALL
    assert step.value in shown or step is Step.SECOND_FACTOR


STEP_PAGES = {Step.PASSWORD: FIRST_PASSWORD, Step.SECOND_FACTOR: FACTOR, Step.AGREEMENT: AGREEMENT}
# Elements of closure 0: a newcomer is a guest there like any other.
OPEN_TO_ALL = [
    "resources:element_list",
    "resources:element_detail",
    "resources:library",
    "resources:library_resource_list",
    "resources:library_resource_export",
    "resources:library_resource_detail",
    "resources:library_edition_list",
    "resources:library_edition_detail",
    "resources:library_material_list",
    "resources:library_material_detail",
    "resources:programme_list",
    "resources:programme_detail",
    "resources:programme_plan_export",
    "resources:document_list",
    "resources:document_detail",
    "resources:document_compare",
    "resources:document_edition",
    "resources:sveden_index",
    "resources:sveden_section",
    "resources:curriculum_list",
    "resources:curriculum_detail",
    "resources:curriculum_export",
    "resources:calendar_detail",
    "resources:calendar_export",
    "resources:news_list",
    "resources:news_detail",
    "resources:news_rss",
    "resources:document_rss",
    "resources:course_list",
    "resources:course_detail",
    "resources:course_page",
    "resources:course_visit",
    "resources:course_read",
    "resources:course_mark",
    "resources:course_search",
    "resources:course_print",
    "resources:complex_list",
    "resources:complex_detail",
    "resources:complex_export",
    "resources:course_archive",
    "resources:course_html",
    "accounts:responsible",
]


def test_public_pages_treat_a_newcomer_as_a_guest(client, edition):
    enter(client, make_employee(surname="Новенький", must_change_password=True))
    page = client.get("/elements/")
    assert (page.status_code, "Сведения о движении" in page.content.decode()) == (200, False)
    assert 'class="side"' not in page.content.decode()


def test_everybody_is_asked_again_on_the_day_of_a_new_edition(client, edition, clock):
    teacher = settle(make_employee(), edition)
    newer = make_edition(number=2, in_force_from=datetime.date(2027, 1, 12))
    clock("2027-01-11 23:59")
    enter(client, teacher)
    assert cabinet(client) == 200
    clock("2027-01-12 00:00")
    assert cabinet(client) == AGREEMENT
    settle(teacher, newer)
    assert cabinet(client) == 200


# Who is out


@pytest.mark.clause("6.7")
def test_the_blocked_are_out_at_the_next_request_and_an_old_session_does_not_revive(client, edition):
    teacher = settle(make_employee(), edition)
    enter(client, teacher)
    assert cabinet(client) == 200
    block = Block.objects.create(person=teacher, reason="Пароль стал известен посторонним")
    cookie = client.cookies["session"].value
    answer = client.get(CABINET)
    assert (answer.status_code, "Пароль стал известен" in answer.content.decode()) == (403, False)
    block.delete()
    client.cookies["session"] = cookie
    assert cabinet(client) == "/login/?next=/cabinet/"


def test_a_moved_epoch_ends_sessions(client, edition):
    teacher = settle(make_employee(), edition)
    enter(client, teacher)
    User.objects.filter(pk=teacher.pk).update(session_epoch=2)
    assert cabinet(client) == "/login/?next=/cabinet/"


def test_one_without_any_status_is_out(client, edition):
    enter(client, settle(make_person(), edition))
    assert client.get(CABINET).status_code == 403
    assert client.get("/elements/").status_code == 200


def test_a_superuser_needs_no_status(client, edition):
    enter(client, settle(make_person(is_superuser=True), edition))
    assert cabinet(client) == 200


# Days: inclusive, of the school's own calendar


@pytest.mark.clause("6.7")
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-03-09 23:59:59", 403),
        ("2027-03-10 00:00:00", 200),
        ("2027-03-14 23:59:59", 200),
        ("2027-03-15 00:00:00", 403),
    ],
)
@pytest.mark.parametrize("status", ["employee", "pupil", "parent"])
def test_first_and_last_day_at_the_gate(client, edition, school, clock, status, moment, expected):
    school(parents_have_cabinets=True)
    first, last = datetime.date(2027, 3, 10), datetime.date(2027, 3, 14)
    make = {
        "employee": lambda: make_employee(starts=first, ends=last),
        "pupil": lambda: make_pupil(starts=first, ends=last),
        "parent": lambda: make_parent(child=make_pupil(), starts=first, ends=last),
    }
    person = settle(make[status](), edition)
    clock(moment)
    enter(client, person)
    assert cabinet(client) == expected


@pytest.mark.parametrize(("zone", "expected"), [("Asia/Vladivostok", 403), ("Europe/Moscow", 200)])
def test_days_are_the_schools(client, edition, school, clock, zone, expected):
    """22 o'clock in Moscow is the next morning in Vladivostok."""
    school(time_zone=zone)
    person = settle(make_employee(ends=datetime.date(2027, 3, 14)), edition)
    clock("2027-03-14 22:00")
    enter(client, person)
    assert cabinet(client) == expected


@pytest.mark.clause("6.7")
def test_an_expulsion_works_from_its_day_in_the_middle_of_a_session(client, edition, clock):
    pupil = settle(make_pupil(age=15), edition)
    clock("2027-04-01 23:50")
    enter(client, pupil)
    Enrolment.objects.filter(pupil=pupil).update(ends=datetime.date(2027, 4, 1))
    assert cabinet(client) == 200
    clock("2027-04-02 00:00")
    assert cabinet(client) == 403


def test_a_childs_birthday_opens_the_own_acceptance(client, edition, clock):
    pupil = make_pupil(birth_date=datetime.date(2013, 4, 2))
    clock("2027-04-01 23:50")
    enter(client, pupil)
    assert "Обещаю" in client.get(AGREEMENT).content.decode()
    clock("2027-04-02 00:00")
    assert "Принимаю" in client.get(AGREEMENT).content.decode()


def test_a_parent_leaves_with_the_last_child(client, edition, school, clock):
    school(parents_have_cabinets=True)
    child = make_pupil()
    parent = settle(make_parent(child=child), edition)
    Enrolment.objects.filter(pupil=child).update(ends=datetime.date(2027, 5, 31))
    clock("2027-05-31 20:00")
    enter(client, parent)
    assert cabinet(client) == 200
    clock("2027-06-01 00:00")
    assert cabinet(client) == 403


@pytest.mark.clause("9.1")
def test_parents_come_in_where_the_school_opened_their_cabinets(client, edition, school):
    parent = settle(make_parent(child=make_pupil()), edition)
    enter(client, parent)
    assert cabinet(client) == 403
    school(parents_have_cabinets=True)
    enter(client, parent)
    assert cabinet(client) == 200
    school(parents_have_cabinets=False)
    assert cabinet(client) == 403


# The second factor


@pytest.mark.parametrize(
    ("position", "is_demo", "expected"),
    [
        ("director", False, Step.SECOND_FACTOR),
        ("deputy", False, Step.SECOND_FACTOR),
        ("system_administrator", False, Step.SECOND_FACTOR),
        ("director", True, Step.AGREEMENT),
        ("method_group_head", False, Step.AGREEMENT),
        ("teacher", False, Step.AGREEMENT),
    ],
)
def test_the_second_factor_is_wanted_from_level_four(position, is_demo, expected):
    assert step_of(make_employee(position=position, is_demo=is_demo)) == expected


def test_acting_ones_and_superusers_need_it_too():
    teacher = make_employee(is_demo=False)
    Appointment.objects.create(person=teacher, position=make_position("director"), starts=LONG_AGO, is_acting=True)
    assert step_of(teacher) == Step.SECOND_FACTOR
    assert step_of(make_person(is_superuser=True, is_demo=False)) == Step.SECOND_FACTOR


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("totp", Step.AGREEMENT), ("webauthn", Step.AGREEMENT), ("recovery_codes", Step.SECOND_FACTOR)],
)
def test_recovery_codes_alone_are_no_second_factor(kind, expected):
    director = make_employee(position="director", is_demo=False)
    add_factor(director, kind)
    assert step_of(director) == expected


# Several statuses at once


def test_a_dismissed_teacher_stays_as_a_parent(client, edition, school, clock):
    school(parents_have_cabinets=True)
    teacher = settle(make_employee(ends=datetime.date(2027, 3, 14)), edition)
    Relation.objects.create(parent=teacher, pupil=make_pupil(), kind="mother", starts=LONG_AGO)
    clock("2027-03-14 20:00")
    enter(client, teacher)
    assert (cabinet(client), client.get("/classes/").status_code) == (200, 200)
    clock("2027-03-15 00:00")
    assert (cabinet(client), client.get("/classes/").status_code) == (200, 403)


def test_a_young_employee_accepts_alone(client, edition):
    """A pupil of 13 with a summer job is not a child to the agreement: nothing of the school's is decided for staff."""
    pupil = make_pupil(age=13, school_class=make_class(grade=7))
    Appointment.objects.create(person=pupil, position=make_position("helper"), starts=LONG_AGO)
    enter(client, pupil)
    assert "Принимаю" in client.get(AGREEMENT).content.decode()


def test_a_block_closes_every_status(client, edition, school):
    school(parents_have_cabinets=True)
    teacher = settle(make_employee(), edition)
    Relation.objects.create(parent=teacher, pupil=make_pupil(), kind="mother", starts=LONG_AGO)
    Block.objects.create(person=teacher, reason="Пароль подсмотрели")
    enter(client, teacher)
    assert cabinet(client) == 403
