"""«Сведения» as they are kept: rows, bad input, the board, where they live, what is taken out (8.1, 8.3)."""

import datetime
import hashlib
import io
import posixpath
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.actions import files
from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard
from eios.lib.dates import today
from eios.lib.filetypes import kinds
from resources import sections as registry
from resources.actions import sveden as actions
from resources.models import Element, SvedenCheck, SvedenExport, SvedenSettings, SvedenValue
from resources.sveden import board, working_days
from resources.sveden.entries import Entry
from resources.sveden.table import sections
from tests.factories import (
    make_calendar,
    make_curriculum,
    make_document,
    make_employee,
    make_programme,
    make_subject,
    sign_in,
)
from tests.resources.sveden_checker import REQUIRED, problems, read
from tests.resources.test_sveden import make_staff, write

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")


def at(page: str, *args) -> str:
    return reverse(f"resources:sveden_{page}", args=args)


def said(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


def seen(client, *args) -> str:
    """The mark that the row's page carries."""
    return client.get(at("row", *args)).context["form"].seen["seen"].value()


# Working days


@pytest.mark.parametrize(
    ("date", "days", "since"),
    [("2026-11-26", 10, "2026-11-12"), ("2026-11-05", 2, "2026-11-02"), ("2026-01-12", 1, "2026-01-11")],
)
def test_working_days_pass_over_weekends_and_holidays(date, days, since):
    found = working_days.before(datetime.date.fromisoformat(date), days)
    assert found == datetime.date.fromisoformat(since)


# Rows


def test_an_editor_fills_a_row_and_the_trail_knows(admin, client):
    address = at("row", "common", "school", 0)
    sent = {
        "seen": seen(client, "common", "school", 0),
        "workTime-text": "Пн–Пт 8:00–18:00",
        "regDate-text": "1975-09-01",
    }
    assert client.post(address, sent).status_code == 302
    rows = SvedenValue.objects.values_list("field", "text", "changed_by__surname")
    assert set(rows) == {("workTime", "Пн–Пт 8:00–18:00", "Журавлёв"), ("regDate", "01.09.1975", "Журавлёв")}
    assert AuditEntry.objects.filter(action="sveden_value.added", actor=admin).count() == 2
    assert "Пн–Пт 8:00–18:00" in said(client.get("/sveden/common/"))


def test_an_emptied_field_goes_and_an_untouched_one_keeps_its_moment(admin, client):
    write("common", "school", workTime="8:00", regDate="01.09.1975")
    moment = SvedenValue.objects.get(field="regDate").changed_at
    sent = {"seen": seen(client, "common", "school", 0), "workTime-text": "", "regDate-text": "1975-09-01"}
    client.post(at("row", "common", "school", 0), sent)
    assert [(row.field, row.changed_at) for row in SvedenValue.objects.all()] == [("regDate", moment)]


def test_another_correction_is_not_overwritten_unseen(admin, client):
    mark = seen(client, "catering", "health", 0)
    write("catering", "health", health="Медкабинет")
    answer = client.post(at("row", "catering", "health", 0), {"seen": mark, "health-text": "Другое"})
    assert "эти сведения изменили" in said(answer)
    assert SvedenValue.objects.get().text == "Медкабинет"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"licenseDocLink-link": "javascript:alert(1)"}, "Не похоже на адрес"),
        ({"licenseDocLink-link": "/orders/"}, "Нужен полный адрес"),
        ({"licenseDocLink-link": "https://example.org/", "licenseDocLink-is_none": "on"}, "Отмечено «нет»"),
        ({"workTime-text": "слово" * 1000}, "не более 4000"),
        ({"regDate-text": "вчера"}, "дату"),
    ],
)
def test_bad_input_is_refused_with_words_and_nothing_is_kept(sent, words, admin, client):
    answer = client.post(at("row", "common", "school", 0), {"seen": "", **sent})
    assert answer.status_code == 200
    assert words in said(answer)
    assert not SvedenValue.objects.exists()


def test_a_file_that_is_too_big_or_no_document_is_refused(admin, client):
    for upload in (
        SimpleUploadedFile("big.txt", b"a" * (kinds.DOCUMENT.max_bytes + 1)),
        SimpleUploadedFile("run.pdf", b"MZ\x90\x00"),
    ):
        answer = client.post(at("row", "common", "school", 0), {"seen": "", "licenseDocLink-file": upload})
        assert answer.status_code in (200, 413)
    assert not SvedenValue.objects.exists()


