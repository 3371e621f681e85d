"""The paper journal: equal to the database by another reading, nothing cut, no reasons, only for who sees the book."""

import datetime
import io
from collections import Counter
from decimal import Decimal

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.actions import jobs
from accounts.actor import Actor
from accounts.models import Job, StoredFile
from journal import paper_layout, scales, summary
from journal.actions import paper as actions
from journal.models import Absence, Homework, Mark
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.factories import (
    make_absence,
    make_gradebook,
    make_lesson,
    make_line,
    make_load,
    make_mark,
    make_result,
    make_terms,
    make_timetable,
)

pytestmark = pytest.mark.django_db
HTML = "{http://www.w3.org/1999/xhtml}"
DAY = datetime.timedelta(days=1)
LONG = ("Константинопольская-Римская-Корсакова", "Александра-Елизавета")


def url(name: str, *args) -> str:
    return reverse(f"journal:{name}", args=args)


def tables(page: str, kind: str) -> list[list[list[str]]]:
    """Words of the body's cells of each table of the kind."""
    found = [one for one in html5lib.parse(page).iter(f"{HTML}table") if kind in (one.get("class") or "")]
    return [
        [[" ".join("".join(cell.itertext()).split()) for cell in row] for body in one.iter(f"{HTML}tbody")
         for row in body.iter(f"{HTML}tr")]
        for one in found
    ]  # fmt: skip


def surname_of(number: int) -> str:
    return f"{LONG[0]}{chr(1072 + number % 32)}{number // 32}"


