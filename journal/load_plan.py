"""What a file of the teaching load would change, row by row; the same plan is previewed and applied (1.3 b).

A line is known by teacher, gradebook and first day. What the file does not name stays as it is; columns that it has not
got change nothing.
"""

import datetime
import difflib
import enum
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from accounts.models import AcademicYear, SchoolClass, User
from accounts.models.school import parse_class_name
from accounts.staff import employed
from eios.lib import russian, search, tables
from eios.lib.tables import TableError, values
from journal import decisions
from journal.load_columns import LAYOUT
from journal.models import Gradebook, Subgroup, TeachingLoad
from journal.plan_rows import PlanRow
from resources.curricula import words_of
from resources.models import Subject

MOST_ROWS = 3000
MOST_HOURS = 40
FIELDS = {"hours": "часов", "ends": "по", "replaces": "заменяет"}


class Outcome(enum.Enum):
    """What becomes of a row; the value says it on screen."""

    NEW = "новая"
    CHANGED = "изменится"
    SAME = "без изменений"
    ERROR = "ошибка"

    @property
    def kind(self) -> str:
        return {"NEW": "ok", "CHANGED": "info", "SAME": "", "ERROR": "no"}[self.name]


@dataclass
class Item(PlanRow):
    """A row of the file; `load` is what will be stored, `before` its fields as they are now; None for a new one."""

    load: TeachingLoad | None = None
    before: dict | None = None
    opens_book: bool = False

    @property
    def teacher_typed(self) -> str:
        return self.row.text("teacher") or self.row.text("login")

    @property
    def outcome(self) -> Outcome:
        if self.remarks:
            return Outcome.ERROR
        if self.before is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(what, was, becomes) of a known line."""
        if not self.before or self.load is None:
            return []
        now = fields_of(self.load)
        return [(title, _words(self.before[key]), _words(now[key])) for key, title in FIELDS.items()
                if self.before[key] != now[key]]  # fmt: skip


def fields_of(load: TeachingLoad) -> dict:
    return {"hours": load.hours, "ends": load.ends, "replaces": load.replaces if load.replaces_id else None}


def _words(value) -> str:
    if value is None:
        return "пусто"
    if isinstance(value, Decimal):
        return words_of(value) or "0"
    return russian.short_date(value) if isinstance(value, datetime.date) else str(value)


@dataclass
class Plan:
    """Every row of the file; `unknown`: titles of columns that are passed over."""

    year: AcademicYear
    items: list[Item]
    unknown: list[str]
    sha256: str

    def count(self, outcome: Outcome) -> int:
        return sum(one.outcome == outcome for one in self.items)

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        return [(one, self.count(one)) for one in Outcome]

    @property
    def has_errors(self) -> bool:
        return self.count(Outcome.ERROR) > 0

    @property
    def can_be_applied(self) -> bool:
        return not self.has_errors and self.count(Outcome.SAME) < len(self.items)

    @property
    def new_books(self) -> list[Gradebook]:
        """Gradebooks that are to be opened for the rows, each once."""
        found = {id(one.load.gradebook): one.load.gradebook for one in self.items if one.opens_book and one.load}
        return list(found.values())

    @property
    def ordered(self) -> list[Item]:
        """Mistakes first, then what changes, then the rest."""
        order = [Outcome.ERROR, Outcome.CHANGED, Outcome.NEW, Outcome.SAME]
        return sorted(self.items, key=lambda one: order.index(one.outcome))

    @property
    def mark(self) -> str:
        """The same as long as the file and its consequences are; confirming sends back the mark that was seen."""
        told = [f"{one.row.number}{one.outcome.name}{one.opens_book}{one.changes}" for one in self.items]
        return hashlib.sha256("|".join([str(self.year.pk), self.sha256, *told]).encode()).hexdigest()


def read_rows(data: bytes) -> tables.Table:
    """Located rows of a load's file. Raises TableError with what is wrong and where."""
    table = tables.locate(tables.read(data), LAYOUT)
    if not table.rows:
        raise TableError("Под заголовками нет ни одной строки.")
    if len(table.rows) > MOST_ROWS:
        raise TableError(f"В файле больше {MOST_ROWS} строк: загрузите нагрузку частями.")
    return table


