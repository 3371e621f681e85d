"""What is searched. A source is one small declared object; upper apps add theirs in a module `search_sources.py`."""

import datetime
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import QuerySet

from accounts.models import StoredFile
from eios.lib.hints import HintList
from resources.asker import Asker
from resources.sections import is_open


@dataclass(frozen=True)
class Found:
    """What a row is found by and how it is shown: `note` stands under the title and is not searched.

    `file` is searched by its words, which are read apart: reading takes seconds.
    """

    title: str
    text: str
    address: str
    note: str = ""
    date: datetime.date | None = None
    file: StoredFile | None = None


@dataclass(frozen=True)
class Source:
    """Rows of one kind that may be found.

    `kind`: sources of one kind share a filter on the page, under the title of the first.
    `rows`: all rows to index, with what `describe` needs; `describe`: one of them → what it is found by.
    `open_to`: those that the asker may open now, dates in force included; it decides, whatever the index says.
    `alike`: what names the group of askers to whom the same rows open until the school's versions, the day or the hour
    of news change; the keys of these rows are kept in memory. None: the asker has rows of one's own.
    `follows`: audited model → the look-up that leads from a row to its key, so that a change of either is indexed;
    `watched`: model → the only fields whose change matters.
    """

    kind: str
    title: str
    icon: str
    rows: Callable[[], QuerySet]
    describe: Callable[[models.Model], Found]
    open_to: Callable[[Asker], QuerySet]
    alike: Callable[[Asker], Hashable | None] = lambda asker: None
    follows: dict[str, str] = field(default_factory=dict)
    watched: dict[str, frozenset[str]] = field(default_factory=dict)


def everybody_in(section: str) -> Callable[[Asker], str]:
    """To whomever the section opens the same rows open, to others none."""
    return lambda asker: "inside" if is_open(asker, section) else "outside"


SEARCH_SOURCES: HintList[Source] = HintList("search sources")
