"""The registry's own elements, kept in memory for as long as the school's public version stands.

A few dozen rows that every page asks for: the menu, the gate, home and cabinet. Their parts stay in the database.
"""

import functools

from django.http import Http404

from accounts.models import SchoolCard
from eios.lib.access import CONTRIBUTE
from resources import access, levels, library_overview, newest, tree
from resources.asker import Asker
from resources.models import Element


@functools.lru_cache(maxsize=4)
def _roots(version: int) -> dict[str, Element]:
    return {element.slug: element for element in Element.objects.filter(parent__isnull=True)}


@functools.lru_cache(maxsize=4)
def _alike(version: int, access_version: int) -> list[tuple[tree.Ground, tuple[int, ...]]]:
    """Sections by what the rule asks of them: most ask the same."""
    sections = {element.pk for element in _roots(version).values() if element.is_built_in}
    alike = ((ground, tuple(sections.intersection(keys))) for ground, keys in tree.alike(access_version))
    return [(ground, keys) for ground, keys in alike if keys]


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _roots.cache_clear()
    _alike.cache_clear()
    tree.forget()
    levels.forget()
    library_overview.forget()
    newest.forget()


def roots(school: SchoolCard) -> list[Element]:
    """Platforms and built-in sections in the registry's order, parts not among them; not to be changed."""
    return list(_roots(school.public_version).values())


def by_slug(school: SchoolCard, slug: str) -> Element:
    """The section of this slug. Raises Http404 where the registry has not been loaded."""
    found = _roots(school.public_version).get(slug)
    if found is None or not found.is_built_in:
        raise Http404(f"no element {slug} in the registry")
    return found


def open_to(asker: Asker) -> list[Element]:
    """Sections that open to the asker, in order: the menu; decided by the one rule, once for all that are alike."""
    school = asker.school
    keys = access.open_among(asker, _alike(school.public_version, school.access_version))
    return [element for element in _roots(school.public_version).values() if element.pk in keys]


def is_open(asker: Asker, slug: str) -> bool:
    """Does the section open to the asker? Not while the registry has not been loaded."""
    found = _roots(asker.school.public_version).get(slug)
    return found is not None and found.is_built_in and access.decide(asker, found).allowed


def may_contribute(asker: Asker, slug: str) -> bool:
    """May the asker fill the section: it was entrusted, or the asker administers it (5.4)?"""
    return access.decide(asker, by_slug(asker.school, slug), CONTRIBUTE).allowed
