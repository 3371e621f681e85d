"""Two editors of one thing in two tabs: the second is told and shown, nothing is lost or overwritten unseen."""

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.marks import Stale, seen_of
from resources.actions import documents, holdings, materials, programmes
from resources.actions.programmes import plan_mark
from resources.importing import thematic_plan
from tests.factories import (
    make_document,
    make_employee,
    make_library_edition,
    make_material,
    make_programme,
    make_resource,
    make_subject,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def editor(client):
    """One who may edit everything here."""
    person = make_employee(position="system_administrator", surname="Правкин")
    sign_in(client, person)
    return person


def of_document(editor):
    return make_document(title="Порядок"), "document_change", "title"


def of_edition(editor):
    document = make_document(title="Порядок")
    return document.editions.get(), "edition_change", "text"


def of_resource(editor):
    return make_resource(title="Школа"), "library_resource_change", "title"


def of_book(editor):
    return make_library_edition(title="Алгебра"), "library_edition_change", "title"


def of_material(editor):
    return make_material(editor), "material_change", "title"


def of_programme(editor):
    return make_programme(author=editor, state="draft"), "programme_change", "content"


def of_lists(editor):
    return make_programme(author=editor, state="draft"), "programme_lists", "reference_systems"


@pytest.mark.parametrize(
    "make", [of_document, of_edition, of_resource, of_book, of_material, of_programme, of_lists],
    ids=lambda make: make.__name__,
)  # fmt: skip
def test_the_second_editor_is_shown_what_the_first_wrote_and_may_write_over_it(client, editor, make):
    row, name, field = make(editor)
    key = [row.document_id, row.number] if name == "edition_change" else [row.pk]
    page = reverse(f"resources:{name}", args=key)
    first, second = (typed(client.get(page).context["form"], field, words) for words in ("Первый", "Второй"))
    assert client.post(page, first).status_code == 302
    answer = client.post(page, second)
    assert answer.status_code == 200
    shown = " ".join(answer.text.split())
    assert "Правкин" in shown
    assert "«Первый»" in shown
    assert answer.context["form"][field].value() == "Второй"
    row.refresh_from_db()
    assert getattr(row, field) == "Первый"
    again = {**second, "seen": answer.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "Второй"


def typed(form, field: str, words: str) -> dict:
    """The form as it stands on the page, with other words in the field."""
    values = {name: form[name].value() for name in form.fields}
    plain = {name: value for name, value in values.items() if value not in (None, False) and "file" not in name}
    plain = {name: [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
             for name, value in plain.items()}  # fmt: skip
    return {name: getattr(value, "pk", value) for name, value in plain.items() if name != "upload"} | {field: words}


def test_the_action_itself_refuses_what_has_changed_under_its_form(editor):
    by = Actor(editor, None, editor.username)
    cases = {
        make_document(title="Порядок"): lambda row, seen: documents.save_document(row, seen=seen, by=by),
        make_resource(title="Школа"): lambda row, seen: holdings.save_holding(row, [], seen=seen, by=by),
        make_material(editor): lambda row, seen: materials.save_material(row, None, seen=seen, by=by),
    }

    for row, save in cases.items():
        seen = seen_of(row, ["title"])
        type(row).objects.filter(pk=row.pk).update(title="Тем временем")
        with pytest.raises(Stale):
            save(row, seen)
        row.refresh_from_db()
        assert row.title == "Тем временем"


def test_a_thematic_plan_changed_meanwhile_stands_beside_the_typed_one(client, editor):
    programme = make_programme(make_subject(), author=editor, state="draft", topics=("Первая",))
    page = reverse("resources:programme_plan", args=[programme.pk])
    seen = client.get(page).context["form"]["seen"].value()
    by = Actor(editor, None, editor.username)
    programmes.set_plan(programme, thematic_plan.from_text("Чужая; 2"), seen=plan_mark(programme), by=by)
    answer = client.post(page, {"typed": "Моя; 3", "seen": seen})
    assert answer.status_code == 200
    assert "Чужая; 2" in answer.text
    assert "Моя; 3" in answer.text
    again = client.post(page, {"typed": "Моя; 3", "seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302
    assert programme.topics.get().name == "Моя"
