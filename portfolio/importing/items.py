"""Rows of a file as clean values, each mistake with its row and column; whom they name is asked later. Pure."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from accounts.models.school import parse_class_name
from eios.lib.russian import short_date
from eios.lib.tables import Row, values
from portfolio.importing import words
from portfolio.importing.columns import OLYMPIAD
from portfolio.models import STAGE_LEVELS, Occasion, Stage, title_key

EARLIEST = datetime.date(2000, 1, 1)
LONGEST = {name: Occasion._meta.get_field(name).max_length for name in ("title", "organiser")} | {
    "team": 120, "mentor": 150, "key": 60, "name": 200,
}  # fmt: skip


@dataclass
class Item:
    """A row: `own` holds of the participant's fields those for which the file has columns; `occasion` what the event
    is, `subject` as it is written. `outcome` None is one who did not come."""

    where: str
    name: str = ""
    class_text: str = ""
    class_name: tuple[int, str] | None = None
    own: dict = field(default_factory=dict)
    occasion: dict = field(default_factory=dict)
    subject: str = ""
    key: str = ""
    came: bool = True
    mistakes: list[str] = field(default_factory=list)

    @property
    def date(self) -> datetime.date | None:
        return self.occasion.get("date")


def item_of(row: Row, purpose: str, head: dict, today: datetime.date) -> Item:
    """`head`: of an olympiad's list what the event is; of a record what stands for a missing sphere or level."""
    item = Item(_where(row))
    reader = _Reader(row, item)
    item.name = reader.text("full_name", "name") or " ".join(
        filter(None, (row.text(part) for part in ("surname", "name", "patronymic")))
    )
    if not item.name:
        item.mistakes.append("нет имени.")
    item.class_text = row.text("school_class")[:20]
    item.class_name = reader.read("school_class", _class_of)
    item.subject = row.text("subject")[:200]
    _own(reader)
    if purpose == OLYMPIAD:
        item.occasion = head
    else:
        item.key = reader.text("key", "key")
        _occasion(reader, head, today)
    return item


class _Reader:
    """Cells of a row; what they say wrongly stands in the item's mistakes, with the column."""

    def __init__(self, row: Row, item: Item):
        self.row, self.item = row, item

    def read(self, key: str, of: Callable[[str], object]):
        try:
            return of(self.row.text(key))
        except ValueError as error:
            self.blame(key, str(error))
            return None

    def text(self, key: str, limit: str) -> str:
        text = self.row.text(key)
        if len(text) > LONGEST[limit]:
            self.blame(key, f"длиннее {LONGEST[limit]} знаков.")
        return text[: LONGEST[limit]]

    def blame(self, key: str, words: str) -> None:
        title = self.row.title(key)
        self.item.mistakes.append(f"Столбец «{title}»: {words}" if title else words)


def _own(reader: _Reader) -> None:
    row, item = reader.row, reader.item
    told = "status" if row.text("status") else "outcome"
    outcome = reader.read(told, words.outcome_of)
    item.came = outcome is not None or bool(item.mistakes)
    item.own["outcome"] = _by_place(row, outcome)
    if row.title("place") or row.title("points"):
        item.own["place"] = reader.read("place", lambda text: words.place_of(text, row.text("points"))) or ""
    for name in ("team", "mentor"):
        if row.title(name):
            item.own[name] = reader.text(name, name)
    if row.title("grade_performed"):
        item.own["grade_performed"] = reader.read("grade_performed", words.grade_of)


def _by_place(row: Row, outcome: str | None) -> str | None:
    """Where no result is written, the place tells it."""
    if row.text("status") or row.text("outcome") or row.text("place") not in ("1", "2", "3"):
        return outcome
    return words.outcome_of(f"{row.text('place')} место")


def _occasion(reader: _Reader, head: dict, today: datetime.date) -> None:
    row, occasion = reader.row, reader.item.occasion
    occasion["title"] = reader.text("title", "title")
    if not title_key(occasion["title"]):
        reader.blame("title", "назовите мероприятие.")
    occasion["date"] = _date(reader, today)
    occasion["sphere"] = reader.read("sphere", words.sphere_of) if row.text("sphere") else head["sphere"]
    occasion["stage"] = reader.read("stage", words.stage_of) or ""
    if occasion["stage"]:
        occasion["level"] = STAGE_LEVELS[Stage(occasion["stage"])].value
    else:
        occasion["level"] = reader.read("level", words.level_of) if row.text("level") else head["level"]
    occasion["mode"] = reader.read("mode", words.mode_of)
    occasion["organiser"] = reader.text("organiser", "organiser")


def _date(reader: _Reader, today: datetime.date) -> datetime.date | None:
    try:
        found = values.date(reader.row.values.get("date"), latest=today)
    except ValueError as error:
        reader.blame("date", str(error))
        return None
    if found is None:
        reader.blame("date", "нет даты.")
    elif found > today:
        reader.blame("date", f"{short_date(found)} ещё не наступило.")
    elif found < EARLIEST:
        reader.blame("date", f"{short_date(found)} — слишком давно.")
    return found


def _class_of(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    try:
        return parse_class_name(text.casefold().removesuffix("класс").strip())
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error


def _where(row: Row) -> str:
    return f"строка {row.number}"
