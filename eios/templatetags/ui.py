"""What every page of the portal draws: icons, Russian plurals, initials."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.forms.utils import flatatt
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as builtin_url
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from eios.lib import citation, russian
from eios.lib.dates import today
from eios.lib.tabs import Shown

register = template.Library()

# A component of the environment is drawn by the icon of what it is about.
ICON_OF = {
    "administrative": "people",
    "normative": "law",
    "informational": "globe",
    "educational": "cap",
    "technological": "chip",
}


@register.simple_tag
@functools.lru_cache(maxsize=256)
def icon(name: str):
    """An icon of the sprite; decoration only, so a word always stands beside it."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        ICON_OF.get(name, name),
    )


@register.simple_tag
def side(menu: Sequence) -> SafeString:
    """The menu beside the page, from items that can be hashed; people of one kind have the same one all day."""
    return _side(tuple(menu))


@functools.lru_cache(maxsize=256)
def _side(menu: tuple) -> SafeString:
    return render_to_string("ui/side.html", {"menu": menu})


@register.simple_tag
@functools.lru_cache(maxsize=256)
def pills(shown: tuple[Shown, ...], label: str) -> SafeString:
    """Tabs as a list of links; people of one kind have the same ones all day."""
    return render_to_string("ui/pills.html", {"shown": shown, "label": label})


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's own tag; an address without parameters is the same all the time, and asked for once."""
    node = builtin_url(parser, token)
    return FixedURLNode(node.view_name, [], {}, None) if not (node.args or node.kwargs or node.asvar) else node


class FixedURLNode(URLNode):
    """An address that depends on nothing but its name."""

    def __init__(self, *args):
        super().__init__(*args)
        self.found = {}

    def render(self, context) -> str:
        name = self.view_name.resolve(context)
        if name not in self.found:
            self.found[name] = super().render(context)
        return self.found[name]


@register.simple_tag
def icon_names() -> list[str]:
    """Every icon of the sprite, for the gallery."""
    return re.findall(r'<symbol id="([a-z-]+)"', Path(finders.find("icons.svg")).read_text(encoding="utf-8"))


@register.filter
def options(choices: list[dict]) -> SafeString:
    """Options of a select, as its widget describes them."""
    found = ((one["value"], flatatt(one["attrs"]) if one["attrs"] else "", one["label"]) for one in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', found)


@register.filter
def plural(n, forms: str) -> str:
    """The right one of three comma-separated forms: {{ 2|plural:"платформа,платформы,платформ" }} → «платформы»."""
    one, few, many = forms.split(",")
    return russian.plural(int(n or 0), one, few, many)


@register.filter
def initials(person) -> str:
    """«Иванова М. П.» of anyone with surname, name and patronymic."""
    return russian.initials(person.surname, person.name, person.patronymic)


@register.simple_tag(takes_context=True)
def filter_url(context, **changed) -> str:
    """This page's query with some values changed; filters stay, an empty value leaves, pages start anew."""
    kept = context["request"].GET.lists()
    query = {name: values for name, values in kept if name != "page" and name not in changed}
    query |= {name: value for name, value in changed.items() if value not in ("", None)}
    return f"?{urlencode(query, doseq=True)}"


def _site(context) -> citation.Site:
    request, school = context["request"], context["school"]
    return citation.Site(school.portal_name, school.short_name, request.build_absolute_uri(request.path))


@register.simple_tag(takes_context=True)
def how_to_cite(context, title: str, kind: str = "", author=None, published=None) -> str:
    """The line of «Как сослаться» for this page; `author` is anyone with surname, name and patronymic."""
    by = citation.Author(author.surname, author.name, author.patronymic) if author else None
    return citation.citation(
        _site(context), title=str(title), kind=str(kind), author=by, published=published or None, seen=today()
    )


@register.simple_tag(takes_context=True)
def source_line(context) -> str:
    """«Источник: …» of this page, for its print (12.1)."""
    return citation.source(_site(context), today())


@register.simple_tag(takes_context=True)
def absolute(context, path: str = "") -> str:
    """The full address of a path on this portal; of this page, if none is given."""
    request = context["request"]
    return request.build_absolute_uri(path or request.path)


@register.filter
def page_numbers(paginator, number: int) -> list[int | None]:
    """Numbers around the current page, first and last among them; None stands for a gap."""
    return [
        n if isinstance(n, int) else None for n in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]


BROWSERS = {
    "YaBrowser": "Яндекс Браузер",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device_name(user_agent: str) -> str:
    """«Chrome, Windows» out of what a browser says of itself; browsers imitate each other, so the order matters."""
    browser = next((name for mark, name in BROWSERS.items() if mark in (user_agent or "")), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in (user_agent or "")), "")
    return ", ".join(filter(None, [browser, system])) or "Неизвестное устройство"
