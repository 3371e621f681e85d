"""Writing the table of points: each change is the next version (11.1)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import AcademicYear
from portfolio import points
from portfolio.models import Points, PointsTable
from portfolio.points import Cell

STALE = "Пока вы заполняли, таблицу изменили. Откройте её ещё раз и внесите изменения в новую версию."
SAME = "В таблице ничего не изменилось: новая версия не нужна."


@transaction.atomic
def save_table(
    year: AcademicYear, values: dict[Cell, Decimal], *, seen: int, basis: str = "", by: Actor
) -> PointsTable:  # fmt: skip
    """The next version of the year's table; the former ones stay to be read. Audited.

    `seen` is the number of the version that was changed, 0 where there was none. Raises ValidationError: another
    version has come meanwhile, or nothing differs.
    """
    AcademicYear.objects.select_for_update().get(pk=year.pk)
    former = points.table_of(year)
    if (former.version if former else 0) != seen:
        raise ValidationError(STALE)
    if former and points.values_of(former) == values:
        raise ValidationError(SAME)
    table = PointsTable(year=year, version=seen + 1, basis=basis, created_by=by.person)
    table.full_clean(exclude={"created_by"})
    table.save()
    Points.objects.bulk_create(
        Points(table=table, sphere=sphere, level=level, outcome=outcome, mode=mode, points=worth)
        for (sphere, level, outcome, mode), worth in values.items()
    )
    audit.record(by, "points_table.added", table, {"version": [seen or None, table.version]}, basis)
    return table
