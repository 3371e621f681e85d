"""Medians, ratios, goals, and the table that is printed."""

import statistics
import sys
from dataclasses import dataclass, field

from tests.bench import targets
from tests.bench.load import Load
from tests.bench.targets import LIMIT, PORTAL, TARGETS, Target

SITE_NAMES = {LIMIT: "предельный сайт", PORTAL: "портал с демонстрационной школой"}
# What is timed may be a fifth beyond its goal on a shared machine; what is counted may not.
ALLOWANCE = 1.2


@dataclass(frozen=True)
class Sample:
    """One measurement of one page in one round."""

    cpu_ms: float
    per_second: float
    kb: float
    p50: float
    p95: float
    wrong: dict[int, int]

    @classmethod
    def of(cls, load: Load, cpu_seconds: float) -> "Sample":
        cpu_ms = cpu_seconds * 1000 / len(load.seconds)
        return cls(cpu_ms, load.per_second, load.kb, load.percentile(0.5), load.percentile(0.95), load.wrong)


@dataclass
class Results:
    """Samples of every target by its name, round after round, and what is measured once."""

    queries: dict[str, int]
    pages: dict[str, list[Sample]] = field(default_factory=dict)
    sign_ins: list[Sample] = field(default_factory=list)
    meanwhile: Sample | None = None
    worker_mib: dict[str, float] = field(default_factory=dict)
    first_visit: dict[str, int] = field(default_factory=dict)

    def ratio(self, target: Target) -> float | None:
        """CPU time beside the limit's page: the median over the rounds, each compared within itself."""
        if not target.beside:
            return None
        pairs = zip(self.pages[target.name], self.pages[target.beside], strict=True)
        return statistics.median(own.cpu_ms / limit.cpu_ms for own, limit in pairs)


@dataclass(frozen=True)
class Goal:
    """A figure and what it should be: `most` or `least`; timed figures are given an allowance by CHECK."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    timed: bool = True

    @property
    def failed(self) -> bool:
        allowance = ALLOWANCE if self.timed else 1
        return (self.most is not None and self.value > self.most * allowance) or (
            self.least is not None and self.value < self.least / allowance
        )

    def __str__(self) -> str:
        wanted = f"не больше {self.most:g}" if self.most is not None else f"не меньше {self.least:g}"
        return f"  {self.name:<58} {self.value:>8.1f} {self.unit:<8} {wanted:<15} {'МИМО ЦЕЛИ' if self.failed else ''}"


def median(samples: list[Sample], name: str) -> float:
    return statistics.median(getattr(sample, name) for sample in samples)


def page_goals(results: Results) -> list[Goal]:
    """Ratios and queries that have a goal."""
    goals = []
    for target in TARGETS:
        if target.at_most is not None:
            goals.append(Goal(f"{target.name}: отношение", results.ratio(target), "×", most=target.at_most))
        if target.queries is not None:
            count = results.queries[target.name]
            goals.append(Goal(f"{target.name}: запросов", count, "", most=target.queries, timed=False))
    return goals


def other_goals(results: Results) -> list[Goal]:
    later = max(median(results.pages[name], "kb") for name in targets.LATER_PAGES)
    first = sum(results.first_visit.values()) / 1024
    meanwhile, per_second = results.meanwhile.p95, median(results.sign_ins, "per_second")
    return [
        Goal("Входов в секунду, все с одного адреса", per_second, "в с", least=targets.SIGN_INS_A_SECOND),
        Goal("Кабинет во время этих входов, p95", meanwhile, "мс", most=targets.WAIT_MEANWHILE_MS),
        Goal("Память рабочего процесса (PSS)", results.worker_mib[PORTAL], "МиБ", most=targets.WORKER_MIB, timed=False),
        Goal("Первое посещение: страница и все её файлы", first, "КБ", most=targets.FIRST_VISIT_KB, timed=False),
        Goal("Следующая страница, самая тяжёлая", later, "КБ", most=targets.LATER_PAGE_KB, timed=False),
    ]


def refusals(results: Results) -> list[str]:
    """Answers of another status than expected, anywhere in the run; there must be none."""
    everything = {**results.pages, "Вход": results.sign_ins, "Кабинет во время входов": [results.meanwhile]}
    return [f"{name}: {sample.wrong}" for name, samples in everything.items() for sample in samples if sample.wrong]


def failures(results: Results) -> list:
    return [goal for goal in page_goals(results) + other_goals(results) if goal.failed] + refusals(results)


def line(name: str, goal: str, ratio: float | None, samples: list[Sample], queries: int | str) -> str:
    cpu, kb, rate, p50, p95 = (median(samples, field) for field in ("cpu_ms", "kb", "per_second", "p50", "p95"))
    shown = f"{ratio:.2f}" if ratio else "–"
    return f"| {name:<30} | {goal:>6} | {shown:>6} | {cpu:>6.2f} | {queries:>8} | {kb:>6.1f} | {rate:>6.0f} | {p50:>5.0f} / {p95:<5.0f} |"


def show(results: Results, kind: str, options) -> None:
    say(f"\n{kind}, учеников {options.pupils}, кругов {options.rounds} по {options.seconds:g} с, медианы\n")
    say("| страница                       | цель × | отнош. | ЦП, мс | запросов |     КБ | в сек. | p50 / p95, мс |")
    say("| ------------------------------ | ------ | ------ | ------ | -------- | ------ | ------ | ------------- |")
    for target in TARGETS:
        goal = f"≤ {target.at_most:g}" if target.at_most else "–"
        say(line(target.name, goal, results.ratio(target), results.pages[target.name], results.queries[target.name]))
    say(line("Вход: пароль и новый сеанс", "–", None, results.sign_ins, "–"))
    say("\n" + "\n".join(map(str, other_goals(results))))
    say(f"  (рабочий процесс предельного сайта: {results.worker_mib[LIMIT]:.1f} МиБ)")
    say("  (первое посещение: " + ", ".join(f"{a} {n / 1024:.1f}" for a, n in results.first_visit.items()) + ")")
    for failure in failures(results):
        say(f"МИМО ЦЕЛИ: {str(failure).strip()}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
