"""What the school calls its levels of closure and access (5.2): editable names, kept in memory."""

import functools

from accounts.models import SchoolCard
from resources.models import LEVELS, Level


def names(school: SchoolCard) -> dict[int, str]:
    """Number → name; of a level that the school has not named, ours. Not to be changed."""
    return _names(school.public_version)


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _names.cache_clear()


@functools.lru_cache(maxsize=4)
def _names(version: int) -> dict[int, str]:
    return LEVELS | dict(Level.objects.values_list("number", "name"))
