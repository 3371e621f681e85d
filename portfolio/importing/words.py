"""Words of lists: results, levels, spheres, stages, as people and other systems write them. Pure.

Every reader raises ValueError with a Russian line for what it does not know.
"""

import re

from eios.lib import grades
from portfolio.models import Level, Mode, Outcome, Sphere, Stage

_DEGREE = re.compile(r"\b([1-3]|i{1,3})\s*(?:-?[а-я]{1,2})?\s*(?:степ|мест)")
_AFTER = re.compile(r"(?:степ\w*|мест\w*)\s*([1-3]|i{1,3})\b")
_NUMERALS = {"i": 1, "ii": 2, "iii": 3}
# Beginnings of words, the stronger first: «диплом победителя» is a winner's.
_OUTCOMES = (
    ("побед", Outcome.WINNER), ("гран", Outcome.WINNER), ("чемпион", Outcome.WINNER), ("приз", Outcome.PRIZE),
    ("лауреат", Outcome.LAUREATE), ("диплом", Outcome.LAUREATE), ("участ", Outcome.PARTICIPANT),
    ("сертификат", Outcome.PARTICIPANT), ("благодар", Outcome.PARTICIPANT), ("грамот", Outcome.LAUREATE),
)  # fmt: skip
_LEVELS = (
    ("междунар", Level.INTERNATIONAL), ("всерос", Level.NATIONAL), ("федерал", Level.NATIONAL),
    ("регион", Level.REGIONAL), ("межрегион", Level.REGIONAL), ("област", Level.REGIONAL), ("краев", Level.REGIONAL),
    ("республик", Level.REGIONAL), ("муниципал", Level.MUNICIPAL), ("район", Level.MUNICIPAL),
    ("городск", Level.MUNICIPAL), ("окружн", Level.MUNICIPAL), ("школ", Level.SCHOOL), ("учрежден", Level.SCHOOL),
)  # fmt: skip
_SPHERES = (
    ("науч", Sphere.RESEARCH), ("исслед", Sphere.RESEARCH), ("проект", Sphere.RESEARCH), ("учеб", Sphere.ACADEMIC),
    ("образоват", Sphere.ACADEMIC), ("интеллект", Sphere.ACADEMIC), ("предмет", Sphere.ACADEMIC),
    ("обществ", Sphere.SOCIAL), ("социал", Sphere.SOCIAL), ("волонт", Sphere.SOCIAL), ("патриот", Sphere.SOCIAL),
    ("граждан", Sphere.SOCIAL), ("культур", Sphere.ARTS), ("творч", Sphere.ARTS), ("искус", Sphere.ARTS),
    ("худож", Sphere.ARTS), ("музык", Sphere.ARTS), ("спорт", Sphere.SPORT), ("физ", Sphere.SPORT),
)  # fmt: skip
_STAGES = (
    ("школ", Stage.SCHOOL), ("муниципал", Stage.MUNICIPAL), ("регион", Stage.REGIONAL), ("заключ", Stage.FINAL),
    ("всерос", Stage.FINAL), ("финал", Stage.FINAL),
)  # fmt: skip
_MODES = (("очн", Mode.IN_PERSON), ("дистан", Mode.REMOTE), ("заочн", Mode.REMOTE), ("онлайн", Mode.REMOTE))
LONGEST_PLACE = 60


def outcome_of(text: str) -> str | None:
    """«Призёр», «2 место», «диплом II степени»; nothing is a participant. None of one who did not come."""
    folded = _folded(text)
    if not folded:
        return Outcome.PARTICIPANT
    if folded.startswith(("не яв", "не учас", "неявк", "отсутств")):
        return None
    if match := _DEGREE.search(folded) or _AFTER.search(folded):
        number = _NUMERALS.get(match[1]) or int(match[1])
        return Outcome.WINNER if number == 1 else Outcome.PRIZE
    found = _within(folded, _OUTCOMES)
    if found is None:
        raise ValueError(f"«{text[:40]}» — не результат. Напишите: победитель, призёр, лауреат или участник.")
    return found


def level_of(text: str) -> str:
    return _known(text, _LEVELS, "уровень", Level)


def sphere_of(text: str) -> str:
    return _known(text, _SPHERES, "сфера", Sphere)


def stage_of(text: str) -> str:
    """«» for «нет» and an empty cell."""
    return _known(text, _STAGES, "этап", Stage) if _folded(text) not in ("", "нет", "-") else ""


def mode_of(text: str) -> str:
    return _known(text, _MODES, "форма участия", Mode) if text else Mode.IN_PERSON


def place_of(place: str, points: str) -> str:
    """«2 место, 45,5 балла» as one line; what is words already stays as it is."""
    parts = [f"{place} место" if place.isdecimal() else place, _points(points)]
    found = ", ".join(filter(None, parts))
    if len(found) > LONGEST_PLACE:
        raise ValueError(f"«{found[:40]}…»: длиннее {LONGEST_PLACE} знаков.")
    return found


def _points(text: str) -> str:
    number = text.replace(".", ",")
    return f"баллы: {number}" if re.fullmatch(r"\d{1,4}(,\d{1,4})?", number) else text


def grade_of(text: str) -> int | None:
    """«9», «9 класс»."""
    match = re.match(r"(\d{1,2})(?!\d)", text)
    if not text:
        return None
    if match is None or not grades.FIRST <= int(match[1]) <= grades.LAST_OF_BOOKS:
        raise ValueError(f"«{text[:20]}» — не класс. Напишите число от {grades.FIRST} до {grades.LAST_OF_BOOKS}.")
    return int(match[1])


def _known(text: str, words, what: str, choices) -> str:
    found = _within(_folded(text), words)
    if found is None:
        raise ValueError(f"«{text[:40]}» — не {what}. Напишите одно из: {', '.join(one.label for one in choices)}.")
    return found


def _within(folded: str, words) -> str | None:
    """By the beginnings of the words in the text, in order of the list."""
    parts = re.split(r"[^а-яa-z0-9]+", folded)
    return next((found for begin, found in words if any(part.startswith(begin) for part in parts)), None)


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
