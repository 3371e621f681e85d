"""The verbs that write the index of the search: after every change of what is searched, and anew by `reindex`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Set

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from accounts.models import AuditEntry
from resources.models import SearchEntry, SearchTerm, SearchWord
from resources.search import words
from resources.search.sources import SEARCH_SOURCES, Found, Source

BATCH, MANY = 200, 2000
LONGEST_TEXT = 400_000


def follow(entries: Iterable[AuditEntry]) -> None:
    """Indexes what the entries of the audit trail say has changed, in the transaction of the change."""
    changed: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        # Readings leave entries too, and change nothing.
        for name in _followers(entry.object_type, entry.changes.keys()) if entry.changes else ():
            changed[name, entry.object_type].add(entry.object_id)
    for (name, label), keys in changed.items():
        source = SEARCH_SOURCES[name]
        rows = source.rows().filter(**{f"{source.follows[label]}__in": keys})
        _index(name, sorted(set(rows.values_list("pk", flat=True))))


def _followers(label: str, fields: Set[str]) -> Iterator[str]:
    for name, source in SEARCH_SOURCES.items():
        if label in source.follows and (label not in source.watched or source.watched[label] & fields):
            yield name


def _index(name: str, keys: list[int]) -> None:
    source = SEARCH_SOURCES[name]
    for start in range(0, len(keys), BATCH):
        _write(name, source, keys[start : start + BATCH])


@transaction.atomic
def _write(name: str, source: Source, keys: Collection[int]) -> None:
    """Entries of these rows anew. In the order of keys, so that two writers wait for each other in turn."""
    found = [(row.pk, source.describe(row)) for row in source.rows().filter(pk__in=keys).order_by("pk")]
    entries = SearchEntry.objects.bulk_create(
        [_entry(name, key, about) for key, about in found],
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["title", "note", "text", "words", "address", "date"],
    )
    SearchTerm.objects.filter(entry__in=entries).delete()
    terms = [
        SearchTerm(entry=entry, stem=one.stem, word=one.word, in_title=one.in_title, count=one.count)
        for entry in entries
        for one in words.terms(entry.title, entry.text)
    ]
    SearchTerm.objects.bulk_create(terms, batch_size=MANY)
    _remember_words({(term.word, term.stem) for term in terms})


def _entry(name: str, key: int, about: Found) -> SearchEntry:
    title, text = _clean(about.title)[:700], _clean(about.text)[:LONGEST_TEXT]
    return SearchEntry(
        source=name, key=key, title=title, note=about.note[:300], text=text, address=about.address, date=about.date,
        # The sign between parts a phrase of both; it is no word, so it stands in no question.
        words=f"{words.joined(title)}|{words.joined(text)}",
    )  # fmt: skip


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _remember_words(pairs: set[tuple[str, str]]) -> None:
    rows = [SearchWord(word=word, stem=stem, length=len(word)) for word, stem in sorted(pairs)]
    SearchWord.objects.bulk_create(rows, batch_size=MANY, ignore_conflicts=True)


def reindex(tell: Callable[[str, int, int], None] = lambda title, done, total: None) -> dict[str, int]:
    """Every source anew, in batches of their own, and what is there no more goes. Title → entries.

    People search meanwhile: an entry is replaced at one go. `tell(title, done, total)` hears of every batch.
    """
    counts: dict[str, int] = {}
    for name, source in SEARCH_SOURCES.items():
        keys = sorted(source.rows().order_by().values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            _write(name, source, keys[start : start + BATCH])
            tell(source.title, min(start + BATCH, len(keys)), len(keys))
        _forget_gone(name, source)
        counts[source.title] = counts.get(source.title, 0) + len(keys)
    SearchEntry.objects.exclude(source__in=list(SEARCH_SOURCES)).delete()
    SearchWord.objects.exclude(Exists(_terms_of_word())).delete()
    return counts


def _forget_gone(name: str, source: Source) -> None:
    SearchEntry.objects.filter(source=name).exclude(key__in=source.rows().order_by().values("pk")).delete()


def _terms_of_word() -> models.QuerySet:
    return SearchTerm.objects.filter(stem=OuterRef("stem"), word=OuterRef("word"))
