"""Which passwords are guessed first: values in, values out. The rules that ask it stand in `password_rules.py`.

A password is read in every way a person may have meant it: as it stands, typed on the other keyboard layout, with
digits for letters («p@r0l»). It is guessable when nothing is left of it after words that everybody knows, data of its
owner, and digits such as years and dates; two long words, or three, are a good password.
"""

import functools
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

from eios.lib.russian import transliterate
from eios.lib.search import fold, stem

WORDS_FILE = Path(__file__).parent / "data" / "common_words.txt.gz"
LONGEST_READ = 64  # a longer password is not made of one known word; reading it in every way would cost time
SHORTEST_WORD, SHORTEST_PIECE, LONGEST_WORD = 3, 3, 20
GOOD_PAIR = 10  # letters: two known words together as long as this are not guessed soon

RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
TO_RUSSIAN = str.maketrans(LATIN_KEYS, RUSSIAN_KEYS.replace("ё", "е"))
TO_LATIN = str.maketrans(RUSSIAN_KEYS, LATIN_KEYS)
LATIN_DIGITS = str.maketrans("013457@$", "oieastas")
RUSSIAN_DIGITS = str.maketrans("0346", "озчб")

ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
ALPHABETS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя")
WALKED = 0.75  # so large a part of neighbouring keys makes a walk

_REPEATED = re.compile(r"^(.{1,5}?)\1+(.{0,4})$", re.DOTALL)
_BETWEEN = re.compile(r"(?<=[^\W\d_])[\d@$]+(?=[^\W\d_])")
_LONE = re.compile(r"(?<![\d@$])[\d@$]{1,2}(?![\d@$])")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_DATE = re.compile(
    r"^(0?[1-9]|[12]\d|3[01])(0?[1-9]|1[0-2])(\d{2}|(19|20)\d{2})$|^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$"
)

# One spelling for the many in which Russian words are written in Latin letters; the order matters.
_SPELLINGS = [
    (re.compile(pattern), one)
    for pattern, one in [
        (r"shch|sch|sh", "S"), (r"ch", "C"), (r"zh", "J"), (r"kh|h|x", "H"), (r"ts|tc", "c"), (r"ck", "k"), (r"w", "v"),
        (r"[yj]", "i"), (r"(.)\1+", r"\1"), (r"i([aeou])", r"\1"),
    ]
]  # fmt: skip


def skeleton(word: str) -> str:
    """How a word sounds in Latin letters: privet, priviet; liubliu, lublu, lyublyu are one."""
    text = transliterate(word)
    for pattern, one in _SPELLINGS:
        text = pattern.sub(one, text)
    return text


@dataclass(frozen=True)
class Vocabulary:
    """What to look for: words in Cyrillic (whole and stems), in Latin letters, and how they sound."""

    words: frozenset[str]
    sounds: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Vocabulary":
        folded = {fold(word) for word in words}
        russian = {word for word in folded if not word.isascii()}
        stems = {cut for word in russian if len(cut := stem(word)) >= SHORTEST_PIECE}
        return cls(frozenset(folded | stems), frozenset(filter(_is_long, map(skeleton, russian))))

    def __contains__(self, piece: str) -> bool:
        if not piece.isascii():
            return piece in self.words or stem(piece) in self.words
        return piece in self.words or skeleton(piece) in self.sounds


def _is_long(sound: str) -> bool:
    return len(sound) >= SHORTEST_PIECE


NOTHING = Vocabulary(frozenset(), frozenset())


@functools.cache
def common_passwords() -> frozenset[str]:
    """Django's list of twenty thousand passwords that are tried first."""
    return frozenset(CommonPasswordValidator().passwords)


@functools.cache
def common_words() -> Vocabulary:
    """Words, names, towns, games and teams that pupils and their teachers think of first; loaded when first asked."""
    words = gzip.decompress(WORDS_FILE.read_bytes()).decode().split()
    english = {word for word in common_passwords() if word.isalpha() and len(word) > SHORTEST_WORD}
    return Vocabulary.of([*words, *english])


@dataclass(frozen=True)
class Parts:
    """What one reading of a password is made of; `own` counts no word: whoever guesses tries it first."""

    words: frozenset[str]
    own: frozenset[str]
    letters: int
    is_known: bool

    @property
    def is_guessable(self) -> bool:
        few = len(self.words) < 2 or (len(self.words) == 2 and self.letters < GOOD_PAIR)
        return self.is_known and few


