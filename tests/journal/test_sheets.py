"""Yearly sheets: numbers equal to an independent calculation on screen and in PDF, the archive, who is let in."""

import io
import json
import re
import zipfile
from collections import Counter

import html5lib
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from accounts.actions import jobs
from accounts.actor import Actor
from accounts.models import Job, SchoolClass, User
from eios.lib.dates import today
from journal.actions import sheets as actions
from journal.models import ArchivedSheet, Council, Result, SheetLayout, Subgroup
from journal.sheets.content import fingerprint
from tests import factories
from tests.journal.factories import make_gradebook, make_load, make_result, make_terms
from tests.journal.sheets_factory import ROWS, SUBJECTS, make_full_class, value_of

pytestmark = pytest.mark.django_db
HTML = "{http://www.w3.org/1999/xhtml}"


def actor(person: User) -> Actor:
    return Actor(User.objects.get(pk=person.pk), None, person.username)


@pytest.fixture
def full_class(site) -> SchoolClass:
    return make_full_class()


@pytest.fixture
def deputy(site) -> User:
    return factories.make_employee(position="deputy")


def url(name: str, *args) -> str:
    return reverse(f"journal:{name}", args=args)


def cells_of(page: str) -> list[list[str]]:
    """The words of the sheet's table, row by row; a cell that spans rows stands in the first of them."""
    table = next(one for one in html5lib.parse(page).iter(f"{HTML}table") if one.get("class") == "sheet-table")
    rows = [row for body in table.iter(f"{HTML}tbody") for row in body.iter(f"{HTML}tr")]
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def expected(school_class: SchoolClass) -> list[list[str]]:
    """Worked out from the rule of the rows alone: no query of the page's, no code of the builder's."""
    people = sorted(
        enumerate(school_class.enrolments.order_by("pk").select_related("pupil")),
        key=lambda one: one[1].pupil.sort_name,
    )
    order = list(Result.objects.values_list("subject__name", flat=True).distinct().order_by(
        "subject__area__order", "subject__order", "subject__name"))  # fmt: skip
    lines = []
    for number, (place, enrolment) in enumerate(people, 1):
        # A day in the first term, from the second one on in the second; two lessons each.
        days = {1: min(place % 4, 1), 2: max(place % 4 - 1, 0), 0: place % 4}
        for row, (kind, term) in enumerate(ROWS):
            marks = [value_of(place, SUBJECTS.index(name), row) for name in order]
            missed = days.get(term, 0) if kind in ("term", "year") else 0
            counts = [missed, 2 * missed, 2 * missed * (place % 2)]
            head = [str(number), enrolment.pupil.get_full_name()] if row == 0 else []
            short = dict(zip(ROWS, ["I", "II", "III", "IV", "год", "экз.", "итог"], strict=True))[kind, term]
            tail = [""] if row == 0 else []
            lines.append([*head, short, *marks, *(str(one or "") for one in counts), *tail])
    return lines


@pytest.mark.clause("7.3")
@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_screen_and_archived_pdf_equal_an_independent_calculation(client, full_class, deputy, paper):
    """35 pupils with long names, 17 subjects, seven rows each: every cell of the page, every word of the PDF."""
    SheetLayout.objects.create(version=1, paper=paper)
    factories.sign_in(client, deputy)
    lines = expected(full_class)
    assert cells_of(client.get(url("sheet_detail", full_class.pk)).content.decode()) == lines
    sheet = actions.archive_sheet(full_class, by=actor(deputy))
    reader = PdfReader(settings.MEDIA_ROOT / sheet.file.path)
    pages = [page.extract_text() for page in reader.pages]
    words = Counter(word for page in pages for word in page.split())
    for word in ("2", "3", "4", "5", "н/а", "осв", "зач"):
        wanted = sum(row.count(word) for row in lines) + _in_feet(word, len(pages))
        assert words[word] == wanted, word
    flat = "".join("".join(pages).split())
    for row in lines:
        if len(row) > 22:
            assert "".join(row[1].split()) in flat
    for number, page in enumerate(pages, 1):
        assert f"Страница {number} из {len(pages)}" in page
        assert sheet.sha256 in page
        assert "Фамилия, имя, отчество" in page
    assert f"№ {sheet.number}" in pages[0]
    size = reader.pages[0].mediabox
    millimetres = [round(float(one) * 25.4 / 72) for one in (size.width, size.height)]
    assert millimetres == {"A3": [420, 297], "A4": [297, 210]}[paper]


