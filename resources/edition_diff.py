"""What changed between two texts: by lines, and within a changed line by words. Values in, values out."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

SAME, ADDED, REMOVED, CHANGED, GAP = "same", "added", "removed", "changed", "gap"
# Lines less alike than this are another line, not a changed one.
ALIKE = 0.4
CONTEXT = 1
# Pieces of one side times those of the other; beyond it the matcher may take minutes: the whole is shown as replaced.
MOST_PAIRS = 1_000_000
# Marks of headings say nothing to a reader of the words.
_HEADING = re.compile(r"^#{1,6}\s+")
_PIECES = re.compile(r"\s+|[^\W_]+|[\W_]")


@dataclass(frozen=True)
class Part:
    """A run of words: SAME, ADDED or REMOVED."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line of both texts or of one; `parts` is its words. A GAP has none: unchanged lines were left out there."""

    kind: str
    parts: tuple[Part, ...] = ()
    skipped: int = 0


@dataclass(frozen=True)
class Difference:
    """Lines that changed, with a line around each; how many changed, were added and removed."""

    lines: tuple[Line, ...]
    changed: int
    added: int
    removed: int

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.added or self.removed)


def compare(old: str, new: str) -> Difference:
    """The difference of two texts; empty lines and spaces at the ends of lines don't count."""
    lines = list(_Comparison().lines(_kept(old), _kept(new)))
    counts = {kind: sum(line.kind == kind for line in lines) for kind in (CHANGED, ADDED, REMOVED)}
    return Difference(tuple(_folded(lines)), **counts)


def _kept(text: str) -> list[str]:
    return [_HEADING.sub("", line.rstrip()) for line in text.splitlines() if line.strip()]


class _Comparison:
    """One comparison, with what it may still cost: a text made to be slow is shown as replaced from there on."""

    def __init__(self):
        self.left = 2 * MOST_PAIRS

    def lines(self, old: list[str], new: list[str]) -> Iterator[Line]:
        # Equal beginnings and ends cost nothing.
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        yield from _same(old[:start])
        yield from self._middle(old[start : len(old) - end], new[start : len(new) - end])
        yield from _same(old[len(old) - end :])

    def _middle(self, old: list[str], new: list[str]) -> Iterator[Line]:
        if not self._affords(old, new):
            yield from _replaced_whole(old, new)
            return
        for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
            if tag == "equal":
                yield from _same(old[i:i_end])
            else:
                yield from self._replaced(old[i:i_end], new[j:j_end])

    def _replaced(self, old: list[str], new: list[str]) -> Iterator[Line]:
        """Lines in the place of others: pairs that are alike changed, the rest went or came."""
        pairs = min(len(old), len(new))
        for before, after in zip(old[:pairs], new[:pairs], strict=True):
            yield from self._pair(before, after)
        yield from _replaced_whole(old[pairs:], new[pairs:])

    def _pair(self, before: str, after: str) -> Iterator[Line]:
        old, new = _PIECES.findall(before), _PIECES.findall(after)
        if not self._affords(old, new):
            yield from _replaced_whole([before], [after])
            return
        matcher = difflib.SequenceMatcher(None, old, new)
        if matcher.ratio() < ALIKE:
            yield from _replaced_whole([before], [after])
        else:
            yield Line(CHANGED, tuple(_parts(old, new, matcher.get_opcodes())))

    def _affords(self, old: list[str], new: list[str]) -> bool:
        cost = len(old) * len(new)
        if cost > min(MOST_PAIRS, self.left):
            return False
        self.left -= cost
        return True


def _common(old: list[str], new: list[str]) -> int:
    """How many lines both begin with."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _same(lines: list[str]) -> Iterator[Line]:
    return (Line(SAME, (Part(SAME, line),)) for line in lines)


def _replaced_whole(old: list[str], new: list[str]) -> Iterator[Line]:
    yield from (Line(REMOVED, (Part(REMOVED, line),)) for line in old)
    yield from (Line(ADDED, (Part(ADDED, line),)) for line in new)


def _parts(old: list[str], new: list[str], opcodes) -> Iterator[Part]:
    for tag, i, i_end, j, j_end in opcodes:
        if tag == "equal":
            yield Part(SAME, "".join(old[i:i_end]))
            continue
        if i < i_end:
            yield Part(REMOVED, "".join(old[i:i_end]))
        if j < j_end:
            yield Part(ADDED, "".join(new[j:j_end]))


def _folded(lines: list[Line]) -> Iterator[Line]:
    """The same lines without those that are far from every change."""
    near = {
        place
        for number, line in enumerate(lines) if line.kind != SAME
        for place in range(number - CONTEXT, number + CONTEXT + 1)
    }  # fmt: skip
    skipped = 0
    for number, line in enumerate(lines):
        if number not in near:
            skipped += 1
            continue
        if skipped:
            yield Line(GAP, skipped=skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line(GAP, skipped=skipped)
