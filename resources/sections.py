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
def _places(version: int, access_version: int) -> list[tuple[tree.Ground, list[int]]]:
    """Where in the registry's order sections stand, by what the rule asks of them: most ask the same."""
    place_of = {element.pk: at for at, element in enumerate(_roots(version).values()) if element.is_built_in}
    groups = (
        (ground, [place_of[one] for one in keys if one in place_of]) for ground, keys in tree.alike(access_version)
    )
    return [(ground, places) for ground, places in groups if places]


def forget() -> None:
    """Start anew, where rows change without the public version: in tests."""
    _roots.cache_clear()
    _places.cache_clear()
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
    places = access.open_among(asker, _places(school.public_version, school.access_version))
    in_order = roots(school)
    return [in_order[place] for place in sorted(places)]


def is_open(asker: Asker, slug: str) -> bool:
    """Does the section open to the asker? Not while the registry has not been loaded."""
    found = _roots(asker.school.public_version).get(slug)
    return found is not None and found.is_built_in and access.decide(asker, found).allowed


def may_contribute(asker: Asker, slug: str) -> bool:
    """May the asker fill the section: it was entrusted, or the asker administers it (5.4)?"""
    return access.decide(asker, by_slug(asker.school, slug), CONTRIBUTE).allowed
