"""Finding: which entries match, in which order, how many of each kind. One form for both databases; reads only."""

import datetime
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from resources.asker import Asker
from resources.models import SearchEntry, SearchTerm
from resources.search import snippets
from resources.search.sources import SEARCH_SOURCES
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
    """An entry that is found, and what it is ordered by."""

    entry: int
    source: str
    key: int
    date: datetime.date | None
    heads: int
    hits: int

    def with_word(self, heads: int, hits: int) -> "Match":
        return Match(self.entry, self.source, self.key, self.date, self.heads + heads, self.hits + hits)

    def order(self) -> tuple:
        return -self.heads, -self.hits, -self.date.toordinal() if self.date else 0, self.source, self.key


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
            rows = also.values_list("entry", "in_title", "count").iterator()
            weights = {entry: (heads, hits) for entry, heads, hits in rows}
            found = [row.with_word(*more) for row in found if (more := weights.get(row.entry))]
        return sorted(found, key=Match.order)

    def _judged(self, stem: str) -> list[Match]:
        """Entries that have the stem and every phrase, and whose rows the asker may open."""
        kept = kept_keys(self.asker)
        rows = SearchTerm.objects.filter(Q(entry__source__in=list(kept)) | open_terms(self.asker, but=kept), stem=stem)
        for phrase in self.query.phrases:
            rows = rows.filter(entry__words__contains=phrase)
        found = rows.values_list("entry", "entry__source", "entry__key", "entry__date", "in_title", "count")
        matches = map(Match._make, found.iterator())
        return [row for row in matches if row.source not in kept or row.key in kept[row.source]]

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


def open_terms(asker: Asker, but: Container[str] = ()) -> Q:
    """Terms of entries whose rows the asker may open now: the SQL form, asked of the rows themselves."""
    condition = Q(pk__in=[])
    for name, source in SEARCH_SOURCES.items():
        if name not in but:
            opened = source.open_to(asker).order_by().filter(pk=OuterRef("entry__key"))
            condition |= Q(entry__source=name) & Q(Exists(opened))
    return condition


# Keys of rows that open to everybody alike, by the source, the public version and the day.
_kept: dict[tuple, frozenset[int]] = {}
MOST_KEPT = 20


def kept_keys(asker: Asker) -> dict[str, frozenset[int]]:
    """Shared source → keys of all its rows that are open now; thousands of documents are not judged one by one."""
    found = {}
    for name, source in SEARCH_SOURCES.items():
        if source.is_shared:
            rows = source.open_to(asker).order_by().values_list("pk", flat=True)
            found[name] = frozenset() if rows.query.is_empty() else _remembered(name, asker, rows)
    return found


def _remembered(name: str, asker: Asker, rows: QuerySet) -> frozenset[int]:
    stamp = name, asker.school.pk, asker.school.public_version, asker.date
    if stamp not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[stamp] = frozenset(rows)
    return _kept[stamp]


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _kept.clear()


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
