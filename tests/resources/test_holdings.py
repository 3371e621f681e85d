"""Outside e-resources and editions: open to everybody, kept by those entrusted with the library (1.3 a, 1.4)."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import AuditEntry
from resources import library_overview
from resources.actions import holdings as actions
from resources.models import Element, LibraryEdition, OutsideResource
from tests.factories import (
    make_element,
    make_employee,
    make_library_edition,
    make_material,
    make_privilege,
    make_pupil,
    make_resource,
    make_subject,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
RESOURCES, EDITIONS = "/library/resources/", "/library/editions/"
RESOURCE = {
    "title": "РЭШ", "kind": "eor", "publisher": "Минпросвещения", "address": "https://resh.edu.ru/",
    "federal_act": "Приказ № 499", "federal_number": "12", "federal_date": "18.07.2024", "grade_from": "5",
    "grade_to": "9", "annotation": "Уроки",
}  # fmt: skip
EDITION = {
    "kind": "textbook", "author": "Макарычев, Ю. Н.", "title": "Алгебра", "subtitle": "7-й класс : учебник",
    "place": "Москва", "publisher": "Просвещение", "year": "2023", "pages": "256", "isbn": "ISBN 978–3–16–148410–0",
    "copies": "30", "grade_from": "7",
}  # fmt: skip


@pytest.fixture(autouse=True)
def registry(site):
    """Sections of the portal stand."""


@pytest.fixture
def librarian(client):
    """One whom the library is entrusted to, signed in."""
    person = make_employee(position="librarian", surname="Книжная")
    make_privilege(Element.objects.get(slug="library"), person=person, right="contribute")
    sign_in(client, person)
    return person


def text_of(client, page: str) -> str:
    answer = client.get(page)
    assert (page, answer.status_code) == (page, 200)
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


# Reading


@pytest.mark.clause("1.3 a")
@pytest.mark.clause("1.4")
@pytest.mark.clause("3.7")
def test_a_guest_reads_the_lists_the_cards_and_the_figures(client):
    algebra = make_subject()
    resource = make_resource(title="РЭШ", subjects=[algebra], federal_act="Приказ № 499", grade_from=5, grade_to=9)
    edition = make_library_edition(subjects=[algebra], grade_from=7, grade_to=7)
    make_material(make_employee(), title="Урок алгебры", subject=algebra, is_published=True)
    text = text_of(client, RESOURCES)
    assert [words in text for words in ("РЭШ", "в федеральном перечне", "Алгебра. 5–9 классы")] == [True] * 3
    text = text_of(client, f"{RESOURCES}{resource.pk}/")
    assert [words in text for words in ("https://resh.example.org/", "Приказ № 499", "Изменить")] == [True, True, False]
    text = text_of(client, f"{EDITIONS}{edition.pk}/")
    assert "Макарычев, Ю. Н. Алгебра. — 2023. — Текст : непосредственный." in text
    text = text_of(client, "/library/")
    found = [words in text for words in ("1 издание", "1 ресурс", "1 материал", "Урок алгебры", "по предмету Алгебра")]
    assert found == [True] * 5


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Грамота", "РЭШ"]),
        ("q=уроков", ["РЭШ"]),
        ("q=алгебры", ["РЭШ"]),
        ("q=zzz", []),
        ("subject={algebra}", ["РЭШ"]),
        ("grade=5", ["Грамота", "РЭШ"]),
        ("grade=11", ["Грамота"]),
        ("kind=reference", ["Грамота"]),
        ("federal=in", ["РЭШ"]),
        ("federal=out", ["Грамота"]),
        ("state=withdrawn", ["Старый"]),
        # What is wrong in the address is passed over.
        ("subject=999999&grade=77&kind=x&federal=x&state=x", ["Грамота", "РЭШ"]),
        ("subject=-1&grade=-1&page=zzz", ["Грамота", "РЭШ"]),
    ],
)
def test_filters_of_resources(client, query, titles):
    algebra = make_subject()
    make_resource(title="РЭШ", annotation="Уроки", subjects=[algebra], federal_act="№ 499", grade_from=5, grade_to=9)
    make_resource(title="Грамота", kind="reference")
    actions.withdraw(make_resource(title="Старый"), "закрыт", by=COMMAND)
    answer = client.get(f"{RESOURCES}?{query.format(algebra=algebra.pk)}")
    assert [row.title for row in answer.context["page"]] == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=978-3-16-148410-0", ["Алгебра"]),
        ("q=9783161484100", ["Алгебра"]),
        ("q=макарычев", ["Алгебра"]),
        ("where=shelf", ["Алгебра"]),
        ("where=electronic", ["Сказки"]),
        ("kind=fiction", ["Сказки"]),
    ],
)
def test_filters_of_editions(client, query, titles):
    make_library_edition(isbn="978-3-16-148410-0")
    make_library_edition(
        title="Сказки", author="Пушкин, А. С.", kind="fiction", copies=0, address="https://rusneb.ru/1"
    )
    assert [row.title for row in client.get(f"{EDITIONS}?{query}").context["page"]] == titles


def test_a_platform_that_one_may_not_know_of_is_not_named(client):
    hidden = make_element(name="ЭБС «Тайник»", closure=1, is_listed=False)
    edition = make_library_edition(copies=0, element=hidden)
    for page in (EDITIONS, f"{EDITIONS}?q=тайник", f"{EDITIONS}{edition.pk}/", "/library/"):
        assert "Тайник" not in text_of(client, page)
    assert len(client.get(f"{EDITIONS}?q=тайник").context["page"].object_list) == 0
    sign_in(client, make_pupil())
    assert "Тайник" in text_of(client, f"{EDITIONS}{edition.pk}/")


def test_what_is_kept_of_the_figures_goes_with_a_change(client):
    resource = make_resource()
    assert "1 ресурс" in text_of(client, "/library/")
    make_resource()
    assert "2 ресурса" in text_of(client, "/library/")
    actions.withdraw(resource, "закрыт", by=COMMAND)
    assert "1 ресурс" in text_of(client, "/library/")


@pytest.mark.parametrize("page", [RESOURCES, EDITIONS, "/library/"])
def test_the_lists_ask_a_constant_number_of_queries(client, page):
    subjects = [make_subject(), make_subject("Геометрия")]

    def queries() -> int:
        library_overview.forget()
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    sign_in(client, make_pupil())
    make_resource(subjects=subjects)
    make_library_edition(subjects=subjects)
    few = queries()
    for _ in range(30):
        make_resource(subjects=subjects)
        make_library_edition(subjects=subjects)
    assert queries() == few


def test_the_export_holds_the_filtered_list_with_its_source(client):
    make_resource(title="=1+1", subjects=[make_subject()], federal_act="№ 499", federal_date=datetime.date(2024, 7, 18))
    make_resource(title="Вне перечня")
    answer = client.get(f"{RESOURCES}export/?federal=in")
    rows = [[cell.value for cell in line] for line in openpyxl.load_workbook(io.BytesIO(answer.content)).active]
    assert "Источник" in rows[1][0]
    assert [row[0] for row in rows[4:]] == ["=1+1"]
    assert rows[4][4:9] == ["Алгебра", "любые", "№ 499", "", "18.07.2024"]


# Keeping


def test_only_those_entrusted_with_the_library_change_it(client):
    resource, edition = make_resource(title="РЭШ"), make_library_edition()
    pages = [f"{RESOURCES}add/", f"{EDITIONS}add/"]
    pages += [f"{RESOURCES}{resource.pk}/{verb}/" for verb in ("change", "withdraw", "restore")]
    pages += [f"{EDITIONS}{edition.pk}/{verb}/" for verb in ("change", "withdraw", "restore")]
    for person in (make_pupil(), make_employee(), make_employee(position="director")):
        sign_in(client, person)
        assert [client.post(page, RESOURCE | EDITION | {"reason": "x"}).status_code for page in pages] == [403] * 8
        assert "Изменить" not in text_of(client, f"{RESOURCES}{resource.pk}/")
    assert (OutsideResource.objects.get().title, LibraryEdition.objects.get().state) == ("РЭШ", "active")


def test_a_resource_is_added_changed_withdrawn_and_brought_back(client, librarian):
    algebra, physics = make_subject(), make_subject("Физика", area="Естественные науки")
    answer = client.post(f"{RESOURCES}add/", RESOURCE | {"subjects": [algebra.pk]})
    row = OutsideResource.objects.get()
    page = f"{RESOURCES}{row.pk}/"
    assert (answer["Location"], row.title, row.federal_date) == (page, "РЭШ", datetime.date(2024, 7, 18))
    client.post(f"{page}change/", RESOURCE | {"title": "РЭШ-2", "subjects": [physics.pk]})
    assert "Напишите" not in text_of(client, f"{page}withdraw/")
    assert "обязательн" in client.post(f"{page}withdraw/", {"reason": "  "}).content.decode().lower()
    client.post(f"{page}withdraw/", {"reason": "закрыт владельцем"})
    row.refresh_from_db()
    assert (row.title, row.state, row.withdrawn_on, row.withdrawn_why) == (
        "РЭШ-2", "withdrawn", TODAY, "закрыт владельцем",
    )  # fmt: skip
    # Changed while withdrawn, it stays withdrawn.
    client.post(f"{page}change/", RESOURCE | {"title": "РЭШ-3"})
    client.logout()
    assert "закрыт владельцем" in text_of(client, page)
    assert "РЭШ" not in text_of(client, RESOURCES)
    sign_in(client, librarian)
    client.post(f"{page}restore/")
    assert OutsideResource.objects.values_list("title", "state", "withdrawn_why").get() == ("РЭШ-3", "active", "")
    trail = AuditEntry.objects.filter(object_type="resources.outsideresource").order_by("pk")
    verbs = [entry.action.split(".")[1] for entry in trail]
    assert verbs == [
        "added", "subjects_named", "changed", "subjects_named", "withdrawn", "changed", "subjects_named", "restored",
    ]  # fmt: skip
    assert trail[3].changes == {"subjects": ["Алгебра", "Физика"]}


def test_an_edition_keeps_its_number_as_it_is_printed(client, librarian):
    answer = client.post(f"{EDITIONS}add/", EDITION)
    row = LibraryEdition.objects.get()
    assert answer["Location"] == f"{EDITIONS}{row.pk}/"
    assert (row.isbn, row.grade_from, row.grade_to, row.grades) == ("978-3-16-148410-0", 7, 7, "7 класс")
    client.post(f"{EDITIONS}{row.pk}/withdraw/", {"reason": "списано по акту № 3"})
    assert "списано по акту № 3" in text_of(client, f"{EDITIONS}{row.pk}/")


def test_a_second_withdrawal_is_refused_in_words():
    row = make_resource()
    actions.withdraw(row, "закрыт", by=COMMAND)
    for act in (lambda: actions.withdraw(row, "ещё раз", by=COMMAND), lambda: actions.withdraw(row, " ", by=COMMAND)):
        with pytest.raises(ValidationError):
            act()
    actions.restore(row, by=COMMAND)
    with pytest.raises(ValidationError, match="и так действует"):
        actions.restore(row, by=COMMAND)


WRONG_RESOURCES = [
    ({"address": "javascript:alert(1)"}, "Не похоже на адрес сайта"),
    ({"address": "JaVaScRiPt://resh.edu.ru/%0aalert(1)"}, "Не похоже на адрес сайта"),
    ({"address": "data:text/html,x"}, "Не похоже на адрес сайта"),
    ({"address": "/admin/"}, "Не похоже на адрес сайта"),
    ({"address": "mailto:a@example.org"}, "Не похоже на адрес сайта"),
    ({"address": "https://[::1"}, "Не похоже на адрес"),
    ({"address": "https://localhost/"}, "Не похоже на адрес"),
    ({"address": ""}, "Обязательное поле"),
    ({"grade_from": "9", "grade_to": "5"}, "сейчас с 9 по 5"),
    ({"grade_from": "", "grade_to": "5"}, "с какого класса"),
    ({"grade_from": "12"}, "нет среди допустимых"),
    ({"federal_act": ""}, "Назовите приказ"),
    ({"federal_date": "31.02.2024"}, "дат"),
    ({"kind": "x"}, "нет среди допустимых"),
    ({"subjects": ["999999"]}, "999999"),
    ({"element": "999999"}, "допустимых"),
    ({"title": "x" * 301}, "301"),
    ({"title": "a\x00b"}, "символ"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG_RESOURCES)
def test_a_wrong_resource_is_asked_again(client, librarian, wrong, words):
    answer = client.post(f"{RESOURCES}add/", RESOURCE | wrong)
    text = answer.content.decode()
    assert (answer.status_code, words in text, "Минпросвещения" in text) == (200, True, True)
    assert not OutsideResource.objects.exists()


WRONG_EDITIONS = [
    ({"isbn": "978-3-16-148410-1"}, "стоит 1, а должна быть 0"),
    ({"isbn": "978"}, "а здесь 3"),
    ({"year": "1500"}, "Год издания"),
    ({"year": str(TODAY.year + 2)}, "Год издания"),
    ({"pages": "0"}, "больше либо равно 1"),
    ({"copies": "99999999999999999999"}, "меньше либо равно"),
    ({"copies": "0"}, "где издание читают"),
    ({"address": "javascript:alert(1)"}, "Не похоже на адрес сайта"),
    ({"grade_from": "8", "grade_to": "7"}, "сейчас с 8 по 7"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG_EDITIONS)
def test_a_wrong_edition_is_asked_again(client, librarian, wrong, words):
    answer = client.post(f"{EDITIONS}add/", EDITION | wrong)
    text = answer.content.decode()
    assert (answer.status_code, words in text, "Макарычев" in text) == (200, True, True)
    assert not LibraryEdition.objects.exists()


def test_texts_are_shown_as_they_were_typed(client):
    row = make_resource(title="<script>alert(1)</script>", annotation="<img src=x onerror=alert(1)>")
    for page in (RESOURCES, f"{RESOURCES}{row.pk}/", "/library/"):
        assert ("<script>alert" in text_of(client, page), "<img src=x" in text_of(client, page)) == (False, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"grade_from": 9, "grade_to": 5}, {"grade_from": 5}, {"grade_from": 5, "grade_to": 12}, {"copies": 0},
        {"state": "withdrawn"}, {"state": "withdrawn", "withdrawn_on": TODAY},
    ],
)  # fmt: skip
def test_the_database_refuses_what_can_not_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        LibraryEdition.objects.create(**({"title": "Алгебра", "kind": "textbook", "year": 2023, "copies": 1} | wrong))
