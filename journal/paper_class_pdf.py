"""The journal of a class in one PDF: its title, the contents, then the gradebooks that are drawn already. Pure."""

import datetime
import io

from pypdf import PdfWriter

from journal.sheets.paper import Paper
from journal.sheets.printing import CONTENTS_LINES, pages_of_contents

LEFT, TOP, LINE = 15, 12, 6.5


def draw(heading: dict, parts: list, *, foot: str, made_at: datetime.datetime) -> bytes:
    """`parts`: (title, first page, path)."""
    writer = PdfWriter()
    writer.append(io.BytesIO(_front(heading, parts, foot, made_at)), import_outline=False)
    for title, _, path in parts:
        writer.append(path, outline_item=title, import_outline=False)
    writer.add_metadata({"/Title": f"Журнал: {heading['class']}, {heading['period']}"})
    # The font comes with every part: one copy is enough.
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _front(heading: dict, parts: list, foot: str, made_at: datetime.datetime) -> bytes:
    paper = Paper("A4", title="Журнал", foot=foot, made_at=made_at)
    width = paper.width - 2 * LEFT
    for number in range(pages_of_contents(len(parts))):
        paper.add_page()
        if number == 0:
            paper.box(heading["school"], (LEFT, TOP, width, 12), 13)
            paper.box(f"Классный журнал. Класс {heading['class']}", (LEFT, TOP + 13, width, 12), 22, bold=True)
            paper.box(f"{heading['year']} учебный год. {heading['period']}", (LEFT, TOP + 26, width, 8), 14)
        paper.box("Содержание", (LEFT, TOP + 36, width, 8), 13, bold=True)
        shown = parts[number * CONTENTS_LINES : (number + 1) * CONTENTS_LINES]
        for place, (title, page, _) in enumerate(shown):
            y = TOP + 46 + place * LINE
            paper.box(title, (LEFT + 40, y, width - 110, LINE), 12, centre=False)
            paper.box(str(page), (LEFT + width - 70, y, 20, LINE), 12)
        paper.lines_of_foot(LEFT, number + 1, None)
    return bytes(paper.output())
