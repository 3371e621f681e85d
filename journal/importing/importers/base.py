"""What importers have in common: the lines above the table, the head, columns as the spreadsheet calls them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from eios.lib.tables import Sheet, TableError, values
from eios.lib.tables.sheets import column_letters
from journal.importing import words
from journal.importing.items import Problem, Reading

PUPIL, SUBJECT = "pupil", "subject"
SUBJECT_HEADS = {"предмет", "учебный предмет", "наименование предмета", "дисциплина"}
PUPIL_HEADS = {
    "фио", "ф.и.о.", "ф.и.о", "фио ученика", "фио обучающегося", "ученик", "обучающийся", "ученики", "учащийся",
    "фамилия, имя", "фамилия имя", "фамилия и имя", "фамилия, имя, отчество", "фамилия имя отчество", "список класса",
}  # fmt: skip
NUMBER_HEADS = {"№", "№ п/п", "№п/п", "n", "п/п"}
HEADS = {PUPIL: PUPIL_HEADS, SUBJECT: SUBJECT_HEADS}
# The head stands among the first lines.
_DEPTH = 40
# A line with so many filled cells may be a head.
_WIDE = 3


class UnknownHead(TableError):
    """A table whose column of names is called as no importer knows; `titles` are the cells of what may be its head."""

    def __init__(self, text: str, titles: list[str]):
        super().__init__(text)
        self.titles = titles


@dataclass(frozen=True)
class Head:
    """Where the table begins: its sheet, the place of the head's line in it, and the column of names, from 0."""

    sheet: Sheet
    line: int
    column: int


class Importer:
    """One kind of file. `looks` tells a person what it looks like; `also` are names of its title."""

    code: ClassVar[str]
    title: ClassVar[str]
    looks: ClassVar[str]

    def recognises(self, sheets: Sequence[Sheet], said: dict) -> bool:
        raise NotImplementedError

    def read(self, sheets: Sequence[Sheet], said: dict) -> Reading:
        """Raises TableError where the head says too little to read anything."""
        raise NotImplementedError


def texts(cells: list) -> list[str]:
    return [values.text(cell) for cell in cells]


def folded(title: str) -> str:
    return " ".join(title.casefold().split()).strip(" .:")


def head_of(sheets: Sequence[Sheet], kind: str, said: dict) -> Head | None:
    """The first line with a cell that is called so, in any sheet; a person may have said how else it is called."""
    names = {folded(name) for name in (*HEADS[kind], *said.get("columns", {}).get(kind, ()))}
    for sheet in sheets:
        for place, (_, cells) in enumerate(sheet.lines[:_DEPTH]):
            for column, text in enumerate(texts(cells)[:4]):
                if folded(text) in names:
                    return Head(sheet, place, column)
    return None


def titles_in(sheets: Sequence[Sheet]) -> list[str]:
    """Cells of the first line that looks like a head, for the person to say which of them names the rows."""
    for sheet in sheets:
        for _, cells in sheet.lines[:_DEPTH]:
            filled = [text for text in texts(cells)[:4] if text and not text.replace(".", "").isdigit()]
            if len([text for text in texts(cells) if text]) >= _WIDE and filled:
                return filled
    return []


def lines_of(sheets: Sequence[Sheet], head: Head) -> list[str]:
    """Every line that is not of the table itself, as text: titles above it, notes below it."""
    found = []
    for sheet in sheets:
        lines = sheet.lines[: head.line] if sheet is head.sheet else sheet.lines
        found += [" ".join(filter(None, texts(cells))) for _, cells in lines]
    return found + [
        " ".join(filter(None, texts(cells))) for _, cells in head.sheet.lines[head.line :] if _is_note(cells)
    ]


def _is_note(cells: list) -> bool:
    """A line of one cell with words: «Состояние на…», the name of the product."""
    return len([text for text in texts(cells) if text]) == 1 and any("остояние на" in text for text in texts(cells))


def begin(importer: Importer, sheets: Sequence[Sheet], head: Head, said: dict) -> tuple[Reading, dict[str, str]]:
    """A reading with what the lines above the table say of year, class, days; what somebody said goes before them."""
    lines = lines_of(sheets, head)
    labels = words.labels_in(lines)
    for key, label in (("class", "класс"), ("period", "учебный период"), ("subject", "предмет"), ("pupil", "ученик")):
        labels[label] = said.get(key) or labels.get(label, "")
    labels["ученик"] = labels["ученик"] or labels.get("обучающийся", "")
    span = words.span_in(labels.get("период", "")) or words.span_in(" ".join(lines))
    year = words.year_in(str(said.get("year", ""))) or words.year_in(labels.get("учебный год", ""))
    year = year or next((found for line in lines if (found := words.year_in(line))), None)
    if year is None and span:
        year = span[0].year if span[0].month >= 9 else span[0].year - 1
    reading = Reading(importer.code, importer.title, year=year or 0, class_name=labels["класс"])
    reading.as_of = words.as_of_in(lines)
    reading.starts, reading.ends = span or (None, None)
    if not year:
        reading.asks.append("year")
    return reading, labels


def where(number: int, column: int) -> str:
    """«строка 7, столбец D»: the column counted from 0."""
    return f"строка {number}, столбец {column_letters(column + 1)}"


def body(head: Head, height: int) -> list[tuple[int, list]]:
    """Lines under the head up to the first that has no name, but for empty ones and for heads that a page repeats."""
    found, called = [], texts(head.sheet.lines[head.line][1])[head.column]
    lines = [(number, cells, texts(cells)) for number, cells in head.sheet.lines[head.line + height :]]
    numbered = [place for place, (_, _, filled) in enumerate(lines) if any(filled) and _is_numbered(filled, head)]
    repeated = 0
    for place, (number, cells, filled) in enumerate(lines):
        name = filled[head.column] if head.column < len(filled) else ""
        repeated = height if name == called else repeated - 1
        if not any(filled) or repeated > 0:
            continue
        if _is_note(cells):
            break
        if name:
            found.append((number, cells))
        elif not numbered or place > numbered[-1]:
            break
    return found


def _is_numbered(filled: list[str], head: Head) -> bool:
    """«7 | Ёлкин Пётр»: a line of the table itself, wherever it stands."""
    return (
        head.column > 0
        and head.column < len(filled)
        and filled[head.column - 1].isdecimal()
        and bool(filled[head.column])
    )


def once(reading: Reading, head: Head, height: int) -> list[tuple[int, list]]:
    """`body` without lines whose name has stood already: which of two is right, nobody but a person can say."""
    seen: dict[str, int] = {}
    found = []
    for number, cells in body(head, height):
        name = values.text(cells[head.column])
        if name in seen:
            words = f"«{name[:60]}» уже есть в строке {seen[name]}: оставьте одну строку."
            refuse(reading, number, head.column, ValueError(words))
            continue
        seen[name] = number
        found.append((number, cells))
    return found


def refuse(reading: Reading, number: int, column: int, error: ValueError) -> None:
    reading.problems.append(Problem(where(number, column), str(error)))


def span_of_year(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 9, 1), datetime.date(year + 1, 8, 31)


def no_head(title: str, names: str) -> TableError:
    return TableError(f"«{title}»: не нашлась строка заголовков со столбцом {names}.")
