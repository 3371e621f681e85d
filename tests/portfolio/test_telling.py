"""A family hears of what the school has written into its portfolio: once, however many, and nobody else (11.1)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Notification, Relation
from portfolio.actions import events
from portfolio.actions.telling import tell_entered
from portfolio.events import Participant
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import make_achievement, make_event

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1", "11.3")]
OWN, CHILDREN = "/portfolio/achievements/?origin=staff", "/portfolio/children/"


@pytest.fixture
def school(site):
    room = factories.make_class(grade=8)
    pupils = [factories.make_pupil(school_class=room, surname=name) for name in ("Арбузов", "Берёзкина", "Вишнёв")]
    return {"pupils": pupils, "parent": factories.make_parent(child=pupils[0]),
            "deputy": factories.make_employee(position="deputy")}  # fmt: skip


def by(person) -> Actor:
    return Actor(person, None, person.username)


def told() -> list[tuple]:
    rows = Notification.objects.filter(kind="achievement_entered").order_by("pk")
    return list(rows.values_list("person", "text", "url"))


def test_participants_of_an_event_and_their_parents_are_told_where_it_stands(client, school):
    first, second, third = school["pupils"]
    event = make_event(title="Турнир по шахматам")
    people = [Participant(pupil=one, outcome="winner") for one in (first, second)]
    events.add_participants(event, people, by=by(school["deputy"]))
    words = "«Турнир по шахматам»."
    assert told() == [
        (first.pk, f"Внесено школой в ваше портфолио: {words}", OWN),
        (second.pk, f"Внесено школой в ваше портфолио: {words}", OWN),
        (school["parent"].pk, f"Внесено школой в портфолио ребёнка: {words}", CHILDREN),
    ]
    # The next ones of the same event are told, the former not again.
    events.add_participants(event, [Participant(pupil=third, outcome="winner")], by=by(school["deputy"]))
    assert [person for person, _, _ in told()[3:]] == [third.pk]
    # Who was removed by mistake and entered again hears of that.
    events.remove_participant(first.achievements.get(), by=by(school["deputy"]))
    events.add_participants(event, people[:1], by=by(school["deputy"]))
    assert [person for person, _, _ in told()[4:]] == [first.pk, school["parent"].pk]
    for person, page in ((first, OWN), (school["parent"], CHILDREN)):
        sign_in(client, person)
        assert client.get(page).status_code == 200
    sign_in(client, first)
    assert "Турнир по шахматам" in client.get(OWN).content.decode()


def test_a_list_is_one_line_for_each_with_how_many(school):
    first, second, _ = school["pupils"]
    Relation.objects.create(
        parent=school["parent"], pupil=second, kind="mother", starts=factories.LONG_AGO, basis="Свидетельство"
    )
    rows = [
        make_achievement(pupil, title=title, origin="record", source="СГО", record_key=f"{pupil.pk}-{title}")
        for pupil, title in ((first, "Кросс"), (first, "Чтецы"), (second, "Кросс"))
    ]
    for _ in range(2):
        tell_entered(rows, deed="batch:5", by=by(school["deputy"]))
    where = "/portfolio/achievements/?origin=record"
    assert told() == [
        (first.pk, "Загружено из системы учёта в ваше портфолио: 2 достижения.", where),
        (second.pk, "Загружено из системы учёта в ваше портфолио: 1 достижение.", where),
        (school["parent"].pk, "Загружено из системы учёта в портфолио ребёнка: новые достижения.", CHILDREN),
    ]
    tell_entered([], deed="batch:6", by=by(school["deputy"]))
    assert len(told()) == 3


def test_telling_costs_as_much_for_thirty_as_for_one(school):
    def queries(count: int) -> int:
        pupils = [factories.make_pupil() for _ in range(count)]
        rows = [make_achievement(one, origin="staff", title="Олимпиада") for one in pupils]
        with CaptureQueriesContext(connection) as found:
            tell_entered(rows, deed=f"event:{rows[0].pk}", by=by(school["deputy"]))
        return len(found)

    assert queries(1) == queries(30)
