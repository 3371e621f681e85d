"""Words as they are searched and sorted: the same on SQLite and PostgreSQL.

A row keeps a hidden `search` column: every word and its stem, each after a space. A query is the AND of
`contains " " + stem`, so that «рабочих программ» finds «Рабочие программы» without any database extension.
"""

import difflib
import functools
import re
import threading

import snowballstemmer
from django.db.models import Q

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_local = threading.local()
MAX_QUERY_WORDS = 12


def fold(text: str) -> str:
    """Case and ё/е folded: «ЁЛКА» and «елка» are the same word."""
    return text.casefold().replace("ё", "е").replace("\x00", "")


def sort_key(text: str) -> str:
    """A key that sorts as a dictionary does on either database: ё with е, after it when all else is equal."""
    return f"{fold(text)} {text.casefold()}"[:300]


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Snowball's Russian stem of a folded word; a Latin one, or of two letters or fewer, stays as it is."""
    if len(word) <= 2 or word.isascii():
        return word
    # A stemmer keeps state while it works, so each thread has its own.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("russian")
    return _local.stemmer.stemWord(word)


def index(*texts: str) -> str:
    """What the `search` column holds for these texts."""
    found: dict[str, None] = {}
    for text in texts:
        for word in words(text):
            found[word] = None
            found[stem(word)] = None
    return "".join(f" {word}" for word in found)


def matching(query: str, field: str = "search") -> Q:
    """The filter for a query typed by a person; an empty query matches everything."""
    condition = Q()
    for word in words(query)[:MAX_QUERY_WORDS]:
        condition &= Q(**{f"{field}__contains": f" {stem(word)}"})
    return condition


def beginning(query: str, field: str = "sort_name") -> Q:
    """The filter for the beginnings of words of a `sort_key`; an empty query matches everything."""
    condition = Q()
    for word in words(query)[:MAX_QUERY_WORDS]:
        inner = Q(**{f"{field}__contains": f" {word}"}) | Q(**{f"{field}__contains": f"-{word}"})
        condition &= inner | Q(**{f"{field}__startswith": word})
    return condition


def suggestion(query: str, vocabulary: list[str]) -> str:
    """The nearest known spelling of a query that found nothing; "" where none is near."""
    near = []
    for word in words(query)[:MAX_QUERY_WORDS]:
        match = difflib.get_close_matches(word, vocabulary, n=1, cutoff=0.7)
        if not match:
            return ""
        near.append(match[0])
    return " ".join(near)
