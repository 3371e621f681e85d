"""The one way from a page's text to its HTML: for the preview, the release and the export (1.6)."""

import html
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from eios.lib.text import validate_markdown
from resources.courses.dialect.cleaning import clean
from resources.courses.dialect.drawing import Drawn, Renderer
from resources.courses.dialect.parsing import DEEPEST, parser
from resources.courses.links import Links

MOST_PROBLEMS = 20
_ANSWER = '<details class="answer">'
_DETAILS = re.compile(r"<details\b[^>]*>|</details>")
# Formulas, numbers of notes, what the portal itself says of a file: nobody reads or looks for them as words.
_NOT_WORDS = re.compile(r'<math\b.*?</math>|<sup>.*?</sup>|<span class="small soft">.*?</span>|↩', re.DOTALL)
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
    # Half of a character, as damaged files hold them, is no text in UTF-8.
    text = text.encode("utf-8", "replace").decode("utf-8")
    tokens = md.parse(_without_deep(text), env)
    made = Renderer().render(tokens, md.options, env | {"drawn": drawn})
    safe = clean(made, own=_addresses(links), plays=drawn.plays)
    plain = plain_of(safe)
    problems = [*_active(text), *_too_deep(tokens), *drawn.problems]
    return Rendered(
        html=mark_safe(safe),  # noqa: S308 (cleaned above)
        words=len(plain.split()),
        plain=plain,
        media=frozenset(drawn.media),
        problems=tuple(problems[:MOST_PROBLEMS]),
    )


def plain_of(page: str) -> str:
    """The words of a drawn page, right answers not among them."""
    bare = _NOT_WORDS.sub(" ", _without_answers(page)).replace("<", " <")
    return " ".join(html.unescape(strip_tags(bare)).split())


def _without_answers(page: str) -> str:
    """An answer ends where it does, whatever hints stand in its explanation."""
    kept, end, depth = [], 0, 0
    for tag in _DETAILS.finditer(page):
        if depth:
            depth += -1 if tag[0] == "</details>" else 1
            end = tag.end()
        elif tag[0] == _ANSWER:
            kept.append(page[end : tag.start()])
            end, depth = tag.end(), 1
    return " ".join([*kept, page[end:]])


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
    return []


def _too_deep(tokens: list[Token]) -> list[str]:
    """Where the parser stopped: what a quote, a list or a hint of the last depth holds is not drawn."""
    for token in tokens:
        if token.nesting == 1 and token.level >= DEEPEST - 1 and token.type != "paragraph_open":
            place = f"Строка {token.map[0] + 1}: " if token.map else ""
            return [f"{place}цитаты и списки вложены слишком глубоко, дальше не показано."]
    return []


def _without_deep(text: str) -> str:
    """Quotes beyond the depth that is drawn: parsing thousands of them would take the worker's time for nothing."""
    return _DEEP.sub("> " * DEEPEST, text)
