"""How fresh mirrored gradebooks are. Pure: gradebooks in, lines out."""

import datetime
from collections.abc import Iterable

from journal.models import Gradebook


def sources_of(books: Iterable[Gradebook]) -> list[tuple[str, datetime.datetime]]:
    """Where the data of mirrors come from, and as of when the oldest of each source are (7.1).

    The gradebooks come with their `mirrored_by`.
    """
    found: dict[str, datetime.datetime] = {}
    for book in books:
        if book.is_mirror and book.mirrored_by_id and book.mirrored_at:
            name = book.mirrored_by.source
            found[name] = min(found.get(name, book.mirrored_at), book.mirrored_at)
    return sorted(found.items())
