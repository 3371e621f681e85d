"""Which of a programme's own platforms, resources and editions a topic's words name (1.3 a, 3.7).

Pure but for the rows that are handed in: the names are looked for in what the teacher wrote or a table held.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from eios.lib.search import fold
from resources.models import Element, LibraryEdition, OutsideResource, Programme, Topic

# The field of a topic → the list of its programme that it chooses from.
FIELDS = {"elements": "elements", "outside_resources": "resources", "editions": "editions"}
Thing = Element | OutsideResource | LibraryEdition
_SEPARATORS = re.compile(r"\s*[;,\n]\s*(?:[;,\n]\s*)*")
# Shorter ones would be found inside other words' places by chance.
SHORTEST = 3
MOST_NUMBERS = 12


@dataclass
class Links:
    """What was found by the field of the topic, and the words that name nothing of the lists."""

    found: dict[str, list[Thing]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    note: str = ""

    @property
    def names(self) -> list[str]:
        return [_name(row) for rows in self.found.values() for row in rows]


class Lists:
    """A programme's lists, ready to be looked for in the words of many topics; three queries."""

    def __init__(self, programme: Programme):
        names = [
            (name, place, row)
            for place, listed in FIELDS.items()
            for row in getattr(programme, listed).all()
            for name in _names(row)
        ]
        # «Алгебра, 7 класс. Задачник» is looked for before «Алгебра, 7 класс».
        names.sort(key=lambda one: (-len(one[0]), one[0]))
        self._names = [(re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), place, row) for name, place, row in names]

    def links(self, words: str) -> Links:
        """Names that stand in the words, each whole, in any case; the rest is the note."""
        links, folded = Links(), fold(words)
        for pattern, place, row in self._names:
            if not pattern.search(folded):
                continue
            words = _without(words, pattern)
            folded = fold(words)
            if row not in links.found[place]:
                links.found[place].append(row)
        links.note = ", ".join(filter(None, _SEPARATORS.split(words.strip(' ,;«»".'))))
        return links


def listed(programme: Programme) -> list[str]:
    """Names of everything that the programme lists, in order."""
    return sorted({_name(row) for name in FIELDS.values() for row in getattr(programme, name).all()})


def used_by(programme: Programme) -> dict[str, dict[int, list[int]]]:
    """List of the programme → key of a thing in it → numbers of the topics that use it; three queries."""
    found: dict[str, dict[int, list[int]]] = {}
    for place, name in FIELDS.items():
        rows = programme.topics.filter(**{f"{place}__isnull": False}).order_by("position")
        for key, position in rows.values_list(place, "position"):
            found.setdefault(name, {}).setdefault(key, []).append(position)
    return found


def numbers(positions: list[int]) -> str:
    """«тема 3», «темы 1, 2, 5»; of many the first, and how many more."""
    if len(positions) == 1:
        return f"тема {positions[0]}"
    more = f" и ещё {len(positions) - MOST_NUMBERS}" if len(positions) > MOST_NUMBERS else ""
    return f"темы {', '.join(map(str, positions[:MOST_NUMBERS]))}{more}"


def words_of(topic: Topic, known: Container[int] | None = None) -> str:
    """The topic's resources in words: names of what it links to, then the rest. `Lists.links` reads them back.

    `known`: keys of platforms that the reader may know of; None is for who writes the programme.
    """
    names = [
        _name(row)
        for place in FIELDS
        for row in getattr(topic, place).all()
        if known is None or place != "elements" or row.pk in known
    ]
    return ", ".join(filter(None, [*names, topic.resources]))


def _name(row: Thing) -> str:
    return row.name if isinstance(row, Element) else row.title


def _names(row: Thing) -> Iterable[str]:
    """What people call it by: its name, its address with and without the scheme."""
    for name in (_name(row), row.address, row.host):
        if len(name) >= SHORTEST:
            yield fold(name)


def _without(words: str, pattern: re.Pattern) -> str:
    """Folding keeps the length of these alphabets, so places in the folded text are places in the text."""
    folded = fold(words)
    if len(folded) != len(words):
        words = folded
    parts, end = [], 0
    for match in pattern.finditer(folded):
        parts.append(words[end : match.start()])
        end = match.end()
    return "".join([*parts, words[end:]])