def _in_feet(word: str, pages: int) -> int:
    """The numbers of pupils and of pages are words too."""
    if not word.isdigit():
        return 0
    return (int(word) <= pages) + (pages if int(word) == pages else 0)


@pytest.mark.clause("7.3")
def test_an_archived_sheet_stays_and_says_what_has_changed(client, full_class, deputy):
    factories.sign_in(client, deputy)
    address = url("sheet_archive", full_class.pk)
    seen = client.get(address).context["form"]["seen"].value()
    answer = client.post(address, {"seen": seen})
    sheet = ArchivedSheet.objects.get()
    assert answer.url == sheet.get_absolute_url()
    frozen = json.dumps(sheet.content, sort_keys=True)
    page = client.get(answer.url)
    assert (page.context["changes"], page.context["is_whole"]) == ([], True)
    assert "уже в архиве под № 1" in client.post(address, {"seen": seen, "reason": "ещё раз"}).content.decode()

    mark = Result.objects.exclude(value="5").filter(kind="final").first()
    was, mark.value = mark.value, "5"
    mark.save()
    changes = client.get(answer.url).context["changes"]
    name = mark.pupil.get_full_name()
    assert [(one.who, one.what, one.was, one.now) for one in changes] == [
        (name, f"{mark.subject.name}, Итоговая", was, "5")
    ]
    assert json.dumps(ArchivedSheet.objects.get().content, sort_keys=True) == frozen

    # What was seen before the change is no longer what would be frozen; and another one wants a reason.
    assert "ведомость изменилась" in client.post(address, {"seen": seen, "reason": "пересдача"}).content.decode()
    now = client.get(address).context["form"]["seen"].value()
    assert client.post(address, {"seen": now, "reason": ""}).status_code == 200
    with pytest.raises(ValidationError, match="причину"):
        actions.archive_sheet(full_class, by=actor(deputy))
    client.post(address, {"seen": now, "reason": "Исправлена итоговая"})
    again = ArchivedSheet.objects.get(number=2)
    assert (again.supersedes, again.reason, again.sha256) == (sheet, "Исправлена итоговая", fingerprint(again.content))
    assert ArchivedSheet.objects.standing().get() == again
    old = client.get(sheet.get_absolute_url())
    assert old.context["later"] == again
    found = client.get(url("sheet_registry"), {"q": "8Я"}).context["page"].object_list
    assert [one.number for one in found] == [2, 1]
    assert client.get(url("sheet_registry"), {"q": "<b>"}).context["page"].paginator.count == 0


@pytest.mark.clause("7.3")
def test_a_sheet_is_closed_to_those_who_do_not_see_the_class(client, deputy, full_class):
    """By address and by POST, the file too; teachers of another class, of one subject, families, the administrator."""
    sheet = actions.archive_sheet(full_class, by=actor(deputy))
    pupil = full_class.enrolments.order_by("pk").first().pupil
    factories.make_class(grade=5)
    teacher = factories.make_employee()
    make_load(teacher, full_class.gradebooks.first())
    strangers = [
        teacher, User.objects.get(pk=pupil.pk), factories.make_parent(child=pupil),
        factories.make_employee(position="class_teacher", school_class=factories.make_class(grade=5)),
        factories.make_person(is_superuser=True), factories.make_employee(position="system_administrator"),
    ]  # fmt: skip
    leader = factories.make_employee(position="class_teacher", school_class=full_class)
    of_class = [url(name, full_class.pk) for name in ("sheet_detail", "sheet_pdf", "sheet_export", "sheet_notes")]
    of_class += [sheet.get_absolute_url(), sheet.file.get_absolute_url()]
    of_managers = [url("sheet_archive", full_class.pk), url("sheet_layout"), url("sheet_all", full_class.year_id)]
    secret = full_class.enrolments.order_by("-pk").first().pupil.surname
    for person in strangers:
        factories.sign_in(client, person)
        for address in [*of_class, *of_managers]:
            for answer in (client.get(address), client.post(address, {"reason": "так", "seen": sheet.sha256})):
                assert answer.status_code in (403, 404, 405), (person.position_codes, address)
                assert secret not in answer.content.decode()
        listed = [client.get(url("sheet_list")), client.get(url("sheet_registry"))]
        assert not any("8\N{NO-BREAK SPACE}«Я»" in one.content.decode() for one in listed)
    factories.sign_in(client, leader)
    assert [client.get(address).status_code for address in of_class] == [200] * 6
    assert [client.get(address).status_code for address in of_managers] == [404] * 3
    assert [client.post(address, {"seen": sheet.sha256}).status_code for address in of_managers] == [404] * 3
    assert ArchivedSheet.objects.count() == 1
    with pytest.raises(ValidationError):
        actions.archive_sheet(full_class, reason="сам", by=actor(leader))


