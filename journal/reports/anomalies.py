"""What in a gradebook asks for a second look. Pure: values in, sentences out; `journal.reports.findings` reads rows."""

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from journal.models.gradebooks import Scale
from journal.periods import Period
from journal.scales import CENT, EXEMPT, NOT_ATTESTED

# Fewer marks than that don't make a term's result.
ENOUGH_MARKS = 3
# By so much the result may differ from the mean.
FAR = Decimal(1)
# A gradebook without marks for so many weeks of lessons; a «2» of a term that nobody has asked about for so many.
SILENT_WEEKS, AFTER_TWO_WEEKS = 3, 2
DAY, WEEK = datetime.timedelta(days=1), 7


class Kind(enum.Enum):
    """In the order of the report; the value stands in the address."""

    MISSING = "missing"
    NO_MARKS = "no-marks"
    FAR = "far"
    SOURCE = "source"
    TWO = "two"
    SILENT = "silent"
    DAY_OFF = "day-off"
    DEPARTED = "departed"
    FEW = "few"

    @property
    def title(self) -> str:
        return TITLES[self]

    @property
    def help(self) -> str:
        return HELP[self]


TITLES = {
    Kind.MISSING: "Результаты не выставлены",
    Kind.NO_MARKS: "Результат без отметок",
    Kind.FAR: "Результат далёк от средней",
    Kind.SOURCE: "Средняя не сходится",
    Kind.FEW: "Мало отметок",
    Kind.TWO: "«2» за период, и с тех пор ничего",
    Kind.SILENT: "Давно нет отметок",
    Kind.DAY_OFF: "Отметка в нерабочий день",
    Kind.DEPARTED: "Отметка не своему",
}
HELP = {
    Kind.MISSING: "Период кончился, а результата нет.",
    Kind.NO_MARKS: "Результат есть, а за период нет ни одной отметки, из которой он следует.",
    Kind.FAR: "Результат отличается от средней отметок больше чем на один балл.",
    Kind.SOURCE: "Средняя, которую назвала внешняя система, не равна средней загруженных отметок.",
    Kind.FEW: f"За период меньше {ENOUGH_MARKS} отметок.",
    Kind.TWO: f"Период кончился двойкой, и за {AFTER_TWO_WEEKS} недели следующего нет ни одной новой отметки.",
    Kind.SILENT: f"{SILENT_WEEKS} учебные недели и больше никому не поставлено ни одной отметки.",
    Kind.DAY_OFF: "По календарному графику в этот день не учились.",
    Kind.DEPARTED: "В этот день обучающийся в классе уже или ещё не числился.",
}


@dataclass(frozen=True)
class Given:
    """A pupil's marks in a subject over a period: how many, and Σ(m·w), Σw of those that are numbers."""

    count: int = 0
    total: Decimal = Decimal(0)
    weights: Decimal = Decimal(0)

    @property
    def average(self) -> Decimal | None:
        """Two decimals, half up. Sums may come from a database that counts in binary fractions: weights have two
        decimals, so that sums are exact in hundredths."""
        weights = round(self.weights * 100)
        return (Decimal(round(self.total * 100)) / weights).quantize(CENT, ROUND_HALF_UP) if weights else None


def check_result(value: str, source: Decimal | None, given: Given, scale: str) -> list[tuple[Kind, str]]:
    """What is odd about the result of a term; nothing where the subject has no marks to be counted."""
    if scale not in (Scale.FIVE, Scale.POINTS) or value in ("", EXEMPT, NOT_ATTESTED):
        return []
    if not given.count:
        return [(Kind.NO_MARKS, f"Результат «{value}», отметок за период нет.")]
    found = [] if given.count >= ENOUGH_MARKS else [(Kind.FEW, f"Результат «{value}», отметок: {given.count}.")]
    mean = given.average
    if scale == Scale.FIVE and value.isdigit() and mean is not None and abs(int(value) - mean) > FAR:
        found.append((Kind.FAR, f"Результат «{value}», средняя {comma(mean)}."))
    if source is not None and mean is not None and source.quantize(CENT, ROUND_HALF_UP) != mean:
        found.append((Kind.SOURCE, f"В источнике {comma(source)}, по отметкам {comma(mean)}."))
    return found


def comma(number: Decimal) -> str:
    """«4,33»"""
    return str(number.quantize(CENT, ROUND_HALF_UP)).replace(".", ",")


def lesson_weeks(periods: Iterable[Period], after: datetime.date, until: datetime.date) -> int:
    """Whole weeks of terms after the one day and up to the other; breaks are not counted."""
    days = 0
    for one in periods:
        first, last = max(one.starts, after + DAY), min(one.ends, until)
        days += max((last - first).days + 1, 0)
    return days // WEEK
