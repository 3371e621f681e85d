"""The week of a diary: what stands in it for whom, whose homework is due when, in how many queries (1.3 b, 2.2)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eios.lib.dates import today
from journal import week
from journal.bell_times import Ring, times_on
from journal.models import Bell, BellSchedule, DayChange, Homework, Lesson, Room, Subgroup
from journal.timetables import Planned
from journal.week_days import Book, Held, Span, coming, tasks_of
from tests import factories
from tests.journal.factories import (
    make_absence,
    make_gradebook,
    make_lesson,
    make_line,
    make_mark,
    make_open_year,
    make_timetable,
    school_day,
)

DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2026, 11, 23)


def monday_of(date: datetime.date) -> datetime.date:
    return date - date.weekday() * DAY


@pytest.mark.parametrize(("day", "begins"), [(0, 9), (1, 10), (2, 11), (3, 12)])
def test_the_narrowest_bells_hold_whole(day, begins):
    """Of every day 9:00; of Tuesdays 10:00; of fewer grades on Tuesday a week later 11:00; of one date 12:00."""
    at = [datetime.time(hour) for hour in range(9, 14)]
    tuesday = MONDAY + DAY
    rings = [
        Ring(1, None, None, 8, 1, at[0], at[1]), Ring(1, None, None, 8, 2, at[1], at[2]),
        Ring(2, None, 1, 8, 1, at[1], at[2]), Ring(4, tuesday + 14 * DAY, None, 8, 1, at[3], at[4]),
    ]  # fmt: skip
    fewer = Ring(3, None, 1, 0, 1, at[2], at[3])
    date, known = {0: (MONDAY, rings), 1: (tuesday, rings), 2: (tuesday, [fewer, *rings]),
                   3: (tuesday + 14 * DAY, [fewer, *rings])}[day]  # fmt: skip
    found = times_on(known, date)
    assert found[1][0].hour == begins
    # A schedule without a second lesson does not borrow one.
    assert (2 in found) == (day == 0)


def test_homework_is_due_when_it_says_or_at_the_next_lesson():
    """Lessons on Monday and Wednesday; Wednesday's falls out, Friday's is only planned; next week nothing is known."""
    books = {1: Book(1, "Алгебра", [Span(MONDAY, None)]), 2: Book(2, "Физика", [Span(MONDAY, MONDAY + 2 * DAY)])}
    lessons = [
        Held(1, MONDAY, 1, homework=10, text="до следующего"),
        Held(1, MONDAY + DAY, 1, homework=11, text="к сроку", due=MONDAY + 10 * DAY),
        Held(1, MONDAY + 4 * DAY, 1, homework=12, text="срок неизвестен"),
        Held(2, MONDAY + DAY, 1, homework=13, text="после ухода из подгруппы"),
        Held(1, MONDAY + 4 * DAY, 2),
    ]
    planned = [
        Planned(MONDAY + 2 * DAY, 3, 1, change=DayChange.Kind.CANCELLED), Planned(MONDAY + 4 * DAY, 3, 2),
    ]  # fmt: skip
    found = tasks_of(books, lessons, planned)
    assert [(one.key, one.due) for one in found] == [
        (10, MONDAY + DAY), (11, MONDAY + 10 * DAY), (12, None),
    ]  # fmt: skip
    assert [one.key for one in coming(found, MONDAY + 5 * DAY)] == [11, 12]
    assert [one.key for one in coming(found, MONDAY + 30 * DAY)] == []


@pytest.fixture
def day() -> datetime.date:
    return school_day()


@pytest.fixture
def school_class(site, day):
    year = factories.make_year(starts=day)
    make_open_year(year)
    return factories.make_class(grade=7, year=year)


@pytest.fixture
def pupil(school_class):
    return factories.make_pupil(school_class=school_class, surname="Исаев", starts=school_class.year.starts)


def make_subgroup(school_class, subject, name, **members) -> Subgroup:
    """`members`: pupil → since when, given as `pupil` and `starts`."""
    found = Subgroup.objects.create(school_class=school_class, subject=subject, name=name)
    if members:
        found.members.create(**members)
    return found


def rows_of(found, date) -> list[tuple]:
    day = next(one for one in found.days if one.date == date)
    return [(one.number, one.name, one.change) for one in day.rows]


@pytest.mark.django_db
def test_a_week_holds_own_subgroups_editions_and_changes(client, school_class, pupil, day):
    """English in two subgroups; from the day on a new edition moves algebra, a lesson falls out, one is put in."""
    year, english = school_class.year, factories.make_subject("Английский язык")
    algebra = make_gradebook(school_class=school_class)
    groups = [
        make_subgroup(school_class, english, "1", pupil=pupil, starts=year.starts),
        make_subgroup(school_class, english, "2"),
    ]
    own, foreign = (make_gradebook(school_class=school_class, subject=english, subgroup=one) for one in groups)
    elsewhere = make_gradebook(
        school_class=factories.make_class(grade=7, letter="Б", year=year), subject=factories.make_subject("Химия")
    )
    monday = monday_of(day)
    old, new = make_timetable(year), make_timetable(year, starts=monday + DAY)
    make_timetable(year, starts=monday, state="draft").lines.create(gradebook=own, weekday=0, number=7)
    for weekday in range(3):
        make_line(old, algebra, weekday=weekday, number=1)
        make_line(new, algebra, weekday=weekday, number=4)
        for book in (own, foreign, elsewhere):
            make_line(new, book, weekday=weekday, number=2)
    wednesday = monday + 2 * DAY
    teacher, room = factories.make_employee(surname="Новикова"), Room.objects.create(name="214")
    DayChange.objects.create(gradebook=own, date=wednesday, number=2, kind="cancelled", reason="Экскурсия")
    DayChange.objects.create(gradebook=algebra, date=wednesday, number=2, kind="added", teacher=teacher, room=room)
    schedule = BellSchedule.objects.create(year=year, name="Обычный день")
    Bell.objects.create(schedule=schedule, number=4, starts=datetime.time(11), ends=datetime.time(11, 40))
    found = week.week_of(pupil, monday, day)
    assert rows_of(found, monday) == [(1, "Алгебра", "")]
    assert rows_of(found, monday + DAY) == [(2, "Английский язык", ""), (4, "Алгебра", "")]
    assert sorted(rows_of(found, wednesday)) == [
        (2, "Алгебра", "added"), (2, "Английский язык", "cancelled"), (4, "Алгебра", ""),
    ]  # fmt: skip
    added = next(one for one in found.days[2].rows if one.change == "added")
    assert (added.teacher_name, added.room_name) == ("Новикова\xa0А.\xa0С.", "каб.\xa0214")
    assert found.days[1].rows[1].time == (datetime.time(11), datetime.time(11, 40))
    assert (len(found.days), found.has_timetable, found.is_current) == (5, True, monday == monday_of(today()))
    # Why a lesson fell out is often somebody's illness: families read that it did, and no more.
    factories.sign_in(client, pupil)
    page = client.get(f"/journal/pupils/{pupil.pk}/week/?date={wednesday}").content.decode()
    assert "урока нет" in page
    assert "Экскурсия" not in page


@pytest.mark.django_db
def test_marks_homework_and_reasons_stand_at_their_lessons(client, school_class, pupil, day):
    """Kept here: topic, work, homework; a mirror's mark without a timetable has a row of its own; the second lesson of
    the day is told from the first by its slot."""
    here = make_gradebook(school_class=school_class, kept="here")
    mirror = make_gradebook(school_class=school_class, subject=factories.make_subject("Физика"))
    monday = monday_of(day)
    table = make_timetable(school_class.year)
    for number in (2, 5):
        make_line(table, here, weekday=0, number=number)
    first = make_lesson(here, date=monday - 7 * DAY, slot=1, number=2, works=(1,))
    Homework.objects.create(lesson=first, text="§ 12 <b>выучить</b>")
    lesson = make_lesson(here, date=monday, slot=2, number=5, subject_matter="Степени", works=(2,))
    lesson.works.update(title="Контрольная № 2")
    make_mark(here, pupil, value="4", date=monday, slot=2, work="К", comment="Внимательнее")
    make_absence(here, pupil, code="ill", date=monday, slot=1)
    make_mark(mirror, pupil, value="5", date=monday, work="О")
    other = make_gradebook(school_class=factories.make_class(grade=7, letter="Б", year=school_class.year), kept="here")
    Homework.objects.create(lesson=make_lesson(other, date=monday), text="Чужое задание", due=monday)
    factories.sign_in(client, pupil)
    page = client.get(f"/journal/pupils/{pupil.pk}/week/?date={monday + 2 * DAY}")
    rows = page.context["week"].days[0].rows
    assert [(one.number, one.name, one.code, [mark.value for mark in one.marks]) for one in rows] == [
        (2, "Алгебра", "ill", []), (5, "Алгебра", "", ["4"]), (None, "Физика", "", ["5"]),
    ]  # fmt: skip
    assert [(mark.work, mark.comment) for one in rows for mark in one.marks] == [
        ("Контрольная № 2", "Внимательнее"), ("О", ""),
    ]  # fmt: skip
    assert [one.text for one in rows[0].tasks] == ["§ 12 <b>выучить</b>"]
    assert "§ 12 &lt;b&gt;выучить&lt;/b&gt;" in page.text
    assert "Степени" in page.text
    assert "пропуск по болезни" in page.text
    assert "Чужое задание" not in page.text
    for date in ("мусор", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert client.get(f"/journal/pupils/{pupil.pk}/week/?date={date}").context["week"].is_current
    early = client.get(f"/journal/pupils/{pupil.pk}/week/?date=2001-01-01")
    assert "не числится ни в одном классе" in early.text


@pytest.mark.django_db
def test_homework_points_at_files_and_courses(school_class, pupil, day):
    """A day without a lesson of the subject still shows what is asked for it."""
    here = make_gradebook(school_class=school_class, kept="here")
    task = Homework.objects.create(lesson=make_lesson(here, date=day - DAY), text="Прочитать", due=day)
    element = factories.make_element(name="Платформа", slug="platforma")
    task.elements.add(element)
    file = factories.make_picture(name="карточка.png")
    task.files.create(file=file)
    found = week.week_of(pupil, monday_of(day), day)
    rows = next(one for one in found.days if one.date == day).rows
    links = [link for row in rows for one in row.tasks for link in one.links]
    assert [(row.number, row.name) for row in rows if row.tasks] == [(None, "Алгебра")]
    assert [(one.title, one.url) for one in links] == [
        ("Платформа", "/elements/platforma/"), ("карточка.png", file.url),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.clause("1.3 b")
def test_who_opens_whose_week(client, school_class, pupil, day):
    """Held: a mark with a reason of absence; the subject's teacher sees the gradebook, not the week."""
    book = make_gradebook(school_class=school_class)
    make_mark(book, pupil, value="5", date=day)
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    other = factories.make_pupil(school_class=school_class, surname="Другой", starts=school_class.year.starts)
    former = factories.make_parent(child=pupil, ends=today() - DAY)
    page = f"/journal/pupils/{pupil.pk}/week/?date={day}"
    for person, status in (
        (pupil, 200), (factories.make_parent(child=pupil), 200), (leader, 200),
        (factories.make_employee(position="deputy"), 200), (other, 404), (factories.make_employee(), 404),
    ):  # fmt: skip
        factories.sign_in(client, person)
        assert client.get(page).status_code == status, person
    for person in (former, factories.make_person(is_superuser=True)):
        factories.sign_in(client, person)
        assert client.get(page).status_code in (302, 403, 404)


