"""Logins and passwords of pseudonymous accounts, made by chance (10.6). Pure, but for the chance."""

import enum
import secrets
from collections.abc import Collection, Iterator
from itertools import count

# Neither 0 and O nor 1, l and I: people copy them by hand.
SMALL, LARGE, DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
ALPHABETS = {
    "small": ("строчные латинские буквы и цифры", SMALL + DIGITS),
    "mixed": ("строчные и заглавные буквы и цифры", SMALL + LARGE + DIGITS),
    "digits": ("только цифры", DIGITS),
}
OWN_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%*?_")
FEWEST_SIGNS = 8
# Of a pool, and of a password in signs.
MOST, SHORTEST, LONGEST = 2000, 8, 40
RANDOM_TAIL = 6


class Numbering(enum.StrEnum):
    """What stands after the beginning of a login."""

    NUMBER = "number"
    RANDOM = "random"


def password(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def logins(prefix: str, number: int, numbering: str, taken: Collection[str]) -> list[str]:
    """As many logins as asked for, none of those taken (case does not matter) and none twice."""
    endings = _random_endings() if numbering == Numbering.RANDOM else _numbers(max(3, len(str(number))))
    used, found = {login.casefold() for login in taken}, []
    for ending in endings:
        login = f"{prefix}{ending}"
        if login.casefold() not in used:
            used.add(login.casefold())
            found.append(login)
        if len(found) == number:
            return found
    raise AssertionError("endings never end")


def _numbers(width: int) -> Iterator[str]:
    return (f"{number:0{width}}" for number in count(1))


def _random_endings() -> Iterator[str]:
    while True:
        yield password(SMALL + DIGITS, RANDOM_TAIL)
