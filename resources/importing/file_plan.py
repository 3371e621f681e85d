"""What a file of the registry would change, row by row. The same plan is shown and, once confirmed, carried out.

Rows may stand in any order; columns that the file does not have, and elements that it does not name, change nothing.
"""

import enum
import hashlib
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from eios.lib import tables
from eios.lib.tables import TableError
from resources.importing.columns import BY_KEY, LAYOUT, Column, canonical, shown, text_of
from resources.importing.placing import MOST_DEPTH, Tree
from resources.models import AUTHORISED, LEVELS, Element

MOST_ROWS = 2000
NOT_FIELDS = ("id", "parent", "closure", "closure_ground", "search", "updated_at")


class Outcome(enum.Enum):
    """What becomes of a row; the value says it on screen."""

    NEW = "новая"
    CHANGED = "изменится"
    SAME = "без изменений"
    ERROR = "ошибка"

    @property
    def kind(self) -> str:
        return {"NEW": "ok", "CHANGED": "info", "SAME": "", "ERROR": "no"}[self.name]


@dataclass(frozen=True)
class Remark:
    """What is wrong with a row; `column` is its title in the file, "" for the row as a whole."""

    text: str
    column: str = ""


@dataclass(frozen=True)
class Change:
    """A field with what it was and what it becomes, as a person reads them."""

    title: str
    old: str
    new: str


@dataclass
class Item:
    """A row of the file: values by fields, those that differ, and the element that it is about; None is a new one.

    `values["parent"]` is the slug of what it is part of.
    """

    row: tables.Row
    known: Element | None
    values: dict = field(default_factory=dict)
    differing: tuple[str, ...] = ()
    remarks: list[Remark] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.values.get("slug", "")

    @property
    def name(self) -> str:
        return self.values.get("name") or (self.known.name if self.known else "")

    @property
    def outcome(self) -> Outcome:
        if self.remarks:
            return Outcome.ERROR
        if self.known is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.differing else Outcome.SAME

    @property
    def changes(self) -> list[Change]:
        columns = [BY_KEY[key] for key in self.differing]
        return [Change(one.title, _shown(self.known, one), shown(self.values[one.key], one)) for one in columns]

    def blame(self, text: str, key: str = "") -> None:
        """`key`: the field that is to be mended; a column that the file has not got is not named."""
        self.remarks.append(Remark(text, self.row.title(key) if key else ""))


@dataclass
class FilePlan:
    """Every row of the file; `unknown`: titles of columns that are passed over; `left`: elements not in the file."""

    items: list[Item]
    unknown: list[str]
    left: int
    sha256: str
    tree: Tree

    def count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome for item in self.items)

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        return [(outcome, self.count(outcome)) for outcome in Outcome]

    @property
    def has_errors(self) -> bool:
        return self.count(Outcome.ERROR) > 0

    @property
    def has_sheets(self) -> bool:
        """Do the rows come from several sheets, so that a number alone does not say where?"""
        return len({item.row.sheet for item in self.items}) > 1

    @property
    def can_be_applied(self) -> bool:
        return not self.has_errors and self.count(Outcome.SAME) < len(self.items)

    @property
    def ordered(self) -> list[Item]:
        """Mistakes first, then what changes, then the rest."""
        order = [Outcome.ERROR, Outcome.CHANGED, Outcome.NEW, Outcome.SAME]
        return sorted(self.items, key=lambda item: order.index(item.outcome))

    @property
    def mark(self) -> str:
        """The same as long as the file and its consequences are; confirming sends back the mark that was seen."""
        told = [f"{item.row.number}{item.outcome.name}{item.changes}" for item in self.items]
        return hashlib.sha256("|".join([self.sha256, *told]).encode()).hexdigest()


def read_rows(data: bytes) -> tables.Table:
    """Located rows of a registry file. Raises TableError with what is wrong and where."""
    table = tables.locate(tables.read(data), LAYOUT)
    if not table.rows:
        raise TableError("Под заголовками нет ни одной строки.")
    if len(table.rows) > MOST_ROWS:
        raise TableError(f"В файле больше {MOST_ROWS} строк: загрузите реестр частями.")
    return table


def plan_of(data: bytes) -> FilePlan:
    """The plan of a file; one query for any number of rows, nothing is written. Raises TableError."""
    table = read_rows(data)
    known = {element.slug: element for element in Element.objects.select_related("parent")}
    items = [_item(row, known) for row in table.rows]
    placed = [item for item in items if item.slug]
    _blame_repeated(placed)
    tree = _tree(placed, known)
    for check in (_blame_parents, _blame_numbers, _blame_sections, _blame_closed_libraries):
        check(placed, known, tree)
    named = {item.slug for item in items}
    left = sum(slug not in named for slug in known)
    return FilePlan(items, table.unknown, left, hashlib.sha256(data).hexdigest(), tree)


# One row


def _item(row: tables.Row, known: dict[str, Element]) -> Item:
    """The row with all its mistakes at once; whatever could be read is read."""
    slug = text_of(row.values.get("slug"))
    item = Item(row, known.get(slug), {"slug": slug})
    before = item.known or Element(slug=slug)
    for key in row.titles:
        if key != "slug":
            _read_cell(item, BY_KEY[key], before)
    _check_fields(item, before)
    if item.known:
        item.differing = tuple(key for key, value in item.values.items() if value != _present(item.known, key))
    return item


