"""What a topic uses of its programme's own lists (1.3 a, 3.7): found in words, shown as links, carried on."""

import html
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from resources.actions import programmes as actions
from resources.importing import thematic_plan
from resources.models import Topic
from resources.topic_links import Lists, words_of
from tests import samples
from tests.factories import (
    make_element,
    make_employee,
    make_library_edition,
    make_order,
    make_programme,
    make_resource,
    make_year,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
BY = Actor.command("tests")
PLAN = (
    "Функции; 3; урок; ; российская ЭЛЕКТРОННАЯ школа, урок 12\n"
    "Графики; 2; урок; ; «Алгебра. Задачник», Алгебра, resh.example.org, § 5\n"
    "Итог; 1; контрольная; ; Тайная платформа"
)


@pytest.fixture
def author():
    return make_employee(surname="Сочинителева")


@pytest.fixture
def programme(author):
    row = make_programme(author=author, state="draft", topics=())
    row.resources.add(make_resource(title="Российская электронная школа"))
    row.editions.add(make_library_edition(title="Алгебра"), make_library_edition(title="Алгебра. Задачник"))
    row.elements.add(make_element(name="Тайная платформа", closure=4, is_listed=False))
    return row


def table_file(rows: list[tuple], kind: str) -> bytes:
    """The rows as a spreadsheet, or as a table of a document."""
    if kind == "xlsx":
        output = io.BytesIO()
        with xlsxwriter.Workbook(output) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        return output.getvalue()
    lines = ["".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows]
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    table = "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"
    text = f"<?xml version='1.0' encoding='UTF-8'?><w:document {names}><w:body>{table}</w:body></w:document>"
    return samples.office("docx", {"word/document.xml": text})


def links(topic: Topic) -> tuple[list[str], str]:
    rows = [*topic.elements.all(), *topic.outside_resources.all(), *topic.editions.all()]
    return [str(row) for row in rows], topic.resources


def test_names_and_addresses_of_the_lists_become_links_and_the_rest_stays_in_words(programme):
    actions.set_plan(programme, thematic_plan.from_text(PLAN), by=BY)
    assert [links(topic) for topic in programme.topics.all()] == [
        (["Российская электронная школа"], "урок 12"),
        (["Российская электронная школа", "Алгебра", "Алгебра. Задачник"], "§ 5"),
        (["Тайная платформа"], ""),
    ]
    # What goes to be edited comes back the same.
    text = thematic_plan.to_text(programme.topics.with_links())
    before = [links(topic) for topic in programme.topics.all()]
    actions.set_plan(programme, thematic_plan.from_text(text), by=BY)
    assert [links(topic) for topic in programme.topics.all()] == before


@pytest.mark.parametrize(
    ("words", "found", "note"),
    [
        ("https://www.resh.example.org/", ["РЭШ"], ""),
        ("См. RESH.example.org.", ["РЭШ"], "См"),
        ("https://resh.example.org/lesson/12", ["РЭШ"], "https://resh.example.org/lesson/12"),
        ("НЭБО и НЭБ", ["Библиотека (НЭБ)"], "НЭБО и"),
        ("cloud.example.org, урок", ["Облако"], "урок"),
        ("https://cloud.example.org/tasks", ["Облако"], ""),
        ("https://cloud.example.org/other", ["Облако"], "https://cloud.example.org/other"),
        ("my.resh.example.org, resh.example.org.ru, x@resh.example.org", [], None),
        # Two of the lists live there: by the site alone neither is meant.
        ("twins.example.org", [], None),
        ("twins.example.org/a", ["Первый"], ""),
    ],
)
def test_addresses_are_found_as_people_write_them(author, words, found, note):
    row = make_programme(author=author, state="draft", topics=())
    row.resources.add(make_resource(title="Библиотека (НЭБ)", address="https://neb.example.org"))
    for title, place in (("РЭШ", "resh"), ("Облако", "cloud"), ("Первый", "twins"), ("Второй", "twins")):
        path = {"Облако": "/tasks", "Первый": "/a", "Второй": "/b"}.get(title, "")
        row.resources.add(make_resource(title=title, address=f"https://{place}.example.org{path}"))
    links = Lists(row).links(words)
    assert (links.names, links.note) == (found, words if note is None else note)


def test_what_leaves_the_lists_stays_in_words(programme):
    actions.set_plan(programme, thematic_plan.from_text(PLAN), by=BY)
    lists = {"elements": [], "resources": [], "editions": programme.editions.all()}
    actions.set_lists(programme, lists, systems="", by=BY)
    found = [links(topic) for topic in programme.topics.all()]
    assert found[0] == ([], "Российская электронная школа, урок 12")
    assert found[1][0] == ["Алгебра", "Алгебра. Задачник"]


def test_readers_see_links_by_topic_there_and_back_but_no_closed_platform(client, programme, author):
    actions.set_plan(programme, thematic_plan.from_text(PLAN), by=BY)
    type(programme).objects.update(state="approved", order=make_order(number="п-1", state="executed"))
    page = client.get(programme.get_absolute_url()).text
    assert "Российская электронная школа</a>" in page
    assert "Тайная платформа" not in page
    export = client.get(f"/programmes/{programme.pk}/plan.xlsx")
    assert export.status_code == 200
    plan = thematic_plan.from_file(export.content)
    assert [line.resources for line in plan.lines][1:] == [
        "Российская электронная школа, Алгебра, Алгебра. Задачник, § 5", "",
    ]  # fmt: skip
    back = client.get(programme.resources.get().get_absolute_url())
    assert [topic.position for topic in back.context["programmes"][0].naming] == [1, 2]
    sign_in(client, make_employee(position="director"))
    assert "Тайная платформа" in client.get(programme.get_absolute_url()).text


def test_renewal_carries_the_links_on(programme):
    actions.set_plan(programme, thematic_plan.from_text(PLAN), by=BY)
    type(programme).objects.update(state="approved", order=make_order(number="п-1", state="executed"))
    year = make_year(starts=programme.year.starts.replace(year=programme.year.starts.year + 1))
    actions.renew([programme], year=year, by=BY)
    copy = programme.renewals.get()
    assert [words_of(one) for one in copy.topics.all()] == [words_of(one) for one in programme.topics.all()]
    assert [links(topic) for topic in copy.topics.all()] == [links(topic) for topic in programme.topics.all()]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_file_is_shown_with_its_links_before_it_is_recorded(client, programme, author, kind):
    rows = [
        ("Раздел", "Тема", "Часов", "Вид работы", "Ресурсы"),
        ("Функции; графики", "Линейная функция", "3", "урок", "Российская электронная школа; урок 12"),
        ("Функции; графики", "Итог", "1", "контрольная", "своя тетрадь"),
    ]
    upload = SimpleUploadedFile(f"План.{kind}", table_file(rows, kind))
    address = f"/programmes/{programme.pk}/plan/"
    sign_in(client, author)
    shown = client.post(address, {"typed": "Что было набрано; 1", "table": upload})
    assert [(line.name, line.hours, links.names, links.note) for line, links in shown.context["rows"]] == [
        ("Линейная функция", 3, ["Российская электронная школа"], "урок 12"),
        ("Итог", 1, [], "своя тетрадь"),
    ]
    assert (f"План.{kind}" in shown.text, programme.topics.count()) == (True, 0)
    assert client.post(address, shown.context["form"].initial).status_code == 302
    assert [(topic.section, links(topic)) for topic in programme.topics.all()] == [
        ("Функции, графики", (["Российская электронная школа"], "урок 12")),
        ("Функции, графики", ([], "своя тетрадь")),
    ]


def test_what_leaves_the_lists_names_its_topics(client, programme, author):
    actions.set_plan(programme, thematic_plan.from_text(PLAN), by=BY)
    address, book = f"/programmes/{programme.pk}/lists/", programme.editions.get(title="Алгебра. Задачник")
    sign_in(client, author)
    assert "Российская электронная школа (темы 1, 2)" in html.unescape(client.get(address).text)
    values = {"editions": [row.pk for row in programme.editions.exclude(pk=book.pk)]}
    values |= {"resources": [programme.resources.get().pk], "elements": [programme.elements.get().pk]}
    page = client.post(address, values, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Сохранено.", "«Алгебра. Задачник» больше нет в списках; название осталось словами: тема 2.",
    ]  # fmt: skip
