"""The newest items of news, kept in memory for as long as the school's public version stands; no query for home.

An item that was given a day and an hour appears by itself: nothing is written then, so what guests were drawn turns
stale by the clock (eios.lib.conditional.TURNS).
"""

import datetime
import functools

from django.utils import timezone

from accounts.models import SchoolCard
from eios.lib.conditional import TURNS
from resources.models import News

ON_HOME = 3
# Nobody has more items waiting for their hour.
MOST_COMING = 200


@functools.lru_cache(maxsize=4)
def _kept(version: int) -> tuple[News, ...]:
    """Those that are to come, and the newest that have, newest first. Texts are not read."""
    moment = timezone.now()
    rows = News.objects.defer("text").select_related("picture")
    came = list(rows.public(moment)[:ON_HOME])
    coming = list(rows.coming(moment).order_by("published_from", "pk")[:MOST_COMING])
    return (*coming[::-1], *came)


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _kept.cache_clear()


def newest(school: SchoolCard, moment: datetime.datetime | None = None) -> list[News]:
    """The items of home, newest first."""
    moment = moment or timezone.now()
    return [item for item in _kept(school.public_version) if item.published_from <= moment][:ON_HOME]


def turn(school: SchoolCard) -> str:
    """The moment of the newest item that has appeared: the same for every worker, another one with the next item."""
    found = newest(school)
    return found[0].published_from.isoformat() if found else ""


TURNS.register("news", turn)
