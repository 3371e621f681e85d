"""The last word on what a page may hold: an allow-list of tags, attributes and addresses. Pure."""

import re
from collections.abc import Callable

import nh3

MATH = {
    "math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup",
    "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
    "mmultiscripts", "mprescripts", "none",
}  # fmt: skip
TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "blockquote", "br", "hr", "code", "pre", "table",
    "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "audio", "video", "track", "details", "summary",
    "div", "span", "sup", "section",
} | MATH  # fmt: skip
ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "rel", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading", "srcset", "sizes"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "poster", "width", "height", "controls", "preload", "aria-label"},
    "track": {"kind", "srclang", "label", "src"},
    "div": {"role", "aria-label", "tabindex", "data-question", "data-player"},
    "ul": {"data-right"},
    "ol": {"start"},
    "th": {"scope"},
    "math": {"display", "alttext", "xmlns"},
    "mo": {"stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize", "maxsize", "largeop"},
    "mi": {"mathvariant"}, "mn": {"mathvariant"}, "mtext": {"mathvariant"}, "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel", "mathvariant"}, "mfrac": {"linethickness"},
    "mtable": {"columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines"}, "mtd": {"columnalign"},
    "menclose": {"notation"}, "mover": {"accent"}, "munder": {"accentunder"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
}  # fmt: skip
CLASSES = {
    "div": {"table-wrap", "question", "player"},
    "p": {"file", "broken"},
    "span": {"small", "soft", "broken"},
    "details": {"hint", "answer"},
    "ul": {"answers"},
    "section": {"footnotes"},
    "code": {"broken"},
    "th": {"num"},
    "td": {"num"},
}
# To another site by its scheme, to a place on this page or this portal, to a neighbour in an archive.
# Browsers read «\» as «/» and skip line breaks and tabs: neither stands in an address of ours.
_LEADS = re.compile(r"\A(?![^?#]*[\\\x00-\x20])(?:https?://|mailto:|#|/(?!/)|(?!/)[^:]*\Z)", re.IGNORECASE)
LOADED = {("img", "src"), ("audio", "src"), ("video", "src"), ("video", "poster"), ("track", "src")}


def clean(html: str, *, own: set[str], plays: Callable[[str], bool]) -> str:
    """What may stay of the HTML. `own`: the only addresses that a browser may load by itself; `plays`: is it the
    address of a player that the administrator allows?
    """

    def keep(tag: str, name: str, value: str) -> str | None:
        if (tag, name) in LOADED:
            return value if value in own else None
        if name == "srcset":
            return value if {part.split()[0] for part in value.split(",") if part.split()} <= own else None
        if name == "data-player":
            return value if plays(value) else None
        if name == "href":
            return value if _LEADS.match(value) else None
        return value

    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, allowed_classes=CLASSES, attribute_filter=keep, link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )  # fmt: skip
