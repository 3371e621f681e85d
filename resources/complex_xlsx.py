"""A complex as an XLSX file: topic by topic, what there is to study it by (1.3 a, 12.1)."""

from accounts.exports import source_line, workbook
from accounts.models import SchoolCard
from resources.courses.complexes import Contents, Entry
from resources.models import StudyComplex, Topic

HEAD = [
    ("№", 6), ("Раздел", 30), ("Тема", 60), ("Часов", 10), ("Как проводится", 24), ("Вид", 18), ("По чему учиться", 60),
    ("Что взять", 40),
]  # fmt: skip


def table(study_complex: StudyComplex, contents: Contents, school: SchoolCard, address: str) -> bytes:
    """A line for each thing; a topic without any has one too. `address` is where everybody reads the complex."""
    title = f"Учебно-методический комплекс: {study_complex.programme}, {study_complex.programme.year} учебный год"
    lines = [line for row in contents.rows for line in _lines(row.topic, row.entries)]
    lines += [["", "", "Ко всему комплексу", "", "", *_thing(entry)] for entry in contents.whole]
    return workbook(title, HEAD, lines, source_line(school, address))


def _lines(topic: Topic, entries: list[Entry]) -> list[list]:
    head = [topic.position, topic.section, topic.name, float(topic.hours), topic.get_way_display()]
    return [[*head, *_thing(entry)] for entry in entries] or [[*head, "", "", ""]]


def _thing(entry: Entry) -> list[str]:
    return [entry.kind_name, entry.title, entry.note]
