"""The week's timetable: what clashes, odd and even weeks, editions by day, a file, putting in force (6.2)."""

import datetime
import io
import itertools

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import AuditEntry
from eios.lib.dates import today
from eios.lib.tables import Row
from journal import conflicts, timetable_wide, timetables
from journal.actions import timetables as actions
from journal.conflicts import Placed, What
from journal.models import Lesson, Room, Subgroup, Timetable, TimetableLine
from journal.timetable_plan import plan_of
from tests.factories import make_class, make_employee, make_pupil, make_subject, sign_in
from tests.journal.factories import make_gradebook, make_lesson, make_line, make_load, make_open_year, make_timetable

COMMAND = Actor.command("tests")
DAY = datetime.timedelta(days=1)
small = st.integers(1, 2)
LINES = st.lists(
    st.builds(
        Placed, key=st.integers(1, 10**6), weekday=st.just(0), number=small,
        week=st.sampled_from(["every", "odd", "even"]),
        gradebook=small, school_class=small, subgroup=st.one_of(st.none(), small), subject=small,
        teacher=st.one_of(st.none(), small), room=st.one_of(st.none(), small), is_shared=st.booleans(),
    ),
    max_size=5, unique_by=lambda one: one.key,
)  # fmt: skip


def clash(one: Placed, other: Placed) -> set[What]:
    """The rule once more, told in another way."""
    found = set()
    if one.number != other.number or {one.week, other.week} == {"odd", "even"}:
        return found
    if one.school_class == other.school_class and (
        None in (one.subgroup, other.subgroup) or one.subgroup == other.subgroup
    ):
        found.add(What.CLASS)
    teacher = one.teacher is not None and one.teacher == other.teacher
    room = one.room is not None and one.room == other.room
    together = teacher and one.subject == other.subject
    if teacher and not (together and room):
        found.add(What.TEACHER)
    if room and not together and not (one.is_shared and other.is_shared):
        found.add(What.ROOM)
    return found


@settings(deadline=None)
@given(st.text(alphabet="Алг ебра1()[],;/.«»№\nчётн-", max_size=40))
def test_any_cell_of_the_wall_is_taken_apart(text):
    row = timetable_wide.told(Row(1, "", {"cell": text}, {}), lambda name: name.strip() == "Алг", lambda name: ["1"])
    assert "cell" in row.values
    assert set(row.values) >= {"subject", "week"}


# Eleven fields a line are slow to draw on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LINES)
def test_conflicts_are_those_of_every_pair(lines):
    expected = {
        (frozenset((one.key, other.key)), what)
        for one, other in itertools.combinations(lines, 2)
        for what in clash(one, other)
    }
    assert {(frozenset((one.one.key, one.other.key)), one.what) for one in conflicts.conflicts(lines)} == expected


class School:
    """Two classes of a year whose every day is a day of lessons but the weekends, and a draft."""

    def __init__(self):
        self.one, self.other = make_class(grade=7), make_class(grade=7, letter="Б")
        self.year = self.one.year
        make_open_year(self.year)
        self.algebra, self.physics = make_subject(name="Алгебра"), make_subject(name="Физика")
        self.book = make_gradebook(school_class=self.one, subject=self.algebra, kept="here")
        self.second = make_gradebook(school_class=self.one, subject=self.physics)
        self.foreign = make_gradebook(school_class=self.other, subject=self.algebra)
        self.teacher = make_employee(surname="Белова", name="Ирина", patronymic="Петровна")
        for book in (self.book, self.foreign):
            make_load(self.teacher, book)
        self.draft = make_timetable(self.year, state="draft")
        self.deputy = make_employee(position="deputy")


@pytest.fixture
def school(site):
    return School()