def _read_cell(item: Item, column: Column, before: Element) -> None:
    text = text_of(item.row.values.get(column.key))
    if not text and column.keeps:
        return
    try:
        value = column.read(text)
    except ValueError as error:
        item.blame(str(error), column.key)
        return
    item.values[column.key] = _present(before, column.key) if _is_same(before, column.key, value) else value


def _is_same(element: Element, key: str, value) -> bool:
    """Does the element have it already, as far as a file can tell?"""
    present = _present(element, key)
    return canonical(present) == value if isinstance(present, str) and isinstance(value, str) else present == value


def _present(element: Element, key: str):
    if key == "parent":
        return element.parent.slug if element.parent else ""
    return getattr(element, key)


def _shown(element: Element, column: Column) -> str:
    return shown(_present(element, column.key), column)


def _check_fields(item: Item, before: Element) -> None:
    """Lengths, choices, addresses, emptiness: as the model has them, told by columns of the file."""
    fields = [one.name for one in Element._meta.concrete_fields if one.name not in NOT_FIELDS]
    filled = Element(**{name: item.values.get(name, getattr(before, name)) for name in fields})
    try:
        filled.clean_fields(exclude=NOT_FIELDS)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                item.blame(message, name)


# Rows among others


def _blame_repeated(items: list[Item]) -> None:
    first: dict[str, Item] = {}
    for item in items:
        if item.slug and first.setdefault(item.slug, item) is not item:
            place = first[item.slug].row
            sheet = f"{place.sheet}, " if place.sheet else ""
            item.blame(f"Адрес карточки «{item.slug}» уже был: {sheet}строка {place.number}.", "slug")


def _tree(items: list[Item], known: dict[str, Element]) -> Tree:
    """Where everything will stand, those who are not in the file too."""
    tree = Tree()
    for slug, one in known.items():
        tree.put(slug, one.parent.slug if one.parent else "", one.own_closure, is_library=one.is_library)
    for item in items:
        before, values = item.known or Element(), item.values
        tree.put(
            item.slug,
            values.get("parent", _present(before, "parent")),
            values.get("own_closure", before.own_closure),
            is_library=bool(values.get("library_way", before.library_way)),
        )
    return tree


def _blame_parents(items: list[Item], known: dict[str, Element], tree: Tree) -> None:
    for item in items:
        parent = tree.parents[item.slug]
        if parent and parent not in tree.parents:
            item.blame(f"Элемента «{parent}» нет ни в реестре, ни в файле.", "parent")
        elif tree.is_cyclic(item.slug):
            item.blame("Элемент оказался бы частью собственной части.", "parent")
        elif tree.depth(item.slug) > MOST_DEPTH:
            item.blame(f"Слишком глубоко: частей внутри частей — не больше {MOST_DEPTH}.", "parent")


def _blame_numbers(items: list[Item], known: dict[str, Element], tree: Tree) -> None:
    """A number of the table of 4.5 is one element's, once everything is as the file says."""
    given = {slug: one.number for slug, one in known.items()}
    given |= {item.slug: item.values["number"] for item in items if "number" in item.values}
    holders: dict[int, list[str]] = {}
    for slug, number in given.items():
        if number is not None:
            holders.setdefault(number, []).append(slug)
    for item in items:
        number = item.values.get("number")
        others = [f"«{slug}»" for slug in holders.get(number, ()) if slug != item.slug]
        if others:
            item.blame(f"Номер {number} есть и у {', '.join(others)}.", "number")


def _blame_sections(items: list[Item], known: dict[str, Element], tree: Tree) -> None:
    """The portal knows its sections by slug and kind: a file neither makes, nor unmakes, nor moves them."""
    for item in items:
        before = item.known
        to_built_in = item.values.get("kind", before.kind if before else "") == Element.Kind.BUILT_IN
        if before is None:
            above = known.get(tree.parents[item.slug])
            if to_built_in and not (above and above.is_built_in):
                item.blame(
                    "Такого раздела на портале нет, и файлом он не добавляется. Если вы меняли адрес карточки раздела, "
                    "верните прежний.", "kind",
                )  # fmt: skip
        elif before.is_built_in != to_built_in:
            item.blame("Раздел портала и внешняя платформа друг другом не становятся.", "kind")
        elif before.is_built_in and before.parent is None and item.values.get("parent"):
            item.blame("Раздел портала не может стать частью другого элемента.", "parent")


def _blame_closed_libraries(items: list[Item], known: dict[str, Element], tree: Tree) -> None:
    """The right to a library is everybody's (10.1); told of the row that closes it, or moves it into one."""
    by_slug = {item.slug: item for item in items}
    for slug in tree.parents:
        if tree.is_sound(slug) and tree.closure(slug) > AUTHORISED and tree.is_within_library(slug):
            above = next((one for one in tree.upwards(slug) if one in by_slug), "")
            if above:
                words = f"Библиотека и её части открыты всем (пункт 10.1): не выше уровня «{LEVELS[AUTHORISED]}»"
                by_slug[above].blame(f"{words}, а у «{slug}» вышло бы {tree.closure(slug)}.", "own_closure")
