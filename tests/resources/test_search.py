"""The search: the same hits on both databases, nothing closed, fresh at once (house.md, «one rule of access»)."""

import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.actor import Actor
from resources import sections
from resources.actions import documents, elements
from resources.actions.holdings import withdraw
from resources.actions.materials import delete_draft, save_material
from resources.actions.materials import publish as publish_material
from resources.actions.registry import load_registry
from resources.asker import asker_for
from resources.models import Document, Element, MethodicalMaterial, SearchEntry, SearchTerm
from resources.search import snippets, spelling, words
from resources.search.finding import Results
from tests.factories import (
    LONG_AGO,
    make_element,
    make_element_file,
    make_employee,
    make_library_edition,
    make_material,
    make_news,
    make_programme,
    make_pupil,
    make_resource,
    make_subject,
    sign_in,
)
from tests.resources.search_corpus import CORPUS

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")
TODAY = datetime.date(2026, 12, 20)
DAY = datetime.timedelta(days=1)
PAGE = "/search/"


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    sections.forget()


def publish(title: str, text: str, day: datetime.date = LONG_AGO, **fields) -> Document:
    document = documents.save_document(Document(title=title, **fields), by=COMMAND)
    documents.publish_edition(document, text=text, in_force_from=day, by=COMMAND)
    return document


def card(name: str, *, own_closure: int = 0, **fields) -> Element:
    slug = f"found-{Element.objects.count()}"
    return elements.save_element(Element(slug=slug, name=name, own_closure=own_closure, **fields), by=COMMAND)


def found(query: str, *, person=None, kind: str = "", date: datetime.date | None = None) -> list[str]:
    """Titles of the first page, without marks."""
    asker = asker_for(person)
    asker.date = date or asker.date
    page = Results(asker, words.parse(query), kind).page(1)
    return [str(hit.title).replace("<mark>", "").replace("</mark>", "") for hit in page]


