"""A gradebook as the paper journal has it, in PDF: A4 landscape, heads on every page, nothing cut (1.3 b). Pure."""

import datetime
from dataclasses import dataclass

from journal.paper import LESSON_HEADS, REMARK_HEADS
from journal.paper_layout import SUM, Part, days_of, months, parts_of
from journal.sheets.paper import Paper

LEFT, RIGHT, TOP, BOTTOM = 15, 8, 10, 13
NUMBER, NAME, PEN, PAD = 7, 52, 8, 1.2
HEADING, HEAD, WIDEST = 8, 22, 9
LESSON_WIDTHS = (18, 9, 80, 72, 95)
REMARK_WIDTHS = (18, 76, 180)
# Lines left for whoever checks the journal.
BLANK_REMARKS = 8


@dataclass(frozen=True)
class Page:
    """What stands on one page: the heading, column heads, rows as (height, lines of each cell)."""

    title: str
    kind: str
    rows: list
    part: Part | None = None


def draw(content: dict, *, foot: str, made_at: datetime.datetime, first: int, alone: bool) -> bytes:
    return Drawing(content, foot, made_at, first, alone).made()


class Drawing:
    """Places first, ink after: pages are laid out before the first is drawn, so each knows how many there are."""

    def __init__(self, content: dict, foot: str, made_at: datetime.datetime, first: int, alone: bool):
        self.content, self.first, self.alone = content, first, alone
        self.name = ", ".join(filter(None, [content["subject"], content["subgroup"]]))
        title = f"Журнал: {content['class']}, {self.name}, {content['period']}"
        self.paper = Paper("A4", title=title, foot=foot, made_at=made_at)
        self.width = self.paper.width - LEFT - RIGHT
        self.bottom = self.paper.height - BOTTOM
        self.parts = parts_of(content)
        sums = len(content["heads"]) * SUM
        fullest = max(one.last - one.first + sums * one.has_sums for one in self.parts)
        self.unit = min((self.width - NUMBER - NAME) / max(fullest, 1), WIDEST)

    def made(self) -> bytes:
        pages = self._pages()
        total = len(pages) + 1
        self.paper.add_page()
        self._title(pages)
        self._foot(1, total)
        for number, page in enumerate(pages, 2):
            self.paper.add_page()
            self._page(page)
            self._foot(number, total)
        return bytes(self.paper.output())

    def _foot(self, number: int, total: int) -> None:
        if self.alone:
            self.paper.lines_of_foot(LEFT, number, total)
        else:
            self.paper.lines_of_foot(LEFT, self.first + number - 1, None)

    # Places

    def _pages(self) -> list[Page]:
        content, found = self.content, []
        for part in self.parts:
            title = f"Отметки и посещаемость, {days_of(content, part)}" if part.last > part.first else "Итоги"
            widths = self._widths(part)
            rows = [self._pupil_row(number, one, part) for number, one in enumerate(content["pupils"], 1)]
            found += self._shared(title, "marks", rows, widths, HEADING + HEAD, part)
            if content["has_topics"] and part.last > part.first:
                rows = content["lessons"][slice(*part.lessons)]
                found += self._shared(title.replace("Отметки и посещаемость", "Темы и задания"), "lessons", rows,
                                      LESSON_WIDTHS, HEADING + 6, part)  # fmt: skip
        rows = [*content["remarks"], *[["", "", ""]] * BLANK_REMARKS]
        found += self._shared("Замечания", "remarks", rows, REMARK_WIDTHS, HEADING + 6)
        return [*found, Page("Выполнение программы", "totals", content["totals"])]

    def _pupil_row(self, number: int, pupil: dict, part: Part) -> list[str]:
        name = f"{pupil['name']} ({pupil['note']})" if pupil["note"] else pupil["name"]
        return [str(number), name, *pupil["cells"][part.first : part.last], *(pupil["sums"] if part.has_sums else [])]

    def _widths(self, part: Part) -> list[float]:
        sums = [self.unit * SUM] * (len(self.content["heads"]) if part.has_sums else 0)
        return [NUMBER, NAME, *[self.unit] * (part.last - part.first), *sums]

    def _shared(self, title: str, kind: str, rows: list, widths, taken: float, part: Part | None = None) -> list[Page]:
        """Rows shared out among pages; one that is higher than a page goes on on the next."""
        self.paper.pen(PEN)
        step, room = self.paper.line_height(), self.bottom - TOP - taken
        fits = int((room - PAD) // step)
        pages: list[list] = [[]]
        left = room
        for row in rows:
            cells = [self._wrapped(text, width, kind, at) for at, (text, width) in
                     enumerate(zip(row, widths, strict=True))]  # fmt: skip
            most = max(map(len, cells))
            for start in range(0, most, fits):
                piece = [one[start : start + fits] for one in cells]
                height = max(map(len, piece)) * step + PAD
                if height > left and pages[-1]:
                    pages.append([])
                    left = room
                pages[-1].append((height, piece))
                left -= height
        return [Page(f"{title} (продолжение)" if number else title, kind, one, part)
                for number, one in enumerate(pages)]  # fmt: skip

    def _wrapped(self, text: str, width: float, kind: str, at: int) -> list[str]:
        return self.paper.wrap(text, width - (0.6 if kind == "marks" and at > 1 else 1.6))

    # Ink

    def _title(self, pages: list[Page]) -> None:
        content, paper, width = self.content, self.paper, self.width
        paper.box(content["school"], (LEFT, TOP, width, 14), 13)
        paper.box("Классный журнал", (LEFT, TOP + 18, width, 12), 24, bold=True)
        paper.box(f"Класс {content['class']}", (LEFT, TOP + 32, width, 9), 17)
        paper.box(self.name, (LEFT, TOP + 42, width, 12), 17, bold=True)
        paper.box(f"{content['year']} учебный год. {content['period']}: {content['starts']}–{content['ends']}",
                  (LEFT, TOP + 55, width, 8), 13)  # fmt: skip
        teachers = ", ".join(content["teachers"]) or "не назначен"
        paper.box(f"Учитель: {teachers}", (LEFT, TOP + 63, width, 12), 13)
        paper.box(f"Журнал ведётся {content['kept']}, шкала: {content['scale']}", (LEFT, TOP + 75, width, 7), 11)
        paper.box("Содержание", (LEFT, TOP + 86, width, 8), 13, bold=True)
        lines = [(number, one.title) for number, one in enumerate(pages, self.first + 1)
                 if not one.title.endswith("(продолжение)")]  # fmt: skip
        step = min(7, (self.bottom - TOP - 96) / max(len(lines), 1))
        for place, (number, title) in enumerate(lines):
            y = TOP + 95 + place * step
            paper.box(title, (LEFT + 60, y, width - 150, step), 11, centre=False)
            paper.box(str(number), (LEFT + width - 90, y, 20, step), 11)

    def _page(self, page: Page) -> None:
        paper = self.paper
        words = f"{self.content['class']}, {self.name}. {page.title}"
        paper.box(words, (LEFT, TOP - 2, self.width, HEADING), 11, centre=False, bold=True)
        y = TOP + HEADING
        if page.kind == "totals":
            self._totals(page.rows, y)
        elif page.kind == "marks":
            self._table(page.rows, self._widths(page.part), self._marks_head(page.part, y), from_mark=2)
        else:
            heads, widths = (LESSON_HEADS, LESSON_WIDTHS) if page.kind == "lessons" else (REMARK_HEADS, REMARK_WIDTHS)
            self._table(page.rows, widths, self._words_head(heads, widths, y))

    def _words_head(self, heads, widths, y: float) -> float:
        x = LEFT
        self._thin()
        for title, width in zip(heads, widths, strict=True):
            self.paper.rect(x, y, width, 6)
            self.paper.box(title, (x, y, width, 6), PEN + 0.5, bold=True)
            x += width
        return y + 6

    def _marks_head(self, part: Part, y: float) -> float:
        """Months over days with the kind of work and the weight; sums stand upright."""
        paper, content = self.paper, self.content
        self._thin()
        for x, title, width in ((LEFT, "№", NUMBER), (LEFT + NUMBER, "Фамилия, имя", NAME)):
            paper.rect(x, y, width, HEAD)
            paper.box(title, (x, y, width, HEAD), PEN + 0.5, bold=True)
        shown, x = content["columns"][part.first : part.last], LEFT + NUMBER + NAME
        at = x
        for name, count in months(shown):
            paper.rect(at, y, count * self.unit, 5)
            paper.box(name, (at, y, count * self.unit, 5), PEN, bold=True)
            at += count * self.unit
        for place, one in enumerate(shown):
            box = (x + place * self.unit, y + 5, self.unit, HEAD - 5)
            paper.rect(*box)
            paper.box(one["day"], (box[0], y + 5, self.unit, 5), PEN, bold=True)
            under = " ".join(filter(None, [one["work"], one["weight"]]))
            if under:
                paper.upright_box(under, (box[0], y + 10, self.unit, HEAD - 10), PEN - 1)
        for place, title in enumerate(content["heads"] if part.has_sums else ()):
            box = (at + place * self.unit * SUM, y, self.unit * SUM, HEAD)
            paper.rect(*box)
            paper.upright_box(title, box, PEN)
        return y + HEAD

    def _table(self, rows: list, widths, y: float, from_mark: int = 99) -> None:
        paper = self.paper
        step = 0.0
        self._thin()
        for height, cells in rows:
            x = LEFT
            paper.pen(PEN)
            step = step or paper.line_height()
            for at, (lines, width) in enumerate(zip(cells, widths, strict=True)):
                paper.rect(x, y, width, height)
                if lines and lines[0]:
                    centre = at >= from_mark or at == 0
                    paper.lines_in(lines, x + (0.3 if at >= from_mark else 0.8), y,
                                   width - (0.6 if at >= from_mark else 1.6), height, centre=centre)  # fmt: skip
                x += width
            y += height

    def _totals(self, totals: list, y: float) -> None:
        for place, (title, value) in enumerate(totals):
            self.paper.box(title, (LEFT, y + place * 8, 110, 8), 12, centre=False)
            self.paper.box(value, (LEFT + 112, y + place * 8, 40, 8), 12, bold=True)
        at = y + len(totals) * 8 + 8
        for place, who in enumerate(("Учитель", "Заместитель директора")):
            self.paper.box(who, (LEFT, at + place * 11, 60, 9), 11, centre=False)
            self.paper.line(LEFT + 62, at + place * 11 + 8, LEFT + 130, at + place * 11 + 8)

    def _thin(self) -> None:
        self.paper.set_line_width(0.12)
        self.paper.set_draw_color(90)
