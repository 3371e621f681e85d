"""Who hears of a changed day: the substitute, whose lesson it is, who was substitute before; nobody else (1.3 b)."""

import pytest

from accounts.actor import Actor
from accounts.models import Notification, OutgoingLetter
from eios.lib import russian
from journal.actions import changes as actions
from journal.actions import load
from journal.changes import CHANGED, Place
from tests.factories import make_employee, sign_in
from tests.journal.test_changes import COMMAND, DAY, WHY, Week

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]


@pytest.fixture
def week(site):
    return Week()


@pytest.fixture
def heard():
    """What has come since it was asked last: surname → texts."""
    seen = set()

    def ask() -> dict[str, list[str]]:
        found = {}
        for one in (
            Notification.objects.filter(kind=CHANGED).exclude(pk__in=seen).select_related("person").order_by("pk")
        ):
            seen.add(one.pk)
            found.setdefault(one.person.surname, []).append(one.text)
        return found

    return ask


def at(place: Place, room: str) -> str:
    return f"{russian.short_date(place.date)}, {place.number}-й урок, {place.gradebook}, {room}"


def test_the_substitute_and_whose_lesson_it_is_hear_of_each_step(week, heard):
    place = Place(week.book, week.monday, 1)
    teacher = week.teacher.surname
    usual = f"По расписанию урок ведёт {week.teacher.initials}"
    change = actions.replace(place, teacher=week.sub, seen=week.seen(place), **WHY)
    assert heard() == {
        teacher: [f"Ваш урок даст {week.sub.initials}: {at(place, 'каб. 214')}."],
        "Громова": [f"Вы на замене: {at(place, 'каб. 214')}. {usual}"],
    }
    # Another room, the same people: only who gives the lesson goes there.
    actions.replace(place, teacher=week.sub, room=week.gym, seen=week.seen(place), **WHY)
    assert heard() == {"Громова": [f"Урок в другом кабинете: {at(place, 'зал')}. {usual}"]}
    again = make_employee(surname="Яшин", name="Олег")
    actions.replace(place, teacher=again, seen=week.seen(place), **WHY)
    assert heard() == {
        "Громова": [f"Замена снята: {at(place, 'каб. 214')}."],
        "Яшин": [f"Вы на замене: {at(place, 'каб. 214')}. {usual}"],
        teacher: [f"Ваш урок даст {again.initials}: {at(place, 'каб. 214')}."],
    }
    change.refresh_from_db()
    week.withdraw(change)
    assert heard() == {
        "Яшин": [f"Замена снята: {at(place, 'каб. 214')}."],
        teacher: [f"Урок снова ваш: {at(place, 'каб. 214')}."],
    }
    # Named a second time, one hears of it a second time.
    actions.replace(place, teacher=week.sub, seen=week.seen(place), **WHY)
    assert set(heard()) == {teacher, "Громова"}
    actions.cancel(place, seen=week.seen(place), **WHY)
    words = f"Урок отменён: {at(place, 'каб. 214')}."
    assert heard() == {teacher: [words], "Громова": [words]}


def test_a_moved_lesson_and_one_that_is_put_in_are_told_to_who_gives_them(week, heard):
    place, to = Place(week.book, week.monday, 1), Place(week.book, week.monday, 4)
    teacher, day = week.teacher.surname, russian.short_date(week.monday)
    actions.move(place, to, seen=week.seen(place), **WHY)
    assert heard() == {teacher: [f"Урок перенесён: {at(place, 'каб. 214')} — на {day}, 4-й урок, каб. 214."]}
    third = to._replace(number=5)
    actions.move(to, third, teacher=week.sub, seen=week.seen(to), **WHY)
    assert heard() == {
        teacher: [f"Урок перенесён: {at(to, 'каб. 214')} — на {day}, 5-й урок, каб. 214. Его даст {week.sub.initials}"],
        "Громова": [f"Вы на замене: {at(third, 'каб. 214')}."],
    }
    actions.add(place._replace(number=7), room=week.gym, **WHY)
    assert heard() == {teacher: [f"Вам поставлен урок: {at(place._replace(number=7), 'зал')}."]}


def test_why_is_not_told_letters_name_nobody_and_who_did_it_hears_nothing(week, heard, client):
    week.sub.email = "sub@example.org"
    week.sub.save()
    place = Place(week.book, week.monday, 1)
    by = Actor(week.teacher, None, week.teacher.username)
    actions.replace(place, teacher=week.sub, seen=week.seen(place), reason="Болезнь учителя", by=by)
    told = heard()
    assert list(told) == ["Громова"]
    assert "Болезнь" not in str(told)
    letter = OutgoingLetter.objects.get(person=week.sub)
    assert week.teacher.surname not in letter.subject + letter.body
    # The line leads to the own week, where the lesson stands.
    note = Notification.objects.get(person=week.sub)
    sign_in(client, week.sub)
    page = client.get(note.url)
    assert page.status_code == 200
    assert "Алгебра" in page.content.decode()


@pytest.mark.clause("7.2")
def test_a_replacement_for_some_days_is_told_once_with_its_days_and_lessons(week, heard, client):
    """Both read the lessons in their own weeks, where the line leads; why is not told."""
    row = week.book.loads.get(teacher=week.teacher)
    last = week.monday + 2 * DAY
    day = Place(week.book, week.monday + DAY, 1)
    actions.cancel(day, seen=week.seen(day), **WHY)
    heard()
    made = load.replace_teacher(row, week.sub, week.monday, last, by=COMMAND, basis="Больничный лист")
    span = f"{week.book}, с {russian.short_date(week.monday)} по {russian.short_date(last)}"
    lessons = f"{week.monday:%d.%m} — 1-й урок; {last:%d.%m} — 1-й урок"
    assert heard() == {
        "Громова": [f"Вы на замене: {span}: {lessons}. По нагрузке ведёт {week.teacher.initials}"],
        week.teacher.surname: [f"Ваши уроки даст {week.sub.initials}: {span}: {lessons}."],
    }
    for person in (week.sub, week.teacher):
        sign_in(client, person)
        text = client.get(Notification.objects.filter(person=person).latest("pk").url).content.decode()
        assert text.count(f"Даёт {week.sub.initials}, по нагрузке ведёт {week.teacher.initials}") == 2
    # Shorter by a day; then somebody else.
    load.end_load(made, week.monday, by=COMMAND)
    assert heard()["Громова"][0].startswith(f"Вы на замене: {week.book}, {russian.short_date(week.monday)}: ")
    made.refresh_from_db()
    made.teacher = week.physicist
    load.save_load(made, by=COMMAND)
    told = heard()
    assert told["Громова"] == [f"Замена снята: {week.book}, {russian.short_date(week.monday)}."]
    assert set(told) == {"Громова", "Орлов", week.teacher.surname}
    # The load's own line is nobody's replacement.
    row.starts = week.year.starts
    load.save_load(row, by=COMMAND)
    assert heard() == {}
