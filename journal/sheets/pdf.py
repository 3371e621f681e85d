"""The yearly sheet as a PDF for the archive: the content of the screen, A3 or A4, nothing cut (7.3). Pure."""

from dataclasses import dataclass

from journal.sheets.paper import Paper
from journal.sheets.printing import Stamp

LEFT, RIGHT, TOP, BOTTOM = 15, 8, 9, 12
MOST_SUBJECT, MOST_HEAD, LEAST_HEAD = 14, 46, 24
SIGNATURE = 11


@dataclass(frozen=True)
class Look:
    """Sizes of a paper: widths of columns and the height of a row in mm, the pen in points."""

    number: float
    name: float
    row: float
    each: float
    once: dict
    height: float
    pen: float


LOOKS = {
    "A3": Look(8, 52, 11, 9.5, {"behaviour": 20, "decision": 32}, 4.3, 9),
    "A4": Look(6.5, 36, 8.5, 7, {"behaviour": 13, "decision": 23}, 3.6, 7.5),
}


def draw(content: dict, stamp: Stamp) -> bytes:
    return Drawing(content, stamp).made()


class Drawing:
    """Places first, ink after: pages are laid out before the first is drawn, so each knows how many there are."""

    def __init__(self, content: dict, stamp: Stamp):
        self.content, self.look = content, LOOKS[content["paper"]]
        title = f"{content['title']}. {content['class']}, {content['year']}"
        self.paper = Paper(content["paper"], title=title, foot=stamp.words, made_at=stamp.made_at)
        self.stamp = stamp
        self.bottom = self.paper.height - BOTTOM
        self._columns()
        self.head = self._head_height()

    def made(self) -> bytes:
        pages = self._pages()
        for number, blocks in enumerate(pages, 1):
            self.paper.add_page()
            y = self._heading(number)
            if blocks:
                y = self._head(y)
            for place, height in blocks:
                self._pupil(place, y, height)
                y += height
            if number == len(pages):
                self._signatures(y)
            self.paper.lines_of_foot(LEFT, number, len(pages))
        return bytes(self.paper.output())

    # Places

    def _columns(self) -> None:
        """Subjects share what the others leave; what is left over widens the names."""
        look, content = self.look, self.content
        each = [look.each for one in content["columns"] if one["each_row"]]
        once = [look.once[one["code"]] for one in content["columns"] if not one["each_row"]]
        room = self.paper.width - LEFT - RIGHT - look.number - look.name - look.row - sum(each) - sum(once)
        count = max(len(content["subjects"]), 1)
        subject = min(room / count, MOST_SUBJECT)
        self.name_width = look.name + max(room - subject * count, 0)
        widths = [look.number, self.name_width, look.row, *[subject] * len(content["subjects"]), *each, *once]
        self.edges = [LEFT + sum(widths[:place]) for place in range(len(widths) + 1)]
        self.widths = widths
        self.last_cell = 3 + len(content["subjects"]) + len(each)

    def _titles(self) -> list[str]:
        """Columns are named in the content's order: counted ones first, those of a pupil after them."""
        columns = self.content["columns"]
        each = [one["name"] for one in columns if one["each_row"]]
        once = [one["name"] for one in columns if not one["each_row"]]
        return [*(one["short"] for one in self.content["subjects"]), *each, *once]

    def _head_height(self) -> float:
        self.paper.pen(self.look.pen)
        longest = max((self.paper.wide(title) for title in self._titles()), default=0) + 4
        return min(max(longest, LEAST_HEAD), MOST_HEAD)

    def _heading_height(self, number: int) -> float:
        return 27 if number == 1 else 8

    def _block(self, pupil: dict) -> float:
        """The height of a pupil's rows: as many as there are, higher where the name or the words need it."""
        self.paper.pen(self.look.pen)
        lines = len(self._name_lines(pupil))
        for width, text in zip(self.widths[self.last_cell :], pupil["once"], strict=True):
            lines = max(lines, len(self.paper.wrap(text, width - 1)))
        return max(len(self.content["rows"]) * self.look.height, lines * self.paper.line_height() + 1.5)

    def _name_lines(self, pupil: dict) -> list[str]:
        note = self.paper.wrap(pupil["note"], self.name_width - 2) if pupil["note"] else []
        return [*self.paper.wrap(pupil["name"], self.name_width - 2), *note]

    def _pages(self) -> list[list[tuple[int, float]]]:
        """Of each page its pupils: (place, height). The signatures stay with the last, or get a page."""
        pages: list[list[tuple[int, float]]] = [[]]
        y = TOP + self._heading_height(1) + self.head
        for place, pupil in enumerate(self.content["pupils"]):
            height = self._block(pupil)
            if pages[-1] and y + height > self.bottom:
                pages.append([])
                y = TOP + self._heading_height(len(pages)) + self.head
            pages[-1].append((place, height))
            y += height
        if y + self._signatures_height() > self.bottom:
            pages.append([])
        return pages

    # Ink

    def _heading(self, number: int) -> float:
        content, paper, width = self.content, self.paper, self.paper.width - LEFT - RIGHT
        if number > 1:
            words = f"{content['title']}. Класс {content['class']}, {content['year']} учебный год (продолжение)"
            paper.box(words, (LEFT, TOP - 2, width, 8), 10, centre=False)
            return TOP + self._heading_height(number)
        paper.box(content["school"], (LEFT, TOP - 2, width, 7), 10)
        name = content["title"] if self.stamp.number is None else f"{content['title']} № {self.stamp.number}"
        paper.box(name, (LEFT, TOP + 5, width, 8), 15, bold=True)
        words = [f"Класс {content['class']}", f"{content['year']} учебный год"]
        words += [f"классный руководитель: {content['teacher']}"] if content["teacher"] else []
        paper.box(", ".join(words), (LEFT, TOP + 13, width, 6), 11)
        if content["minutes"]:
            paper.box(f"Решение педагогического совета: {content['minutes']}", (LEFT, TOP + 19, width, 5.5), 10)
        return TOP + self._heading_height(number)

    def _head(self, y: float) -> float:
        paper, pen = self.paper, self.look.pen
        for place, title in enumerate(["№", "Фамилия, имя, отчество"]):
            paper.box(title, (self.edges[place], y, self.widths[place], self.head), pen, bold=True)
        for place, title in enumerate(["Период", *self._titles()], 2):
            paper.upright_box(title, (self.edges[place], y, self.widths[place], self.head), pen)
        self._lines(y, self.head, 1)
        return y + self.head

    def _lines(self, y: float, height: float, rows: int) -> None:
        paper, end = self.paper, self.edges[-1]
        paper.set_line_width(0.1)
        paper.set_draw_color(110)
        for number in range(1, rows):
            at = y + height * number / rows
            paper.line(self.edges[2], at, self.edges[self.last_cell], at)
        for edge in self.edges:
            paper.line(edge, y, edge, y + height)
        paper.set_line_width(0.3)
        paper.set_draw_color(0)
        paper.line(LEFT, y, end, y)
        paper.line(LEFT, y + height, end, y + height)

    def _pupil(self, place: int, y: float, height: float) -> None:
        paper, pupil, pen = self.paper, self.content["pupils"][place], self.look.pen
        rows = self.content["rows"]
        paper.box(str(place + 1), (self.edges[0], y, self.widths[0], height), pen)
        paper.pen(pen)
        paper.lines_in(self._name_lines(pupil), self.edges[1] + 1, y, self.name_width - 2, height, centre=False)
        step = height / max(len(rows), 1)
        for number, row in enumerate(rows):
            at = y + number * step
            values = [row["short"], *pupil["cells"][number], *pupil["each"][number]]
            for column, value in enumerate(values, 2):
                paper.box(value, (self.edges[column], at, self.widths[column], step), pen)
        for column, text in enumerate(pupil["once"], self.last_cell):
            paper.box(text, (self.edges[column], y, self.widths[column], height), pen)
        self._lines(y, height, len(rows))

    def _signatures_height(self) -> float:
        return 4 + SIGNATURE * len(self.content["signatures"])

    def _signatures(self, y: float) -> None:
        paper = self.paper
        for number, one in enumerate(self.content["signatures"]):
            at = y + 4 + SIGNATURE * number
            paper.box(one["who"], (LEFT, at, 70, SIGNATURE), 10, centre=False)
            paper.set_line_width(0.2)
            paper.line(LEFT + 72, at + 8, LEFT + 122, at + 8)
            paper.box(one["name"], (LEFT + 124, at, 110, SIGNATURE), 10, centre=False)
            if not one["name"]:
                paper.line(LEFT + 124, at + 8, LEFT + 194, at + 8)