@pytest.mark.django_db
def test_days_missed_wholly_are_counted_where_the_timetable_tells(client, school_class, pupil, day):
    """The day: algebra and the own subgroup's lesson, both missed; the day before a timetable held nothing is known.
    A pupil who was late at one of them, and one who missed algebra alone, missed no whole day."""
    year, english = school_class.year, factories.make_subject("Английский язык")
    group = make_subgroup(school_class, english, "1", pupil=pupil, starts=year.starts)
    foreign = make_gradebook(
        school_class=school_class, subject=english, subgroup=make_subgroup(school_class, english, "2")
    )
    algebra = make_gradebook(school_class=school_class)
    own = make_gradebook(school_class=school_class, subject=english, subgroup=group)
    late, part = (
        factories.make_pupil(school_class=school_class, surname=name, starts=year.starts) for name in ("Л", "М")
    )
    group.members.create(pupil=late, starts=year.starts)
    group.members.create(pupil=part, starts=year.starts)
    for each, codes in ((pupil, ("ill", "excused")), (late, ("ill", "late")), (part, ("ill",))):
        for book, code in zip((algebra, own), codes, strict=False):
            for date in (day, day - 14 * DAY):
                make_absence(book, each, code=code, date=date)
    deputy = factories.make_employee(position="deputy")
    factories.sign_in(client, deputy)
    pages = [f"/journal/reports/attendance/{school_class.pk}/", f"/journal/reports/pupils/{pupil.pk}/"]
    assert [client.get(page).context["report"].has_whole_days for page in pages] == [False, False]
    table = make_timetable(year, starts=day - 7 * DAY)
    for number, book in enumerate((algebra, own, foreign), 1):
        make_line(table, book, weekday=day.weekday(), number=number)
    whole, alone = (client.get(page).context["report"] for page in pages)
    assert [(one.tally.days, one.tally.whole) for one in whole.lines] == [(2, 1), (2, 0), (2, 0)]
    assert (whole.whole.whole, alone.missed[-1][1].whole) == (1, 1)
    exports = [
        reverse(f"journal:{page}_export", args=[key])
        for page, key in (("report_attendance_class", school_class.pk), ("report_pupil", pupil.pk))
    ]
    assert [client.get(page).status_code for page in exports] == [200, 200]
    teacher = factories.make_employee()
    algebra.loads.create(teacher=teacher, starts=year.starts)
    factories.sign_in(client, teacher)
    assert [client.get(page).context["report"].has_whole_days for page in pages] == [False, False]


