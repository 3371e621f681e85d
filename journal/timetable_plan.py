"""What a file of the week's timetable means, row by row: found, not found, twice in one place (6.2). Reads only."""

import datetime
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

from accounts.models import AcademicYear, SchoolClass, User
from eios.lib import tables
from eios.lib.tables import Heading, Layout, TableError
from journal import timetable_wide
from journal.editions import clashes
from journal.load_plan import Known, key_of
from journal.models import Gradebook, Room, Subgroup, TeachingLoad, TimetableLine, Weekday
from journal.models.timetables import LAST_NUMBER
from journal.plan_rows import PlanRow
from resources.models import Subject

MOST_ROWS = 4000
Week = TimetableLine.Week
LAYOUT = Layout(
    (
        Heading("school_class", "Класс", ("классы",)),
        Heading("weekday", "День", ("день недели",)),
        Heading("number", "Урок", ("№ урока", "номер урока", "№")),
        Heading("subject", "Предмет", ("учебный предмет", "дисциплина")),
        Heading("subgroup", "Подгруппа", ("группа",)),
        Heading("teacher", "Учитель", ("фио учителя", "преподаватель", "педагог")),
        Heading("room", "Кабинет", ("каб.", "каб", "аудитория", "место")),
        Heading("week", "Недели", ("неделя", "чётность", "четность")),
    ),
    needs=(("school_class", "weekday", "number", "subject"),),
)
_DAYS = {day.label[:2]: day for day in Weekday} | {"пн": 0, "вт": 1, "ср": 2, "чт": 3, "пт": 4, "сб": 5}
_WEEKS = {"": Week.EVERY, "каж": Week.EVERY, "все": Week.EVERY, "неч": Week.ODD, "чет": Week.EVEN, "чёт": Week.EVEN}


@dataclass
class Item(PlanRow):
    """A row of the file; `line` is what it will be, None where it is not understood."""

    line: TimetableLine | None = None
    clashes: bool = False

    @property
    def has_new_room(self) -> bool:
        return bool(self.line and self.line.room and not self.line.room.pk)

    @property
    def where(self) -> str:
        """«строке 6», in the table of the wall «строке 6, столбце 7Б»."""
        column = f", столбце {self.row.title('school_class')}" if "cell" in self.row.values else ""
        return f"строке {self.row.number}{column}"

    @property
    def typed(self) -> str:
        """What the file says of a lesson that is not understood."""
        words = (self.row.text(key) for key in ("school_class", "subject", "weekday", "number"))
        return ", ".join(filter(None, words)) or "пустая строка"


@dataclass
class Plan:
    """`rooms`: those that the school has not got yet and that are to be made; `unknown`: columns passed over."""

    items: list[Item]
    rooms: list[Room]
    unknown: list[str]
    sha256: str

    @property
    def wrong(self) -> list[Item]:
        return [one for one in self.items if one.remarks]

    @property
    def lines(self) -> list[TimetableLine]:
        return [one.line for one in self.items if one.line is not None]

    @property
    def has_clashes(self) -> bool:
        return any(one.clashes for one in self.items)

    @property
    def shown(self) -> list[Item]:
        """What is to be mended; else all, lessons in new rooms first."""
        return self.wrong or sorted(self.items, key=lambda one: not one.has_new_room)

    @property
    def mark(self) -> str:
        told = [f"{one.row.number}{bool(one.remarks)}{one.line and one.line.gradebook_id}" for one in self.items]
        return hashlib.sha256("|".join([self.sha256, *told, *(room.name for room in self.rooms)]).encode()).hexdigest()


def read_rows(data: bytes) -> tables.Table:
    """Located rows of the file, one a lesson, whichever of the two forms it has. Raises TableError with what is wrong
    and where."""
    table = _located(tables.read(data))
    if not table.rows:
        raise TableError("Под заголовками нет ни одной строки.")
    if len(table.rows) > MOST_ROWS:
        raise TableError(f"В файле больше {MOST_ROWS} уроков: это больше недели целой школы.")
    return table


def _located(sheets: list) -> tables.Table:
    try:
        return tables.locate(sheets, LAYOUT)
    except TableError as error:
        hour = (one for one in LAYOUT.headings if one.key in ("weekday", "number"))
        wide = timetable_wide.rows_of(sheets, *hour, MOST_ROWS)
        if wide is None:
            raise TableError(f"{error} Или таблица со стены: «День», «Урок» и по столбцу на класс («7А»).") from error
        return wide


def plan_of(data: bytes, year: AcademicYear, starts: datetime.date) -> Plan:
    """The plan of a file for an edition that begins on the day; a dozen queries for any number of rows. Raises
    TableError."""
    table = read_rows(data)
    known = _Known(year, starts)
    items = [_item(row, known) for row in table.rows]
    _blame_clashes(items)
    made = {
        id(one.room): one.room for one in (item.line for item in items if item.line) if one.room and not one.room.pk
    }
    return Plan(items, list(made.values()), table.unknown, hashlib.sha256(data).hexdigest())


