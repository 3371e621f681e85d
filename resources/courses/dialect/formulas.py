"""Formulas of TeX → MathML, made on the server (1.6)."""

from django.utils.html import escape
from latex2mathml import exceptions
from latex2mathml.converter import convert

LONGEST = 2000
# The library says so of what it knows to be wrong, and stumbles over the rest.
KNOWN = tuple(one for one in vars(exceptions).values() if isinstance(one, type) and issubclass(one, Exception))
TROUBLE = (*KNOWN, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, StopIteration)


class BrokenFormula(ValueError):
    """The formula can't be read."""


def mathml(formula: str, *, block: bool) -> str:
    """The formula for browsers, its source as the words for those who listen. Raises BrokenFormula."""
    if len(formula) > LONGEST:
        raise BrokenFormula(f"длиннее {LONGEST} знаков")
    try:
        made = convert(formula.strip(), display="block" if block else "inline")
    except TROUBLE as error:
        raise BrokenFormula("не читается") from error
    return made.replace("<math ", f'<math alttext="{escape(formula.strip())}" ', 1)
