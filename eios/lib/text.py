"""Texts that people write in Markdown, made into safe HTML."""

import functools
import html
import re

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr", "code", "table"}
TAGS |= {"thead", "tbody", "tr", "th", "td"}
_END_OF_HEADING = re.compile(r"(?<![.!?:])</h[1-4]>")


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")


def html_of(markdown: str) -> SafeString:
    """Markdown → HTML of an allow-list of tags; raw HTML, scripts and `javascript:` links do not pass."""
    html = nh3.clean(
        _parser().render(markdown), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(html)  # noqa: S308 (cleaned by nh3 above)


def plain_of(markdown: str) -> str:
    """The words alone of a Markdown text, for the search and for summaries; headings end with a full stop."""
    parted = _END_OF_HEADING.sub(". ", html_of(markdown)).replace("<", " <")
    return " ".join(html.unescape(strip_tags(parted)).split())
