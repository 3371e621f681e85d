"""Reports and blocks within one's scope: who sees and does what, else it is not found; the story; counters."""

import datetime

import pytest
from django.urls import reverse

from accounts import blocking_scope, incidents
from accounts.actions.blocking import block, unblock
from accounts.actions.reports import add_note, close_report
from accounts.actor import Actor
from accounts.models import AccessReport, AuditEntry, Block, Relation, User
from eios.lib.dates import today
from resources.actions.registry import load_registry
from tests import personas
from tests.factories import LONG_AGO, make_class, make_employee, make_parent, make_pupil, make_report, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
LIST = "/incidents/"
IDENTITY = {"reason": "Пароль узнали", "checked": "on", "how": "узнали в лицо"}


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)


@pytest.fixture
def people():
    return personas.build()


def by(person: User) -> Actor:
    return Actor(person, "198.51.100.7", person.username)


def block_page(person: User) -> str:
    return reverse("accounts:person_block", args=[person.pk])


def unblock_page(person: User) -> str:
    return reverse("accounts:person_unblock", args=[person.pk])


# Scope


FAMILIES = {"pupil", "junior", "other_pupil", "parent"}
SCOPES = {
    "superuser": {"everybody"},
    "admin": {"everybody but superusers"},
    "director": FAMILIES,
    "deputy": FAMILIES,
    "credentials": FAMILIES,
    "classteacher": {"pupil", "parent"},
    "other_classteacher": {"other_pupil"},
} | {name: set() for name in ("teacher", "method_head", "librarian", "support", "pupil", "parent", "former", "blocked")}


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("name", SCOPES)
def test_whom_each_may_block(people, name):
    everybody = {key for key, person in people.items() if person is not None}
    expected = SCOPES[name]
    if expected == {"everybody"}:
        expected = everybody
    elif expected == {"everybody but superusers"}:
        expected = everybody - {"superuser"}
    within = set(blocking_scope.people_within(people[name], today()).values_list("pk", flat=True))
    assert {key for key in everybody if people[key].pk in within} == expected


def test_an_employee_who_is_a_parent_is_the_administrators(people):
    people["teacher"].children_relations.create(pupil=people["pupil"], kind="mother", starts=LONG_AGO, basis="Паспорт")
    assert people["teacher"] not in blocking_scope.people_within(people["classteacher"], today())
    assert people["teacher"] in blocking_scope.people_within(people["admin"], today())


def test_the_scope_ends_with_the_appointment_and_the_relation(people):
    yesterday = today() - datetime.timedelta(days=1)
    Relation.objects.filter(parent=people["parent"]).update(ends=yesterday)
    assert set(blocking_scope.people_within(people["classteacher"], today())) == {people["pupil"]}
    people["classteacher"].appointments.update(ends=yesterday)
    assert not blocking_scope.people_within(User.objects.get(pk=people["classteacher"].pk), today()).exists()


@pytest.mark.clause("12.2")
def test_what_an_administrator_has_closed_only_an_administrator_opens(people):
    pupil, leader, admin = people["pupil"], people["classteacher"], people["admin"]
    row = block(pupil, "Подбор паролей", by=by(admin))
    assert (blocking_scope.may_lift(leader, row), blocking_scope.may_lift(admin, row)) == (False, True)
    unblock(pupil, "Проверено", by=by(admin))
    row = block(pupil, "Пароль узнали", by=by(leader))
    officer = people["credentials"]
    assert [blocking_scope.may_lift(person, row) for person in (leader, officer, admin, pupil)] == [True] * 3 + [False]


# Pages


@pytest.mark.clause("12.2")
@pytest.mark.parametrize("name", [*SCOPES, "guest", "newcomer"])
def test_everybody_finds_only_the_reports_of_the_own_scope(client, people, name):
    reports = {
        key: make_report(person=people[key], what="known")
        for key in ("pupil", "other_pupil", "parent", "teacher", "superuser")
    }
    reports["nobody"] = make_report(login="ivanov-petr-5")
    if people.get(name):
        client.force_login(people[name], backend="accounts.backends.PortalBackend")
    scope = {"admin": set(reports), "superuser": set(reports)}.get(name, set(reports) & SCOPES.get(name, set()))
    pages = {key: client.get(report.get_absolute_url()) for key, report in reports.items()}
    assert {key for key, page in pages.items() if page.status_code == 200} == scope
    page = client.get(LIST)
    assert (page.status_code == 200) == bool(SCOPES.get(name))
    if scope:
        text = page.content.decode()
        assert {key for key, report in reports.items() if report.get_absolute_url() in text} == scope


