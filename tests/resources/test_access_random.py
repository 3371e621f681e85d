"""The SQL form of the rule is the decision, whatever the tree, the people and what was given to them."""

import datetime
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import Block, SchoolCard, User
from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources import access, reach
from resources.actions.elements import CyclicParts, save_element
from resources.asker import Asker
from resources.models import (
    Acquaintance,
    Condition,
    Document,
    Edition,
    Element,
    ElementAdministrator,
    Privilege,
    Reach,
    TrainingElement,
)
from tests.factories import (
    LONG_AGO,
    make_class,
    make_document,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    make_training,
)

COMMAND = Actor.command("проверка")
TODAY = datetime.date.today()
INSIDE, OUTSIDE = "10.0.0.5", "203.0.113.9"
FORMS = {OPEN: access.open_to, CONTRIBUTE: access.contributed_by, ADMINISTER: access.administered_by}
PEOPLE = ("pupil", "parent", "teacher", "head", "both", "admin", "super", "departed", "stopped")
# Gone and blocked people are named in rights, and ask for nothing: the gate makes guests of them.
ASKERS = (None, *PEOPLE[:-2])
KINDS = tuple(kind for kind in Condition.Kind if kind != Condition.Kind.ACQUAINTANCE)

nodes, shifts, people = st.integers(0, 5), st.integers(-1, 1), st.sampled_from(PEOPLE)
closures = st.none() | st.integers(0, 5)


@dataclass
class School:
    people: dict[str, User]
    documents: list[Document]
    grantees: list[dict]


@pytest.fixture
def school_of_all(db) -> School:
    """A person of each kind; two documents, the second with a coming edition."""
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True, "local_networks": "10.0.0.0/24"})
    first, second = make_class(grade=8), make_class(grade=9)
    pupil = make_pupil(school_class=first)
    found = {
        "pupil": pupil,
        "parent": make_parent(child=pupil),
        "teacher": make_employee(),
        "head": make_employee(position="method_group_head"),
        "both": make_employee(position="class_teacher", school_class=second),
        "admin": make_employee(position="system_administrator"),
        "super": make_person(is_superuser=True),
        "departed": make_employee(ends=TODAY - datetime.timedelta(days=1)),
        "stopped": make_employee(position="system_administrator"),
    }
    found["both"].children_relations.create(pupil=pupil, kind="mother", starts=LONG_AGO, basis="Свидетельство")
    Block.objects.create(person=found["stopped"], reason="Проверка")
    Authenticator.objects.create(user=found["head"], type=Authenticator.Type.TOTP, data={})
    documents = [make_document(title="Первый"), make_document(title="Второй")]
    coming = TODAY + datetime.timedelta(days=1)
    Edition.objects.create(document=documents[1], number=2, text="Новое", in_force_from=coming)
    positions = [found[name].appointments_now[0].position for name in ("teacher", "head", "admin")]
    grantees = [
        *({"person": person} for person in found.values()),
        *({"position": position} for position in positions),
        *({"status": status} for status in Privilege.Status),
        {"school_class": first},
        {"school_class": second},
    ]
    return School({name: User.objects.get(pk=person.pk) for name, person in found.items()}, documents, grantees)


# What may be in a registry: nodes are taken modulo their number, so that every drawn value means something.
situations = st.fixed_dictionaries(
    {
        "tree": st.lists(st.tuples(st.none() | nodes, closures, st.booleans()), min_size=1, max_size=6),
        "changes": st.lists(st.tuples(nodes, st.none() | nodes, closures), max_size=3),
        "privileges": st.lists(
            st.tuples(
                nodes, st.sampled_from(Privilege.Right.values), st.integers(0, 16), shifts, shifts, st.booleans()
            ),
            max_size=6,
        ),
        "conditions": st.sets(st.tuples(nodes, st.sampled_from((*KINDS, 0, 1))), max_size=3),
        "administrators": st.sets(st.tuples(nodes, people), max_size=4),
        "read": st.sets(st.tuples(people, st.integers(0, 1)), max_size=4),
        "trained": st.lists(st.tuples(people, nodes, st.booleans(), st.none() | shifts), max_size=3),
    }
)


