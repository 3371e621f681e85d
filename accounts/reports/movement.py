"""Movement of pupils in a period: who arrived, who left, who changed the class, and totals that add up.

On the first day of a school year the count is taken after the enrolments and transfers of that day, since the year
begins with them; otherwise on the eve of the period. Arrivals and departures are told by the facts: who was in no class
the day before, or is in none the day after. Transfers between classes are neither, and are listed apart.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from accounts.fact_rules import DAY
from accounts.models import AcademicYear, Enrolment, Order, OrderKind, OrderLine, SchoolClass, User
from eios.lib.dates import school_year_start

ARRIVED, LOADED, LEFT, MOVED = "arrived", "loaded", "left", "moved"


# Pure: days and keys in, events and totals out


@dataclass(frozen=True)
class Stay:
    """A pupil's days in a class; `is_loaded`: begun by the initial load, so the pupil had been here before."""

    pk: int
    pupil: int
    school_class: int
    starts: datetime.date
    ends: datetime.date | None
    is_loaded: bool = False

    def holds(self, date: datetime.date) -> bool:
        return self.starts <= date and (self.ends is None or date <= self.ends)


@dataclass(frozen=True)
class Event:
    """What happened on the first day of the new state. An arrival has no stay before, a departure none after."""

    kind: str
    date: datetime.date
    before: Stay | None
    after: Stay | None


def events_of(stays: Iterable[Stay], opening: datetime.date, closing: datetime.date) -> list[Event]:
    """Events of the days after `opening` up to and with `closing`, in order of date."""
    of_pupil = defaultdict(list)
    for stay in stays:
        of_pupil[stay.pupil].append(stay)
    found = [event for rows in of_pupil.values() for event in _of_one(rows, opening, closing)]
    return sorted(found, key=lambda event: event.date)


def _of_one(rows: list[Stay], opening: datetime.date, closing: datetime.date) -> list[Event]:
    found = []
    for row in rows:
        if opening < row.starts <= closing:
            before = next((other for other in rows if other.holds(row.starts - DAY)), None)
            kind = MOVED if before else LOADED if row.is_loaded else ARRIVED
            found.append(Event(kind, row.starts, before, row))
        if row.ends and opening <= row.ends < closing and not any(other.holds(row.ends + DAY) for other in rows):
            found.append(Event(LEFT, row.ends + DAY, row, None))
    return found


@dataclass
class Balance:
    """How a class, a grade or the school got from the first count to the last."""

    begin: int = 0
    loaded: int = 0
    arrived: int = 0
    moved_in: int = 0
    left: int = 0
    moved_out: int = 0
    end: int = 0

    @property
    def adds_up(self) -> bool:
        return self.begin + self.loaded + self.arrived + self.moved_in - self.left - self.moved_out == self.end

    @property
    def is_empty(self) -> bool:
        return self == Balance()


def balances(
    stays: Iterable[Stay],
    events: Iterable[Event],
    opening: datetime.date,
    closing: datetime.date,
    key_of: Callable[[int], Hashable],
) -> dict[Hashable, Balance]:
    """A balance for each key that `key_of` makes of a class; moves within one key are no moves for it."""
    found: dict[Hashable, Balance] = defaultdict(Balance)
    for stay in stays:
        found[key_of(stay.school_class)].begin += stay.holds(opening)
        found[key_of(stay.school_class)].end += stay.holds(closing)
    for event in events:
        _count(found, event, key_of)
    return found


def _count(found: dict[Hashable, Balance], event: Event, key_of: Callable[[int], Hashable]) -> None:
    source = key_of(event.before.school_class) if event.before else None
    target = key_of(event.after.school_class) if event.after else None
    if event.kind == MOVED:
        if source != target:
            found[source].moved_out += 1
            found[target].moved_in += 1
    elif event.kind == LEFT:
        found[source].left += 1
    elif event.kind == LOADED:
        found[target].loaded += 1
    else:
        found[target].arrived += 1


# From the database


@dataclass(frozen=True)
class Line:
    """An event as it is printed. `place`: where from or where to."""

    person: User
    date: datetime.date
    school_class: SchoolClass
    former_class: SchoolClass | None
    order: Order | None
    basis: str
    place: str

    @property
    def ground(self) -> str:
        """The order, or the words that the fact rests on."""
        return self.order.reference if self.order else self.basis


@dataclass(frozen=True)
class Total:
    """A row of the table of counts: of a class, a grade or the school."""

    title: str
    balance: Balance
    is_sum: bool = False


@dataclass
class Movement:
    """The report. `year_moves`: transfers to the next year's classes, which are counted but not listed."""

    starts: datetime.date
    ends: datetime.date
    opening: datetime.date
    arrived: list[Line] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)
    year_moves: int = 0
    totals: list[Total] = field(default_factory=list)

    @property
    def school(self) -> Balance:
        return self.totals[-1].balance if self.totals else Balance()

    @property
    def begins_with_year(self) -> bool:
        return self.opening == self.starts


