"""Tokens of a page → HTML, with what the text names; what the author should mend is told by its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import escape
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from resources.courses.dialect.formulas import BrokenFormula, mathml
from resources.courses.dialect.markup import figure, picture
from resources.courses.dialect.parsing import HINT, QUESTION, title_of
from resources.courses.links import Links

MOST_FORMULAS = 300
STRAY = "«:::» здесь лишнее. Бывают «::: hint» и «::: вопрос»; если один внутри другого, у внешнего ставят «::::»."
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_MEDIA, _PAGE = re.compile(r"\A(?:\./)?media/(.+)\Z"), re.compile(r"\A(?:\./)?page/([0-9a-f]{12})\Z")


@dataclass
class Drawn:
    """What was met on the way."""

    links: Links
    prefix: str = ""
    media: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    formulas: int = 0
    headings: int = 0
    line: int = 0

    def mend(self, words: str) -> None:
        place = f"Строка {self.line}: " if self.line else ""
        self.problems.append(f"{place}{words}")

    def plays(self, address: str) -> bool:
        """Is it a record of an allowed player? A way upwards would lead elsewhere on its site."""
        return ".." not in address and any(address.startswith(prefix) for prefix in self.links.players)


class Renderer(RendererHTML):
    """Draws tokens; `env` holds the `Drawn`."""

    def render(self, tokens: Sequence[Token], options, env) -> str:
        parts = []
        for place, token in enumerate(tokens):
            if token.map:
                env["drawn"].line = token.map[0] + 1
            if token.type == "inline":
                parts.append(self.renderInline(token.children or [], options, env))
            elif token.type in self.rules:
                parts.append(self.rules[token.type](tokens, place, options, env))
            else:
                parts.append(self.renderToken(tokens, place, options, env))
        return "".join(parts)

    # Blocks

    def paragraph_open(self, tokens, place, options, env) -> str:
        inline = tokens[place + 1]
        if any(line.startswith(":::") for line in inline.content.splitlines()):
            env["drawn"].mend(STRAY)
        first = next(iter(inline.children or []), None)
        if first is not None and first.meta.get("alone") and env["drawn"].plays(str(first.attrs.get("href", ""))):
            tokens[place].hidden = tokens[place + 2].hidden = True
        return self.renderToken(tokens, place, options, env)

    def heading_open(self, tokens, place, options, env) -> str:
        drawn: Drawn = env["drawn"]
        drawn.headings += 1
        return f'<{HEADINGS[tokens[place].tag]} id="{drawn.prefix}h{drawn.headings}">'

    def heading_close(self, tokens, place, options, env) -> str:
        return f"</{HEADINGS[tokens[place].tag]}>"

    def table_open(self, tokens, place, options, env) -> str:
        return '<div class="table-wrap" role="region" aria-label="Таблица" tabindex="0"><table>'

    def table_close(self, tokens, place, options, env) -> str:
        return "</table></div>"

    def th_open(self, tokens, place, options, env) -> str:
        return f'<th scope="col"{_side(tokens[place])}>'

    def td_open(self, tokens, place, options, env) -> str:
        return f"<td{_side(tokens[place])}>"

    def container_hint_open(self, tokens, place, options, env) -> str:
        return f'<details class="hint"><summary>{escape(title_of(tokens[place]) or "Подсказка")}</summary>'

    def container_hint_close(self, tokens, place, options, env) -> str:
        return "</details>"

    def container_question_open(self, tokens, place, options, env) -> str:
        right = _right_answers(tokens, place)
        if right is None:
            env["drawn"].mend("в вопросе нет ответов: строки «- [x] верно» и «- [ ] неверно».")
        elif not right:
            env["drawn"].mend("в вопросе ни один ответ не отмечен верным: поставьте «[x]».")
        return '<div class="question" data-question="">'

    def container_question_close(self, tokens, place, options, env) -> str:
        return "</details></div>" if env.pop("answered", False) else "</div>"

    def bullet_list_open(self, tokens, place, options, env) -> str:
        answers = _answers(tokens, place)
        if not answers:
            return self.renderToken(tokens, place, options, env)
        if env.get("answered"):
            env["drawn"].mend("в вопросе второй список ответов: сделайте из него отдельный вопрос.")
        right = ",".join(str(number) for number, one in enumerate(answers) if _is_right(one))
        return f'<ul class="answers" data-right="{right}">'

    def bullet_list_close(self, tokens, place, options, env) -> str:
        answers = _answers(tokens, _start_of(tokens, place))
        if not answers:
            return self.renderToken(tokens, place, options, env)
        words = _right_words(answers)
        if env.get("answered") or not words:
            return "</ul>"
        # What follows explains the answer: it stays with it until the question ends.
        env["answered"] = True
        return f'</ul><details class="answer"><summary>Показать ответ</summary><p>Верно: {escape(words)}.</p>'

    # Numbered answers are answers all the same.
    ordered_list_open, ordered_list_close = bullet_list_open, bullet_list_close

    def math_block(self, tokens, place, options, env) -> str:
        return _formula(tokens[place].content, env["drawn"], block=True)

    def math_inline(self, tokens, place, options, env) -> str:
        return _formula(tokens[place].content, env["drawn"], block=False)

    math_inline_double = math_inline

    # Inside a line

    def image(self, tokens, place, options, env) -> str:
        drawn: Drawn = env["drawn"]
        token = tokens[place]
        caption = self.renderInlineAsText(token.children or [], options, env)
        match = _MEDIA.match(str(token.attrs.get("src", "")))
        if not match:
            drawn.mend("картинки вставляют из файлов курса: «![подпись](media/имя.png)».")
            return escape(caption)
        media = drawn.links.media.get(match[1])
        if media is None:
            drawn.mend(f"файла «{match[1][:60]}» в курсе нет: загрузите его или исправьте имя.")
            return f'<span class="broken">{escape(caption or match[1])}</span>'
        drawn.media.add(media.name)
        if media.media_type.startswith("image/") and not media.alt:
            drawn.mend(f"у картинки «{media.name}» нет описания для тех, кто её не видит: добавьте его в «Файлах».")
        if token.meta.get("alone"):
            return figure(media, caption)
        return picture(media) if media.media_type.startswith("image/") else _file_link(media, caption)

    def link_open(self, tokens, place, options, env) -> str:
        drawn: Drawn = env["drawn"]
        address = str(tokens[place].attrs.get("href", ""))
        if tokens[place].meta.get("alone") and drawn.plays(address):
            env["player"], safe = True, escape(address)
            return f'<div class="player" data-player="{safe}"><a href="{safe}" rel="noopener noreferrer">'
        address = _address(address, drawn)
        rel = ' rel="noopener noreferrer"' if address.startswith(("http:", "https:")) else ""
        return f'<a href="{escape(address)}"{rel}>' if address else "<a>"

    def link_close(self, tokens, place, options, env) -> str:
        return "</a></div>" if env.pop("player", False) else "</a>"

    # Footnotes: names unlike those of other pages, which may be printed together

    def footnote_ref(self, tokens, place, options, env) -> str:
        number, prefix = tokens[place].meta["id"] + 1, env["drawn"].prefix
        sub = tokens[place].meta.get("subId") or 0
        return (
            f'<sup><a href="#{prefix}fn{number}" id="{prefix}ref{number}{f"-{sub}" if sub else ""}" '
            f'aria-label="Сноска {number}">[{number}]</a></sup>'
        )

    def footnote_block_open(self, tokens, place, options, env) -> str:
        return '<section class="footnotes"><hr><ol>'

    def footnote_block_close(self, tokens, place, options, env) -> str:
        return "</ol></section>"

    def footnote_open(self, tokens, place, options, env) -> str:
        return f'<li id="{env["drawn"].prefix}fn{tokens[place].meta["id"] + 1}">'

    def footnote_close(self, tokens, place, options, env) -> str:
        return "</li>"

    def footnote_anchor(self, tokens, place, options, env) -> str:
        number = tokens[place].meta["id"] + 1
        return f' <a href="#{env["drawn"].prefix}ref{number}" aria-label="Назад к тексту">↩</a>'


def _formula(source: str, drawn: Drawn, *, block: bool) -> str:
    drawn.formulas += 1
    try:
        if drawn.formulas > MOST_FORMULAS:
            raise BrokenFormula(f"на странице их больше {MOST_FORMULAS}")
        made = mathml(source, block=block)
    except BrokenFormula as broken:
        drawn.mend(f"формула «{source.strip()[:60]}» — {broken}.")
        return f'<code class="broken">{escape(source.strip()[:500])}</code>'
    return f"<p>{made}</p>" if block else made


def _address(address: str, drawn: Drawn) -> str:
    """Where a link leads; "" where nowhere."""
    if page := _PAGE.match(address):
        if page[1] not in drawn.links.pages:
            drawn.mend(f"страницы «{page[1]}» в курсе нет.")
        return drawn.links.pages.get(page[1], "")
    if media := _MEDIA.match(address):
        found = drawn.links.media.get(media[1])
        if found is None:
            drawn.mend(f"файла «{media[1][:60]}» в курсе нет: загрузите его или исправьте имя.")
            return ""
        drawn.media.add(found.name)
        return found.address
    return address


def _file_link(media, caption: str) -> str:
    return f'<a href="{escape(media.address)}">{escape(caption or media.title)}</a>'


def _end_of(tokens: Sequence[Token], place: int) -> int:
    """The closing token of the one that opens here."""
    for number in range(place + 1, len(tokens)):
        if tokens[number].level == tokens[place].level and tokens[number].nesting == -1:
            return number
    return len(tokens)


def _start_of(tokens: Sequence[Token], place: int) -> int:
    for number in range(place - 1, -1, -1):
        if tokens[number].level == tokens[place].level and tokens[number].nesting == 1:
            return number
    return 0


def _answers(tokens: Sequence[Token], place: int) -> list[Token | None]:
    """The head of every item of the list that opens here; nothing where no item is marked as an answer."""
    level, found = tokens[place].level, []
    for number in range(place + 1, _end_of(tokens, place)):
        one = tokens[number]
        if one.type == "list_item_open" and one.level == level + 1:
            found.append(None)
        elif one.type == "inline" and one.level == level + 3 and found and found[-1] is None:
            found[-1] = one
    return found if any(one is not None and "right" in one.meta for one in found) else []


def _is_right(answer: Token | None) -> bool:
    return answer is not None and answer.meta.get("right", False)


def _right_words(answers: list[Token | None]) -> str:
    """The right answers in words; of one that holds a picture or a formula, which it is."""
    found = []
    for number, one in enumerate(answers, 1):
        if _is_right(one):
            words = "".join(child.content for child in one.children or [] if child.type in ("text", "code_inline"))
            is_plain = all(child.type in ("text", "code_inline") or child.nesting for child in one.children or [])
            found.append(words.strip(" .") if is_plain else f"ответ {number}")
    return "; ".join(found)


def _side(cell: Token) -> str:
    """Numbers stand at the right where the author says so."""
    return ' class="num"' if "right" in str(cell.attrs.get("style", "")) else ""


def _right_answers(tokens: Sequence[Token], place: int) -> int | None:
    """How many right ones a question has; None where it has no answers."""
    inside = [one for one in tokens[place : _end_of(tokens, place)] if one.type == "inline" and "right" in one.meta]
    return sum(one.meta["right"] for one in inside) if inside else None


__all__ = ["HINT", "QUESTION", "Drawn", "Renderer"]
