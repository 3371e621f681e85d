"""What was meant, where nothing is found: another keyboard layout, or the nearest words that the asker may read."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q

from resources.asker import Asker
from resources.models import SearchTerm, SearchWord
from resources.search.finding import Results
from resources.search.sources import SEARCH_SOURCES
from resources.search.words import MAX_QUERY, parse, stem

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_CYRILLIC = str.maketrans(LATIN + '~{}:"<>', CYRILLIC + "ёхъжэбю")
_TO_LATIN = str.maketrans(CYRILLIC, LATIN)
# Of so many letters a word may be taken for the beginning of another.
BEGINNING = 4


def suggestion(asker: Asker, text: str) -> str:
    """Another question that finds something; "" where none is near. Closed words are not known here."""
    text = text[:MAX_QUERY].casefold()
    layout = other_layout(text)
    for other in (layout if _are_words(layout) else "", _nearest(asker, text)):
        if other and other != text and Results(asker, parse(other)).total:
            return other
    return ""


def _are_words(text: str) -> bool:
    """Are these words of the index? A stem of a letter or two does not count: that of nonsense may meet an initial."""
    typed = parse(text).stems
    stems = [one for one, word in typed.items() if len(one) > 2 or one == word]
    return SearchWord.objects.filter(stem__in=stems).values("stem").distinct().count() == len(typed)


def other_layout(text: str) -> str:
    """«ghbrfp» → «приказ», «ьшсе» → «mict»."""
    return text.translate(_TO_CYRILLIC if text.isascii() else _TO_LATIN)


def _nearest(asker: Asker, text: str) -> str:
    """The question with every word that nobody finds replaced by the nearest one; "" where one has none."""
    typed = parse(text).stems
    rows = SearchTerm.objects.filter(open_terms(asker))
    known = set(rows.filter(stem__in=list(typed)).values_list("stem", flat=True).distinct())
    found = []
    for one, word in typed.items():
        near = word if one in known else _near_word(rows, word)
        if not near:
            return ""
        found.append(near)
    return " ".join(found)


def open_terms(asker: Asker) -> Q:
    """Terms of entries whose rows the asker may open now: the SQL form, asked of the rows themselves."""
    condition = Q(pk__in=[])
    for name, source in SEARCH_SOURCES.items():
        opened = source.open_to(asker).order_by().filter(pk=OuterRef("entry__key"))
        condition |= Q(entry__source=name) & Q(Exists(opened))
    return condition


def _near_word(rows, word: str) -> str:
    """The nearest word among these terms; of equally near ones that of the most entries.

    Every candidate is asked about, so that closed words crowd out no open one.
    """
    candidates = dict(_candidates(word))
    if not candidates:
        return ""
    stems = {stem(one) for one in candidates}
    found = rows.filter(stem__in=stems, word__in=list(candidates)).values_list("word").annotate(entries=Count("entry"))
    ordered = sorted((candidates[one], -entries, one) for one, entries in found)
    return ordered[0][2] if ordered else ""


def _candidates(word: str) -> Iterator[tuple[str, int]]:
    """Words of the whole index within a few mistakes, with their number."""
    most = 1 if len(word) <= 4 else 2
    near = Q(length__range=(len(word) - most, len(word) + most))
    begins = Q(word__startswith=word) if len(word) >= BEGINNING else Q(pk__in=[])
    letters = set(word)
    for one in SearchWord.objects.filter(near | begins).values_list("word", flat=True).iterator():
        if one.startswith(word) and len(word) >= BEGINNING:
            yield one, 1
        elif len(letters ^ set(one)) <= 2 * most and (mistakes := distance(word, one, most)) <= most:
            yield one, mistakes


def distance(a: str, b: str, most: int) -> int:
    """Letters to change, add, drop, or swap with a neighbour; anything over `most` as soon as it is certain."""
    before, row = [], list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
