"""A thematic plan from a table or from typed lines: located rows → topics, and what is wrong with which (6.1). Pure.

A row with a name and no hours is a heading: the section of the topics below it. Rows of totals are passed over.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from eios.lib import tables
from eios.lib.search import fold
from eios.lib.tables import Heading, Layout, values
from resources.models.programmes import MOST_HOURS, Topic, hours_words
from resources.topic_links import words_of

MOST_TOPICS = 500
LAYOUT = Layout(
    headings=(
        Heading("section", "Раздел", ("наименование раздела", "название раздела", "модуль")),
        Heading(
            "name", "Тема",
            ("тема урока", "темы", "наименование темы", "наименование разделов и тем", "наименование тем",
             "наименование разделов и тем программы", "наименование разделов и тем учебного предмета",
             "тема занятия", "название темы", "раздел тема", "разделы и темы"),
        ),
        Heading(
            "hours", "Часов",
            ("часы", "количество часов", "кол-во часов", "кол во часов", "количество часов всего", "всего",
             "всего часов", "число часов"),
        ),
        Heading(
            "work", "Вид работы",
            ("виды работы", "вид работ", "вид деятельности", "виды деятельности", "форма контроля", "тип урока",
             "виды формы контроля", "основные виды деятельности обучающихся", "вид учебной деятельности"),
        ),
        Heading("way", "Как проводится", ("форма проведения", "форма занятия", "эо и дот", "эо дот", "дот")),
        Heading(
            "resources", "Ресурсы",
            ("эор", "цор", "электронные образовательные ресурсы", "электронные цифровые образовательные ресурсы",
             "электронные учебно-методические материалы", "ресурс", "материалы"),
        ),
    ),
    needs=(("name", "hours"),),
)  # fmt: skip
WAYS = {
    "": Topic.Way.IN_PERSON,
    "очно": Topic.Way.IN_PERSON,
    "очная": Topic.Way.IN_PERSON,
    "нет": Topic.Way.IN_PERSON,
    "эо": Topic.Way.E_LEARNING,
    "электронное обучение": Topic.Way.E_LEARNING,
    "с применением эо": Topic.Way.E_LEARNING,
    "дот": Topic.Way.DISTANCE,
    "дистанционно": Topic.Way.DISTANCE,
    "дистанционные технологии": Topic.Way.DISTANCE,
    "дистанционные образовательные технологии": Topic.Way.DISTANCE,
    "с применением дот": Topic.Way.DISTANCE,
}
_TOTAL = re.compile(
    r"итого\b.*|общее (?:количество|кол-во|число) часов.*|всего(?: часов.*| по (?:разделу|программе|плану).*)?"
)
# A typed heading that ends the section above without beginning another.
NO_SECTION = "-"
_LENGTHS = {"section": 200, "name": 300, "work": 120, "resources": 500}
_TITLES = {"section": "раздел", "name": "тема", "work": "вид работы", "resources": "ресурсы"}
_ORDER = ("name", "hours", "work", "way", "resources")


@dataclass(frozen=True)
class Line:
    """A topic as it was read."""

    section: str
    name: str
    hours: Decimal
    work: str
    way: str
    resources: str

    @property
    def hours_text(self) -> str:
        """«2», «1,5»."""
        return hours_words(self.hours)


@dataclass
class Plan:
    """Topics in order, and what is wrong: each remark says where. A plan with remarks is not recorded."""

    lines: list[Line] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def hours(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))


def from_file(data: bytes) -> Plan:
    """The plan of an uploaded table.

    Raises tables.TableError: not a table, or without the columns of topic and hours.
    """
    rows = tables.locate(tables.read(data), LAYOUT).rows
    return _plan((_place(row), {key: values.text(row.values.get(key)) for key in _keys()}) for row in rows)


def from_text(typed: str) -> Plan:
    """The plan of typed or pasted lines: «тема; часы; вид работы; как проводится; ресурсы»."""
    return _plan(_typed(typed))


def to_text(topics: Iterable[Topic]) -> str:
    """Topics as lines to be edited; `from_text` reads them back the same."""
    return lines_to_text(
        Line(topic.section, topic.name, topic.hours, topic.work, topic.way, words_of(topic)) for topic in topics
    )


def lines_to_text(read: Iterable[Line]) -> str:
    """The same of topics that are not recorded yet: what a file held, to be looked at and put right."""
    lines, section = [], ""
    for line in read:
        if line.section != section:
            section = line.section
            lines.append(section.replace(";", ",") or NO_SECTION)
        way = "" if line.way == Topic.Way.IN_PERSON else Topic.Way(line.way).label
        parts = [line.name, line.hours_text, line.work, way, line.resources]
        lines.append("; ".join(part.replace(";", ",") for part in parts).rstrip("; "))
    return "\n".join(lines)


def _keys() -> list[str]:
    return [heading.key for heading in LAYOUT.headings]


def _place(row) -> str:
    return f"{row.sheet}, строка {row.number}" if row.sheet else f"Строка {row.number}"


def _typed(typed: str) -> Iterator[tuple[str, dict[str, str]]]:
    for number, line in enumerate(typed.splitlines(), 1):
        cells = [" ".join(cell.split()) for cell in re.split(r"\t|;", line, maxsplit=len(_ORDER) - 1)]
        yield f"Строка {number}", dict(zip(_ORDER, cells, strict=False))


def _plan(rows: Iterable[tuple[str, dict[str, str]]]) -> Plan:
    plan, section = Plan(), ""
    for place, cells in rows:
        if len(plan.lines) > MOST_TOPICS or len(plan.errors) > MOST_TOPICS:
            break
        name, hours = cells.get("name", ""), cells.get("hours", "")
        if not name or _TOTAL.fullmatch(fold(name).strip(" .:")):
            if not name and hours and not _is_sum(hours, plan, section):
                plan.errors.append(f"{place}: есть часы, а темы нет.")
            continue
        if not hours:
            section = "" if name == NO_SECTION else name
            plan.errors += _too_long(place, {"section": name})
            continue
        line = _line(place, cells | {"section": cells.get("section") or section}, plan.errors)
        if line:
            plan.lines.append(line)
    if len(plan.lines) > MOST_TOPICS:
        plan.errors.append(f"Тем больше {MOST_TOPICS}: похоже, это не план одной программы.")
    return plan


def _is_sum(text: str, plan: Plan, section: str) -> bool:
    """A total whose word stands in a column of its own: of the section, or of the whole plan."""
    of_section = sum((line.hours for line in plan.lines if line.section == section), Decimal(0))
    return _hours(text) in (of_section, plan.hours)


def _line(place: str, cells: dict[str, str], errors: list[str]) -> Line | None:
    found = _too_long(place, cells)
    hours = _hours(cells["hours"])
    if hours is None:
        found.append(f"{place}: часы — число от 0,5 до {MOST_HOURS}, а написано «{cells['hours'][:40]}».")
    way = WAYS.get(fold(cells.get("way", "")).strip(" ."))
    if way is None:
        found.append(
            f"{place}: «{cells['way'][:40]}» не подходит. Напишите: очно, электронное обучение, "
            "дистанционные технологии (или: ЭО, ДОТ)."
        )
    errors += found
    if found:
        return None
    return Line(cells["section"], cells["name"], hours, cells.get("work", ""), way, cells.get("resources", ""))


def _too_long(place: str, cells: dict[str, str]) -> list[str]:
    return [
        f"{place}: {_TITLES[key]} длиннее {most} знаков."
        for key, most in _LENGTHS.items()
        if len(cells.get(key) or "") > most
    ]


def _hours(text: str) -> Decimal | None:
    try:
        hours = Decimal(text.replace(",", ".").replace("ч", "").strip(" ."))
    except InvalidOperation:
        return None
    if not hours.is_finite() or not Decimal("0.5") <= hours <= MOST_HOURS:
        return None
    return hours.quantize(Decimal("0.1"))
