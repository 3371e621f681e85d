"""Medians, ratios, goals, and the table that is printed."""

import statistics
import sys
from dataclasses import dataclass, field

from tests.bench import targets
from tests.bench.load import Load
from tests.bench.targets import PORTAL, TARGETS, Target

# CHECK forgives a fifth where a clock is read, on a shared machine; what is counted has no excuse.
TIMED, COUNTED = 1.2, 1.0
HEAD = "| Страница                       |  Цель | Отнош. | ЦП, мс | Запросов |    КБ | В сек. | p50 / p95, мс |"


@dataclass(frozen=True)
class Goal:
    """A figure that must not be above `most` or below `least`."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None
    slack: float = TIMED

    def is_missed(self, slack: float) -> bool:
        above = self.most is not None and self.value > self.most * slack
        return above or (self.least is not None and self.value < self.least / slack)

    @property
    def fails(self) -> bool:
        return self.is_missed(self.slack)

    def __str__(self) -> str:
        wanted = f"не больше {self.most:g}" if self.most is not None else f"не меньше {self.least:g}"
        verdict = "МИМО ЦЕЛИ" if self.fails else "чуть мимо" if self.is_missed(1) else ""
        return f"{self.name:<56} {self.value:>8.2f}   {wanted:<14} {verdict}".rstrip()


@dataclass
class Results:
    """Measurements by the name of the page, one a round, and what is measured once."""

    queries: dict[str, int]
    on_sqlite: bool = False
    pages: dict[str, list[Load]] = field(default_factory=dict)
    sign_ins: list[Load] = field(default_factory=list)
    meanwhile: Load | None = None
    worker_mib: dict[str, float] = field(default_factory=dict)
    first_visit: dict[str, float] = field(default_factory=dict)

    def ratio(self, target: Target) -> float:
        """CPU time beside the limit's page: the median of the rounds' own ratios."""
        pairs = zip(self.pages[target.name], self.pages[target.beside or target.name], strict=True)
        return statistics.median(own.figures()["cpu"] / limit.figures()["cpu"] for own, limit in pairs)

    def refusals(self) -> list[str]:
        """Answers of another status than expected, anywhere in the run; there must be none."""
        everything = {**self.pages, "Вход": self.sign_ins, "Во время входов": [self.meanwhile]}
        return [f"{name}: ответы {one.wrong[:5]}" for name, loads in everything.items() for one in loads if one.wrong]

    def goals(self) -> list[Goal]:
        ratios = [
            Goal(f"{t.name}: отношение", self.ratio(t), most=t.goal(self.on_sqlite)) for t in TARGETS if t.at_most
        ]
        counts = [(t.name, self.queries[t.name], t.queries) for t in TARGETS if t.queries]
        ordinary = (t for t in TARGETS if t.site == PORTAL and t.path != "/login/" and not t.whole)
        later = max(median(self.pages[t.name], "kb") for t in ordinary)
        rate, first = median(self.sign_ins, "rate"), sum(self.first_visit.values())
        return [
            *ratios,
            *(Goal(f"{name}: запросов", count, most=most, slack=COUNTED) for name, count, most in counts),
            Goal("Входов в секунду, все с одного адреса", rate, least=targets.SIGN_INS_A_SECOND),
            Goal(
                "Кабинет во время этих входов, p95, мс", self.meanwhile.figures()["p95"], most=targets.MEANWHILE_P95_MS
            ),
            Goal("Память рабочего процесса, МиБ", self.worker_mib[PORTAL], most=targets.WORKER_MIB, slack=COUNTED),
            Goal("Первое посещение со всеми файлами, КБ", first, most=targets.FIRST_VISIT_KB, slack=COUNTED),
            Goal("Следующая страница, самая тяжёлая, КБ", later, most=targets.LATER_PAGE_KB, slack=COUNTED),
        ]


def median(loads: list[Load], name: str) -> float:
    return statistics.median(load.figures()[name] for load in loads)


def line(name: str, goal: str, ratio: str, queries: str, loads: list[Load]) -> str:
    cpu, kb, rate, p50, p95 = (median(loads, figure) for figure in ("cpu", "kb", "rate", "p50", "p95"))
    figures = f"{cpu:>6.2f} | {queries:>8} | {kb:>5.1f} | {rate:>6.0f} | {p50:>5.0f} / {p95:<5.0f}"
    return f"| {name:<30} | {goal:>5} | {ratio:>6} | {figures} |"


def show(results: Results, title: str) -> bool:
    """Prints everything; True when all goals are met and every answer was the expected one."""
    say(f"\n{title}\n\n{HEAD}\n" + "".join("|" if sign == "|" else "-" for sign in HEAD))
    for target in TARGETS:
        goal, ratio = target.goal(results.on_sqlite), results.ratio(target)
        shown = f"{ratio:.2f}" if target.beside else ""
        say(
            line(
                target.name,
                f"≤ {goal}" if goal else "",
                shown,
                str(results.queries.get(target.name, "")),
                results.pages[target.name],
            )
        )
    say(line("Вход: пароль и новый сеанс", "", "", "", results.sign_ins) + "\n")
    goals, refusals = results.goals(), results.refusals()
    say("\n".join(map(str, goals)))
    say("Первое посещение: " + ", ".join(f"{address} {kb:.1f}" for address, kb in results.first_visit.items()))
    say("\n".join(refusals) if refusals else "Все ответы с ожидаемым статусом.")
    return not refusals and not any(goal.fails for goal in goals)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
