"""Reading tables that people upload: every format, the head wherever it stands, and files that mean harm."""

import datetime
import io
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from eios.lib import tables
from eios.lib.tables import Heading, Layout, TableError, values, workbooks
from tests import samples

OLD_EXCEL = (Path(__file__).parent.parent / "data" / "class.xls").read_bytes()
LAYOUT = Layout(
    (
        Heading("surname", "Фамилия"),
        Heading("name", "Имя", ("Имя ребёнка",)),
        Heading("full_name", "ФИО"),
        Heading("birth_date", "Дата рождения", ("Др",)),
        Heading("mother", "Мать ФИО"),
        Heading("mother_phone", "Мать телефон"),
    ),
    needs=(("surname", "name"), ("full_name",)),
)
HEAD = ["№", "Фамилия", "Имя", "Дата рождения"]
TWO = [[1, "Ёлкин", "Пётр", datetime.date(2014, 9, 1)], [2, "Орлова", "Анна", datetime.date(2015, 2, 28)]]
LATEST = datetime.date(2026, 11, 25)


def xlsx(*rows, title="Лист1", change=None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(*rows) -> bytes:
    def cell(value):
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
        f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Лист1">{lines}'
        f"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0"/>'
    told = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": told, "content.xml": content, "META-INF/manifest.xml": manifest}, stored=1)


def zipped(entries: dict, *, stored=0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(entries.items()):
            archive.writestr(name, content, zipfile.ZIP_STORED if number < stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_sheet(xml: str, **more) -> bytes:
    """A workbook whose first sheet is this XML."""
    entries = {}
    with zipfile.ZipFile(io.BytesIO(xlsx(HEAD, *TWO))) as archive:
        for name in archive.namelist():
            entries[name] = archive.read(name)
    entries["xl/worksheets/sheet1.xml"] = xml
    return zipped(entries | more)


def sheet_xml(rows: str) -> str:
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{name}"><sheetData>{rows}</sheetData></worksheet>'


def html(rows: str, head="") -> bytes:
    return f"<html><head>{head}</head><body><table>{rows}</table></body></html>".encode()


def csv_of(*rows, delimiter=";", encoding="utf-8") -> bytes:
    words = [[f"{cell:%d.%m.%Y}" if isinstance(cell, datetime.date) else str(cell) for cell in row] for row in rows]
    return "\r\n".join(delimiter.join(row) for row in words).encode(encoding)


def html_rows(*rows) -> str:
    return "".join(f"<tr>{''.join(f'<td>{values.text(cell)}</td>' for cell in row)}</tr>" for row in rows)


def located(data: bytes, layout=LAYOUT) -> tables.Table:
    return tables.locate(tables.read(data), layout)


def people(data: bytes) -> list[tuple]:
    return [
        (row.number, row.text("surname"), row.text("name"), values.date(row.values["birth_date"], latest=LATEST))
        for row in located(data).rows
    ]


def refusal(data: bytes, layout=LAYOUT) -> str:
    with pytest.raises(TableError) as caught:
        located(data, layout)
    return str(caught.value)


# --- formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("9.5")
@pytest.mark.parametrize(
    "data",
    [
        xlsx(HEAD, *TWO),
        ods(HEAD, *TWO),
        csv_of(HEAD, *TWO),
        csv_of(HEAD, *TWO, delimiter=",", encoding="utf-8-sig"),
        csv_of(HEAD, *TWO, delimiter="\t", encoding="utf-16"),
        csv_of(HEAD, *TWO, encoding="cp1251"),
        html(html_rows(HEAD, *TWO)),
        html(html_rows(HEAD, *TWO), '<meta charset="windows-1251">').decode().encode("cp1251"),
    ],
    ids=["xlsx", "ods", "csv", "csv-comma-bom", "csv-tab-utf16", "csv-cp1251", "html", "html-cp1251"],
)
def test_every_format_gives_the_same_rows(data):
    assert people(data) == [
        (2, "Ёлкин", "Пётр", datetime.date(2014, 9, 1)),
        (3, "Орлова", "Анна", datetime.date(2015, 2, 28)),
    ]


def test_old_excel_with_a_title_above():
    assert people(OLD_EXCEL) == [
        (4, "Ёлкин", "Пётр", datetime.date(2014, 9, 1)),
        (5, "Орлова", "Анна", datetime.date(2015, 2, 28)),
    ]


def test_rows_are_numbered_as_the_spreadsheet_does_though_the_table_begins_lower_and_to_the_right():
    def move(book):
        book.active.insert_rows(1, 4)
        book.active.insert_cols(1, 2)

    assert [row[0] for row in people(xlsx(HEAD, *TWO, change=move))] == [6, 7]


def test_values_of_formulas_are_read_and_formulas_are_not():
    row = '<row r="1"><c r="A1" t="str"><v>Фамилия</v></c><c r="B1" t="str"><v>Имя</v></c></row>'
    saved = '<row r="2"><c r="A2" t="str"><f>A1&amp;"!"</f><v>Ёлкин</v></c>'
    saved += '<c r="B2" t="str"><f>1+1</f><v>Пётр</v></c></row>'
    rows = located(with_sheet(sheet_xml(row + saved))).rows
    assert [(row.text("surname"), row.text("name")) for row in rows] == [("Ёлкин", "Пётр")]


def test_a_formula_like_text_of_csv_stays_text():
    rows = located(csv_of(["Фамилия", "Имя"], ['=HYPERLINK("http://a")', "+7"])).rows
    assert rows[0].text("name") == "+7"


def test_quotes_and_lines_within_them():
    rows = located('Фамилия;Имя\r\n"Иванова; она же\nПетрова";Анна\r\n'.encode()).rows
    assert [(row.number, row.text("surname")) for row in rows] == [(2, "Иванова; она же Петрова")]


def test_hidden_sheets_are_passed_over():
    def hide(book):
        other = book.create_sheet("Старое")
        other.append(HEAD)
        other.append([1, "Забытый", "Иван", None])
        other.sheet_state = "hidden"

    assert [row[1] for row in people(xlsx(HEAD, *TWO, change=hide))] == ["Ёлкин", "Орлова"]


# --- the head --------------------------------------------------------------------------------------------------------


def test_the_head_stands_below_titles_and_merged_rows():
    def merge(book):
        book.active.merge_cells("A1:D1")

    data = xlsx(["Список класса"], [], ["на 01.09.2026"], HEAD, [1, 2, 3, 4], *TWO, change=merge)
    assert [row[:2] for row in people(data)] == [(6, "Ёлкин"), (7, "Орлова")]


def test_headings_come_in_any_order_and_spelling():
    data = xlsx(["ИМЯ  РЕБЕНКА*", "Др (дд.мм.гггг)", "фамилия:"], ["Пётр", "1.9.14", "Ёлкин"])
    assert people(data) == [(2, "Ёлкин", "Пётр", datetime.date(2014, 9, 1))]


@pytest.mark.parametrize("kind", ["xlsx", "html"])
def test_a_head_of_two_rows(kind):
    if kind == "xlsx":
        upper, lower = ["Фамилия", "Имя", "Мать", None], [None, None, "ФИО", "телефон"]
        data = xlsx(upper, lower, ["Ёлкин", "Пётр", "Ёлкина Вера", "+7 900"])
    else:
        upper = '<tr><td rowspan="2">Фамилия</td><td rowspan=2>Имя</td><td colspan="2">Мать</td></tr>'
        lower = "<tr><td>ФИО</td><td>теле<b>фон</b></td></tr>"
        data = html(upper + lower + html_rows(["Ёлкин", "Пётр", "Ёлкина Вера", "+7 900"]))
    row = located(data).rows[0]
    found = (row.number, row.text("surname"), row.text("mother"), row.text("mother_phone"), row.title("mother_phone"))
    assert found == (3, "Ёлкин", "Ёлкина Вера", "+7 900", "Мать телефон")


def test_rows_of_several_sheets_are_told_apart():
    def add(book):
        book.create_sheet("Пояснения").append(["Фамилия — как в свидетельстве"])
        other = book.create_sheet("5Б")
        other.append(["ФИО"])
        other.append(["Тихий Лев"])

    rows = located(xlsx(HEAD, *TWO, title="5А", change=add)).rows
    assert [(row.sheet, row.number) for row in rows] == [("5А", 2), ("5А", 3), ("5Б", 2)]


def test_columns_that_nobody_asked_for_are_named():
    assert located(xlsx(["№", "Фамилия", "Имя", "Рост"], [1, "Ёлкин", "Пётр", 150])).unknown == ["№", "Рост"]


def test_missing_headings_are_named():
    assert refusal(xlsx(["Рост", "Вес"], [1, 2])) == "Не нашлась строка заголовков. Нужны столбцы: «Фамилия», «Имя»."
    assert refusal(xlsx(["Имя"], ["Пётр"])) == "Не хватает столбцов: «Фамилия». Нашлись: «Имя»."


def test_a_heading_that_stands_twice_is_named():
    twice = refusal(xlsx(["Фамилия", "Имя", "Фамилия"], ["Ёлкин", "Пётр", "Орлов"]))
    assert twice == "Столбец «Фамилия» встречается дважды: A и C. Оставьте один."


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (5.0, "5"),
        (4.33, "4.33"),
        (7, "7"),
        (True, "да"),
        (" Иванова\N{NO-BREAK SPACE} \tАнна\r\n", "Иванова Анна"),
        ("К\N{ZERO WIDTH SPACE}от\x07", "Кот"),
        (datetime.date(2014, 9, 1), "01.09.2014"),
    ],
)
def test_texts_of_cells(value, expected):
    assert values.text(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2014, 9, 1),
        datetime.datetime(2014, 9, 1, 0, 0),
        41883.0,
        "41883",
        "1.09.2014",
        "01.09.14",
        "01.09.2014 г.",
        "01/09/2014",
        "2014-09-01",
        "2014-09-01 00:00:00",
        "1 сентября 2014 г.",
    ],
)
def test_dates_of_cells(value):
    assert values.date(value, latest=LATEST) == datetime.date(2014, 9, 1)


