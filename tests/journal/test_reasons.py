"""Reasons of absence: a week of a class, reasons for days at once, who gives them, two at a time (access.md, 7.2)."""

import contextlib

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from journal.actions import reasons
from journal.models import Absence, CellChange, Mark
from tests.factories import make_employee, make_subject
from tests.journal.attesting import make_council
from tests.journal.factories import make_absence, make_gradebook, make_lesson, make_mark
from tests.journal.test_cells import DAY, Room
from tests.journal.test_entry import Hall
from tests.races import at_once

pytestmark = [pytest.mark.clause("7.2"), pytest.mark.clause("1.3 b")]


@pytest.fixture
def hall(client, site):
    """«н» in two lessons of a day, one late, one in a mirror; another pupil's «н»."""
    made = Hall(client)
    made.leader = make_employee(position="class_teacher", school_class=made.school_class, surname="Лидина")
    made.day = made.lesson.date
    made.mirror = make_gradebook(school_class=made.school_class, subject=make_subject("Химия"))
    made.put("н")
    make_absence(made.book, made.pupil, code="excused", date=made.day, slot=2)
    make_absence(made.book, made.pupil, code="late", date=made.day, slot=3)
    make_absence(made.mirror, made.pupil, code="absent", date=made.day)
    made.put("н", pupil=made.other)
    made.page = f"/journal/classes/{made.school_class.pk}/absences/"
    return made


def give(hall: Hall, person, **more):
    data = {"pupil": hall.pupil.pk, "starts": hall.day, "ends": hall.day, "code": "ill", **more}
    return hall.ask(person, f"{hall.page}?week={hall.day}", data)


def codes(hall: Hall) -> list[tuple]:
    rows = Absence.objects.order_by("pupil__surname", "gradebook", "slot")
    return [(one.pupil.surname, one.gradebook == hall.mirror, one.slot, one.code) for one in rows]


@pytest.mark.django_db
def test_the_class_teacher_sees_the_week_and_gives_a_reason_for_days_at_once(hall):
    week = hall.ask(hall.leader, f"{hall.page}?week={hall.day}").context["week"]
    assert [row.pupil.surname for row in week.rows] == ["Абаев", "Ветров"]
    [missed] = [day.missed for day in week.rows[0].days if day.missed]
    assert [(one.word, one.is_here) for one in missed] == [("ОТ", True), ("УП", True), ("ОТ", False)]
    assert (len(week.missed), week.open_count) == (4, 3)
    assert give(hall, hall.leader, starts=hall.day - DAY, ends=hall.day + DAY).status_code == 302
    assert codes(hall) == [
        ("Абаев", False, 1, "ill"), ("Абаев", False, 2, "ill"), ("Абаев", False, 3, "late"),
        ("Абаев", True, 1, "absent"), ("Ветров", False, 1, "absent"),
    ]  # fmt: skip
    history = CellChange.objects.filter(how="reason").order_by("slot")
    assert list(history.values_list("slot", "number", "was", "became", "by")) == [
        (1, 2, "ОТ", "Б", hall.leader.pk), (2, 1, "УП", "Б", hall.leader.pk),
    ]  # fmt: skip
    again = give(hall, hall.leader)
    assert "нет пропусков" in str(again.context["form"].non_field_errors())
    assert hall.put("н", was="Н").state == "same"


@pytest.mark.django_db
def test_what_is_wrong_is_refused_in_words_and_changes_nothing(hall):
    stranger = make_employee(position="class_teacher", school_class=None)
    for person, status in ((hall.teacher, 404), (hall.stranger, 404), (stranger, 404), (hall.pupil, 403)):
        assert (person.surname, give(hall, person).status_code) == (person.surname, status)
        assert hall.ask(person, hall.page).status_code == status
    for more, field in (
        ({"code": "late"}, "code"),
        ({"code": "грипп"}, "code"),
        ({"pupil": hall.leader.pk}, "pupil"),
        ({"pupil": "x"}, "pupil"),
        ({"starts": hall.day + DAY}, "ends"),
        ({"starts": "0000-00-00"}, "starts"),
    ):
        answer = give(hall, hall.leader, **more)
        assert (more, set(answer.context["form"].errors)) == (more, {field})
    assert {code for *_, code in codes(hall)} == {"absent", "excused", "late"}
    assert not CellChange.objects.filter(how="reason").exists()


@pytest.mark.django_db
def test_in_a_term_closed_by_a_council_the_deputy_gives_it_and_says_why(hall):
    hall.calendar.entries.all().delete()
    hall.calendar.entries.create(kind="term", name="1-я четверть", starts=hall.day - DAY, ends=hall.day)
    make_council(hall.school_class, number=1, state="frozen")
    for person, why in ((hall.leader, "Принёс справку"), (hall.deputy, "")):
        assert "закрыт педсоветом" in str(give(hall, person, why=why).context["form"].non_field_errors())
    assert give(hall, hall.deputy, why="Принёс справку").status_code == 302
    assert set(CellChange.objects.filter(how="reason").values_list("reason", flat=True)) == {"Принёс справку"}


@pytest.mark.django_db
def test_a_mark_beside_an_absence_stays(hall):
    make_mark(hall.book, hall.pupil, value="5", date=hall.day, slot=2)
    give(hall, hall.leader)
    assert Mark.objects.get().value == "5"
    assert list(CellChange.objects.filter(slot=2).values_list("was", "became")) == [("5 УП", "5 Б")]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_histories_without_gaps():
    room = Room()
    leader = make_employee(position="class_teacher", school_class=room.school_class)
    second = make_lesson(room.book, date=room.lesson.date, slot=2)
    room.put("н")
    room.put("н", lesson=second)
    by, day = Actor(leader, None, leader.username), room.lesson.date

    def write(place: int) -> None:
        if place % 2:
            room.put("5", "н")
            room.put("н", "5")
            return
        code = reasons.CODES[place % 3]
        with contextlib.suppress(ValidationError):  # nothing left to change, or another was first
            reasons.give_reason(room.school_class, room.pupil, starts=day, ends=day, code=code, by=by)

    at_once(write, 20)
    for slot in (1, 2):
        history = list(CellChange.objects.filter(slot=slot).order_by("number").values_list("number", "was", "became"))
        assert [number for number, _, _ in history] == list(range(1, len(history) + 1))
        assert [was for _, was, _ in history[1:]] == [became for _, _, became in history[:-1]]
        mark, gap = Mark.objects.filter(slot=slot).first(), Absence.objects.filter(slot=slot).first()
        words = {"ill": "Б", "excused": "УП", "unexcused": "НП", "absent": "ОТ"}
        assert history[-1][2] == (mark.value if mark else words[gap.code])
