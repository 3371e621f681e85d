"""What pages show of elements' availability (5.6): the state, the history, the overview. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from eios.lib import russian
from eios.lib.dates import today
from eios.lib.outside import Outcome
from resources import charts
from resources.models import Availability, AvailabilityCheck, Element
from resources.models.availability import CERTIFICATE_SOON, FAILURES, KEPT

ON_CHART = 60
# At least so many seconds high is the chart: quick answers should look quick.
CHART_TOP = 2000


def asked(slugs: Iterable[str] = ()) -> QuerySet[Element]:
    """Outside elements and parts with an http(s) address: all of them, or those of the slugs."""
    web = Q(address__startswith="http://") | Q(address__startswith="https://")
    found = Element.objects.filter(web, kind=Element.Kind.EXTERNAL)
    return found.filter(slug__in=slugs) if slugs else found


@dataclass(frozen=True)
class Shown:
    """An element's state in words; `kind` is that of ui/tag.html."""

    kind: str
    words: str
    state: Availability

    @property
    def milliseconds(self) -> str:
        """How long the answer took: «0,24 с»; "" where there was none."""
        return seconds(self.state.milliseconds) if self.state.works else ""

    @property
    def certificate(self) -> str:
        """«сертификат истекает через 5 дней»; "" while there is time."""
        days = self.state.certificate_days(today())
        if days is None or days > CERTIFICATE_SOON.days:
            return ""
        if days < 0:
            return "сертификат истёк"
        if days == 0:
            return "сертификат истекает сегодня"
        return f"сертификат истекает через {days} {russian.plural(days, 'день', 'дня', 'дней')}"


def shown(element: Element) -> Shown | None:
    """The state of the element's present address; None where it has not been checked."""
    state = getattr(element, "availability", None)
    if state is None or state.address != element.address:
        return None
    return Shown(*_words(state), state)


def _words(state: Availability) -> tuple[str, str]:
    if state.works:
        return "ok", "работает"
    if state.is_refused:
        return "", "не проверяется"
    if not state.is_down:
        return "wait", "одна проверка не удалась"
    return "no", f"{state.get_outcome_display()} с {moment(state.since)}"


def moment(at: datetime.datetime) -> str:
    """«22.11.2026 10:05»"""
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M}"


# The overview


def listing(filters: dict) -> list[tuple[Element, Shown | None]]:
    """Every outside element with a web address and its state, troubles first; one query."""
    found = asked().matching(filters["q"]).select_related("availability", "parent")
    rows = [(element, shown(element)) for element in found.order_by("order", "number", "name")]
    chosen = [row for row in rows if _suits(row[1], filters["state"])]
    return sorted(chosen, key=lambda row: _urgency(row[1]))


def _suits(state: Shown | None, wanted: str) -> bool:
    tests = {
        "": lambda: True,
        "works": lambda: bool(state and state.kind == "ok"),
        "down": lambda: bool(state and state.kind in ("no", "wait")),
        "certificate": lambda: bool(state and state.certificate),
        "unchecked": lambda: state is None or state.state.is_refused,
    }
    return tests[wanted]()


def _urgency(state: Shown | None) -> int:
    if state is None:
        return 3
    if state.kind in ("no", "wait"):
        return 0 if state.kind == "no" else 1
    return 2 if state.certificate else 4


# The history of one element


def history(element: Element) -> QuerySet[AvailabilityCheck]:
    return AvailabilityCheck.objects.filter(element=element)


@dataclass(frozen=True)
class Summary:
    """How the element answered lately; `percent` is of the checks that were really made."""

    made: int
    worked: int
    chart: charts.Chart | None
    text: str

    @property
    def percent(self) -> int:
        # Rounded down: 100 means every single one.
        return 100 * self.worked // self.made if self.made else 0


def summary(element: Element) -> Summary:
    """The share of good checks in what is kept, and the last ones as columns of milliseconds."""
    made = history(element).filter(at__gte=timezone.now() - KEPT).exclude(outcome=Outcome.REFUSED.value)
    counts = made.aggregate(made=Count("pk"), worked=Count("pk", filter=~Q(outcome__in=FAILURES)))
    latest = list(made[:ON_CHART])[::-1]
    return Summary(**counts, chart=_chart(latest), text=_chart_text(latest))


def _chart(checks: list[AvailabilityCheck]) -> charts.Chart | None:
    if not checks:
        return None
    slowest = max([check.milliseconds or 0 for check in checks if not check.is_failure], default=0)
    top = max(slowest, CHART_TOP)
    columns = [charts.Column(top if c.is_failure else c.milliseconds or 0, is_bad=c.is_failure) for c in checks]
    return charts.columns(columns, top=top, places=ON_CHART, width=8, gap=2)


def _chart_text(checks: list[AvailabilityCheck]) -> str:
    """The chart in a sentence, for those who don't see it."""
    if not checks:
        return ""
    good = sorted(check.milliseconds or 0 for check in checks if not check.is_failure)
    failures = len(checks) - len(good)
    count = f"{len(checks)} {russian.plural(len(checks), 'проверка', 'проверки', 'проверок')}"
    parts = [f"С {moment(checks[0].at)} по {moment(checks[-1].at)}: {count}, неудачных: {failures}"]
    if good:
        parts.append(f"обычное время ответа {seconds(good[len(good) // 2])}, наибольшее {seconds(good[-1])}")
    return "; ".join(parts) + "."


def seconds(milliseconds: int) -> str:
    """«0,24 с»"""
    return f"{milliseconds / 1000:.2f} с".replace(".", ",")
