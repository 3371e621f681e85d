"""Which of a programme's own platforms, resources and editions a topic's words name (1.3 a, 3.7).

Pure but for the rows that are handed in: the names are looked for in what the teacher wrote or a table held.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from eios.lib.search import fold
from resources.models import Element, LibraryEdition, OutsideResource, Programme, Topic

# The field of a topic → the list of its programme that it chooses from.
FIELDS = {"elements": "elements", "outside_resources": "resources", "editions": "editions"}
Thing = Element | OutsideResource | LibraryEdition
_SEPARATORS = re.compile(r"\s*[;,\n]\s*(?:[;,\n]\s*)*")
# «Национальная электронная библиотека (НЭБ)».
_SHORT_NAME = re.compile(r"\(([А-ЯЁA-Z]+)\)$")
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
        rows = [(place, row) for place, listed in FIELDS.items() for row in getattr(programme, listed).all()]
        sites = Counter(_site(row) for _, row in rows)
        names = [(name, place, row) for place, row in rows for name in _names(row, sites)]
        # «Алгебра, 7 класс. Задачник» is looked for before «Алгебра, 7 класс».
        names.sort(key=lambda one: (-len(one[0].words), one[0].words))
        self._names = names

    def links(self, words: str) -> Links:
        """Names that stand in the words, each whole, in any case; the rest is the note.

        An address of a page inside a listed site links to the site, and stays in the note too.
        """
        links, folded = Links(), fold(words)
        for name, place, row in self._names:
            if not name.within.search(folded):
                continue
            words = _without(words, name.whole)
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


@dataclass(frozen=True)
class Name:
    """What a thing is called by: `within` finds it, `whole` is what the link stands for and takes out of the words."""

    words: str
    within: re.Pattern
    whole: re.Pattern


def _names(row: Thing, sites: Mapping[str, int]) -> Iterator[Name]:
    """Its name, and the short one in brackets; its address; the site alone where nothing else of the lists is there."""
    for name in (_name(row), *_SHORT_NAME.findall(_name(row))):
        if len(name) >= SHORTEST:
            pattern = re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")
            yield Name(fold(name), pattern, pattern)
    for address in {row.host, _site(row)} if sites[_site(row)] == 1 else {row.host}:
        if len(address) >= SHORTEST:
            yield _address(fold(address))


def _address(words: str) -> Name:
    begins = rf"(?<![\w.@/-])(?:https?://)?(?:www\.)?{re.escape(words.removeprefix('www.'))}"
    # A sentence may end after it, with a full stop.
    return Name(words, re.compile(rf"{begins}(?![\w-]|\.\w)"), re.compile(rf"{begins}/?(?![\w/?#-]|\.\w)"))


def _site(row: Thing) -> str:
    """«edsoo.ru» of «https://edsoo.ru/constructor»."""
    return re.split("[/?#]", row.host, maxsplit=1)[0]


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
