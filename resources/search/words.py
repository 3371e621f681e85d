"""Words of texts and of questions: folded, stemmed, counted; the same for the index and for who asks. Pure.

Finer than `eios.lib.search`, which lists use: Latin words have stems too, small words don't count, and a question may
have phrases in it.
"""

import functools
import re
import threading
from collections import Counter
from dataclasses import dataclass

import snowballstemmer

from eios.lib import search

MAX_QUERY, MAX_WORDS = 200, 12
MAX_WORD = 40
# Prepositions, conjunctions, particles: they stand everywhere and say nothing.
SMALL = frozenset(
    search.words(
        "а без бы в во для до ее же за и из или им их к как ко ли мы на над не ни но о об от по под при про с со так "
        "то у уже что чтобы это a an and at by for in of on or the to with"
    )
)
_QUOTED = re.compile(r"[\"«„“”]([^\"«»„“”]*)[\"»“”]")
_CHUNK = re.compile(r"[^\W_]+(?:[-./][^\W_]+)+")
# Vowels that come and go: «отметок» and «отметка», «ребёнок» and «ребёнка», «конец» and «конца» are one word.
_FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])[ео](?=[кц]$)")
_local = threading.local()


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a folded word: Russian or, of Latin letters, English."""
    if not word.isascii() or not word.isalpha() or len(word) <= 3:
        found = search.stem(word)
        return _FLEETING.sub("", found) if len(found) > 4 else found
    if not hasattr(_local, "latin"):
        _local.latin = snowballstemmer.stemmer("english")
    return _local.latin.stemWord(word)


def words(text: str) -> list[str]:
    """Folded words in order; an endless one is cut."""
    return [word[:MAX_WORD] for word in search.words(text)]


def joined(text: str) -> str:
    """Words with one space between and around, as phrases are looked for."""
    return f" {' '.join(words(text))} "


@dataclass(frozen=True)
class Term:
    """A stem of a text with one of its forms."""

    stem: str
    word: str
    in_title: bool
    count: int


def terms(title: str, text: str) -> list[Term]:
    """All stems of an entry, small words left out."""
    of_title, of_text = words(title), words(text)
    form: dict[str, str] = {}
    for word in (*of_title, *of_text):
        if word not in SMALL:
            form.setdefault(stem(word), word)
    counts = Counter(stem(word) for word in (*of_title, *of_text))
    heads = {stem(word) for word in of_title}
    return [Term(one, word, one in heads, counts[one]) for one, word in form.items()]


@dataclass(frozen=True)
class Query:
    """What is asked: stems that must all be there, each with the word as typed, and phrases that must stand so."""

    stems: dict[str, str]
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stems)


def parse(text: str) -> Query:
    """A question as typed → what is looked for. Empty where there is nothing but signs and small words.

    In quotes, and where digits are joined by a hyphen, a dot or a slash («273-ФЗ», «29.12.2012»), words must stand
    side by side and in this very form.
    """
    text = text[:MAX_QUERY]
    quoted = _QUOTED.findall(text)
    numbered = [chunk for chunk in _CHUNK.findall(_QUOTED.sub(" ", text)) if any(map(str.isdigit, chunk))]
    found = [word for word in words(text) if word not in SMALL][:MAX_WORDS]
    phrases = dict.fromkeys(joined(one) for one in (*quoted, *numbered) if len(words(one)) > 1)
    return Query({stem(word): word for word in found}, tuple(phrases))
