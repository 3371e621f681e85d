"""Methodical materials (4.3): drafts for their authors and those who run the section, published ones for everybody."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import AuditEntry, StoredFile
from resources.actions import materials as actions
from resources.models import Element, MethodicalMaterial
from tests.factories import (
    make_employee,
    make_material,
    make_method_group,
    make_privilege,
    make_pupil,
    make_subject,
    sign_in,
)
from tests.samples import pdf

pytestmark = pytest.mark.django_db
DESK, OPEN = "/materials/", "/library/materials/"
FIELDS = {
    "title": "Линейная функция", "activity": "lesson", "annotation": "Конспект", "text": "## Ход\n\nТекст урока",
    "grade_from": "7", "links": "https://resh.edu.ru/ Урок 12\n\nhttps://edsoo.ru/",
}  # fmt: skip


@pytest.fixture(autouse=True)
def registry(site):
    """Sections of the portal stand."""


@pytest.fixture
def author(db):
    return make_employee(surname="Сочинителева", email="secret@example.org", phone="+79181112233")


@pytest.fixture
def head(db):
    """One who runs the section."""
    person = make_employee(position="deputy")
    make_privilege(Element.objects.get(slug="materials"), person=person, right="contribute")
    return person


def by(person) -> Actor:
    return Actor(person, "127.0.0.1", person.username)


def upload(name="урок.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf())


def make_file(**fields) -> StoredFile:
    fields = {"kind": "material", "name": "Тайный.pdf", "media_type": "application/pdf", "size": 9, **fields}
    return StoredFile.objects.create(sha256="0" * 64, **fields)


def page_of(client, page: str) -> tuple[int, str]:
    answer = client.get(page)
    return answer.status_code, " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


# From a draft to everybody


@pytest.mark.clause("4.3")
@pytest.mark.clause("1.4")
def test_an_author_writes_a_draft_and_publishes_it_for_everybody(client, author):
    sign_in(client, author)
    answer = client.post(f"{DESK}add/", FIELDS | {"subject": make_subject().pk, "upload": upload()})
    row = MethodicalMaterial.objects.get()
    page, shown = f"{DESK}{row.pk}/", f"{OPEN}{row.pk}/"
    assert (answer["Location"], row.author, row.state, row.grades) == (page, author, "draft", "7 класс")
    client.logout()
    assert client.get(shown).status_code == 404
    sign_in(client, author)
    assert "откроется всем" in page_of(client, f"{page}publish/")[1]
    assert client.post(f"{page}publish/")["Location"] == page
    client.logout()
    status, text = page_of(client, shown)
    words = ["<h2>Ход</h2>", "Урок 12", "https://edsoo.ru/", "урок.pdf", author.get_full_name(), "Алгебра"]
    assert (status, [word in text for word in words]) == (200, [True] * 6)
    # Only the name: no contacts, no login.
    hidden = ("secret@example.org", "79181112233", author.username)
    assert [word in text for word in hidden] == [False] * 3
    assert client.get(row.file.url).status_code == 200
    assert "Линейная функция" in page_of(client, f"{OPEN}?q=сочинителева")[1]


def test_taken_back_it_is_nobody_elses_again(client, author):
    row = make_material(author, title="Тайный урок", is_published=True, file=make_file())
    assert "Тайный урок" in page_of(client, OPEN)[1]
    sign_in(client, author)
    client.post(f"{DESK}{row.pk}/take-back/")
    client.logout()
    assert "Тайный урок" not in page_of(client, OPEN)[1]
    assert [client.get(page).status_code for page in (f"{OPEN}{row.pk}/", row.file.url)] == [404, 404]
    assert MethodicalMaterial.objects.values_list("state", "published_at").get() == ("draft", None)
    trail = AuditEntry.objects.filter(object_type="resources.methodicalmaterial")
    assert [entry.action for entry in trail] == ["methodical_material.taken_back"]


def test_a_published_material_is_changed_in_sight_of_all_but_not_emptied(client, author):
    row = make_material(author, is_published=True)
    sign_in(client, author)
    client.post(f"{DESK}{row.pk}/change/", FIELDS | {"title": "Новое имя"})
    empty = FIELDS | {"title": "Пустое", "text": " ", "links": ""}
    assert "Читать здесь пока нечего" in client.post(f"{DESK}{row.pk}/change/", empty).content.decode()
    client.logout()
    assert "Новое имя" in page_of(client, f"{OPEN}{row.pk}/")[1]
    assert MethodicalMaterial.objects.values_list("title", "state").get() == ("Новое имя", "published")


def test_a_page_read_before_the_publication_does_not_undo_it(author):
    row = make_material(author)
    read_before = MethodicalMaterial.objects.get(pk=row.pk)
    actions.publish(row, by=by(author))
    read_before.title = "Правка"
    actions.save_material(read_before, None, by=by(author))
    assert MethodicalMaterial.objects.values_list("title", "state").get() == ("Правка", "published")


def test_what_can_not_be_done_is_said(author):
    empty, shown = make_material(author, text=""), make_material(author, is_published=True)
    wrong = [
        (actions.publish, empty, "нечего"), (actions.publish, shown, "уже опубликован"),
        (actions.take_back, empty, "и так черновик"), (actions.delete_draft, shown, "сначала верните"),
    ]  # fmt: skip
    for act, row, words in wrong:
        with pytest.raises(ValidationError, match=words):
            act(row, by=by(author))
    assert MethodicalMaterial.objects.count() == 2


def test_a_draft_is_deleted_with_a_trace(client, author):
    row = make_material(author)
    sign_in(client, author)
    assert client.post(f"{DESK}{row.pk}/delete/")["Location"] == DESK
    assert not MethodicalMaterial.objects.exists()
    assert AuditEntry.objects.filter(action="methodical_material.deleted", object_id=row.pk).exists()


# Who sees what


@pytest.mark.clause("5.2")
def test_anothers_draft_leaks_nowhere(client, author):
    row = make_material(author, title="Тайный урок", text="Тайный текст", subject=make_subject(), file=make_file())
    pages = [DESK, f"{DESK}?q=тайный", f"{DESK}?state=draft", OPEN, f"{OPEN}?q=тайный", "/library/", "/cabinet/"]
    gone = [f"{OPEN}{row.pk}/", row.file.url, *(f"{DESK}{row.pk}/{verb}" for verb in VERBS)]
    for person in (None, make_pupil(), make_employee(), make_employee(position="director")):
        client.logout()
        if person:
            sign_in(client, person)
        opens = person is not None and person.is_employee
        texts = [page_of(client, page)[1] for page in pages]
        assert [("Тайный" in text, "Найдено: 1" in text, "1 материал" in text) for text in texts] == [(False,) * 3] * 7
        statuses = {client.get(page).status_code for page in gone}
        assert statuses == ({404} if opens else {404, 302 if person is None else 403})
        posted = {client.post(f"{DESK}{row.pk}/{verb}", FIELDS).status_code for verb in VERBS[1:]}
        assert posted == ({404} if opens else {302 if person is None else 403})
    row.refresh_from_db()
    assert (row.title, row.state) == ("Тайный урок", "draft")


VERBS = ["", "change/", "publish/", "take-back/", "delete/"]


def test_those_who_run_the_section_see_and_mend_everybodys(client, author, head):
    row = make_material(author, title="Тайный урок", file=make_file())
    sign_in(client, head)
    assert "Тайный урок" in page_of(client, DESK)[1]
    client.post(f"{DESK}{row.pk}/change/", FIELDS)
    row.refresh_from_db()
    # The bytes are not on the disk, so that the file is found and missing: the right is there.
    assert (row.title, row.author) == ("Линейная функция", author)
    assert row in client.get(DESK).context["page"].object_list


def test_who_left_has_no_desk(client, author):
    make_material(author, title="Тайный урок")
    author.appointments.update(ends="2021-01-01")
    child = make_pupil()
    child.parent_relations.create(parent=author, kind="mother", starts="2020-09-01")
    sign_in(client, type(author).objects.get(pk=author.pk))
    assert client.get(DESK).status_code in (302, 403)


def test_a_privilege_makes_a_reader_of_the_section_not_an_author(client):
    pupil = make_pupil()
    make_privilege(Element.objects.get(slug="materials"), person=pupil, right="open")
    sign_in(client, pupil)
    assert client.get(DESK).status_code == 200
    assert client.post(f"{DESK}add/", FIELDS).status_code == 403
    assert not MethodicalMaterial.objects.exists()


def test_a_published_file_closes_with_the_library(client, author):
    row = make_material(author, is_published=True, file=make_file())
    Element.objects.filter(slug="library").update(closure=1, own_closure=1)
    assert client.get(row.file.url).status_code == 404


# What is typed


WRONG = [
    ({"title": ""}, "Обязательное поле"),
    ({"annotation": " "}, "Обязательное поле"),
    ({"activity": "x"}, "нет среди допустимых"),
    ({"grade_from": "9", "grade_to": "7"}, "сейчас с 9 по 7"),
    ({"links": "https://resh.edu.ru/\njavascript:alert(1) Урок"}, "Строка 2: Не похоже на адрес сайта"),
    ({"links": "просто слова"}, "Строка 1"),
    ({"subject": "999999"}, "допустимых"),
    ({"text": "x" * 100_001}, "100001"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_wrong_material_is_asked_again(client, author, wrong, words):
    sign_in(client, author)
    answer = client.post(f"{DESK}add/", FIELDS | wrong)
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not MethodicalMaterial.objects.exists()


def test_a_file_that_is_not_what_it_seems_is_refused_and_nothing_kept(client, author):
    sign_in(client, author)
    answer = client.post(f"{DESK}add/", FIELDS | {"upload": upload("урок.pdf", b"<script>alert(1)</script>")})
    assert (answer.status_code, "upload" in answer.context["form"].errors) == (200, True)
    assert (MethodicalMaterial.objects.exists(), StoredFile.objects.exists()) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", '<iframe src="https://x.example"></iframe>', "[x](javascript:alert(1))",
        '<a href="javascript:alert(1)" onclick="x()">x</a>', "![x](https://x.example/a.png)",
    ],
)  # fmt: skip
def test_nothing_in_a_text_runs(client, author, text):
    row = make_material(author, is_published=True, text=f"До {text} после", title="<script>alert(2)</script>")
    _, shown = page_of(client, f"{OPEN}{row.pk}/")
    body = str(row.html)
    assert ("До" in body, "после" in body) == (True, True)
    wrong = ("<script", "<iframe", "<img", "<a ")
    assert [word in body for word in wrong] == [False] * 4
    assert "<script>alert" not in shown


# Lists


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Проект", "Урок"]),
        ("q=алгебра", ["Урок"]),
        ("grade=7", ["Проект", "Урок"]),
        ("grade=9", ["Проект"]),
        ("activity=project", ["Проект"]),
        ("method_group={group}", ["Проект"]),
        ("subject={subject}", ["Урок"]),
        ("subject=x&activity=x&grade=x&method_group=x", ["Проект", "Урок"]),
    ],
)
def test_filters(client, author, query, titles):
    subject, group = make_subject(), make_method_group()
    make_material(author, title="Урок", subject=subject, grade_from=7, grade_to=8, is_published=True)
    make_material(author, title="Проект", activity="project", method_group=group, is_published=True)
    make_material(author, title="Черновик", subject=subject, method_group=group)
    answer = client.get(f"{OPEN}?{query.format(subject=subject.pk, group=group.pk)}")
    assert [row.title for row in answer.context["page"]] == titles


@pytest.mark.parametrize("page", [OPEN, DESK])
def test_the_lists_ask_a_constant_number_of_queries(client, author, page):
    def queries() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    sign_in(client, author)
    subject, group = make_subject(), make_method_group()
    values = {"subject": subject, "method_group": group, "is_published": True}
    make_material(author, **values)
    few = queries()
    for _ in range(30):
        make_material(author, file=make_file(), **values)
    assert queries() == few
