"""«Итоговые отметки» of a pupil on an A4 page. Pure."""

import datetime

from journal.sheets.paper import Paper
from journal.sheets.personal import FinalMarks

MARGIN, ROW, NUMBER, VALUE, PEN = 15, 7, 9, 14, 10.5


def draw(marks: FinalMarks, *, school: str, foot: str, made_at: datetime.datetime) -> bytes:
    paper = Paper("A4 upright", title=marks.title, foot=foot, made_at=made_at)
    width = paper.width - 2 * MARGIN
    room = int((paper.height - MARGIN - 20 - MARGIN - 34) // ROW)
    pages = [marks.lines[start : start + room] for start in range(0, len(marks.lines), room)] or [[]]
    for number, lines in enumerate(pages, 1):
        paper.add_page()
        paper.box(school, (MARGIN, MARGIN - 4, width, 8), 11)
        paper.box("Итоговые отметки", (MARGIN, MARGIN + 4, width, 8), 16, bold=True)
        paper.box(marks.pupil.get_full_name(), (MARGIN, MARGIN + 12, width, 7), 13)
        paper.box(marks.about, (MARGIN, MARGIN + 19, width, 6), 11)
        y = _line(paper, marks, ["№", "Предмет", *(one["short"] for one in marks.columns)], MARGIN + 28, bold=True)
        for place, (name, values) in enumerate(lines, (number - 1) * room + 1):
            y = _line(paper, marks, [str(place), name, *values], y)
        if number == len(pages):
            paper.box("Классный руководитель", (MARGIN, y + 6, 50, 8), 11, centre=False)
            paper.line(MARGIN + 52, y + 12, MARGIN + 100, y + 12)
        paper.lines_of_foot(MARGIN, number, len(pages))
    return bytes(paper.output())


def _line(paper: Paper, marks: FinalMarks, cells: list[str], y: float, *, bold: bool = False) -> float:
    subject = paper.width - 2 * MARGIN - NUMBER - VALUE * len(marks.columns)
    widths = [NUMBER, subject, *[VALUE] * len(marks.columns)]
    x = MARGIN
    paper.set_line_width(0.15)
    for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
        paper.rect(x, y, width, ROW)
        paper.box(text, (x + (place == 1), y, width, ROW), PEN, centre=place != 1, bold=bold)
        x += width
    return y + ROW