def test_lessons_of_days_follow_editions_weeks_and_changes(school):
    make_line(school.draft, school.book, weekday=0, number=1)
    make_line(school.draft, school.second, weekday=0, number=2, week="odd")
    Timetable.objects.update(state="in_force")
    monday = school.year.starts + (7 - school.year.starts.weekday()) % 7 * DAY + 7 * DAY
    later = make_timetable(school.year, starts=monday + 14 * DAY)
    make_line(later, school.second, weekday=0, number=5)
    gone = {"date": monday, "number": 1}
    school.book.day_changes.create(**gone, kind="cancelled", reason="Линейка")
    school.second.day_changes.create(date=monday, number=7, kind="added")
    found = timetables.planned(school.year, monday, monday + 20 * DAY)
    odd = timetables.is_odd_week(school.year.starts, monday)
    assert [(one.date, one.number, one.gradebook, one.change) for one in found] == [
        *([(monday, 2, school.second.pk, "")] if odd else []),
        (monday, 7, school.second.pk, "added"),
        (monday + 7 * DAY, 1, school.book.pk, ""),
        *([] if odd else [(monday + 7 * DAY, 2, school.second.pk, "")]),
        (monday + 14 * DAY, 5, school.second.pk, ""),
    ]
    assert timetables.with_fallen(school.year, monday, monday)[0].reason == "Линейка"


def test_a_line_gets_its_teacher_by_the_load_and_an_edition_in_force_takes_no_clash(school):
    row = actions.save_line(
        TimetableLine(timetable=school.draft, gradebook=school.book, weekday=1, number=3), by=COMMAND
    )
    assert row.teacher == school.teacher
    other = TimetableLine(timetable=school.draft, gradebook=school.foreign, weekday=1, number=3)
    actions.save_line(other, by=COMMAND)
    lines = list(school.draft.lines.all())
    with pytest.raises(ValidationError, match="накладки"):
        actions.put_in_force(school.draft, seen=actions.mark_of(lines), by=COMMAND)
    actions.remove_line(other, by=COMMAND)
    with pytest.raises(ValidationError, match="изменилось"):
        actions.put_in_force(school.draft, seen=actions.mark_of(lines), by=COMMAND)
    actions.put_in_force(school.draft, seen=actions.mark_of([row]), by=COMMAND)
    again = TimetableLine(timetable=school.draft, gradebook=school.second, weekday=1, number=3)
    with pytest.raises(ValidationError, match="у класса два урока"):
        actions.save_line(again, by=COMMAND)
    told = AuditEntry.objects.filter(action__startswith="timetable").order_by("pk").values_list("action", flat=True)
    assert list(told) == [
        "timetable_line.added", "timetable_line.added", "timetable_line.deleted", "timetable.put_in_force",
    ]  # fmt: skip


def test_lessons_to_come_follow_a_new_edition_and_written_ones_stay(school):
    day = today() + DAY
    day += (7 - day.weekday()) % 7 * DAY
    written = make_lesson(school.book, date=day, subject_matter="Степени")
    empty = make_lesson(school.book, date=day + DAY)
    make_line(school.draft, school.book, weekday=2, number=4)
    actions.put_in_force(school.draft, seen=actions.mark_of(list(school.draft.lines.all())), by=COMMAND)
    kept = set(Lesson.objects.values_list("pk", flat=True))
    assert written.pk in kept
    assert empty.pk not in kept


def book_of(*rows) -> bytes:
    return workbook(["Класс", "День", "Урок", "Предмет", "Учитель", "Каб.", "Недели"], *rows)


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_file_says_what_is_wrong_by_row_and_column_and_fills_nothing(school):
    Room.objects.create(name="214")
    data = book_of(
        ["7А", "понедельник", 1, "Алгебра", "Белова Ирина Петровна", "214", ""],
        ["7Б", "пн", 1, "Алгебра", "", "301", "каждая"],
        ["7В", "вт", 2, "Алгебра", "", "", ""],
        ["7А", "воскресенье", 99, "Черчение", "Никто Никто", "", "иногда"],
        ["7А", "пн", 1, "Физика", "", "214", ""],
    )
    plan = plan_of(data, school.year, school.draft.starts)
    told = {one.row.number: " ".join(" ".join(one.remarks).split()) for one in plan.items}
    assert "учитель на двух уроках сразу (Белова И. П.): то же время, что в строке 3 (7 «Б», Алгебра)" in told[2]
    assert "у класса два урока сразу: то же время, что в строке 6" in told[2]
    assert "в кабинете два урока сразу (214)" in told[6]
    assert "Столбец «Класс»" in told[4]
    for title in ("День", "Урок", "Предмет", "Учитель", "Недели"):
        assert f"Столбец «{title}»" in told[5]
    assert [room.name for room in plan.rooms] == ["301"]
    assert (plan.has_clashes, [one.row.number for one in plan.shown]) == (True, [2, 3, 4, 5, 6])
    assert not TimetableLine.objects.exists()


