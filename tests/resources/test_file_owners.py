"""Files of materials: they close with the section of their pages, and public pictures tell nothing of a place (5.2)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.actions.files import store
from accounts.actor import Actor
from accounts.hints import FILE_AUTHORISERS
from resources.actions.elements import save_element
from resources.models import Element, SvedenValue
from tests.factories import make_document, make_employee, make_material, make_programme
from tests.samples import pdf, picture

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


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kind", ["news_picture", "material"])
def test_public_pictures_tell_nothing_of_place_and_camera(settings, kind, form):
    exif = Image.Exif()
    exif[0x0110] = "Камера"
    exif.get_ifd(0x8825)[2] = (45.0, 2.0, 3.0)
    # Turned on its side by the camera: upright afterwards.
    exif[0x0112] = 6
    data = picture(form, size=(40, 30), exif=exif.tobytes())
    stored = store(SimpleUploadedFile("снимок", data), kind=kind, by=BY, owner=None)
    with Image.open(settings.MEDIA_ROOT / stored.path) as kept:
        assert (dict(kept.getexif()), kept.size, "exif" in kept.info) == ({}, (30, 40), False)
    plain = picture(form)
    stored = store(SimpleUploadedFile("рисунок", plain), kind=kind, by=BY, owner=None)
    assert (settings.MEDIA_ROOT / stored.path).read_bytes() == plain
