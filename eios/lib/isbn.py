"""International standard book numbers: read as people type them, checked by their last digit."""

import re

HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212-]+")
LONG, SHORT = 13, 10


class WrongIsbn(ValueError):
    """What is wrong with the number, in a sentence for the person."""


def clean(typed: str) -> str:
    """The number with plain hyphens between its groups, as it was typed; "" stays "". Raises WrongIsbn."""
    text = HYPHENS.sub("-", re.sub(r"^\s*ISBN\b[:\s]*", "", typed, flags=re.IGNORECASE)).strip("-").upper()
    if not text:
        return ""
    # The Cyrillic Х looks the same and stands on the same key of a Russian keyboard as the Latin one.
    text = text.replace("Х", "X")
    _check(text.replace("-", ""))
    return text


def _check(digits: str) -> None:
    if not re.fullmatch(r"[0-9]*[0-9X]", digits):
        raise WrongIsbn("В ISBN бывают только цифры и дефисы, а последним знаком — ещё X. Проверьте, что вписано.")
    if len(digits) not in (LONG, SHORT):
        raise WrongIsbn(
            f"В ISBN 13 цифр, у изданий до 2007 года — 10, а здесь {len(digits)}. Проверьте, все ли на месте."
        )
    if len(digits) == LONG and (digits[:3] not in ("978", "979") or "X" in digits):
        raise WrongIsbn("ISBN из 13 цифр начинается с 978 или 979 и состоит из одних цифр.")
    right = check_digit(digits[:-1])
    if digits[-1] != right:
        raise WrongIsbn(
            f"Последняя цифра ISBN не сходится с остальными: стоит {digits[-1]}, а должна быть {right}. "
            "Проверьте, не перепутаны ли цифры."
        )


def check_digit(digits: str) -> str:
    """What comes after the first 12 (or 9) digits."""
    if len(digits) == LONG - 1:
        return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)
    rest = -sum(int(digit) * (SHORT - place) for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)
