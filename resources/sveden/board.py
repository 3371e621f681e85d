"""The board of completeness: what is filled, what is empty, what nobody has looked at for ten working days (8.3)."""

import datetime
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import SchoolCard
from resources.models import SvedenCheck, SvedenExport
from resources.sveden import pages, working_days
from resources.sveden.pages import Cell, Page
from resources.sveden.table import Section, sections

# The rules of ПП 1802: information is renewed within ten working days of the change.
TERM = 10


@dataclass(frozen=True)
class Lack:
    """An empty field: where it is, and how many rows of its group lack it."""

    block: str
    title: str
    rows: int


@dataclass(frozen=True)
class Line:
    """A subsection on the board. `looked_at` — the later of the last change and the last check."""

    section: Section
    filled: int
    nones: int
    lacks: tuple[Lack, ...]
    looked_at: datetime.date | None
    is_old: bool
    is_changed_since_export: bool
    is_overdue: bool

    @property
    def is_complete(self) -> bool:
        return not self.lacks

    @property
    def total(self) -> int:
        return self.filled + self.nones + sum(lack.rows for lack in self.lacks)


def last_export() -> SvedenExport | None:
    return SvedenExport.objects.select_related("by").first()


def lines(school: SchoolCard, date: datetime.date, export: SvedenExport | None) -> list[Line]:
    """Every subsection in order; the number of queries does not grow with the school."""
    term = working_days.before(date, TERM)
    checks = dict(SvedenCheck.objects.order_by().values_list("section").annotate(Max("at")))
    found = pages.pages(sections().values(), school, date)
    return [_line(page, checks.get(page.section.path), term, export) for page in found]


def _line(page: Page, checked: datetime.datetime | None, term: datetime.date, export: SvedenExport | None) -> Line:
    moments = [moment for moment in (page.changed_at, checked) if moment]
    looked = timezone.localdate(max(moments)) if moments else None
    is_changed = export is not None and export.prints.get(page.section.path) != page.print
    cells = [cell for cell in page.cells if cell.field.itemprop]
    return Line(
        page.section,
        filled=sum(bool(cell.items) for cell in cells),
        nones=sum(cell.is_none for cell in cells),
        lacks=_lacks(page),
        looked_at=looked,
        is_old=looked is None or looked < term,
        is_changed_since_export=is_changed,
        is_overdue=is_changed and timezone.localdate(export.at) < term,
    )


def _lacks(page: Page) -> tuple[Lack, ...]:
    found = []
    for filled in page.blocks:
        for field in filled.block.fields:
            rows = sum(1 for cell in filled.cells if cell.field == field and cell.is_lacking)
            if rows:
                found.append(Lack(filled.block.title, field.title, rows))
    return tuple(found)


def old_fields(page: Page, date: datetime.date) -> list[Cell]:
    """Typed values that nobody has changed for longer than the term."""
    term = working_days.before(date, TERM)
    return [cell for cell in page.cells if cell.value and timezone.localdate(cell.value.changed_at) < term]


def checks_of(section: Section) -> QuerySet[SvedenCheck]:
    return SvedenCheck.objects.filter(section=section.path).select_related("by")
