"""Editions: how they are adopted and approved, what they refuse, what changed, and the acts of clause 1.2 (1.2, 13)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard, StoredFile
from eios.lib.filetypes import FileRefused
from resources import edition_diff, sections
from resources.actions import documents as actions
from resources.actions.first_documents import load_documents
from resources.actions.registry import load_registry
from resources.models import Document, Edition, Element
from tests.factories import (
    LONG_AGO,
    make_condition,
    make_document,
    make_element,
    make_employee,
    make_order,
    make_privilege,
    make_pupil,
    sign_in,
)
from tests.samples import pdf

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    sections.forget()


@pytest.fixture
def writer(client):
    """A teacher who was entrusted with the section, signed in; no position and no role."""
    person = make_employee(surname="Пишущая")
    make_privilege(Element.objects.get(slug="documents"), person=person, right="contribute")
    sign_in(client, person)
    return person


def page(name, *args) -> str:
    return reverse(f"resources:{name}", args=args)


def shown(client, url: str) -> str:
    return client.get(url).content.decode()


def refusal(**values) -> dict[str, list[str]]:
    """What publishing says of these values at a document whose edition is in force since long ago."""
    with pytest.raises(ValidationError) as error:
        actions.publish_edition(make_document(), **{"text": "Новое", "in_force_from": TODAY, **values}, by=COMMAND)
    return error.value.message_dict


# --- editions in time ----------------------------------------------------------------------------------------------


@pytest.mark.clause("13.4")
def test_exactly_one_edition_is_in_force_on_any_day(db):
    document = make_document()
    for days in (-10, 0, 5):
        actions.publish_edition(document, text=f"С {days}", in_force_from=TODAY + DAY * days, by=COMMAND)
    days = [-3000, -11, -10, -1, 0, 4, 5, 3000]
    found = [getattr(document.edition_on(TODAY + DAY * day), "number", None) for day in days]
    assert found == [None, 1, 2, 2, 3, 3, 4, 4]


def test_the_database_refuses_two_editions_for_one_day(db):
    edition = make_document().editions.get()
    for other in ({"number": 2}, {"number": 1, "in_force_from": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(
                **{"document": edition.document, "text": "Другое", "in_force_from": LONG_AGO, **other}
            )
    for wrong in ({"text": ""}, {"text": "Да", "protocol_date": TODAY + DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(document=edition.document, number=2, in_force_from=TODAY, **wrong)
    assert Edition.objects.count() == 1


@pytest.mark.clause("13.1")
def test_an_edition_is_refused_with_words(db):
    early = "Предыдущая редакция действует с 01.09.2020: новая начинается позже."
    assert refusal(in_force_from=LONG_AGO) == {"in_force_from": [early]}
    assert refusal(in_force_from=LONG_AGO - DAY) == {"in_force_from": [early]}
    day = f"{TODAY + DAY:%d.%m.%Y}"
    words = {"in_force_from": [f"Протокол от {day}: редакция не может действовать раньше него."]}
    assert refusal(protocol_date=TODAY + DAY) == words
    order = make_order(number="1", state="executed", date=TODAY + DAY)
    assert refusal(order=order) == {"in_force_from": [f"Приказ от {day}: редакция не может действовать раньше него."]}
    stands = {"order": ["Нужен исполненный и не отменённый приказ по основной деятельности."]}
    for number, state in enumerate(("draft", "signed", "cancelled"), 2):
        assert refusal(order=make_order(number=str(number), state=state, date=TODAY)) == stands
    enrolment = make_order(number="9", kind="enrolment", register="pupils", state="executed", date=TODAY)
    assert refusal(order=enrolment) == stands
    assert refusal(text="") == {"__all__": ["Наберите текст редакции или приложите файл."]}
    assert set(Edition.objects.values_list("number", flat=True)) == {1}


def test_a_corrected_edition_stays_between_its_neighbours(db):
    document = make_document()
    for days in (-10, 10):
        actions.publish_edition(document, text="Текст", in_force_from=TODAY + DAY * days, by=COMMAND)
    middle = document.editions.get(number=2)
    for day, words in ((LONG_AGO, "Предыдущая редакция"), (TODAY + DAY * 10, "Следующая редакция")):
        middle.in_force_from = day
        with pytest.raises(ValidationError, match=words):
            actions.correct_edition(middle, by=COMMAND)
    middle.in_force_from = TODAY
    actions.correct_edition(middle, by=COMMAND)
    assert [one.in_force_from for one in document.editions.order_by("number")] == [LONG_AGO, TODAY, TODAY + DAY * 10]


# --- losing force --------------------------------------------------------------------------------------------------


@pytest.mark.clause("1.2")
def test_a_document_loses_force_on_its_day_and_names_what_replaced_it(client):
    old, new = make_document(title="Старый порядок"), make_document(title="Новый порядок")
    actions.lose_force(old, on=TODAY, replaced_by=new, by=COMMAND)
    text = shown(client, page("document_detail", old.pk))
    assert "Утратил силу" in text
    assert page("document_detail", new.pk) in text
    assert page("document_detail", old.pk) in shown(client, page("document_detail", new.pk))
    listed = {
        state: ["Старый порядок" in found, "Новый порядок" in found]
        for state in ("", "in_force", "lost")
        for found in [shown(client, page("document_list") + f"?state={state}")]
    }
    assert listed == {"": [True, True], "in_force": [False, True], "lost": [True, False]}
    assert AuditEntry.objects.get(action="document.force_changed").changes["replaced_by"] == [None, new.pk]
    with pytest.raises(ValidationError, match="утратил силу"):
        actions.publish_edition(old, text="Ещё", in_force_from=TODAY, by=COMMAND)
    actions.restore_force(Document.objects.get(pk=old.pk), by=COMMAND)
    assert not Document.objects.get(pk=old.pk).has_lost_force(TODAY)


def test_what_opens_a_door_or_is_still_to_come_does_not_lose_force(db):
    bound, coming, itself = make_document(), make_document(), make_document()
    make_condition(make_element(name="Чат"), kind="acquaintance", document=bound)
    actions.publish_edition(coming, text="Новое", in_force_from=TODAY + DAY, by=COMMAND)
    for document, values, words in (
        (bound, {}, "требуют элементы: «Чат»"),
        (coming, {}, "начинает действовать редакция"),
        (itself, {"replaced_by": itself}, "заменить сам себя"),
    ):
        with pytest.raises(ValidationError, match=words):
            actions.lose_force(document, on=TODAY, **values, by=COMMAND)
    assert not Document.objects.filter(lost_force_on__isnull=False).exists()


# --- acts of clause 1.2 --------------------------------------------------------------------------------------------


@pytest.mark.clause("1.2")
def test_acts_and_the_regulation_are_loaded_once_and_never_overwritten(client):
    own = Document.objects.create(level="federal", kind="law", title="Закон об образовании", number="273-ФЗ",
                                  date=datetime.date(2012, 12, 29))  # fmt: skip
    assert load_documents(by=COMMAND) == 20
    labels = [Document.objects.get(code=f"act-{number}").full_name for number in (2, 4, 19, 20)]
    assert [label[:60] for label in labels] == [
        "Федеральный закон от 27.07.2006 № 149-ФЗ «Об информации, инф",
        "Постановление Правительства РФ от 20.10.2021 № 1802 «Об утве",
        "Письмо министерства образования, науки и молодёжной политики",
        "Устав МКОУООШ №29",
    ]
    letter = Document.objects.get(code="act-19")
    assert str(letter).endswith("Краснодарского края от 09.09.2016 № 47-16147/16-11")
    regulation = Document.objects.get(code="regulation")
    changed = Document.objects.get(code="act-5")
    changed.title = "Исправлено людьми"
    actions.save_document(changed, by=COMMAND)
    assert load_documents(by=COMMAND) == 0
    assert Document.objects.get(code="act-5").title == "Исправлено людьми"
    assert Document.objects.get(pk=own.pk).title == "Закон об образовании"
    assert Document.objects.filter(level="federal").count() == 17
    text = shown(client, page("document_detail", regulation.pk))
    assert "Изменения и дополнения к Положению принимаются" in text
    assert "Закон" in shown(client, page("document_list") + "?level=federal&kind=law")
    found = shown(client, page("document_list") + "?q=письма+министерства")
    assert ("47-16147/16-11" in found, "149-ФЗ" in found) == (True, False)
    assert "только реквизиты" in shown(client, page("document_detail", letter.pk))


def test_the_list_is_in_pages_and_in_as_many_queries(client, django_assert_num_queries):
    def ask():
        SchoolCard.touch_public()
        client.get(page("document_list"))
        SchoolCard.touch_public()
        with django_assert_num_queries(7):
            return client.get(page("document_list")).context["page"]

    make_document()
    assert len(ask()) == 1
    for number in range(60):
        make_document(title=f"Порядок {number}")
    assert len(ask()) == 50
    assert client.get(page("document_list") + "?page=x&level=zzz&kind=&state=no").status_code == 200


# --- what changed --------------------------------------------------------------------------------------------------


def test_the_difference_is_by_lines_and_words():
    found = edition_diff.compare("Раз\n\nДва три четыре пять\nПять\nШесть", "Раз\nДва 3 четыре пять\nПять\nСемь восемь")
    assert (found.changed, found.added, found.removed) == (1, 1, 1)
    assert [(line.kind, [(part.kind, part.text) for part in line.parts]) for line in found.lines] == [
        ("same", [("same", "Раз")]),
        ("changed", [("same", "Два "), ("removed", "три"), ("added", "3"), ("same", " четыре пять")]),
        ("same", [("same", "Пять")]),
        ("removed", [("removed", "Шесть")]),
        ("added", [("added", "Семь восемь")]),
    ]
    assert edition_diff.compare("Раз \n\n", "Раз").is_empty
    far = edition_diff.compare("\n".join("абвгд"), "\n".join("абвгё"))
    assert [(line.kind, line.skipped) for line in far.lines][0] == ("gap", 3)


@pytest.mark.clause("13.4")
def test_guests_compare_any_two_editions_that_have_begun(client):
    document = make_document(text="Один <script>старый</script>")
    for days, text in ((-5, "Один новый"), (0, "Один новейший"), (1, "Тайна завтра")):
        actions.publish_edition(document, text=text, in_force_from=TODAY + DAY * days, by=COMMAND)
    compare = page("document_compare", document.pk)
    text = shown(client, compare)
    assert '<del><span class="vh">[убрано: </span>новый' in text
    assert '<ins><span class="vh">[добавлено: </span>новейший' in text
    first = shown(client, f"{compare}?old=3&new=1")
    assert "&lt;script&gt;" not in text
    assert ("<script>старый" in first, "script" in first, "новейший" in first) == (False, True, True)
    assert "Тайна" not in shown(client, f"{compare}?old=1&new=4") + text
    assert client.get(f"{compare}?old=x&new=").status_code == 200
    assert "Различий нет" in shown(client, f"{compare}?old=2&new=2")
    assert client.get(page("document_compare", make_document().pk)).status_code == 404


# --- the desk ------------------------------------------------------------------------------------------------------

DOCUMENT = {"level": "school", "kind": "rules", "title": "Порядок  печати", "number": "5"}


@pytest.mark.clause("4.4")
def test_who_was_entrusted_with_the_section_adds_a_document_and_its_editions(client, writer):
    assert page("document_add") in shown(client, page("document_list"))
    client.post(page("document_add"), {**DOCUMENT, "file": SimpleUploadedFile("порядок.pdf", pdf())})
    document = Document.objects.get()
    assert (document.title, document.number, document.file.kind) == ("Порядок печати", "5", "document_file")
    order = make_order(number="14", state="executed", date=TODAY)
    values = {
        "in_force_from": TODAY.isoformat(), "text": "## Как печатать\n\nТихо.", "adopted_by": "Педагогический совет",
        "protocol_number": "5", "protocol_date": TODAY.isoformat(), "parents_opinion": "Учтено", "order": order.pk,
    }  # fmt: skip
    add = page("edition_add", document.pk)
    assert client.post(add, values).url == page("document_detail", document.pk)
    edition = document.edition_on(TODAY)
    assert (edition.number, edition.order, edition.adoption) == (
        1, order, f"Педагогический совет, протокол № 5 от {TODAY:%d.%m.%Y}",
    )  # fmt: skip
    twice = client.post(add, {**values, "text": "Ещё одна", "order": ""}).content.decode()
    assert "Предыдущая редакция действует с" in twice
    assert "Ещё одна" in twice
    assert "Наберите текст" in client.post(add, {**values, "text": " "}).content.decode()
    change = page("edition_change", document.pk, 1)
    assert client.post(change, {**values, "text": "Исправлено"}).url == page("document_edition", document.pk, 1)
    actions.acquaint(document.edition_on(TODAY), by=Actor(writer, None, ""))
    assert client.post(change, {**values, "text": "Подменено"}).url == page("document_detail", document.pk)
    assert Edition.objects.values_list("number", "text").get() == (1, "Исправлено")


def test_the_desk_refuses_what_can_not_be(client, writer):
    add = page("document_add")
    assert "нужно название или номер" in client.post(add, {"level": "school", "kind": "rules"}).content.decode()
    bad = client.post(add, {**DOCUMENT, "official_url": "javascript:alert(1)"}).content.decode()
    assert "Не похоже на адрес" in bad
    wrong = client.post(add, {**DOCUMENT, "date": "31.02.2026", "level": "всякий"})
    assert sorted(wrong.context["form"].errors) == ["date", "level"]
    fake = client.post(add, {**DOCUMENT, "file": SimpleUploadedFile("порядок.pdf", b"MZ not a pdf")})
    assert list(fake.context["form"].errors) == ["file"]
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)
    preview = client.post(page("edition_preview"), {"text": "## Раз\n<script>alert(1)</script>"}).content.decode()
    assert ("<h2>Раз</h2>" in preview, "<script>alert" in preview) == (True, False)


def test_a_full_disk_leaves_nothing_half_done(client, writer, monkeypatch):
    def refuse(*args, **kwargs):
        raise FileRefused("На сервере нет места.")

    monkeypatch.setattr("accounts.actions.files.store", refuse)
    document = make_document()
    answer = client.post(
        page("edition_add", document.pk),
        {"in_force_from": TODAY.isoformat(), "file": SimpleUploadedFile("а.pdf", pdf())},
    )
    assert "На сервере нет места." in answer.content.decode()
    assert document.editions.count() == 1


def test_the_desk_is_closed_to_others(client):
    document = make_document()
    sign_in(client, make_employee(position="director"))
    assert page("edition_add", document.pk) not in shown(client, page("document_detail", document.pk))
    addresses = [
        page("document_add"), page("document_change", document.pk), page("edition_add", document.pk),
        page("edition_change", document.pk, 1), page("document_lose_force", document.pk),
        page("document_duties", document.pk),
    ]  # fmt: skip
    assert [client.post(one, {"title": "Чужое", "text": "Чужое"}).status_code for one in addresses] == [403] * 6
    assert (Document.objects.get().title, Edition.objects.get().text) == ("Порядок доступа", "Текст")


@pytest.mark.clause("13.4")
def test_what_is_still_to_come_is_seen_by_those_who_fill_the_section(client, writer):
    document = make_document(title="Будущий порядок")
    document.editions.update(in_force_from=TODAY + DAY)
    edition = document.editions.get()
    actions.correct_edition(edition, file=SimpleUploadedFile("порядок.pdf", pdf()), by=COMMAND)
    addresses = [
        page("document_detail", document.pk), page("document_edition", document.pk, 1), edition.file.get_absolute_url(),
    ]  # fmt: skip
    assert "Будущий порядок" in shown(client, page("document_list") + "?state=coming")
    assert [client.get(one).status_code for one in addresses] == [200, 200, 200]
    sign_in(client, make_pupil())
    assert "Будущий порядок" not in shown(client, page("document_list") + "?state=coming")
    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]
    client.logout()
    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]
    document.editions.update(in_force_from=TODAY)
    SchoolCard.touch_public()
    assert client.get(edition.file.get_absolute_url()).status_code == 200


def test_what_would_take_too_long_to_compare_is_shown_as_replaced():
    """Three such pages would stop the portal: a line of thousands of words against another."""
    old, new = (" ".join(str(number * step % 97) for number in range(3000)) for step in (7, 11))
    found = edition_diff.compare(f"Начало\n{old}\nКонец", f"Начало\n{new}\nКонец")
    assert [line.kind for line in found.lines] == ["same", "removed", "added", "same"]
    lines = [[f"{number * step % 97}" for number in range(3000)] for step in (7, 11)]
    assert edition_diff.compare(*("\n".join(one) for one in lines)).changed == 0


def test_a_successor_that_is_to_come_is_not_named_to_guests(client, writer):
    old, new = make_document(title="Прежний"), make_document(title="Тайное будущее положение")
    new.editions.update(in_force_from=TODAY + DAY)
    actions.lose_force(old, on=TODAY + DAY, replaced_by=new, by=COMMAND)
    url = page("document_detail", old.pk)
    assert "Тайное будущее" in shown(client, url)
    client.logout()
    assert "Тайное будущее" not in shown(client, url)
