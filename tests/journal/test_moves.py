"""A lesson that was moved goes back in one step, from either side, with what is written (1.3 b, 7.2)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notification
from eios.lib import russian
from journal import changes, rights
from journal.actions import changes as actions
from journal.actions import lessons
from journal.changes import Place
from journal.models import DayChange, Homework, Lesson
from tests.factories import make_employee, make_pupil, sign_in
from tests.journal.factories import make_mark
from tests.journal.test_changes import COMMAND, DAY, WHY, Week

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]


@pytest.fixture
def week(site):
    week = Week()
    week.place, week.tuesday = Place(week.book, week.monday, 1), week.monday + DAY
    lessons.generate(week.book, week.monday, week.tuesday, by=COMMAND)
    return week


def moved(week, date, number, **more) -> list[DayChange]:
    """Both halves, the one that fell out first."""
    actions.move(week.place, Place(week.book, date, number), seen=week.seen(week.place), **WHY | more)
    return list(DayChange.objects.order_by("moved_from"))


@pytest.mark.parametrize("side", [0, 1])
def test_either_side_takes_the_whole_move_back(week, side):
    before, day = week.rows(), changes.day_of(week.year, week.monday)
    halves = moved(week, week.tuesday, 5, teacher=week.sub)
    assert rights.teaches(week.sub, week.book, week.tuesday)
    week.withdraw(halves[side])
    assert (week.rows(), changes.day_of(week.year, week.monday)) == (before, day)
    assert not DayChange.objects.exists()
    assert not rights.teaches(week.sub, week.book, week.tuesday)
    told = {one.person: one.text for one in Notification.objects.order_by("pk")}
    when = f"{russian.short_date(week.monday)}, 1-й урок"
    assert told[week.teacher].startswith(f"Перенос снят: урок снова {when}, ")
    assert told[week.sub].startswith("Замена снята: ")


def test_within_a_day_all_that_is_written_comes_along(week):
    lesson = week.book.lessons.get(date=week.monday)
    [*_, there] = moved(week, week.monday, 5)
    Lesson.objects.filter(pk=lesson.pk).update(subject_matter="Степени")
    mark = make_mark(week.book, make_pupil(school_class=week.one), date=week.monday, slot=lesson.slot)
    week.withdraw(there)
    lesson.refresh_from_db()
    mark.refresh_from_db()
    assert (lesson.number, lesson.subject_matter, mark.slot) == (1, "Степени", lesson.slot)


def test_what_was_written_on_another_day_keeps_the_move(week):
    halves = moved(week, week.tuesday, 5)
    lesson = week.book.lessons.get(date=week.tuesday, number=5)
    Homework.objects.create(lesson=lesson, text="§ 5")
    make_mark(week.book, make_pupil(school_class=week.one), date=week.tuesday, slot=lesson.slot)
    before = week.rows()
    for half in halves:
        with pytest.raises(ValidationError, match="уже есть: отметки, домашнее задание. Пусть учитель"):
            week.withdraw(half)
    assert (week.rows(), DayChange.objects.count()) == (before, 2)
    assert Homework.objects.get().lesson == lesson


def test_a_lesson_moved_twice_goes_back_to_where_it_was_first(week):
    moved(week, week.tuesday, 5)
    again, last = Place(week.book, week.tuesday, 5), week.tuesday + DAY
    actions.move(again, Place(week.book, last, 6), seen=week.seen(again), **WHY)
    fallen, there = DayChange.objects.order_by("date")
    assert (there.moved_from, there.date, there.reason.startswith(fallen.reason[:8])) == (fallen, last, True)
    assert fallen.reason.startswith(f"Перенос на {russian.short_date(last)}, 6-й урок")
    assert there.reason.startswith(f"Перенос с {russian.short_date(week.monday)}, 1-й урок")
    week.withdraw(there)
    assert not DayChange.objects.exists()
    # Days that have been touched have their lessons of the week.
    assert [row[:2] for row in week.rows()] == [(week.monday, 1), (week.tuesday, 1), (last, 1)]


def test_a_place_that_is_taken_by_now_is_named_and_nothing_goes(week):
    [fallen, there] = moved(week, week.tuesday, 5)
    busy = Place(week.second, week.tuesday + DAY, 2)
    actions.move(busy, Place(week.second, week.monday, 1), seen=week.seen(busy), **WHY)
    with pytest.raises(ValidationError, match="у класса два урока сразу"):
        week.withdraw(there)
    assert DayChange.objects.filter(pk__in=[fallen.pk, there.pk]).count() == 2


def test_the_page_says_both_places_and_asks_once(week, client):
    [fallen, there] = moved(week, week.tuesday, 5)
    sign_in(client, make_employee(position="deputy"))
    pages = [f"/journal/changes/{one.pk}/withdraw/" for one in (fallen, there)]
    for page in pages:
        text = client.get(page).content.decode()
        assert f"Было {week.monday:%d.%m.%Y}, 1-й урок, стало {week.tuesday:%d.%m.%Y}, 5-й урок" in text.replace(
            "\N{NON-BREAKING HYPHEN}", "-"
        )
    # Somebody gives the moved lesson to another meanwhile: the page that was opened before is refused.
    seen = client.get(pages[0]).context["form"]["seen"].value()
    place = Place(week.book, week.tuesday, 5)
    actions.replace(place, teacher=week.sub, seen=week.seen(place), **WHY)
    assert "этот урок изменили" in client.post(pages[0], {"seen": seen}).content.decode()
    seen = client.get(pages[0]).context["form"]["seen"].value()
    assert client.post(pages[0], {"seen": seen}).status_code == 302
    assert not DayChange.objects.exists()
