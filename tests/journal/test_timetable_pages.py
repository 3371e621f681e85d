"""Reading the timetable: own lessons, changes, editions, who sees it (6.2)."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eios.lib.dates import today
from journal.models import Gradebook, Room
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.factories import make_gradebook, make_lesson, make_line, make_load, make_open_year, make_timetable

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class School:
    def __init__(self):
        self.school_class = make_class(grade=7)
        self.year = self.school_class.year
        make_open_year(self.year)
        self.table = make_timetable(self.year)
        self.teacher, self.other = make_employee(surname="Белова"), make_employee(surname="Чернова")
        self.room = Room.objects.create(name="214")
        self.monday = self.year.starts + (7 - self.year.starts.weekday()) % 7 * DAY
        self.book = self.add("Алгебра", 1, self.teacher)
        self.second = self.add("Физика", 2, self.other)

    def add(self, subject: str, number: int, teacher):
        book = make_gradebook(school_class=self.school_class, subject=make_subject(name=subject))
        make_line(self.table, book, weekday=0, number=number, teacher=teacher, room=self.room if number == 1 else None)
        return book

    @property
    def pages(self) -> list[str]:
        one = "/journal/timetable/"
        return [
            f"{page}?date={self.monday}"
            for page in (
                one, f"{one}day/", f"{one}classes/{self.school_class.pk}/", f"{one}teachers/{self.teacher.pk}/",
                f"{one}rooms/{self.room.pk}/",
            )
        ]  # fmt: skip


@pytest.fixture
def school(site):
    return School()


def text_of(client, page: str) -> str:
    answer = client.get(page)
    assert (page, answer.status_code) == (page, 200)
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


def test_each_page_has_its_own_lessons_with_changes(school, client):
    school.book.day_changes.create(
        date=school.monday, number=1, kind="replaced", teacher=school.other, reason="Болезнь"
    )
    school.second.day_changes.create(date=school.monday, number=2, kind="cancelled")
    sign_in(client, school.other)
    own, day, of_class, of_teacher, of_room = (text_of(client, page) for page in school.pages)
    for page in (own, day, of_class, of_room):
        assert "Алгебра" in page
        assert "замена" in page
    assert "<s>Физика</s>" in of_class
    assert "Болезнь" in of_class
    # She has been replaced: nothing is left of that day.
    assert "Алгебра" not in of_teacher
    assert "Физика" not in of_room
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{school.pages[2]}&xlsx=1").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert any("Алгебра" in row and school.other.get_full_name() in row for row in rows)


def test_what_a_page_is_about_is_not_repeated_in_its_lessons(school, client):
    """Parts of a lesson's line are parted by commas, none is left over."""
    sign_in(client, make_employee())
    lines = {}
    for page in school.pages[2:]:
        words = re.sub(r"<[^>]+>", "", text_of(client, page))
        lines[page.split("/")[3]] = re.search(r"Алгебра (.+?) (?:2 урок|Вторник)", words)[1].strip()
    initials = " ".join(school.teacher.initials.split())
    assert lines == {"classes": f"{initials}, каб. 214", "teachers": "7 «А», каб. 214", "rooms": f"7 «А», {initials}"}


def test_own_lessons_lead_to_their_marks_and_those_ahead_to_their_topics(school, client):
    """Of a gradebook kept here; a substitute writes in the lesson from its day on, and in no other's."""
    days = [today() - 7 * DAY, today() + 7 * DAY]
    Gradebook.objects.update(kept="here")
    make_load(school.teacher, school.book)
    monday = [day - day.weekday() * DAY for day in days]
    past, ahead = (make_lesson(school.book, date=day, number=1) for day in monday)
    for day in monday:
        school.second.day_changes.create(date=day, number=2, kind="replaced", teacher=school.teacher)
        make_load(school.teacher, school.second, starts=day, ends=day, replaces=school.other)
    taken, coming = (make_lesson(school.second, date=day, number=2) for day in monday)
    sign_in(client, school.teacher)
    first, second = (text_of(client, f"/journal/timetable/?date={day}") for day in monday)
    assert links(first) == [f"/journal/lessons/{past.pk}/marks/", f"/journal/lessons/{taken.pk}/marks/"]
    assert links(second) == [f"/journal/lessons/{ahead.pk}/"]
    assert [client.get(page).status_code for page in links(first + second)] == [200] * 3
    assert client.get(f"/journal/lessons/{coming.pk}/").status_code == 404
    # A colleague's week names the lessons and leads nowhere.
    sign_in(client, school.other)
    assert links(text_of(client, f"/journal/timetable/teachers/{school.teacher.pk}/?date={monday[0]}")) == []