def test_two_digits_of_a_year_are_of_the_past():
    found = [values.date(text, latest=LATEST).year for text in ("01.01.26", "01.01.27", "01.01.85")]
    assert found == [2026, 1927, 1985]
    assert values.date(" ", latest=LATEST) is None


@pytest.mark.parametrize("value", ["31.02.2014", "вчера", "2014", 5.0, "1.13.2014", "99999999999999999999"])
def test_what_is_no_date_is_said(value):
    with pytest.raises(ValueError, match="не дата"):
        values.date(value, latest=LATEST)


# --- files that mean harm --------------------------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
XXE = LAUGHS.replace('<!ENTITY a "ха">', '<!ENTITY a SYSTEM "file:///etc/passwd">')
FAR = sheet_xml('<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>')
# Without an address in the cell the look beforehand finds nothing: the child has to hold.
FAR_ROW = sheet_xml('<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>')
HOSTILE = {
    "bomb": (with_sheet(sheet_xml("<row/>" * 10), **{"xl/media/a.bin": bytes(40 * 2**20)}), "большой объём"),
    "far cell": (with_sheet(FAR), "XFD1048576"),
    "far row": (with_sheet(FAR_ROW), "больше 10"),
    "laughs": (with_sheet(LAUGHS), "не принят"),
    "external entity": (with_sheet(XXE), "не принят"),
    "cut short": (xlsx(HEAD, *TWO)[:-200], "повреждён"),
    "broken xml": (with_sheet("<worksheet><sheetData><row"), ""),
    "not a table": (zipped({"a.txt": "привет"}), "архив"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "паролем"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "повреждён"),
    "cut old excel": (OLD_EXCEL[:1500], "повреждён"),
    "nul bytes": (b"\x00" * 100 + "Фамилия;Имя".encode(), "повреждён"),
    "noise": (bytes(range(128, 256)) * 4, "повреждён"),
    "empty": (b" \r\n", "пуст"),
    "many rows csv": (csv_of(["Фамилия", "Имя"], *[["Ёлкин", "Пётр"]] * 10_200), "больше 10"),
    "many rows html": (html(html_rows(["Фамилия", "Имя"], *[["Ёлкин", "Пётр"]] * 10_200)), "больше 10"),
    "many columns": (csv_of(["Фамилия", "Имя", *map(str, range(300))]), "больше 200 столбцов"),
    "wide span": (html('<tr><td colspan="9999">Фамилия</td></tr>'), "больше 200 столбцов"),
    "long cell": (csv_of(["Фамилия", "Имя"], ["я" * 5000, "Пётр"]), "A2"),
    "long cell xlsx": (xlsx(["Фамилия", "Имя"], ["Ёлкин", "я" * 5000]), "B2"),
    "many tables": (("<table>" * 100 + "</table>" * 100).encode(), "велика"),
    "too many bytes": (b"a;b\n" * 6 * 2**20, "20 МБ"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_quickly(case):
    data, words = HOSTILE[case]
    begun = time.monotonic()
    text = refusal(data)
    assert (words in text, time.monotonic() - begun < 3) == (True, True), text


def test_rows_over_the_limit_are_refused_in_a_workbook():
    data = xlsx(["Фамилия", "Имя"], *[["Ёлкин", "Пётр"]] * 10_001)
    begun = time.monotonic()
    assert "больше 10\N{NO-BREAK SPACE}000 строк" in refusal(data)
    assert time.monotonic() - begun < 4


def test_a_workbook_that_kills_its_reader_takes_nobody_along(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(workbooks, "_CHILD", child)
    assert "повреждён" in refusal(xlsx(HEAD, *TWO))


def test_a_workbook_that_never_ends_is_given_up(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("while True:\n    pass\n", encoding="utf-8")
    monkeypatch.setattr(workbooks, "_CHILD", child)
    monkeypatch.setattr(workbooks, "TIMEOUT", 0.3)
    assert "слишком долго" in refusal(xlsx(HEAD, *TWO))


def test_scripts_of_a_page_are_not_data():
    data = html("<tr><td>Фамилия</td><td>Имя</td></tr><tr><td>Ёл<script>alert('x')</script>кин</td><td>Пётр</td></tr>")
    assert located(data).rows[0].text("surname") == "Ёлкин"


# --- documents --------------------------------------------------------------------------------------------------------


def docx(body: str) -> bytes:
    """A document as Word saves it, as far as its body goes."""
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f"<?xml version='1.0' encoding='UTF-8'?><w:document {names}><w:body>{body}</w:body></w:document>"
    return samples.office("docx", {"word/document.xml": text})


def word_table(*rows: tuple) -> str:
    """Cells are text, or (text, columns) for a merged one."""
    lines = []
    for row in rows:
        cells = [cell if isinstance(cell, tuple) else (cell, 1) for cell in row]
        lines.append("".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
            for text, span in cells
        ))  # fmt: skip
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def test_tables_of_a_document_are_sheets():
    inner = word_table(("внутри",))
    data = docx(
        "<w:p><w:r><w:t>Программа</w:t></w:r></w:p>"
        + word_table(("№", "Тема", "Часов"), (("Раздел", 3),), ("1", "Числа", "2"))
        + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>а</w:t></w:r></w:p>" + inner + "</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    assert tables.read(data) == [
        tables.Sheet("Таблица 1", [(1, ["№", "Тема", "Часов"]), (2, ["Раздел", None, None]), (3, ["1", "Числа", "2"])]),
        tables.Sheet("Таблица 2", [(1, ["а внутри"])]),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (docx("<w:p/>"), "нет таблиц"),
        (samples.office("docx"), "повреждён"),
        (docx("<w:tbl>"), "повреждён"),
        (docx(word_table(("я" * 4001,))), "слишком длинный текст"),
        (docx(word_table((("я", 999999),))), "больше 200 столбцов"),
        (docx('<!DOCTYPE x [<!ENTITY a "b">]>'), "объявления"),
        (docx(word_table((("я", "9" * 5000),))), "больше 200 столбцов"),
        (samples.office("docx", {"word/document.xml": "<?xml version='1.0' encoding='shift_jis'?><w/>"}), "повреждён"),
        (samples.office("docx", {"word/document.xml": "<?xml version='1.0' encoding='foo'?><w/>"}), "повреждён"),
    ],
)
def test_documents_that_are_no_tables_are_refused_with_words(data, words):
    with pytest.raises(tables.TableError, match=words):
        tables.read(data)
