"""Importing gradebooks kept elsewhere: the example report cell by cell, every format, twice, undone (7.1, 11.2)."""

import datetime
import io
import zipfile
from decimal import Decimal
from html.parser import HTMLParser

import pytest
import xlsxwriter
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.batches.unpacking import DOT, Given
from accounts.models import ImportBatch
from journal.actions import imports as actions
from journal.importing.plan import Change, plan_of
from journal.models import Absence, Gradebook, Mark, Result
from tests import factories
from tests.journal.importing import DATE, SAMPLE, SOURCE, load, whole_journal, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
CODES = {"УП": "excused", "Б": "ill", "НП": "unexcused", "ОТ": "absent", "ОП": "late", "ОСВ": "exempt"}


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


def csv(rows: list[list[str]], encoding: str) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode(encoding)


FORMATS = {
    "report.html": lambda: SAMPLE.read_bytes(),
    "report.xls": lambda: SAMPLE.read_text(encoding="utf-8").encode("cp1251", "xmlcharrefreplace"),
    "report.xlsx": lambda: xlsx(as_rows()),
    # The same rows, written once by xlwt and odfpy: nothing of the project writes these formats.
    "report-old.xls": lambda: SAMPLE.with_suffix(".xls").read_bytes(),
    "report.ods": lambda: SAMPLE.with_suffix(".ods").read_bytes(),
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
    kept = (portal.MEDIA_ROOT / batch.files.get().file.path).read_bytes()
    assert kept == b'<img src="">' + SAMPLE.read_bytes()


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


def page_of(batch: ImportBatch) -> str:
    return f"/journal/imports/{batch.pk}/"


def test_a_deputy_loads_looks_answers_applies_and_undoes(client, pupil, by, site):
    factories.sign_in(client, by.person)
    upload = SimpleUploadedFile("отчёт.xls", SAMPLE.read_bytes())
    page = client.post("/journal/imports/add/", {"source": SOURCE, "files": upload}).url
    shown = client.get(page)
    assert "Разговоры о важном" in shown.text
    assert "Применить загрузку" not in shown.text
    [field] = shown.context["answers"].fields
    client.post(f"{page}answer/", {field: "skip"})
    shown = client.get(page, {"show": "new"})
    assert Mark.objects.count() == 0
    client.post(f"{page}apply/", {"seen": shown.context["plan"].mark})
    report = client.get(page)
    assert "применена" in report.text
    assert Mark.objects.count() > 40
    client.post(f"{page}undo/", {"reason": "Не тот файл"})
    assert Mark.objects.count() == 0
    assert "Не тот файл" in client.get(page).text
    assert "отменена" in client.get("/journal/imports/").text


def test_a_plan_that_is_no_longer_what_was_seen_is_refused(pupil, by):
    batch = load([Given("a.html", SAMPLE.read_bytes())], by, apply=False)
    seen = plan_of(batch, asker=by.person, date=DATE).mark
    load([Given("a.html", SAMPLE.read_bytes())], by)
    with pytest.raises(ValidationError, match="изменились"):
        actions.apply_batch(batch, seen=seen, by=by)


def test_others_reach_no_import_by_address_or_by_post(client, pupil, school_class, by, site):
    """The report holds a child's marks: another teacher, a class teacher of another class, the pupil, a parent."""
    batch = load([Given("a.html", SAMPLE.read_bytes())], by)
    other = factories.make_class(grade=9, year=school_class.year)
    people = [
        factories.make_employee(),
        pupil,
        factories.make_parent(child=pupil),
        factories.make_person(is_superuser=True),
    ]
    people.append(factories.make_employee(position="class_teacher", school_class=other))
    file = f"/files/{batch.files.get().file_id}/"
    for person in people:
        factories.sign_in(client, person)
        for page in (page_of(batch), f"{page_of(batch)}undo/", file):
            assert client.get(page).status_code in (403, 404), (person, page)
        for page in ("undo", "apply", "drop", "answer"):
            assert client.post(f"{page_of(batch)}{page}/", {"reason": "нет"}).status_code in (403, 404)
    assert Mark.objects.filter(batch=batch).exists()


def test_a_class_teacher_loads_the_own_class_only(client, pupil, school_class, by, site):
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    stranger = factories.make_employee(
        position="class_teacher", school_class=factories.make_class(grade=9, year=school_class.year)
    )
    for person, outcome in ((stranger, Change.ERROR), (leader, Change.NEW)):
        batch = load([Given("a.html", SAMPLE.read_bytes())], Actor(person, None, ""), apply=False)
        lines = plan_of(batch, asker=person, date=DATE).lines
        assert {line.change for line in lines} == {outcome}


CLASS = """Класс: 8А;;;
Учебный год: 2026/2027;;;
Учебный период: {period};;;
№;ФИО;Алгебра;Физкультура
1;Воронцова Алиса Игоревна;{first};осв
2;Ёлкин Пётр;{second};4
"""


def table(period="I четверть", first="5", second="4") -> Given:
    return Given("8А.csv", CLASS.format(period=period, first=first, second=second).encode("cp1251"))


def test_a_class_table_of_a_period(pupil, another, by):
    load([table()], by)
    found = {
        (one.pupil.surname, one.subject.name): one.value for one in Result.objects.select_related("pupil", "subject")
    }
    assert found == {
        ("Воронцова", "Алгебра"): "5", ("Воронцова", "Физическая культура"): "осв",
        ("Елкин", "Алгебра"): "4", ("Елкин", "Физическая культура"): "4",
    }  # fmt: skip
    assert set(Result.objects.values_list("kind", "number")) == {("term", 1)}


def test_errors_say_where_and_nothing_is_loaded_until_they_are_accepted(pupil, another, by):
    batch = load([table(first="6", second="н/а")], by, apply=False)
    plan = plan_of(batch, asker=by.person, date=DATE)
    wrong = [line for line in plan.lines if line.change == Change.ERROR]
    assert [(line.where, line.pupil) for line in wrong] == [("строка 5, столбец C", "Воронцова Алиса Игоревна")]
    assert "такой отметки в шкале нет" in wrong[0].what
    with pytest.raises(ValidationError, match="есть ошибки"):
        actions.apply_batch(batch, seen=plan.mark, by=by)
    actions.apply_batch(batch, seen=plan.mark, despite_errors=True, by=by)
    assert Result.objects.count() == 3


def test_namesakes_become_questions_and_a_pupil_of_another_class_an_error(pupil, school_class, another, by):
    factories.make_pupil(
        school_class=school_class, surname="Ёлкин", name="Пётр", patronymic="Олегович", starts=school_class.year.starts
    )
    batch = load([table()], by, apply=False)
    plan = plan_of(batch, asker=by.person, date=DATE)
    assert [one.text for one in plan.questions] == ["Ёлкин Пётр"]
    assert len(plan.questions[0].choices) == 2
    with pytest.raises(ValidationError, match="незнакомые"):
        actions.apply_batch(batch, seen=plan.mark, by=by)
    actions.decide(batch, [("pupil", str(school_class.pk), "Ёлкин Пётр", str(another.pk))], by=by)
    assert plan_of(batch, asker=by.person, date=DATE).questions == []
    other = factories.make_class(grade=8, letter="Б", year=school_class.year)
    pupil.enrolments.update(school_class=other)
    [wrong] = [one for one in plan_of(batch, asker=by.person, date=DATE).lines if one.change == Change.ERROR]
    assert "числится в классе 8" in wrong.what


def test_what_a_file_leaves_open_is_asked_and_then_read(pupil, another, by):
    text = table().data.decode("cp1251").replace("Учебный период: I четверть", "").replace("Класс: 8А", "")
    batch = load([Given("8.csv", text.encode())], by, apply=False)
    assert batch.files.get().facts["reading"]["asks"] == ["class", "period"]
    actions.say(batch.files.get(), {"class": "8А", "period": "2 период"}, by=by)
    plan = plan_of(batch, asker=by.person, date=DATE)
    actions.apply_batch(batch, seen=plan.mark, by=by)
    assert set(Result.objects.values_list("kind", "number")) == {("term", 2)}


DATED = """Учебный год: 2026/2027
Класс: 8А
Предмет: Алгебра

№;ФИО;Декабрь;;;Январь;;Ср. балл 2 четверть
;;24;25;25;12;31;
1;Воронцова Алиса Игоревна;5;4 5;Б;3/Н;;4,25
2;Ёлкин Пётр;;осв;;2;Щ;2
"""


def test_a_page_of_a_class_crosses_new_year(pupil, another, by):
    batch = load([Given("алгебра.csv", DATED.encode())], by, apply=False)
    after = datetime.date(2027, 2, 1)
    plan = plan_of(batch, asker=by.person, date=after)
    assert [(line.where, line.change) for line in plan.lines if line.change == Change.ERROR] == [
        ("строка 8, столбец G", Change.ERROR)
    ]
    dates = [key[2] for key in plan.new[Mark]]
    assert min(dates) == datetime.date(2026, 12, 24)
    assert max(dates) == datetime.date(2027, 1, 12)
    of_pupil = {key[2:]: fields[0] for key, fields in plan.new[Mark].items() if key[1] == pupil.pk}
    day = datetime.date(2026, 12, 25)
    assert of_pupil[day, 1, 1] == "4"
    assert of_pupil[day, 1, 2] == "5"
    codes = {(key[1], key[2], key[3]): fields[0] for key, fields in plan.new[Absence].items()}
    assert codes == {
        (pupil.pk, day, 2): "ill", (pupil.pk, datetime.date(2027, 1, 12), 1): "absent", (another.pk, day, 1): "exempt",
    }  # fmt: skip
    assert any(line.change == Change.ERROR and "ещё не наступило" in line.what for line in
               plan_of(batch, asker=by.person, date=DATE).lines)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Просто текст", "Не похоже ни на один"),
        ("", "пуст"),
        ("№;ФИО\n1;Воронцова Алиса", "Не похоже ни на один"),
        ("<html><table><tr><td>Предмет</td></tr></table>", "Не похоже ни на один"),
    ],
)
def test_what_is_no_report_is_told_of(text, words, by):
    batch = actions.take_files([Given("a.csv", text.encode() or b" ")], source=SOURCE, by=by)
    assert words in batch.files.get().error
    plan = plan_of(batch, asker=by.person, date=DATE)
    assert not plan.changes_anything


