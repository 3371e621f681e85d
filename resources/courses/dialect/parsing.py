"""Markdown with footnotes, formulas, hints and questions → tokens. Pure."""

import functools
import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

# Deeper is no text that anybody reads; the parser stops there.
DEEPEST = 20
HINT, QUESTION = "hint", "question"
NAMES = {"hint": HINT, "подсказка": HINT, "вопрос": QUESTION, "question": QUESTION}
_BARE = re.compile(r"https?://[^\s<>\"'«»]+[^\s<>\"'«».,;:!?)\]]")
_ANSWER = re.compile(r"\[([ xXхХ])\]\s+")


@functools.cache
def parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    made.use(footnote_plugin).use(dollarmath_plugin, double_inline=True)
    for name in (HINT, QUESTION):
        made.use(container_plugin, name, validate=_named(name))
    made.core.ruler.push("bare_addresses", _link_bare)
    made.core.ruler.push("lone_pictures", _mark_lone)
    made.core.ruler.push("answers", _mark_answers)
    return made


def title_of(token: Token) -> str:
    """What stands after the name of a container: «::: hint Вспомните» → «Вспомните»."""
    return token.info.strip().partition(" ")[2].strip()


def _named(name: str):
    return lambda parameters, *_: NAMES.get(parameters.strip().partition(" ")[0].casefold()) == name


def _link_bare(state: StateCore) -> None:
    """An address in the text becomes a link; inside a link that stands already it is left alone."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = _with_links(token.children or [])


def _with_links(children: list[Token]) -> list[Token]:
    found, depth = [], 0
    for child in children:
        depth += child.nesting if child.type.startswith("link_") else 0
        if child.type != "text" or depth or "://" not in child.content:
            found.append(child)
            continue
        found += _split(child)
    return found


def _split(text: Token) -> list[Token]:
    parts, end = [], 0
    for match in _BARE.finditer(text.content):
        parts += [_text(text.content[end : match.start()]), *_link(match[0])]
        end = match.end()
    return [part for part in [*parts, _text(text.content[end:])] if part.type != "text" or part.content]


def _text(words: str) -> Token:
    token = Token("text", "", 0)
    token.content = words
    return token


def _link(address: str) -> list[Token]:
    start = Token("link_open", "a", 1, attrs={"href": address}, info="auto")
    return [start, _text(address), Token("link_close", "a", -1)]


def _mark_lone(state: StateCore) -> None:
    """A picture, or an address, that is all of its paragraph stands as a block of its own."""
    for before, inline, after in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if before.type != "paragraph_open" or inline.type != "inline":
            continue
        children = [child for child in inline.children or [] if child.type != "softbreak" and child.content != " "]
        if children and all(child.type == "image" for child in children):
            before.hidden = after.hidden = True
            for child in children:
                child.meta["alone"] = True
        elif len(children) == 3 and children[0].info == "auto":
            children[0].meta["alone"] = True


def _mark_answers(state: StateCore) -> None:
    """In a question, «[x]» and «[ ]» at the head of an item say whether the answer is right."""
    inside = 0
    for item, before, token in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == f"container_{QUESTION}_open":
            inside += 1
        elif item.type == f"container_{QUESTION}_close":
            inside -= 1
        is_head = item.type == "list_item_open" and before.type == "paragraph_open" and token.type == "inline"
        if not inside or not is_head or not (match := _ANSWER.match(token.content)):
            continue
        token.meta["right"] = match[1] != " "
        first = (token.children or [None])[0]
        if first is not None and first.type == "text":
            first.content = _ANSWER.sub("", first.content, count=1)