class _Known(Known):
    """And rooms, and who teaches what on the edition's first day."""

    def __init__(self, year: AcademicYear, starts: datetime.date):
        super().__init__(year, starts)
        self.rooms = {one.name.casefold(): one for one in Room.objects.all()}
        loads = TeachingLoad.objects.on(starts).filter(gradebook__school_class__year=year, replaces=None)
        self.taught = {one.gradebook_id: one.teacher for one in loads.select_related("teacher").order_by("-pk")}
        self.groups: dict[tuple[int, int], list[Subgroup]] = defaultdict(list)
        for group in self.subgroups.values():
            self.groups[group.school_class_id, group.subject_id].append(group)

    def person(self, name: str, login: str = "") -> User:
        """A file of the week has no logins. Raises ValueError."""
        found = self.people.get(key_of(name), [])
        if len(found) > 1:
            names = "; ".join(sorted(one.get_full_name() for one in found))
            raise ValueError(f"«{name[:60]}» — не один человек. Напишите имя и отчество целиком: {names}.")
        return super().person(name, login)

    def has_subject(self, text: str) -> bool:
        try:
            self.subject(text)
        except ValueError:
            return False
        return True

    def group_names(self, school_class: str, subject: str) -> list[str]:
        """Of the class's subgroups in the subject, both as the file calls them; none where it means nothing."""
        try:
            key = self.school_class(school_class).pk, self.subject(subject).pk
        except ValueError:
            return []
        return [one.name for one in self.groups.get(key, ())]

    def lesson_book(
        self, school_class: SchoolClass, subject: Subject, subgroup: str, teacher: User | None
    ) -> Gradebook:
        """A subject in subgroups is taught in them: without a name it is the one that the teacher has in the load.
        Raises ValueError."""
        groups = self.groups.get((school_class.pk, subject.pk), ())
        if groups and not subgroup:
            books = [self.books.get((school_class.pk, subject.pk, group.pk)) for group in groups]
            own = [one for one in books if one and teacher and self.taught.get(one.pk) == teacher]
            if len(own) != 1:
                names = ", ".join(sorted(one.name for one in groups))
                raise ValueError(f"этот предмет ведут по подгруппам: укажите, какая ({names}).")
            return own[0]
        return self.book(school_class, subject, subgroup)[0]

    def room(self, text: str) -> Room | None:
        name = " ".join(text.split())
        if not name:
            return None
        if len(name) > Room._meta.get_field("name").max_length:
            raise ValueError(f"слишком длинное название: «{name[:30]}…».")
        return self.rooms.setdefault(name.casefold(), Room(name=name))


def _item(row: tables.Row, known: _Known) -> Item:
    """The row with all its mistakes at once."""
    if "cell" in row.values:
        row = _told(row, known)
    item = Item(row)
    school_class = item.tried("school_class", lambda: known.school_class(row.text("school_class")))
    subject = item.tried("subject", lambda: known.subject(row.text("subject")))
    weekday = item.tried("weekday", lambda: _weekday(row.text("weekday")))
    number = item.tried("number", lambda: _number(row.text("number")))
    week = item.tried("week", lambda: _week(row.text("week")))
    room = item.tried("room", lambda: known.room(row.text("room")))
    teacher = None
    if row.text("teacher"):
        teacher = item.tried("teacher", lambda: known.person(row.text("teacher")))
    book = None
    if school_class and subject:
        book = item.tried("subgroup", lambda: known.lesson_book(school_class, subject, row.text("subgroup"), teacher))
        if book and book.pk is None:
            item.blame("журнала класса по этому предмету нет: сначала откройте его по учебному плану.", "subject")
    if not item.remarks:
        item.line = TimetableLine(
            gradebook=book, weekday=weekday, number=number, week=week, room=room,
            teacher=teacher or known.taught.get(book.pk),
        )  # fmt: skip
    return item


def _told(row: tables.Row, known: _Known) -> tables.Row:
    return timetable_wide.told(
        row, known.has_subject, lambda subject: known.group_names(row.text("school_class"), subject)
    )  # fmt: skip


def _weekday(text: str) -> int:
    found = _DAYS.get(text.strip().casefold()[:2])
    if found is None and text.strip().isascii() and text.strip().isdigit():
        found = int(text) - 1 if 1 <= int(text) <= len(Weekday) else None
    if found is None:
        raise ValueError(f"день — от понедельника до субботы, а написано «{text[:20]}».")
    return int(found)


def _number(text: str) -> int:
    clean = text.strip().rstrip(".")
    if not (clean.isascii() and clean.isdigit() and int(clean[:4]) <= LAST_NUMBER):
        raise ValueError(f"урок — число от 0 до {LAST_NUMBER}, а написано «{text[:20]}».")
    return int(clean)


def _week(text: str) -> str:
    found = _WEEKS.get(text.strip().casefold()[:3])
    if found is None:
        raise ValueError(f"недели — «каждая», «нечётная» или «чётная», а написано «{text[:20]}».")
    return found


def _blame_clashes(items: list[Item]) -> None:
    """Twice the same, or a class, a teacher, a room in two places."""
    row_of = {id(item.line): item for item in items if item.line}
    seen: Counter = Counter()
    for item in row_of.values():
        line = item.line
        key = (line.gradebook_id, line.weekday, line.number, line.week)
        if seen[key]:
            item.blame("этот урок уже есть в файле.")
        seen[key] += 1
    for clash in clashes([item.line for item in row_of.values()]):
        one, other = row_of[id(clash.one)], row_of[id(clash.other)]
        for blamed, same in ((one, other), (other, one)):
            blamed.clashes = True
            blamed.blame(f"{clash.what}: то же время, что в {same.where} ({same.line.gradebook}).")