def test_a_gradebook_kept_here_takes_no_files(pupil, school_class, by):
    subject = factories.make_subject("Алгебра")
    Gradebook.objects.create(school_class=school_class, subject=subject, kept="here")
    load([Given("a.html", SAMPLE.read_bytes())], by)
    assert not Mark.objects.filter(gradebook__subject=subject).exists()
    assert Mark.objects.exists()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_twice_is_once_and_the_order_of_files_is_irrelevant(data, pupil, another, by):
    """Tables of different periods do not overlap: in whatever order, and however often, the journal is the same."""
    values = st.sampled_from(["5", "4", "3", "2", "н/а", "осв", ""])
    files = [
        table(f"{number} четверть", data.draw(values), data.draw(values))
        for number in range(1, data.draw(st.integers(2, 4)) + 1)
    ]
    with transaction.atomic():
        for one in files:
            load([one], by)
        first = whole_journal()
        for one in data.draw(st.permutations(files)):
            assert load([one], by).counts["same"] >= 0
        assert whole_journal()[1:] == first[1:]
        for model in (Mark, Absence, Result):
            model.objects.all().delete()
        for one in data.draw(st.permutations(files)):
            load([one], by)
        assert whole_journal()[1:] == first[1:]
        transaction.set_rollback(True)


def test_a_picture_in_a_spreadsheet_is_not_kept_either(pupil, by):
    buffer, photo = io.BytesIO(), DOT + b"child"
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(as_rows()):
            sheet.write_row(number, 0, row)
        sheet.insert_image("Z1", "photo.png", {"image_data": io.BytesIO(photo)})
    assert b"child" in zipfile.ZipFile(buffer).read("xl/media/image1.png")
    batch = load([Given("фото.xlsx", buffer.getvalue())], by)
    kept = zipfile.ZipFile(portal.MEDIA_ROOT / batch.files.get().file.path)
    assert kept.read("xl/media/image1.png") == DOT
    assert kept.testzip() is None
    assert Mark.objects.count() > 40
    old = load([Given("фото.xls", SAMPLE.with_suffix(".xls").read_bytes() + photo)], by, apply=False)
    assert "есть рисунок" in old.files.get().error


def test_a_column_called_otherwise_is_named_once(client, pupil, another, by, site):
    text = table().data.decode("cp1251").replace(";ФИО;", ";Кто учится;")
    factories.sign_in(client, by.person)
    batch = load([Given("8.csv", text.encode())], by, apply=False)
    file = batch.files.get()
    assert "Не похоже" in file.error
    page = f"/journal/imports/{batch.pk}/files/{file.pk}/"
    assert page in client.get(page_of(batch)).text
    assert "Кто учится" in client.get(page).text
    client.post(page, {"column": "pupil|Кто учится"})
    plan = plan_of(batch, asker=by.person, date=DATE)
    assert plan.counts[Change.NEW] == 4
    later = load([Given("8.csv", text.encode())], by, apply=False)
    assert later.files.get().error == ""