def test_a_file_with_mistakes_shows_them_alone_and_what_may_have_been_meant(school, client):
    make_employee(surname="Белова", name="Инна", patronymic="Павловна")
    sign_in(client, school.deputy)
    page = f"/journal/timetables/{school.draft.pk}/import/"

    def text(data: bytes) -> str:
        answer = client.post(page, {"file": SimpleUploadedFile("неделя.xlsx", data)}, follow=True)
        return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")

    rows = ["7А", "пн", 1, "Алгебра", "", "401", ""], ["7А", "пн", 2, "Физика", "", "", ""]
    shown = text(book_of(*rows, ["7А", "пн", 3, "Алгебро", "Белова Ирина Петрвна", "", ""]))
    assert "Похоже на «Алгебра»." in shown
    assert "Похоже на «Белова Ирина Петровна»." in shown
    assert "Этих кабинетов ещё нет: <b>401</b>" in shown
    assert "Физика, понедельник" not in shown
    # Two of one name: the file has no logins, and is not told to have them.
    shown = text(book_of(*rows, ["7А", "пн", 3, "Алгебра", "Белова И. П.", "", ""]))
    assert "Напишите имя и отчество целиком: Белова Инна Павловна; Белова Ирина Петровна." in shown
    # The table of the wall names the column too.
    wall = workbook(["День", "Урок", "7А", "7Б"], ["пн", 1, *["Алгебра (Белова Ирина Петровна)"] * 2])
    assert "то же время, что в строке 2, столбце 7Б" in text(wall)
    assert "Или таблица со стены: «День», «Урок» и по столбцу на класс" in text(workbook(["ФИО", "Отметка"], ["А", 5]))


def test_a_teacher_without_the_load_is_pointed_at(school, client):
    """Such a teacher can't fill the lesson in."""
    make_line(school.draft, school.second, weekday=2, number=3, teacher=school.teacher)
    make_line(school.draft, school.book, weekday=2, number=4, teacher=school.teacher)
    sign_in(client, school.deputy)
    answer = client.get(f"/journal/timetables/{school.draft.pk}/")
    assert [one.gradebook for one in answer.context["strangers"]] == [school.second]
    assert "Учитель не&nbsp;из&nbsp;нагрузки: 1" in answer.content.decode()


def test_the_deputy_fills_a_draft_from_a_file_and_takes_it_out_again(school, client):
    sign_in(client, school.deputy)
    page = f"/journal/timetables/{school.draft.pk}/"
    data = book_of(["7А", "пн", 1, "Алгебра", "", "301", ""], ["7А", 2, 2, "Физика", "", "", "чётная"])
    upload = SimpleUploadedFile("неделя.xlsx", data)
    answer = client.post(f"{page}import/", {"file": upload}, follow=True)
    preview = answer.redirect_chain[-1][0]
    form = answer.context["confirm"]
    assert "они появятся: <b>301</b>" in answer.content.decode()
    client.post(preview, {"seen": form.initial["seen"]})
    assert list(school.draft.lines.values_list("weekday", "number", "week", "room__name").order_by("weekday")) == [
        (0, 1, "every", "301"), (1, 2, "even", None),
    ]  # fmt: skip
    saved = client.get(f"{page}export/").content
    book = openpyxl.load_workbook(io.BytesIO(saved))
    del book["Список"]
    book.save(stream := io.BytesIO())
    for data in (saved, stream.getvalue()):
        again = plan_of(data, school.year, school.draft.starts)
        assert not again.wrong
        found = [(one.gradebook, one.weekday, one.number, one.week, str(one.room)) for one in again.lines]
        assert found == [(school.book, 0, 1, "every", "301"), (school.second, 1, 2, "even", "None")]


