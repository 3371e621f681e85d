"""Lessons: generated from the timetable, written, given topics; the plan against what was given (1.3 b-c, 2.2, 7.2)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.jobs import advance_job
from accounts.actor import Actor
from accounts.models import AuditEntry, Job
from eios.lib.dates import today
from journal import lessons, plan_fact, topic_order
from journal.actions import lessons as actions
from journal.entry import door_of
from journal.models import (
    CellChange,
    DayChange,
    Gradebook,
    Homework,
    Lesson,
    LessonWork,
    Mark,
    Subgroup,
    SubgroupMember,
    WorkKind,
)
from tests.factories import LONG_AGO, make_class, make_employee, make_parent, make_programme, make_pupil, sign_in
from tests.journal.factories import (
    make_gradebook,
    make_lesson,
    make_line,
    make_load,
    make_mark,
    make_open_year,
    make_timetable,
    school_day,
)

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
pytestmark = pytest.mark.django_db


class Room:
    """A gradebook kept here with two lessons a week, its teacher, a deputy, a pupil."""

    def __init__(self):
        self.school_class = make_class(grade=7)
        self.year = self.school_class.year
        make_open_year(self.year)
        self.teacher, self.deputy = make_employee(surname="Белова"), make_employee(position="deputy")
        self.book = make_gradebook(school_class=self.school_class, kept="here")
        make_load(self.teacher, self.book)
        self.pupil = make_pupil(school_class=self.school_class)
        self.timetable = make_timetable(self.year)
        # The coming full week: all of it is still to come.
        self.monday = today() - today().weekday() * DAY + WEEK
        self.span = (self.monday, self.monday + 6 * DAY)
        self.by = Actor(self.deputy, None, self.deputy.username)

    def line(self, weekday: int, number: int, **fields):
        return make_line(self.timetable, self.book, weekday=weekday, number=number, **fields)

    def generate(self) -> tuple:
        made = actions.generate(self.book, *self.span, by=self.by)
        return made.added, made.moved, made.removed

    @property
    def rows(self) -> list[tuple]:
        """(weekday, slot, number) of the week's lessons."""
        found = Lesson.objects.filter(gradebook=self.book, date__gte=self.monday).order_by("date", "slot")
        return [(one.date.weekday(), one.slot, one.number) for one in found]

    def door(self, person=None):
        return door_of(Gradebook.objects.get(pk=self.book.pk), person or self.teacher, today())


@pytest.fixture
def room():
    return Room()


# Generation


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


# A lesson's page


def filled(**fields) -> dict:
    """The form of a lesson with one new column."""
    base = {
        "topic": "", "subject_matter": "", "way": "in_person", "done": "", "remark": "", "text": "", "due": "",
        "works-TOTAL_FORMS": "1", "works-INITIAL_FORMS": "0", "works-0-place": "", "works-0-kind": "",
        "works-0-title": "", "works-0-weight": "",
    }  # fmt: skip
    return base | fields


