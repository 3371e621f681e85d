"""Files of materials close with the section that their pages stand in (5.2)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.files import store
from accounts.actor import Actor
from accounts.hints import FILE_AUTHORISERS
from resources.actions.elements import save_element
from resources.models import Element, SvedenValue
from tests.factories import make_document, make_employee, make_material, make_programme
from tests.samples import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
BY = Actor.command("tests")


def of_document(file):
    make_document().editions.update(file=file)


def of_programme(file):
    make_programme(author=make_employee(), file=file)


def of_material(file):
    make_material(make_employee(), is_published=True, file=file)


def of_sveden(file):
    SvedenValue.objects.create(section="common", block="school", field="licenseDocLink", file=file)


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("kind", "slug", "put"),
    [
        ("document_file", "documents", of_document),
        ("programme", "programmes", of_programme),
        ("material", "library", of_material),
        ("sveden", "sveden", of_sveden),
    ],
)
def test_a_file_opens_to_guests_as_its_section_does(kind, slug, put):
    file = store(SimpleUploadedFile("бумага.pdf", pdf()), kind=kind, by=BY, owner=None)
    assert not FILE_AUTHORISERS[kind](None, file)
    put(file)
    assert FILE_AUTHORISERS[kind](None, file)
    section = Element.objects.get(slug=slug)
    section.own_closure = 4
    save_element(section, by=BY)
    assert not FILE_AUTHORISERS[kind](None, file)
