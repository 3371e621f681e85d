"""The one way from a page's text to its HTML: for the preview, the release and the export (1.6)."""

import html
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from eios.lib.text import validate_markdown
from resources.courses.dialect.cleaning import clean
from resources.courses.dialect.drawing import Drawn, Renderer
from resources.courses.dialect.parsing import DEEPEST, parser
from resources.courses.links import Links

MOST_PROBLEMS = 20
_ANSWERS = re.compile(r'<details class="answer">.*?</details>', re.DOTALL)
_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_DEEP = re.compile(rf"^\s{{0,3}}(?:>\s?){{{DEEPEST},}}", re.MULTILINE)


@dataclass(frozen=True)
class Rendered:
    """A page ready to be read: its HTML, how many words, which media it names; what the author should mend."""

    html: SafeString
    words: int
    plain: str = ""
    media: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def render(text: str, links: Links, *, prefix: str = "") -> Rendered:
    """Draws a page's text. Never raises: what can't be drawn is left out and named among the problems.

    `prefix` makes names inside the page unlike those of another on the same sheet.
    """
    drawn = Drawn(links=links, prefix=prefix)
    md = parser()
    env: dict = {}
    tokens = md.parse(_without_deep(text), env)
    made = Renderer().render(tokens, md.options, env | {"drawn": drawn})
    safe = clean(made, own=_addresses(links), plays=drawn.plays)
    plain = plain_of(safe)
    problems = [*_active(text), *drawn.problems]
    return Rendered(
        html=mark_safe(safe),  # noqa: S308 (cleaned above)
        words=len(plain.split()),
        plain=plain,
        media=frozenset(drawn.media),
        problems=tuple(problems[:MOST_PROBLEMS]),
    )


def plain_of(page: str) -> str:
    """The words of a drawn page, right answers not among them."""
    bare = _FORMULA.sub(" ", _ANSWERS.sub(" ", page)).replace("<", " <")
    return " ".join(html.unescape(strip_tags(bare)).split())


def _addresses(links: Links) -> set[str]:
    """The only addresses that a page may load by itself."""
    found = set()
    for media in links.media.values():
        found |= {media.address, media.subtitles, media.poster, *(address for address, _ in media.smaller)}
    return found - {""}


def _active(text: str) -> list[str]:
    try:
        validate_markdown(text)
    except ValidationError as refusal:
        return refusal.messages
    return [f"Цитаты вложены глубже {DEEPEST} раз: лишнее не показано."] if _DEEP.search(text) else []


def _without_deep(text: str) -> str:
    """Quotes beyond the depth that is drawn: parsing thousands of them would take the worker's time for nothing."""
    return _DEEP.sub("> " * DEEPEST, text)
