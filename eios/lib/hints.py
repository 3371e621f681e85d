"""Lists that an upper app fills in `ready()`: the only way up between floors."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class HintList(Generic[T]):
    """Named entries, each registered once; a second registration under the same name is a programming error."""

    def __init__(self, title: str):
        self.title = title
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> None:
        if name in self._entries:
            raise ValueError(f"{self.title}: «{name}» is registered already")
        self._entries[name] = entry

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def items(self):
        return self._entries.items()
