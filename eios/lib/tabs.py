"""The parts of a large section, each shown to whom it opens; the current one follows from the address."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Tab:
    """A part: its title, the name of its page's address, and whom it opens to, asked of the person without a query."""

    title: str
    page: str
    is_for: Callable[[Any], bool]
    # Beginnings of addresses that belong to the part besides its own.
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    title: str
    url: str
    is_current: bool


def shown_to(person: Any, path: str, tabs: Iterable[Tab]) -> tuple[Shown, ...]:
    """Tabs for the person; current is the one whose address begins the path."""
    found = [(tab, _address(tab.page)) for tab in tabs if tab.is_for(person)]
    return tuple(Shown(tab.title, url, path.startswith((url, *tab.also))) for tab, url in found)


@functools.cache
def _address(page: str) -> str:
    return reverse(page)
