"""The one table of subsections, groups and fields (resources/data/sveden.toml), read once."""

import functools
from dataclasses import dataclass
from pathlib import Path

from eios.lib.data_files import read_toml

FILE = Path(__file__).parent.parent / "data" / "sveden.toml"
TEXT, DATE, LINK = "text", "date", "link"


@dataclass(frozen=True)
class Field:
    """`itemprop` is "" where the law names none.

    What is neither `source` nor `live` is typed by people, and so is what is `backed`, where the portal knows nothing.
    """

    key: str
    title: str
    kind: str = TEXT
    source: str = ""
    live: bool = False
    backed: bool = False
    plain: bool = False
    optional: bool = False

    @property
    def itemprop(self) -> str:
        return "" if self.plain else self.key

    @property
    def is_typed(self) -> bool:
        return self.backed or not (self.source or self.live)


@dataclass(frozen=True)
class Block:
    """Fields that stand together: once, or in rows that people type (`many`) or the portal makes (`source`)."""

    key: str
    title: str
    fields: tuple[Field, ...]
    tag: str = ""
    many: bool = False
    source: str = ""
    cards: bool = False

    @property
    def has_rows(self) -> bool:
        return self.many or bool(self.source)

    @property
    def typed_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_typed)


@dataclass(frozen=True)
class Section:
    path: str
    title: str
    blocks: tuple[Block, ...]
    personal: bool = False

    def block(self, key: str) -> Block | None:
        return next((block for block in self.blocks if block.key == key), None)


@functools.cache
def sections() -> dict[str, Section]:
    """Path → subsection, in the prescribed order."""
    rows = read_toml(FILE)["section"]
    return {row["path"]: _section(row) for row in rows}


def _section(row: dict) -> Section:
    blocks = tuple(map(_block, row["block"]))
    return Section(row["path"], row["title"], blocks, personal=row.get("personal", False))


def _block(values: dict) -> Block:
    fields = tuple(Field(**one) for one in values["fields"])
    return Block(**{name: value for name, value in values.items() if name != "fields"}, fields=fields)
