"""Consents: whose answer is needed at which age, giving, refusing, withdrawing, new versions; the cabinet's pages."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError
from django.test.utils import CaptureQueriesContext

from accounts import consents
from accounts.actions import consents as actions
from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import Appointment, AuditEntry, Consent, ConsentKind, ConsentText, Relation, User
from eios.lib.dates import start_of_day
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_consent,
    make_consent_text,
    make_employee,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
COMMAND = Actor.command("tests")
PROCESSING, PUBLICATION, PORTFOLIO = ConsentKind
PARENT, PUPIL, SELF = Consent.Capacity
DATE = datetime.date(2026, 11, 22)


def by(person: User) -> Actor:
    return Actor(person, "10.0.0.7", person.username)


def aged(years: int, *, on: datetime.date = TODAY, days: int = 0, **fields) -> User:
    """A pupil whose birthday of so many years is `days` after the date."""
    birthday = on + days * DAY
    return make_pupil(birth_date=birthday.replace(year=birthday.year - years), **fields)


def state(subject: User, kind=PROCESSING, date=TODAY) -> consents.State:
    return consents.state_of(subject, kind, date)


@pytest.fixture
def text() -> ConsentText:
    return make_consent_text(is_asked=True)


@pytest.fixture
def cabinets(school):
    load_registry(by=COMMAND)
    return school(parents_have_cabinets=True)


# Who answers


@pytest.mark.parametrize(
    ("years", "days", "expected"),
    [
        (13, 0, (PARENT,)),
        (14, 1, (PARENT,)),
        (14, 0, (PARENT, PUPIL)),
        (17, 0, (PARENT, PUPIL)),
        (18, 1, (PARENT, PUPIL)),
        (18, 0, (SELF,)),
        (30, 0, (SELF,)),
    ],
)
def test_who_answers_at_which_age(years, days, expected):
    birth = (DATE + days * DAY).replace(year=(DATE + days * DAY).year - years)
    assert consents.wanted("pupil", birth, DATE) == expected
    assert consents.wanted("staff", birth, DATE) == (SELF,)


def test_of_a_pupil_of_unknown_age_the_parents_answer():
    assert consents.wanted("pupil", None, DATE) == (PARENT,)


def test_a_consent_follows_the_birthdays(text):
    """A parent's alone is enough until 14; then the pupil's own is missing; at 18 the pupil's own alone counts."""
    pupil = make_pupil(birth_date=datetime.date(2012, 11, 22))
    parent = make_parent(child=pupil)
    long_ago = start_of_day(datetime.date(2025, 9, 1))
    make_consent(pupil, by=parent, text=text, given_at=long_ago)
    eve, day = DATE - DAY, DATE
    assert (state(pupil, date=eve).is_given, state(pupil, date=day).is_given) == (True, False)
    assert state(pupil, date=day).missing == (PUPIL,)
    majority = datetime.date(2030, 11, 22)
    assert state(pupil, date=majority - DAY).missing == (PUPIL,)
    assert state(pupil, date=majority).missing == (SELF,)
    make_consent(pupil, text=text, given_at=start_of_day(datetime.date(2027, 1, 10)))
    given = [state(pupil, date=one).is_given for one in (datetime.date(2027, 1, 9), datetime.date(2027, 1, 10))]
    assert (given, state(pupil, date=majority).is_given) == ([False, True], True)
    assert state(pupil, date=majority).since == start_of_day(datetime.date(2027, 1, 10))


def test_the_pupil_alone_is_not_enough_until_18(text):
    pupil = aged(17)
    make_consent(pupil, text=text)
    found = state(pupil)
    assert (found.is_given, found.missing, found.words, found.tag) == (False, (PARENT,), "ждём родителя", "wait")


def test_a_parents_consent_does_not_count_from_18(text):
    pupil = aged(18)
    make_consent(pupil, by=make_parent(child=pupil), text=text)
    assert (state(pupil).is_given, state(pupil).answers) == (False, ())


def test_staff_answer_their_own_text_and_a_pupil_who_works_the_pupils_one():
    staff_text, pupil_text = make_consent_text(audience="staff"), make_consent_text()
    teacher, worker = make_employee(), aged(16)
    Appointment.objects.create(person=worker, position=make_position(), starts=LONG_AGO)
    assert (state(teacher).text, state(worker).text) == (staff_text, pupil_text)
    make_consent(teacher, text=staff_text, capacity="self")
    assert state(teacher).is_given


