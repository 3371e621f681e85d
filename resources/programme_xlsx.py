"""A thematic plan as an XLSX file, with the headings that the portal reads back."""

from collections.abc import Container, Iterable

from accounts.exports import source_line, workbook
from accounts.models import SchoolCard
from resources.models import Programme, Topic
from resources.topic_links import words_of

HEAD = [("Раздел", 30), ("Тема", 60), ("Часов", 10), ("Вид работы", 24), ("Как проводится", 24), ("Ресурсы", 50)]


def plan(
    programme: Programme, topics: Iterable[Topic], school: SchoolCard, known: Container[int], address: str = ""
) -> bytes:
    """The plan; `address` is where everybody reads the programme (12.1).

    `known`: keys of platforms that the reader may know of.
    """
    title = f"Тематический план: {programme}, {programme.year} учебный год"
    return workbook(title, HEAD, [_line(topic, known) for topic in topics], source_line(school, address))


def _line(topic: Topic, known: Container[int]) -> list[str | float]:
    return [
        topic.section, topic.name, float(topic.hours), topic.work, topic.get_way_display(), words_of(topic, known)
    ]  # fmt: skip
