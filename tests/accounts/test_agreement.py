"""The agreement: editions, who accepts how, and what is kept of it."""

import datetime
import itertools
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import acceptance
from accounts.actions import agreement as actions
from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import Acceptance, AgreementEdition, Appointment, AuditEntry, Relation, User
from eios.lib.dates import age_on, years_before
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
    sign_in,
)

pytestmark = pytest.mark.django_db
Kind = Acceptance.Kind
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
COMMAND = Actor.command("tests")
PAGE = "/agreement/"


def actor(person: User) -> Actor:
    return Actor(person, "192.0.2.7", person.username)


def give(person: User, edition: AgreementEdition, *kinds: Kind, by: User | None = None) -> None:
    for kind in kinds:
        Acceptance.objects.create(person=person, edition=edition, kind=kind, by=by or person, address="192.0.2.1")


def kept(person: User) -> list[tuple]:
    return list(person.acceptances.order_by("pk").values_list("kind", "by", "address"))


def has_accepted(person: User, date=TODAY) -> bool:
    return User.objects.with_standing(date).get(pk=person.pk).standing_accepted


def form(edition: AgreementEdition, kind: Kind, **fields) -> dict:
    return {"edition": edition.mark, "kind": kind, "agree": "on", **fields}


def enter(client, person: User) -> None:
    """Signed in, with nothing accepted."""
    client.force_login(person, backend="accounts.backends.PortalBackend")


@pytest.fixture
def edition():
    return make_edition(text="## Полный текст", plain_text="## Простыми словами")


@pytest.fixture
def registry():
    load_registry(by=COMMAND)


# Editions


def publish(**fields) -> AgreementEdition:
    return actions.publish_edition(
        **{"title": "Соглашение", "text": "Т", "plain_text": "П", "in_force_from": TODAY, **fields}, by=COMMAND
    )


@pytest.mark.clause("13.4")
def test_a_new_edition_ends_the_former_on_its_day_and_leaves_a_trace():
    first, second = publish(), publish(in_force_from=TODAY + 2 * DAY, basis="Приказ №7")
    days = [AgreementEdition.objects.current(TODAY + n * DAY) for n in (-1, 0, 1, 2, 3)]
    assert days == [None, first, first, second, second]
    entry = AuditEntry.objects.of(second).get()
    day = (TODAY + 2 * DAY).isoformat()
    assert (entry.action, entry.basis) == ("agreement.published", "Приказ №7")
    assert entry.changes == {"number": [None, 2], "in_force_from": [None, day]}


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + DAY, TODAY + 2 * DAY])
def test_an_edition_begins_neither_in_the_past_nor_before_another_one(day):
    publish(in_force_from=TODAY + 2 * DAY)
    with pytest.raises(ValidationError) as refusal:
        publish(in_force_from=day)
    assert list(refusal.value.message_dict) == ["in_force_from"] or "in_force_from" in refusal.value.message_dict
    assert AgreementEdition.objects.count() == 1


@pytest.mark.parametrize("field", ["title", "text", "plain_text"])
def test_an_edition_needs_its_texts(field):
    with pytest.raises(ValidationError):
        publish(**{field: ""})


def test_a_misprint_is_mended_while_nobody_has_accepted():
    first = publish(text="Тектс")
    first.text = "Текст соглашения"
    actions.correct_edition(first, by=COMMAND)
    assert AgreementEdition.objects.get().text == "Текст соглашения"
    entry = AuditEntry.objects.of(first).first()
    assert (entry.action, entry.changes) == ("agreement_edition.changed", {"text": ["Тектс", "Текст соглашения"]})


def test_what_somebody_accepted_stays_as_it_was_read():
    first = publish(text="Текст")
    give(make_employee(), first, Kind.SELF)
    first.text = "Другой"
    with pytest.raises(ValidationError):
        actions.correct_edition(first, by=COMMAND)
    assert AgreementEdition.objects.get().text == "Текст"