@pytest.mark.clause("2.2")
def test_a_lesson_is_written_as_a_whole(room, client, site):
    programme = make_programme(room.book.subject, author=room.teacher, topics=("Степень", "Корень"))
    topic = programme.topics.first()
    lesson = make_lesson(room.book, date=school_day())
    after = make_lesson(room.book, date=school_day() + WEEK)
    kind = WorkKind.objects.get_or_create(code="К", defaults={"name": "Контрольная работа", "weight": 3})[0]
    mark = make_mark(room.book, room.pupil, date=lesson.date)
    page = f"/journal/lessons/{lesson.pk}/"
    sign_in(client, room.teacher)
    shown = client.get(page)
    form = shown.context["form"]
    assert (form["topic"].value(), form["due"].value()) == (topic.pk, after.date)
    file = SimpleUploadedFile("задание.txt", "Задачи".encode(), "text/plain")
    given = {"topic": str(topic.pk), "text": "§ 5", "due": after.date.isoformat(), "uploads": file,
             "works-0-kind": str(kind.pk), "works-0-title": "Контрольная № 1", "onward": "on",
             "seen": form["seen"].value()}  # fmt: skip
    answer = client.post(page, filled(**given))
    assert (answer.status_code, answer.url) == (302, f"/journal/lessons/{after.pk}/")
    lesson.refresh_from_db()
    assert (lesson.topic, lesson.subject_matter) == (topic, "Степень")
    assert lesson.works.values_list("place", "kind__code", "weight").get() == (1, "К", Decimal(3))
    assert (lesson.homework.text, lesson.homework.due) == ("§ 5", after.date)
    assert lesson.homework.files.get().file.name == "задание.txt"
    mark.refresh_from_db()
    assert (mark.work, mark.weight) == ("К", 3)
    assert not CellChange.objects.exists()
    actions_done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"lesson.changed", "lesson_work.added", "homework.added", "homework_file.added"} <= actions_done
    # Written again by a page that saw the lesson before: both stand, nothing is overwritten.
    stale = client.post(page, filled(**{**given, "text": "другое", "uploads": ""}))
    assert (stale.status_code, "Пока вы правили" in stale.text) == (200, True)
    assert Homework.objects.get().text == "§ 5"
    again = client.get(page).context["form"]
    emptied = filled(**{"seen": again["seen"].value(), "works-INITIAL_FORMS": "1", "works-0-place": "1",
                        "works-0-kind": str(kind.pk), "works-0-weight": "2,5",
                        "dropped": [str(lesson.homework.files.get().pk)]})  # fmt: skip
    assert client.post(page, emptied).status_code == 302
    mark.refresh_from_db()
    assert (mark.weight, Homework.objects.exists()) == (Decimal("2.5"), False)


def test_columns_with_marks_and_the_first_of_several_stay(room, client, site):
    lesson = make_lesson(room.book, date=school_day(), works=[1, 2])
    mark = make_mark(room.book, room.pupil, date=lesson.date, place=2)
    sign_in(client, room.teacher)
    page = f"/journal/lessons/{lesson.pk}/"

    def post(**fields):
        both = {"works-TOTAL_FORMS": "2", "works-INITIAL_FORMS": "2", "works-0-place": "1", "works-0-weight": "1",
                "works-1-place": "2", "works-1-weight": "2"}  # fmt: skip
        return client.post(page, filled(**both, **fields))

    assert "Первая колонка остаётся" in post(**{"works-0-gone": "on"}).text
    assert "в колонке есть отметки" in post(**{"works-1-gone": "on"}).text
    assert LessonWork.objects.count() == 2
    mark.delete()
    assert post(**{"works-1-gone": "on"}).status_code == 302
    assert LessonWork.objects.get().place == 1
    for broken in ({"works-0-weight": "0"}, {"works-0-weight": "много"}, {"works-0-kind": "999999"}, {"topic": "99999"},
                   {"due": "вчера"}, {"way": "летом"}, {"works-TOTAL_FORMS": "5000"}, {"works-INITIAL_FORMS": "x"},
                   {"due": (lesson.date - DAY).isoformat(), "text": "§ 1"}):  # fmt: skip
        answer = client.post(page, filled(**{"works-0-place": "1", "works-INITIAL_FORMS": "1", **broken}))
        assert (broken, answer.status_code) == (broken, 200)
    assert not Homework.objects.exists()


@pytest.mark.clause("7.2")
def test_a_closed_lesson_is_read_and_the_deputy_says_why(room, client, site):
    lesson = make_lesson(room.book, date=school_day() - 4 * WEEK, subject_matter="Было")
    page = f"/journal/lessons/{lesson.pk}/"
    sign_in(client, room.teacher)
    assert "14 дней" in client.get(page).text
    assert client.post(page, filled(subject_matter="Стало")).status_code == 403
    sign_in(client, room.deputy)
    assert "Напишите, почему" in client.post(page, filled(subject_matter="Стало")).text
    assert client.post(page, filled(subject_matter="Стало", reason="Ошибка")).status_code == 302
    lesson.refresh_from_db()
    assert lesson.subject_matter == "Стало"
    assert AuditEntry.objects.get(action="lesson.changed").basis == "Ошибка"
    assert client.post(f"/journal/lessons/{lesson.pk}/remove/", {"reason": "Ошибка"}).status_code == 200
    # A lesson to come is filled beforehand.
    ahead = make_lesson(room.book, date=school_day() + WEEK)
    sign_in(client, room.teacher)
    assert client.post(f"/journal/lessons/{ahead.pk}/", filled(subject_matter="Будет")).status_code == 302