def test_a_kind_without_a_text_is_never_given():
    pupil = make_pupil()
    assert (state(pupil).is_given, state(pupil).words) == (False, "не запрашивается")


def test_states_and_their_sql_form_are_equal(text):
    """Every age × who answered × how that ended: the list's rule is the one's rule."""
    staff_text = make_consent_text(audience="staff")
    for years in (10, 13, 14, 16, 17, 18, 20):
        for answers in range(16):
            pupil = aged(years, days=answers % 2)
            ended = {"withdrawn_at": start_of_day(TODAY)} if answers & 4 else {}
            refused = {"is_refusal": True} if answers & 8 else {}
            if answers & 1:
                make_consent(pupil, by=make_person(), capacity="parent", text=text, **ended)
            if answers & 2:
                make_consent(pupil, capacity="self" if years >= 18 else "pupil", text=text, **refused)
    make_consent(make_employee(), text=staff_text, capacity="self")
    make_consent(make_employee(), text=text, capacity="self")
    make_employee()
    people = User.objects.all()
    expected = {key for key, found in consents.states(people, PROCESSING, TODAY).items() if found.is_given}
    assert {one.pk for one in consents.given(people, PROCESSING, TODAY)} == expected
    assert 10 < len(expected) < 112


# Giving


@pytest.mark.clause("9.1")
def test_a_parent_and_a_pupil_give_it_together(text, cabinets):
    pupil = aged(15)
    parent = make_parent(child=pupil)
    row = actions.give(text, pupil, by=by(parent))
    assert (row.capacity, row.given_by, row.how, row.address) == (PARENT, parent, "electronic", "10.0.0.7")
    assert state(pupil).missing == (PUPIL,)
    assert actions.give(text, pupil, by=by(pupil)).capacity == PUPIL
    assert state(pupil).is_given
    entries = AuditEntry.objects.of(pupil).filter(action="consent.given")
    assert [entry.actor for entry in entries.order_by("pk")] == [parent, pupil]
    assert entries.first().changes["consent"] == [None, "обработка персональных данных"]


def test_pressed_twice_it_is_given_once(text, cabinets):
    pupil = aged(12)
    parent = make_parent(child=pupil)
    first = actions.give(text, pupil, by=by(parent))
    assert actions.give(text, pupil, by=by(parent)) == first
    # The other parent finds it given as well.
    assert actions.give(text, pupil, by=by(make_parent(child=pupil, kind="father"))) == first
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("years", "who", "message"),
    [
        (13, "pupil", "До 14 лет отвечает законный представитель."),
        (18, "parent", "С 18 лет решает сам обучающийся."),
        (15, "stranger", "Ответить можно только за себя и за своего ребёнка."),
        (15, "former parent", "Ответить можно только за себя и за своего ребёнка."),
        (15, "teacher", "Ответить можно только за себя и за своего ребёнка."),
    ],
)
def test_whose_turn_it_is_not(text, cabinets, years, who, message):
    pupil = aged(years)
    people = {
        "pupil": lambda: pupil,
        "parent": lambda: make_parent(child=pupil),
        "stranger": lambda: make_parent(child=aged(15)),
        "former parent": lambda: make_parent(child=pupil, ends=TODAY - DAY),
        "teacher": make_employee,
    }
    person = people[who]()
    for verb in (actions.give, actions.refuse):
        with pytest.raises(ValidationError, match=message):
            verb(text, pupil, by=by(person))
    assert not Consent.objects.exists()


@pytest.mark.clause("9.1")
@pytest.mark.parametrize("why", ["switch off", "child expelled"])
def test_a_parent_without_a_cabinet_answers_nothing(text, school, why):
    school(parents_have_cabinets=why != "switch off")
    pupil = aged(12, ends=TODAY - DAY if why == "child expelled" else None)
    parent = make_parent(child=pupil)
    with pytest.raises(ValidationError):
        actions.give(text, pupil, by=by(parent))
    assert (consents.subjects_of(parent, TODAY), Consent.objects.count()) == ([], 0)


