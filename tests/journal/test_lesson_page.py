"""A lesson's page: written as a whole, its columns and homework, closed windows, who reads it (1.3 b, 2.2, 7.2)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry, Enrolment
from eios.lib.dates import today
from journal.models import (
    CellChange,
    Gradebook,
    Homework,
    Lesson,
    LessonWork,
    Subgroup,
    SubgroupMember,
    TeachingLoad,
    WorkKind,
)
from tests.factories import (
    LONG_AGO,
    make_class,
    make_employee,
    make_enrolment,
    make_parent,
    make_programme,
    make_pupil,
    sign_in,
)
from tests.journal.factories import (
    make_lesson,
    make_mark,
    school_day,
)
from tests.journal.lesson_room import DAY, WEEK, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


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
    # A pupil who came after the lesson and is in another class by now reads the week of the day for which it is asked,
    # and so does who leads that class; whose load has ended reads the lesson.
    SubgroupMember.objects.update(starts=lesson.date + DAY, ends=lesson.date + DAY)
    Enrolment.objects.filter(pupil=room.pupil).update(ends=today() - DAY)
    school_class = make_class(grade=7, letter="Я", year=room.year)
    make_enrolment(room.pupil, school_class, starts=today())
    TeachingLoad.objects.filter(teacher=room.teacher).update(ends=lesson.date)
    readers["class teacher"] = make_employee(position="class_teacher", school_class=school_class)
    for name, person in readers.items():
        sign_in(client, person)
        found[name] = client.get(stored.url).status_code
    assert [name for name, status in found.items() if status == 200] == [
        "teacher", "deputy", "pupil", "parent", "class teacher"
    ]  # fmt: skip
    TeachingLoad.objects.filter(teacher=room.teacher).update(ends=None)
    sign_in(client, room.teacher)
    page = f"/journal/lessons/{lesson.pk}/"
    bad = SimpleUploadedFile("вирус.exe", b"MZ\x90\x00", "application/octet-stream")
    assert client.post(page, filled(uploads=bad)).status_code == 200
    assert Homework.objects.get().files.count() == 1
