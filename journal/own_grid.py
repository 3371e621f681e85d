"""The grid of a gradebook kept here: pupils × columns of lessons, with what may be entered where (7.2). Reads only.

Teachers look at it all day: queries are composed once, and a cell is a piece of HTML as soon as it is read.
"""

import datetime
import functools
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import CharField, DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import User
from eios.lib import russian
from eios.lib.composed import SOME_DAY, SOME_LATER_DAY, Composed, key
from journal import books, grid, offers, scales
from journal.entry import Door
from journal.grid import WITH_REASONS, WITHOUT_REASONS
from journal.models import Absence, Gradebook, Lesson, Mark, Result, ResultKind, TeachingLoad
from journal.periods import Period

MARK, ABSENCE, RESULT, LESSON = 1, 2, 3, 4
MEMBER, TEACHER = 1, 2
ONE = Decimal(1)
AHEAD = "Уроки впереди: отметки ставят в день урока."


@functools.lru_cache(maxsize=1000)
def day_words(date: datetime.date) -> str:
    """«12.10»."""
    return f"{date:%d.%m}"


@dataclass(frozen=True)
class Column:
    """A lesson's column. Without `lesson` it holds marks of a day on which there is no lesson (the gradebook was kept
    elsewhere then): they are read only. `shut` says why the viewer enters nothing there now, "" where he may;
    `is_only`: the day has no other lesson of the subject."""

    date: datetime.date
    slot: int
    place: int
    lesson: int | None = None
    number: int | None = None
    kind: str = ""
    title: str = ""
    weight: Decimal = ONE
    shut: str = ""
    is_only: bool = False

    @property
    def day(self) -> str:
        return day_words(self.date)

    @property
    def words(self) -> str:
        """«12.10, контрольная работа, вес 3»: what a screen reader says of the column; «12.10, урок 2» where the day
        has another lesson of the subject."""
        is_numbered = self.number is not None and not self.is_only
        parts = [self.day, f"урок {self.number}" if is_numbered else "", self.title]
        parts.append(f"вес {grid.weight_words(self.weight)}" if self.weight != 1 else "")
        return ", ".join(filter(None, parts))


@dataclass
class Line:
    """A pupil: what stands in each column, as text, comments by column; columns of days on which the pupil was not
    taught here; sums of marks with their weights, and of weights, by term, in hundredths, the last ones of days in no
    term; what averages propose by place of the result."""

    pupil: grid.Pupil
    texts: list[str]
    comments: dict[int, str] = field(default_factory=dict)
    outside: frozenset[int] = frozenset()
    totals: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    missed: int = 0
    results: list[str] = field(default_factory=list)
    proposed: dict[int, offers.Offer] = field(default_factory=dict)

    @property
    def average(self) -> Decimal | None:
        return scales.ratio(Decimal(sum(self.totals)), Decimal(sum(self.weights)))

    @property
    def average_words(self) -> str:
        return grid.average_words(self.average)


@dataclass(frozen=True)
class OwnGrid:
    """`heads`: (key, title) of the results, in the order of each line's; `teachers`: who teaches here now, and whom
    they replace."""

    gradebook: Gradebook
    door: Door
    period: Period
    columns: list[Column]
    lines: list[Line]
    heads: list[tuple[str, str]]
    teachers: list[tuple[User, User | None]]

    @property
    def is_open(self) -> bool:
        """Does the viewer enter anything here."""
        return not self.door.refusal

    def of_lesson(self, lesson: int) -> list[tuple[int, Column]]:
        """(place in the lines, column) of a lesson's columns."""
        return [(at, one) for at, one in enumerate(self.columns) if one.lesson == lesson]

    @property
    def closed(self) -> list[str]:
        """Why columns are closed to the viewer: each reason once, with the days of its lessons."""
        runs: dict[str, list[list[datetime.date]]] = {}
        before = ""
        for one in self.columns:
            reason = "" if one.lesson is None else AHEAD if one.date > self.door.today else one.shut
            if reason and reason != before:
                runs.setdefault(reason, []).append([])
            if reason:
                runs[reason][-1].append(one.date)
            before = reason
        return [reason if reason == AHEAD else f"{_spans(days)}: {_small(reason)}" for reason, days in runs.items()]

    @property
    def of_day(self) -> Column | None:
        """The column where entering begins: the first of the last lesson that has been."""
        been = [one for one in self.columns if one.lesson and one.date <= self.door.today]
        last = been[-1] if been else None
        return next((one for one in been if last and one.lesson == last.lesson), None)