def usual_period(date: datetime.date) -> tuple[datetime.date, datetime.date]:
    """From the beginning of the school year until the date."""
    year = AcademicYear.objects.on(date).first()
    return year.starts if year else school_year_start(date), date


def usual_periods(date: datetime.date) -> list[tuple[str, datetime.date, datetime.date]]:
    """Periods that people ask for, with their titles."""
    this_month = date.replace(day=1)
    last_month_ends = this_month - DAY
    return [
        ("С начала учебного года", *usual_period(date)),
        ("Этот месяц", this_month, date),
        ("Прошлый месяц", last_month_ends.replace(day=1), last_month_ends),
    ]


def movement(starts: datetime.date, ends: datetime.date, classes: Iterable[SchoolClass] | None = None) -> Movement:
    """The movement of the school from the first day to the last, or of some classes only. Six queries at most."""
    opening = starts if AcademicYear.objects.filter(starts=starts).exists() else starts - DAY
    stays = _stays(opening, ends)
    events = events_of(stays, opening, ends)
    known = SchoolClass.objects.select_related("year").in_bulk({stay.school_class for stay in stays})
    chosen = known if classes is None else {one.pk: one for one in classes}
    report = Movement(starts, ends, opening)
    _list_events(report, [event for event in events if _concerns(event, chosen)], known)
    report.totals = _totals(stays, events, report, known, chosen)
    return report


def _stays(opening: datetime.date, closing: datetime.date) -> list[Stay]:
    rows = Enrolment.objects.overlapping(opening, closing).order_by("starts", "pk")
    values = rows.values_list("pk", "pupil", "school_class", "starts", "ends", "order__kind")
    return [Stay(*row, is_loaded=kind == OrderKind.INITIAL_LOAD) for *row, kind in values]


def _concerns(event: Event, classes: dict[int, SchoolClass]) -> bool:
    return any(stay and stay.school_class in classes for stay in (event.before, event.after))


def _list_events(report: Movement, events: list[Event], classes: dict[int, SchoolClass]) -> None:
    listed = [event for event in events if event.kind != LOADED and not _is_of_years(event, classes)]
    report.year_moves = sum(event.kind == MOVED for event in events) - sum(event.kind == MOVED for event in listed)
    lines = {ARRIVED: report.arrived, LEFT: report.left, MOVED: report.moved}
    keys = {(event.after or event.before).pk for event in listed}
    rows = Enrolment.objects.select_related("pupil", "order", "ended_by").in_bulk(keys)
    orders = {order.pk for row in rows.values() for order in (row.order, row.ended_by) if order}
    places = _places(orders, {row.pupil_id for row in rows.values()})
    for event in listed:
        lines[event.kind].append(_line(event, rows[(event.after or event.before).pk], classes, places))
    for each in lines.values():
        each.sort(key=lambda line: (line.date, line.person.sort_name))


def _is_of_years(event: Event, classes: dict[int, SchoolClass]) -> bool:
    if event.kind != MOVED:
        return False
    return classes[event.before.school_class].year_id != classes[event.after.school_class].year_id


def _places(orders: set[int], people: set[int]) -> dict[tuple[int, int], str]:
    """Where from and where to, as the points of the orders say: (order, person) → words."""
    lines = OrderLine.objects.filter(order__in=orders, person__in=people).exclude(place="")
    return {(order, person): place for order, person, place in lines.values_list("order", "person", "place")}


def _line(event: Event, row: Enrolment, classes: dict[int, SchoolClass], places: dict) -> Line:
    order = row.ended_by if event.kind == LEFT else row.order
    place = places.get((order.pk, row.pupil_id), "") if order else ""
    if event.kind == LEFT and order and not place:
        place = order.get_kind_display()
    return Line(
        person=row.pupil, date=event.date, school_class=classes[row.school_class_id],
        former_class=classes[event.before.school_class] if event.before else None,
        order=order, basis="" if event.kind == LEFT else row.basis, place=place,
    )  # fmt: skip


def _totals(
    stays: list[Stay], events: list[Event], report: Movement, known: dict[int, SchoolClass], chosen: dict
) -> list[Total]:
    """Classes under each grade, and the school in the end; of some classes only these."""

    def of(key_of: Callable[[int], Hashable]) -> dict[Hashable, Balance]:
        return balances(stays, events, report.opening, report.ends, key_of)

    by_class = of(lambda key: key)
    order = sorted(chosen.values(), key=lambda one: (one.grade, -one.year.starts.toordinal(), one.letter))
    several_years = len({one.year_id for one in order}) > 1
    titles = {one.pk: f"{one.name}, {one.year}" if several_years else one.name for one in order}
    rows = {one.pk: Total(titles[one.pk], by_class[one.pk]) for one in order}
    if chosen is not known:
        return list(rows.values())
    by_grade, school = of(lambda key: known[key].grade), of(lambda key: "")
    found = []
    for grade in sorted(by_grade):
        of_grade = [rows[one.pk] for one in order if one.grade == grade]
        found += of_grade
        if len(of_grade) > 1:
            found.append(Total(f"{grade}-е классы", by_grade[grade], is_sum=True))
    return [*found, Total("Школа", school[""], is_sum=True)]
