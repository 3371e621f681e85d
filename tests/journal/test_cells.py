"""Entering cells: what may stand in one, compare-and-set, windows, who enters, what the history keeps (7.2)."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from journal import entries, entry
from journal.actions import cells
from journal.entries import Entry
from journal.models import Absence, CellChange, Gradebook, Mark, Scale
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.factories import (
    make_absence,
    make_gradebook,
    make_lesson,
    make_load,
    make_mark,
    make_open_year,
    school_day,
)
from tests.races import at_once

DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "scale", "reasons", "kept"),
    [
        ("5", "five", False, "5"),
        (" н ", "five", False, "ОТ"),
        ("H", "five", False, "ОТ"),
        ("4 о", "five", False, "4 ОП"),
        ("О 4", "five", False, "4 ОП"),
        ("осв", "none", False, "ОСВ"),
        ("б", "five", True, "Б"),
        ("зачёт", "pass", False, "зач"),
        ("Н/А", "five", False, "н/а"),
        ("87", "points", False, "87"),
        ("", "five", False, ""),
    ],
)
def test_what_is_typed_is_kept(typed, scale, reasons, kept):
    assert entries.read_cell(typed, scale, reasons=reasons).text == kept


@pytest.mark.parametrize(
    ("typed", "scale", "words"),
    [
        ("6", "five", "сюда не ставят"),
        ("зачёт", "five", "сюда не ставят"),
        ("5", "none", "сюда не ставят"),
        ("5", "pass", "сюда не ставят"),
        ("101", "points", "сюда не ставят"),
        ("5 4", "five", "одна отметка"),
        ("н о", "five", "Два пропуска"),
        ("5 н", "five", "вместе не ставятся"),
        ("5 осв", "five", "вместе не ставятся"),
        ("б", "five", "классный руководитель"),
        ("<script>", "five", "сюда не ставят"),
    ],
)
def test_what_may_not_stand_in_a_cell_is_refused_in_words(typed, scale, words):
    with pytest.raises(ValueError, match=words):
        entries.read_cell(typed, scale, reasons=False)


@given(st.text(max_size=12), st.sampled_from(Scale.values), st.booleans())
def test_whatever_is_typed_is_kept_or_refused_and_what_is_kept_is_read_again(typed, scale, reasons):
    try:
        content = entries.read_cell(typed, scale, reasons=reasons)
    except ValueError:
        return
    assert entries.read_cell(content.text, scale, reasons=True) == content
    seen = entries.shown(content.text, reasons=False)
    assert not set(seen.split()) & {"Б", "УП", "НП", "ОТ"}


class Room:
    """A gradebook kept here with a lesson today, its teacher, two pupils."""

    def __init__(self, **fields):
        self.school_class = make_class(grade=7)
        self.calendar = make_open_year(self.school_class.year)
        self.teacher = make_employee(surname="Белова")
        self.book = make_gradebook(school_class=self.school_class, kept="here", **fields)
        make_load(self.teacher, self.book)
        self.pupil = make_pupil(school_class=self.school_class, surname="Абаев")
        self.other = make_pupil(school_class=self.school_class, surname="Ветров")
        self.lesson = make_lesson(self.book, date=school_day())

    def door(self, person: User | None = None) -> entry.Door:
        return entry.door_of(Gradebook.objects.get(pk=self.book.pk), person or self.teacher, today())

    def put(self, value, was="", *, pupil=None, lesson=None, place=1, person=None, comment=None, **options):
        person = person or self.teacher
        wanted = Entry((lesson or self.lesson).pk, place, (pupil or self.pupil).pk, was, value, comment)
        return cells.enter(self.door(person), [wanted], by=Actor(person, None, person.username), **options)[0]

    @property
    def history(self) -> list[tuple]:
        return list(CellChange.objects.order_by("pk").values_list("number", "was", "became"))


@pytest.fixture
def room(db):
    return Room()


@pytest.mark.django_db
def test_a_cell_is_saved_and_its_history_kept(room):
    assert room.put("5").state == "saved"
    assert room.put("н", was="5").text == "Н"
    assert room.put("4 о", was="н", comment="  Хорошо  ").text == "4 О"
    assert room.put("н", was="4 О", comment="Болел").message == cells.NO_MARK
    assert room.put("", was="4 О").state == "saved"
    assert room.history == [(1, "", "5"), (2, "5", "ОТ"), (3, "ОТ", "4 ОП"), (4, "4 ОП", "")]
    assert not Mark.objects.exists()
    assert not Absence.objects.exists()


@pytest.mark.django_db
def test_a_stale_write_changes_nothing_and_shows_both(room):
    room.put("5")
    late = room.put("3", was="")
    assert (late.state, late.text) == ("stale", "5")
    assert "Белова" in late.message
    assert Mark.objects.get().value == "5"
    assert len(room.history) == 1


@pytest.mark.django_db
def test_marks_get_weight_and_kind_of_their_column(room):
    lesson = make_lesson(room.book, date=school_day(), slot=2, works=[1, 3])
    assert room.put("4", lesson=lesson, place=2).state == "saved"
    assert room.put("5", lesson=lesson, place=3).message == cells.NO_LESSON
    mark = Mark.objects.get()
    assert (mark.slot, mark.place, mark.weight, mark.number) == (2, 2, 3, 4)
    assert "первой колонке" in room.put("н", lesson=lesson, place=2, was="4").message
    assert "сначала уберите" in room.put("н", lesson=lesson).message


@pytest.mark.django_db
def test_reasons_are_kept_from_teachers_and_from_their_typing(room):
    make_absence(room.book, room.pupil, code="ill", date=room.lesson.date)
    assert "классный руководитель" in room.put("б", was="Н").message
    assert room.put("н", was="н").state == "same"
    assert Absence.objects.get().code == "ill"
    assert room.put("5", was="н").state == "saved"
    assert room.put("н", was="5", how="undone").state == "saved"
    assert Absence.objects.get().code == "ill"
    assert room.history == [(1, "Б", "5"), (2, "5", "Б")]


@pytest.mark.django_db
def test_trouble_is_refused_in_words(room):
    stranger = make_pupil(school_class=make_class(grade=7, letter="Б"))
    gone = make_pupil(school_class=room.school_class, ends=room.lesson.date - DAY)
    elsewhere = make_lesson(make_gradebook(school_class=room.school_class, subject=make_subject(name="Иное")))
    for pupil in (stranger, gone):
        assert room.put("5", pupil=pupil).message == cells.NOT_HERE
    assert room.put("5", lesson=elsewhere).message == cells.NO_LESSON
    room.calendar.entries.create(kind="off", name="Праздник", starts=room.lesson.date, ends=room.lesson.date)
    assert "не учебный день" in room.put("5").message
    assert not Mark.objects.exists()
    assert not room.history


@pytest.mark.django_db
def test_a_lesson_to_come_takes_no_marks(room):
    ahead = make_lesson(room.book, date=today() + 40 * DAY)
    assert "впереди" in room.put("5", lesson=ahead).message


@pytest.mark.django_db
def test_a_closed_window_says_why_and_the_deputy_enters_with_a_reason(room):
    past = make_lesson(room.book, date=school_day() - 28 * DAY)
    deputy = make_employee(position="deputy")
    refused = room.put("5", lesson=past)
    assert (refused.state, "14 дней" in refused.message, "заместитель" in refused.message) == ("refused", True, True)
    assert room.put("5", lesson=past, person=deputy).state == "say_why"
    assert room.put("5", lesson=past, person=deputy, reason="Апелляция").state == "saved"
    assert CellChange.objects.get().reason == "Апелляция"
    room.book.openings.create(starts=past.date, ends=past.date, until=today(), reason="Болел", opened_by=deputy)
    assert room.put("4", lesson=past, was="5").state == "saved"


@pytest.mark.django_db
def test_who_does_not_teach_or_a_mirror_enters_nothing(room, client, site):
    page = f"/journal/gradebooks/{room.book.pk}/cells/"
    wanted = json.dumps([[room.lesson.pk, 1, room.pupil.pk, "", "5"]])
    parent = make_parent(child=room.pupil)
    leader = make_employee(position="class_teacher", school_class=room.school_class)
    for person, status in (
        (make_employee(), 404),
        (leader, 403),
        (room.pupil, 403),
        (parent, 403),
        (room.teacher, 200),
    ):
        sign_in(client, person)
        answer = client.post(page, {"cells": wanted})
        assert (person.surname, answer.status_code) == (person.surname, status)
    Gradebook.objects.update(kept="elsewhere")
    answer = client.post(page, {"cells": wanted})
    assert (answer.status_code, answer.json()["message"]) == (403, entry.MIRROR)
    assert Mark.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cells_text",
    ["", "[", "{}", "[]", "[1]", '[["a",1,1,"",""]]', "[[1,1,1,1,1]]", '[[1,1,1,"","","","",""]]',
     '[[true,1,1,"","5"]]', '[[1,1,99999999999999999999,"","5"]]', "[" * 5000, '[[1,1,1,"\\u0000","5"]]',
     '[[1,1,1,"","5","\\ud800"]]', '[[1,1,1,"","5","\\u001b"]]'],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_answered_in_words(room, client, site, cells_text):
    sign_in(client, room.teacher)
    answer = client.post(f"/journal/gradebooks/{room.book.pk}/cells/", {"cells": cells_text})
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.django_db
def test_a_page_of_cells_answers_each_and_sums(room, client, site):
    sign_in(client, room.teacher)
    make_mark(room.book, room.pupil, value="4", date=room.lesson.date - DAY)
    wanted = [[room.lesson.pk, 1, room.pupil.pk, "", "5"], [room.lesson.pk, 1, room.other.pk, "", "7"]]
    answer = client.post(f"/journal/gradebooks/{room.book.pk}/cells/", {"cells": json.dumps(wanted)}).json()
    assert [one["state"] for one in answer["cells"]] == ["saved", "refused"]
    sums = {name: answer["sums"][str(room.pupil.pk)][name] for name in ("average", "missed")}
    assert (list(answer["sums"]), sums) == ([str(room.pupil.pk)], {"average": "4,50", "missed": ""})


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_in_one_cell_leave_one_history_without_gaps():
    room = Room()

    def write(place: int) -> None:
        was = ""
        while (found := room.put(str(2 + place % 4), was)).state == "stale":
            was = found.text

    at_once(write, 50)
    history = room.history
    assert [number for number, _, _ in history] == list(range(1, len(history) + 1))
    assert [was for _, was, _ in history[1:]] == [became for _, _, became in history[:-1]]
    assert history[0][1] == ""
    assert history[-1][2] == Mark.objects.get().value


@pytest.mark.django_db
def test_on_paper_stand_marks_topics_and_remarks_but_no_reasons(room, client, site):
    make_absence(room.book, room.other, code="ill", date=room.lesson.date)
    room.put("5", comment="Хорошо отвечал")
    room.lesson.subject_matter, room.lesson.remark = "Степени", "Урок на улице"
    room.lesson.save()
    leader = make_employee(position="class_teacher", school_class=room.school_class)
    page = f"/journal/gradebooks/{room.book.pk}/paper/?period=0"
    for person in (leader, room.teacher):
        sign_in(client, person)
        text = " ".join(client.get(page).content.decode().split())
        for words in ("<td>5</td>", "<td>Н</td>", "Степени", "Хорошо отвечал", "Урок на улице", "Абаев"):
            assert words in text
        assert "<td>Б</td>" not in text
    sign_in(client, make_employee())
    assert client.get(page).status_code == 404