def _spans(runs: list[list[datetime.date]]) -> str:
    """«Уроки 02.11–12.11, 20.11»."""
    ends = [dict.fromkeys((f"{days[0]:%d.%m}", f"{days[-1]:%d.%m}")) for days in runs]
    return f"Уроки {', '.join('–'.join(one) for one in ends)}"


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def own_grid(gradebook: Gradebook, door: Door, period: Period) -> OwnGrid:
    """Two queries."""
    found = _CELLS.rows(
        gradebook=gradebook.pk, starts=period.starts, ends=period.ends, year=gradebook.school_class.year_id,
        subject=gradebook.subject_id, school_class=gradebook.school_class_id,
    )  # fmt: skip
    lessons, cells = [], []
    for row in found:
        (lessons if row[0] == LESSON else cells).append(row)
    columns = _columns(lessons, cells, door)
    members, teachers = _people(gradebook, door.today)
    heads = _heads(door.terms, cells)
    lines = _lines(members, cells, columns, period, door)
    _fill(lines, cells, columns, heads, door)
    if not door.refusal:
        _offer(lines, heads, door.terms, offers.offered(gradebook, door.terms, period))
    return OwnGrid(gradebook, door, period, columns, list(lines.values()), heads, teachers)


def _columns(lessons: list[tuple], cells: list[tuple], door: Door) -> list[Column]:
    shut: dict[datetime.date, str] = {}
    first: dict[datetime.date, int] = {}
    several = {date for date, slot in {row[2:4] for row in lessons} if first.setdefault(date, slot) != slot}
    found = {}
    for _, pk, date, slot, place, code, number, weight, title in lessons:
        if date not in shut:
            shut[date] = door.shut(date)
        weighs = ONE if weight == 100 else Decimal(weight) / 100
        found[date, slot, place] = Column(
            date, slot, place, pk, number, code, title, weighs, shut[date], is_only=date not in several
        )  # fmt: skip
    for where in {row[2:5] for row in cells if row[0] != RESULT}.difference(found):
        found[where] = Column(*where)
    return [found[where] for where in sorted(found)]


def _people(gradebook: Gradebook, today: datetime.date) -> tuple[list[tuple], list[tuple[User, User | None]]]:
    """(pupil, sort name, surname, name, first day, last day) of who is or was taught here; who teaches now."""
    people = _OF_GROUP if gradebook.subgroup_id else _OF_CLASS
    group = gradebook.subgroup_id or gradebook.school_class_id
    rows = people.rows(group=group, gradebook=gradebook.pk, day=today)
    members = [row[1:7] for row in rows if row[0] == MEMBER]
    teachers = [
        (
            User(surname=surname, name=name, patronymic=patronymic),
            User(surname=other[0], name=other[1], patronymic=other[2]) if other[0] else None,
        )
        for what, _, _, surname, name, _, _, patronymic, *other in rows
        if what == TEACHER
    ]
    return members, teachers


