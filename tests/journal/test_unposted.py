"""«Где я не выставил»: what lessons lack, which windows close soon; by teachers for the deputy head (7.2)."""

import datetime

import pytest

from accounts.counters import waiting_for
from accounts.models import User
from eios.lib.dates import today
from journal import desk, unposted
from journal.models import EntryRules, Homework
from tests.factories import make_class, make_employee, make_subject
from tests.journal.factories import make_absence, make_gradebook, make_lesson, make_load, make_mark
from tests.journal.test_cells import DAY
from tests.journal.test_entry import Hall

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]
PAGE = "/journal/unposted/"


@pytest.fixture
def hall(client, site):
    """Nothing but four lessons of the last days: bare, with a topic and a mark, with all, of an unmarked class."""
    made = Hall(client)
    made.past.delete()
    made.lesson.delete()
    EntryRules.objects.update(lesson_days=5)
    made.bare = make_lesson(made.book, date=today() - 5 * DAY, number=2)
    made.half = make_lesson(made.book, date=today() - 2 * DAY, subject_matter="Дроби")
    make_mark(made.book, made.pupil, value="5", date=made.half.date)
    whole = make_lesson(made.book, date=today() - DAY, subject_matter="Углы")
    Homework.objects.create(lesson=whole, text="§ 5")
    make_absence(made.book, made.other, date=whole.date)
    make_lesson(made.book, date=today())
    unmarked = make_gradebook(
        school_class=make_class(grade=6), subject=make_subject("Чтение"), kept="here", scale="none"
    )
    made.small = make_lesson(unmarked, date=today() - DAY, subject_matter="Буква А")
    make_load(made.stranger, unmarked)
    mirror = make_gradebook(school_class=made.school_class, subject=make_subject("Химия"))
    make_load(made.teacher, mirror)
    make_lesson(mirror, date=today() - DAY)
    return made


def lines(hall, person: User, query: str = "") -> list[tuple]:
    rows = hall.ask(person, PAGE + query).context["rows"]
    return [(one.lesson, sorted(one.lacks), one.closed, one.closes) for one, _ in rows]


def test_a_teacher_sees_what_the_own_lessons_lack_and_what_closes_soon(hall):
    bare = (hall.bare.pk, ["homework", "marks", "soon", "topic"], "", today())
    half = (hall.half.pk, ["homework", "soon"], "", today() + 3 * DAY)
    assert lines(hall, hall.teacher) == [bare, half]
    assert lines(hall, hall.teacher, "?kind=marks") == [bare]
    assert [one[:2] for one in lines(hall, hall.stranger)] == [(hall.small.pk, ["homework"])]
    # Of another teacher only those who see all are told.
    assert lines(hall, hall.stranger, f"?teacher={hall.teacher.pk}") == lines(hall, hall.stranger)
    assert lines(hall, hall.deputy, f"?teacher={hall.teacher.pk}") == [bare, half]
    few = hall.ask(hall.teacher, PAGE).context["few"]
    assert [(one.book, [(pupil.surname, count) for pupil, count in one.pupils]) for one in few] == [
        (hall.book, [("Абаев", 1), ("Ветров", 0)])
    ]
    make_mark(hall.book, hall.pupil, date=hall.half.date, place=2)
    make_mark(hall.book, hall.pupil, date=hall.half.date, place=3)
    [few] = hall.ask(hall.teacher, PAGE).context["few"]
    assert [pupil.surname for pupil, _ in few.pupils] == ["Ветров"]


def test_windows_are_those_of_entry(hall):
    EntryRules.objects.update(lesson_days=4)
    closed = {one[0]: one[2] for one in lines(hall, hall.teacher)}
    assert closed[hall.bare.pk].startswith("После урока прошло больше 4 дней.")
    page = hall.ask(hall.teacher, PAGE).content.decode()
    assert f"/journal/gradebooks/{hall.book.pk}/ask/?starts={hall.bare.date}" in page
    hall.book.openings.create(starts=hall.bare.date, ends=hall.bare.date, until=today() + DAY, reason="Болел")
    assert {one[0]: one[3] for one in lines(hall, hall.teacher)}[hall.bare.pk] == today() + DAY


def test_the_deputy_sees_numbers_by_teacher_on_the_page_and_the_desk(hall):
    totals = hall.ask(hall.deputy, PAGE).context["totals"]
    found = [(one.teacher, one.lessons, one.topic, one.marks, one.homework) for one in totals]
    assert found == [(hall.teacher, 3, 1, 1, 2), (hall.stranger, 1, 0, 0, 1)]
    block = desk.lessons_unposted(desk.Desk(hall.deputy, hall.school_class.year, today()))
    assert (block.count, [one.note for one in block.lines]) == (1, ["без темы 1, без отметок 1"])


def test_the_cabinet_counts_lessons_of_two_weeks(hall):
    make_lesson(hall.book, date=today() - 15 * DAY)
    assert set(unposted.waiting_for(hall.teacher.pk, today())) == {hall.bare}

    def words(person: User) -> list[str]:
        found = waiting_for(User.objects.get(pk=person.pk), today())
        return [one.text for one in found if "заполнено" in one.text]

    assert words(hall.teacher) == ["Не заполнено за две недели: 1 урок"]
    assert words(hall.stranger) == words(hall.deputy) == []


def test_whoever_teaches_nothing_here_and_a_school_in_summer(hall):
    assert "Журналов на портале нет" in hall.ask(make_employee(), PAGE).content.decode()
    year = hall.school_class.year
    year.starts, year.ends = datetime.date(2001, 9, 1), datetime.date(2002, 8, 31)
    year.save()
    assert "Учебный год не идёт" in hall.ask(hall.teacher, PAGE).content.decode()
