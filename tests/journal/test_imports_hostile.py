"""Files of marks that are wrong, odd or hostile: never a 500, nothing half-done, words that say where (7.1, 11.2)."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.batches.unpacking import Given, unpack
from journal.actions import imports as actions
from journal.importing import words
from journal.importing.plan import Change, plan_of
from journal.models import Gradebook, Mark, Result
from tests import factories
from tests.journal.importing import DATE, SOURCE, load, whole_journal, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
HEAD = "Учебный год: 2026/2027\nКласс: 8А\nПредмет: Алгебра\n"
ALICE, PETER = "Воронцова Алиса Игоревна", "Ёлкин Пётр"


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 200 MB."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(xlsx([["ФИО"], [ALICE]]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] += b" " * (200 * 1024 * 1024)
    return zipped(*members.items())


def spoilt_zip() -> bytes:
    data = bytearray(zipped(("a.csv", b"abc" * 5000)))
    data[40:48] = b"\xff" * 8
    return bytes(data)


HOSTILE = {
    "empty.csv": lambda: b"",
    "spaces.csv": lambda: b"  \n ",
    "renamed.xlsx": lambda: b"MZ\x90\x00\x03" + bytes(range(256)) * 40,
    "elf.csv": lambda: b"\x7fELF\x02\x01\x01" + b"\x00" * 500,
    "picture.xls": lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 500,
    "text.pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 40,
    "cut.xlsx": lambda: xlsx([["ФИО", "Алгебра"], [ALICE, "5"]])[:900],
    "ole.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000,
    "bomb.xlsx": bomb,
    "empty.zip": lambda: zipped(),
    "in.zip": lambda: zipped(("inner.zip", zipped(("a.csv", b"x")))),
    "spoilt.zip": spoilt_zip,
    "nul.csv": lambda: "ФИО;Алгебра\n\x00Воро\x00нцова;5\n".encode(),
    "squares.csv": lambda: (HEAD + f"ФИО;Сентябрь\n;²\n{ALICE};²\n").encode(),
    "dates.csv": lambda: (HEAD + f"Период: с 31.02.2026 по 99.99.2026\nФИО;Октябрь\n;5\n{ALICE};4\n").encode(),
    "as-of.csv": lambda: (HEAD + f"ФИО;Октябрь\n;5\n{ALICE};4\nСостояние на 31.02.2026 27:61:99").encode(),
    "no-day.csv": lambda: (HEAD + f"ФИО;Февраль\n;30\n{ALICE};4\n").encode(),
    "nought.csv": lambda: (
        f"Учебный год: 2026/2027\nКласс: 8А\nУчебный период: 0 четверть\nФИО;Алгебра\n{ALICE};4\n".encode()
    ),
    "average.csv": lambda: (HEAD + f"ФИО;Октябрь;Ср. балл 1 четверть\n;5;\n{ALICE};4;999999,1\n").encode(),
    "long.csv": lambda: (HEAD + f"ФИО;Октябрь\n;5\n{'Я' * 3000};4\n").encode(),
    "long-head.csv": lambda: f"Класс: 8А\nУчебный год: 2026/2027\nФИО;{'Щ' * 3000}\n{ALICE};4\n".encode(),
    "class.csv": lambda: f"Класс: восьмой\nУчебный год: 2026/2027\nФИО;Алгебра\n{ALICE};4\n".encode(),
    "year.csv": lambda: f"Класс: 8А\nУчебный год: 2099/2100\nФИО;Алгебра\n{ALICE};4\n".encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_breaks_a_page(name, client, pupil, by, site):
    """Given, looked at, answered «not to load», applied in spite of errors: a page each time, no mark of nonsense."""
    factories.sign_in(client, by.person)
    upload = SimpleUploadedFile(name, HOSTILE[name]())
    answer = client.post("/journal/imports/add/", {"source": SOURCE, "files": upload})
    if answer.status_code == 200:
        assert "Архив" in answer.text or "архив" in answer.text, name
        return
    page = answer.url
    shown = client.get(page)
    assert shown.status_code == 200
    if shown.context["answers"]:
        fields = dict.fromkeys(shown.context["answers"].fields, "skip")
        assert client.post(f"{page}answer/", fields).status_code == 302
        shown = client.get(page)
    file = shown.context["files"][0]
    assert file.error or file.asks or shown.context["plan"].lines, name
    client.post(f"{page}apply/", {"seen": shown.context["plan"].mark, "despite_errors": "on"})
    assert client.get(page).status_code == 200
    assert Mark.objects.count() <= 1
    assert not Result.objects.filter(average__gt=5).exists()


def test_a_zip_names_its_files_in_cp866():
    info = zipfile.ZipInfo("x" * len("Алгебра.csv"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, b"1;2")
    data = buffer.getvalue().replace(b"x" * len("Алгебра.csv"), "Алгебра.csv".encode("cp866"))
    assert [one.name for one in unpack([Given("a.zip", data)])] == ["Алгебра.csv"]


def lines_of(text: str, by, date=DATE):
    batch = load([Given("a.csv", text.encode())], by, apply=False)
    return plan_of(batch, asker=by.person, date=date)


def test_a_head_that_every_printed_page_repeats_loses_nobody(pupil, another, by):
    head = "№;ФИО;сентября;\n;;2;3\n"
    text = f"{HEAD};Журнал;;\n{head}1;{ALICE};5/Н;4 5 Б\n{head}2;{PETER};4;\n"
    plan = lines_of(text, by)
    assert plan.questions == []
    assert {key[1] for key in plan.new[Mark]} == {pupil.pk, another.pk}
    assert len(plan.new[Mark]) == 4


def test_twice_in_one_file_is_refused_where_it_stands(pupil, another, by):
    text = f"{HEAD}№;ФИО;Сентябрь\n;;2\n1;{ALICE};5\n2;{ALICE};4\n3;{PETER};3\n"
    plan = lines_of(text, by)
    [wrong] = [line for line in plan.lines if line.change == Change.ERROR]
    assert "уже есть в строке 6" in wrong.what
    assert wrong.where == "строка 7, столбец B"
    table = f"Класс: 8А\nУчебный год: 2026/2027\nУчебный период: 1 четверть\nФИО;Алгебра;Алгебра\n{ALICE};5;4\n"
    [wrong] = [line for line in lines_of(table, by).lines if line.change == Change.ERROR]
    assert "уже сказано иначе: строка 5, столбец B" in wrong.what


def test_two_files_that_disagree_name_each_other(pupil, by):
    texts = [f"{HEAD}ФИО;Сентябрь\n;2\n{ALICE};{mark}\n".encode() for mark in (5, 4)]
    batch = load([Given(f"{name}.csv", data) for name, data in zip("аб", texts, strict=True)], by, apply=False)
    [wrong] = [one for one in plan_of(batch, asker=by.person, date=DATE).lines if one.change == Change.ERROR]
    assert "файл «а.csv»" in wrong.what
    assert wrong.file == "б.csv"


def test_a_result_comes_over_from_a_former_gradebook(pupil, school_class, by):
    """A pupil who changed class in the year has one result of a period: it is changed, not written beside."""
    other = factories.make_class(grade=8, letter="Б", year=school_class.year)
    algebra = factories.make_subject("Алгебра")
    former = Gradebook.objects.create(school_class=other, subject=algebra, kept="elsewhere")
    row = {"pupil": pupil, "year": school_class.year, "subject": algebra, "kind": "term", "number": 1}
    Result.objects.create(gradebook=former, value="3", **row)
    before = whole_journal()[1:]
    text = f"Класс: 8А\nУчебный год: 2026/2027\nУчебный период: 1 четверть\nФИО;Алгебра\n{ALICE};4\n"
    batch = load([Given("a.csv", text.encode())], by)
    found = Result.objects.get(**row)
    assert (found.value, found.gradebook.school_class) == ("4", school_class)
    actions.undo_batch(batch, reason="Проверка", by=by)
    assert whole_journal()[1:] == before


def test_a_foreign_file_beside_the_own_one_is_left_out(pupil, school_class, by):
    """A class teacher's batch with another class in it: the own goes in, the foreign stays out, no page breaks."""
    other = factories.make_class(grade=9, letter="А", year=school_class.year)
    stranger = factories.make_pupil(school_class=other, surname="Чужов", name="Иван", starts=school_class.year.starts)
    leader = factories.make_employee(position="class_teacher", school_class=school_class)
    own = f"{HEAD}ФИО;Сентябрь\n;2\n{ALICE};5\n"
    foreign = own.replace("8А", "9А").replace(ALICE, stranger.get_full_name())
    batch = load(
        [Given("a.csv", own.encode()), Given("b.csv", foreign.encode())],
        by.__class__(leader, None, leader.username), despite=True,
    )  # fmt: skip
    assert list(Mark.objects.values_list("pupil", flat=True)) == [pupil.pk]
    assert batch.counts["error"] == 1


def test_words_of_months():
    assert [words.month_of(one) for one in ("Сентябрь", "сентября", "Сен.", "сент", "МАЙ", "мая", "Март 2027 г.")] == [
        9, 9, 9, 9, 5, 5, 3,
    ]  # fmt: skip
    assert [words.month_of(one) for one in ("Декоративное искусство", "Мартынова", "Математика", "")] == [None] * 4
