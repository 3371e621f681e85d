"""Built-in sections by slug, kept in memory for as long as the school's public version stands."""

import functools

from django.http import Http404

from accounts.models import SchoolCard
from resources import access
from resources.models import Element


@functools.lru_cache(maxsize=4)
def _sections(version: int) -> dict[str, Element]:
    return {element.slug: element for element in Element.objects.sections()}


def by_slug(school: SchoolCard, slug: str) -> Element:
    """The section of this slug. Raises Http404 where the registry has not been loaded."""
    found = _sections(school.public_version).get(slug)
    if found is None:
        raise Http404(f"no element {slug} in the registry")
    return found


def open_to(school: SchoolCard, visitor) -> list[Element]:
    """Sections that open to the visitor, in order: the menu. A dozen rows from memory, decided by the one rule."""
    return [element for element in _sections(school.public_version).values() if access.decide(visitor, element).allowed]