def plan_of(data: bytes, year: AcademicYear, date: datetime.date) -> Plan:
    """The plan of a file for a year; seven queries for any number of rows, nothing is written. Raises TableError."""
    table = read_rows(data)
    known = Known(year, date)
    items = [_item(row, known) for row in table.rows]
    _blame_repeated(items)
    _blame_overlaps(items, known)
    return Plan(year, items, table.unknown, hashlib.sha256(data).hexdigest())


class Known:
    """What the school has, found by the words of a file."""

    def __init__(self, year: AcademicYear, date: datetime.date):
        self.year = year
        self.people, self.logins = defaultdict(list), {}
        # Who teaches may be hired later than today: the loads of a year are made before it begins.
        day = max(date, year.starts)
        staff = {one.pk: one for found in (employed(date), employed(day)) for one in found}
        for person in staff.values():
            self.logins[person.username.casefold()] = person
            for name in {person.get_full_name(), person.initials}:
                self.people[key_of(name)].append(person)
        classes = SchoolClass.objects.filter(year=year).select_related("year")
        self.classes = {(one.grade, one.letter): one for one in classes}
        self.subjects = {}
        for subject in Subject.objects.order_by("-pk"):
            names = [*subject.aliases.splitlines(), subject.short_name, subject.name]
            self.subjects |= {key_of(name): subject for name in names if key_of(name)}
        self.subgroups = {
            (one.school_class_id, one.subject_id, key_of(one.name)): one
            for one in Subgroup.objects.filter(school_class__year=year)
        }
        self.books = {
            (one.school_class_id, one.subject_id, one.subgroup_id): one
            for one in Gradebook.objects.of_year(year).listed()
        }
        loads = TeachingLoad.objects.filter(gradebook__school_class__year=year).select_related("replaces")
        self.loads = {(one.gradebook_id, one.teacher_id, one.starts): one for one in loads}
        self.decided = decisions.of_year(year)

    def person(self, name: str, login: str = "") -> User:
        """Raises ValueError with a Russian line."""
        if login:
            if login.casefold() not in self.logins:
                raise ValueError(f"работника с логином «{login[:40]}» нет.")
            return self.logins[login.casefold()]
        found = self.people.get(key_of(name), [])
        if not found:
            known = (one.get_full_name() for found in self.people.values() for one in found)
            raise ValueError(f"работника «{name[:60]}» нет: проверьте фамилию, имя и отчество.{_alike(name, known)}")
        if len(found) > 1:
            logins = ", ".join(sorted(one.username for one in found))
            raise ValueError(f"«{name[:60]}» — не один человек. Укажите столбец «Логин»: {logins}.")
        return found[0]

    def school_class(self, text: str) -> SchoolClass:
        """Raises ValueError."""
        try:
            name = parse_class_name(text)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        if name not in self.classes:
            raise ValueError(f"класса «{text[:20]}» в {self.year} учебном году нет.")
        return self.classes[name]

    def subject(self, text: str) -> Subject:
        """Raises ValueError."""
        if key_of(text) not in self.subjects:
            alike = _alike(text, (one.name for one in self.subjects.values()))
            raise ValueError(
                f"предмета «{text[:60]}» нет.{alike} Другие названия предмета вносят в «Администрировании»."
            )
        return self.subjects[key_of(text)]

    def book(self, school_class: SchoolClass, subject: Subject, subgroup: str) -> tuple[Gradebook, bool]:
        """(gradebook, is it a new one). Raises ValueError: no such subgroup."""
        group = None
        if subgroup:
            group = self.subgroups.get((school_class.pk, subject.pk, key_of(subgroup)))
            if group is None:
                raise ValueError(f"подгруппы «{subgroup[:40]}» у класса по этому предмету нет: сначала создайте её.")
        key = (school_class.pk, subject.pk, group.pk if group else None)
        if key not in self.books:
            made = Gradebook(school_class=school_class, subject=subject, subgroup=group)
            self.books[key] = decisions.settle(made, self.decided)
        return self.books[key], self.books[key].pk is None


def _alike(text: str, known: Iterable[str]) -> str:
    """« Похоже на «Белова Ирина Петровна».», "" where nothing is."""
    found = difflib.get_close_matches(text[:100], set(known), n=1, cutoff=0.75)
    return f" Похоже на «{found[0]}»." if found else ""


