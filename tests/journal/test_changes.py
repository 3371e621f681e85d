"""Changes of the timetable for a date, bells and rooms: verbs, what can't be, substitutes, access (1.3 b, 6.2, 7.2)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import AuditEntry
from eios.lib.dates import today
from journal import changes, rights
from journal.actions import changes as actions
from journal.actions import lessons
from journal.bell_times import rings_of, times_on
from journal.changes import Place
from journal.models import Bell, BellSchedule, DayChange, Lesson, Mark, Room, Subgroup, TeachingLoad
from tests.factories import make_class, make_employee, make_pupil, make_subject, sign_in
from tests.journal.factories import make_gradebook, make_line, make_load, make_mark, make_timetable, school_day
from tests.journal.test_timetables import School
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]

COMMAND = Actor.command("tests")
DAY = datetime.timedelta(days=1)
WHY = {"reason": "Болезнь учителя", "by": COMMAND}


class Week(School):
    """Every day 7А has algebra and physics, 7Б physics; a free teacher, a room, a gym."""

    def __init__(self):
        super().__init__()
        self.table = make_timetable(self.year)
        self.sub = make_employee(surname="Громова", name="Анна")
        self.physicist = make_employee(surname="Орлов", name="Пётр")
        self.other = make_gradebook(school_class=self.other, subject=self.physics)
        for book in (self.second, self.other):
            make_load(self.physicist, book)
        self.room, self.lab = Room.objects.create(name="214"), Room.objects.create(name="305")
        self.gym = Room.objects.create(name="зал", is_shared=True)
        for weekday in range(5):
            make_line(self.table, self.book, weekday=weekday, number=1, teacher=self.teacher, room=self.room)
            make_line(self.table, self.second, weekday=weekday, number=2, teacher=self.physicist, room=self.lab)
            make_line(self.table, self.other, weekday=weekday, number=1, teacher=self.physicist, room=self.lab)
        self.monday = today() + DAY
        self.monday += (7 - self.monday.weekday()) % 7 * DAY

    def seen(self, place: Place) -> str:
        return changes.day_of(self.year, place.date).at(place.gradebook, place.number).mark

    def withdraw(self, change: DayChange) -> None:
        lesson = changes.day_of(self.year, change.date).at(change.gradebook, change.number)
        actions.withdraw(change, seen=actions.mark_of(change, lesson), **WHY)

    def rows(self) -> list[tuple]:
        return list(self.book.lessons.order_by("date", "slot").values_list("date", "number", "teacher", "room"))


@pytest.fixture
def week(site):
    return Week()


@pytest.mark.clause("7.2")
def test_a_substitute_enters_marks_that_day_and_what_was_entered_stays(week):
    place = Place(week.book, school_day(), 1)
    lessons.generate(week.book, place.date, place.date, by=COMMAND)
    change = actions.replace(place, teacher=week.sub, room=week.gym, seen=week.seen(place), **WHY)
    load = TeachingLoad.objects.get(gradebook=week.book, teacher=week.sub)
    assert (load.starts, load.ends, load.replaces) == (place.date, place.date, week.teacher)
    assert load.basis == "Замена на день. Болезнь учителя"
    assert rights.teaches(week.sub, week.book, place.date)
    assert week.rows() == [(place.date, 1, week.sub.pk, week.gym.pk)]
    mark = make_mark(week.book, make_pupil(school_class=week.one), date=place.date)
    # Another instead: the first one is released.
    again = make_employee()
    actions.replace(place, teacher=again, seen=week.seen(place), **WHY)
    assert set(week.book.loads.values_list("teacher", flat=True)) == {week.teacher.pk, again.pk}
    change.refresh_from_db()
    week.withdraw(change)
    assert list(week.book.loads.values_list("teacher", flat=True)) == [week.teacher.pk]
    assert week.rows() == [(place.date, 1, week.teacher.pk, week.room.pk)]
    assert Mark.objects.get() == mark
    told = AuditEntry.objects.filter(action__regex="day_change|teaching_load").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "day_change.added", "teaching_load.added", "day_change.changed", "teaching_load.deleted",
        "teaching_load.added", "day_change.deleted", "teaching_load.deleted",
    ]  # fmt: skip
    assert told[0].basis == "Болезнь учителя"


def test_lessons_follow_what_is_cancelled_moved_and_put_in(week):
    day, tuesday = week.monday, week.monday + DAY
    lessons.generate(week.book, day, tuesday, by=COMMAND)
    place, whose = Place(week.book, day, 1), (week.teacher.pk, week.room.pk)
    cancelled = actions.cancel(place, seen=week.seen(place), **WHY)
    assert week.rows() == [(tuesday, 1, *whose)]
    assert changes.day_of(week.year, day).at(week.book, 1).is_fallen
    week.withdraw(cancelled)
    assert week.rows() == [(day, 1, *whose), (tuesday, 1, *whose)]
    # Within a day the row moves with what is written and with its marks.
    written = week.book.lessons.get(date=day)
    Lesson.objects.filter(pk=written.pk).update(subject_matter="Степени")
    mark = make_mark(week.book, make_pupil(school_class=week.one), date=day, slot=written.slot)
    there = actions.move(place, Place(week.book, day, 5), seen=week.seen(place), **WHY)
    written.refresh_from_db()
    mark.refresh_from_db()
    assert (written.number, written.subject_matter) == (5, "Степени")
    assert mark.slot == written.slot
    assert there.reason.endswith("1-й урок. Болезнь учителя")
    # A lesson that was put in goes on, and nothing is left in its place; to another day without what is written.
    moved = Place(week.book, day, 5)
    actions.move(moved, Place(week.book, tuesday, 6), seen=week.seen(moved), **WHY)
    assert list(DayChange.objects.values_list("date", "number", "kind")) == [
        (day, 1, "cancelled"), (tuesday, 6, "added"),
    ]  # fmt: skip
    assert [row[:2] for row in week.rows()] == [(day, 5), (tuesday, 1), (tuesday, 6)]
    added = actions.add(Place(week.book, day, 3), teacher=week.sub, **WHY)
    assert rights.teaches(week.sub, week.book, day)
    assert [row[:3] for row in week.rows()] == [
        (day, 3, week.sub.pk), (tuesday, 1, week.teacher.pk), (tuesday, 6, week.teacher.pk),
    ]  # fmt: skip
    assert Lesson.objects.get(date=day).pk == written.pk
    week.withdraw(added)
    assert not rights.teaches(week.sub, week.book, day)
    assert Mark.objects.filter(pk=mark.pk).exists()


def test_what_can_not_be_is_refused_in_words_and_nothing_is_done(week):
    place, foreign = Place(week.book, week.monday, 1), Place(week.other, week.monday, 1)
    at_two = Place(week.book, week.monday, 2)
    seen = week.seen(place)

    def refused(words: str, act, *args, **more) -> None:
        before = DayChange.objects.count(), TeachingLoad.objects.count()
        with pytest.raises(ValidationError, match=words):
            act(*args, **WHY | more)
        assert (DayChange.objects.count(), TeachingLoad.objects.count()) == before

    refused("учитель на двух уроках сразу", actions.replace, place, teacher=week.physicist, seen=seen)
    refused("в кабинете два урока сразу", actions.replace, place, room=week.lab, seen=seen)
    refused("другого учителя", actions.replace, place, teacher=week.teacher, seen=seen)
    refused("у класса два урока сразу", actions.move, place, at_two, seen=seen)
    refused("уже стоит на этом месте", actions.move, place, place, seen=seen)
    refused("уже стоит", actions.add, place)
    refused("не учебный день", actions.add, Place(week.book, week.monday - DAY, 1))
    refused("в пределах учебного года", actions.add, Place(week.book, week.year.ends + DAY, 1))
    refused("уже прошёл", actions.add, Place(week.book, week.year.starts, 1), reason="")
    refused("изменили", actions.cancel, place, seen="")
    # The gym takes both classes.
    for one in (place, foreign):
        actions.replace(one, room=week.gym, seen=week.seen(one), **WHY)
    cancelled = actions.cancel(place, seen=week.seen(place), **WHY)
    refused("изменили", actions.cancel, place, seen=seen)
    refused("верните", actions.cancel, place, seen=week.seen(place))
    refused("верните", actions.add, place)
    # Somebody else has the hour by now.
    physics = Place(week.second, week.monday, 2)
    actions.move(physics, Place(week.second, week.monday, 1), teacher=week.sub, seen=week.seen(physics), **WHY)
    refused("у класса два урока", actions.withdraw, cancelled, seen=week.seen(place))


def test_two_groups_of_a_subject_are_given_together_by_one_teacher(week):
    groups = [Subgroup.objects.create(school_class=week.one, subject=week.physics, name=f"{n}-я") for n in (1, 2)]
    books = [make_gradebook(school_class=week.one, subject=week.physics, subgroup=one) for one in groups]
    for book, teacher, room in zip(books, (week.sub, week.physicist), (week.room, week.lab), strict=True):
        make_load(teacher, book)
        make_line(week.table, book, weekday=0, number=4, teacher=teacher, room=room)
    place = Place(books[1], week.monday, 4)
    with pytest.raises(ValidationError, match="учитель на двух"):
        actions.replace(place, teacher=week.sub, seen=week.seen(place), **WHY)
    actions.replace(place, teacher=week.sub, room=week.room, seen=week.seen(place), **WHY)
    assert rights.teaches(week.sub, books[1], week.monday)


def test_the_deputy_finds_who_is_free_and_others_are_refused(week, client):
    day = f"{week.monday:%Y-%m-%d}"
    page = f"/journal/changes/lessons/{week.book.pk}/{day}/1/"
    data = {
        "teacher": week.sub.pk,
        "room": "",
        "reason": "Болезнь",
        "seen": week.seen(Place(week.book, week.monday, 1)),
    }
    kept = actions.replace(
        Place(week.second, week.monday, 2), teacher=week.sub, seen=week.seen(Place(week.second, week.monday, 2)), **WHY
    )  # fmt: skip
    addresses = [
        f"{page}replace/", f"{page}cancel/", f"{page}move/", f"/journal/changes/classes/{week.one.pk}/{day}/add/",
        f"/journal/changes/{kept.pk}/withdraw/", "/journal/bells/add/", "/journal/rooms/add/",
        f"/journal/rooms/{week.room.pk}/remove/",
    ]  # fmt: skip
    classteacher = make_employee(position="class_teacher", school_class=week.one)
    for person in (week.teacher, week.sub, classteacher, make_pupil(school_class=week.one), None):
        client.logout()
        if person:
            sign_in(client, person)
        for address in (*addresses, f"/journal/changes/?date={day}"):
            for answer in (client.get(address), client.post(address, data)):
                assert answer.status_code in (302, 403, 404, 405), address
                assert "Болезнь учителя" not in answer.content.decode()
    assert list(DayChange.objects.all()) == [kept]
    assert Room.objects.count() == 3
    sign_in(client, week.deputy)
    shown = client.get(f"/journal/changes/?date={day}&teacher={week.physicist.pk}")
    assert [(one.gradebook, one.number) for one in shown.context["lessons"]] == [(week.second, 2), (week.other, 1)]
    groups = dict(client.get(f"{page}replace/").context["form"].fields["teacher"].choices[1:])
    busy = [words for _, words in groups["Заняты"]]
    assert busy == [f"{week.physicist.get_full_name()} — {week.other}"]
    assert {pk for pk, _ in groups["Свободны, ведут этот предмет"]} == {week.teacher.pk}
    assert client.post(f"{page}replace/?teacher={week.teacher.pk}", data).url == (
        f"/journal/changes/?date={day}&teacher={week.teacher.pk}"
    )
    stale = client.post(f"{page}cancel/", data)
    assert changes.STALE in stale.content.decode()
    assert stale.context["form"]["seen"].value() == week.seen(Place(week.book, week.monday, 1))
    moved = client.post(f"{page}move/", data | {"seen": stale.context["form"]["seen"].value(), "date": day,
                                               "number": 7, "teacher": "", "room": ""})  # fmt: skip
    assert moved.status_code == 302
    add = {"number": 6, "gradebook": week.book.pk, "teacher": "", "room": week.lab.pk, "reason": "", "seen": ""}
    assert client.post(f"/journal/changes/classes/{week.one.pk}/{day}/add/", add).status_code == 302
    last = DayChange.objects.get(number=6)
    form = client.get(f"/journal/changes/{last.pk}/withdraw/").context["form"]
    client.post(f"/journal/changes/{last.pk}/withdraw/", {"seen": form.initial["seen"]})
    assert list(DayChange.objects.filter(gradebook=week.book).values_list("number", "kind")) == [
        (1, "cancelled"), (7, "added"),
    ]  # fmt: skip
    for wrong in ("2026-99-99", "x", "9999-12-31", "0001-01-01"):
        assert client.get(f"/journal/changes/?date={wrong}").status_code == 200
        assert client.get(f"/journal/changes/lessons/{week.book.pk}/{wrong}/1/move/").status_code == 404


def test_bells_and_rooms_are_kept_by_the_deputy(week, client):
    sign_in(client, week.deputy)
    base = {"name": "Обычный день", "grade_from": 5, "grade_to": 9, "weekday": "", "date": "", "seen": ""}
    rows = {"starts_1": "08:30", "ends_1": "09:15", "starts_2": "09:10", "ends_2": "09:50"}
    page = f"/journal/bells/add/?year={week.year.pk}"
    assert "2-й урок начинается в 09:10" in client.post(page, base | rows).content.decode()
    assert "укажите начало и конец" in client.post(page, base | rows | {"ends_2": ""}).content.decode()
    assert not BellSchedule.objects.exists()
    rows["starts_2"] = "09:25"
    assert client.post(page, base | rows).status_code == 302
    assert "уже есть" in client.post(page, base | rows).content.decode()
    short = base | {"name": "Сокращённый", "date": f"{week.monday:%Y-%m-%d}", "starts_1": "08:30", "ends_1": "09:00"}
    assert client.post(page, short).status_code == 302
    rings = rings_of(week.year, 7, week.monday, week.monday + DAY)
    assert times_on(rings, week.monday) == {1: (datetime.time(8, 30), datetime.time(9))}
    usual = BellSchedule.objects.get(date=None)
    form = client.get(f"/journal/bells/{usual.pk}/").context["form"]
    changed = base | rows | {"ends_2": "10:10", "seen": form.initial["seen"]}
    assert client.post(f"/journal/bells/{usual.pk}/", changed).status_code == 302
    stale = client.post(f"/journal/bells/{usual.pk}/", changed | {"ends_2": "11:00"})
    assert "Сейчас записано" in stale.content.decode()
    assert Bell.objects.get(schedule=usual, number=2).ends == datetime.time(10, 10)
    assert "Обычный день" in client.get("/journal/bells/").content.decode()
    client.post(f"/journal/bells/{usual.pk}/remove/")
    assert list(BellSchedule.objects.values_list("name", flat=True)) == ["Сокращённый"]
    told = AuditEntry.objects.filter(action__startswith="bell_schedule").values_list("action", flat=True)
    assert sorted(told) == sorted(
        ["bell_schedule.added", "bell_schedule.laid"] * 2 + ["bell_schedule.laid", "bell_schedule.deleted"]
    )
    # Rooms
    assert "уже есть" in client.post("/journal/rooms/add/", {"name": "ЗАЛ "}).content.decode()
    client.post("/journal/rooms/add/", {"name": "Актовый  зал", "is_active": "on"})
    hall = Room.objects.get(name="Актовый зал")
    refused = client.post(f"/journal/rooms/{week.room.pk}/remove/", follow=True)
    assert "стоят уроки" in refused.content.decode()
    client.post(f"/journal/rooms/{hall.pk}/remove/")
    assert set(Room.objects.all()) == {week.room, week.lab, week.gym}


def test_queries_do_not_grow(week, client, django_assert_num_queries):
    sign_in(client, week.deputy)
    day = f"{week.monday:%Y-%m-%d}"
    place = Place(week.book, week.monday, 1)
    change = actions.replace(place, teacher=week.sub, seen=week.seen(place), **WHY)
    addresses = [
        f"/journal/changes/?date={day}", f"/journal/changes/lessons/{week.book.pk}/{day}/1/replace/",
        f"/journal/changes/lessons/{week.book.pk}/{day}/1/move/",
        f"/journal/changes/classes/{week.one.pk}/{day}/add/?number=1", f"/journal/changes/{change.pk}/withdraw/",
        "/journal/bells/", "/journal/rooms/",
    ]  # fmt: skip

    def grow(number: int) -> None:
        other = make_class(grade=1 + number % 9, letter="КЛМН"[number // 9])
        book = make_gradebook(school_class=other, subject=make_subject(f"Предмет {number}"))
        teacher, room = make_employee(), Room.objects.create(name=f"{number}")
        make_load(teacher, book)
        make_line(week.table, book, weekday=0, number=1, teacher=teacher, room=room)
        make_gradebook(school_class=week.one, subject=book.subject)
        book.day_changes.create(date=week.monday, number=1, kind="replaced", teacher=make_employee(), room=room)
        bells = BellSchedule.objects.create(year=week.year, name=f"Звонки {number}", date=week.monday + number * DAY)
        bells.bells.create(number=1, starts=datetime.time(8, 30), ends=datetime.time(9))

    grow(0)
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert (address, client.get(address).status_code) == (address, 200)
        counts[address] = len(asked)
    for number in range(1, 30):
        grow(number)
    for address in addresses:
        with django_assert_num_queries(counts[address], info=address):
            client.get(address)


@pytest.mark.django_db(transaction=True)
def test_two_deputies_do_not_give_one_teacher_two_lessons_at_once():
    week = Week()
    places = [Place(week.book, week.monday, 1), Place(week.other, week.monday, 1)]
    seen = [week.seen(one) for one in places]

    def give(place: int) -> str:
        try:
            actions.replace(places[place], teacher=week.sub, seen=seen[place], **WHY)
        except ValidationError as refusal:
            return refusal.messages[0]
        return "записано"

    done, refused = sorted(at_once(give, 2), key=lambda words: words != "записано")
    assert done == "записано"
    assert "учитель на двух уроках сразу" in refused
    assert DayChange.objects.count() == TeachingLoad.objects.filter(teacher=week.sub).count() == 1
