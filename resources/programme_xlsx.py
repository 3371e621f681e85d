"""A thematic plan as an XLSX file, with the headings that the portal reads back."""

from collections.abc import Iterable

from accounts.exports import source_line, workbook
from accounts.models import SchoolCard
from resources.models import Programme, Topic

HEAD = [("Раздел", 30), ("Тема", 60), ("Часов", 10), ("Вид работы", 24), ("Как проводится", 24), ("Ресурсы", 50)]


def plan(programme: Programme, topics: Iterable[Topic], school: SchoolCard, address: str = "") -> bytes:
    """The plan; `address` is where everybody reads the programme (12.1)."""
    title = f"Тематический план: {programme}, {programme.year} учебный год"
    return workbook(title, HEAD, map(_line, topics), source_line(school, address))


def _line(topic: Topic) -> list[str | float]:
    return [
        topic.section, topic.name, float(topic.hours), topic.work, topic.get_way_display(), topic.resources
    ]  # fmt: skip
