"""Texts that people write in Markdown, made into safe HTML."""

import functools
import html
import re

import nh3
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr", "code", "table"}
TAGS |= {"thead", "tbody", "tr", "th", "td"}
_END_OF_HEADING = re.compile(r"(?<![.!?:])</h[1-4]>")
_HEADING = re.compile(r"<h\d>")
_END_OF_LINE = re.compile(r"<br ?/?>|</(?:p|h\d|li|tr|blockquote|pre)>")
_MARK = "\x02"


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")


def html_of(markdown: str) -> SafeString:
    """Markdown → HTML of an allow-list of tags; raw HTML, scripts and `javascript:` links do not pass."""
    html = nh3.clean(
        _parser().render(markdown), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(html)  # noqa: S308 (cleaned by nh3 above)


# What people paste from other sites and what would not work here anyway: said at once rather than dropped in silence.
# An address that runs is looked for where addresses stand: «Кружок JavaScript: запись» is an ordinary sentence.
_ACTIVE = re.compile(
    r"<\s{0,9}/?\s{0,9}(script|iframe|object|embed|style|form)\b"
    r"|(?:\]\(|\]:|[<=\"'])\s{0,9}[<\"']?\s{0,9}(javascript|vbscript|data)\s{0,9}:",
    re.IGNORECASE,
)


def validate_markdown(markdown: str) -> None:
    """Raises ValidationError that names the line where a script, a frame or a `javascript:` address stands."""
    for number, line in enumerate(markdown.splitlines(), 1):
        if found := _ACTIVE.search(line):
            what = f"<{found[1].lower()}>" if found[1] else f"{found[2].lower()}:"
            raise ValidationError(
                f"Строка {number}: здесь стоит «{what}». Скрипты, рамки и формы других сайтов портал не показывает: "
                "уберите их, а на видео или страницу дайте обычную ссылку."
            )


# Characters that XML 1.0 has no place for, even escaped; they come with texts pasted from PDF.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def for_xml(words: str) -> str:
    """The same words as a feed may carry them."""
    return _NOT_XML.sub("", words)


def lines_of(markdown: str) -> list[tuple[str, bool]]:
    """(words, is it a heading) of each line of a Markdown text as it is printed; items of lists begin with «• »."""
    printed = html_of(markdown).replace("\n", " ").replace("<li>", "\n• ")
    broken = _END_OF_LINE.sub("\n", _HEADING.sub(f"\n{_MARK}", printed)).replace("</t", " </t")
    lines = [" ".join(line.split()) for line in html.unescape(strip_tags(broken)).split("\n")]
    return [(line.removeprefix(_MARK), line.startswith(_MARK)) for line in lines if line.strip(f"{_MARK}• ")]


def plain_of(markdown: str) -> str:
    """The words alone of a Markdown text, for the search and for summaries; headings end with a full stop."""
    parted = _END_OF_HEADING.sub(". ", html_of(markdown)).replace("<", " <")
    return " ".join(html.unescape(strip_tags(parted)).split())