@pytest.mark.clause("1.5")
@pytest.mark.clause("12.1")
@pytest.mark.clause("12.2")
@pytest.mark.clause("12.3")
def test_the_first_edition_carries_duties_and_responsibility(school):
    school(short_name="МКОУ ООШ № 29")
    first = actions.load_first_agreement(by=COMMAND)
    assert (first.number, first.in_force_from) == (1, TODAY)
    for words in (
        "МКОУ ООШ № 29",
        "дисциплинарной и гражданско-правовой ответственности",
        "должно стоять указание на ЭИОС, из которой они извлечены",
        "хранить их в тайне, не разглашать и не передавать другим лицам",
        "немедленно сообщить администратору",
        "под логином и паролем другого лица",
        "вирусов и самовоспроизводящегося кода",
    ):
        assert words in first.text
    for words in ("МКОУ ООШ № 29", "только твои", "чужим логином", "вирусы", "Сразу скажи классному руководителю"):
        assert words in first.plain_text
    assert "{school}" not in first.text + first.plain_text
    assert "<h2>3. Логин и пароль</h2>" in first.html
    assert "<h2>Чего делать нельзя</h2>" in first.plain_html


def test_the_first_edition_is_loaded_once():
    assert actions.load_first_agreement(by=COMMAND) == AgreementEdition.objects.get()
    assert actions.load_first_agreement(by=COMMAND) is None
    assert AgreementEdition.objects.count() == 1


# What settles it: the SQL of the gate, and the lists' own reckoning

SUBSETS = [combo for size in range(len(Kind) + 1) for combo in itertools.combinations(Kind, size)]


@pytest.mark.parametrize("switch", [True, False])
@pytest.mark.parametrize(("age", "employee"), [(12, False), (14, False), (None, False), (13, True)])
def test_gate_and_lists_agree_in_every_case(edition, school, age, employee, switch):
    card = school(parent_accepts_under_14=switch, parents_have_cabinets=True)
    people = []
    for kinds in SUBSETS:
        pupil = make_pupil(age=age or 10)
        if age is None:
            User.objects.filter(pk=pupil.pk).update(birth_date=None)
        if employee:
            Appointment.objects.create(person=pupil, position=make_position(), starts=LONG_AGO)
        give(pupil, edition, *kinds)
        people.append((pupil, make_parent(child=pupil)))
    alive = {person.pk: person for person in User.objects.with_standing(TODAY)}
    for pupil, parent in people:
        state = acceptance.state_of(alive[pupil.pk], edition, card, TODAY)
        assert state.is_settled == alive[pupil.pk].standing_accepted
        asked = acceptance.children_waiting(parent.pk, TODAY)
        assert list(asked) == ([pupil] if state.waits_for_parent else [])


@pytest.mark.parametrize(
    ("age", "kinds", "missing"),
    [
        (12, [], ["ждём родителя", "нет отметки ребёнка"]),
        (12, [Kind.CHILD], ["ждём родителя"]),
        (12, [Kind.PARENT], ["нет отметки ребёнка"]),
        (12, [Kind.PAPER], ["нет отметки ребёнка"]),
        (12, [Kind.PAPER, Kind.CHILD], []),
        (12, [Kind.PARENT, Kind.CHILD], []),
        (14, [], ["не принято"]),
        (14, [Kind.CHILD], ["не принято"]),
        (14, [Kind.PAPER], ["не принято"]),
        (14, [Kind.SELF], []),
        (14, [Kind.OWN_PAPER], []),
        (14, [Kind.PARENT, Kind.CHILD], []),
    ],
)
@pytest.mark.clause("6.4")
def test_what_is_missing(edition, school, age, kinds, missing):
    pupil = make_pupil(age=age)
    give(pupil, edition, *kinds)
    state = acceptance.state_of(pupil, edition, school(), TODAY)
    assert [part.value for part in state.missing] == missing
    assert has_accepted(pupil) == (not missing)


