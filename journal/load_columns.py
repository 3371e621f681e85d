"""Columns of the teaching load's file, written and read back the same. Pure."""

from dataclasses import dataclass

from eios.lib import russian
from eios.lib.tables import Heading, Layout
from journal.models import TeachingLoad


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    width: int
    also: tuple[str, ...] = ()


COLUMNS = (
    Column("teacher", "Учитель", 40, ("фио учителя", "педагог", "преподаватель", "фио педагога", "фио")),
    Column("login", "Логин", 18, ("логин учителя",)),
    Column("school_class", "Класс", 12, ("классы",)),
    Column("subject", "Предмет", 34, ("учебный предмет", "дисциплина")),
    Column("subgroup", "Подгруппа", 18, ("группа",)),
    Column("hours", "Часов в неделю", 16, ("часы", "часов", "количество часов", "кол-во часов", "нагрузка")),
    Column("starts", "С", 14, ("с какого дня", "начало", "дата начала")),
    Column("ends", "По", 14, ("по какой день", "окончание", "дата окончания")),
    Column("replaces", "Заменяет", 40, ("кого заменяет", "вместо кого")),
)
LAYOUT = Layout(
    tuple(Heading(one.key, one.title, one.also) for one in COLUMNS),
    needs=(("teacher", "school_class", "subject"), ("login", "school_class", "subject")),
)


def line_of(load: TeachingLoad) -> list[str | float]:
    book = load.gradebook
    return [
        load.teacher.get_full_name(), load.teacher.username, f"{book.school_class.grade}{book.school_class.letter}",
        book.subject.name, book.subgroup.name if book.subgroup_id else "",
        float(load.hours) if load.hours is not None else "", russian.short_date(load.starts),
        russian.short_date(load.ends) if load.ends else "", load.replaces.get_full_name() if load.replaces_id else "",
    ]  # fmt: skip
