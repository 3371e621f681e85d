"""The one rule of access, as a table written by hand from access.md, and its SQL form."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import AuditEntry
from resources import access
from resources.actions import load_registry
from resources.models import Element
from tests.factories import make_element, make_employee, make_parent, make_person, make_pupil, sign_in


@dataclass(frozen=True)
class Visitor:
    level: int
    position_codes: frozenset[str] = field(default_factory=frozenset)
    is_system_administrator: bool = False


GUEST, PUPIL, TEACHER = None, Visitor(1), Visitor(2, frozenset({"teacher"}))
METHODIST, DEPUTY = Visitor(3, frozenset({"method_group_head"})), Visitor(4, frozenset({"deputy"}))
ADMIN = Visitor(4, frozenset({"system_administrator"}), True)
CREDENTIALS = Visitor(2, frozenset({"teacher", "credentials_officer"}))

# closure → who may open: guest, pupil, teacher, method head, deputy, system administrator
TABLE = {
    0: (True, True, True, True, True, True),
    1: (False, True, True, True, True, True),
    2: (False, False, True, True, True, True),
    3: (False, False, False, True, True, True),
    4: (False, False, False, False, True, True),
    5: (False, False, False, False, False, False),
}


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("closure", TABLE)
def test_level_against_closure(closure):
    element = Element(slug="x", closure=closure)
    people = (GUEST, PUPIL, TEACHER, METHODIST, DEPUTY, ADMIN)
    assert tuple(access.decide(person, element).allowed for person in people) == TABLE[closure]


@pytest.mark.parametrize(
    ("slug", "allowed"),
    [
        ("credentials", (False, False, True, True)),
        ("audit", (False, False, False, True)),
        ("installation", (False, False, False, True)),
    ],
)
def test_level_five_opens_by_position(slug, allowed):
    element = Element(slug=slug, closure=5)
    assert tuple(access.decide(p, element).allowed for p in (PUPIL, DEPUTY, CREDENTIALS, ADMIN)) == allowed


def test_a_closed_door_says_which_level_is_needed_and_which_one_has():
    decision = access.decide(PUPIL, Element(slug="x", closure=4, contact="Директор"))
    assert decision == access.Decision(
        False, ("Нужен уровень «руководство», у вас — «по учётной записи».",), "Директор"
    )


def test_administering_falls_to_the_system_administrator():
    element = Element(slug="x", closure=0)
    assert [access.decide(p, element, "administer").allowed for p in (GUEST, PUPIL, DEPUTY, ADMIN)] == [
        False,
        False,
        False,
        True,
    ]


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


visitors = st.one_of(
    st.none(),
    st.builds(
        Visitor,
        level=st.integers(0, 4),
        position_codes=st.frozensets(st.sampled_from(["teacher", "credentials_officer", "system_administrator"])),
        is_system_administrator=st.booleans(),
    ),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visitor=visitors)
def test_the_sql_form_equals_the_decision(visitor, all_closures):
    expected = {e.slug for e in all_closures if access.decide(visitor, e).allowed}
    assert set(Element.objects.filter(access.open_to(visitor)).values_list("slug", flat=True)) == expected


@pytest.fixture
def all_closures(db):
    rows = [make_element(slug=f"c{closure}", closure=closure) for closure in range(6)]
    return rows + [make_element(slug=slug, closure=5) for slug in access.OPENED_BY_POSITION]


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