def _lines(members, cells, columns: list[Column], period: Period, door: Door) -> dict[int, Line]:
    """Who was taught in the period, by name; then those whose marks alone are left."""
    spans: dict[int, list[tuple]] = {}
    names: dict[int, tuple[str, str]] = {}
    for pupil, order, surname, name, starts, ends in members:
        if starts <= period.ends and (ends is None or ends >= period.starts):
            spans.setdefault(pupil, []).append((starts, ends))
            names[pupil] = (order, f"{surname} {name}")
    strangers = {row[1] for row in cells if row[0] != RESULT} - set(spans)
    for person in User.objects.filter(pk__in=strangers) if strangers else ():
        spans[person.pk], names[person.pk] = [], (person.sort_name, f"{person.surname} {person.name}")
    last = min(period.ends, max(door.today, period.starts))
    lines = {}
    for pupil in sorted(names, key=lambda one: (names[one][0], one)):
        own = sorted(spans[pupil], key=lambda one: one[0])
        lines[pupil] = Line(
            grid.Pupil(pupil, names[pupil][1], *_note(own, period, last)), [""] * len(columns),
            outside=_outside(own, columns),
        )  # fmt: skip
    return lines


def _note(spans: list[tuple], period: Period, last: datetime.date) -> tuple[bool, str]:
    """Is the pupil gone, and from–to words where it was not for the whole period."""
    if not spans:
        return True, "не в классе"
    starts, ends = spans[0][0], spans[-1][1]
    words = f"с {russian.short_date(starts)}" if starts > period.starts else ""
    is_gone = ends is not None and ends < last
    return is_gone, f"{words} до {russian.short_date(ends)}".strip() if is_gone else words


def _outside(spans: list[tuple], columns: list[Column]) -> frozenset[int]:
    if len(spans) == 1 and columns:
        starts, ends = spans[0]
        if starts <= columns[0].date and (ends is None or ends >= columns[-1].date):
            return frozenset()
    return frozenset(
        place
        for place, one in enumerate(columns)
        if not any(starts <= one.date and (ends is None or one.date <= ends) for starts, ends in spans)
    )


def _heads(terms: list[Period], cells: list[tuple]) -> list[tuple[str, str]]:
    given = {f"{row[5]}-{row[6]}" for row in cells if row[0] == RESULT}
    found = [(offers.term_key(one), one.name) for one in terms]
    rest = ((ResultKind.YEAR, "Год"), (ResultKind.EXAM, "Экзамен"), (ResultKind.FINAL, "Итог"))
    return found + [(f"{kind}-0", title) for kind, title in rest if f"{kind}-0" in given]


def _fill(lines: dict[int, Line], cells: list[tuple], columns: list[Column], heads: list, door: Door) -> None:
    """One pass over what was read."""
    place_of = {(one.date, one.slot, one.place): place for place, one in enumerate(columns)}
    result_of = {name: place for place, (name, _) in enumerate(heads)}
    words = WITH_REASONS if door.reasons else WITHOUT_REASONS
    # A column's term; days in no term come last.
    term_of = [next((at for at, term in enumerate(door.terms) if term.holds(one.date)), -1) for one in columns]
    for line in lines.values():
        line.results = [""] * len(heads)
        line.totals, line.weights = [0] * (len(door.terms) + 1), [0] * (len(door.terms) + 1)
    for what, pupil, date, slot, place, text, number, weight, comment in cells:
        line = lines.get(pupil)
        if line is None:
            continue
        if what == MARK:
            at = place_of[date, slot, place]
            line.texts[at] = f"{text} {line.texts[at]}" if line.texts[at] else text
            if comment:
                line.comments[at] = comment
            if number is not None:
                line.totals[term_of[at]] += number * weight
                line.weights[term_of[at]] += weight
        elif what == ABSENCE:
            at = place_of[date, slot, 1]
            line.texts[at] = f"{line.texts[at]} {words[text]}" if line.texts[at] else words[text]
            line.missed += text in Absence.MISSED
        elif (at := result_of.get(f"{text}-{number}")) is not None:
            line.results[at] = comment


def _offer(lines: dict[int, Line], heads: list, terms: list[Period], spans: list[tuple[str, Period]]) -> None:
    """What averages propose where no result stands."""
    place_of = {name: place for place, (name, _) in enumerate(heads)}
    term_of = {offers.term_key(one): at for at, one in enumerate(terms)}
    for name, _ in spans:
        place, at = place_of.get(name), term_of.get(name)
        for line in lines.values() if place is not None else ():
            if not line.results[place]:
                sums = (line.totals, line.weights)
                found = offers.offer(*(map(sum, sums) if at is None else (one[at] for one in sums)))
                if found:
                    line.proposed[place] = found