@pytest.mark.clause("7.2")
def test_whose_load_has_ended_reads_its_lessons_and_nothing_else_of_the_gradebook(school, client):
    """A past week leads nowhere but where one may go; a coming one waits for the load to begin."""
    Gradebook.objects.update(kept="here")
    monday = today() - today().weekday() * DAY
    before, after = monday - 14 * DAY, monday + 7 * DAY
    mine, other, coming = (make_lesson(school.book, date=day, number=1) for day in (before, monday - 7 * DAY, after))
    make_load(school.teacher, school.book, ends=before + 6 * DAY)
    make_load(school.teacher, school.book, starts=after)
    sign_in(client, school.teacher)
    pages = [f"/journal/lessons/{mine.pk}/marks/", f"/journal/lessons/{mine.pk}/"]
    assert links(text_of(client, f"/journal/timetable/?date={before}")) == pages[:1]
    shown = [text_of(client, page) for page in pages]
    for text in shown:
        assert "этот урок можно только читать" in text
        found = set(re.findall(r'href="(/journal/[^"]+)"', text))
        assert not [one for one in found if client.get(one).status_code != 200]
        assert not re.search(r"/journal/gradebooks/\d", text)
    assert [client.post(page, {}).status_code for page in pages] == [200, 403]
    assert not client.get(pages[0]).context["form"].cells
    # Of days without a load, and of a load that has not begun yet, there is no way in and no link to it.
    for date, lesson in ((monday - 7 * DAY, other), (after, coming)):
        assert links(text_of(client, f"/journal/timetable/?date={date}")) == []
        assert client.get(f"/journal/lessons/{lesson.pk}/").status_code == 404
    sign_in(client, school.other)
    assert [client.get(page).status_code for page in pages] == [404, 404]


@pytest.mark.clause("7.2")
def test_a_replacement_by_the_load_is_in_every_week_and_in_the_diary(school, client):
    """Of its days alone; the reason, an illness perhaps, is for none of them."""
    pupil = make_pupil(school_class=school.school_class)
    initials = [" ".join(one.initials.split()) for one in (school.teacher, school.other)]
    load = make_load(school.teacher, school.book)
    make_load(
        school.other, school.book, starts=school.monday, ends=school.monday, replaces=load.teacher, basis="Больничный"
    )
    sign_in(client, school.other)
    _, day, of_class, of_teacher, of_room = school.pages
    for page in (day, of_class, of_room, of_teacher.replace(str(school.teacher.pk), str(school.other.pk))):
        text = text_of(client, page)
        assert ("Алгебра" in text, "замена" in text, "Больничный" in text) == (True, True, False), page
        assert initials[0] not in text
        assert "замена" not in text_of(client, page.replace(str(school.monday), str(school.monday + 7 * DAY)))
    assert "Алгебра" not in text_of(client, of_teacher)
    sign_in(client, pupil)
    diary = f"/journal/pupils/{pupil.pk}/week/?date="
    first, second = (text_of(client, f"{diary}{day}") for day in (school.monday, school.monday + 7 * DAY))
    assert [short in first for short in initials] == [False, True]
    assert [short in second for short in initials] == [True, True]


def links(text: str) -> list[str]:
    return re.findall(r'href="(/journal/lessons/[^"]+)"', text)


def test_families_and_guests_have_the_diary_for_it(school, client):
    pupil = make_pupil(school_class=school.school_class)
    for person in (pupil, make_parent(child=pupil)):
        sign_in(client, person)
        for page in school.pages:
            assert client.get(page).status_code == 403
    client.logout()
    assert client.get(school.pages[0]).status_code == 302


def test_a_long_week_leads_to_the_day_of_today(school, client):
    """On a telephone a week is several screens long."""
    sign_in(client, school.teacher)
    day = today() - today().weekday() * DAY
    make_line(school.table, school.book, weekday=today().weekday() % 6, number=3, teacher=school.teacher)
    text = text_of(client, "/journal/timetable/")
    is_shown = 'href="#today"' in text
    assert (is_shown, text.count('id="today"')) == ((True, 1) if today().weekday() < 6 else (False, 0))
    other = text_of(client, f"/journal/timetable/?date={day - 7 * DAY}")
    assert 'href="#today"' not in other


@pytest.mark.parametrize("date", ["", "0001-01-01", "9999-12-31", "никогда", "2026-02-30"])
def test_any_date_is_answered(school, client, date):
    sign_in(client, school.teacher)
    for page in school.pages:
        assert client.get(f"{page.split('?')[0]}?date={date}").status_code == 200


def test_queries_do_not_grow(school, client, django_assert_num_queries):
    sign_in(client, school.teacher)
    counts = {}
    for page in school.pages:
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts[page] = len(asked)
    for number in range(3, 30):
        book = make_gradebook(
            school_class=make_class(grade=1 + number % 9, letter="В"), subject=make_subject(f"П{number}")
        )
        make_line(school.table, book, weekday=number % 5, number=number % 8, teacher=make_employee(), room=school.room)
    for page, count in counts.items():
        with django_assert_num_queries(count, info=page):
            client.get(page)
    assert max(counts.values()) <= 18
