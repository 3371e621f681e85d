"""Fills the measured portal with documents to search: long texts of words as often as people use them."""

import datetime
from itertools import accumulate
from random import Random

from django.db import connection

from resources.actions.search import reindex
from resources.models import Document, Edition
from tests.bench.targets import DOCUMENTS, WORDS_OF_DOCUMENT

BEGINS = datetime.date(2024, 9, 1)
ROOTS = ["школ", "урок", "журнал", "программ", "приказ", "учител", "класс", "родител", "библиотек", "олимпиад"]
PARTS = (
    "а",
    "о",
    "и",
    "ал",
    "ов",
    "ен",
    "ист",
    "ор",
    "ит",
    "ар",
    "ел",
    "ун",
    "ям",
    "об",
    "ур",
    "ес",
    "ыт",
    "юр",
    "эк",
    "ид",
)
ENDINGS = ("", "а", "ы", "ов", "ами", "ом", "у")


def vocabulary() -> list[str]:
    """Some ten thousand words that Russian might have: the known roots first, so that they are the frequent ones."""
    made = [f"{root}{one}{two}" for root in ROOTS for one in PARTS for two in (*PARTS, "")]
    return ROOTS + [f"{word}{end}" for word in made for end in ENDINGS[:2]]


def fill() -> None:
    """DOCUMENTS documents of WORDS_OF_DOCUMENT words, the n-th word about n times rarer than the first; indexed."""
    rng, words = Random(29), vocabulary()  # noqa: S311 (texts, not secrets)
    weights = list(accumulate(1 / place for place in range(3, len(words) + 3)))
    documents = Document.objects.bulk_create(
        [Document(title=f"Документ {n}: {' '.join(rng.choices(words, k=4))}") for n in range(DOCUMENTS)]
    )
    Edition.objects.bulk_create(
        [_edition(row, n, rng.choices(words, cum_weights=weights, k=WORDS_OF_DOCUMENT), rng)
         for n, row in enumerate(documents)],
        batch_size=500,
    )  # fmt: skip
    reindex()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _edition(document: Document, number: int, words: list[str], rng: Random) -> Edition:
    text = " ".join(word + rng.choice(ENDINGS) for word in words)
    return Edition(document=document, number=1, text=text, in_force_from=BEGINS + datetime.timedelta(days=number % 700))
