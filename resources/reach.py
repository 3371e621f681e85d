"""Where elements lie in the tree, kept as rows for the SQL form of the rule: who is at or below whom (5.2).

Written by the actions that move elements or set their closure; nothing else writes it.
"""

from collections.abc import Iterable, Iterator

from resources.models import BY_NAME, Element, Reach


def rows_of(element: Element, parents: dict[int, Element]) -> Iterator[Reach]:
    """The element itself and everything above it; a 5 set on the way down stops privileges, itself included."""
    passes, above = True, element
    while above is not None:
        yield Reach(element=element, above=above, by_privilege=passes)
        passes = passes and above.own_closure != BY_NAME
        above = parents.get(above.parent_id)


def is_within_library(element: Element) -> bool:
    """The element is a library or a part of one: it is never closed above 1 (10.1)."""
    return Element.objects.filter(reaches__element=element).exclude(library_way="").exists()


def rebuild(element: Element) -> None:
    """Writes the rows of the element and of all below it anew; four queries for any number of parts."""
    elements = {one.pk: one for one in Element.objects.only("pk", "parent_id", "own_closure")}
    write(below(element, elements.values()), elements)


def rebuild_all() -> None:
    """Writes all rows anew: for installations and tests that fill the registry in bulk."""
    elements = {one.pk: one for one in Element.objects.only("pk", "parent_id", "own_closure")}
    write(list(elements.values()), elements)


def write(elements: list[Element], parents: dict[int, Element]) -> None:
    Reach.objects.filter(element__in=[one.pk for one in elements]).delete()
    rows = [row for one in elements for row in rows_of(one, parents)]
    Reach.objects.bulk_create(rows, batch_size=1000)


def below(element: Element, elements: Iterable[Element]) -> list[Element]:
    """The element and its parts at any depth."""
    parts: dict[int | None, list[Element]] = {}
    for one in elements:
        parts.setdefault(one.parent_id, []).append(one)
    found, waiting = [], [one for group in parts.values() for one in group if one.pk == element.pk]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parts.get(one.pk, [])
    return found
