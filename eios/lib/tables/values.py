"""Values of cells, made the same whatever the format: spreadsheets give 5.0 and dates, CSV and HTML give text."""

import datetime
import re
import unicodedata

from eios.lib.russian import MONTHS, short_date

_DATE = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}|\d{2})(?:\s*г\.?)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_WORDS = re.compile(r"(\d{1,2})\s+([а-я]+)\s+(\d{4})(?:\s*г(?:\.|ода)?)?")
# The day from which spreadsheets count days, and the counts that can be meant as dates: 1927 to 2119.
_EPOCH, _FIRST, _LAST = datetime.date(1899, 12, 30), 10_000, 80_000


def text(value) -> str:
    """One line of words: 5.0 → «5», runs of spaces and unbreakable ones → one, unseen characters gone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime.date):
        return short_date(value)
    if isinstance(value, str) and value.isprintable():
        return " ".join(value.split())
    seen = (" " if letter in "\t\r\n\v\f" else letter for letter in str(value))
    return " ".join("".join(letter for letter in seen if unicodedata.category(letter)[0] != "C").split())


def date(value, *, latest: datetime.date) -> datetime.date | None:
    """A date from what the cell holds; None for an empty cell. Of two digits of a year the nearest before `latest`.

    Raises ValueError with a Russian line.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    words = text(value)
    if not words:
        return None
    try:
        found = _counted(words) or _written(words, latest)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"«{words[:40]}» — не дата. Напишите так: 01.09.2014.")
    return found


def _counted(words: str) -> datetime.date | None:
    """41883: the days that a spreadsheet has counted, where the cell lost its format."""
    if words.isascii() and words.isdigit() and _FIRST <= int(words[:6]) <= _LAST:
        return _EPOCH + datetime.timedelta(days=int(words))
    return None


def _written(words: str, latest: datetime.date) -> datetime.date | None:
    if match := _DATE.fullmatch(words):
        day, month, year = match.groups()
        return datetime.date(_year(year, latest), int(month), int(day))
    if match := _ISO.fullmatch(words):
        return datetime.date(*map(int, match.groups()))
    match = _WORDS.fullmatch(words.casefold())
    if match and match[2] in MONTHS:
        return datetime.date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
    return None


def _year(digits: str, latest: datetime.date) -> int:
    if len(digits) == 4:
        return int(digits)
    year = latest.year // 100 * 100 + int(digits)
    return year if year <= latest.year else year - 100
