"""A piece of a text around the words that were found, marked and safe to show. Pure."""

import functools
import re
from collections import deque

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from resources.search.words import stem, words

LENGTH, BEFORE = 240, 60
# Whoever reads a page of hits does not wait until a book has been read through.
LONGEST = 60_000
_WORD = re.compile(r"[^\W_]+")


def marked(text: str, stems: frozenset[str]) -> SafeString:
    """The whole text, with the words of these stems in <mark>."""
    parts, end = [], 0
    for match in _WORD.finditer(text):
        if _stem(match[0]) in stems:
            parts += [escape(text[end : match.start()]), "<mark>", escape(match[0]), "</mark>"]
            end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 (every piece is escaped above)


def snippet(text: str, stems: frozenset[str]) -> SafeString:
    """The part of the text with the most of the words, or its beginning; cut between words."""
    start = _start(text, stems)
    end = len(text) if len(text) - start <= LENGTH else _space_before(text, start + LENGTH)
    piece = marked(text[start:end].strip(), stems)
    # Escaped and marked already, the signs of the cut are no one's text.
    return mark_safe(f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}")  # noqa: S308


def _start(text: str, stems: frozenset[str]) -> int:
    """Where to begin so that the most different words stand in the window; the first such place."""
    window: deque[tuple[int, str]] = deque()
    best, most = 0, 0
    for match in _WORD.finditer(text, 0, LONGEST):
        if (one := _stem(match[0])) not in stems:
            continue
        window.append((match.start(), one))
        while match.end() - window[0][0] > LENGTH - BEFORE:
            window.popleft()
        if (seen := len({found for _, found in window})) > most:
            best, most = window[0][0], seen
        if most == len(stems):
            break
    if best <= BEFORE or len(text) <= LENGTH:
        return 0
    return text.find(" ", best - BEFORE, best) + 1 or best


def _space_before(text: str, place: int) -> int:
    found = text.rfind(" ", place - 40, place)
    return found if found > 0 else place


# Words of texts as they stand: pages of hits have thousands of them, the same ones.
@functools.lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    return stem(folded[0]) if (folded := words(word)) else ""
