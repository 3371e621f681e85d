"""The deputy head's desk: what in the journals waits for somebody, each block leading to where it is mended.

A block is a function of `BLOCKS`; parts of the journal add theirs at the end of the table.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts.models import AcademicYear, User
from eios.lib.dates import start_of_day
from eios.lib.russian import plural, short_date
from journal import unposted
from journal.attestation import councils, debts
from journal.models import Council, Gradebook
from journal.periods import Period
from journal.reports import findings
from journal.reports.anomalies import Kind
from journal.reports.findings import Finding
from journal.reports.scope import Scope

# A mirror older than that in a term is asked for.
STALE_DAYS = 14
# Lines of a block; the whole list stands at its address.
LINES = 6


@dataclass(frozen=True)
class Line:
    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Block:
    """What waits: how many, the first lines, where the whole list is; `calm` is said when nothing waits.

    `icon` is an icon of the sprite.
    """

    title: str
    count: int
    lines: list[Line] = field(default_factory=list)
    url: str = ""
    button: str = "Весь список"
    calm: str = "Ничего не ждёт."
    icon: str = "clipboard"

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class Desk:
    """The current year as the one at the desk sees it; blocks share what it has read."""

    person: User
    year: AcademicYear
    date: datetime.date

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.person, self.year, self.date)

    def period_now(self, grade: int) -> Period | None:
        """The term that the grade is in; None in a break."""
        return next((one for one in self.scope.days.periods.get(grade, ()) if one.holds(self.date)), None)

    @cached_property
    def found(self) -> list[tuple[int, list[Finding]]]:
        """Findings of the last term that is over and of the running one."""
        usual = findings.usual_term(self.scope)
        running = {one.number for one in self.scope.days.longest if one.holds(self.date)}
        return [(number, findings.look(self.scope, number)) for number in sorted({usual} | running) if number]


def stale_mirrors(desk: Desk) -> Block:
    """Gradebooks kept elsewhere that nobody has refreshed for two weeks of a term, or never."""
    moment = start_of_day(desk.date - datetime.timedelta(days=STALE_DAYS))
    rows = Gradebook.objects.of_year(desk.year).kept_elsewhere()
    rows = rows.filter(Q(mirrored_at__isnull=True) | Q(mirrored_at__lt=moment)).listed()
    stale = [one for one in rows if _has_run(desk, one)]
    lines = [Line(str(one), _freshness(one), _gradebook_url(one)) for one in stale[:LINES]]
    return Block(
        "Давно не загружали", len(stale), lines, _url("journal:import_list"), "К загрузкам",
        f"Все журналы, которые ведутся во внешней системе, обновляли за последние {STALE_DAYS} дней.", "refresh",
    )  # fmt: skip


def _has_run(desk: Desk, book: Gradebook) -> bool:
    """The term has lasted long enough for the file to be asked for."""
    period = desk.period_now(book.school_class.grade)
    return period is not None and (desk.date - period.starts).days > STALE_DAYS


def _freshness(book: Gradebook) -> str:
    return f"данные на {short_date(book.mirrored_at.date())}" if book.mirrored_at else "ещё не загружали"


def results_missing(desk: Desk) -> Block:
    """Terms that are over, and results are not there."""
    return _of_findings(
        desk, "Результаты не выставлены", lambda one: one.kind == Kind.MISSING,
        "Все результаты окончившегося периода выставлены.", "clock", Kind.MISSING.value,
    )  # fmt: skip


def lessons_unposted(desk: Desk) -> Block:
    """Lessons of gradebooks kept here that have been and have no topic, or neither a mark nor an absence."""
    scope = unposted.Scope(desk.year, desk.date, known_days=desk.scope.days)
    found = [one for one in unposted.totals_of(scope) if one.waits]
    url = _url("journal:unposted_list")
    lines = [
        Line(one.teacher.initials, f"без темы {one.topic}, без отметок {one.marks}", f"{url}?teacher={one.teacher.pk}")
        for one in found[:LINES]
    ]
    calm = "Уроки журналов, которые ведутся на портале, заполнены."
    return Block("Не выставлено", len(found), lines, url, "По учителям", calm, "grid")


def anomalies(desk: Desk) -> Block:
    """Everything else that asks for a second look, by kind."""
    lines, total = [], 0
    for number, found in desk.found:
        numbers = [(kind, count) for kind, count in findings.counted(found) if count and kind != Kind.MISSING]
        total += sum(count for _, count in numbers)
        names = {one.number: one.name for one in desk.scope.days.longest}
        for kind, count in numbers:
            lines.append(Line(kind.title, f"{names[number]}: {count}", _anomalies_url(number, kind.value)))
    url = reverse("journal:report_anomalies")
    return Block("Что проверить", total, lines, url, calm="Странного в журналах нет.", icon="warning")


def open_debts(desk: Desk) -> Block:
    """Academic debts that are not cleared, of whatever year (273-ФЗ, ст. 58)."""
    rows = debts.in_state(debts.seen(desk.person, desk.date), debts.OPEN, desk.date)
    lines = [
        Line(str(one), f"{one.gradebook.school_class}, до {short_date(one.until)}", _url("journal:debt_detail", one.pk))
        for one in rows.listed()[:LINES]
    ]
    url = reverse("journal:debt_list")
    return Block("Академические задолженности", rows.count(), lines, url, calm="Задолженностей нет.", icon="flag")


def councils_waiting(desk: Desk) -> Block:
    """Councils of the year that have not been confirmed: families do not see those results."""
    rows = list(councils.listed().filter(year=desk.year).exclude(state=Council.State.CONFIRMED))
    titles = councils.titles_of(rows)
    lines = [
        Line(titles[one.pk], one.get_state_display(), _url("journal:council_detail", one.pk)) for one in rows[:LINES]
    ]
    calm = "Педсоветы, которые начаты, утверждены."
    return Block("Педсоветы по итогам", len(rows), lines, reverse("journal:council_list"), calm=calm, icon="people")


def _of_findings(desk: Desk, title: str, chosen: Callable, calm: str, icon: str, kind: str) -> Block:
    found = [(number, one) for number, own in desk.found for one in own if chosen(one)]
    lines = [Line(str(one.book), one.text, _gradebook_url(one.book)) for _, one in found[:LINES]]
    url = _anomalies_url(found[0][0], kind) if found else ""
    return Block(title, len(found), lines, url, calm=calm, icon=icon)


def _anomalies_url(number: int, kind: str) -> str:
    return f"{reverse('journal:report_anomalies')}?term={number}&kind={kind}"


def _gradebook_url(book: Gradebook) -> str:
    return _url("journal:gradebook_detail", book.pk)


def _url(name: str, *args) -> str:
    """The address of another part of the journal; "" while it has none of that name, and the line is no link."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# Blocks in the order of the page.
BLOCKS: list[Callable[[Desk], Block]] = [
    stale_mirrors, results_missing, lessons_unposted, councils_waiting, open_debts, anomalies,
]  # fmt: skip


def blocks(desk: Desk) -> list[Block]:
    """What waits first, then what is in order; constant queries."""
    found = [block(desk) for block in BLOCKS]
    return sorted(found, key=lambda one: one.count == 0)


def summary(found: list[Block]) -> str:
    """«Ждёт внимания: 3 раздела»"""
    waiting = sum(1 for one in found if one.count)
    if not waiting:
        return "Ничего не ждёт: журналы в порядке."
    return f"Ждёт внимания: {waiting} {plural(waiting, 'раздел', 'раздела', 'разделов')} из {len(found)}."