def readings(password: str) -> Iterator[str]:
    """The password in every way that it may have been meant."""
    text = fold(password)[:LONGEST_READ]
    digits = LATIN_DIGITS if text.isascii() else RUSSIAN_DIGITS
    between, lone = (pattern.sub(lambda match: match[0].translate(digits), text) for pattern in (_BETWEEN, _LONE))
    for reading in dict.fromkeys((text, between, lone)):
        yield reading
        yield reading.translate(TO_RUSSIAN)
        yield reading.translate(TO_LATIN)


def parts(reading: str, own: Vocabulary = NOTHING) -> Parts:
    """Splits one reading into known words, the owner's data and digits."""
    words, mine, letters, is_known = set(), set(), 0, True
    for run in _RUN.findall(reading):
        if run.isdigit():
            is_known = is_known and _is_usual_number(run)
        elif len(run) >= SHORTEST_PIECE:
            letters += len(run)
            cover = _cover(run, own)
            is_known = is_known and cover is not None
            words |= cover[0] if cover else set()
            mine |= cover[1] if cover else set()
    return Parts(frozenset(words), frozenset(mine), letters, is_known)


def _cover(run: str, own: Vocabulary) -> tuple[set[str], set[str]] | None:
    """The fewest known words that make up a run of letters, and the owner's own; None where some letters are left."""
    best: list[tuple[set[str], set[str]] | None] = [(set(), set())] + [None] * len(run)
    for end in range(SHORTEST_PIECE, len(run) + 1):
        for start in range(max(end - LONGEST_WORD, 0), end - SHORTEST_PIECE + 1):
            before = best[start]
            if before is None:
                continue
            step = _with_piece(before, run[start:end], own)
            if step and (best[end] is None or len(step[0]) < len(best[end][0])):
                best[end] = step
    return best[-1]


def _with_piece(before: tuple[set[str], set[str]], piece: str, own: Vocabulary) -> tuple[set[str], set[str]] | None:
    if piece in own:
        return before[0], before[1] | {piece}
    if piece in common_words():
        return before[0] | {piece}, before[1]
    return None


def _is_usual_number(digits: str) -> bool:
    """Years, dates, house numbers, 12345: up to four digits are soon tried all."""
    return len(digits) <= 4 or bool(_DATE.match(digits)) or is_walk(digits) or is_repeated(digits)


def is_common(password: str) -> bool:
    """Stands in the list of passwords that are tried first, as typed or on the other layout."""
    return any(reading in common_passwords() for reading in readings(password))


def is_made_of_known(password: str, own: Vocabulary = NOTHING, *, own_needed: bool = False) -> bool:
    """Nothing is left but a known word or two and usual digits; `own_needed`: with the owner's data among it."""
    found = (parts(reading, own) for reading in readings(password))
    return any(part.is_guessable and (part.own or not own_needed) for part in found)


def is_repeated(password: str) -> bool:
    """One to five characters over and over: aaaaaaaa, абвабвабв, 12121212."""
    match = _REPEATED.match(password.casefold())
    return bool(match) and match[1].startswith(match[2][: len(match[1])])


def is_walk(password: str) -> bool:
    """Keys beside each other or letters in a row: qwerty, йцукен, 1qaz2wsx, 987654, абвгд."""
    text = fold(password)
    keys = text.translate(TO_LATIN)
    pairs = list(zip(keys, keys[1:], strict=False))
    letters = list(zip(text, text[1:], strict=False))
    near = sum(_near(*pair) or _near_letters(*other) for pair, other in zip(pairs, letters, strict=True))
    return len(pairs) > 2 and near / len(pairs) >= WALKED


@functools.cache
def _places() -> dict[str, tuple[float, int]]:
    """Where keys lie; each row stands half a key to the right of the one above."""
    return {key: (column + row / 2, row) for row, keys in enumerate(ROWS) for column, key in enumerate(keys)}


def _near(one: str, other: str) -> bool:
    places = _places()
    if one not in places or other not in places:
        return False
    (x1, y1), (x2, y2) = places[one], places[other]
    return abs(x1 - x2) <= 1 and abs(y1 - y2) <= 1


def _near_letters(one: str, other: str) -> bool:
    return any(one in row and other in row and abs(row.index(one) - row.index(other)) == 1 for row in ALPHABETS)