@pytest.mark.clause("12.2")
def test_another_classes_leader_is_refused_by_page_by_post_and_by_guess(client, people):
    pupil, leader = people["pupil"], people["other_classteacher"]
    report = make_report(person=pupil, what="known")
    client.force_login(leader, backend="accounts.backends.PortalBackend")
    for address in (report.get_absolute_url(), block_page(pupil), unblock_page(pupil)):
        assert client.get(address).status_code == 404
    posts = {
        block_page(pupil): IDENTITY,
        unblock_page(pupil): IDENTITY,
        reverse("accounts:incident_note", args=[report.pk]): {"text": "Заметка"},
        reverse("accounts:incident_close", args=[report.pk]): {"answer": "Закрыто"},
    }
    assert {client.post(address, fields).status_code for address, fields in posts.items()} == {404}
    report.refresh_from_db()
    assert (Block.objects.filter(person=pupil).count(), report.is_open, report.events.count()) == (0, True, 0)
    block(pupil, "Проверка", by=COMMAND)
    assert client.post(unblock_page(pupil), IDENTITY).status_code == 404
    assert User.objects.get(pk=pupil.pk).is_blocked


@pytest.mark.clause("12.2")
def test_a_class_teacher_blocks_and_unblocks_after_checking_identity(client, people):
    pupil, leader = people["pupil"], people["classteacher"]
    report = make_report(person=pupil, what="known")
    client.force_login(leader, backend="accounts.backends.PortalBackend")
    for missing in IDENTITY:
        assert client.post(block_page(pupil), {**IDENTITY, missing: ""}).status_code == 200
    assert Block.objects.filter(person=pupil).count() == 0
    answer = client.post(block_page(pupil), {**IDENTITY, "needs_new_password": "on"})
    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())
    row = Block.objects.get(person=pupil)
    assert (row.reason, row.by, row.needs_new_password) == (
        "Пароль узнали. Личность проверена: узнали в лицо", leader, True
    )  # fmt: skip
    assert "Снять блокировку" in client.get(report.get_absolute_url()).content.decode()
    assert client.get(block_page(pupil))["Location"] == unblock_page(pupil)
    assert "нужен новый листок" in client.get(unblock_page(pupil)).content.decode()
    assert client.post(unblock_page(pupil), IDENTITY)["Location"] == report.get_absolute_url()
    pupil = User.objects.get(pk=pupil.pk)
    assert (pupil.is_blocked, pupil.has_usable_password()) == (False, False)
    assert list(report.events.values_list("kind", "by")) == [("blocked", leader.pk), ("unblocked", leader.pk)]


def test_one_may_choose_a_new_password_while_lifting(client, people):
    client.force_login(people["admin"], backend="accounts.backends.PortalBackend")
    for wanted, is_usable in (({}, True), ({"new_password": "on"}, False)):
        block(people["teacher"], "Проверка", by=COMMAND)
        assert client.post(unblock_page(people["teacher"]), {**IDENTITY, **wanted})["Location"] == LIST
        assert User.objects.get(pk=people["teacher"].pk).has_usable_password() == is_usable


def test_pages_of_blocking_refuse_oneself_and_the_last_administrator(client):
    admin, chief = make_employee(position="system_administrator"), make_employee(position="director")
    sign_in(client, admin)
    assert "Свою учётную запись" in client.post(block_page(admin), IDENTITY).content.decode()
    assert client.post(block_page(chief), IDENTITY).status_code == 302
    assert list(Block.objects.values_list("person", flat=True)) == [chief.pk]


def test_lifting_a_block_that_is_not_there_is_not_found(client, people):
    client.force_login(people["admin"], backend="accounts.backends.PortalBackend")
    assert client.get(unblock_page(people["pupil"])).status_code == 404


# The story


