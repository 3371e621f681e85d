"""Importing gradebooks kept elsewhere: the example report cell by cell, every format, twice, undone (7.1, 11.2)."""

import datetime
import io
import re
import zipfile
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.batches.unpacking import Given
from accounts.models import ImportBatch, SchoolClass
from journal.actions import imports as actions
from journal.importing.plan import plan_of
from journal.models import Absence, Gradebook, Mark, Result
from resources.actions.subjects import load_subjects
from tests import factories

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "data" / "sgo_student_total.html"
SOURCE = "Сетевой город. Образование"
CODES = {"УП": "excused", "Б": "ill", "НП": "unexcused", "ОТ": "absent", "ОП": "late", "ОСВ": "exempt"}
DATE = datetime.date(2026, 11, 26)


class Cells(HTMLParser):
    """The file's own cells, read by nothing of ours."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""
        elif tag == "br" and self.cell is not None:
            self.cell += " "

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(self.cell.split()))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


@pytest.fixture(scope="module")
def cells():
    """The report's rows of subjects: name, then a cell for each of the 22 days, average and result."""
    reader = Cells()
    reader.feed(SAMPLE.read_text(encoding="utf-8"))
    return [row for row in reader.rows if len(row) == 25]


@pytest.fixture(scope="module")
def days(cells):
    reader = Cells()
    reader.feed(SAMPLE.read_text(encoding="utf-8"))
    numbers = next(row for row in reader.rows if len(row) == 22)
    months = [9] * 8 + [10] * 11 + [11] * 3
    return [datetime.date(2026, month, int(day)) for month, day in zip(months, numbers, strict=True)]


