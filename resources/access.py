"""The one rule of access (5.2-5.5): who may open, contribute to or administer an element, and why.

The decision and its explanation come from one function; lists use its SQL form, proven equal by a test.
"""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q, QuerySet

from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources.models import BY_NAME, FREE, LEVELS, Element

# Elements of level 5 that open by being appointed, without a privilege row: slug → codes of positions.
OPENED_BY_POSITION = {
    "credentials": frozenset({"credentials_officer", "system_administrator"}),
    "incidents": frozenset(
        {"system_administrator", "credentials_officer", "class_teacher", "director", "deputy", "deputy_upbringing"}
    ),
    "audit": frozenset({"system_administrator"}),
    "installation": frozenset({"system_administrator"}),
}


class Visitor(Protocol):
    """What the rule asks of a person; a guest is `None`."""

    level: int
    position_codes: frozenset[str]
    is_system_administrator: bool


@dataclass(frozen=True)
class Decision:
    """The answer with its reasons, in Russian sentences; `ask` says whom to turn to when the door is closed."""

    allowed: bool
    reasons: tuple[str, ...]
    ask: str = ""


def decide(visitor: Visitor | None, element: Element, to: str = OPEN) -> Decision:
    """May the visitor, who has passed the gate, do this at the element? `None` is a guest.

    Closure 0 opens to all; otherwise the level must reach the closure, or a position opens level 5 by itself.
    Contributing and administering belong to the system administrator until others are named.
    """
    if to in (CONTRIBUTE, ADMINISTER):
        if may_administer(visitor):
            return Decision(True, ("Системный администратор.",))
        return Decision(False, ("Это делает администратор элемента.",), "Обратитесь к системному администратору.")
    if element.closure == FREE:
        return Decision(True, ("Открыто всем.",))
    if visitor is None:
        return Decision(
            False, (f"Нужна учётная запись школы: {LEVELS[element.closure]}.",), "Войдите под своим логином."
        )
    if _opened_by_position(visitor, element):
        return Decision(True, ("Открыто по должности.",))
    if element.closure == BY_NAME:
        return Decision(False, ("Открыто только тем, кто назван поимённо.",), "Обратитесь к системному администратору.")
    if visitor.level >= element.closure:
        return Decision(True, (f"Ваш уровень: «{LEVELS[visitor.level]}».",))
    reason = f"Нужен уровень «{LEVELS[element.closure]}», у вас — «{LEVELS[visitor.level]}»."
    return Decision(False, (reason,), element.contact or "Обратитесь к системному администратору.")


def may_administer(visitor: Visitor | None) -> bool:
    """Elements without an administrator of their own fall to the system administrator (5.4)."""
    return visitor is not None and visitor.is_system_administrator


def _codes(visitor: Visitor) -> frozenset[str]:
    return visitor.position_codes | ({"system_administrator"} if visitor.is_system_administrator else frozenset())


def _opened_by_position(visitor: Visitor, element: Element) -> bool:
    return bool(OPENED_BY_POSITION.get(element.slug, frozenset()) & _codes(visitor))


def open_to(visitor: Visitor | None) -> Q:
    """The SQL form of `decide(visitor, …, "open")` for filtering elements."""
    if visitor is None:
        return Q(closure=FREE)
    by_position = [slug for slug, codes in OPENED_BY_POSITION.items() if codes & _codes(visitor)]
    return Q(closure=FREE) | Q(closure__lte=visitor.level, closure__lt=BY_NAME) | Q(slug__in=by_position)


def known_to(visitor: Visitor | None) -> Q:
    """Elements whose card's outside one may see: the listed ones (parts stand inside), and those open to one."""
    return Q(is_listed=True, parent__isnull=True) | open_to(visitor)


def elements_open_to(visitor: Visitor | None) -> QuerySet[Element]:
    return Element.objects.filter(open_to(visitor))


def elements_known_to(visitor: Visitor | None) -> QuerySet[Element]:
    return Element.objects.filter(known_to(visitor))
