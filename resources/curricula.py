"""The table of a curriculum: lines by part and area, totals by grade against the weekly limit (6.2). Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from accounts.models import AcademicYear, Order
from eios.lib import russian
from resources import study_data
from resources.models import AcademicCalendar, Curriculum, CurriculumHours, CurriculumRow, Subject

Part = CurriculumRow.Part
NONE = Decimal(0)


@dataclass(frozen=True)
class Cell:
    grade: int
    hours: Decimal
    attestation: str

    @property
    def words(self) -> str:
        return words_of(self.hours)


@dataclass(frozen=True)
class Line:
    """A row of the plan; `cells` stand in the order of the grades, `total` is hours a week of all grades."""

    row: CurriculumRow
    cells: list[Cell]

    @property
    def total(self) -> str:
        return words_of(sum((cell.hours for cell in self.cells), NONE))


@dataclass(frozen=True)
class Area:
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class PartTable:
    """One part of the plan, with its sums by grade."""

    part: Part
    areas: list[Area]
    sums: list[Decimal]

    @property
    def words(self) -> list[str]:
        return [*map(words_of, self.sums), words_of(sum(self.sums, NONE))]


@dataclass(frozen=True)
class Load:
    """What lessons of a grade sum up to, against the limit; hours of the year by its weeks."""

    grade: int
    hours: Decimal
    limit: int
    weeks: int

    @property
    def over(self) -> Decimal:
        return max(self.hours - self.limit, NONE)

    @property
    def words(self) -> str:
        return words_of(self.hours)

    @property
    def a_year(self) -> str:
        return words_of(self.hours * self.weeks)

    @property
    def problem(self) -> str:
        """«7 класс: 34 ч в неделю, на 2 ч больше предела (32 ч)»; empty within the limit."""
        if not self.over:
            return ""
        much = f"на {words_of(self.over)} ч больше предела ({self.limit} ч)"
        return f"{self.grade} класс: {self.words} ч в неделю, {much}"


@dataclass(frozen=True)
class Table:
    """The whole plan as it is shown, printed and exported."""

    grades: list[int]
    parts: list[PartTable]
    loads: list[Load]

    @property
    def problems(self) -> list[str]:
        return [load.problem for load in self.loads if load.over]

    @property
    def extra(self) -> PartTable | None:
        return next((one for one in self.parts if one.part == Part.EXTRA), None)

    @property
    def lessons(self) -> list[PartTable]:
        return [one for one in self.parts if one.part != Part.EXTRA]


@dataclass
class NewRow:
    """A row to be added: a subject in a part, or a course by its title, with hours by grade."""

    part: str
    subject: Subject | None
    title: str
    hours: dict[int, Decimal]


@dataclass
class Filling:
    """What the grid says: all cells by (row, grade), rows to take away and to add, weeks by grade."""

    title: str
    week: int
    weeks: dict[int, int]
    hours: dict[tuple[int, int], Decimal]
    removed: set[int] = field(default_factory=set)
    added: list[NewRow] = field(default_factory=list)


def words_of(hours: Decimal) -> str:
    """«4», «1,5», and nothing for none."""
    return f"{hours.normalize():f}".replace(".", ",") if hours else ""


def lines_of(curriculum: Curriculum) -> list[Line]:
    """Every row with its cells; two queries."""
    rows = curriculum.rows.select_related("subject__area").prefetch_related("hours")
    return [_line(row, curriculum.grades) for row in rows]


def _line(row: CurriculumRow, grades: Iterable[int]) -> Line:
    by_grade = {one.grade: one for one in row.hours.all()}
    cells = []
    for grade in grades:
        found = by_grade.get(grade)
        cells.append(Cell(grade, found.hours if found else NONE, found.attestation if found else ""))
    return Line(row, cells)


def table_of(curriculum: Curriculum) -> Table:
    """The plan as a table; three queries whatever its size."""
    weeks = {one.grade: one.weeks for one in curriculum.weeks.all()}
    lines, grades = lines_of(curriculum), list(curriculum.grades)
    parts = [_part(part, lines, len(grades)) for part in Part]
    lessons = [one.sums for one in parts if one.part != Part.EXTRA]
    loads = [
        Load(grade, sum(hours, NONE), study_data.week_limit(curriculum.week, grade), weeks.get(grade, 0))
        for grade, *hours in zip(grades, *lessons, strict=True)
    ]
    return Table(grades, [one for one in parts if one.areas], loads)


def _part(part: Part, lines: list[Line], width: int) -> PartTable:
    own = [line for line in lines if line.row.part == part]
    areas: dict[str, list[Line]] = defaultdict(list)
    for line in own:
        areas[line.row.subject.area.name if line.row.subject else ""].append(line)
    sums = [sum((line.cells[place].hours for line in own), NONE) for place in range(width)]
    return PartTable(part, [Area(name, found) for name, found in areas.items()], sums)


def attestations(table: Table) -> list[tuple[str, list[Cell]]]:
    """Subjects with a form of attestation in any grade, each with its cells."""
    lines = [line for part in table.lessons for area in part.areas for line in area.lines]
    return [(line.row.name, line.cells) for line in lines if any(cell.attestation for cell in line.cells)]


def lacks_of(curriculum: Curriculum, table: Table) -> list[str]:
    """Why the plan can't be approved yet, in sentences: over the limit, no weeks, an empty grade."""
    found = [f"{problem}." for problem in table.problems]
    for load in table.loads:
        if not load.hours:
            found.append(f"{load.grade} класс: ни одного часа.")
        if not load.weeks:
            found.append(f"{load.grade} класс: не указано, сколько учебных недель.")
    return found


@dataclass(frozen=True)
class YearGroup:
    """What there is of one school year."""

    year: AcademicYear
    plans: list[Curriculum]
    schedules: list[AcademicCalendar]


def by_year(
    plans: Iterable[Curriculum], schedules: Iterable[AcademicCalendar], current: AcademicYear | None
) -> list[YearGroup]:
    """Curricula and calendars under their years: the current year first, then from the newest."""
    years: dict[AcademicYear, YearGroup] = {}
    for plan in plans:
        years.setdefault(plan.year, YearGroup(plan.year, [], [])).plans.append(plan)
    for schedule in schedules:
        years.setdefault(schedule.year, YearGroup(schedule.year, [], [])).schedules.append(schedule)
    return sorted(years.values(), key=lambda one: (one.year != current, -one.year.starts.toordinal()))


def listed(*, to_editor: bool) -> QuerySet[Curriculum]:
    return Curriculum.objects.visible(to_editor=to_editor).select_related("year", "order")


def with_cells(pk: int) -> QuerySet[CurriculumRow]:
    """Rows of a plan with their cells, for copying."""
    return CurriculumRow.objects.filter(curriculum=pk).prefetch_related(
        Prefetch("hours", CurriculumHours.objects.order_by("grade"))
    )


def orders_for(year: AcademicYear) -> QuerySet[Order]:
    """Executed orders on the main activity that may approve a plan of the year, newest first."""
    since = year.starts.replace(year=year.starts.year - 1)
    return Order.objects.approving().filter(date__gte=since, date__lte=year.ends)


def order_words(order: Order) -> str:
    return f"№ {order.number} от {russian.short_date(order.date)}: {order.title}"