@pytest.mark.django_db
def test_queries_of_a_week_do_not_grow(client, school_class, pupil, day):
    monday, table = monday_of(day), make_timetable(school_class.year)
    parent = factories.make_parent(child=pupil)
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    room = Room.objects.create(name="1")

    def fill(number: int) -> None:
        book = make_gradebook(
            school_class=school_class, subject=factories.make_subject(f"Предмет {number}"), kept="here"
        )
        teacher = factories.make_employee()
        for weekday in range(5):
            make_line(table, book, weekday=weekday, number=number % 7, teacher=teacher, room=room)
            Lesson.objects.create(gradebook=book, date=monday + weekday * DAY, number=number % 7)
        for lesson in book.lessons.all():
            Homework.objects.create(lesson=lesson, text="§ 1").elements.add(element)
        make_mark(book, pupil, date=monday)

    def counted(person) -> int:
        factories.sign_in(client, person)
        page = f"/journal/pupils/{pupil.pk}/week/"
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            assert client.get(page).status_code == 200
        return len(found)

    element = factories.make_element()
    fill(1)
    few = [counted(one) for one in (pupil, parent, leader)]
    # Three to five of them are the gate's: the school, the session, the person, positions, whose diary.
    assert few == [13, 14, 15]
    for number in range(2, 15):
        fill(number)
    assert [counted(one) for one in (pupil, parent, leader)] == few
