"""The verbs that write the index of the search: after every change of what is searched, and anew by `reindex`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from functools import partial

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from accounts.models import AuditEntry, StoredFile
from resources.models import SearchEntry, SearchTerm, SearchWord
from resources.search import asking, words
from resources.search.sources import SEARCH_SOURCES, Found

BATCH, MANY = 200, 2000
LONGEST_TEXT = 400_000


def follow(entries: Iterable[AuditEntry]) -> None:
    """Indexes what the entries of the audit trail say has changed, in the transaction of the change.

    Words of a file that has not been read yet come after the commit: nobody waits for the reading.
    """
    changed: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        # Readings leave entries too, and change nothing.
        for name in _followers(entry.object_type, entry.changes.keys()) if entry.changes else ():
            changed[name, entry.object_type].add(entry.object_id)
    for (name, label), keys in changed.items():
        source = SEARCH_SOURCES[name]
        rows = source.rows().filter(**{f"{source.follows[label]}__in": keys})
        found = set(rows.values_list("pk", flat=True))
        if source.follows[label] == "pk":
            SearchEntry.objects.filter(source=name, key__in={int(key) for key in keys} - found).delete()
        _index(name, sorted(found))


def _followers(label: str, fields: Set[str]) -> Iterator[str]:
    for name, source in SEARCH_SOURCES.items():
        if label in source.follows and (label not in source.watched or source.watched[label] & fields):
            yield name


def _index(name: str, keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH):
        unread = _write(name, keys[start : start + BATCH])
        if unread:
            transaction.on_commit(partial(_read_and_write, name, unread))


def _read_and_write(name: str, unread: dict[int, StoredFile]) -> None:
    """Reads files, each apart from any transaction, and writes their entries anew."""
    for key, file in unread.items():
        _write(name, [key], {key: (file.sha256, _clean(asking.text_of(file))[:LONGEST_TEXT])})


@transaction.atomic
def _write(name: str, keys: Collection[int], read: dict[int, tuple[str, str]] | None = None) -> dict[int, StoredFile]:
    """Entries of these rows anew; returns files whose words are not known yet, by the keys of their rows.

    In the order of keys, so that two writers wait for each other in turn.
    """
    source = SEARCH_SOURCES[name]
    found = [(row.pk, source.describe(row)) for row in source.rows().filter(pk__in=keys).order_by("pk")]
    stands = SearchEntry.objects.filter(source=name, key__in=keys).exclude(file_sha256="")
    known = {key: (sha, words) for key, sha, words in stands.values_list("key", "file_sha256", "file_words")}
    known |= read or {}
    unread = {key: about.file for key, about in found if about.file and known.get(key, ("",))[0] != about.file.sha256}
    entries = SearchEntry.objects.bulk_create(
        [_entry(name, key, about, None if key in unread else known.get(key)) for key, about in found],
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["title", "note", "text", "file_sha256", "file_words", "words", "address", "date"],
    )
    SearchTerm.objects.filter(entry__in=entries).delete()
    terms = [
        SearchTerm(entry=entry, stem=one.stem, word=one.word, in_title=one.in_title, count=one.count)
        for entry in entries
        for one in words.terms(entry.title, entry.text)
    ]
    SearchTerm.objects.bulk_create(terms, batch_size=MANY)
    _remember_words({(term.word, term.stem) for term in terms})
    return unread


def _entry(name: str, key: int, about: Found, known: tuple[str, str] | None) -> SearchEntry:
    """`known`: of which bytes, and the words that were read there."""
    sha, in_file = known if known and about.file else ("", "")
    own, title = _clean(about.text), _clean(about.title)[:700]
    text = " ".join(filter(None, [own, in_file]))[:LONGEST_TEXT]
    note = ". ".join(filter(None, [about.note, asking.NO_TEXT if sha and not (own or in_file) else ""]))
    return SearchEntry(
        source=name, key=key, title=title, note=note[:300], text=text, file_sha256=sha, file_words=in_file,
        address=about.address, date=about.date,
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
            _read_and_write(name, _write(name, keys[start : start + BATCH]))
            tell(source.title, min(start + BATCH, len(keys)), len(keys))
        _forget_gone(name, source)
        counts[source.title] = counts.get(source.title, 0) + len(keys)
    SearchEntry.objects.exclude(source__in=list(SEARCH_SOURCES)).delete()
    SearchWord.objects.exclude(Exists(_terms_of_word())).delete()
    return counts


def _forget_gone(name: str, source) -> None:
    SearchEntry.objects.filter(source=name).exclude(key__in=source.rows().order_by().values("pk")).delete()


def _terms_of_word() -> models.QuerySet:
    return SearchTerm.objects.filter(stem=OuterRef("stem"), word=OuterRef("word"))
