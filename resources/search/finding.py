"""Finding: which entries match, in which order, how many of each kind. One form for both databases; reads only."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, Sum
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


class Results:
    """What one asker finds by one question. What is closed to the asker does not exist here: not in any count."""

    def __init__(self, asker: Asker, query: Query, kind: str = ""):
        self.query, self.kind = query, kind
        self.open = open_entries(asker) if query else SearchEntry.objects.none()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Source → hits, whatever the filter."""
        if not self.query:
            return {}
        found = SearchEntry.objects.filter(pk__in=self._matching().values("entry"))
        return dict(found.values_list("source").annotate(count=Count("pk")))

    @property
    def kinds(self) -> list[Kind]:
        """Kinds that have hits, in the order of the sources."""
        titles, counts = {}, {}
        for name, source in SEARCH_SOURCES.items():
            titles.setdefault(source.kind, source.title)
            counts[source.kind] = counts.get(source.kind, 0) + self.counts.get(name, 0)
        return [Kind(kind, titles[kind], count) for kind, count in counts.items() if count or kind == self.kind]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def page(self, number) -> "Paginator":
        """A page of hits; a number beyond the last gives the last."""
        return _Paginator(self, PAGE).get_page(number)

    def chosen(self) -> list[str]:
        """Names of the sources that the filter lets through."""
        return [name for name, source in SEARCH_SOURCES.items() if self.kind in ("", source.kind)]

    def ranked(self) -> QuerySet:
        """Keys of entries: words in the title first, then how often, then the newer; the same on both databases."""
        rows = self._matching().filter(entry__source__in=self.chosen())
        order = ("-heads", "-hits", F("entry__date").desc(nulls_last=True), "entry__source", "entry__key")
        keys = rows.values("entry", "entry__date", "entry__source", "entry__key")
        return keys.annotate(heads=Sum("in_title"), hits=Sum("count")).order_by(*order).values_list("entry", flat=True)

    def _matching(self) -> QuerySet:
        """Terms of entries that have every stem and every phrase and open to the asker, by entry."""
        stems = list(self.query.stems)
        entries = self.open
        for phrase in self.query.phrases:
            entries = entries.filter(words__contains=phrase)
        rows = SearchTerm.objects.filter(stem__in=stems, entry__in=entries)
        return rows.values("entry").annotate(stems=Count("pk")).filter(stems=len(stems))


def open_entries(asker: Asker) -> QuerySet[SearchEntry]:
    """Entries whose rows the asker may open now."""
    return SearchEntry.objects.of({name: source.open_to(asker) for name, source in SEARCH_SOURCES.items()})


class _Paginator(Paginator):
    """Counts once for all kinds, and loads the entries of one page only."""

    def __init__(self, results: Results, size: int):
        self.results = results
        super().__init__([], size)

    @cached_property
    def count(self) -> int:
        return sum(self.results.counts.get(name, 0) for name in self.results.chosen())

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = list(self.results.ranked()[start : start + self.per_page]) if self.count else []
        return self._get_page(self._hits(keys), number, self)

    def _hits(self, keys: list[int]) -> list[Hit]:
        rows = SearchEntry.objects.defer("words").in_bulk(keys)
        return [_hit(rows[key], self.results.query) for key in keys if key in rows]


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