def test_the_week_of_a_class_is_edited_by_the_deputy_alone(school, client):
    group = Subgroup.objects.create(school_class=school.one, subject=school.algebra, name="1-я")
    sub = make_gradebook(school_class=school.one, subject=school.algebra, subgroup=group)
    page = f"/journal/timetables/{school.draft.pk}/classes/{school.one.pk}/add/"
    data = {"weekday": 0, "number": 1, "gradebook": sub.pk, "week": "every", "teacher": "", "room": "", "seen": ""}
    for person in (school.teacher, make_pupil(school_class=school.one)):
        sign_in(client, person)
        for address in (page, f"/journal/timetables/{school.draft.pk}/force/", "/journal/timetables/"):
            assert client.post(address, data).status_code in (403, 404, 405)
    assert not TimetableLine.objects.exists()
    sign_in(client, school.deputy)
    whole = client.post(page, data | {"gradebook": school.book.pk})
    assert whole.status_code == 200  # a subject in subgroups is taught in its subgroups
    assert client.post(page, data).status_code == 302
    (row,) = TimetableLine.objects.all()
    shown = client.get(f"/journal/timetables/{school.draft.pk}/classes/{school.one.pk}/").content.decode()
    assert "1-я" in shown
    assert client.post(f"/journal/timetables/lines/{row.pk}/remove/").status_code == 302
    assert not TimetableLine.objects.exists()


def test_queries_do_not_grow(school, client, django_assert_num_queries):
    sign_in(client, school.deputy)
    pages = [
        f"/journal/timetables/{school.draft.pk}/",
        f"/journal/timetables/{school.draft.pk}/classes/{school.one.pk}/",
        f"/journal/timetables/{school.draft.pk}/classes/{school.one.pk}/add/?weekday=0&number=1",
        f"/journal/timetables/{school.draft.pk}/force/",
        f"/journal/timetables/{school.draft.pk}/export/",
    ]
    make_line(make_timetable(school.year), school.foreign, number=8)

    def grow(number: int) -> None:
        subject = make_subject(f"Предмет {number}")
        book = make_gradebook(school_class=school.one, subject=subject)
        make_load(make_employee(), book, hours=2)
        make_line(
            school.draft, book, weekday=number % 5, number=1 + number % 8, room=Room.objects.create(name=f"{number}")
        )

    grow(0)
    counts = []
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    for number in range(1, 30):
        grow(number)
    for page, count in zip(pages, counts, strict=True):
        with django_assert_num_queries(count, info=page):
            client.get(page)


def wall(*rows, head=("День", "№", "7А", "7 «Б»")) -> bytes:
    book = openpyxl.Workbook()
    for row in (["Расписание уроков"], head, *rows):
        book.active.append(row)
    book.active.merge_cells("A3:A4")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_table_of_the_wall_is_a_file_too(school):
    labour = make_subject(name="Труд (технология)")
    made = make_gradebook(school_class=school.one, subject=labour)
    groups = [Subgroup.objects.create(school_class=school.one, subject=school.physics, name=name) for name in "12"]
    books = [make_gradebook(school_class=school.one, subject=school.physics, subgroup=one) for one in groups]
    make_load(school.teacher, books[1])
    Room.objects.create(name="214")
    data = wall(
        ["Понедельник", 1, "Алгебра (Белова И. П.) каб. 214", "—"],
        [None, 2, "Труд (технология) (Белова И.П.) Мастерская", None],
        ["Вторник", 3, "Физика, 1 каб. 214 нечёт.\nФизика (Белова И. П.) 301", None],
        ["Вторник", 4, None, "Алгебра, чётн."],
    )
    plan = plan_of(data, school.year, school.draft.starts)
    assert [one.remarks for one in plan.items] == [[], [], [], [], []]
    told = [
        (str(one.gradebook), one.weekday, one.number, one.week, one.teacher, one.room and one.room.name)
        for one in plan.lines
    ]
    teacher = school.teacher
    assert told == [
        (str(school.book), 0, 1, "every", teacher, "214"),
        (str(made), 0, 2, "every", teacher, "Мастерская"),
        (str(books[0]), 1, 3, "odd", None, "214"),
        (str(books[1]), 1, 3, "every", teacher, "301"),
        (str(school.foreign), 1, 4, "even", teacher, None),
    ]