@pytest.mark.clause("5.2")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(situation=situations, who=st.sampled_from(ASKERS), address=st.sampled_from((INSIDE, OUTSIDE)))
def test_the_sql_form_is_the_decision(school_of_all, situation, who, address):
    with transaction.atomic():
        build(school_of_all, situation)
        asker = Asker(school_of_all.people.get(who), school=SchoolCard.current(), address=address)
        elements = list(Element.objects.all())
        for to, form in FORMS.items():
            assert keys(form(asker)) == {one.pk for one in elements if access.decide(asker, one, to).allowed}, to
        assert keys(access.known_to(asker)) == {one.pk for one in elements if _is_known(asker, one)}
        assert access.open_keys(asker) == keys(access.open_to(asker))
        assert access.entitled_keys(asker) == keys(access.entitled_to(asker))
        _check_places(elements)
        transaction.set_rollback(True)


def keys(form) -> set[int]:
    return set(Element.objects.filter(form).values_list("pk", flat=True))


def _is_known(asker: Asker, element: Element) -> bool:
    decision = access.decide(asker, element)
    is_outside = element.is_listed and element.parent_id is None
    return is_outside or decision.allowed or decision.is_for_conditions_only


def _check_places(elements: list[Element]) -> None:
    """What the actions keep of the tree (closure in force, places) is what the tree says."""
    by_key = {one.pk: one for one in elements}
    for one in elements:
        nearest = one
        while nearest.own_closure is None and nearest.parent_id:
            nearest = by_key[nearest.parent_id]
        assert one.closure == (4 if nearest.own_closure is None else nearest.own_closure)
    kept = set(Reach.objects.values_list("element", "above", "by_privilege"))
    reach.rebuild_all()
    assert kept == set(Reach.objects.values_list("element", "above", "by_privilege"))


def build(school: School, situation: dict) -> None:
    """The registry of the situation, by the actions where they keep something; other rows as they stand."""
    elements: list[Element] = []
    for number, (above, closure, is_listed) in enumerate(situation["tree"]):
        parent = elements[above % number] if number and above is not None else None
        row = Element(slug=f"n{number}", name=f"Узел {number}", parent=parent, own_closure=closure, is_listed=is_listed)
        elements.append(save_element(row, by=COMMAND))
    size = len(elements)
    for node, above, closure in situation["changes"]:
        _change(f"n{node % size}", f"n{above % size}" if above is not None else None, closure)
    rights(school, situation, elements)
    for node, what in situation["conditions"]:
        is_kind = isinstance(what, str)
        Condition.objects.get_or_create(
            element=elements[node % size],
            kind=what if is_kind else Condition.Kind.ACQUAINTANCE,
            document=None if is_kind else school.documents[what],
        )
    for name, number in situation["read"]:
        edition = school.documents[number].edition_on(TODAY)
        Acquaintance.objects.create(person=school.people[name], edition=edition)
    for name, node, is_confirmed, until in situation["trained"]:
        training = make_training(
            person=school.people[name],
            confirmed_by=school.people["admin"] if is_confirmed else None,
            valid_until=None if until is None else TODAY + datetime.timedelta(days=until),
        )
        TrainingElement.objects.create(training=training, element=elements[node % size])
    SchoolCard.touch_access()


def rights(school: School, situation: dict, elements: list[Element]) -> None:
    size, standing = len(elements), set()
    for node, right, grantee, starts, length, is_revoked in situation["privileges"]:
        # PostgreSQL refuses two that stand for one grantee at once, and the actions do everywhere.
        place = node % size, grantee % len(school.grantees)
        if not is_revoked and place in standing:
            continue
        standing |= set() if is_revoked else {place}
        first = TODAY + datetime.timedelta(days=starts)
        revoked = {"revoked_at": f"{TODAY}T00:00Z", "revoke_reason": "Проверка"} if is_revoked else {}
        Privilege.objects.create(
            element=elements[node % size], right=right, basis="Проверка", starts=first,
            ends=None if length < 0 else first + datetime.timedelta(days=length),
            **school.grantees[grantee % len(school.grantees)], **revoked,
        )  # fmt: skip
    for node, name in situation["administrators"]:
        ElementAdministrator.add(school.people[name], elements[node % size])


def _change(slug: str, above: str | None, closure: int | None) -> None:
    element = Element.objects.get(slug=slug)
    element.parent = Element.objects.get(slug=above) if above else None
    element.own_closure = closure
    try:
        save_element(element, by=COMMAND)
    except CyclicParts:
        return