def test_one_account_answers_for_two_children(text, cabinets):
    first, second = aged(9, surname="Ёлкин"), aged(15, surname="Ёлкина")
    parent = make_parent(child=first)
    Relation.objects.create(parent=parent, pupil=second, kind="mother", starts=LONG_AGO)
    assert consents.subjects_of(parent, TODAY) == [first, second]
    actions.give(text, first, by=by(parent))
    assert (state(first).is_given, state(second).is_given) == (True, False)


def test_a_consent_stays_when_the_child_has_left_but_counts_no_more_for_the_parent(text, cabinets):
    pupil = aged(12)
    make_consent(pupil, by=make_parent(child=pupil), text=text)
    pupil.enrolments.update(ends=TODAY - DAY)
    assert (state(pupil).is_given, Consent.objects.count()) == (True, 1)


# Refusing and withdrawing


def test_a_refusal_gives_way_to_a_consent(text, cabinets):
    pupil = aged(12)
    parent = make_parent(child=pupil)
    actions.refuse(text, pupil, by=by(parent))
    assert (state(pupil).words, state(pupil).is_given) == ("отказ", False)
    actions.give(text, pupil, by=by(parent))
    assert (state(pupil).words, state(pupil).withdrawn) == ("дано", ())
    with pytest.raises(ValidationError, match="можно отозвать"):
        actions.refuse(text, pupil, by=by(parent))
    assert Consent.objects.count() == 2


def test_a_withdrawal_works_at_once_and_keeps_the_row(text, cabinets):
    pupil = aged(15)
    parent = make_parent(child=pupil)
    for person in (parent, pupil):
        actions.give(text, pupil, by=by(person))
    assert Consent.objects.in_force(PROCESSING, TODAY).count() == 2
    assert actions.withdraw(pupil, PROCESSING, reason="Передумали", by=by(parent)) == 1
    assert (state(pupil).is_given, state(pupil).words) == (False, "отозвано")
    assert Consent.objects.in_force(PROCESSING, TODAY).count() == 1
    row = Consent.objects.get(capacity=PARENT)
    assert (row.withdrawn_by, row.withdrawn_how, row.withdraw_reason) == (parent, "electronic", "Передумали")
    entry = AuditEntry.objects.of(pupil).get(action="consent.withdrawn")
    assert (entry.actor, "Передумали" in str(entry.changes)) == (parent, False)
    actions.give(text, pupil, by=by(parent))
    assert (state(pupil).is_given, Consent.objects.count()) == (True, 3)


def test_either_parent_and_the_pupil_may_withdraw_and_yesterday_stays_as_it_was(text, cabinets):
    pupil = aged(15)
    mother, father = make_parent(child=pupil), make_parent(child=pupil, kind="father")
    before = start_of_day(TODAY - 3 * DAY)
    make_consent(pupil, by=mother, text=text, given_at=before)
    make_consent(pupil, text=text, given_at=before)
    assert actions.withdraw(pupil, PROCESSING, by=by(pupil)) == 1
    assert (state(pupil).is_given, state(pupil, date=TODAY - DAY).is_given) == (False, True)
    assert actions.withdraw(pupil, PROCESSING, by=by(father)) == 1
    assert actions.withdraw(pupil, PROCESSING, by=by(father)) == 0


def test_a_stranger_withdraws_nothing(text, cabinets):
    pupil = aged(12)
    make_consent(pupil, by=make_parent(child=pupil), text=text)
    with pytest.raises(ValidationError):
        actions.withdraw(pupil, PROCESSING, by=by(make_parent(child=aged(12))))
    assert state(pupil).is_given


def test_the_database_keeps_one_standing_answer_and_deletes_none(text):
    pupil = make_pupil()
    make_consent(pupil, text=text)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(pupil, text=text)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(make_pupil(), text=text, how="paper")
    with pytest.raises(ProtectedError):
        text.delete()


# Versions


def test_a_new_version_asks_anew_from_its_day(text, cabinets):
    pupil = aged(12)
    parent = make_parent(child=pupil)
    actions.give(text, pupil, by=by(parent))
    new = actions.publish_text(
        kind=PROCESSING, audience="pupil", title="Новое", text="Иначе", in_force_from=TODAY + DAY, by=COMMAND
    )
    assert (new.number, state(pupil).is_given, state(pupil, date=TODAY + DAY).is_given) == (2, True, False)
    assert Consent.objects.in_force(PROCESSING, TODAY + DAY).count() == 0
    with pytest.raises(ValidationError, match="обновился"):
        actions.give(new, pupil, by=by(parent))
    # Kinds do not touch each other.
    assert state(pupil, PUBLICATION).text is None