@given(st.dates(datetime.date(1940, 1, 1), datetime.date(2035, 1, 1)), st.integers(0, 20 * 366))
def test_the_age_in_sql_is_the_age_in_words(date, days):
    birth = date - datetime.timedelta(days=days)
    assert (birth > years_before(date, 14)) == (age_on(birth, date) < 14)


# Accepting


def test_who_which_when_from_where_and_by_whom_is_kept(edition):
    teacher = make_employee()
    before = datetime.datetime.now(datetime.UTC)
    row = actions.accept_for_oneself(edition, by=actor(teacher))
    assert (row.person, row.edition, row.kind, row.by, row.address) == (teacher, edition, "self", teacher, "192.0.2.7")
    assert before <= row.at <= datetime.datetime.now(datetime.UTC)
    entry = AuditEntry.objects.of(teacher).get()
    assert (entry.action, entry.changes) == ("agreement.accepted", {"edition": [None, 1], "kind": [None, "self"]})


def test_accepting_twice_is_once(edition):
    teacher = make_employee()
    assert actions.accept_for_oneself(edition, by=actor(teacher)) == actions.accept_for_oneself(
        edition, by=actor(teacher)
    )
    assert (len(kept(teacher)), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_acceptance():
    edition, teacher = make_edition(), make_employee()
    start, failures = threading.Barrier(20), []

    def click():
        try:
            start.wait(10)
            actions.accept_for_oneself(edition, by=actor(teacher))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, kept(teacher), AuditEntry.objects.count()) == ([], [("self", teacher.pk, "192.0.2.7")], 1)


def test_a_child_under_14_can_not_accept_alone_and_one_of_14_need_not_tick(edition):
    child, grown = make_pupil(age=13), make_pupil(age=14)
    with pytest.raises(actions.AcceptanceError):
        actions.accept_for_oneself(edition, by=actor(child))
    with pytest.raises(actions.AcceptanceError):
        actions.tick_as_child(edition, by=actor(grown))
    assert not Acceptance.objects.exists()


def test_only_the_edition_in_force_can_be_accepted(edition):
    later = make_edition(number=2, in_force_from=TODAY + DAY)
    older = make_edition(number=3, in_force_from=LONG_AGO - DAY)
    for other in (later, older):
        with pytest.raises(actions.AcceptanceError):
            actions.accept_for_oneself(other, by=actor(make_employee()))
    assert not Acceptance.objects.exists()


def test_a_parent_accepts_for_the_own_child_only(edition, school):
    school(parents_have_cabinets=True)
    child, other = make_pupil(age=12), make_pupil(age=12)
    parent = make_parent(child=child)
    actions.accept_for_child(child, edition, by=actor(parent))
    with pytest.raises(actions.AcceptanceError):
        actions.accept_for_child(other, edition, by=actor(parent))
    assert (kept(child), kept(other)) == ([("parent", parent.pk, "192.0.2.7")], [])


def test_nobody_accepts_for_a_child_of_14(edition, school):
    school(parents_have_cabinets=True)
    child = make_pupil(age=14)
    with pytest.raises(actions.AcceptanceError):
        actions.accept_for_child(child, edition, by=actor(make_parent(child=child)))


def test_paper_counts_as_the_parents_under_14_and_as_ones_own_from_14(edition):
    young, grown, leader = make_pupil(age=13), make_pupil(age=14), make_employee()
    assert actions.record_paper([young, grown], edition, by=actor(leader)) == 2
    assert (kept(young), kept(grown)) == (
        [("paper", leader.pk, "192.0.2.7")],
        [("own_paper", leader.pk, "192.0.2.7")],
    )
    assert (has_accepted(young), has_accepted(grown)) == (False, True)
    assert [AuditEntry.objects.of(person).count() for person in (young, grown)] == [1, 1]


