"""What tests of the registry share: places that are set up alike."""

import pytest

from accounts.actor import Actor
from resources.actions.registry import load_registry
from resources.models import Element
from tests.factories import make_administrator, make_element, make_employee, sign_in


@pytest.fixture
def site(db):
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def owner(site):
    """The administrator of a platform, the platform at `owner.element`."""
    element = make_element(slug="olymp", name="Олимпиады", closure=1)
    person = make_administrator(element, make_employee(surname="Лужина", username="owner"))
    person.element = element
    return person


@pytest.fixture
def keeper(site, client):
    """The administrator of «СГО» (closure 1), signed in."""
    person = make_administrator(Element.objects.get(slug="sgo"), make_employee(surname="Хранителева"))
    sign_in(client, person)
    return person


@pytest.fixture
def admin(site, client):
    person = make_employee(position="system_administrator", surname="Журавлёв")
    sign_in(client, person)
    return person
