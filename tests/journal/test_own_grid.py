"""The grid of a gradebook kept here: size, queries, who reads it, departed pupils, a plain form, a switch (7.2)."""

import datetime
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from journal import cells, diary_cells, grid, scales
from journal.models import Absence, CellChange, Gradebook, Mark
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_pupils, sign_in
from tests.journal.factories import make_absence, make_lesson, make_mark, make_result, make_terms, school_day
from tests.journal.test_cells import Room

DAY = datetime.timedelta(days=1)
WEIGHTS = st.sampled_from([Decimal(1), Decimal("1.5"), Decimal(3)])
MARKS = st.lists(st.tuples(st.integers(2, 5), WEIGHTS), max_size=30)


@given(MARKS, st.randoms())
def test_an_average_lies_within_the_scale_whatever_the_order(marks, rng):
    found = scales.average(marks)
    assert (found is None) == (not marks)
    if marks:
        assert min(marks)[0] <= found <= max(marks)[0]
    rng.shuffle(marks)
    assert scales.average(marks) == found


@pytest.fixture
def room(site):
    return Room()


def page_of(room: Room) -> str:
    return f"/journal/gradebooks/{room.book.pk}/?period=0"


@pytest.mark.django_db
def test_thirty_pupils_and_sixty_lessons_are_nine_queries_and_light(room, client):
    sign_in(client, room.teacher)
    counts = []
    for number in (0, 60):
        for shift in range(number):
            lesson = make_lesson(room.book, date=school_day() - (1 + shift // 2) * DAY, slot=1 + shift % 2, works=[1])
            make_mark(room.book, room.pupil, date=lesson.date, slot=lesson.slot)
        if number:
            make_pupils(28, school_class=room.school_class)
        client.get(page_of(room))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page_of(room))
        counts.append(len(asked))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 9
    assert answer.content.count(b"<tr data-p") == 30
    assert len(answer.content) <= 200_000


@pytest.mark.django_db
def test_an_average_softly_proposes_a_result_until_there_is_one(room, client):
    make_terms(room.school_class.year)
    lesson = make_lesson(room.book, date=room.school_class.year.starts + 7 * DAY, works=[1])
    for place, value in enumerate("544", 1):
        make_mark(room.book, room.pupil, value=value, date=lesson.date, slot=lesson.slot, place=place)
    sign_in(client, room.teacher)
    offered = 'title="предложение по среднему 4,33" aria-label="4, предложение по среднему 4,33">(4)</td>'
    assert offered in client.get(page_of(room)).content.decode()
    sign_in(client, make_employee(position="deputy"))
    assert "предложение по среднему" in client.get(page_of(room)).content.decode()
    sign_in(client, room.teacher)
    make_result(room.book, room.pupil, kind="term", number=1, value="5", average=None)
    text = client.get(page_of(room)).content.decode()
    row = text[text.index(f'data-p="{room.pupil.pk}"') :].split("</tr>")[0]
    assert ('<td class="result">5</td>' in row, "предложение" in row) == (True, False)


@pytest.mark.django_db
def test_a_saved_mark_answers_with_what_the_average_proposes_now(room, client):
    """As a reload of the page would show it: of the terms within the shown days, and of the year where all of it is."""
    year, lesson = room.school_class.year, room.lesson
    room.calendar.entries.all().delete()
    for name, starts, ends in (("I", year.starts, lesson.date), ("II", lesson.date + DAY, year.ends)):
        room.calendar.entries.create(kind="term", name=name, starts=starts, ends=ends)
    make_mark(room.book, room.pupil, value="2", date=lesson.date + DAY)
    make_result(room.book, room.other, kind="year", number=0, value="5", average=None)
    sign_in(client, room.teacher)

    def save(was: str, value: str, period: int) -> dict:
        cell = json.dumps([[lesson.pk, 1, room.pupil.pk, was, value]])
        page = f"/journal/gradebooks/{room.book.pk}/cells/"
        answer = client.post(page, {"cells": cell, "period": period}).json()
        assert [one["state"] for one in answer["cells"]] == ["saved"]
        return answer["sums"][str(room.pupil.pk)]["offers"]

    def shown(period: int) -> dict:
        text = client.get(f"/journal/gradebooks/{room.book.pk}/?period={period}").content.decode()
        heads = re.findall(r'data-r="([^"]+)"', text)
        row = text[text.index(f'data-p="{room.pupil.pk}"') :].split("</tr>")[0]
        cells = re.findall(r'<td class="result[^>]*>([^<]*)</td>', row)
        return dict(zip(heads, cells, strict=True))

    for was, value, period in (("", "5", 0), ("5", "4", 1), ("4", "3", 0), ("3", "", 0), ("", "4", 1)):
        told = save(was, value, period)
        page = shown(period)
        assert {name: one["text"] if one else "" for name, one in told.items()} == {name: page[name] for name in told}
        assert set(told) == ({"term-1", "term-2", "year-0"} if period == 0 else {f"term-{period}"})
        assert all(page[name] == "" for name in set(page) - set(told))
    assert save("4", "5", 0)["year-0"] == {"mark": "4", "text": "(4)", "words": "предложение по среднему 3,50"}


@pytest.mark.django_db
def test_who_does_not_see_the_gradebook_is_refused_every_way_to_it(room, client):
    room.put("5")
    pages = [
        f"/journal/gradebooks/{room.book.pk}/", f"/journal/gradebooks/{room.book.pk}/export/",
        f"/journal/lessons/{room.lesson.pk}/marks/", f"/journal/gradebooks/{room.book.pk}/history/",
        f"/journal/gradebooks/{room.book.pk}/history/export/", f"/journal/gradebooks/{room.book.pk}/paper/",
    ]  # fmt: skip
    data = {f"m-{room.pupil.pk}-1": "2", f"w-{room.pupil.pk}-1": "5"}
    wanted = {"cells": json.dumps([[room.lesson.pk, 1, room.pupil.pk, "5", "2"]])}
    other = make_employee(position="class_teacher", school_class=make_class(grade=9))
    for person in (make_employee(), other, room.pupil, make_parent(child=room.pupil)):
        sign_in(client, person)
        for page in pages:
            assert client.get(page).status_code in (403, 404)
        assert client.post(pages[2], data).status_code in (403, 404)
        assert client.post(f"/journal/gradebooks/{room.book.pk}/cells/", wanted).status_code in (403, 404)
    assert Mark.objects.get().value == "5"
    sign_in(client, room.teacher)
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)


