"""Words of gradebooks: cells with marks and codes, months, names of periods, the lines above a table. Pure."""

import datetime
import re

from eios.lib.russian import MONTHS
from eios.lib.tables import values
from journal.models import Absence, ResultKind

Code = Absence.Code
# As «Сетевой город» writes them, and as printed journals do.
CODES = {
    "уп": Code.EXCUSED, "у": Code.EXCUSED, "б": Code.ILL, "нп": Code.UNEXCUSED, "от": Code.ABSENT, "н": Code.ABSENT,
    "оп": Code.LATE, "о": Code.LATE, "осв": Code.EXEMPT,
}  # fmt: skip
# A mark that is still owed: it says nothing yet.
_OWED = {".", "•", "·", "-", "–", "—"}
_PARTS = re.compile(r"[\s,;/|]+")
_KEPT_WHOLE = {"н/а", "н/a"}
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_TERM = re.compile(
    r"\b([1-9]|iv|i{1,3})\s*(?:-?[а-я]{1,2})?\s*\.?\s*(?:учебн\w*\s+)?(?:четв|трим|полуг|период|семестр|модул)",
    re.IGNORECASE,
)
# Written with a word in front: «Триместр 1».
_TERM_AFTER = re.compile(
    r"(?:четв\w*|трим\w*|полуг\w*|период|семестр|модуль)\s*№?\s*([1-9]|iv|i{1,3})\b", re.IGNORECASE
)
_LABELS = ("Учебный год", "Учебный период", "Период", "Класс", "Ученик", "Обучающийся", "Предмет", "Школа")
_LABEL = re.compile(rf"\b({'|'.join(_LABELS)})\s*:", re.IGNORECASE)
_AS_OF = re.compile(r"Состояние\s+на\s*:?\s*(\d{1,2}\.\d{1,2}\.\d{4})(?:\s+(\d{1,2}:\d{2}(?::\d{2})?))?")
_SPAN = re.compile(r"с\s*(\d{1,2}\.\d{1,2}\.\d{2,4})\s*(?:г\.?)?\s*по\s*(\d{1,2}\.\d{1,2}\.\d{2,4})")
_YEAR = re.compile(r"(20\d{2})\s*[/\-–—]\s*(?:20)?\d{2}")
# In the nominative and the genitive, shortened, with its year: «Сентябрь», «сентября 2026 г.», «сен.».
_MONTH = re.compile(r"([а-я]+)\.?(?:,?\s*20\d\d(?:\s*г(?:\.|ода)?)?)?")


def read_cell(value) -> tuple[list[str], str]:
    """«5 4 Н», «5/Н» → (["5", "4"], "absent"). Raises ValueError for what is neither mark nor code."""
    text = values.text(value)
    if text.casefold() in _KEPT_WHOLE:
        return [text], ""
    marks, code = [], ""
    for part in filter(None, _PARTS.split(text)):
        folded = part.casefold().strip(".") or part
        if part in _OWED:
            continue
        if folded in CODES:
            if code and CODES[folded] != code:
                raise ValueError(f"«{text}»: две разные отметки об отсутствии в одной клетке.")
            code = CODES[folded]
        elif folded.isdigit() or folded.startswith(("зач", "нез", "нзч")):
            marks.append(part)
        else:
            raise ValueError(f"«{text[:30]}»: неизвестное обозначение «{part[:20]}».")
    return marks, code


def read_average(value) -> str:
    """«4,33» → «4.33». Raises ValueError."""
    text = values.text(value).replace(",", ".")
    if text and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", text):
        raise ValueError(f"«{text[:20]}» не похоже на среднюю отметку.")
    return text


def month_of(text: str) -> int | None:
    """«Сентябрь», «сентября», «Сен.» → 9."""
    match = _MONTH.fullmatch(text.strip().casefold())
    if match is None:
        return None
    word = match[1]
    # «Декоративное искусство» and «Мартынова» begin like months, too.
    for number, name in enumerate(MONTHS, 1):
        nominative = "май" if name == "мая" else name[:-1] + ("" if name.endswith("та") else "ь")
        if word in (name, name[:3], name[:4], nominative):
            return number
    return None


def day_of(year: int, month: int, day: int) -> datetime.date:
    """The day of a school year that begins in `year`: months from September are of that year. Raises ValueError."""
    return datetime.date(year if month >= 9 else year + 1, month, day)


def period_of(text: str) -> tuple[str, int] | None:
    """«1 триместр», «II четверть» → (term, number); «Год», «Экзамен», «Итог» → the others."""
    folded = " ".join(text.casefold().split())
    match = _TERM.search(folded) or _TERM_AFTER.search(folded)
    if match:
        return ResultKind.TERM.value, _NUMERALS.get(match[1]) or int(match[1])
    for word, kind in (("экз", ResultKind.EXAM), ("год", ResultKind.YEAR), ("итог", ResultKind.FINAL)):
        if word in folded:
            return kind.value, 0
    return None


def labels_in(lines: list[str]) -> dict[str, str]:
    """«Класс: 8А Ученик: …» → {"класс": "8А", "ученик": "…"}; of repeated ones the first with a value."""
    found: dict[str, str] = {}
    for line in lines:
        marks = list(_LABEL.finditer(line))
        for number, mark in enumerate(marks):
            ends = marks[number + 1].start() if number + 1 < len(marks) else len(line)
            value = " ".join(line[mark.end() : ends].split()).strip(" ;,")
            key = mark[1].casefold()
            found[key] = found.get(key) or value
    return found


def span_in(text: str) -> tuple[datetime.date, datetime.date] | None:
    match = _SPAN.search(text)
    if not match:
        return None
    starts, ends = _day(match[1]), _day(match[2])
    return (starts, ends) if starts and ends and starts <= ends else None


def _day(text: str) -> datetime.date | None:
    """None for «31.02.2026»: a line above the table that says nothing."""
    try:
        return values.date(text, latest=datetime.date(2099, 12, 31))
    except ValueError:
        return None


def year_in(text: str) -> int | None:
    """«2026/2027» → 2026."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def as_of_in(lines: list[str]) -> datetime.datetime | None:
    """«Состояние на20.11.2026 17:40:20», at school's own time, without a zone."""
    for line in lines:
        if match := _AS_OF.search(line):
            date, (hour, minute, *_) = _day(match[1]), (match[2] or "0:0").split(":")
            if date and int(hour) < 24 and int(minute) < 60:
                second = int((match[2] or "").split(":")[2]) if (match[2] or "").count(":") == 2 else 0
                return datetime.datetime.combine(date, datetime.time(int(hour), int(minute), min(second, 59)))
    return None
