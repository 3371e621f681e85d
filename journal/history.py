"""The history of cells as pages show it: of a gradebook, of one cell, late changes of the school. Reads only (7.2)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts import exports
from accounts.models import AcademicYear, SchoolCard, User
from eios.lib import russian
from journal import entries
from journal.grid import WITH_REASONS
from journal.models import Absence, CellChange, Gradebook

How = CellChange.How
# A gradebook of a year has some thousands.
MOST_EXPORTED = 50_000
# Whoever sees no reasons sees the same «Н» for each of these.
MISSED_WORDS = tuple(WITH_REASONS[code] for code in Absence.MISSED)
TELLING = frozenset(MISSED_WORDS) - {WITH_REASONS[Absence.Code.ABSENT]}
HEAD = [
    ("Когда", 18), ("Журнал", 34), ("Обучающийся", 34), ("Урок", 16), ("Было", 10), ("Стало", 10), ("Замечание", 34),
    ("Кто", 24), ("Как", 18), ("Почему поздно", 44),
]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A change as one person may see it; `reason` is why it came late, in the words of who made it."""

    change: CellChange
    was: str
    became: str
    reason: str = ""

    @property
    def who(self) -> str:
        return self.change.by.initials if self.change.by else "портал"

    @property
    def lesson(self) -> str:
        """«22.11.2026», «22.11.2026, 2-й урок», «22.11.2026, колонка 2»"""
        slot, place = self.change.slot, self.change.place
        tail = f", {slot}-й урок" if slot > 1 else ""
        return f"{russian.short_date(self.change.date)}{tail}{f', колонка {place}' if place > 1 else ''}"


def changes_of(gradebook: Gradebook, *, reasons: bool) -> QuerySet[CellChange]:
    """Newest first. Whoever sees no reasons of absence does not see that one was given either, whichever page it was
    given on (access.md)."""
    rows = CellChange.objects.filter(gradebook=gradebook)
    if not reasons:
        rows = rows.exclude(how=How.REASON).exclude(was__in=MISSED_WORDS, became__in=MISSED_WORDS)
    return rows.select_related("pupil", "by").order_by("-pk")


def chosen(rows: QuerySet[CellChange], filters: dict) -> QuerySet[CellChange]:
    """By the filters of the address; `date`, `slot`, `place` and `pupil` together are one cell."""
    for name in ("pupil", "by", "date", "slot", "place"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    return rows.exclude(reason="") if filters.get("late") else rows


def late_changes(year: AcademicYear | None) -> QuerySet[CellChange]:
    """Made when the window was closed, or by one who does not teach there: each has its reason (JournalAccess)."""
    rows = CellChange.objects.exclude(reason="").filter(gradebook__school_class__year=year)
    named = ("gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup")
    return rows.select_related("pupil", "by", *named).order_by("-at", "-pk")


def late_chosen(rows: QuerySet[CellChange], filters: dict) -> QuerySet[CellChange]:
    """By the class, by whom, made from–to."""
    if filters["school_class"]:
        rows = rows.filter(gradebook__school_class=filters["school_class"])
    if filters["by"]:
        rows = rows.filter(by=filters["by"])
    if filters["starts"]:
        rows = rows.filter(at__date__gte=filters["starts"])
    return rows.filter(at__date__lte=filters["ends"]) if filters["ends"] else rows


def pupils_in(rows: QuerySet[CellChange]) -> list[User]:
    return _people(rows, "pupil")


def authors_in(rows: QuerySet[CellChange]) -> list[User]:
    return _people(rows, "by")


def _people(rows: QuerySet[CellChange], field: str) -> list[User]:
    keys = rows.order_by().values(field)
    return list(User.objects.filter(pk__in=keys).order_by("sort_name", "pk"))


def shown(rows: Iterable[CellChange], *, reasons: bool) -> list[Shown]:
    return [_shown(one, reasons=reasons) for one in rows]


def _shown(change: CellChange, *, reasons: bool) -> Shown:
    """What was written beside a reason of absence («принёс справку») may tell it: it is hidden with the reason."""
    tells = not reasons and not TELLING.isdisjoint(f"{change.was} {change.became}".split())
    was, became = (entries.shown(text, reasons=reasons) for text in (change.was, change.became))
    return Shown(change, was, became, "" if tells else change.reason)


def workbook(title: str, rows: Iterable[Shown], school: SchoolCard, *, gradebook: Gradebook | None = None) -> bytes:
    """The same rows as XLSX."""
    lines = (_line(one, gradebook or one.change.gradebook) for one in rows)
    return exports.workbook(title, HEAD, lines, exports.source_line(school))


def _line(one: Shown, gradebook: Gradebook) -> list[str]:
    change = one.change
    return [
        f"{timezone.localtime(change.at):%d.%m.%Y %H:%M}", str(gradebook), change.pupil.get_full_name(), one.lesson,
        one.was, one.became, change.comment, one.who, change.get_how_display(), one.reason,
    ]  # fmt: skip


def title_of(gradebook: Gradebook, date: datetime.date) -> str:
    return f"История журнала {gradebook} {russian.short_date(date)}"
