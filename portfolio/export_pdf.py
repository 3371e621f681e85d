"""A portfolio in PDF: A4 upright, flowing, with the number, a QR code and the source (11, 12.1). Pure."""

import datetime
import io

import segno

from eios.lib import russian
from eios.lib.text import lines_of
from journal.sheets.paper import FONT, Paper
from portfolio.archive import Label

LEFT, RIGHT, TOP, BOTTOM = 20, 15, 18, 20
BODY, SMALL, TITLE, HEADING, SUBHEADING = 11, 9, 20, 15, 12
QR_SIZE = 26


def draw(values: dict, label: Label, *, made_at: datetime.datetime) -> bytes:
    return Drawing(values, label, made_at).made()


class Drawing:
    """Words from top to bottom; a heading never stands at the foot alone."""

    def __init__(self, values: dict, label: Label, made_at: datetime.datetime):
        self.values, self.label = values, label
        name = " ".join(filter(None, [values["pupil"]["surname"], values["pupil"]["name"]]))
        foot = f"Портфолио, выгрузка № {label.number} от {label.made_on:%d.%m.%Y}. {label.source}"
        self.paper = Paper("A4 upright", title=f"Портфолио: {name}", foot=foot, made_at=made_at)
        self.width = self.paper.width - LEFT - RIGHT
        self.y = TOP

    def made(self) -> bytes:
        self.paper.add_page()
        self._title()
        self._spheres()
        self._achievements()
        self._works()
        self._results()
        total = self.paper.page
        for number in range(1, total + 1):
            self.paper.page = number
            # The pen of the library is remembered by page: set anew, it is written on this one too.
            self.paper.set_font(FONT, "", SMALL)
            self.paper.lines_of_foot(LEFT, number, total)
        return bytes(self.paper.output())

    # Lines

    def _room(self, height: float) -> None:
        if self.y + height > self.paper.height - BOTTOM:
            self.paper.add_page()
            self.y = TOP

    def _write(
        self, words: str, *, size: float = BODY, bold: bool = False, indent: float = 0, after: float = 1
    ) -> None:
        for paragraph in words.splitlines() or [""]:
            self.paper.pen(size, bold=bold)
            step = self.paper.line_height()
            for line in self.paper.wrap(paragraph, self.width - indent):
                self._room(step)
                self.paper.pen(size, bold=bold)
                self.paper.text(LEFT + indent, self.y + step * 0.78, line)
                self.y += step
        self.y += after

    def _heading(self, words: str, size: float = HEADING) -> None:
        self._room(24)
        self.y += 4 if size == HEADING else 2
        self._write(words, size=size, bold=True, after=1.5)

    # Parts

    def _title(self) -> None:
        pupil = self.values["pupil"]
        code = io.BytesIO()
        segno.make(self.label.verify_url, error="m", micro=False).save(code, kind="png", scale=6, border=1)
        code.seek(0)
        self.paper.image(code, x=self.paper.width - RIGHT - QR_SIZE, y=TOP, w=QR_SIZE, h=QR_SIZE)
        whole, self.width = self.width, self.width - QR_SIZE - 5
        self._write(_name(pupil), size=TITLE, bold=True)
        room = f", {pupil['class']} класс" if pupil["class"] else ""
        self._write(f"Портфолио обучающегося{room}")
        said = f"Выгрузка № {self.label.number} от {self.label.made_on:%d.%m.%Y}. Проверить: {self.label.verify_url}"
        self._write(said, size=SMALL)
        if self.values["sections_title"]:
            self._write(f"Разделы — {self.values['sections_title']}.", size=SMALL)
        self.width, self.y = whole, max(self.y, TOP + QR_SIZE + 2)
        cover = self.values["cover"]
        if cover and cover["motto"]:
            self._write(f"«{cover['motto']}»", size=SUBHEADING, bold=True)
        if cover and cover["about"]:
            self._write(cover["about"])

    def _spheres(self) -> None:
        self._heading("По сферам")
        for one in self.values["spheres"]:
            self._write(
                f"{one['title'].capitalize()}: достижений {one['achievements']}, работ {one['works']}", after=0.3
            )

    def _achievements(self) -> None:
        rows = self.values["achievements"]
        if rows:
            self._heading("Достижения")
        shown = ""
        for one in rows:
            if one["origin_title"] != shown:
                shown = one["origin_title"]
                self._heading(shown.capitalize(), SUBHEADING)
            self._achievement(one)

    def _achievement(self, one: dict) -> None:
        self._room(14)
        self._write(one["title"], bold=True, after=0.3)
        place = f" ({one['place']})" if one["place"] else ""
        stage = f", ВсОШ, {one['stage_title']}" if one["stage"] else ""
        facts = [
            f"{one['outcome_title']}{place}, {_day(one['date'])}",
            f"{one['level_title']} уровень{stage}, {one['mode_title']}",
            f"сфера: {one['sphere_title']}",
            *(f"{name}: {one[key]}" for name, key in _ABOUT if one[key]),
        ]
        self._write("; ".join(facts) + ".", after=0.3)
        if one["note"]:
            self._write(one["note"], after=0.3)
        proofs = [proof["title"] or (proof["file"] or {}).get("name") or proof["link"] for proof in one["evidence"]]
        said = one["source"] or (f"Подтверждено школой {_day(one['confirmed_on'])}" if one["confirmed_on"] else "")
        self._write("; ".join(filter(None, [said, *proofs])), size=SMALL, after=2)

    def _works(self) -> None:
        if self.values["works"]:
            self._heading("Работы")
        for work in self.values["works"]:
            self._heading(work["title"], SUBHEADING)
            names = ", ".join([*(one["name"] for one in work["authors"]), *filter(None, [work["other_authors"]])])
            self._write(f"{work['kind_title'].capitalize()}; сфера: {work['sphere_title']}; авторы: {names}", after=0.5)
            for version in work["versions"]:
                self._version(version)

    def _version(self, version: dict) -> None:
        self._write(f"Версия {version['number']} от {_day(version['sealed_on'])}", bold=True, after=0.5)
        if version["text"]:
            for line, is_heading in lines_of(version["text"]):
                self._write(line, bold=is_heading, after=0.5)
        files = [one["title"] or one["name"] for one in version["files"]]
        links = [f"{one['title']} {one['url']}".strip() for one in version["links"]]
        if files or links:
            self._write("Приложено: " + "; ".join([*files, *links]), size=SMALL)
        if version["reflection"]:
            self._write(f"Что получилось: {version['reflection']}")
        for review in version["reviews"]:
            self._review(review)
        self._write(f"SHA-256 версии: {version['sha256']}", size=SMALL, after=2)

    def _review(self, review: dict) -> None:
        self._room(12)
        parts = [f"{review['by']}, {review['capacity_title']}, {_day(review['date'])}"]
        parts += [f"отметка {review['mark']}"] * bool(review["mark"])
        parts += [f"баллы {review['total']}"] * bool(review["total"])
        self._write("; ".join(parts), bold=True, indent=5, after=0.3)
        for one in review["points"]:
            self._write(f"{one['criterion']}: {one['points']} из {one['most']}", size=SMALL, indent=5, after=0)
        if review["text"]:
            self._write(review["text"], indent=5)
        if review["answer"]:
            self._write(f"Ответ автора: {review['answer']}", indent=10)

    def _results(self) -> None:
        if self.values["results"]:
            self._heading("Учебные результаты")
        for year in self.values["results"]:
            room = f", {year['class']}" if year["class"] else ""
            self._heading(f"{year['year']} учебный год{room}", SUBHEADING)
            for one in year["subjects"]:
                marks = [f"{name} {one[key]}" for name, key in _MARKS if one[key]]
                self._write(f"{one['subject']}: {', '.join(marks)}", after=0)
            for one in year["attestation"]:
                self._write(f"Аттестация, {one['subject']}: {one['value']}", after=0)
            for one in year["exams"]:
                self._write(f"Государственный экзамен, {one['subject']}: {one['mark']}", after=0)
            self._write("; ".join(year["sources"]), size=SMALL, after=2)


_ABOUT = (("предмет", "subject"), ("организатор", "organiser"), ("команда", "team"), ("руководитель", "mentor"))
_MARKS = (("год", "year"), ("экзамен", "exam"), ("итог", "final"))


def _name(pupil: dict) -> str:
    return " ".join(filter(None, [pupil["surname"], pupil["name"], pupil["patronymic"]]))


def _day(day: str | None) -> str:
    return russian.short_date(datetime.date.fromisoformat(day)) if day else ""