@pytest.mark.clause("7.2")
def test_others_are_refused_by_address_and_by_post(room, client, site):
    lesson = make_lesson(room.book, date=school_day(), subject_matter="Тайная тема")
    book, leader = room.book, make_employee(position="class_teacher", school_class=room.school_class)
    pages = [f"/journal/lessons/{lesson.pk}/", f"/journal/lessons/{lesson.pk}/remove/"]
    pages += [f"/journal/gradebooks/{book.pk}/{one}" for one in ("lessons/", "lessons/add/", "lessons/topics/",
              "lessons/programme/", "plan/", "plan/export/")]  # fmt: skip
    for person, status in ((make_employee(), 404), (room.pupil, 403), (make_parent(child=room.pupil), 403)):
        sign_in(client, person)
        for page in pages:
            assert (page, client.get(page).status_code) == (page, status)
            assert (page, client.post(page, filled(subject_matter="Чужое")).status_code in (status, 405)) == (
                page,
                True,
            )
    sign_in(client, leader)
    assert "Тайная тема" in client.get(pages[0]).text
    for page in (pages[0], pages[1], *pages[3:6]):
        assert (page, client.post(page, filled(subject_matter="Чужое")).status_code) == (page, 403)
    sign_in(client, room.teacher)
    for page in ("/journal/work-kinds/", "/journal/work-kinds/add/"):
        assert (client.get(page).status_code, client.post(page, {"code": "Щ"}).status_code) in ((404, 404), (404, 405))
    Gradebook.objects.update(kept="elsewhere")
    assert client.post(pages[0], filled(subject_matter="Чужое")).status_code == 403
    lesson.refresh_from_db()
    assert (lesson.subject_matter, Lesson.objects.count()) == ("Тайная тема", 1)


def test_homework_files_are_read_by_the_gradebook_s_people(room, client, site):
    group = Subgroup.objects.create(school_class=room.school_class, subject=room.book.subject, name="1")
    Gradebook.objects.filter(pk=room.book.pk).update(subgroup=group)
    SubgroupMember.objects.create(subgroup=group, pupil=room.pupil, starts=LONG_AGO)
    lesson = make_lesson(room.book, date=school_day())
    sign_in(client, room.teacher)
    file = SimpleUploadedFile("задание.txt", "Тайные задачи".encode(), "text/plain")
    client.post(f"/journal/lessons/{lesson.pk}/", filled(uploads=file))
    stored = lesson.homework.files.get().file
    neighbour = make_pupil(school_class=room.school_class)
    readers = {
        "teacher": room.teacher, "deputy": room.deputy, "pupil": room.pupil, "parent": make_parent(child=room.pupil),
        "of the other subgroup": neighbour, "its parent": make_parent(child=neighbour), "other": make_employee(),
    }  # fmt: skip
    found = {}
    for name, person in readers.items():
        sign_in(client, person)
        found[name] = client.get(stored.url).status_code
    client.logout()
    found["guest"] = client.get(stored.url).status_code
    assert [name for name, status in found.items() if status == 200] == ["teacher", "deputy", "pupil", "parent"]
    sign_in(client, room.teacher)
    page = f"/journal/lessons/{lesson.pk}/"
    bad = SimpleUploadedFile("вирус.exe", b"MZ\x90\x00", "application/octet-stream")
    assert client.post(page, filled(uploads=bad)).status_code == 200
    assert Homework.objects.get().files.count() == 1


# Topics and the plan


