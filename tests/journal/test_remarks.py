"""Remarks on marks in the lesson's list, a pupil a row: seen, written, left alone, refused in words (7.2)."""

import json

import pytest

from journal.models import CellChange, Mark
from tests.factories import make_employee, make_pupils, sign_in
from tests.journal.factories import make_mark
from tests.journal.test_cells import Room

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]


@pytest.fixture
def room(site):
    return Room()


class Lesson:
    """The lesson's list as the room's teacher posts it."""

    def __init__(self, room: Room, client):
        self.room, self.client = room, client
        self.page = f"/journal/lessons/{room.lesson.pk}/marks/"
        sign_in(client, room.teacher)

    def text(self) -> str:
        return " ".join(self.client.get(self.page).content.decode().split())

    def post(self, *cells: tuple):
        """Cells as (pupil, mark shown, mark, remark shown, remark)."""
        data = {}
        for pupil, *values in cells:
            names = (f"{letter}-{pupil.pk}-1" for letter in "wmdc")
            data |= dict(zip(names, values, strict=True))
        return self.client.post(self.page, data)


@pytest.fixture
def lesson(room, client):
    return Lesson(room, client)


def remarks() -> dict:
    return {pupil: (value, comment) for pupil, value, comment in Mark.objects.values_list("pupil", "value", "comment")}


def test_a_remark_is_written_with_a_mark_or_to_one_that_stands(lesson, room):
    make_mark(room.book, room.other, value="4", date=room.lesson.date)
    pair = (room.pupil, "", "5", "", " Лучшая   работа "), (room.other, "4", "4", "", "Списал")
    assert lesson.post(*pair).status_code == 302
    assert remarks() == {room.pupil.pk: ("5", "Лучшая работа"), room.other.pk: ("4", "Списал")}
    assert list(CellChange.objects.order_by("pk").values_list("became", "comment")) == [
        ("5", "Лучшая работа"), ("4", "Списал"),
    ]  # fmt: skip
    text = lesson.text()
    assert "<summary>Лучшая работа</summary>" in text
    assert f'name="d-{room.other.pk}-1" value="Списал"' in text


def test_what_was_left_alone_is_not_written_again_whatever_others_wrote_meanwhile(lesson, room):
    mark = make_mark(room.book, room.pupil, value="4", date=room.lesson.date, comment="Списал")
    Mark.objects.filter(pk=mark.pk).update(comment="Исправился")
    answer = lesson.post((room.pupil, "4", "4", "Списал", "Списал"))
    assert (answer.status_code, remarks()) == (302, {room.pupil.pk: ("4", "Исправился")})
    assert CellChange.objects.count() == 0
    # Cleared: the remark goes, the mark stays.
    lesson.post((room.pupil, "4", "4", "Исправился", ""))
    assert remarks() == {room.pupil.pk: ("4", "")}


def test_a_remark_without_a_mark_or_too_long_is_refused_and_stays_in_the_form(lesson, room):
    answer = lesson.post((room.pupil, "", "", "", "Забыл тетрадь"), (room.other, "", "5", "", "я" * 301))
    text = " ".join(answer.content.decode().split())
    assert (answer.status_code, remarks()) == (200, {})
    assert "я" * 301 in text
    answer = lesson.post((room.pupil, "", "", "", "Забыл тетрадь"))
    text = " ".join(answer.content.decode().split())
    assert "Замечание пишут к отметке: здесь её нет." in text
    assert "<summary>Забыл тетрадь</summary>" in text


def test_a_remark_to_a_mark_that_has_changed_does_not_bring_the_old_mark_back(lesson, room):
    make_mark(room.book, room.pupil, value="2", date=room.lesson.date)
    answer = lesson.post((room.pupil, "4", "4", "", "Молодец"))
    text = " ".join(answer.content.decode().split())
    assert "теперь в ней «2»" in text
    assert f'name="m-{room.pupil.pk}-1" value="2"' in text
    assert "<summary>Молодец</summary>" in text
    assert remarks() == {room.pupil.pk: ("2", "")}


def test_who_only_reads_sees_the_remark_and_has_no_field_for_it(lesson, room):
    make_mark(room.book, room.pupil, value="2", date=room.lesson.date, comment="Не готов <b>")
    sign_in(lesson.client, make_employee(position="director"))
    assert f'name="c-{room.pupil.pk}-1"' in lesson.text()
    sign_in(lesson.client, make_employee(position="class_teacher", school_class=room.school_class))
    text = lesson.text()
    assert '<span class="remark">Не готов &lt;b&gt;</span>' in text
    assert f'name="c-{room.pupil.pk}-1"' not in text


def test_the_list_of_thirty_stays_light(lesson, room):
    make_pupils(28, school_class=room.school_class)
    text = lesson.client.get(lesson.page).content
    assert text.count(b"<details") >= 30
    assert len(text) < 80_000


def test_two_remarks_to_one_mark_the_second_is_shown_both(lesson, room):
    """The mark is what both saw; who wrote first stands in the words and in the next try."""
    make_mark(room.book, room.pupil, value="4", date=room.lesson.date)
    lesson.post((room.pupil, "4", "4", "", "Списал"))
    answer = lesson.post((room.pupil, "4", "4", "", "Лучшая работа"))
    text = " ".join(answer.content.decode().split())
    assert "Пока вы писали замечание, его изменили: теперь там «Списал» (Белова" in text
    assert "<summary>Лучшая работа</summary>" in text
    assert f'name="d-{room.pupil.pk}-1" value="Списал"' in text
    assert (answer.status_code, remarks()) == (200, {room.pupil.pk: ("4", "Списал")})
    # Sent once more, the own one stands; the same words twice are no quarrel.
    assert lesson.post((room.pupil, "4", "4", "Списал", "Лучшая работа")).status_code == 302
    assert lesson.post((room.pupil, "4", "4", "", "Лучшая  работа")).status_code == 302
    assert remarks() == {room.pupil.pk: ("4", "Лучшая работа")}
    # One that is taken away meanwhile is said to be gone.
    lesson.post((room.pupil, "4", "4", "Лучшая работа", ""))
    answer = lesson.post((room.pupil, "4", "4", "Лучшая работа", "Лучшая в классе"))
    assert "Пока вы писали замечание, его убрали (Белова" in answer.content.decode()


def test_the_grid_sends_the_remark_that_it_showed(lesson, room):
    """A page that does not say what it showed is taken as before."""
    make_mark(room.book, room.pupil, value="4", date=room.lesson.date, comment="Списал")
    cell = [room.lesson.pk, 1, room.pupil.pk, "4", "4"]

    def save(*remark: str) -> tuple[str, str]:
        [found] = lesson.client.post(
            f"/journal/gradebooks/{room.book.pk}/cells/", {"cells": json.dumps([[*cell, *remark]])}
        ).json()["cells"]
        return found["state"], found["comment"]

    assert save("Молодец", "") == ("stale", "Списал")
    assert save("Молодец", "Списал") == ("saved", "Молодец")
    assert save("Молодец", "") == ("same", "Молодец")
    assert save("Исправился") == ("saved", "Исправился")
    broken = {"cells": json.dumps([[*cell, "Молодец", 5]])}
    assert lesson.client.post(f"/journal/gradebooks/{room.book.pk}/cells/", broken).status_code == 400
