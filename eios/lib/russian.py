"""Russian words for numbers, names and dates: pure functions, no models."""

import datetime
import re

MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
WEEKDAYS = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"]

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "y",
            "_",
            "e",
            "iu",
            "ia",
        ],
        strict=True,
    )
)
_LATIN["ъ"] = _LATIN["ь"] = ""


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form of a noun after a number: 1 платформа, 2 платформы, 5 платформ, 11 платформ."""
    tail = abs(number) % 100
    if 11 <= tail <= 14:
        return many
    last = tail % 10
    if last == 1:
        return one
    return few if 2 <= last <= 4 else many


def initials(surname: str, name: str, patronymic: str = "") -> str:
    """«Иванова М. П.» with non-breaking spaces, so that a name is never torn apart."""
    letters = [f"{part[0]}." for part in (name, patronymic) if part]
    return "\N{NO-BREAK SPACE}".join([surname, *letters])


def long_date(date: datetime.date) -> str:
    """«22 ноября 2026 г.»"""
    return f"{date.day}\N{NO-BREAK SPACE}{MONTHS[date.month - 1]} {date.year}\N{NO-BREAK SPACE}г."


def short_date(date: datetime.date) -> str:
    """«22.11.2026»"""
    return date.strftime("%d.%m.%Y")


def weekday(date: datetime.date) -> str:
    """«воскресенье»"""
    return WEEKDAYS[date.weekday()]


def transliterate(text: str) -> str:
    """Latin letters for a Russian name, in lower case: «Щербакова-Ёлкина» → shcherbakovaelkina."""
    return re.sub(r"[^a-z0-9]", "", "".join(_LATIN.get(letter, letter) for letter in text.casefold()))


def login_stem(surname: str, name: str, patronymic: str = "") -> str:
    """The beginning of a login: surname and initials, «Иванова Мария Петровна» → ivanovamp."""
    stem = transliterate(surname)[:24] + transliterate(name)[:1] + transliterate(patronymic)[:1]
    return stem or "user"
