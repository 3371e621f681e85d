"""What changed between two texts: by lines, and within a changed line by words. Values in, values out."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

SAME, ADDED, REMOVED, CHANGED, GAP = "same", "added", "removed", "changed", "gap"
# Lines less alike than this are another line, not a changed one.
ALIKE = 0.4
CONTEXT = 1
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
    lines = list(_lines(_kept(old), _kept(new)))
    counts = {kind: sum(line.kind == kind for line in lines) for kind in (CHANGED, ADDED, REMOVED)}
    return Difference(tuple(_folded(lines)), **counts)


def _kept(text: str) -> list[str]:
    return [_HEADING.sub("", line.rstrip()) for line in text.splitlines() if line.strip()]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    # Its default heuristics keep long monotonous texts from taking minutes.
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (Line(SAME, (Part(SAME, line),)) for line in old[i:i_end])
        else:
            yield from _replaced(old[i:i_end], new[j:j_end])


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """Lines in the place of others: pairs that are alike changed, the rest went or came."""
    pairs = min(len(old), len(new))
    for before, after in zip(old[:pairs], new[:pairs], strict=True):
        yield from _pair(before, after)
    yield from (Line(REMOVED, (Part(REMOVED, line),)) for line in old[pairs:])
    yield from (Line(ADDED, (Part(ADDED, line),)) for line in new[pairs:])


def _pair(before: str, after: str) -> Iterator[Line]:
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new)
    if matcher.ratio() < ALIKE:
        yield Line(REMOVED, (Part(REMOVED, before),))
        yield Line(ADDED, (Part(ADDED, after),))
        return
    parts = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part(SAME, "".join(old[i:i_end])))
            continue
        parts += [Part(REMOVED, "".join(old[i:i_end]))] if i < i_end else []
        parts += [Part(ADDED, "".join(new[j:j_end]))] if j < j_end else []
    yield Line(CHANGED, tuple(parts))


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
