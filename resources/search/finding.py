"""Finding: which entries match, in which order, how many of each kind. One form for both databases; reads only."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
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
        self.asker, self.query, self.kind = asker, query, kind

    @cached_property
    def _matching(self) -> list[tuple]:
        """(source, key of the entry, what it is ordered by) of everything found; one query.

        Ordered here and not by the database, so that the order is the same on both: words in the title first, then
        how often, then the newer.
        """
        if not self.query:
            return []
        first, *others = sorted(self.query.stems, key=len, reverse=True)
        # Every stem must be there, so it is enough to judge an entry by one of them: the longest, likely the rarest.
        judged = Q(stem=first) & open_terms(self.asker)
        for phrase in self.query.phrases:
            judged &= Q(entry__words__contains=phrase)
        rows = SearchTerm.objects.filter(judged | Q(stem__in=others))
        # By one column, in the order of the index; the others are the same in the whole group.
        rows = rows.values("entry").annotate(stems=Count("pk"), heads=Sum("in_title"), hits=Sum("count"))
        rows = rows.annotate(source=Max("entry__source"), key=Max("entry__key"), date=Max("entry__date"))
        rows = rows.filter(stems=len(self.query.stems)).values_list("source", "entry", "heads", "hits", "date", "key")
        return sorted(rows, key=_order)

    @cached_property
    def counts(self) -> Counter[str]:
        """Kind → hits, whatever the filter."""
        by_source = Counter(row[0] for row in self._matching)
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
        page = Paginator([row[1] for row in self._matching if row[0] in sources], PAGE).get_page(number)
        entries = SearchEntry.objects.defer("words").in_bulk(list(page.object_list))
        page.object_list = [_hit(entries[key], self.query) for key in page.object_list if key in entries]
        return page


def open_terms(asker: Asker) -> Q:
    """Terms of entries whose rows the asker may open now: the SQL form, asked of the rows themselves."""
    condition = Q(pk__in=[])
    for name, source in SEARCH_SOURCES.items():
        opened = source.open_to(asker).order_by().filter(pk=OuterRef("entry__key"))
        condition |= Q(entry__source=name) & Q(Exists(opened))
    return condition


def _order(row: tuple) -> tuple:
    source, _, heads, hits, date, key = row
    return -heads, -hits, -date.toordinal() if date else 0, source, key


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