def test_withdrawing_takes_back_consents_to_former_versions_too(text, cabinets):
    pupil = aged(12)
    parent = make_parent(child=pupil)
    old = make_consent(pupil, by=parent, text=text)
    make_consent(pupil, by=parent, text=make_consent_text(number=2, in_force_from=TODAY))
    assert actions.withdraw(pupil, PROCESSING, by=by(parent)) == 2
    old.refresh_from_db()
    assert old.withdrawn_by == parent


@pytest.mark.parametrize("starts", [TODAY - DAY, TODAY])
def test_a_version_begins_neither_in_the_past_nor_before_another(starts):
    make_consent_text(in_force_from=TODAY)
    with pytest.raises(ValidationError):
        actions.publish_text(kind=PROCESSING, audience="pupil", title="Н", text="Т", in_force_from=starts, by=COMMAND)


def test_an_answered_text_can_not_be_changed_but_the_reminder_can(text):
    make_consent(make_pupil(), text=text)
    text.is_asked = False
    actions.change_text(text, by=COMMAND)
    text.text = "Другое"
    with pytest.raises(ValidationError, match="опубликуйте новую версию"):
        actions.change_text(text, by=COMMAND)
    text.refresh_from_db()
    assert (text.text, text.is_asked) == ("Текст согласия", False)


def test_the_first_texts_are_loaded_once_and_name_the_school(school):
    school(full_name="Школа №29")
    added = actions.load_first_consents(by=COMMAND)
    assert [(row.kind, row.audience, row.is_asked) for row in added] == [
        ("processing", "pupil", True),
        ("publication", "pupil", False),
        ("portfolio", "pupil", False),
        ("processing", "staff", True),
        ("publication", "staff", False),
    ]
    assert all("Школа №29" in row.text and "{" not in row.text and "<h2>" in row.html for row in added)
    assert actions.load_first_consents(by=COMMAND) == []


# Papers


def test_papers_are_recorded_of_the_day_they_were_signed(text):
    young, grown = aged(12), aged(15)
    mother, teacher = make_parent(child=young), make_employee()
    papers = [
        consents.Paper(young, by_parent=True, parent=mother),
        consents.Paper(grown, by_parent=True, by_pupil=True),
    ]
    signed = TODAY - 3 * DAY
    assert actions.record_papers(text, papers, signed_on=signed, note="Без фото", by=by(teacher)) == 3
    assert (state(young).is_given, state(grown).is_given, state(young, date=signed - DAY).is_given) == (
        True, True, False,
    )  # fmt: skip
    row = Consent.objects.get(subject=young)
    assert (row.given_by, row.recorded_by, row.how, row.given_at) == (mother, teacher, "paper", start_of_day(signed))
    assert Consent.objects.get(subject=grown, capacity=PARENT).given_by is None
    assert actions.record_papers(text, papers, signed_on=signed, by=by(teacher)) == 0
    assert "Без фото" not in str([entry.changes for entry in AuditEntry.objects.all()])


@pytest.mark.parametrize(
    ("years", "signers", "days", "message"),
    [
        (13, {"by_pupil": True}, 0, "до 14 лет подписывает законный представитель"),
        (18, {"by_parent": True}, 0, "с 18 лет решает сам обучающийся"),
        (15, {}, 0, "отметьте, чья подпись"),
        (15, {"by_parent": True}, -1, "в будущем"),
    ],
)
def test_wrong_papers_record_nothing(text, years, signers, days, message):
    good, wrong = aged(12), aged(years)
    papers = [consents.Paper(good, by_parent=True), consents.Paper(wrong, **signers)]
    with pytest.raises(ValidationError, match=message):
        actions.record_papers(text, papers, signed_on=TODAY - days * DAY, by=by(make_employee()))
    assert not Consent.objects.exists()


def test_age_on_the_day_of_signing_decides_about_a_paper(text):
    """Signed by the parent on the eve of 18, handed in on the birthday: recorded, but it does not count any more."""
    pupil = aged(18)
    paper = [consents.Paper(pupil, by_parent=True)]
    for expected in (1, 0):
        assert actions.record_papers(text, paper, signed_on=TODAY - DAY, by=by(make_employee())) == expected
    assert state(pupil).missing == (SELF,)


