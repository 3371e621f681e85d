"""Lessons: generated from the timetable, added, removed; kinds of work (1.3 b-c, 2.2, 7.2)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actions.jobs import advance_job
from accounts.models import AuditEntry, Job
from eios.lib.dates import today
from journal.actions import lessons as actions
from journal.models import (
    DayChange,
    Gradebook,
    Homework,
    Lesson,
    Mark,
    WorkKind,
)
from tests.factories import make_class, sign_in
from tests.journal.factories import (
    make_gradebook,
    make_lesson,
    make_line,
    make_mark,
    school_day,
)
from tests.journal.lesson_room import DAY, WEEK, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


@pytest.mark.clause("1.3 b")
def test_generation_follows_the_timetable_and_is_repeatable(room):
    room.line(0, 2)
    room.line(0, 5)
    room.line(3, 1)
    assert room.generate() == (3, 0, 0)
    assert room.rows == [(0, 1, 2), (0, 2, 5), (3, 1, 1)]
    assert {one.teacher for one in Lesson.objects.all()} == {room.teacher}
    assert room.generate() == (0, 0, 0)
    assert AuditEntry.objects.filter(action="gradebook.lessons_generated").count() == 1


def test_a_moved_timetable_moves_lessons_and_loses_nothing(room):
    first, last = room.line(0, 2), room.line(0, 5)
    thursday = room.line(3, 1)
    room.generate()
    # Written in the second of Monday and on Thursday; the first of Monday is empty.
    written = Lesson.objects.get(date=room.monday, number=5)
    Homework.objects.create(lesson=written, text="§ 12")
    kept = Lesson.objects.get(date=room.monday + 3 * DAY)
    Lesson.objects.filter(pk=kept.pk).update(subject_matter="Степень")
    first.delete()
    thursday.delete()
    last.number = 6
    last.save()
    room.line(1, 3)
    assert room.generate() == (1, 1, 1)
    assert room.rows == [(0, 1, 6), (1, 1, 3), (3, 1, 1)]
    kept.refresh_from_db()
    assert kept.subject_matter == "Степень"
    assert Homework.objects.get().lesson.number == 6
    assert room.generate() == (0, 0, 0)


def test_two_lessons_of_a_day_change_places_without_colliding(room):
    one, other = room.line(0, 2), room.line(0, 5)
    room.generate()
    texts = {2: "ранний", 5: "поздний"}
    for lesson in Lesson.objects.all():
        Lesson.objects.filter(pk=lesson.pk).update(remark=texts[lesson.number])
    one.number, other.number = 7, 5
    one.save()
    assert room.generate() == (0, 2, 0)
    found = Lesson.objects.order_by("slot").values_list("slot", "number", "remark")
    assert list(found) == [(1, 5, "поздний"), (2, 7, "ранний")]


def test_days_that_are_over_keep_their_lessons_and_marks(room):
    date = today() - WEEK
    room.span = (date, date)
    lesson = make_lesson(room.book, date=date, number=3, slot=2)
    make_mark(room.book, room.pupil, date=date, slot=2)
    empty = make_lesson(room.book, date=date, number=4, slot=1)
    room.line(date.weekday(), 3)
    assert room.generate()[2] == 0
    lesson.refresh_from_db()
    assert (lesson.slot, lesson.number) == (2, 3)
    assert Lesson.objects.filter(pk=empty.pk).exists()
    assert Mark.objects.get().slot == 2


def test_a_mirror_and_another_plan_than_was_seen_are_refused(room):
    room.line(0, 2)
    with pytest.raises(ValidationError, match="расписание или уроки изменились"):
        actions.generate(room.book, *room.span, seen="иное", by=room.by)
    Gradebook.objects.update(kept="elsewhere")
    with pytest.raises(ValidationError, match="во внешней системе"):
        room.generate()
    assert not Lesson.objects.exists()


def test_followers_are_those_that_have_lessons(room):
    room.line(0, 2)
    other = make_gradebook(school_class=make_class(grade=7, letter="Б"), subject=room.book.subject, kept="here")
    make_line(room.timetable, other, weekday=0, number=1)
    room.generate()
    DayChange.objects.create(gradebook=room.book, date=room.monday, number=2, kind="cancelled")
    DayChange.objects.create(gradebook=room.book, date=room.monday + DAY, number=4, kind="added")
    made = actions.follow([room.book, other], room.year.starts, room.monday + 6 * DAY, by=room.by)
    # On a Monday today's own lesson is added too.
    assert (made.added, made.removed) == (1 + (today().weekday() == 0), 1)
    assert (1, 1, 4) in room.rows
    assert (0, 1, 2) not in room.rows
    assert not Lesson.objects.filter(gradebook=other).exists()


def test_all_gradebooks_kept_here_at_once(room, client, site):
    room.line(0, 2)
    make_gradebook(school_class=make_class(grade=7, letter="Б"), subject=room.book.subject)
    page = "/journal/lessons/generate/"
    days = {"starts": room.span[0].isoformat(), "ends": room.span[1].isoformat()}
    sign_in(client, room.deputy)
    assert "Добавится</span> <b>1</b>" in client.get(page, days).text.replace("\n", "")
    client.post(page, days)
    job = advance_job(Job.objects.get(), by=room.by)
    assert (job.state, job.total, job.params["made"]) == ("done", 1, [1, 0, 0])
    sign_in(client, room.teacher)
    assert client.post(page, days).status_code == 404
    assert client.post(f"/journal/gradebooks/{room.book.pk}/lessons/generate/", days).status_code == 404
    sign_in(client, room.deputy)
    assert client.post(page, {"starts": "2026-13-01", "ends": ""}).status_code == 200
    assert "не в" in client.get(page, {"starts": "1999-01-01", "ends": "1999-02-01"}).text


# By hand


def test_a_lesson_is_added_and_an_empty_one_removed(room, client, site):
    sign_in(client, room.teacher)
    page = f"/journal/gradebooks/{room.book.pk}/lessons/add/"
    date = school_day().isoformat()
    added = client.post(page, {"date": date, "number": "3"})
    lesson = Lesson.objects.get()
    assert (added.status_code, added.url) == (302, f"/journal/lessons/{lesson.pk}/")
    assert "уже есть" in client.post(page, {"date": date, "number": "3"}).text
    saturday = school_day() - school_day().weekday() * DAY - 2 * DAY
    assert "не учебный день" in client.post(page, {"date": saturday.isoformat(), "number": "1"}).text
    mark = make_mark(room.book, room.pupil, date=lesson.date)
    remove = f"/journal/lessons/{lesson.pk}/remove/"
    assert "не убрать" in client.post(remove).text
    mark.delete()
    assert client.post(remove).status_code == 302
    assert not Lesson.objects.exists()


def test_kinds_of_work(room, client, site):
    sign_in(client, room.deputy)
    given = {"code": "Эс", "name": "Эссе", "weight": "1,5", "order": "5", "is_active": "on"}
    assert client.post("/journal/work-kinds/add/", given).status_code == 302
    kind = WorkKind.objects.get(code="Эс")
    page = f"/journal/work-kinds/{kind.pk}/change/"
    seen = client.get(page).context["form"]["seen"].value()
    assert client.post(page, given | {"code": "Иной", "weight": "2", "seen": seen}).status_code == 302
    kind.refresh_from_db()
    assert (kind.code, kind.weight) == ("Эс", 2)
    for broken in ({"code": "Слишком"}, {"name": "Эссе"}, {"weight": "0"}, {"weight": "-1"}, {"order": "x"}):
        answer = client.post("/journal/work-kinds/add/", given | {"code": "Ж", "name": "Иное"} | broken)
        assert (broken, answer.status_code) == (broken, 200)
