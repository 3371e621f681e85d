"""How fresh mirrored gradebooks are. Pure: values in, lines out."""

import datetime
from collections.abc import Iterable


def sources_of(
    mirrors: Iterable[tuple[str | None, datetime.datetime | None]],
) -> list[tuple[str, datetime.datetime]]:
    """(source, as of when) of each mirror → as of when the oldest of each source are (7.1); of no load, nothing."""
    found: dict[str, datetime.datetime] = {}
    for source, at in mirrors:
        if source and at:
            found[source] = min(found.get(source, at), at)
    return sorted(found.items())
