"""Rules of entry: windows as the clock moves, openings, asking for them, who may what (7.2)."""

import datetime
import json

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Notification, User
from eios.lib.dates import today
from journal import entry, unposted
from journal.actions import cells as cells_of
from journal.entries import Entry
from journal.models import CellChange, EntryOpening, EntryRules, Gradebook, Mark
from tests.factories import make_class, make_document, make_employee, make_parent, make_subject, sign_in
from tests.journal.attesting import make_council
from tests.journal.factories import make_gradebook, make_lesson, make_load, make_terms, school_day
from tests.journal.test_cells import DAY, Room

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]
ADD = "/journal/entry/openings/add/"


class Hall(Room):
    """The room with a lesson of a week ago, closed by now, a deputy and another teacher; `ask` asks as a person."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.deputy = make_employee(position="deputy", surname="Кузьмина")
        self.stranger = make_employee(surname="Зайцева")
        EntryRules.objects.create(year=self.school_class.year, lesson_days=3)
        self.past = make_lesson(self.book, date=school_day() - 7 * DAY)

    def ask(self, person: User, address: str, data: dict | None = None):
        sign_in(self.client, User.objects.get(pk=person.pk))
        return self.client.get(address) if data is None else self.client.post(address, data)

    def days(self, **more) -> dict:
        return {"starts": self.past.date, "ends": self.past.date, "reason": "Болел", **more}

    def enters(self) -> str:
        cells = json.dumps([[self.past.pk, 1, self.pupil.pk, "", "5"]])
        page = f"/journal/gradebooks/{self.book.pk}/cells/"
        return self.ask(self.teacher, page, {"cells": cells}).json()["cells"][0]["state"]

    def notes(self, person: User) -> list[tuple[str, str]]:
        return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", "url"))


@pytest.fixture
def hall(client, site):
    return Hall(client)


def test_windows_close_as_the_clock_moves():
    school_class, teacher = make_class(grade=7), make_employee()
    make_terms(school_class.year)
    book = make_gradebook(school_class=school_class, kept="here")
    rules = EntryRules.objects.create(year=school_class.year)
    first = school_class.year.starts.year

    def closed(lesson: tuple[int, int], now: tuple[int, int]) -> str:
        found = Gradebook.objects.select_related("school_class__year__entry_rules").get(pk=book.pk)
        door = entry.door_of(found, teacher, datetime.date(first, *now))
        return door.closed(datetime.date(first, *lesson)).removesuffix(entry.WHO_OPENS).strip()

    late = "После урока прошло больше 14 дней."
    over = f"1-я четверть: ввод закрыт с 28.10.{first}."
    assert [closed((10, 10), now) for now in ((10, 24), (10, 25), (10, 27), (10, 28))] == ["", late, late, over]
    assert [closed((10, 20), now) for now in ((10, 27), (10, 28))] == ["", over]
    rules.lesson_days = None
    rules.save()
    assert [closed((9, 2), now) for now in ((10, 27), (10, 28))] == ["", over]
    rules.term_days = 0
    rules.save()
    assert [closed((9, 2), now) for now in ((10, 24), (10, 25))] == ["", f"1-я четверть: ввод закрыт с 25.10.{first}."]
    council = make_council(school_class, number=1, state="frozen")
    assert closed((10, 20), (10, 21)) == "Журнал закрыт к педсовету."
    days = {"starts": datetime.date(first, 10, 20), "ends": datetime.date(first, 10, 21)}
    book.openings.create(**days, until=datetime.date(first, 11, 5), reason="Курсы")
    assert [closed((10, 20), now) for now in ((11, 5), (11, 6))] == ["", "Журнал закрыт к педсовету."]
    assert closed((10, 22), (10, 23)) == "Журнал закрыт к педсовету."
    council.delete()


def test_the_deputy_sets_the_rules_and_names_the_act(hall):
    act = make_document(title="Порядок ведения журнала")
    page = "/journal/entry/change/"
    assert hall.ask(hall.teacher, page).status_code == 404
    assert hall.ask(hall.teacher, page, {"term_days": 5}).status_code == 404
    assert hall.ask(hall.deputy, page, {"lesson_days": "", "term_days": "5", "act": act.pk}).status_code == 302
    assert list(EntryRules.objects.values_list("lesson_days", "term_days", "act")) == [(None, 5, act.pk)]
    answer = hall.ask(hall.deputy, page, {"lesson_days": "999", "term_days": "-1", "act": "0"})
    assert set(answer.context["form"].errors) == {"lesson_days", "term_days", "act"}
    stale = hall.ask(hall.deputy, page, {"lesson_days": "7", "term_days": "1", "seen": "другое"})
    assert "Пока вы правили" in str(stale.context["form"].non_field_errors())
    shown = hall.ask(hall.teacher, "/journal/entry/").content.decode()
    assert ("через 5 дней" in shown, f"/documents/{act.pk}/" in shown, "Открыть журнал" in shown) == (True, True, False)
    assert list(AuditEntry.objects.filter(action__startswith="entry_rules").values_list("action", flat=True)) == [
        "entry_rules.changed"
    ]


def test_a_gradebook_is_opened_tells_its_teacher_and_is_closed_early(hall):
    assert hall.enters() == "refused"
    given = hall.days(gradebook=hall.book.pk, until=today())
    for person in (hall.teacher, hall.stranger):
        assert hall.ask(person, ADD, given).status_code == 404
    assert hall.ask(hall.deputy, ADD, given).status_code == 302
    opening = EntryOpening.objects.get()
    assert (opening.gradebook, opening.starts, opening.until, opening.opened_by) == (
        hall.book, hall.past.date, today(), hall.deputy,
    )  # fmt: skip
    assert hall.notes(hall.teacher) == [("entry-opened", f"/journal/gradebooks/{hall.book.pk}/")]
    again = hall.ask(hall.deputy, ADD, given)
    assert "уже открыты" in str(again.context["form"].non_field_errors())
    assert hall.enters() == "saved"
    close = f"/journal/entry/openings/{opening.pk}/close/"
    assert hall.ask(hall.teacher, close, {}).status_code == 404
    assert hall.ask(hall.deputy, close).status_code == 200
    hall.ask(hall.deputy, close, {})
    opening.refresh_from_db()
    assert opening.until == today() - DAY
    Mark.objects.all().delete()
    assert hall.enters() == "refused"
    trail = AuditEntry.objects.filter(action__startswith="entry_opening").order_by("pk")
    assert list(trail.values_list("action", "basis")) == [
        ("entry_opening.added", "Болел"), ("entry_opening.closed", "Болел"),
    ]  # fmt: skip


def test_a_class_or_a_teacher_is_opened_at_once_but_no_mirror(hall):
    second = make_gradebook(school_class=hall.school_class, subject=make_subject("Химия"), kept="here")
    mirror = make_gradebook(school_class=hall.school_class, subject=make_subject("Физика"))
    make_load(hall.teacher, mirror)
    hall.ask(hall.deputy, ADD, hall.days(school_class=hall.school_class.pk, until=today()))
    assert set(EntryOpening.objects.values_list("gradebook", flat=True)) == {hall.book.pk, second.pk}
    hall.ask(hall.deputy, ADD, hall.days(teacher=hall.teacher.pk, until=today() + DAY))
    assert EntryOpening.objects.filter(until=today() + DAY).get().gradebook == hall.book
    wrong = [
        ({"gradebook": mirror.pk, "until": today()}, "gradebook"),
        ({"until": today()}, "__all__"),
        ({"gradebook": hall.book.pk, "teacher": hall.teacher.pk, "until": today()}, "__all__"),
        ({"gradebook": hall.book.pk, "until": today() - DAY}, "until"),
        ({"gradebook": hall.book.pk, "until": today(), "starts": hall.past.date + DAY}, "ends"),
        ({"gradebook": hall.book.pk, "until": today(), "starts": "1800-01-01"}, "starts"),
        ({"gradebook": hall.book.pk, "until": "9999-99-99"}, "until"),
        ({"gradebook": "9" * 30, "until": today()}, "gradebook"),
    ]
    for more, field in wrong:
        answer = hall.ask(hall.deputy, ADD, hall.days(**more))
        assert (more, set(answer.context["form"].errors)) == (more, {field})
    assert EntryOpening.objects.count() == 3


def test_a_teacher_asks_once_and_the_deputy_opens_in_one_click(hall):
    page = f"/journal/gradebooks/{hall.book.pk}/ask/"
    for shown in (f"lessons/{hall.past.pk}/", f"lessons/{hall.past.pk}/marks/", f"gradebooks/{hall.book.pk}/?period=0"):
        assert page in hall.ask(hall.teacher, f"/journal/{shown}").content.decode()
    for person in (hall.stranger, make_parent(child=hall.pupil), hall.deputy, hall.pupil):
        assert hall.ask(person, page, hall.days()).status_code in (403, 404)
    assert hall.ask(hall.teacher, page, hall.days()).status_code == 302
    again = hall.ask(hall.teacher, page, hall.days())
    assert "уже попросили" in str(again.context["form"].non_field_errors())
    for more, field in (
        ({"starts": school_day(), "ends": school_day()}, "starts"),  # open anyway
        ({"ends": today() + DAY}, "ends"),
        ({"starts": hall.past.date + DAY}, "ends"),
        ({"starts": hall.past.date - 90 * DAY}, "ends"),
        ({"reason": ""}, "reason"),
    ):
        answer = hall.ask(hall.teacher, page, hall.days(**more))
        assert (more, set(answer.context["form"].errors)) == (more, {field})
    [(kind, url)] = hall.notes(hall.deputy)
    assert kind == "entry-asked"
    assert hall.notes(hall.stranger) == []
    filled = hall.ask(hall.deputy, url).context["form"].initial
    assert {name: filled[name] for name in ("gradebook", "starts", "reason")} == {
        "gradebook": hall.book.pk, "starts": hall.past.date, "reason": "Болел",
    }  # fmt: skip
    assert [one.url for one in hall.ask(hall.deputy, "/journal/entry/").context["requests"]] == [url]
    assert hall.ask(hall.teacher, "/journal/entry/").context["requests"] == []
    hall.ask(hall.deputy, url, hall.days(gradebook=hall.book.pk, until=today()))
    assert hall.ask(hall.deputy, "/journal/entry/").context["requests"] == []
    assert hall.enters() == "saved"
    director = make_employee(position="director")
    assert hall.notes(director) == []
    Gradebook.objects.update(kept="elsewhere")
    assert hall.ask(hall.teacher, page).status_code == 404


def test_who_gave_a_lesson_asks_to_open_its_day_and_no_other(hall):
    """The substitute's closed lesson is no dead end; the rest of the gradebook stays the teacher's."""
    gave, day = hall.stranger, hall.past.date
    make_load(gave, hall.book, starts=day, ends=day, replaces=hall.teacher)
    page = f"/journal/gradebooks/{hall.book.pk}/ask/?starts={day}&ends={day}"
    assert page.replace("&", "&amp;") in hall.ask(gave, f"/journal/lessons/{hall.past.pk}/marks/").content.decode()
    for other in (page.split("?")[0], page.replace(str(day), str(day - DAY))):
        assert hall.ask(gave, other, hall.days()).status_code == 404
    for more in ({"starts": day - DAY}, {"ends": day + DAY}):
        assert set(hall.ask(gave, page, hall.days(**more)).context["form"].errors) == {"starts"}
    assert hall.ask(gave, page).status_code == 200
    answer = hall.ask(gave, page, hall.days())
    assert (answer.status_code, answer.url) == (302, f"/journal/timetable/?date={day}")
    [(kind, url)] = hall.notes(hall.deputy)
    assert kind == "entry-asked"
    hall.ask(hall.deputy, url, hall.days(gradebook=hall.book.pk, until=today()))
    assert hall.notes(gave) == [("entry-opened", f"/journal/timetable/?date={day}")]
    assert hall.notes(hall.teacher) == [("entry-opened", f"/journal/gradebooks/{hall.book.pk}/")]
    assert hall.ask(gave, f"/journal/lessons/{hall.past.pk}/marks/").context["shut"] == ""


def test_nobody_asks_without_end(hall):
    page = f"/journal/gradebooks/{hall.book.pk}/ask/"
    for ahead in range(11):
        answer = hall.ask(hall.teacher, page, hall.days(starts=hall.past.date - ahead * DAY))
    assert "10 раз" in str(answer.context["form"].non_field_errors())
    assert len(hall.notes(hall.deputy)) == 10


def test_nonsense_in_addresses_is_passed_over(hall):
    for person, address in (
        (hall.deputy, f"{ADD}?gradebook=x&starts=32.13.2026&asked=9&ends=0000-00-00"),
        (hall.deputy, f"{ADD}?gradebook={2**63}&asked=1&starts=2026-11-01&ends=2026-11-01"),
        (hall.deputy, "/journal/entry/?year=x&page=99"),
        (hall.deputy, "/journal/entry/late/?year=9&by=x&starts=x&page=0"),
        (hall.teacher, f"/journal/gradebooks/{hall.book.pk}/history/?pupil=x&date=1&slot=-1&place=9999&late=1"),
        (hall.teacher, f"/journal/gradebooks/{hall.book.pk}/ask/?starts=x"),
        (hall.teacher, "/journal/unposted/?kind=x&teacher=x&page=x"),
        (hall.deputy, f"/journal/classes/{hall.school_class.pk}/absences/?week=0001-01-01&pupil=x&day=9"),
    ):
        assert (address, hall.ask(person, address).status_code) == (address, 200)


def test_who_was_named_for_a_day_enters_its_lesson_and_no_other(hall):
    gave, last = hall.stranger, school_day()
    day = last - (3 if last.weekday() == 0 else 1) * DAY
    given, other = make_lesson(hall.book, date=day, number=2), hall.past
    hall.lesson.delete()
    make_load(gave, hall.book, starts=day, ends=day, replaces=hall.teacher)
    names = {"lesson": f"/journal/lessons/{given.pk}/", "marks": f"/journal/lessons/{given.pk}/marks/"}

    def statuses(person: User) -> list[int]:
        pages = [f"/journal/lessons/{other.pk}/", f"/journal/lessons/{other.pk}/marks/"]
        pages += [f"/journal/gradebooks/{hall.book.pk}/", f"/journal/gradebooks/{hall.book.pk}/history/"]
        pages += [f"/journal/gradebooks/{hall.book.pk}/lessons/", f"/journal/lessons/{given.pk}/remove/"]
        return [hall.ask(person, one).status_code for one in (*names.values(), *pages)]

    assert statuses(gave) == [200, 200] + [404] * 6
    assert statuses(hall.teacher) == [200] * 8
    assert statuses(make_employee()) == [404] * 8
    shown = hall.ask(gave, names["marks"])
    [field] = [one.fields for _, cells in shown.context["rows"][:1] for one in cells]
    assert hall.ask(gave, names["marks"], {field.mark.html_name: "5", field.was.html_name: ""}).status_code == 302
    change = CellChange.objects.get()
    assert (change.by, change.became, change.reason, change.date) == (gave, "5", "", day)
    # The cell of another day, by the page of the grid and by the lesson's own form.
    cells = json.dumps([[other.pk, 1, hall.pupil.pk, "", "2"]])
    assert hall.ask(gave, f"/journal/gradebooks/{hall.book.pk}/cells/", {"cells": cells}).status_code == 404
    door = entry.door_of(hall.book, gave, today(), day=day)
    assert cells_of.enter(door, [Entry(other.pk, 1, hall.pupil.pk, "", "2")], by=Actor(gave, None, ""))[0].message == (
        entry.NOT_GIVEN
    )
    # Both are told of what is not filled in: who is replaced keeps the own right.
    for person, found in ((gave, {given}), (hall.teacher, {given, other})):
        assert set(unposted.waiting_for(person.pk, today())) == found
    listed = hall.ask(gave, "/journal/unposted/").context
    assert ([one.lesson for one, _ in listed["rows"]], listed["few"]) == ([given.pk], [])
    # The windows are those of everybody.
    EntryRules.objects.update(lesson_days=0)
    assert "прошло больше" in hall.ask(gave, names["marks"]).context["shut"]
    assert cells_of.enter(
        entry.door_of(Gradebook.objects.get(pk=hall.book.pk), gave, today(), day=day),
        [Entry(given.pk, 1, hall.pupil.pk, "5", "2")], by=Actor(gave, None, ""),
    )[0].state == "refused"  # fmt: skip
