"""One-time passwords for paper: pure (docs/decisions/0042-slips.md says how strong each style is)."""

import re
import secrets

from eios.lib import grades

# Can't be mistaken on paper: no 0 and o, no 1, l and i; small letters only, so that no child looks for Shift.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10
# For grades 1-4: syllables that are read aloud, with digits between: «muza374tebe».
CONSONANTS, VOWELS, DIGITS = "bdfgkmnprstvz", "aeu", "23456789"
# Syllables make words; these no child should be handed.
UNFIT = ("suka", "muda", "mude", "kaka", "tupa", "gada", "gade", "pedr", "sera", "sere", "zasr", "dura")
_PARTS = re.compile(r"[a-z]+|\d+")


def new_password(*, easy: bool = False) -> str:
    """Ten random signs, 49 bits; the easy style has 30 bits."""
    return _syllables() if easy else "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _syllables() -> str:
    digits = "".join(secrets.choice(DIGITS) for _ in range(3))
    return f"{_word()}{digits}{_word()}"


def _word() -> str:
    while True:
        word = "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2))
        if word not in UNFIT:
            return word


def is_for_youngest(grade: int | None) -> bool:
    return grade in grades.PRIMARY.grades


def password_groups(password: str) -> list[str]:
    """How a password is set apart for the eye: an easy one by its words, any other by fives."""
    parts = _PARTS.findall(password)
    return parts if [len(part) for part in parts] == [4, 3, 4] else code_groups(password, 5)


def code_groups(code: str, size: int = 4) -> list[str]:
    """A stop-code or a link's code by fours."""
    return [code[start : start + size] for start in range(0, len(code), size)]