def test_a_paper_can_not_be_older_than_its_text():
    text = make_consent_text(in_force_from=TODAY)
    with pytest.raises(ValidationError, match="раньше его подписать не могли"):
        actions.record_papers(
            text, [consents.Paper(aged(12), by_parent=True)], signed_on=TODAY - DAY, by=by(make_employee())
        )


@pytest.mark.parametrize("later", ["withdrawn", "refused"])
def test_an_old_paper_does_not_undo_a_later_decision(text, cabinets, later):
    pupil = aged(12)
    parent = make_parent(child=pupil)
    if later == "refused":
        actions.refuse(text, pupil, by=by(parent))
    else:
        actions.give(text, pupil, by=by(parent))
        actions.withdraw(pupil, PROCESSING, by=by(parent))
    paper = [consents.Paper(pupil, by_parent=True, parent=parent)]
    with pytest.raises(ValidationError, match="Нужна новая бумага"):
        actions.record_papers(text, paper, signed_on=TODAY - DAY, by=by(make_employee()))
    assert actions.record_papers(text, paper, signed_on=TODAY, by=by(make_employee())) == 1
    assert state(pupil).is_given


# «Ждёт вас»


def buttons(person: User) -> list[str]:
    return [row.text for row in waiting_for(User.objects.get(pk=person.pk), TODAY) if "гласи" in row.text]


def test_what_waits_is_only_what_the_school_asks_for(text, cabinets):
    make_consent_text(kind="publication")
    child, grown = aged(12), aged(15)
    parent = make_parent(child=child)
    Relation.objects.create(parent=parent, pupil=grown, kind="mother", starts=LONG_AGO)
    assert (consents.children_asked(parent.pk, TODAY).count(), consents.own_asked(grown.pk, TODAY).count()) == (2, 1)
    assert (consents.own_asked(child.pk, TODAY).count(), consents.own_asked(make_employee().pk, TODAY).count()) == (
        0,
        0,
    )
    assert buttons(grown) == ["Прочитайте и ответьте: 1 согласие"]
    actions.refuse(text, child, by=by(parent))
    actions.give(text, grown, by=by(grown))
    assert (consents.children_asked(parent.pk, TODAY).count(), buttons(grown)) == (1, [])
    make_consent_text(number=2, in_force_from=TODAY, is_asked=True)
    assert (consents.children_asked(parent.pk, TODAY).count(), consents.own_asked(grown.pk, TODAY).count()) == (2, 1)


def test_nobody_is_reminded_for_a_grown_child(text, cabinets):
    pupil = aged(18)
    assert consents.children_asked(make_parent(child=pupil).pk, TODAY).count() == 0
    assert consents.own_asked(pupil.pk, TODAY).count() == 1


# Pages of the cabinet


def page(subject: User, kind="processing", suffix="") -> str:
    return f"/consents/{subject.pk}/{kind}/{suffix}"


def test_consent_list_shows_mine_and_my_childrens(client, text, cabinets):
    make_consent_text(kind="portfolio")
    child = aged(12, surname="Ёлкин", name="Тимофей", patronymic="")
    aged(12, surname="Чужой")
    parent = make_parent(child=child)
    sign_in(client, parent)
    html = client.get("/consents/").content.decode()
    assert ("Ёлкин Тимофей" in html, "Чужой" in html, "Мои согласия" in html) == (True, False, False)
    assert [page(child, kind) in html for kind in ConsentKind.values] == [True, False, True]
    sign_in(client, child)
    html = client.get("/consents/").content.decode()
    assert ("Мои согласия" in html, "ждём родителя" in html) == (True, True)


def test_consent_is_read_given_and_withdrawn(client, text, cabinets):
    child = aged(12)
    sign_in(client, make_parent(child=child))
    html = client.get(page(child)).content.decode()
    assert ("Текст согласия" in html, "Даю согласие" in html, "withdraw/" in html) == (True, True, False)
    answer = client.post(page(child), {"version": text.mark})
    assert ("Поставьте отметку" in answer.content.decode(), Consent.objects.count()) == (True, 0)
    answer = client.post(page(child), {"version": text.mark, "agree": "on"}, follow=True)
    assert answer.redirect_chain == [("/consents/", 302)]
    assert (state(child).is_given, Consent.objects.get().address) == (True, "127.0.0.1")
    html = client.get(page(child, suffix="withdraw/")).content.decode()
    assert ("личное дело, приказы, журнал" in html, state(child).is_given) == (True, True)
    client.post(page(child, suffix="withdraw/"), {"reason": "Передумали"})
    assert state(child).words == "отозвано"
    assert "Отозвано" in client.get(page(child)).content.decode()


