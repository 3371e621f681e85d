"""A subsection as it is shown: the table's fields with what the portal knows and what people typed. Reads only.

An empty field is said to be empty: its itemprop stays, with the words ABSENT. «Нет» is another thing: somebody has said
that the school has none.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import SchoolCard
from resources.models import ONE, SvedenValue
from resources.sveden import sources
from resources.sveden.items import Item, LiveRow, of_document, of_file, words
from resources.sveden.table import Block, Field, Section

NONE, ABSENT = "нет", "информация отсутствует"


@dataclass(frozen=True)
class Cell:
    """A field of a row, filled, «нет» or empty; `value` is the typed row, if there is one."""

    field: Field
    items: tuple[Item, ...] = ()
    is_none: bool = False
    value: SvedenValue | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.is_none)

    @property
    def is_lacking(self) -> bool:
        return self.is_empty and not self.field.optional

    @property
    def words(self) -> str:
        """What stands where there are no items."""
        return NONE if self.is_none else ABSENT


@dataclass(frozen=True)
class Row:
    key: int
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Filled:
    """A block with its rows; where a group has none, one row says so in every field, and `is_blank` is true."""

    block: Block
    rows: tuple[Row, ...]
    is_blank: bool = False
    is_none: bool = False

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]


@dataclass(frozen=True)
class Page:
    section: Section
    blocks: tuple[Filled, ...]
    changed_at: datetime.datetime | None

    @property
    def cells(self) -> list[Cell]:
        return [cell for filled in self.blocks for cell in filled.cells]

    @property
    def print(self) -> str:
        """Equal for equal contents: tells whether anything has changed since an export."""
        said = [
            (filled.block.key, row.key, cell.field.key, cell.is_none, [(item.text, item.url) for item in cell.items])
            for filled in self.blocks
            for row in filled.rows
            for cell in row.cells
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()


Values = dict[tuple[str, str, int], SvedenValue]


def typed(sections: Iterable[Section]) -> dict[str, Values]:
    """What people typed in the subsections, in one query: path → (block, field, row) → value."""
    found: dict[str, Values] = {section.path: {} for section in sections}
    for value in SvedenValue.objects.filter(section__in=found).select_related("document", "file"):
        found[value.section][value.block, value.field, value.row] = value
    return found


def page(section: Section, school: SchoolCard, date: datetime.date) -> Page:
    """One subsection; the number of queries does not depend on what stands in it."""
    return pages([section], school, date)[0]


def pages(sections: Iterable[Section], school: SchoolCard, date: datetime.date) -> list[Page]:
    """Several subsections; every source is asked once."""
    sections = list(sections)
    values, made = typed(sections), {}

    def rows_of(source: str) -> list[LiveRow]:
        if source not in made:
            made[source] = sources.ROWS[source](school, date)
        return made[source]

    return [_page(section, values[section.path], school, rows_of) for section in sections]


def _page(section: Section, values: Values, school: SchoolCard, rows_of: Callable) -> Page:
    blocks = tuple(_filled(block, values, school, rows_of) for block in section.blocks)
    changed = max((value.changed_at for value in values.values()), default=None)
    return Page(section, blocks, changed)


def _filled(block: Block, values: Values, school: SchoolCard, rows_of: Callable) -> Filled:
    if not block.has_rows:
        cells = tuple(_single(field, values.get((block.key, field.key, ONE)), school) for field in block.fields)
        return Filled(block, (Row(ONE, block.title, cells),))
    if block.source:
        rows = tuple(_live(block, row, values) for row in rows_of(block.source))
    else:
        keys = sorted({row for key, field, row in values if key == block.key and field})
        rows = tuple(_typed(block, key, values) for key in keys)
    return Filled(block, rows) if rows else _blank(block, values)


def _single(field: Field, value: SvedenValue | None, school: SchoolCard) -> Cell:
    if field.source:
        return Cell(field, sources.known(field.source, school))
    return _cell(field, value)


def _live(block: Block, row: LiveRow, values: Values) -> Row:
    return Row(row.key, row.title, tuple(_of_live(block, field, row, values) for field in block.fields))


def _of_live(block: Block, field: Field, row: LiveRow, values: Values) -> Cell:
    """What the portal knows; what people typed where the field is theirs, or where the portal knows nothing."""
    items = row.values[field.key] if field.live else ()
    if field.is_typed and items == ():
        return _cell(field, values.get((block.key, field.key, row.key)))
    return Cell(field, items or (), is_none=items is None)


def _typed(block: Block, key: int, values: Values) -> Row:
    cells = tuple(_cell(field, values.get((block.key, field.key, key))) for field in block.fields)
    named = next((cell.items[0].text for cell in cells if cell.items), f"строка {key}")
    return Row(key, named, cells)


def _blank(block: Block, values: Values) -> Filled:
    """One row for a group without rows, so that its fields stand on the page all the same."""
    whole = values.get((block.key, "", ONE))
    is_none = whole is not None and whole.is_none
    cells = tuple(Cell(field, is_none=is_none, value=whole) for field in block.fields)
    return Filled(block, (Row(ONE, block.title, cells),), is_blank=True, is_none=is_none)


def _cell(field: Field, value: SvedenValue | None) -> Cell:
    return Cell(field) if value is None else Cell(field, _items(value), value.is_none, value)


def _items(value: SvedenValue) -> tuple[Item, ...]:
    """The words lead where the address does; a document and a file stand by their own names unless words are given."""
    if value.document:
        item = of_document(value.document)
        return (Item(value.text or item.text, item.url, item.target),)
    if value.file:
        return (of_file(value.text, value.file),)
    if value.link:
        return (Item(value.text or value.link, value.link),)
    return words(value.text)