def test_topics_are_laid_in_order_each_for_its_hours(room, client, site):
    programme = make_programme(room.book.subject, author=room.teacher, topics=("Один", "Два", "Три"))
    one, two, three = programme.topics.order_by("position")
    two.hours, three.hours = Decimal("0.5"), Decimal("1.5")
    two.save()
    three.save()
    days = [room.monday + shift * DAY for shift in range(5)]
    made = [make_lesson(room.book, date=date) for date in days]
    Lesson.objects.filter(pk=made[1].pk).update(topic=one, subject_matter="Своё")
    laid = topic_order.lay(
        list(Lesson.objects.filter(topic=None).order_by("date")), lessons.offers(room.book, programme)
    )  # fmt: skip
    assert [topic.name for _, topic in laid.pairs] == ["Один", "Два", "Три"]
    assert (laid.lessons_left, laid.topics_left) == (1, [])
    sign_in(client, room.teacher)
    page = f"/journal/gradebooks/{room.book.pk}/lessons/topics/"
    shown = client.get(page, {"starts": room.monday.isoformat()})
    assert shown.context["laid"].mark == laid.mark
    given = {"starts": room.monday.isoformat(), "seen": laid.mark}
    assert "изменились" in client.post(page, given | {"seen": "иное"}).text
    assert client.post(page, given).status_code == 302
    found = list(Lesson.objects.order_by("date").values_list("subject_matter", flat=True))
    assert found == ["Один", "Своё", "Два", "Три", ""]
    assert "Раскладывать нечего" in client.get(page).text
    assert AuditEntry.objects.filter(action="gradebook.topics_laid").count() == 1


def test_the_programme_is_the_only_one_or_the_chosen_one(room, client, site):
    first = make_programme(room.book.subject, author=room.teacher)
    assert lessons.programme_of(room.book) == first
    second = make_programme(room.book.subject, author=room.deputy, title="Углублённая")
    foreign = make_programme(room.book.subject, author=room.teacher, grade=9)
    assert lessons.programme_of(room.book) is None
    page = f"/journal/gradebooks/{room.book.pk}/lessons/programme/"
    sign_in(client, room.teacher)
    assert client.post(page, {"programme": foreign.pk}).status_code == 200
    assert client.post(page, {"programme": second.pk}).status_code == 302
    assert lessons.programme_of(Gradebook.objects.get(pk=room.book.pk)) == second


@pytest.mark.clause("1.3 b")
def test_plan_against_fact(room, client, site):
    programme = make_programme(room.book.subject, author=room.teacher, topics=("Один", "Два"))
    one, two = programme.topics.order_by("position")
    past = [today() - shift * DAY for shift in range(1, 15) if (today() - shift * DAY).weekday() < 5]
    room.timetable.delete()
    timetable = make_timetable(room.year, starts=past[-1])
    for weekday in range(5):
        make_line(timetable, room.book, weekday=weekday, number=1)
    # Four hours of plan are due; three lessons had topics, one of them more than the first topic wants.
    for date, topic in zip(past[:4], (one, one, one, None), strict=True):
        make_lesson(room.book, date=date, topic=topic)
    sums, lines = plan_fact.of_gradebook(room.book, today())
    assert (sums.hours, sums.due, sums.given, sums.untold, sums.words) == (
        4,
        4,
        3,
        1,
        "отстаёт на 1\N{NO-BREAK SPACE}ч",
    )
    assert [(line.due, line.given, line.behind, line.over) for line in lines] == [(2, 3, 0, 1), (2, 0, 2, 0)]
    sign_in(client, room.deputy)
    assert "отстаёт на 1\N{NO-BREAK SPACE}ч" in client.get(f"/journal/gradebooks/{room.book.pk}/plan/").text
    shown = client.get("/journal/plan/")
    assert [line.words for line in shown.context["lines"]] == ["отстаёт на 1\N{NO-BREAK SPACE}ч"]
    for page in ("/journal/plan/export/", f"/journal/gradebooks/{room.book.pk}/plan/export/"):
        assert client.get(page).content[:2] == b"PK"


def test_without_a_timetable_the_calendar_says_what_is_due(room):
    make_programme(room.book.subject, author=room.teacher, topics=("Один",) * 50)
    room.timetable.delete()
    start, end = (plan_fact.of_gradebook(room.book, day)[0] for day in (room.year.starts - DAY, room.year.ends))
    assert (start.due, end.due) == (0, 100)
    # No calendar is for the tenth grade: nothing is due, and nothing fails.
    tenth = make_gradebook(school_class=make_class(grade=10), subject=room.book.subject, kept="here")
    make_lesson(tenth, date=today() + WEEK)
    make_programme(room.book.subject, author=room.teacher, grade=10)
    assert plan_fact.of_gradebook(tenth, today())[0].due == 0
    made = actions.follow([tenth], room.year.starts, room.year.ends, by=room.by)
    assert (made.added, made.moved) == (0, 0)


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