def test_consent_refuse_is_confirmed_first(client, text, cabinets):
    child = aged(12)
    sign_in(client, make_parent(child=child))
    assert "перестанет об этом напоминать" in client.get(page(child, suffix="refuse/")).content.decode()
    assert not Consent.objects.exists()
    client.post(page(child, suffix="refuse/"))
    assert (state(child).words, client.get(page(child)).content.decode().count("Не даю")) == ("отказ", 0)


def test_a_stale_page_asks_again(client, text, cabinets):
    child = aged(12)
    sign_in(client, make_parent(child=child))
    answer = client.post(page(child), {"version": "1-0000", "agree": "on"}, follow=True)
    assert ("Прочитайте его ещё раз" in answer.content.decode(), Consent.objects.count()) == (True, 0)


@pytest.mark.parametrize("suffix", ["", "refuse/", "withdraw/"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["another parent", "classmate", "class teacher", "former parent", "director"])
def test_anybody_elses_consent_is_not_found(client, text, cabinets, who, method, suffix):
    room = make_class()
    pupil = aged(15, surname="Секретов", school_class=room)
    make_consent(pupil, by=make_parent(child=pupil), text=text)
    visitors = {
        "another parent": lambda: make_parent(child=aged(12)),
        "classmate": lambda: aged(15, school_class=room),
        "class teacher": lambda: make_employee(position="class_teacher", school_class=room),
        "former parent": lambda: former_parent(pupil),
        "director": lambda: make_employee(position="director"),
    }
    sign_in(client, visitors[who]())
    answer = getattr(client, method)(page(pupil, suffix=suffix), {"version": text.mark, "agree": "on"})
    assert (answer.status_code, "Секретов" in answer.content.decode()) == (404, False)
    assert list(Consent.objects.values_list("capacity", "withdrawn_at")) == [("parent", None)]


def former_parent(pupil: User) -> User:
    """Still a parent of another pupil, so that the cabinet opens."""
    parent = make_parent(child=pupil, ends=TODAY - DAY)
    Relation.objects.create(parent=parent, pupil=aged(9), kind="mother", starts=LONG_AGO)
    return parent


def test_a_pupil_under_14_reads_and_a_parent_of_a_grown_one_only_looks(client, text, cabinets):
    child, grown = aged(13), aged(18)
    for person, subject, words in (
        (child, child, "До 14&nbsp;лет отвечает законный представитель"),
        (make_parent(child=grown), grown, "С&nbsp;18&nbsp;лет решает сам"),
    ):
        sign_in(client, person)
        html = client.get(page(subject)).content.decode()
        assert (words in html, "Даю согласие" in html) == (True, False)
        client.post(page(subject), {"version": text.mark, "agree": "on"})
        client.post(page(subject, suffix="refuse/"))
    assert not Consent.objects.exists()


@pytest.mark.parametrize("kind", ["zzz", "publication"])
def test_a_kind_that_there_is_not_is_not_found(client, text, cabinets, kind):
    pupil = aged(15)
    sign_in(client, pupil)
    assert client.get(page(pupil, kind)).status_code == 404


# Queries


def test_queries_do_not_grow_with_people(text):
    def count(people) -> int:
        with CaptureQueriesContext(connection) as context:
            assert len(consents.all_states(people, TODAY)) == len(people)
        return len(context)

    people = [aged(15) for _ in range(30)]
    for one in people:
        make_consent(one, by=make_parent(child=one), text=text)
    assert (count(people[:1]), count(people)) == (3, 3)


def test_the_list_of_a_parent_of_many_children(client, text, cabinets):
    child = aged(9)
    parent = make_parent(child=child)
    sign_in(client, parent)

    def count() -> int:
        client.get("/consents/")
        with CaptureQueriesContext(connection) as context:
            assert client.get("/consents/").status_code == 200
        return len(context)

    few = count()
    for _ in range(30):
        Relation.objects.create(parent=parent, pupil=aged(9), kind="mother", starts=LONG_AGO)
    assert (count(), few <= 12) == (few, True)