def test_paper_passes_over_who_has_one_already(edition, school):
    school(parents_have_cabinets=True)
    by_parent, by_self, new = make_pupil(age=12), make_pupil(age=15), make_pupil(age=12)
    give(by_parent, edition, Kind.PARENT)
    give(by_self, edition, Kind.SELF)
    pupils, leader = [by_parent, by_self, new], actor(make_employee())
    assert actions.record_paper(pupils, edition, by=leader) == 1
    assert actions.record_paper(pupils, edition, by=leader) == 0
    assert [kind for kind, *_ in kept(by_parent) + kept(by_self) + kept(new)] == ["parent", "self", "paper"]


def test_paper_is_for_pupils_only_and_all_or_nothing(edition):
    pupil, teacher = make_pupil(age=12), make_employee()
    with pytest.raises(actions.AcceptanceError):
        actions.record_paper([pupil, teacher], edition, by=actor(teacher))
    assert not Acceptance.objects.exists()


# The page


@pytest.mark.clause("6.4")
def test_the_text_is_read_ticked_and_accepted(client, edition, registry):
    teacher = make_employee()
    enter(client, teacher)
    assert client.get("/cabinet/").url == PAGE
    page = client.get(PAGE).content.decode()
    assert ("<h2>Полный текст</h2>" in page, "Простыми словами" in page) == (True, False)
    answer = client.post(PAGE, form(edition, Kind.SELF))
    assert (answer.status_code, answer.url) == (302, "/cabinet/")
    assert kept(teacher) == [("self", teacher.pk, "127.0.0.1")]
    assert client.get("/cabinet/").status_code == 200
    assert "Соглашение принято" in client.get(PAGE).content.decode()


def test_without_the_tick_nothing_is_accepted(client, edition):
    enter(client, make_employee())
    answer = client.post(PAGE, form(edition, Kind.SELF, agree=""))
    assert (answer.status_code, "без неё соглашение не принимается" in answer.content.decode()) == (200, True)
    assert not Acceptance.objects.exists()


def test_one_goes_on_to_where_one_wanted(client, edition, registry):
    enter(client, make_employee())
    to_gate = client.get("/classes/?page=2").url
    assert to_gate == "/agreement/?next=%2Fclasses%2F%3Fpage%3D2"
    assert 'name="next" value="/classes/?page=2"' in client.get(to_gate).content.decode()
    assert client.post(PAGE, form(edition, Kind.SELF, next="/classes/?page=2")).url == "/classes/?page=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:evil",
        "evil",
        " //e.x",
    ],
)
def test_one_is_not_led_away(client, edition, target):
    enter(client, make_employee())
    assert client.post(PAGE, form(edition, Kind.SELF, next=target)).url == "/cabinet/"