@pytest.mark.django_db
def test_what_people_wrote_is_escaped_and_departed_pupils_keep_their_marks(room, client):
    gone = make_pupil(school_class=room.school_class, surname="Яблоков", ends=room.lesson.date - DAY)
    make_lesson(room.book, date=room.lesson.date - 7 * DAY, subject_matter="<b>")
    make_mark(room.book, gone, value="3", date=room.lesson.date - 7 * DAY, comment='"><script>x</script>')
    sign_in(client, room.teacher)
    text = client.get(page_of(room)).content.decode()
    assert "<script>x" not in text
    row = text[text.index(f'data-p="{gone.pk}"') :].split("</tr>")[0]
    assert ">3<" in row
    assert "до " in row
    assert 'class="x out' in row


@pytest.mark.django_db
def test_the_plain_form_saves_what_fits_and_shows_both_of_what_changed(room, client):
    third = make_pupil(school_class=room.school_class, surname="Гусев")
    make_mark(room.book, room.other, value="4", date=room.lesson.date)
    page = f"/journal/lessons/{room.lesson.pk}/marks/"
    sign_in(client, room.teacher)
    data = {}
    for pupil, was, value in ((room.pupil, "", "5"), (room.other, "", "3"), (third, "", "9")):
        data |= {f"m-{pupil.pk}-1": value, f"w-{pupil.pk}-1": was}
    answer = client.post(page, data)
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "теперь в ней «4»" in text
    assert "сюда не ставят" in text
    assert f'name="m-{third.pk}-1" value="9"' in text
    assert dict(Mark.objects.values_list("pupil", "value")) == {room.pupil.pk: "5", room.other.pk: "4"}
    # The second try starts from what was shown, and wins.
    again = {f"m-{room.other.pk}-1": "3", f"w-{room.other.pk}-1": "4"}
    assert client.post(page, again).status_code == 302
    assert Mark.objects.get(pupil=room.other).value == "3"


@pytest.mark.django_db
def test_undoing_restores_and_switching_loses_nothing(room, client):
    mirrored = school_day() - 3 * DAY
    make_mark(room.book, room.pupil, value="4", date=mirrored)
    make_absence(room.book, room.other, code="ill", date=mirrored)
    for was, value in (("", "5"), ("5", "н"), ("н", "5"), ("5", "")):
        assert room.put(value, was).state == "saved"
    room.put("3")
    before = [list(model.objects.order_by("pk").values()) for model in (Mark, Absence, CellChange)]
    sign_in(client, room.teacher)
    shown = client.get(page_of(room)).content.decode()
    for kept in ("elsewhere", "here"):
        Gradebook.objects.update(kept=kept)
        assert client.get(page_of(room)).status_code == 200
        assert client.get(f"/journal/gradebooks/{room.book.pk}/export/?period=0").status_code == 200
    assert [list(model.objects.order_by("pk").values()) for model in (Mark, Absence, CellChange)] == before
    back = client.get(page_of(room)).content.decode()
    assert (
        back[back.index("<tbody>") : back.index("</tbody>")] == shown[shown.index("<tbody>") : shown.index("</tbody>")]
    )
    # A day without a lesson is shown, and takes nothing.
    assert "Урока в этот день нет" in back


def test_a_weight_of_ten_is_written_as_people_write_it():
    given = grid.GivenMark(1, datetime.date(2026, 10, 12), 1, "5", 5, Decimal("10.00"))
    made = grid.build([grid.Pupil(1, "Абаев Пётр")], [given], [], {}, [], reasons=False)
    assert "5<small>×10</small>" in cells.body(made)
    assert "5<small>×10</small>" in diary_cells._mark("5", Decimal("10.00"), "")


@pytest.mark.django_db
def test_the_number_of_a_lesson_is_said_where_its_day_has_another(room, client):
    day, only = room.lesson.date - 7 * DAY, room.lesson.date - 14 * DAY
    for slot, number in ((1, 2), (2, 5)):
        make_lesson(room.book, date=day, slot=slot, number=number)
    make_lesson(room.book, date=only, number=3, works=[1, 3])
    sign_in(client, room.teacher)
    text = client.get(f"/journal/gradebooks/{room.book.pk}/?period=0").content.decode()
    assert f'data-w="{day:%d.%m}, урок 2"' in text
    assert f'data-w="{day:%d.%m}, урок 5"' in text
    assert f'data-w="{only:%d.%m}"' in text
    assert f'data-w="{only:%d.%m}, вес 3"' in text
