"""The one rule of access, as a table written by hand from access.md, and its SQL form."""

import datetime
from dataclasses import dataclass, field

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard, User
from eios.lib.access import ADMINISTER
from resources import access, audience, tree
from resources.access import Decision, decide, judge
from resources.actions.elements import rename_level
from resources.actions.registry import load_registry
from resources.asker import Asker, asker_for
from resources.models import Level
from resources.positions import OPENED_BY_POSITION
from resources.tree import Ground
from tests.factories import (
    LONG_AGO,
    make_administrator,
    make_element,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    sign_in,
)


@dataclass(frozen=True)
class Known:
    """A person as values: what the rule asks, without a database."""

    level: int
    position_codes: frozenset[str] = field(default_factory=frozenset)
    is_system_administrator: bool = False
    date: datetime.date = LONG_AGO
    living_administrators: frozenset[int] = frozenset()
    grantees: tuple = ()

    def administers(self, people):
        return False

    def meets(self, need):
        return False


GUEST, PUPIL, TEACHER = None, Known(1), Known(2, frozenset({"teacher"}))
METHODIST, DEPUTY = Known(3, frozenset({"method_group_head"})), Known(4, frozenset({"deputy"}))
ADMIN = Known(4, frozenset({"system_administrator"}), True)
CREDENTIALS = Known(2, frozenset({"teacher", "credentials_officer"}))

# closure → who may open: guest, pupil, teacher, method head, deputy, system administrator; where no administrator of
# its own is named, an element falls to the last of them
TABLE = {
    0: (True, True, True, True, True, True),
    1: (False, True, True, True, True, True),
    2: (False, False, True, True, True, True),
    3: (False, False, False, True, True, True),
    4: (False, False, False, False, True, True),
    5: (False, False, False, False, False, True),
}


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("closure", TABLE)
def test_level_against_closure(closure):
    people = (GUEST, PUPIL, TEACHER, METHODIST, DEPUTY, ADMIN)
    assert tuple(judge(person, Ground(1, closure)).allowed for person in people) == TABLE[closure]


@pytest.mark.parametrize(
    ("slug", "allowed"),
    [
        ("credentials", (False, False, True, True)),
        ("audit", (False, False, False, True)),
        ("installation", (False, False, False, True)),
    ],
)
def test_level_five_opens_by_position(slug, allowed):
    ground = Ground(1, 5, opened_by=OPENED_BY_POSITION[slug])
    assert tuple(judge(p, ground).allowed for p in (PUPIL, DEPUTY, CREDENTIALS, ADMIN)) == allowed


def test_a_closed_door_says_which_level_is_needed_and_which_one_has():
    assert judge(PUPIL, Ground(1, 4, "Директор")) == Decision(
        False, ("Нужен уровень «руководство», сейчас — «по учётной записи».",), "Директор"
    )


def test_administering_falls_to_the_system_administrator():
    people = (GUEST, PUPIL, DEPUTY, ADMIN)
    assert [judge(p, Ground(1, 0), "administer").allowed for p in people] == [False, False, False, True]


@pytest.mark.clause("5.3")
@pytest.mark.django_db
def test_level_follows_status_and_position():
    pupil = make_pupil()
    people = [
        make_person(),
        pupil,
        make_employee(),
        make_employee(position="method_group_head"),
        make_employee(position="director"),
    ]
    assert [person.level for person in people] == [0, 1, 2, 3, 4]
    assert make_employee(position="director", is_acting=True).level == 4


@pytest.mark.django_db
def test_a_parent_has_level_one_only_where_cabinets_are_on(school):
    parent = make_parent(child=make_pupil())
    assert parent.level == 0
    school(parents_have_cabinets=True)
    assert type(parent).objects.get(pk=parent.pk).level == 1


@pytest.mark.django_db
@pytest.mark.clause("5.6")
def test_every_opening_of_level_four_and_five_is_in_the_trail(client):
    load_registry(by=Actor.command("проверка"))
    administrator = make_employee(position="system_administrator")
    sign_in(client, administrator)
    client.get("/cabinet/")
    client.get("/audit/")
    opened = AuditEntry.objects.filter(action="element.opened")
    assert [(row.actor, row.basis) for row in opened] == [(administrator, "/audit/")]
    sign_in(client, make_pupil())
    client.get("/audit/")
    assert opened.count() == 1


@pytest.mark.django_db
@pytest.mark.clause("5.6")
def test_opening_a_card_of_level_four_is_in_the_trail_and_looking_at_its_outside_is_not(client):
    load_registry(by=Actor.command("проверка"))
    director, pupil = make_employee(position="director"), make_pupil()
    for person in (pupil, director):
        sign_in(client, person)
        assert client.get("/elements/fis-oko/").status_code == 200
    opened = AuditEntry.objects.filter(action="element.opened")
    assert [(row.actor, row.basis) for row in opened] == [(director, "/elements/fis-oko/")]


@pytest.mark.django_db
def test_reasons_name_levels_as_the_school_does():
    load_registry(by=Actor.command("tests"))
    level = Level.objects.get(number=4)
    level.name = "Дирекция"
    rename_level(level, by=Actor.command("tests"))
    answer = decide(asker_for(make_pupil()), make_element(closure=4))
    assert answer.reasons == ("Нужен уровень «Дирекция», сейчас — «Авторизованный».",)


@pytest.mark.django_db
def test_a_dismissed_teacher_who_is_a_parent_administers_nothing(school):
    school(parents_have_cabinets=True)
    former = make_employee(ends=datetime.date.today() - datetime.timedelta(days=1))
    make_pupil().parent_relations.create(parent=former, kind="mother", starts=LONG_AGO, basis="Свидетельство")
    element = make_element(closure=1)
    make_administrator(element, former)
    asker = Asker(User.objects.get(pk=former.pk), school=SchoolCard.current())
    assert (asker.person.is_parent, access.decide(asker, element).allowed) == (True, True)
    assert access.decide(asker, element, ADMINISTER).allowed is False
    assert list(access.elements_administered_by(asker)) == []
    assert "element_administrator" not in asker.position_codes
    ground = tree.ground_of(asker.school, element)
    [known] = audience.people(asker, ground, keys=[former.pk])
    assert access.judge(known, ground, ADMINISTER).allowed is False
    admin = Asker(make_employee(position="system_administrator"), school=asker.school)
    assert access.decide(admin, element, ADMINISTER).allowed
    assert list(access.elements_administered_by(admin)) == [element]