def table() -> list[tuple[str, list[str]]]:
    lines = (Path(__file__).parent / "search_table.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.rpartition(" → ") for line in lines if " → " in line and not line.startswith("#")]
    return [(query, [] if keys == "—" else keys.split()) for query, _, keys in rows]


def test_questions_find_the_same_on_both_databases():
    """The table is one, and the whole of it is asked on either database."""
    keys = {}
    for key, title, text, day in CORPUS:
        publish(title, text, datetime.date.fromisoformat(day))
        keys[title] = key
    answers = {query: [keys[one] for one in found(query, kind="documents", date=TODAY)] for query, _ in table()}
    assert answers == dict(table())
    assert len(answers) >= 50


# What is closed


@pytest.mark.clause("5.2")
def test_a_closed_card_is_in_no_list_no_count_and_no_suggestion(client):
    card("Гиацинтовый сервис", purpose="Скрытое", own_closure=5, is_listed=False)
    assert (found("гиацинтовый"), found("гиацинтовый", person=make_pupil())) == ([], [])
    text = client.get(PAGE, {"q": "гиацинтовый"}).content.decode()
    assert ("Ничего не нашлось" in text, "Возможно" in text, "(1)" in text) == (True, False, False)
    assert spelling.suggestion(asker_for(None), "гиацинтовый сервс") == ""
    administrator = make_employee(position="system_administrator")
    assert found("гиацинтовый", person=administrator) == ["Гиацинтовый сервис"]
    assert spelling.suggestion(asker_for(administrator), "гиацнтовый") == "гиацинтовый"


def test_a_search_tells_nothing_of_what_stands_inside_a_card():
    card("Открытая карточка", how_to_get_in="Пароль ромашка", own_closure=4)
    assert (found("открытая карточка"), found("ромашка"), found("ромашка", person=make_pupil())) == (
        ["Открытая карточка"], [], [],
    )  # fmt: skip


@pytest.mark.clause("13.4")
def test_an_edition_is_found_from_its_day_to_the_next_ones_without_any_job():
    document = publish("Порядок входа", "Прежние слова про калитку")
    documents.publish_edition(document, text="Новые слова про турникет", in_force_from=TODAY + DAY, by=COMMAND)
    days = (TODAY, TODAY + DAY)
    assert [found("калитка", date=day) for day in days] == [["Порядок входа"], []]
    assert [found("турникет", date=day) for day in days] == [[], ["Порядок входа"]]
    assert [spelling.suggestion(_on(day), "турнкет") for day in days] == ["", "турникет"]


def _on(day: datetime.date):
    asker = asker_for(None)
    asker.date = day
    return asker


def test_documents_of_a_closed_section_are_not_found():
    publish("Порядок входа", "Слова про калитку")
    section = sections.by_slug(asker_for(None).school, "documents")
    elements.set_closure(section, 1, by=COMMAND)
    sections.forget()
    assert (found("калитка"), found("калитка", person=make_pupil())) == ([], ["Порядок входа"])


def test_people_are_found_by_those_to_whom_the_staff_pages_are_open():
    teacher = make_employee(surname="Кукушкина", position="teacher")
    gone = make_employee(surname="Кукушкин", position="teacher", starts=LONG_AGO, ends=LONG_AGO + DAY)
    make_pupil(surname="Кукушкина")
    call_command("reindex")
    asked = (None, make_pupil(), teacher)
    names = [found("кукушкина", person=one, kind="staff") for one in asked]
    assert names == [[], [], [teacher.get_full_name()]]
    assert gone.get_full_name() not in found("кукушкин", person=teacher)


def test_files_of_a_card_are_found_by_those_to_whom_it_opens():
    make_element_file(make_element(name="Для работников", closure=2), title="Памятка про фиалки")
    make_element_file(make_element(name="Для руководства", closure=4), title="Справка про фиалки")
    call_command("reindex")
    director = make_employee(position="director")
    asked = (None, make_pupil(), make_employee(), director)
    # What is read of levels 4-5 leaves a trace, so no search shows it even to those who may.
    assert [found("фиалки", person=one) for one in asked] == [[], [], *2 * [["Памятка про фиалки"]]]


@pytest.mark.clause("13.4")
def test_an_act_without_editions_is_found_by_its_requisites_until_it_loses_force():
    act = Document(title="О фиалках", kind="law", level="federal", number="273-ФЗ", date=LONG_AGO)
    documents.save_document(act, by=COMMAND)
    assert (found("273-фз"), found("федеральный закон фиалки")) == (["О фиалках"], ["О фиалках"])
    documents.lose_force(act, on=TODAY, by=COMMAND)
    assert [found("273-фз", date=day) for day in (TODAY - DAY, TODAY)] == [["О фиалках"], []]


def test_what_is_written_on_the_shelves_is_found_once_it_is_everybodys():
    author, subject = make_employee(), make_subject(name="Фиалковедение")
    make_programme(subject, author=author, topics=("Корни фиалок",))
    make_programme(subject, author=author, grade=8, state="draft")
    make_news(title="Выставка фиалок")
    make_news(title="Фиалки завтра", hours=-24)
    make_news(title="Фиалки в черновике", state="draft")
    make_material(author, title="Поливаем фиалки", is_published=True)
    make_material(author, title="Фиалки: набросок")
    withdraw(make_resource(title="Фиалки онлайн"), "Закрылся", by=COMMAND)
    make_library_edition(title="Фиалки для школы")
    call_command("reindex")
    programme = "Учебный предмет: Фиалковедение, 7 класс"
    everybodys = ["Выставка фиалок", "Макарычев, Ю. Н. Фиалки для школы", "Поливаем фиалки", programme]
    assert sorted(found("фиалки")) == everybodys
    assert found("фиалковедение", kind="programmes") == [programme]
    # The author opens the own draft, and so finds it.
    assert len(found("фиалковедение", kind="programmes", person=author)) == 2


# Freshness


def test_a_change_is_found_at_once_and_what_it_replaced_no_more():
    element = card("Сервис", purpose="Прежнее назначение")
    element.purpose = "Свежее назначение"
    elements.save_element(element, by=COMMAND)
    assert (found("прежнее назначение"), found("свежее назначение")) == ([], ["Сервис"])
    document = publish("Порядок входа", "Слова про калитку")
    document.title = "Порядок выхода"
    documents.save_document(document, by=COMMAND)
    assert found("калитка") == ["Порядок выхода"]


def test_reindex_gives_what_the_actions_had_and_takes_away_what_is_gone():
    publish("Порядок входа", "Слова про калитку")
    before = _index()
    SearchEntry.objects.create(source="documents", key=10**9, title="Нет такого", words=" нет ")
    SearchTerm.objects.all().delete()
    call_command("reindex")
    assert _index() == before
    assert not SearchEntry.objects.filter(key=10**9).exists()


def _index() -> list[tuple]:
    fields = ("entry__source", "entry__key", "stem", "word", "in_title", "count", "entry__words")
    return sorted(SearchTerm.objects.values_list(*fields))


def test_a_file_is_read_once_after_the_commit(settings, django_capture_on_commit_callbacks):
    author = make_employee()
    upload = SimpleUploadedFile("конспект.txt", "Поливаем настурции".encode())
    with django_capture_on_commit_callbacks(execute=True):
        row = save_material(
            MethodicalMaterial(title="Цветы", activity="lesson", annotation="Конспект"), upload, by=as_actor(author)
        )
        publish_material(row, by=as_actor(author))
        assert found("настурции") == []
    assert found("настурции") == ["Цветы"]
    # Without its bytes: a change of the title does not ask for them.
    (settings.MEDIA_ROOT / row.file.path).unlink()
    with django_capture_on_commit_callbacks(execute=True):
        row.title = "Клумба"
        save_material(row, None, by=as_actor(author))
    assert found("настурции") == ["Клумба"]


def test_what_is_deleted_leaves_nothing_in_the_index():
    author = make_employee()
    draft = MethodicalMaterial(title="Набросок", activity="lesson", annotation="Конспект", text="Зюзюкин")
    row = save_material(draft, None, by=as_actor(author))
    assert SearchEntry.objects.filter(text__contains="Зюзюкин").exists()
    delete_draft(row, by=as_actor(author))
    assert not SearchEntry.objects.filter(text__contains="Зюзюкин").exists()


def as_actor(person) -> Actor:
    return Actor(person, None, person.username)


# The page


def test_the_page_marks_words_escapes_texts_and_filters_by_kind(client):
    document = publish("Правила <b>входа</b>", "Про калитку")
    # As an older portal took it, or a file brings it.
    document.editions.update(text="Про калитку & <script>alert(1)</script> у калиток")
    call_command("reindex")
    card("Калитка онлайн")
    text = client.get(PAGE, {"q": "калитки"}).content.decode()
    assert "<mark>калитку</mark> &amp; " in text
    assert ("<script>alert" in text, "<b>входа" in text) == (False, False)
    assert [part in text for part in ("Всё (2)", "Документы (1)", "Платформы и разделы (1)")] == [True, True, True]
    only = client.get(PAGE, {"q": "калитки", "kind": "documents"}).content.decode()
    assert ("Правила" in only, "<mark>Калитка</mark>" in only, "Всё (2)" in only) == (True, False, True)


@pytest.mark.parametrize(
    "query",
    ["", " ", "?!", "a" * 5000, "я " * 700, "'\"«", '"', "%_*", "NEAR(a b)", "a AND", "\\", "x\u0000y", "😀", "1-",
     "-" * 99, '"1 2" "3 4"', "<script>", "{{ q }}", "٣٤", "ß" * 300, "а́" * 90],
)  # fmt: skip
def test_odd_questions_have_a_page(client, query):
    publish("Порядок входа", "Слова")
    answers = [client.get(PAGE, {"q": query, "page": page, "kind": "zzz"}) for page in ("1", "999999999999999999999")]
    # NUL is refused by the portal at its door, with words.
    assert {answer.status_code for answer in answers} == ({400} if "\0" in query else {200})


def test_pages_go_on_in_one_order(client):
    for number in range(45):
        publish(f"Правила № {number}", "Калитка", LONG_AGO + number * DAY)
    texts = [client.get(PAGE, {"q": "калитка", "page": page}).content.decode() for page in (1, 2, 3, 99)]
    assert [text.count("<h2>Правила") for text in texts] == [20, 20, 5, 5]
    assert "<h2>Правила № 44</h2>" in texts[0]
    assert "<h2>Правила № 0</h2>" in texts[2]


def test_queries_are_few_however_many_hits(client, django_assert_max_num_queries):
    sign_in(client, make_employee())
    for number in range(30):
        publish(f"Правила № {number}", "Калитка")
    client.get(PAGE, {"q": "калитка"})
    with django_assert_max_num_queries(10):
        client.get(PAGE, {"q": "калитка"})


# Suggestions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ghbrfp", "приказ"), ("ghbrfp j tkrt", "приказ о елке"), ("прикза", "приказ"), ("портфлио", "портфолио"),
     ("алгеб", "алгебре"), ("rybuf", "книга"), ("дшикфкн", "library"),
     ("приказ о ёлкке", "приказ елке"), ("ъъъъъъ", ""),
     ("квантовая", "")],
)  # fmt: skip
def test_what_was_meant_is_offered(typed, meant):
    for _, title, text, day in CORPUS:
        publish(title, text, datetime.date.fromisoformat(day))
    assert spelling.suggestion(_on(TODAY), typed) == meant


# Pure parts


def test_snippets_begin_where_most_words_stand():
    text = "Вступление. " * 40 + "Здесь калитка и турникет рядом. " + "Конец. " * 60
    piece = snippets.snippet(text, frozenset({words.stem("калитка"), words.stem("турникет")}))
    assert "<mark>калитка</mark> и <mark>турникет</mark>" in piece
    assert (piece.startswith("… "), piece.endswith(" …"), len(piece) < 300) == (True, True, True)
    assert snippets.snippet("Коротко & ясно", frozenset()) == "Коротко &amp; ясно"


def test_distances_stop_where_they_are_certain():
    pairs = [("приказ", "приказ"), ("прикза", "приказ"), ("прикз", "приказ"), ("абв", "эюя"), ("", "аб")]
    assert [spelling.distance(a, b, 2) for a, b in pairs] == [0, 1, 1, 3, 2]