def test_who_came_later_left_earlier_or_learns_in_a_subgroup(client, site, deputy):
    """One column for a subject of two subgroups; days beside the names; what is only proposed is left out."""
    school_class = factories.make_class(grade=7)
    year = school_class.year
    make_terms(year)
    groups = [
        Subgroup.objects.create(school_class=school_class, subject=factories.make_subject("Химия"), name=name)
        for name in ("1-я", "2-я")
    ]
    books = [make_gradebook(school_class=school_class, subject=one.subject, subgroup=one) for one in groups]
    days = [year.starts.replace(day=1), year.starts.replace(month=10, day=5), year.starts.replace(month=11, day=2)]
    whole = factories.make_pupil(school_class=school_class, starts=days[0], surname="Аист")
    late = factories.make_pupil(school_class=school_class, starts=days[1], surname="Бекас")
    gone = factories.make_pupil(school_class=school_class, starts=days[0], ends=days[2], surname="Вяхирь")
    council = Council.objects.create(
        year=year, kind="year", state="confirmed", minutes_number="9", minutes_date=today()
    )
    council.classes.add(school_class)
    make_result(books[0], whole, value="5", council=council)
    make_result(books[1], late, value="3", council=council)
    make_result(books[1], gone, value="2")
    actions.save_notes(school_class, {whole.pk: ("примерное", "переведён")}, None, by=actor(deputy))
    SheetLayout.objects.create(version=1, columns=["decision", "missed_lessons", "behaviour"], rows=["term", "final"])
    factories.sign_in(client, deputy)
    page = client.get(url("sheet_detail", school_class.pk))
    rows = [row for row in cells_of(page.content.decode()) if "I" in row]
    assert rows == [
        ["1", "Аист Анна Сергеевна", "I", "5", "", "примерное", "переведён"],
        ["2", f"Бекас Анна Сергеевнав классе с {days[1]:%d.%m.%Y}", "I", "3", "", "", ""],
        ["3", f"Вяхирь Анна Сергеевнав классе по {days[2]:%d.%m.%Y}", "I", "", "", "", ""],
    ]
    assert page.context["proposed"] == 1
    assert page.context["content"]["minutes"] == f"протокол № 9 от {today():%d.%m.%Y}"
    # Hand-written words come back in the form; a number of minutes without its day is refused where none is known.
    Council.objects.filter(pk=council.pk).update(kind="term", number=1)
    address = url("sheet_notes", school_class.pk)
    refused = client.post(address, {"number": "4", f"behaviour_{whole.pk}": "так" * 20})
    assert set(refused.context["form"].errors) == {f"behaviour_{whole.pk}"}
    assert "date" in client.post(address, {"number": "4"}).context["form"].errors
    client.post(address, {"number": "4", "date": f"{today():%Y-%m-%d}", f"decision_{late.pk}": "=1+1"})
    content = client.get(url("sheet_detail", school_class.pk)).context["content"]
    assert content["minutes"] == f"протокол № 4 от {today():%d.%m.%Y}"
    assert [one["once"] for one in content["pupils"]] == [["", ""], ["", "=1+1"], ["", ""]]


def test_the_layout_is_kept_in_versions(client, full_class, deputy):
    sheet = actions.archive_sheet(full_class, by=actor(deputy))
    factories.sign_in(client, deputy)
    address = url("sheet_layout")
    asked = {
        "title": "Ведомость", "paper": "A4", "rows": ["year", "final"], "columns": ["behaviour"], "seen": "0",
        "signatures": "Директор", "subjects": "музыка = Муз.\nФизика\n",
    }  # fmt: skip
    wrong = client.post(address, asked | {"subjects": "Музыка\nМагия"}).context["form"].errors
    assert wrong == {"subjects": ["Строка 2: предмета «Магия» на портале нет."]}
    assert client.post(address, asked | {"rows": ["<i>"], "paper": "A0"}).status_code == 200
    assert client.post(address, asked).status_code == 302
    assert "изменил другой человек" in client.post(address, asked).content.decode()
    content = client.get(url("sheet_detail", full_class.pk)).context["content"]
    assert [one["short"] for one in content["subjects"]][:3] == ["Муз.", "Физика", "Алгебра"]
    assert [one["short"] for one in content["rows"]] == ["год", "итог"]
    assert client.get(address).context["form"].initial["subjects"] == "Музыка = Муз.\nФизика"
    # The archived one is compared by its own layout.
    assert client.get(sheet.get_absolute_url()).context["changes"] == []


