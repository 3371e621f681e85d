"""Where elements would stand and how closed they would be, by slugs: values in, values out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from resources.models import DEFAULT_CLOSURE

MOST_DEPTH = 10


@dataclass
class Tree:
    """Parents ("" for a root), own closures and libraries of all elements as they will be."""

    parents: dict[str, str] = field(default_factory=dict)
    own_closures: dict[str, int | None] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)

    def put(self, slug: str, parent: str, own_closure: int | None, *, is_library: bool) -> None:
        self.parents[slug], self.own_closures[slug] = parent, own_closure
        (self.libraries.add if is_library else self.libraries.discard)(slug)

    def upwards(self, slug: str) -> Iterator[str]:
        """The element and everything above it; stops where the way leads nowhere or in a circle."""
        seen = set()
        while slug in self.parents and slug not in seen:
            seen.add(slug)
            yield slug
            slug = self.parents[slug]

    def is_cyclic(self, slug: str) -> bool:
        return self.parents[slug] != "" and slug in [self.parents[one] for one in self.upwards(slug)]

    def is_sound(self, slug: str) -> bool:
        """Does the way up end at a root?"""
        *_, top = self.upwards(slug)
        return self.parents[top] == ""

    def depth(self, slug: str) -> int:
        return sum(1 for _ in self.upwards(slug)) - 1

    def closure(self, slug: str) -> int:
        """The own one, or the nearest above; a root without one starts at 4."""
        own = (self.own_closures[one] for one in self.upwards(slug))
        return next((one for one in own if one is not None), DEFAULT_CLOSURE)

    def is_within_library(self, slug: str) -> bool:
        return any(one in self.libraries for one in self.upwards(slug))
