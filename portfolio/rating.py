"""Points of pupils for a year: sums for lists, and one pupil's line by line (11.1). Reads only.

Counted is what is confirmed and no double, dated within the year, by the newest table of that year.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.db import connection
from django.db.models import QuerySet

from accounts.models import AcademicYear, Enrolment, User
from eios.lib import planned
from portfolio import points
from portfolio.models import Achievement, PointsTable, State

ZERO = Decimal(0)
# Of fewer, a place tells too much about the others.
FEWEST_FOR_PLACE = 5
JOINED = """
SELECT a.pupil_id, COUNT(*), SUM(p.points)
FROM ({rows}) a LEFT JOIN portfolio_points p
  ON p.table_id = %s AND p.sphere = a.sphere AND p.level = a.level AND p.outcome = a.outcome AND p.mode = a.mode
GROUP BY a.pupil_id
"""


@dataclass(slots=True)
class Sum:
    """A pupil's points and how many achievements they come from; pupils with as many points share a place."""

    pupil: int
    achievements: int
    points: Decimal
    place: int


@dataclass(frozen=True)
class Line:
    """A pupil of the list."""

    sum: Sum
    name: str
    school_class: str


def day_of(year: AcademicYear, date: datetime.date) -> datetime.date:
    """The day whose classes a year's list shows: today, or the last day of a year that has passed."""
    return min(max(date, year.starts), year.ends)


def pupils_of(year: AcademicYear, date: datetime.date) -> QuerySet[Enrolment]:
    """Who is in the year's list."""
    return Enrolment.objects.on(day_of(year, date)).filter(school_class__year=year)


def counted(year: AcademicYear) -> QuerySet[Achievement]:
    return Achievement.objects.counted().filter(date__gte=year.starts, date__lte=year.ends)


def sums(table: PointsTable, pupils: QuerySet[Enrolment], *, sphere: str = "") -> list[Sum]:
    """Of all these pupils that have an achievement, the most points first; one query."""
    rows = counted(table.year).filter(pupil__in=pupils.order_by().values("pupil")).order_by()
    if sphere:
        rows = rows.filter(sphere=sphere)
    inner, values = rows.values("pupil_id", "sphere", "level", "outcome", "mode").query.sql_with_params()
    with planned.for_its_values(), connection.cursor() as cursor:
        # The inner statement is the ORM's; five equal columns are a join that it does not know.
        cursor.execute(JOINED.format(rows=inner), [*values, table.pk])
        found = [(pupil, count, _decimal(total)) for pupil, count, total in cursor.fetchall()]
    return ranked(found)


def _decimal(total) -> Decimal:
    """SQLite adds decimals as floats; two digits are all that the table has."""
    return ZERO if total is None else Decimal(str(round(total, 2))).quantize(points.HUNDREDTH)


def ranked(rows: Iterable[tuple[int, int, Decimal]]) -> list[Sum]:
    """Pure: (pupil, achievements, points) by points; equals share the place, the next one counts all above."""
    ordered = sorted(sorted(rows), key=itemgetter(2), reverse=True)
    found: list[Sum] = []
    place, above = 0, None
    for number, (pupil, count, total) in enumerate(ordered, 1):
        if total != above:
            place, above = number, total
        found.append(Sum(pupil, count, total, place))
    return found


# One pupil


@dataclass(frozen=True)
class Counted:
    """One achievement with its points; `why_not` says why it brings none."""

    achievement: Achievement
    points: Decimal
    why_not: str


@dataclass(frozen=True)
class Explained:
    lines: tuple[Counted, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), ZERO)


def explained(pupil: User, table: PointsTable) -> Explained:
    """Every confirmed achievement of the pupil in the year and what it is worth."""
    year = table.year
    rows = Achievement.objects.filter(pupil=pupil, state=State.CONFIRMED, date__gte=year.starts, date__lte=year.ends)
    values = points.values_of(table)
    return Explained(tuple(_counted(row, values) for row in rows.select_related("same_as").order_by("date", "pk")))


def _counted(row: Achievement, values: dict) -> Counted:
    if row.same_as_id:
        return Counted(row, ZERO, f"То же достижение уже учтено: «{row.same_as.title}».")
    found = values.get((row.sphere, row.level, row.outcome, row.mode))
    return Counted(row, found or ZERO, "" if found is not None else "В таблице баллов нет такой строки.")


def place_of(pupil: User, table: PointsTable, pupils: QuerySet[Enrolment]) -> tuple[int, int] | None:
    """(place, of how many who have achievements); None where they are too few, or the pupil has none."""
    found = sums(table, pupils)
    own = next((one for one in found if one.pupil == pupil.pk), None)
    return (own.place, len(found)) if own and len(found) >= FEWEST_FOR_PLACE else None