def test_a_file_opens_to_everybody_while_a_value_shows_it(admin, client):
    sent = {"seen": "", "licenseDocLink-file": SimpleUploadedFile("licence.txt", "Лицензия".encode())}
    assert client.post(at("row", "common", "school", 0), sent).status_code == 302
    file = SvedenValue.objects.get().file
    client.logout()
    assert client.get(file.url).status_code == 200
    SvedenValue.objects.all().delete()
    assert client.get(file.url).status_code == 404


def test_rows_are_added_removed_and_a_group_is_none(admin, client):
    client.post(at("row_add", "common", "founders"), {"nameUchred-text": "Администрация"})
    client.post(at("row_add", "common", "founders"), {"nameUchred-text": "Район"})
    assert set(SvedenValue.objects.values_list("row", "text")) == {(1, "Администрация"), (2, "Район")}
    empty = client.post(at("row_add", "common", "founders"), {})
    assert "Заполните хотя бы одно поле" in said(empty)
    refused = client.post(at("none", "common", "founders"), {"is_none": "on"}, follow=True)
    assert "сначала уберите их" in said(refused)
    for row in (1, 2):
        client.post(at("row_remove", "common", "founders", row))
    client.post(at("none", "common", "founders"), {"is_none": "on"})
    assert list(SvedenValue.objects.values_list("field", "is_none")) == [("", True)]


def test_a_column_is_filled_where_it_is_empty(admin, client):
    teacher = make_staff()
    write("employees", "teachers", teacher.pk, degree="кандидат наук")
    client.post(at("fill", "employees", "teachers"), {"field": "degree", "text": ""})
    rows = SvedenValue.objects.filter(field="degree")
    assert [(row.text, row.is_none) for row in rows.filter(row=teacher.pk)] == [("кандидат наук", False)]
    assert set(rows.exclude(row=teacher.pk).values_list("is_none", flat=True)) == {True}


def test_strangers_find_no_board(site, client):
    sign_in(client, make_employee(surname="Посторонняя"))
    for address in (at("board"), at("edit", "common"), at("row", "common", "school", 0), at("export"), at("settings")):
        assert client.get(address).status_code == 403
    assert client.post(at("check", "common")).status_code == 403
    assert not SvedenCheck.objects.exists()


# The board


def test_the_board_tells_what_is_empty_and_what_is_old(admin, client):
    write("catering", "health", health="Медкабинет")
    section = sections()["catering"]
    actions.say_none(section, section.block("meals"), is_none=True, by=BY)
    lines = {line.section.path: line for line in board.lines(SchoolCard.current(), today(), None)}
    assert (lines["catering"].filled, lines["catering"].nones, lines["catering"].lacks) == (1, 3, ())
    assert not lines["catering"].is_old
    assert [lack.title for lack in lines["inter"].lacks] == ["Государство", "Организация", "Реквизиты договора"]
    assert lines["inter"].is_old
    SvedenValue.objects.update(changed_at=timezone.now() - datetime.timedelta(days=30))
    assert board.lines(SchoolCard.current(), today(), None)[-1].is_old
    client.post(at("check", "catering"))
    assert not board.lines(SchoolCard.current(), today(), None)[-1].is_old
    assert AuditEntry.objects.filter(action="sveden.checked", actor=admin).count() == 1
    assert client.get(at("board")).status_code == 200


# Where they live, and what is taken out


def test_outside_needs_an_address(admin, client):
    answer = client.post(at("settings"), {"place": "outside", "official_address": ""})
    assert "в карточке школы сайта нет" in said(answer)
    assert SvedenSettings.current().place == "here"
    refused = client.post(at("settings"), {"place": "outside", "official_address": "javascript:alert(1)"})
    assert refused.status_code == 200
    client.post(at("settings"), {"place": "outside", "official_address": "https://school.example.org/info"})
    assert SvedenSettings.current().address_on(SchoolCard.current()) == "https://school.example.org/info/"


