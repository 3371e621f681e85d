"""Files inside cards: put there by the element's administrator, read by those to whom the card opens (5.4)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, StoredFile
from resources import sections
from resources.actions import element_files as actions
from resources.actions.registry import load_registry
from resources.models import ElementFile
from tests.factories import (
    make_administrator,
    make_condition,
    make_element,
    make_employee,
    make_privilege,
    make_pupil,
    sign_in,
)
from tests.samples import pdf

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    sections.forget()


def upload(content: bytes = b"", name="памятка.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf())


def desk(element, name="desk_files", *args) -> str:
    return reverse(f"resources:{name}", args=[element.slug, *args])


@pytest.mark.clause("5.4")
def test_an_administrator_adds_a_file_and_takes_it_away(client):
    element = make_element(closure=2)
    keeper = make_administrator(element, make_employee())
    sign_in(client, keeper)
    assert client.post(desk(element), {"title": "Памятка  входа", "file": upload()}).url == desk(element)
    row = ElementFile.objects.get()
    assert (row.element, row.title, row.added_by, row.file.owner) == (element, "Памятка входа", keeper, keeper)
    card = client.get(reverse("resources:element_detail", args=[element.slug])).content.decode()
    assert ("Памятка входа" in card, row.file.url in card) == (True, True)
    remove = desk(element, "desk_file_remove", row.pk)
    assert "Убрать файл" in client.get(remove).content.decode()
    assert ElementFile.objects.exists()
    client.post(remove)
    assert not ElementFile.objects.exists()
    assert client.get(row.file.url).status_code == 404
    assert list(StoredFile.objects.unreferenced(row.file.created_at.replace(year=9000))) == [row.file]
    trail = AuditEntry.objects.filter(action__startswith="element_file.").order_by("pk")
    assert list(trail.values_list("action", "actor")) == [
        ("element_file.added", keeper.pk), ("element_file.deleted", keeper.pk),
    ]  # fmt: skip


def test_what_is_no_document_is_refused_in_the_form(client):
    element = make_element()
    sign_in(client, make_administrator(element, make_employee()))
    page = client.post(desk(element), {"title": "Памятка", "file": upload(b"<script>alert(1)</script>")})
    assert (page.status_code, page.context["form"].errors.keys()) == (200, {"file"})
    assert not StoredFile.objects.exists()


def test_another_administrators_files_are_not_found(client):
    mine, other = make_element(), make_element(closure=4)
    row = actions.add_file(other, upload(), title="Чужая памятка", by=COMMAND)
    make_administrator(other, make_employee())
    sign_in(client, make_administrator(mine, make_employee()))
    pages = (desk(other), desk(other, "desk_file_remove", row.pk), desk(mine, "desk_file_remove", row.pk))
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert [client.post(page, {"title": "x", "file": upload()}).status_code for page in pages] == [404, 404, 404]
    assert ElementFile.objects.get() == row


@pytest.mark.clause("5.2")
def test_a_file_opens_as_the_card_does(client, school):
    school(local_networks="10.0.0.0/24")
    element = make_element(closure=4)
    make_condition(element, kind="network")
    address = actions.add_file(element, upload(), title="Памятка", by=COMMAND).file.url
    privileged, keeper = make_pupil(), make_administrator(element, make_employee())
    make_privilege(element, person=privileged)
    found = {}
    for name, person in {"guest": None, "pupil": make_pupil(), "privileged": privileged, "keeper": keeper}.items():
        client.logout()
        if person:
            sign_in(client, person)
        found[name] = [client.get(address, REMOTE_ADDR=place).status_code for place in ("10.0.0.7", "203.0.113.7")]
    assert found == {"guest": [404, 404], "pupil": [404, 404], "privileged": [200, 404], "keeper": [200, 404]}
    opened = AuditEntry.objects.filter(action="element.opened", basis=address)
    assert list(opened.order_by("pk").values_list("actor", flat=True)) == [privileged.pk, keeper.pk]
    assert client.get(address, REMOTE_ADDR="10.0.0.7")["Content-Security-Policy"] == "sandbox; default-src 'none'"