@pytest.mark.clause("7.3")
def test_all_sheets_of_the_school_are_a_work_with_a_zip(client, site, deputy):
    first = make_full_class(pupils=2, subjects=SUBJECTS[:2], letter="А")
    second = make_full_class(pupils=1, subjects=SUBJECTS[:1], letter="Б")
    factories.make_class(grade=9, letter="В")
    archived = actions.archive_sheet(first, by=actor(deputy))
    factories.sign_in(client, deputy)
    answer = client.post(url("sheet_all", first.year_id), {})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert client.get(url("sheet_all_ready", job.pk)).status_code == 404
    while job.is_running:
        job = jobs.advance_job(job, by=actor(deputy))
    assert (job.done, job.message) == (
        3, "Ведомостей: 2. Пропущены классы без обучающихся или предметов: 9\N{NO-BREAK SPACE}«В»."
    )  # fmt: skip
    assert client.get(job.next_url).status_code == 200
    names = _zip(client, job)
    assert names == [archived.file.name, f"Сводная ведомость 8Б {str(first.year).replace('/', '-')} проект.pdf"]
    assert ArchivedSheet.objects.count() == 1

    job = actions.start_all(first.year, archives=True, by=actor(deputy))
    while job.is_running:
        job = jobs.advance_job(job, by=actor(deputy))
    assert set(ArchivedSheet.objects.values_list("school_class", "number")) == {(first.pk, 1), (second.pk, 2)}
    assert len(_zip(client, job)) == 2
    # Somebody who was a manager no more gets nothing done; another manager has no way to this work.
    factories.sign_in(client, factories.make_employee(position="director"))
    assert client.get(url("sheet_all_zip", job.pk)).status_code == 404
    stopped = actions.start_all(first.year, archives=True, by=actor(deputy))
    stopped = jobs.advance_job(stopped, by=actor(factories.make_employee()))
    assert stopped.state == Job.State.FAILED


def _zip(client, job: Job) -> list[str]:
    data = b"".join(client.get(url("sheet_all_zip", job.pk)).streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(archive.read(one).startswith(b"%PDF-") for one in archive.namelist())
        return archive.namelist()


@pytest.mark.clause("7.3")
def test_final_marks_of_a_pupil(client, site):
    """Page, XLSX and PDF for the family, the class teacher, the management; nobody else. No proposals."""
    school_class = factories.make_class(grade=7)
    make_terms(school_class.year)
    book = make_gradebook(school_class=school_class)
    other = make_gradebook(school_class=school_class, subject=factories.make_subject("Химия"))
    pupil = factories.make_pupil(school_class=school_class, surname="Константинопольская")
    council = Council.objects.create(
        year=school_class.year, kind="year", state="confirmed", minutes_number="9", minutes_date=today()
    )
    for kind, value in (("term", "5"), ("year", "4"), ("exam", "3"), ("final", "4")):
        make_result(book, pupil, kind=kind, value=value, council=council)
    make_result(other, pupil, value="2")
    addresses = [url(name, pupil.pk) for name in ("final_marks", "final_marks_export", "final_marks_pdf")]
    allowed = [
        pupil, factories.make_parent(child=pupil), factories.make_employee(position="deputy"),
        factories.make_employee(position="class_teacher", school_class=school_class),
    ]  # fmt: skip
    for person in allowed:
        factories.sign_in(client, person)
        marks = client.get(addresses[0], {"year": "<b>"}).context["marks"]
        assert marks.lines == [("Алгебра", ["5", "", "", "", "4", "3", "4"])]
        text = PdfReader(io.BytesIO(client.get(addresses[2]).content)).pages[0].extract_text()
        assert "Константинопольская Анна Сергеевна" in text
        assert re.search(r"Алгебра\s+5\s+4\s+3\s+4\b", text)
        assert client.get(addresses[1]).status_code == 200
    stranger = factories.make_pupil(school_class=school_class)
    teacher = factories.make_employee()
    make_load(teacher, book)
    for person in (stranger, factories.make_parent(child=stranger), teacher, factories.make_person(is_superuser=True)):
        factories.sign_in(client, person)
        assert all(client.get(address).status_code in (403, 404) for address in addresses)
