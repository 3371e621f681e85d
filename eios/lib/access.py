"""Stamps on views: which element a page belongs to, and what for. Only stamps; `eios/middleware.py` asks the rule.

A view without a stamp does not answer, and a test walks the URLconf to find one.
"""

from collections.abc import Callable
from dataclasses import dataclass

PUBLIC, AT_GATE, ELEMENT = "public", "at_gate", "element"
OPEN, CONTRIBUTE, ADMINISTER = "open", "contribute", "administer"


@dataclass(frozen=True)
class Stamp:
    """What a view asks of its visitor: nothing, to be signed in, or an element open for something."""

    kind: str
    element: str = ""
    to: str = OPEN


def _stamped(view: Callable, stamp: Stamp) -> Callable:
    view.access_stamp = stamp
    return view


def public(view: Callable) -> Callable:
    """Answers everybody alike, signed in or not."""
    return _stamped(view, Stamp(PUBLIC))


def at_gate(view: Callable) -> Callable:
    """A step of the gate: for those signed in who have not passed it (password, second factor, agreement)."""
    return _stamped(view, Stamp(AT_GATE))


def requires(element: str, to: str = OPEN) -> Callable[[Callable], Callable]:
    """Belongs to the element with this slug, and answers those to whom it opens (5.2)."""
    return lambda view: _stamped(view, Stamp(ELEMENT, element, to))


def stamp_of(view: Callable) -> Stamp | None:
    return getattr(view, "access_stamp", None)
