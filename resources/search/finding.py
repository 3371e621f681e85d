"""Finding: which entries match, in which order, how many of each kind. One form for both databases; reads only."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from eios.lib.conditional import TURNS
from resources.asker import Asker
from resources.models import SearchEntry, SearchTerm
from resources.search import snippets
from resources.search.sources import SEARCH_SOURCES, Source
from resources.search.words import Query

PAGE = 20


@dataclass(frozen=True)
class Hit:
    """An entry on the page, its words marked."""

    title: SafeString
    snippet: SafeString
    note: str
    address: str
    kind: str
    icon: str


@dataclass(frozen=True)
class Kind:
    """A filter of the page."""

    name: str
    title: str
    count: int


class Match(NamedTuple):
    """An entry that is found, and what it is ordered by, the first things first."""

    heads: int
    hits: int
    day: int
    source: str
    key: int
    entry: int


class Results:
    """What one asker finds by one question. What is closed to the asker does not exist here: not in any count."""

    def __init__(self, asker: Asker, query: Query, kind: str = ""):
        self.asker, self.query, self.kind = asker, query, kind

    @cached_property
    def _matching(self) -> list[Match]:
        """Everything found, in order; one question to the database for every word.

        Ordered here and not by the database, so that the order is the same on both: words in the title first, then
        how often, then the newer.
        """
        if not self.query:
            return []
        # The longest word is likely the rarest: entries that have it are judged, the others only narrow them.
        first, *others = sorted(self.query.stems, key=len, reverse=True)
        found = self._judged(first)
        for stem in others:
            also = SearchTerm.objects.filter(stem=stem, entry__in=SearchTerm.objects.filter(stem=first).values("entry"))
            rows = also.values_list("entry", "in_title", "count")
            weights = {entry: (heads, hits) for entry, heads, hits in rows}
            found = [_with_word(row, *more) for row in found if (more := weights.get(row.entry))]
        return sorted(found)

    def _judged(self, stem: str) -> list[Match]:
        """Entries that have the stem and every phrase, and whose rows the asker may open."""
        opened = open_keys(self.asker)
        rows = SearchTerm.objects.filter(stem=stem)
        for phrase in self.query.phrases:
            rows = rows.filter(entry__words__contains=phrase)
        found = rows.values_list("in_title", "count", "entry__date", "entry__source", "entry__key", "entry")
        return [
            Match(-heads, -hits, -date.toordinal() if date else 0, source, key, entry)
            for heads, hits, date, source, key, entry in found
            if key in opened.get(source, ())
        ]

    @cached_property
    def counts(self) -> Counter[str]:
        """Kind → hits, whatever the filter."""
        by_source = Counter(row.source for row in self._matching)
        return sum((Counter({SEARCH_SOURCES[name].kind: n}) for name, n in by_source.items()), Counter())

    @property
    def kinds(self) -> list[Kind]:
        """Kinds that have hits, in the order of the sources, and the one that is chosen."""
        titles: dict[str, str] = {}
        for _, source in SEARCH_SOURCES.items():
            titles.setdefault(source.kind, source.title)
        shown = [kind for kind in titles if self.counts[kind] or (kind == self.kind and self.total)]
        return [Kind(kind, titles[kind], self.counts[kind]) for kind in shown]

    @property
    def total(self) -> int:
        return len(self._matching)

    def page(self, number: str | int | None) -> Page:
        """A page of hits; a number beyond the last gives the last."""
        sources = {name for name, source in SEARCH_SOURCES.items() if self.kind in ("", source.kind)}
        page = Paginator([row.entry for row in self._matching if row.source in sources], PAGE).get_page(number)
        entries = SearchEntry.objects.defer("words", "file_words").in_bulk(list(page.object_list))
        page.object_list = [_hit(entries[key], self.query) for key in page.object_list if key in entries]
        return page


def open_keys(asker: Asker) -> dict[str, frozenset[int]]:
    """Source → keys of its rows that the asker may open now, whatever was asked: closed hits cost no time."""
    return {name: _keys_of(name, source, asker) for name, source in SEARCH_SOURCES.items()}


# Keys of rows that open to a whole group alike; thousands of documents are not judged one by one.
_kept: dict[tuple, frozenset[int]] = {}
MOST_KEPT = 200


def _keys_of(name: str, source: Source, asker: Asker) -> frozenset[int]:
    group = source.alike(asker)
    if group is None:
        return _asked(source, asker)
    school = asker.school
    turns = (turn(school) for _, turn in TURNS.items())
    stamp = name, group, school.pk, school.public_version, school.access_version, asker.date, *turns
    if stamp not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[stamp] = _asked(source, asker)
    return _kept[stamp]


def _asked(source: Source, asker: Asker) -> frozenset[int]:
    return frozenset(source.open_to(asker).order_by().values_list("pk", flat=True))


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _kept.clear()


def _with_word(row: Match, heads: int, hits: int) -> Match:
    return row._replace(heads=row.heads - heads, hits=row.hits - hits)


def _hit(entry: SearchEntry, query: Query) -> Hit:
    source, stems = SEARCH_SOURCES[entry.source], frozenset(query.stems)
    return Hit(
        title=snippets.marked(entry.title, stems),
        snippet=snippets.snippet(entry.text, stems),
        note=entry.note,
        address=entry.address,
        kind=source.title,
        icon=source.icon,
    )