def test_notes_and_the_answer(client, people):
    report, leader = make_report(person=people["pupil"], what="lost"), people["classteacher"]
    client.force_login(leader, backend="accounts.backends.PortalBackend")
    page = report.get_absolute_url()
    assert client.post(f"{page}note/", {"text": "Подойдёт завтра"})["Location"] == page
    assert client.post(f"{page}note/", {"text": " "}).status_code == 200
    assert client.post(f"{page}close/", {"answer": ""}).status_code == 200
    assert client.post(f"{page}close/", {"answer": "Выдан новый листок"})["Location"] == page
    report.refresh_from_db()
    assert (report.is_open, report.closed_by, report.answer) == (False, leader, "Выдан новый листок")
    assert list(report.events.values_list("kind", "text")) == [
        ("note", "Подойдёт завтра"), ("closed", "Выдан новый листок")
    ]  # fmt: skip
    text = client.get(page).content.decode()
    assert ("Подойдёт завтра" in text, "Закрыть сообщение" in text) == (True, False)
    client.post(f"{page}close/", {"answer": "Ещё раз"})
    report.refresh_from_db()
    assert report.answer == "Выдан новый листок"
    trail = AuditEntry.objects.filter(object_type="accounts.accessreport").order_by("pk")
    assert list(trail.values_list("action", "changes")) == [
        ("access_report.noted", {}), ("access_report.closed", {"answer": None})
    ]  # fmt: skip


def test_addresses_and_made_up_logins_are_the_administrators(client, people):
    report = make_report(person=people["pupil"], what="known")
    add_note(report, "Заметка", by=by(people["admin"]))
    seen = {}
    for name in ("admin", "classteacher", "deputy"):
        client.force_login(people[name], backend="accounts.backends.PortalBackend")
        seen[name] = "198.51.100.7" in client.get(report.get_absolute_url()).content.decode()
    assert seen == {"admin": True, "classteacher": False, "deputy": False}


def test_filters_and_search_stand_in_the_address(client, people):
    client.force_login(people["admin"], backend="accounts.backends.PortalBackend")
    known, lost = make_report(person=people["pupil"], what="known"), make_report(login="petroff", what="lost")
    done = make_report(person=people["other_pupil"], what="cannot")
    close_report(done, "Вошёл сам", by=COMMAND)
    found = {
        query: {pk for pk in (known.pk, lost.pk, done.pk) if f"/incidents/{pk}/" in _text(client, query)}
        for query in ("", "?state=closed", "?state=all", "?what=lost", "?q=Елкина", "?q=petr", "?q=PETR", "?what=zzz")
    }
    every = {known.pk, lost.pk, done.pk}
    assert found == {
        "": {known.pk, lost.pk}, "?state=closed": {done.pk}, "?state=all": every, "?what=lost": {lost.pk},
        "?q=Елкина": {known.pk}, "?q=petr": {lost.pk}, "?q=PETR": {lost.pk}, "?what=zzz": {known.pk, lost.pk},
    }  # fmt: skip
    assert "Ничего не нашлось" in _text(client, "?q=zzz")


def _text(client, query: str) -> str:
    return client.get(LIST + query).content.decode()


def test_the_list_asks_as_many_queries_for_thirty_as_for_one(client, people, django_assert_num_queries):
    def ask() -> None:
        for name in ("admin", "classteacher", "credentials"):
            client.force_login(people[name], backend="accounts.backends.PortalBackend")
            client.get(LIST)
            with django_assert_num_queries(COUNTS[name], info=name):
                client.get(LIST)

    make_report(person=people["pupil"], what="known")
    ask()
    for number in range(30):
        pupil = make_pupil(school_class=make_class(grade=8))
        make_parent(child=pupil)
        block(pupil, "Проверка", by=COMMAND)
        make_report(person=pupil, what="cannot")
        make_report(login=f"nobody{number}")
    ask()


COUNTS = {"admin": 11, "classteacher": 11, "credentials": 11}


# «Ждёт вас»


@pytest.mark.clause("12.2")
@pytest.mark.parametrize(
    ("name", "count"),
    [("admin", 4), ("superuser", 4), ("credentials", 2), ("classteacher", 1), ("other_classteacher", 1), ("teacher", 0),
     ("pupil", 0), ("director", 0)],
)  # fmt: skip
def test_reports_wait_for_those_who_settle_them(client, people, name, count):
    for key in ("pupil", "other_pupil", "teacher"):
        make_report(person=people[key])
    make_report(login="nobody")
    close_report(make_report(person=people["junior"]), "Вошёл", by=COMMAND)
    client.force_login(people[name], backend="accounts.backends.PortalBackend")
    text = client.get("/cabinet/").content.decode()
    assert (f"пароль узнали: {count} " in text) == bool(count)
    assert ("Не могут войти" in text) == bool(count)


def test_may_block_is_asked_of_people_and_not_of_nobody(people):
    assert not incidents.may_block(people["admin"], None, today())
    assert not incidents.may_block(people["admin"], people["admin"], today())
    assert AccessReport.objects.count() == 0