def key_of(text: str) -> str:
    return " ".join(search.words(text))


def _item(row: tables.Row, known: Known) -> Item:
    """The row with all its mistakes at once."""
    item = Item(row)
    teacher = item.tried("login" if row.text("login") else "teacher",
                         lambda: known.person(row.text("teacher"), row.text("login")))  # fmt: skip
    school_class = item.tried("school_class", lambda: known.school_class(row.text("school_class")))
    subject = item.tried("subject", lambda: known.subject(row.text("subject")))
    hours = item.tried("hours", lambda: _hours(row.text("hours")))
    starts = item.tried("starts", lambda: _date(row, "starts", known)) or known.year.starts
    ends = item.tried("ends", lambda: _date(row, "ends", known))
    replaces = None
    if row.text("replaces"):
        replaces = item.tried("replaces", lambda: known.person(row.text("replaces")))
    book = None
    if school_class and subject:
        book = item.tried("subgroup", lambda: known.book(school_class, subject, row.text("subgroup")))
    if item.remarks or not (teacher and book):
        return item
    found = {"hours": hours, "ends": ends, "replaces": replaces}
    _place(item, known, book, teacher, starts, {key: value for key, value in found.items() if key in row.titles})
    return item


def _place(item: Item, known: Known, book: tuple, teacher: User, starts: datetime.date, found: dict) -> None:
    """The line of the row: the known one with the file's values, or a new one."""
    gradebook, is_new = book
    load = known.loads.get((gradebook.pk, teacher.pk, starts))
    if load is not None:
        item.before = fields_of(load)
    item.load = load or TeachingLoad(gradebook=gradebook, teacher=teacher, starts=starts)
    item.load.gradebook, item.load.teacher, item.opens_book = gradebook, teacher, is_new
    for key, value in found.items():
        setattr(item.load, key, value)
    if item.load.ends and item.load.ends < starts:
        item.blame("последний день раньше первого.", "ends")
    if item.load.replaces_id and (item.load.ends is None or item.load.replaces_id == teacher.pk):
        item.blame("замещают другого человека и до известного дня.", "replaces")


def _hours(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        hours = Decimal(text.replace(",", "."))
    except InvalidOperation:
        hours = None
    if hours is None or not hours.is_finite() or not 0 <= hours <= MOST_HOURS or hours % Decimal("0.1"):
        raise ValueError(f"часы — число от 0 до {MOST_HOURS}, а написано «{text[:20]}».")
    return hours.quantize(Decimal("0.1"))


def _date(row: tables.Row, key: str, known: Known) -> datetime.date | None:
    found = values.date(row.values.get(key), latest=known.year.ends)
    if found and not known.year.starts <= found <= known.year.ends:
        raise ValueError(f"{russian.short_date(found)} — не этот учебный год.")
    return found


def _blame_repeated(items: list[Item]) -> None:
    first: dict[tuple, int] = {}
    for one in items:
        if one.load is None:
            continue
        key = (id(one.load.gradebook), one.load.teacher_id, one.load.starts)
        if key in first:
            one.blame(f"то же, что в строке {first[key]}.")
        first.setdefault(key, one.row.number)


def _blame_overlaps(items: list[Item], known: Known) -> None:
    """A teacher has a gradebook once at a time, whether the lines are of the file or of the portal."""
    spans = defaultdict(dict)
    for load in known.loads.values():
        spans[load.gradebook_id, load.teacher_id][load.starts] = load.ends
    for one in items:
        if one.load is not None and one.load.gradebook.pk:
            spans[one.load.gradebook_id, one.load.teacher_id][one.load.starts] = one.load.ends
        elif one.load is not None:
            spans[id(one.load.gradebook), one.load.teacher_id][one.load.starts] = one.load.ends
    for one in items:
        if one.load is None:
            continue
        own = spans[one.load.gradebook.pk or id(one.load.gradebook), one.load.teacher_id]
        if any(_overlap(one.load, starts, ends) for starts, ends in own.items() if starts != one.load.starts):
            one.blame("эти дни уже есть в другой строке того же учителя и журнала.")


def _overlap(load: TeachingLoad, starts: datetime.date, ends: datetime.date | None) -> bool:
    return (ends is None or ends >= load.starts) and (load.ends is None or load.ends >= starts)
