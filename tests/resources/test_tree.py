"""What a worker remembers of the registry is never older than the last change of rights."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import SchoolCard, User
from resources import access, sections
from resources.actions import documents, elements, privileges
from resources.actions.registry import load_registry
from resources.asker import Asker
from resources.models import Condition, Element, Privilege
from tests.factories import make_document, make_element, make_employee, make_pupil, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")
TODAY = datetime.date.today()


@pytest.fixture(autouse=True)
def school(db):
    load_registry(by=COMMAND)
    sections.forget()


def opens(person: User, element: Element) -> bool:
    """The decision by what this worker remembers, at a new request: only the version tells it to look again."""
    person = User.objects.get(pk=person.pk)
    asker = Asker(person, school=SchoolCard.current(), address="203.0.113.9")
    return access.decide(asker, Element.objects.get(pk=element.pk)).allowed


def privilege(element: Element, person: User) -> Privilege:
    return Privilege(element=element, person=person, starts=TODAY, basis="Проверка")


def close(element: Element, closure: int | None, parent: Element | None = None) -> None:
    element.own_closure, element.parent = closure, parent
    elements.save_element(element, by=COMMAND)


def test_every_action_is_seen_at_the_next_question():
    part, teacher = make_element(closure=2), make_employee()
    above = make_element(closure=5)
    condition = Condition(element=part, kind=Condition.Kind.SECOND_FACTOR)
    given, given_above = privilege(part, teacher), privilege(above, teacher)
    steps = [
        (lambda: close(part, 4), False),
        (lambda: close(part, 2), True),
        (lambda: elements.add_condition(condition, by=COMMAND), False),
        (lambda: elements.remove_condition(condition, by=COMMAND), True),
        (lambda: elements.tighten(part, 3, by=COMMAND), False),
        (lambda: privileges.grant(given, by=COMMAND), True),
        (lambda: privileges.revoke(given, "Проверка", by=COMMAND), False),
        (lambda: privileges.name_administrator(part, teacher, by=COMMAND), True),
        (lambda: privileges.remove_administrator(part, teacher, by=COMMAND), False),
        (lambda: close(part, None, above), False),
        (lambda: privileges.grant(given_above, by=COMMAND), True),
        (lambda: close(part, 5, above), False),
    ]
    seen = [opens(teacher, part)]
    for act, _ in steps:
        act()
        seen.append(opens(teacher, part))
    assert seen == [True, *(expected for _, expected in steps)]


def test_a_closure_set_in_django_admin_is_seen_at_the_next_click(client):
    element, teacher = make_element(closure=2, how_to_get_in="Внутри карточки"), make_employee()
    card = reverse("resources:element_detail", args=[element.slug])
    change = reverse("admin:resources_element_change", args=[element.pk])
    administrator = make_employee(position="system_administrator")
    found = []
    for closure in (2, 4):
        sign_in(client, administrator)
        form = client.get(change).context["adminform"].form
        values = {name: form[name].value() for name in form.fields}
        data = {name: "" if value is None else value for name, value in values.items()} | {"own_closure": closure}
        assert client.post(change, data).status_code == 302
        sign_in(client, teacher)
        found.append("Внутри карточки" in client.get(card).content.decode())
    assert found == [True, False]


def test_a_renamed_document_is_named_anew_by_the_closed_door():
    element, teacher, document = make_element(closure=2), make_employee(), make_document(title="Порядок")
    elements.add_condition(Condition(element=element, kind="acquaintance", document=document), by=COMMAND)
    asker = Asker(teacher, school=SchoolCard.current())
    assert access.decide(asker, element).reasons == ("Нужно ознакомление с документом «Порядок».",)
    document.title = "Правила"
    documents.save_document(document, by=COMMAND)
    asker = Asker(teacher, school=SchoolCard.current())
    assert access.decide(asker, element).reasons == ("Нужно ознакомление с документом «Правила».",)


def test_rights_that_were_rolled_back_are_never_taken_for_the_next_ones():
    element, other, pupil = make_element(closure=4), make_element(closure=4), make_pupil()
    with transaction.atomic():
        privileges.grant(privilege(element, pupil), by=COMMAND)
        assert opens(pupil, element)
        transaction.set_rollback(True)
    privileges.grant(privilege(other, pupil), by=COMMAND)
    assert (opens(pupil, element), opens(pupil, other)) == (False, True)