@pytest.mark.clause("8.3")
def test_the_archive_opens_by_itself_and_leads_nowhere_private(admin, client):
    make_staff()
    author = make_employee(surname="Авторова", username="author")
    make_programme(make_subject("Алгебра"), author=author, grade=7, content="Уравнения")
    make_programme(make_subject("Тайноведение"), author=author, grade=8, state="draft")
    make_curriculum(approved=True)
    make_calendar(approved=True)
    write("document", "documents", ustavDocLink=Entry(document=make_document(title="Устав", text="Статья 1")))
    scanned = make_document(title="Правила приёма")
    scan = files.store(SimpleUploadedFile("правила.txt", "Приём".encode()), kind="document_file", by=BY, owner=None)
    scanned.editions.update(text="", file=scan)
    write("document", "documents", priemDocLink=Entry(document=scanned))
    upload = SimpleUploadedFile("Лицензия школы.txt", "Лицензия".encode())
    client.post(at("row", "common", "school", 0), {"seen": "", "licenseDocLink-file": upload})
    answer = client.post(at("export"))
    content = b"".join(answer.streaming_content)
    record = SvedenExport.objects.get()
    assert (record.by, record.sha256, record.size) == (admin, hashlib.sha256(content).hexdigest(), len(content))
    assert AuditEntry.objects.filter(action="sveden.exported", actor=admin).count() == 1
    zipped = zipfile.ZipFile(io.BytesIO(content))
    assert zipped.testzip() is None
    names = set(zipped.namelist())
    assert {f"sveden/{path}/index.html" for path in REQUIRED} <= names
    pages = {name: zipped.read(name).decode() for name in names if name.endswith(".html")}
    assert (record.pages, record.files) == (len(pages), 2)
    for name, html in pages.items():
        for link in read(html).links:
            if not link.startswith(("http://", "https://", "mailto:")):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in names, (name, link)
            assert "testserver" not in link
        assert "Тайноведение" not in html
    for path in REQUIRED:
        assert problems(path, pages[f"sveden/{path}/index.html"], may_be_empty=True) == []
    for words in ("Статья 1", "Уравнения", "Предельная нагрузка", "Каникулы", "Файл документа"):
        assert any(words in html for html in pages.values()), words


@pytest.mark.clause("5.4")
def test_the_archive_takes_nothing_out_of_a_closed_section(admin, client):
    """A section that guests may not read stays on the portal: its papers and their files are not in the archive."""
    write("document", "documents", ustavDocLink=Entry(document=make_document(title="Устав", text="Статья 1")))
    make_programme(make_subject("Алгебра"), author=admin, grade=7, content="Уравнения")
    assert {"document", "programme"} <= _papers(client)
    Element.objects.filter(slug="documents").update(closure=2)
    SchoolCard.touch_public()
    registry.forget()
    assert _papers(client) == {"programme"}


def _papers(client) -> set[str]:
    """Kinds of the papers that an archive holds."""
    content = io.BytesIO(b"".join(client.post(at("export")).streaming_content))
    names = zipfile.ZipFile(content).namelist()
    return {name.removeprefix("sveden/docs/").partition("-")[0] for name in names if "/docs/" in name}


def test_what_changed_after_an_export_is_seen_and_overdue_in_ten_working_days(admin, client):
    client.post(at("export"))
    lines = board.lines(SchoolCard.current(), today(), board.last_export())
    assert not any(line.is_changed_since_export for line in lines)
    write("catering", "health", health="Медкабинет")
    (changed,) = [
        line for line in board.lines(SchoolCard.current(), today(), board.last_export()) if line.is_changed_since_export
    ]
    assert (changed.section.path, changed.is_overdue) == ("catering", False)
    SvedenExport.objects.update(at=timezone.now() - datetime.timedelta(days=30))
    assert board.lines(SchoolCard.current(), today(), board.last_export())[-1].is_overdue


def test_a_lost_file_stops_the_export_with_words(admin, client, settings):
    sent = {"seen": "", "licenseDocLink-file": SimpleUploadedFile("licence.txt", "Лицензия".encode())}
    client.post(at("row", "common", "school", 0), sent)
    (settings.MEDIA_ROOT / SvedenValue.objects.get().file.path).unlink()
    answer = client.post(at("export"), follow=True)
    assert "нет одного из файлов" in said(answer)
    assert not SvedenExport.objects.exists()