def test_a_page_left_open_over_a_new_edition_asks_again(client, edition):
    enter(client, make_employee())
    make_edition(number=2, in_force_from=TODAY, text="## Новый текст")
    answer = client.post(PAGE, form(edition, Kind.SELF), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    page = answer.content.decode()
    assert ("<h2>Новый текст</h2>" in page, "соглашение обновилось" in page) == (True, True)
    assert not Acceptance.objects.exists()


def test_a_text_mended_meanwhile_is_read_again(client, edition):
    enter(client, make_employee())
    posted = form(edition, Kind.SELF)
    AgreementEdition.objects.update(text="## Исправленный текст")
    answer = client.post(PAGE, posted, follow=True)
    assert "<h2>Исправленный текст</h2>" in answer.content.decode()
    assert not Acceptance.objects.exists()


def test_a_childs_page_does_not_accept_the_full_text(client, edition):
    grown = make_pupil(age=14)
    enter(client, grown)
    assert client.post(PAGE, form(edition, Kind.CHILD)).url == PAGE
    assert kept(grown) == []


@pytest.mark.parametrize(
    "fields",
    [{"edition": "x"}, {"edition": ""}, {"edition": "9" * 40}, {"kind": "nobody"}, {"kind": ""}, {"kind": "paper"}],
)
def test_a_forged_form_asks_again(client, edition, fields):
    enter(client, make_employee())
    assert client.post(PAGE, {**form(edition, Kind.SELF), **fields}).url == PAGE
    assert not Acceptance.objects.exists()


def test_a_second_click_goes_the_same_way(client, edition):
    teacher = make_employee()
    enter(client, teacher)
    answers = [client.post(PAGE, form(edition, Kind.SELF, next="/elements/")).url for _ in range(2)]
    assert (answers, len(kept(teacher))) == (["/elements/", "/elements/"], 1)


def test_without_an_edition_the_page_says_whom_to_ask(client, registry):
    enter(client, make_employee())
    page = client.get(PAGE)
    assert (page.status_code, "ещё не опубликовано" in page.content.decode()) == (200, True)
    assert client.get("/agreement/children/").url.startswith(PAGE)


@pytest.mark.clause("6.4")
def test_a_pupil_of_twelve_ticks_the_plain_text_and_waits_for_a_parent(client, edition, registry, school):
    school(parents_have_cabinets=True)
    child = make_pupil(age=12)
    parent = make_parent(child=child)
    enter(client, child)
    page = client.get(PAGE).content.decode()
    assert ("<h2>Простыми словами</h2>" in page, "Обещаю" in page, "Принимаю" in page) == (True, True, False)
    answer = client.post(PAGE, form(edition, Kind.CHILD), follow=True)
    assert answer.redirect_chain == [("/cabinet/", 302), (PAGE, 302)]
    waits = answer.content.decode()
    assert ("Ждём родителя" in waits, "в&nbsp;своём личном кабинете" in waits, "Обещаю" in waits) == (True, True, False)
    assert client.get("/cabinet/").url == PAGE
    actions.accept_for_child(child, edition, by=actor(parent))
    assert client.get("/cabinet/").status_code == 200
    assert "Соглашение принято" in client.get(PAGE).content.decode()


def test_without_parents_cabinets_the_child_is_sent_to_the_class_teacher(client, edition):
    child = make_pupil(age=12)
    give(child, edition, Kind.CHILD)
    enter(client, child)
    waits = client.get(PAGE).content.decode()
    assert ("классному руководителю" in waits, "в&nbsp;своём личном кабинете" in waits) == (True, False)


@pytest.mark.parametrize(("age", "switch"), [(14, True), (12, False)])
def test_from_fourteen_or_with_the_switch_off_a_pupil_accepts_alone(client, edition, registry, school, age, switch):
    school(parent_accepts_under_14=switch)
    pupil = make_pupil(age=age)
    enter(client, pupil)
    assert "<h2>Полный текст</h2>" in client.get(PAGE).content.decode()
    assert client.post(PAGE, form(edition, Kind.SELF)).url == "/cabinet/"
    assert client.get("/cabinet/").status_code == 200


# Parents


@pytest.fixture
def family(edition, registry, school):
    """A parent past the gate, a child of twelve, and somebody else's child."""
    school(parents_have_cabinets=True)
    child = make_pupil(age=12, surname="Ёлкин", name="Тимофей", patronymic="")
    return make_parent(child=child), child, make_pupil(age=12, surname="Тихий")


def child_page(child: User) -> str:
    return reverse("accounts:agreement_child", args=[child.pk])


@pytest.mark.clause("6.4")
def test_a_parent_accepts_in_the_own_cabinet(client, edition, family):
    parent, child, _ = family
    sign_in(client, parent)
    assert "Примите соглашение за ребёнка" in client.get("/cabinet/").content.decode()
    assert "Ёлкин Тимофей" in client.get("/agreement/children/").content.decode()
    page = client.get(child_page(child)).content.decode()
    assert ("<h2>Полный текст</h2>" in page, "Принимаю за ребёнка" in page) == (True, True)
    answer = client.post(child_page(child), form(edition, Kind.PARENT))
    assert (answer.status_code, answer.url) == (302, "/agreement/children/")
    assert kept(child) == [("parent", parent.pk, "127.0.0.1")]
    assert "Примите соглашение" not in client.get("/cabinet/").content.decode()
    assert "Ждём отметку ребёнка" in client.get(child_page(child)).content.decode()


def test_without_the_tick_nothing_is_accepted_for_a_child(client, edition, family):
    parent, child, _ = family
    sign_in(client, parent)
    answer = client.post(child_page(child), form(edition, Kind.PARENT, agree=""))
    assert (answer.status_code, kept(child)) == (200, [])


@pytest.mark.parametrize("whose", ["other", "former", "later", "cabinets", "left"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_the_own_child_while_the_relation_lasts(client, edition, family, school, whose, method):
    parent, child, other = family
    # An employee too, so that the gate opens even without a parent's status.
    Appointment.objects.create(person=parent, position=make_position(), starts=LONG_AGO)
    if whose == "former":
        Relation.objects.update(ends=TODAY - DAY)
    if whose == "later":
        Relation.objects.update(starts=TODAY + DAY)
    if whose == "cabinets":
        school(parents_have_cabinets=False)
    if whose == "left":
        child.enrolments.update(ends=TODAY - DAY)
    sign_in(client, User.objects.get(pk=parent.pk))
    url = child_page(other if whose == "other" else child)
    answer = getattr(client, method)(url, form(edition, Kind.PARENT) if method == "post" else {})
    assert answer.status_code == 404
    assert ("Тихий" in answer.content.decode(), kept(child), kept(other)) == (False, [], [])


def test_the_childrens_page_shows_own_children_only(client, edition, family):
    parent, *_ = family
    sign_in(client, parent)
    page = client.get("/agreement/children/").content.decode()
    assert ("Ёлкин" in page, "Тихий" in page) == (True, False)


def test_a_parents_stale_page_asks_again(client, edition, family):
    parent, child, _ = family
    sign_in(client, parent)
    newer = make_edition(number=2, in_force_from=TODAY)
    give(parent, newer, Kind.SELF)
    assert client.post(child_page(child), form(edition, Kind.PARENT)).url == child_page(child)
    assert kept(child) == []


def test_a_child_who_accepted_needs_no_parent(client, edition, family):
    parent, child, _ = family
    give(child, edition, Kind.PAPER)
    sign_in(client, parent)
    assert "Принимаю за ребёнка" not in client.get(child_page(child)).content.decode()
    assert client.post(child_page(child), form(edition, Kind.PARENT)).url == "/agreement/children/"
    assert [kind for kind, *_ in kept(child)] == ["paper"]


# What waits


def test_what_waits_is_counted_in_one_query(edition, family, django_assert_num_queries):
    parent, child, _ = family
    Relation.objects.create(parent=parent, pupil=make_pupil(age=9), kind="mother", starts=LONG_AGO)
    room = make_class(grade=7)
    Appointment.objects.create(
        person=parent, position=make_position("class_teacher"), school_class=room, starts=LONG_AGO
    )
    for _ in range(3):
        make_pupil(school_class=room)
    make_pupil(school_class=room, ends=TODAY - DAY)
    person = User.objects.with_standing(TODAY).get(pk=parent.pk)
    assert (len(person.led_classes), person.unread_notifications) == (1, 0)
    with django_assert_num_queries(1):
        waiting = waiting_for(person, TODAY)
    assert [(item.text, item.url) for item in waiting] == [
        ("Примите соглашение за детей: 2", "/agreement/children/"),
        ("Не приняли соглашение: 3 обучающихся класса", f"/classes/{room.pk}/agreement/?state=waiting"),
    ]


def test_nothing_waits_where_no_edition_is_in_force(family):
    parent, *_ = family
    AgreementEdition.objects.all().delete()
    assert waiting_for(User.objects.with_standing(TODAY).get(pk=parent.pk), TODAY) == []


def test_a_person_without_classes_and_children_is_not_asked(edition):
    assert waiting_for(make_employee(), TODAY) == []


def test_a_superuser_may_accept_too(client, edition):
    root = make_person(is_superuser=True)
    enter(client, root)
    assert client.post(PAGE, form(edition, Kind.SELF)).url == "/cabinet/"
