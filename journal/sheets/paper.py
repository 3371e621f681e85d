"""Paper for PDF files: the school's Russian font, words fitted into boxes, feet of pages. Millimetres and points."""

import datetime
from pathlib import Path

from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
FONT = "PT Sans Narrow"
SIZES = {"A3": (420, 297), "A4": (297, 210), "A4 upright": (210, 297)}
MM_PER_POINT = 25.4 / 72
LEADING = 1.12
SMALLEST = 3.5


class Paper(FPDF):
    """Pages without margins of their own: whoever draws knows every place. `foot` stands below each page."""

    def __init__(self, size: str, *, title: str, foot: str, made_at: datetime.datetime):
        self.width, self.height = SIZES[size]
        super().__init__(format=(self.width, self.height))
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font(FONT, "", FONTS / "PTN57F.ttf")
        self.add_font(FONT, "B", FONTS / "PTN77F.ttf")
        self.set_title(title)
        self.set_lang("ru-RU")
        self.set_creation_date(made_at)
        self.foot = foot
        self._widths: dict[tuple, float] = {}

    def pen(self, size: float, *, bold: bool = False) -> None:
        self.set_font(FONT, "B" if bold else "", size)

    def wide(self, text: str) -> float:
        """Width in the pen of now, remembered: a sheet has thousands of cells and a dozen words."""
        key = (text, self.font_style, self.font_size_pt)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(text)
        return self._widths[key]

    def line_height(self) -> float:
        return self.font_size_pt * MM_PER_POINT * LEADING

    def wrap(self, text: str, width: float) -> list[str]:
        """Lines no wider than this; a word that is wider by itself is broken."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.wide(longer) <= width:
                lines[-1] = longer
                continue
            if lines[-1]:
                lines.append("")
            for letter in word:
                if lines[-1] and self.wide(lines[-1] + letter) > width:
                    lines.append("")
                lines[-1] += letter
        return lines

    def fitted(self, text: str, width: float, height: float, size: float, *, bold: bool = False) -> list[str]:
        """Lines that fit into the box, in the greatest pen up to `size`; the pen stays set. Words are kept whole."""
        while True:
            self.pen(size, bold=bold)
            lines = self.wrap(text, width)
            whole = all(self.wide(word) <= width for word in text.split())
            if (whole and len(lines) * self.line_height() <= height) or size <= SMALLEST:
                return lines
            size -= 0.25

    def lines_in(self, lines: list[str], x: float, y: float, width: float, height: float, *, centre: bool) -> None:
        """Lines in the pen of now, in the middle of the box's height."""
        step = self.line_height()
        at = y + (height - step * len(lines)) / 2 + step * 0.78
        for line in lines:
            self.text(x + ((width - self.wide(line)) / 2 if centre else 0), at, line)
            at += step

    def box(self, text: str, place: tuple, size: float, *, centre: bool = True, bold: bool = False) -> None:
        """A text in the box (x, y, width, height), whole."""
        x, y, width, height = place
        if text:
            lines = self.fitted(text, width - 1, height, size, bold=bold)
            self.lines_in(lines, x + 0.5, y, width - 1, height, centre=centre)

    def upright_box(self, text: str, place: tuple, size: float) -> None:
        """A text that reads upwards, whole."""
        x, y, width, height = place
        lines = self.fitted(text, height - 2, width - 0.6, size)
        with self.rotation(90, x, y + height):
            self.lines_in(lines, x + 1, y + height, height - 2, width, centre=False)

    def lines_of_foot(self, margin: float, number: int, total: int | None) -> None:
        """The foot of a page: what the sheet is at the left, which page at the right, of how many where it is known."""
        self.pen(7.5)
        at = self.height - 6
        pages = f"Страница {number} из {total}" if total else f"Страница {number}"
        room = self.width - 2 * margin - self.wide(pages) - 4
        lines = self.fitted(self.foot, room, 5, 7.5)
        for place, line in enumerate(lines):
            self.text(margin, at - (len(lines) - 1 - place) * self.line_height(), line)
        self.pen(7.5)
        self.text(self.width - margin - self.wide(pages), at, pages)