def make_full_book(*, pupils=35, lessons=70, letter="Ш"):
    """Long names, two columns at every fifth lesson, long words at the right, absences of every kind."""
    book = make_gradebook(school_class=make_class(grade=8, letter=letter), kept="here")
    year = book.school_class.year
    table = year.timetables.first()
    if table is None:
        make_terms(year)
        table = make_timetable(year)
    make_line(table, book, weekday=2)
    people = [
        make_pupil(
            school_class=book.school_class, surname=f"{LONG[0]}{chr(1072 + number % 32)}{number // 32}", name=LONG[1]
        )
        for number in range(pupils)
    ]
    codes, marks, absences = list(Absence.Code), [], []
    for number in range(lessons):
        day = year.starts + (number // 2) * DAY
        lesson = make_lesson(
            book, date=day, slot=number % 2 + 1, works=(1, 2) if number % 5 == 0 else (),
            subject_matter=f"Тема {number}: " + "уравнения с параметром " * 4, done=f"Пройдено{number} " * 9,
            remark="Журнал проверен" if number == 3 else "",
        )  # fmt: skip
        Homework.objects.create(lesson=lesson, text=f"Задание{number} " * (400 if number == 7 else 8))
        for place, pupil in enumerate(people):
            kind = (place * 7 + number * 3) % 17
            cell = {"gradebook": book, "pupil": pupil, "date": day, "slot": lesson.slot}
            if kind < 4:
                value = {"value": str(2 + kind), "number": 2 + kind} if kind else {"value": "н/а"}
                marks.append(Mark(**cell, **value, comment="Списал" * (place == number and kind > 0)))
                if number % 5 == 0:
                    marks.append(Mark(**cell, value="4", number=4, place=2, weight=2))
            elif kind - 4 < len(codes):
                absences.append(Absence(**cell, code=codes[kind - 4]))
    Mark.objects.bulk_create(marks)
    Absence.objects.bulk_create(absences)
    make_result(book, people[0], value="4")
    return book


def expected_cells(book) -> Counter:
    """From rows alone: the words that must stand in cells of marks."""
    words = Counter(Mark.objects.filter(gradebook=book).values_list("value", flat=True))
    printed = {"excused": "Н", "ill": "Н", "unexcused": "Н", "absent": "Н", "exempt": "осв"}
    codes = Absence.objects.filter(gradebook=book).values_list("code", flat=True)
    return words + Counter(printed[code] for code in codes if code in printed)


@pytest.mark.clause("1.3 b")
@pytest.mark.clause("7.2")
def test_the_paper_equals_the_database_and_nothing_is_cut(client, site):
    book = make_full_book()
    sign_in(client, make_employee(position="director"))
    page = client.get(f"{url('gradebook_paper', book.pk)}?period=0")
    content = page.context["content"]
    parts = paper_layout.parts_of(content)
    assert max(one.last - one.first for one in parts) <= paper_layout.MOST
    assert (parts[0].first, parts[-1].last) == (0, 70 + 14)
    html = page.content.decode()
    marks = tables(html, "book-marks")
    shown = Counter()
    for part, rows in zip(parts, marks, strict=True):
        assert len(rows) == 35
        shown += Counter(word for row in rows for word in row[2 : 2 + part.last - part.first] if word)
    wanted = expected_cells(book)
    assert shown == wanted
    assert {"УП", "НП", "Б", "ОТ", "ОП", "О"} & set(shown) == set()
    # Averages and missed lessons, worked out by SQL's rows; «н/а» is no number.
    sums = {row[1]: row[-6:-4] for row in marks[-1]}
    for pupil in {one.pupil for one in Mark.objects.filter(gradebook=book).select_related("pupil")}:
        numbers = [(one.number, one.weight) for one in Mark.objects.filter(pupil=pupil) if one.value != "н/а"]
        total = sum(number * weight for number, weight in numbers)
        mean = (total / sum(weight for _, weight in numbers)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        missed = Absence.objects.filter(pupil=pupil, code__in=["excused", "ill", "unexcused", "absent"]).count()
        assert sums[f"{pupil.surname} {pupil.name}"] == [str(mean).replace(".", ","), str(missed or "")]
    topics = [row for rows in tables(html, "book-words")[:-1] for row in rows]
    assert [row[2].split(":")[0] for row in topics] == [f"Тема {number}" for number in range(70)]
    assert topics[7][4].count("Задание7") == 400
    assert ("Журнал проверен" in html, "Списал" in html) == (True, True)

    answer = client.get(f"{url('gradebook_paper_pdf', book.pk)}?period=0")
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages]
    words = Counter(word for one in pages for word in one.split())
    for word in ("Н", "осв", "н/а"):
        assert (word, words[word]) == (word, wanted[word])
    flat = "".join("".join(pages).split())
    for number in range(70):
        assert flat.count(f"Задание{number}") >= (400 if number == 7 else 8)
    for number in range(35):
        assert flat.count(f"{surname_of(number)}{LONG[1]}") >= len(parts)
    for number, one in enumerate(pages, 1):
        assert f"Страница {number} из {len(pages)}" in one
        assert page.context["foot"].rsplit(" ", 1)[1] in one


@pytest.mark.clause("5.2")
def test_who_prints_and_what_a_class_makes(client, site):
    """The teacher the own gradebook; all of a class only who sees the class. A mirror prints with marks only."""
    book = make_full_book(pupils=3, lessons=4)
    mirror = make_gradebook(school_class=book.school_class, subject=make_subject("Химия"))
    pupil = book.school_class.enrolments.first().pupil
    make_mark(mirror, pupil, date=book.school_class.year.starts)
    make_absence(mirror, pupil, code="ill", date=book.school_class.year.starts + DAY)
    teacher, deputy = make_employee(), make_employee(position="deputy")
    make_load(teacher, book)
    own = [url("gradebook_paper", book.pk), url("gradebook_paper_pdf", book.pk)]
    foreign = [url("gradebook_paper", mirror.pk), url("gradebook_paper_pdf", mirror.pk)]
    of_class = url("class_paper", book.school_class_id)
    sign_in(client, teacher)
    assert [client.get(one).status_code for one in [*own, *foreign, of_class]] == [200, 200, 404, 404, 404]
    assert (client.post(of_class, {"period": 0}).status_code, Job.objects.count()) == (404, 0)
    sign_in(client, make_parent(child=pupil))
    assert {client.get(one).status_code for one in [*own, of_class]} == {403}
    sign_in(client, pupil)
    assert {client.get(one).status_code for one in [*own, of_class]} == {403}
    sign_in(client, deputy)
    shown = client.get(f"{foreign[0]}?period=0")
    assert (shown.context["content"]["has_topics"], len(shown.context["content"]["columns"])) == (False, 2)
    assert "Темы и&nbsp;задания" not in shown.content.decode()
    assert client.get(f"{own[0]}?period=x").status_code == 200
    assert (client.get(of_class).status_code, client.post(of_class, {"period": "9"}).status_code) == (200, 200)
    answer = client.post(of_class, {"period": "0"})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    by = Actor(deputy, None, deputy.username)
    while job.is_running:
        job = jobs.advance_job(job, by=by)
    assert (job.state, job.done, job.message) == ("done", 3, "В журнале 2 предмета.")
    ready, pdf = job.next_url, url("class_paper_pdf", job.pk)
    assert client.get(ready).status_code == 200
    reader = PdfReader(io.BytesIO(b"".join(client.get(pdf).streaming_content)))
    pages = [one.extract_text() for one in reader.pages]
    for part in job.params["parts"]:
        assert part["title"] in pages[part["page"] - 1]
        assert str(part["page"]) in pages[0]
    assert [f"Страница {number}" in one for number, one in enumerate(pages, 1)] == [True] * len(pages)
    # Its bytes have no other door, nor has another manager one to this work.
    file = StoredFile.objects.get(pk=job.params["file"])
    assert client.get(file.get_absolute_url()).status_code == 404
    sign_in(client, make_employee(position="director"))
    assert [client.get(one).status_code for one in (ready, pdf)] == [404, 404]
    stopped = actions.start_class(book.school_class, 0, by=by)
    assert jobs.advance_job(stopped, by=Actor(teacher, None, "t")).state == Job.State.FAILED


def test_more_rows_are_no_more_queries(client, site):
    sign_in(client, make_employee(position="deputy"))
    asked = []
    for pupils, lessons, letter in ((1, 1, "А"), (30, 30, "Б")):
        book = make_full_book(pupils=pupils, lessons=lessons, letter=letter)
        address = f"{url('gradebook_paper', book.pk)}?period=0"
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        asked.append(len(found))
    assert (asked[0], asked[0] <= 40) == (asked[1], True), asked


def test_not_attested_is_no_number(site):
    """«н/а» has no number: averages of the diary, of what-ifs and of the grid pass it over (7.2)."""
    day = datetime.date(2026, 9, 1)
    given = [summary.Given(1, day, 1, "4", 4, Decimal(1), ""), summary.Given(1, day, 1, "н/а", None, Decimal(9), "")]
    (row,) = summary.by_subject([(1, "Алгебра")], given, [], {}, [])
    assert (row.average, len(row.lessons[0].marks)) == (Decimal("4.00"), 2)
    (only,) = summary.by_subject([(1, "Алгебра")], given[1:], [], {}, [])
    assert (only.average, only.is_empty, scales.average([])) == (None, False, None)
