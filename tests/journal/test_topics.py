"""Topics laid over lessons; the plan against what was given (1.3 b, 2.2)."""

from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from eios.lib.dates import today
from journal import lessons, plan_fact, topic_order
from journal.actions import lessons as actions
from journal.models import (
    Gradebook,
    Lesson,
)
from tests.factories import make_class, make_programme, sign_in
from tests.journal.factories import (
    make_gradebook,
    make_lesson,
    make_line,
    make_timetable,
)
from tests.journal.lesson_room import DAY, WEEK, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


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
