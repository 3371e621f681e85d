"""Where a rollover stands, for its pages."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import AcademicYear, Order, OrderLine, Rollover, SchoolClass
from accounts.planning.kinds import KINDS
from accounts.rollover.checks import ERROR, WARNING, Check
from accounts.rollover.drafts import effective_on, next_step
from accounts.rollover.pupils import Preview

# A school that is late finishes the last year's rollover in autumn.
LATE = datetime.timedelta(days=120)


@dataclass(frozen=True)
class Begin:
    """A year from which a rollover may begin; `next_year` is there already, or is to be opened with these days."""

    year: AcademicYear
    next_year: AcademicYear | None
    starts: datetime.date
    ends: datetime.date


def years_to_begin(date: datetime.date) -> list[Begin]:
    """This year, and in autumn the last one where the school is late; those without a rollover."""
    years = AcademicYear.objects.filter(starts__lte=date, ends__gte=date - LATE, rollover_from__isnull=True)
    return [_begin(year) for year in years.filter(_has_classes()).distinct().order_by("-starts")]


def _has_classes() -> Q:
    return Q(classes__isnull=False)


def _begin(year: AcademicYear) -> Begin:
    starts = year.ends + datetime.timedelta(days=1)
    return Begin(year, year.following(), starts, AcademicYear.usual_dates(starts)[1])


@dataclass(frozen=True)
class Progress:
    """Pupils of the whole school by what is left to do about them."""

    total: int
    done: int
    signed: int
    undecided: int
    classes: int
    checked: int

    @property
    def is_all_done(self) -> bool:
        return self.total > 0 and self.done == self.total


def progress(preview: Preview) -> Progress:
    lines = [one for one in preview.summary if one.rows]
    return Progress(
        total=sum(len(one.rows) for one in lines),
        done=sum(one.done for one in lines),
        signed=sum(one.signed for one in lines),
        undecided=sum(one.undecided for one in lines),
        classes=len(lines),
        checked=sum(one.is_checked for one in lines),
    )


def check_counts(found: list[Check]) -> dict[str, int]:
    """How many checks ask for mending and for a look."""
    levels = [check.level for check in found]
    return {"errors": levels.count(ERROR), "warnings": levels.count(WARNING)}


def following_class(preview: Preview, school_class: SchoolClass) -> SchoolClass | None:
    """The class after this one, in the order of the list."""
    place = preview.classes.index(school_class) + 1
    return preview.classes[place] if place < len(preview.classes) else None


@dataclass(frozen=True)
class OrderRow:
    """An order of the rollover with the number of its lines and what it waits for."""

    order: Order
    lines: int
    next_step: str

    @property
    def kind(self) -> str:
        """The look of the tag."""
        return {Order.State.EXECUTED: "ok", Order.State.SIGNED: "info", Order.State.CANCELLED: "no"}.get(
            Order.State(self.order.state), "wait"
        )


def orders_of(rollover: Rollover) -> list[OrderRow]:
    rows = rollover.orders.annotate(line_count=Count("lines")).order_by("pk")
    return [OrderRow(row, row.line_count, next_step(row)) for row in rows]


@dataclass(frozen=True)
class Wanted:
    """A draft as the decisions ask for it."""

    title: str
    date: datetime.date
    lines: int


def wanted(preview: Preview, lines: dict[str, list[OrderLine]]) -> list[Wanted]:
    """Kinds of orders that somebody is in, with the number of pupils."""
    return [
        Wanted(KINDS[kind].title, effective_on(preview.rollover, kind), len(rows))
        for kind, rows in lines.items()
        if rows
    ]


@dataclass(frozen=True)
class Step:
    """What to do next: the name of the page and what its button says."""

    page: str
    words: str


def current_step(preview: Preview, counts: dict[str, int], now: Progress) -> Step | None:
    """The first step that is not settled; None where all is done."""
    if now.is_all_done:
        return None
    if not preview.next_classes:
        return Step("accounts:rollover_classes", "Открыть классы")
    if counts["errors"]:
        return Step("accounts:rollover_checks", "Посмотреть, что исправить")
    if now.undecided or now.checked < now.classes:
        return Step("accounts:rollover_preview", "Проверить итоги года")
    return Step("accounts:rollover_orders", "К приказам")