@pytest.fixture(autouse=True)
def school(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_subjects(by=Actor.command("проверка"))


@pytest.fixture
def school_class() -> SchoolClass:
    year = factories.make_year(starts=datetime.date(2026, 9, 1))
    return factories.make_class(grade=8, letter="А", year=year)


@pytest.fixture
def pupil(school_class):
    return factories.make_pupil(
        school_class=school_class, surname="Воронцова", name="Алиса", patronymic="Игоревна",
        starts=school_class.year.starts,
    )  # fmt: skip


@pytest.fixture
def by():
    deputy = factories.make_employee(position="deputy")
    return Actor(deputy, None, deputy.username)


def load(files: list[Given], by: Actor, *, skip=("Разговоры о важном",), apply=True, despite=False) -> ImportBatch:
    batch = actions.take_files(files, source=SOURCE, by=by)
    actions.decide(batch, [("subject", "", name, "skip") for name in skip], by=by)
    if apply:
        plan = plan_of(batch, asker=by.person, date=DATE)
        actions.apply_batch(batch, seen=plan.mark, despite_errors=despite, by=by)
    batch.refresh_from_db()
    return batch


def whole_journal() -> list:
    """Every row of the journal, but for keys and batches: what undoing must bring back."""
    found = [sorted(Gradebook.objects.values_list("school_class", "subject", "kept", "mirrored_at"))]
    for model, fields in (
        (Mark, ("pupil", "gradebook__subject__name", "date", "slot", "place", "value", "number", "weight")),
        (Absence, ("pupil", "gradebook__subject__name", "date", "slot", "code")),
        (Result, ("pupil", "subject__name", "kind", "number", "value", "average")),
    ):
        found.append(sorted(map(str, model.objects.values_list(*fields))))
    return found


def expected(cells, days) -> list:
    """Marks, absences and results as the file's cells say them, of the subjects that the portal has."""
    marks, absences, results = [], [], []
    for name, *rest in cells:
        if name == "Разговоры о важном":
            continue
        for day, text in zip(days, rest[:22], strict=True):
            if text in CODES:
                absences.append((name, day, CODES[text]))
            elif text:
                marks.append((name, day, text))
        average, value = rest[22:]
        if average or value:
            results.append((name, value, Decimal(average.replace(",", ".")) if average else None))
    return [sorted(marks), sorted(absences), sorted(results, key=str)]


def stored(cells) -> list:
    """The same as the journal has it, under the names of the file."""
    names = {name.replace("Ин.яз./Английский язык", "Иностранный язык"): name for name, *_ in cells}
    names["Физическая культура"] = "Физкультура"
    marks = Mark.objects.values_list("gradebook__subject__name", "date", "value")
    absences = Absence.objects.values_list("gradebook__subject__name", "date", "code")
    results = Result.objects.filter(kind="term", number=1).values_list("subject__name", "value", "average")
    assert Result.objects.count() == len(results)
    found = [[(names[name], *rest) for name, *rest in rows] for rows in (marks, absences, results)]
    return [sorted(found[0]), sorted(found[1]), sorted(found[2], key=str)]


def as_rows() -> list[list[str]]:
    """The report as a spreadsheet has it: labels in lines of their own, months over days."""
    reader = Cells()
    reader.feed(SAMPLE.read_text(encoding="utf-8"))
    head = ["Предмет", *["Сентябрь"], *[""] * 7, "Октябрь", *[""] * 10, "Ноябрь", "", ""]
    head += ["Средн. оценка 1 триместр", "Итог.оценка 1 триместр"]
    numbers = next(row for row in reader.rows if len(row) == 22)
    titles = ["Отчет об успеваемости и посещаемости ученика", "Учебный год: 2026/2027", "Класс: 8А"]
    titles += ["Учебный период: 1 триместр", "Период: с 1.09.2026 по 20.11.2026", "Ученик: Воронцова Алиса Игоревна"]
    rows = [[title] for title in titles] + [[], head, ["", *numbers, "", ""]]
    return rows + [row for row in reader.rows if len(row) == 25]


def xlsx(rows: list[list[str]]) -> bytes:
    """Numbers as numbers, as a spreadsheet would keep them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                plain = text.replace(",", ".")
                if re.fullmatch(r"\d+(\.\d+)?", plain):
                    sheet.write_number(number, column, float(plain))
                elif text:
                    sheet.write_string(number, column, text)
    return buffer.getvalue()


def csv(rows: list[list[str]], encoding: str) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode(encoding)


FORMATS = {
    "report.html": lambda: SAMPLE.read_bytes(),
    "report.xls": lambda: SAMPLE.read_text(encoding="utf-8").encode("cp1251", "xmlcharrefreplace"),
    "report.xlsx": lambda: xlsx(as_rows()),
    "report.csv": lambda: csv(as_rows(), "utf-8"),
    "report-1251.csv": lambda: csv(as_rows(), "cp1251"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_example_report_is_imported_exactly(name, cells, days, pupil, by):
    """Every mark, code, average and result, whatever the format; again nothing changes; undone, all is as it was."""
    before = whole_journal()
    data = FORMATS[name]()
    batch = load([Given(name, data)], by)
    assert stored(cells) == expected(cells, days)
    assert Mark.objects.filter(pupil=pupil).count() + Absence.objects.count() == len(sum(expected(cells, days)[:2], []))
    after = whole_journal()
    again = load([Given(name, data)], by)
    assert {key: again.counts[key] for key in ("new", "changed", "gone")} == {"new": 0, "changed": 0, "gone": 0}
    assert again.counts["same"] == batch.counts["new"]
    assert whole_journal()[1:] == after[1:]
    actions.undo_batch(again, reason="Проверка", by=by)
    assert whole_journal() == after
    actions.undo_batch(batch, reason="Проверка", by=by)
    assert whole_journal() == before


def test_a_newer_file_changes_and_withdraws_and_both_come_back(cells, pupil, by):
    first = load([Given("a.html", SAMPLE.read_bytes())], by)
    after = whole_journal()
    text = SAMPLE.read_text(encoding="utf-8")
    row = text.index("Русский язык")
    changed = text[:row] + text[row:].replace("5\n", "2\n", 1).replace("\n\t\t\t3\n\t\t", "", 1)
    second = load([Given("b.html", changed.encode())], by)
    assert (second.counts["changed"], second.counts["gone"], second.counts["new"]) == (1, 1, 0)
    assert whole_journal()[1] != after[1]
    with pytest.raises(ValidationError, match=f"№{second.pk}"):
        actions.undo_batch(first, reason="Рано", by=by)
    actions.undo_batch(second, reason="Ошиблись файлом", by=by)
    assert whole_journal() == after
    assert Gradebook.objects.filter(mirrored_by=first).exists()


def test_photos_are_not_kept(pupil, by):
    picture = b'<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==">'
    batch = load([Given("a.html", picture + SAMPLE.read_bytes())], by)
    file = batch.files.get().file
    kept = (Path(batch.files.get().file.path)).name
    from django.conf import settings

    assert b"base64" not in (settings.MEDIA_ROOT / file.path).read_bytes()
    assert kept == file.key.hex


def test_a_zip_of_reports_is_taken_whole_and_a_bomb_is_not(pupil, by):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("8А/Воронцова.html", SAMPLE.read_bytes())
        archive.writestr("__MACOSX/._Воронцова.html", b"x")
        archive.writestr("прочее.txt", "Не таблица")
    batch = load([Given("8А.zip", buffer.getvalue())], by, apply=False)
    assert [(one.name, bool(one.error)) for one in batch.files.all()] == [
        ("Воронцова.html", False),
        ("прочее.txt", True),
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("бомба.csv", b"0" * (250 * 1024 * 1024))
    with pytest.raises(ValidationError, match="распаковывается больше|больше"):
        load([Given("бомба.zip", buffer.getvalue())], by)
    assert Mark.objects.count() == 0