def test_mistakes_of_the_wall_are_told_by_row_and_class(school):
    group = Subgroup.objects.create(school_class=school.one, subject=school.physics, name="первая")
    make_gradebook(school_class=school.one, subject=school.physics, subgroup=group)
    data = wall(
        ["Понедельник", 1, "Алхимия (Белова И. П.)", "Алгебра (Никто Н. Н.) 214"],
        [None, 2, "Физика 214", "Алгебра (Белова И. П.) (214)"],
        ["Завтра", "третий", "Алгебра", None],
    )
    told = [" ".join(one.remarks) for one in plan_of(data, school.year, school.draft.starts).items]
    assert "Столбец «7А»: предмета «Алхимия» нет" in told[0]
    assert "Столбец «7 «Б»»: работника «Никто Н. Н.» нет" in told[1]
    assert "Столбец «7А»: этот предмет ведут по подгруппам: укажите, какая (первая)" in told[2]
    assert "Столбец «7 «Б»»: предмета «Алгебра (Белова И. П.) (214)» нет" in told[3]
    assert "Столбец «День»" in told[4]
    assert "Столбец «№»" in told[4]


def test_an_empty_draft_gives_the_load_to_be_filled_in(school, client):
    sign_in(client, school.deputy)
    data = client.get(f"/journal/timetables/{school.draft.pk}/export/").content
    rows = [[cell.value or "" for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]
    asked = [row for row in rows if row[0] in ("7А", "7Б")]
    name = school.teacher.get_full_name()
    assert asked == [[one, "", "", "Алгебра", "", name, "", ""] for one in ["7А"] * 3 + ["7Б"] * 3]


def test_the_deputy_sees_who_is_busy_what_is_left_and_what_changes(school, client):
    sign_in(client, school.deputy)
    room, gym = Room.objects.create(name="214"), Room.objects.create(name="Зал", is_shared=True)
    make_line(school.draft, school.foreign, teacher=school.teacher, room=room)
    make_line(school.draft, school.second, room=gym)
    page = f"/journal/timetables/{school.draft.pk}/classes/{school.one.pk}/"
    asked = client.get(f"{page}add/?weekday=0&number=1").content.decode().replace("\xa0", " ")
    assert "214 — занято: 7 «Б»" in asked
    assert f"{school.teacher.get_full_name()} — занято: 7 «Б»" in asked
    assert "Зал — занято" not in asked
    for hour in ("weekday=1&number=1", "weekday=x&number=²", ""):
        assert "— занято" not in client.get(f"{page}add/?{hour}").content.decode()
    assert "стоит 0 из&nbsp;3" in client.get(page).content.decode()
    before = make_timetable(school.year)
    make_line(before, school.foreign, teacher=school.teacher)
    make_line(before, school.book, number=5)
    Timetable.objects.filter(pk=school.draft.pk).update(starts=school.year.starts + DAY)
    told = client.get(f"/journal/timetables/{school.draft.pk}/force/").content.decode().replace("\xa0", " ")
    assert "уроков добавится: 1, исчезнет: 1, сменят учителя или кабинет: 1." in told
    assert "Меняется у классов: 7 «А», 7 «Б»." in told
    assert ("Этот день уже прошёл" in told) == (school.year.starts + DAY < today())
    taken = client.post(f"/journal/timetables/add/?year={school.year.pk}", {"starts": before.starts, "like": before.pk})
    assert "С этого дня уже действует другое расписание" in taken.content.decode()
    assert Timetable.objects.count() == 2