# --- queries, composed once -------------------------------------------------------------------------------------------


def _cells(
    gradebook: int, starts: datetime.date, ends: datetime.date, year: int, subject: int, school_class: int
) -> QuerySet:  # fmt: skip
    """(what, pupil, date, slot, place, text, number, weight, comment); of results the kind and the number, and the
    value in the place of the comment; of lessons the key in the place of the pupil, the code of the work's kind and its
    title."""
    span = {"gradebook": gradebook, "date__gte": starts, "date__lte": ends}
    # Weights come in hundredths: whole numbers are read several times faster, and averages are ratios anyway.
    no_number, hundredths = Value(0), Cast(F("weight") * 100, IntegerField())
    marks = Mark.objects.filter(**span).order_by()
    absences = Absence.objects.filter(**span).order_by()
    lessons = Lesson.objects.filter(**span).order_by()
    work, nothing = "works__", Value("")
    # Results stay when a pupil changes class: those of everybody of the class are read, whoever gave them.
    results = Result.objects.filter(
        year=year, subject=subject, pupil__enrolments__school_class=school_class
    ).order_by().distinct()  # fmt: skip
    no_day = Cast(Value(None), DateField())
    text = CharField()
    return marks.values_list(
        Value(MARK), "pupil", "date", "slot", "place", "value", "number", hundredths, "comment"
    ).union(
        absences.values_list(
            Value(ABSENCE), "pupil", "date", "slot", Value(1), "code", no_number, no_number, Value("", text)
        ),
        results.values_list(
            Value(RESULT), "pupil", no_day, no_number, no_number, Cast("kind", text), "number", no_number,
            Cast("value", text),
        ),
        lessons.values_list(
            Value(LESSON), "pk", "date", "slot", Coalesce(f"{work}place", 1), Coalesce(f"{work}kind__code", nothing),
            "number", Coalesce(Cast(F(f"{work}weight") * 100, IntegerField()), 100),
            Coalesce(NullIf(f"{work}title", nothing), f"{work}kind__name", nothing),
        ),
        all=True,
    )  # fmt: skip


def _of(members: QuerySet, gradebook: int, day: datetime.date) -> QuerySet:
    """(who, key, sort name, surname, name, first day, last day, patronymic, and of whom a teacher replaces the same)"""
    nobody = [Value("", CharField())] * 3
    who = ("sort_name", "surname", "name")
    loads = TeachingLoad.objects.on(day).filter(gradebook=gradebook)
    return members.values_list(
        Value(MEMBER), "pupil", *(f"pupil__{one}" for one in who), "starts", "ends", "pupil__patronymic", *nobody
    ).union(
        loads.order_by().values_list(
            Value(TEACHER), "teacher", *(f"teacher__{one}" for one in who), "starts", "ends", "teacher__patronymic",
            *(F(f"replaces__{one}") for one in ("surname", "name", "patronymic")),
        ),
        all=True,
    )  # fmt: skip


def _of_class(group: int, gradebook: int, day: datetime.date) -> QuerySet:
    return _of(books.memberships(Gradebook(school_class_id=group)).order_by(), gradebook, day)


def _of_group(group: int, gradebook: int, day: datetime.date) -> QuerySet:
    return _of(books.memberships(Gradebook(subgroup_id=group)).order_by(), gradebook, day)


_CELLS = Composed(
    _cells, gradebook=key(0), starts=SOME_DAY, ends=SOME_LATER_DAY, year=key(1), subject=key(2), school_class=key(3)
)
_OF_CLASS = Composed(_of_class, group=key(0), gradebook=key(1), day=SOME_DAY)
_OF_GROUP = Composed(_of_group, group=key(0), gradebook=key(1), day=SOME_DAY)
