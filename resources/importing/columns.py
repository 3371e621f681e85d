"""Columns of the registry's files: how they are recognised, what stands in a cell, and how it is read back. Pure.

What is written comes back the same: a text that a spreadsheet would compute («=1+1») gets an apostrophe before it,
which is taken away on reading; ends of lines and spaces around a text don't count as a difference.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from eios.lib.tables import Heading, Layout, values
from resources.importing.seed import ACCESS_WORDS
from resources.models import LEVELS, Element

FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
YES_NO = {True: "да", False: "нет"}


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def canonical(text: str) -> str:
    """The text as a file keeps it: one kind of line end, nothing around it, no unseen control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = (letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return "".join(seen).strip()


def number_of(text: str) -> int | None:
    """A whole number; None for an empty cell. Raises ValueError with a Russian line."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ValueError(f"«{text[:40]}» — не целое число.")
    return int(text)


def closure_of(text: str) -> int | None:
    """«4» or «4 — руководство»; None where it is inherited. Raises ValueError."""
    found = re.fullmatch(r"(\d)(?:\s*[—–-].*)?", text)
    if not text:
        return None
    if not found or int(found[1]) not in LEVELS:
        raise ValueError(f"«{text[:40]}» — не уровень закрытости: нужно число от 0 до 5 или пусто.")
    return int(found[1])


class Words:
    """A choice that is written by its label and read by label or code, in any case."""

    def __init__(self, choices: type, *, empty: str = "", also: dict[str, str] | None = None):
        self.labels = {one.value: one.label for one in choices}
        self.known = {name.casefold(): one.value for one in choices for name in (one.label, one.value)}
        self.known |= also or {}
        self.empty = empty

    def write(self, value: str) -> str:
        return self.labels.get(value, self.empty)

    def read(self, text: str) -> str:
        if not text or text.casefold() == self.empty:
            return ""
        if text.casefold() not in self.known:
            allowed = ", ".join(f"«{label}»" for label in self.labels.values())
            raise ValueError(f"«{text[:40]}» здесь не бывает. Напишите одно из: {allowed}.")
        return self.known[text.casefold()]


def yes_or_no(text: str) -> bool | None:
    """Raises ValueError."""
    if not text:
        return None
    known = {"да": True, "нет": False, "1": True, "0": False, "истина": True, "ложь": False}
    if text.casefold() not in known:
        raise ValueError(f"«{text[:40]}»: напишите «да» или «нет».")
    return known[text.casefold()]


def _same(value):
    return value


@dataclass(frozen=True)
class Column:
    """A field of an element in a file. `keeps`: an empty cell leaves what is there, since the field can't be empty."""

    key: str
    title: str
    width: int
    also: tuple[str, ...] = ()
    write: Callable = _same
    read: Callable = _same
    keeps: bool = False


KINDS, COMPONENTS, LIBRARIES = Words(Element.Kind), Words(Element.Component), Words(Element.LibraryWay, empty="нет")
DOORS, KEEPING = Words(Element.OutsideAccess, also=ACCESS_WORDS), Words(Element.Keeping)

COLUMNS = (
    Column("number", "Номер", 8, ("№ п/п", "№ в таблице"), read=number_of),
    Column("slug", "Адрес карточки", 24, ("slug", "Код")),
    Column("parent", "Часть чего", 24, ("Часть элемента", "Родитель")),
    Column("kind", "Вид", 20, (), KINDS.write, KINDS.read, keeps=True),
    Column("name", "Название", 50, ("Наименование", "Элемент")),
    Column("component", "Компонент", 20, (), COMPONENTS.write, COMPONENTS.read, keeps=True),
    Column("address", "Адрес", 40, ("Электронный адрес", "Ссылка")),
    Column("outside_access", "Доступ", 18, ("Доступ для пользователей",), DOORS.write, DOORS.read, keeps=True),
    Column("own_closure", "Закрытость", 12, ("Уровень закрытости",), read=closure_of),
    Column("purpose", "Для чего", 60, ("Назначение",)),
    Column("how_to_get_in", "Как войти", 60, ()),
    Column("procedure_url", "Порядок", 40, ("Порядок платформы", "Порядок самой платформы")),
    Column("contact", "Контакт", 30, ("К кому обращаться",)),
    Column("icon", "Значок", 14, ()),
    Column("is_listed", "В реестре", 12, ("В открытом реестре",), YES_NO.get, yes_or_no, keeps=True),
    Column("library_way", "Библиотека", 40, ("Как попадают в библиотеку",), LIBRARIES.write, LIBRARIES.read),
    Column("keeping", "Логины и пароли", 40, (), KEEPING.write, KEEPING.read, keeps=True),
    Column("order", "Порядок показа", 14, (), read=number_of, keeps=True),
    Column("doubtful", "Сомнение", 40, ()),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
LAYOUT = Layout(tuple(Heading(column.key, column.title, column.also) for column in COLUMNS), (("slug",),))


def cell_of(element: Element, column: Column) -> str | int:
    """What stands in the file: words and whole numbers, never a formula."""
    if column.key == "parent":
        return element.parent.slug if element.parent else ""
    value = column.write(getattr(element, column.key))
    if value is None:
        return ""
    return escaped(canonical(value)) if isinstance(value, str) else value


def text_of(value) -> str:
    """The cell as it was typed: unlike `values.text` it keeps lines and inner spaces."""
    return unescaped(canonical(value)) if isinstance(value, str) else values.text(value)


def shown(value, column: Column) -> str:
    """A field's value for the preview."""
    if column.key == "parent":
        return str(value or "")
    written = column.write(value)
    return "" if written is None else str(written)
