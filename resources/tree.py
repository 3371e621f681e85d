"""What the rule asks of an element, worked out once for the whole registry and kept in memory.

The gate and the menu ask it on every page. It stands for as long as the school's access version: whatever changes
levels, conditions, privileges or administrators calls `SchoolCard.touch_access()`.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accounts.models import SchoolCard
from resources.models import BY_NAME, LEVELS, Condition, Element, ElementAdministrator, Level, Privilege
from resources.positions import OPENED_BY_POSITION

Kind = Condition.Kind
# What a condition asks, and what makes it hold.
ASKED = {
    Kind.TRAINING: "Нужно действующее обучение для работы с элементом «{need.element_name}».",
    Kind.SECOND_FACTOR: "Нужен второй шаг входа: его включают в своём кабинете.",
    Kind.NETWORK: "Открывается только из сети школы.",
    Kind.ACQUAINTANCE: "Нужно ознакомление с документом «{need.document_name}».",
}
REMEDIES = {
    Kind.TRAINING: "Обучение, отнесённое к элементу «{need.element_name}» (подтверждает руководство).",
    Kind.SECOND_FACTOR: "Второй шаг входа: приложение с кодами или ключ доступа, включается в своём кабинете.",
    Kind.NETWORK: "Вход с компьютера школы или через её Wi-Fi.",
    Kind.ACQUAINTANCE: "Ознакомление с действующей редакцией документа «{need.document_name}».",
}
CONTRIBUTE = Privilege.Right.CONTRIBUTE
# To whom a privilege is given: the kind and the key, ("person", 17) or ("status", "pupil").
Grantee = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Need:
    """A condition, and the node that it was set on."""

    kind: str
    element: int
    element_name: str
    document: int | None = None
    document_name: str = ""

    @property
    def words(self) -> str:
        """What is asked, in a sentence that suits whoever reads it."""
        return ASKED[self.kind].format(need=self)

    @property
    def remedy(self) -> str:
        """What makes the condition hold."""
        return REMEDIES[self.kind].format(need=self)


@dataclass(frozen=True, slots=True)
class Grant:
    """A privilege that is not revoked: for what, how long, and how the one who has it is told of it."""

    to_contribute: bool
    starts: datetime.date
    ends: datetime.date | None
    words: str

    def on(self, date: datetime.date) -> bool:
        return self.starts <= date and (self.ends is None or date <= self.ends)


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything about one element that decides who opens it."""

    element: int
    closure: int
    contact: str = ""
    opened_by: frozenset[str] = frozenset()
    needs: tuple[Need, ...] = ()
    grants: dict[Grantee, tuple[Grant, ...]] = field(default_factory=dict)
    administrators: frozenset[int] = frozenset()
    level_names: Mapping[int, str] = field(default_factory=LEVELS.copy)


@dataclass
class _Row:
    element: Element
    needs: list[Need] = field(default_factory=list)
    grants: dict[Grantee, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    administrators: set[int] = field(default_factory=set)


def ground_of(school: SchoolCard, element: Element) -> Ground:
    """What the rule asks of the element; one that is not in the registry has no privileges and no administrators."""
    found = _grounds(school.access_version).get(element.pk)
    return found or Ground(element.pk or 0, element.closure, element.contact)


def administrators_of_any(school: SchoolCard) -> frozenset[int]:
    """Keys of people who administer some element; departed ones among them."""
    return _administrators(school.access_version)


def forget() -> None:
    """Start anew, where rows change without the access version: in tests."""
    _grounds.cache_clear()
    alike.cache_clear()
    _administrators.cache_clear()


@functools.lru_cache(maxsize=2)
def _administrators(version: int) -> frozenset[int]:
    return frozenset().union(*(ground.administrators for ground in _grounds(version).values()))


@functools.lru_cache(maxsize=2)
def alike(version: int) -> list[tuple[Ground, tuple[int, ...]]]:
    """The registry by what the rule asks: a ground, and the keys of all elements that it suits.

    Hundreds of elements ask no more than a few different things. `version` is the school's access version.
    """
    groups: dict[tuple, list[Ground]] = defaultdict(list)
    for one in _grounds(version).values():
        grants = tuple(sorted(one.grants.items(), key=repr))
        groups[one.closure, one.opened_by, one.needs, grants, one.administrators].append(one)
    return [(found[0], tuple(one.element for one in found)) for found in groups.values()]


@functools.lru_cache(maxsize=2)
def _grounds(version: int) -> dict[int, Ground]:
    """Five queries for any number of elements."""
    names = LEVELS | dict(Level.objects.values_list("number", "name"))
    conditions = list(Condition.objects.select_related("document"))
    privileges = list(Privilege.objects.standing().select_related("position", "school_class"))
    administering = list(ElementAdministrator.objects.values_list("content_object", "user"))
    # Elements come last: what the rows above name is among them, but for a course's draft deleted just now.
    rows = {element.pk: _Row(element) for element in Element.objects.all()}
    conditions = [one for one in conditions if one.element_id in rows]
    privileges = [one for one in privileges if one.element_id in rows]
    for one in conditions:
        row = rows[one.element_id]
        row.needs.append(Need(one.kind, row.element.pk, row.element.name, one.document_id, str(one.document or "")))
    for one in privileges:
        row = rows[one.element_id]
        row.grants[one.grantee_field, one.grantee_value].append(_grant(one, row.element))
    administrators: dict[int, set[int]] = defaultdict(set)
    for element, person in administering:
        if element in rows:
            administrators[element].add(person)
    for element, people in administrators.items():
        rows[element].administrators = people
    return {key: _ground(row, rows, names) for key, row in rows.items()}


def _grant(row: Privilege, element: Element) -> Grant:
    name = "лично" if row.grantee_field == "person" else row.grantee
    until = f" по {row.ends:%d.%m.%Y}" if row.ends else ""
    words = f"Привилегия на «{element.name}»{until}: {name}."
    return Grant(row.right == CONTRIBUTE, row.starts, row.ends, words)


def _ground(row: _Row, rows: dict[int, _Row], names: dict[int, str]) -> Ground:
    """Needs and administrators of all above; grants of those above until a 5 stops them."""
    needs, grants, administrators, passes = [], defaultdict(tuple), set(), True
    for one in _upwards(row, rows):
        needs = one.needs + needs
        for grantee, given in one.grants.items() if passes else ():
            grants[grantee] += tuple(given)
        administrators |= one.administrators
        passes = passes and one.element.own_closure != BY_NAME
    element = row.element
    return Ground(
        element.pk, element.closure, element.contact, OPENED_BY_POSITION.get(element.slug, frozenset()),
        tuple(needs), dict(grants), frozenset(administrators), names,
    )  # fmt: skip


def _upwards(row: _Row, rows: dict[int, _Row]) -> Iterator[_Row]:
    while True:
        yield row
        if row.element.parent_id is None:
            return
        row = rows[row.element.parent_id]
