"""The registry as a file: out and back changes nothing; a file is previewed, then carried out as it was seen."""

import csv
import io
import random

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard, StoredFile
from resources.actions import registry_files as actions
from resources.actions.registry import load_registry
from resources.importing import writing
from resources.importing.columns import BY_KEY
from resources.importing.file_plan import Outcome, plan_of
from resources.models import Element, Reach
from tests.factories import make_administrator, make_element, make_employee, sign_in

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")
IMPORT = "/elements/import/"
# What spreadsheets take for formulas, delimiters, quotes and lines; and what looks like our own marks.
NASTY = st.text(st.sampled_from("=+-@'\";,\t\n\r| <>&_xD0аЯё№—\u00a0\u200b😀"), max_size=12)
WORDS = st.one_of(NASTY, st.sampled_from(["=1+1", "'=1+1", "''+7", "-", "_x000D_", "0012", "да", "5.0", "1e5"]))


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=BY)


@pytest.fixture
def admin():
    return make_employee(position="system_administrator", surname="Журавлёв")


def table(*rows: dict, encoding="utf-8") -> bytes:
    """A CSV with columns by their keys."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([BY_KEY[key].title for key in keys])
    writer.writerows([row.get(key, "") for key in keys] for row in rows)
    return out.getvalue().encode(encoding)


def written() -> dict[str, bytes]:
    rows = writing.registry()
    return {"xlsx": writing.as_xlsx(rows, SchoolCard.current()), "csv": writing.as_csv(rows)}


def outcomes(data: bytes) -> dict[str, str]:
    return {item.slug: item.outcome.name for item in plan_of(data).items}


def remarks(data: bytes) -> list[tuple]:
    """(row, column, the first words of what is wrong)."""
    return [
        (item.row.number, remark.column, remark.text[:24]) for item in plan_of(data).items for remark in item.remarks
    ]


def load(data: bytes, *, by=BY):
    file = actions.keep_file(SimpleUploadedFile("реестр.csv", data), by=by)
    return actions.load_file(file, plan_of(data).mark, by=by)


def test_the_whole_registry_comes_back_the_same():
    neb = Element.objects.get(slug="neb")
    part = make_element(slug="neb-hall", name='Зал "Читальный"; №1', parent=neb, closure=None)
    make_element(slug="neb-shelf", name="=HYPERLINK()", parent=part, closure=1, how_to_get_in="- раз\r\n+ два\n\n@три")
    make_element(slug="idn", name="  С пробелами  ", address="https://рдш.рф/путь?q=a;b", purpose="'=1+1")
    count = Element.objects.count()
    for kind, data in written().items():
        plan = plan_of(data)
        assert [(item.slug, item.changes, item.remarks) for item in plan.items if item.outcome != Outcome.SAME] == []
        assert (kind, len(plan.items), plan.left, plan.can_be_applied) == (kind, count, 0, False)
        assert b"=HYPERLINK" not in data or b"'=HYPERLINK" in data


@settings(
    max_examples=4, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(texts=st.lists(st.tuples(WORDS, WORDS), min_size=24, max_size=24), seed=st.integers(0, 99))
def test_any_texts_come_back_the_same_in_any_order(texts, seed):
    """Both formats, rows of parts before and after their wholes."""
    Element.objects.filter(slug__startswith="any-").update(parent=None)
    Element.objects.filter(slug__startswith="any-").delete()
    above, rows = None, []
    for number, (short, long) in enumerate(texts):
        rows.append(
            Element.objects.create(
                slug=f"any-{number}", name=f"И{short}", purpose=short, how_to_get_in=long, contact=long, doubtful=short,
                parent=above if number % 4 else None, own_closure=number % 7 if number % 7 < 6 else None,
            )
        )  # fmt: skip
        above = random.Random(seed + number).choice(rows)
    chosen = sorted(Element.objects.select_related("parent"), key=lambda one: hash((seed, one.slug)))
    for data in (writing.as_xlsx(chosen, SchoolCard.current()), writing.as_csv(chosen)):
        assert [(item.changes, item.remarks) for item in plan_of(data).items if item.outcome != Outcome.SAME] == []


@pytest.mark.clause("3.4")
def test_a_file_adds_changes_and_leaves_the_rest():
    data = table(
        {"slug": "hall-shelf", "parent": "hall", "name": "Полка", "own_closure": ""},
        {"slug": "hall", "parent": "neb", "name": "Зал", "own_closure": "1"},
        {"slug": "neb", "parent": "", "name": "НЭБ, по-новому", "own_closure": "0"},
        {"slug": "sgo", "parent": "", "name": Element.objects.get(slug="sgo").name, "own_closure": "1"},
        encoding="cp1251",
    )
    before = Element.objects.get(slug="sgo").updated_at
    neb = plan_of(data).items[2]
    assert [(one.title, one.old, one.new) for one in neb.changes] == [
        ("Название", "Национальная электронная библиотека (НЭБ)", "НЭБ, по-новому")
    ]
    load(data)
    assert [(one.slug, one.parent.slug, one.closure) for one in Element.objects.filter(slug__startswith="hall")] == [
        ("hall", "neb", 1), ("hall-shelf", "hall", 1)
    ]  # fmt: skip
    neb = Element.objects.get(slug="neb")
    assert (neb.name, "новому" in neb.search, neb.address) == ("НЭБ, по-новому", True, "https://rusneb.ru")
    assert Element.objects.get(slug="sgo").updated_at == before
    assert Reach.objects.filter(element__slug="hall-shelf").count() == 3
    trail = AuditEntry.objects.exclude(action="file.stored").order_by("-pk")[:4]
    assert [(row.action, row.changes.get("new")) for row in trail] == [
        ("registry.loaded", [None, 2]), ("element.changed", None), ("element.added", None), ("element.added", None)
    ]  # fmt: skip
    assert set(outcomes(data).values()) == {"SAME"}


def test_numbers_may_change_places_and_inherited_closure_follows():
    sgo = Element.objects.get(slug="sgo")
    make_element(slug="sgo-part", parent=sgo, closure=None)
    load(table({"slug": "sgo", "number": 5, "own_closure": 3}, {"slug": "monitoring", "number": 4, "own_closure": 4}))
    assert list(Element.objects.filter(number__in=[4, 5]).order_by("number").values_list("number", "slug")) == [
        (4, "monitoring"), (5, "sgo")
    ]  # fmt: skip
    assert Element.objects.get(slug="sgo-part").closure == 3
    pair = AuditEntry.objects.filter(action="element.changed", object_id=str(sgo.pk)).latest("pk").changes["number"]
    assert pair == [4, 5]


def test_every_mistake_is_told_with_its_row_and_column():
    make_element(slug="part", parent=Element.objects.get(slug="sgo"), closure=None, library_way="codes")
    one = {"kind": "внешняя платформа", "name": "Имя"}
    mistakes = table(
        one | {"slug": "a", "parent": "nowhere"},
        one | {"slug": "b", "parent": "c"},
        one | {"slug": "c", "parent": "b"},
        one | {"slug": "d", "own_closure": "6"},
        one | {"slug": "d", "own_closure": "1"},
        one | {"slug": "e", "number": "7"},
        one | {"slug": "f", "number": "пять", "address": "не адрес"},
        one | {"slug": "g", "outside_access": "закрытый", "is_listed": "может быть"},
        one | {"slug": "h", "library_way": "codes", "own_closure": "3"},
        one | {"slug": "sgo", "own_closure": "4"},
        one | {"slug": "desk", "own_closure": "5"},
        one | {"slug": "orders-new", "kind": "раздел портала"},
        one | {"slug": "import"},
        {"slug": "не слаг"},
        {"slug": "", "name": "Без адреса"},
        {"slug": "audit", "parent": "sgo"},
    )
    assert remarks(mistakes) == [
        (2, "Часть чего", "Элемента «nowhere» нет н"),
        (3, "Часть чего", "Элемент оказался бы част"),
        (4, "Часть чего", "Элемент оказался бы част"),
        (5, "Закрытость", "«6» — не уровень закрыто"),
        (6, "Адрес карточки", "Адрес карточки «d» уже б"),
        (7, "Номер", "Номер 7 есть и у «sferum"),
        (8, "Номер", "«пять» — не целое число."),
        (8, "Адрес", "Не похоже на адрес: «не "),
        (9, "Доступ", "«закрытый» здесь не быва"),
        (9, "В реестре", "«может быть»: напишите «"),
        (10, "Закрытость", "Библиотека и её части от"),
        (11, "Закрытость", "Библиотека и её части от"),
        (12, "Вид", "Раздел портала и внешняя"),
        (13, "Вид", "Такого раздела на портал"),
        (14, "Адрес карточки", "Адрес «import» занят стр"),
        (15, "Адрес карточки", "Значение должно состоять"),
        (15, "Название", "Это поле не может быть п"),
        (16, "Адрес карточки", "Это поле не может быть п"),
        (17, "Название", "Это поле не может быть п"),
        (17, "Часть чего", "Раздел портала не может "),
    ]


def test_the_page_previews_confirms_and_refuses_a_stale_plan(admin, client):
    sign_in(client, admin)
    upload = SimpleUploadedFile("реестр.csv", table({"slug": "sgo", "contact": "Завуч"}))
    preview = client.post(IMPORT, {"file": upload}).url
    page = client.get(preview)
    assert "<del>Классный руководитель</del> → <ins>Завуч</ins>" in page.text
    assert Element.objects.get(slug="sgo").contact == "Классный руководитель"
    seen = {"seen": page.context["plan"].mark, "basis": "Приказ №7"}
    Element.objects.filter(slug="sgo").update(contact="Директор")
    assert "реестр изменился" in client.post(preview, seen, follow=True).text
    assert Element.objects.get(slug="sgo").contact == "Директор"
    seen["seen"] = client.get(preview).context["plan"].mark
    done = client.post(preview, seen, follow=True)
    assert "добавлено 0, изменено 1, без изменений 0" in done.text
    assert "Файл ничего не изменит" in done.text
    assert Element.objects.get(slug="sgo").contact == "Завуч"
    assert AuditEntry.objects.filter(action="element.changed").latest("pk").basis == "Приказ №7"


def test_mistakes_stop_the_whole_file_and_strange_files_are_refused(admin, client):
    sign_in(client, admin)
    data = table({"slug": "sgo", "number": "4", "name": "Новое"}, {"slug": "neb", "number": "4", "name": "Другое"})
    preview = client.post(IMPORT, {"file": SimpleUploadedFile("реестр.csv", data)}).url
    page = client.get(preview)
    assert "Номер 4 есть и у «neb»" in page.text
    assert "В файле есть ошибки" in client.post(preview, {"seen": page.context["plan"].mark}, follow=True).text
    assert Element.objects.filter(name__in=["Новое", "Другое"]).count() == 0
    other = SimpleUploadedFile("оценки.csv", "Фамилия;Отметка\r\nИванов;5\r\n".encode())
    assert "Нужны столбцы: «Адрес карточки»" in client.post(IMPORT, {"file": other}).text
    assert StoredFile.objects.count() == 1


def test_files_are_the_system_administrators_alone(admin, client):
    director = make_employee(position="director")
    sign_in(client, director)
    assert [client.get(path).status_code for path in (IMPORT, "/elements/export/csv/")] == [403, 403]
    file = actions.keep_file(SimpleUploadedFile("р.csv", table({"slug": "sgo", "name": "СГО"})), by=BY)
    sign_in(client, admin)
    assert client.get(f"{IMPORT}{file.pk}/").status_code == 404
    answers = {kind: client.get(f"/elements/export/{kind}/") for kind in ("xlsx", "csv", "doc")}
    assert [answer.status_code for answer in answers.values()] == [200, 200, 404]
    assert outcomes(answers["xlsx"].content) == outcomes(answers["csv"].content)


def test_queries_do_not_grow_with_rows(admin):
    counts = []
    for rows in (3, 300):
        data = table(*({"slug": f"n{rows}-{n}", "name": f"Новая {n}", "own_closure": "1"} for n in range(rows)))
        with CaptureQueriesContext(connection) as asked:
            plan_of(data)
        counts.append(len(asked))
    assert counts == [1, 1]
    load(data)
    assert Element.objects.filter(slug__startswith="n300-").count() == 300


def test_a_workbook_typed_by_hand_is_read_too():
    """Numbers as numbers, titles above the head, other names of columns, columns that nobody knows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Реестр")
        sheet.write_row(0, 0, ["Платформы школы"])
        sheet.write_row(2, 0, ["№ п/п", "Код", "Наименование", "Уровень закрытости", "Заметка"])
        sheet.write_row(3, 0, [40, "chess", "Шахматы", 2, "x"])
    plan = plan_of(out.getvalue())
    assert plan.unknown == ["Заметка"]
    assert [(item.outcome.name, item.values) for item in plan.items] == [
        ("NEW", {"slug": "chess", "number": 40, "name": "Шахматы", "own_closure": 2})
    ]


def test_files_with_the_inside_of_all_cards_are_no_matter_of_the_registrys_administrator(admin, client):
    keeper = make_administrator(Element.objects.get(slug="registry"), make_employee())
    sign_in(client, keeper)
    paths = (IMPORT, "/elements/export/csv/", "/elements/export/xlsx/")
    assert [client.get(path).status_code for path in paths] == [403] * 3
    assert (IMPORT in client.get("/elements/").text, "/elements/reviews/" in client.get("/elements/").text) == (0, 1)
    sign_in(client, admin)
    assert [client.get(path).status_code for path in paths] == [200] * 3
    opened = AuditEntry.objects.filter(action="element.opened", actor=admin).order_by("pk")
    assert list(opened.values_list("basis", flat=True)) == list(paths)
