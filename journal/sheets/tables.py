"""Yearly sheets and final marks as XLSX: the same content."""

from accounts.exports import source_line, workbook
from accounts.models import SchoolCard
from journal.sheets.personal import FinalMarks


def sheet(content: dict, school: SchoolCard) -> bytes:
    """A line for each sub-row; what stands once for a pupil is on the first of them."""
    each = [one["name"] for one in content["columns"] if one["each_row"]]
    once = [one["name"] for one in content["columns"] if not one["each_row"]]
    head = [("№", 6), ("Фамилия, имя, отчество", 44), ("Период", 10)]
    head += [*((one["short"], 12) for one in content["subjects"]), *((name, 18) for name in [*each, *once])]
    title = f"{content['title']}. Класс {content['class']}, {content['year']} учебный год"
    return workbook(title, head, _lines(content), source_line(school))


def _lines(content: dict):
    for number, pupil in enumerate(content["pupils"], 1):
        name = f"{pupil['name']} ({pupil['note']})" if pupil["note"] else pupil["name"]
        for place, row in enumerate(content["rows"]):
            values = [*pupil["cells"][place], *pupil["each"][place]]
            yield [number, name, row["short"], *map(_number, values), *([] if place else pupil["once"])]


def personal(marks: FinalMarks, school: SchoolCard) -> bytes:
    head = [("№", 6), ("Предмет", 50), *((one["name"], 14) for one in marks.columns)]
    lines = ([number, name, *map(_number, values)] for number, (name, values) in enumerate(marks.lines, 1))
    return workbook(f"{marks.title}. {marks.about}", head, lines, source_line(school))


def _number(value: str) -> int | str:
    return int(value) if value.isdecimal() else value
