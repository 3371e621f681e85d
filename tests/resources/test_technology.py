"""The technological passport (5.8-5.10): figures against what is required, signed once, then read only."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import AuditEntry
from resources import technology
from resources.actions import technology as actions
from resources.actions.registry import load_registry
from resources.models import Element, TechnologySheet
from tests import personas
from tests.factories import make_employee, make_privilege, make_sheet

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
LIST, ADD = "/technology/", "/technology/add/"
FIELDS = {
    "date": f"{TODAY}", "computers": 60, "in_network": 60, "with_internet": 59, "reaching_libraries": 60,
    "channel": 100, "channel_is_enough": "yes", "wifi": 79, "servers": "Стойка в кабинете 12", "notes": "Тихий угол",
}  # fmt: skip


@pytest.fixture
def people(db):
    load_registry(by=COMMAND)
    return personas.build()


@pytest.fixture
def enter(client, people):
    def sign(name: str):
        client.force_login(people[name], backend="accounts.backends.PortalBackend")
        return client

    return sign


def by(person) -> Actor:
    return Actor(person, "127.0.0.1", person.username)


# Figures


@pytest.mark.clause("5.8")
@pytest.mark.clause("5.9")
@pytest.mark.clause("5.10")
@pytest.mark.parametrize(
    ("fields", "met", "has"),
    [
        ({}, [True] * 5, "60 из 60 (100 %)"),
        ({"in_network": 59}, [False, True, True, True, True], "59 из 60 (98 %)"),
        ({"computers": 1000, "in_network": 999, "with_internet": 1000, "reaching_libraries": 0},
         [False, True, False, True, True], "999 из 1000 (99 %)"),
        ({"channel_is_enough": False}, [True, True, True, False, True], "60 из 60 (100 %)"),
        ({"wifi": 80}, [True] * 5, "60 из 60 (100 %)"),
        ({"wifi": 79}, [True, True, True, True, False], "60 из 60 (100 %)"),
    ],
)  # fmt: skip
def test_figures_against_what_is_required(fields, met, has):
    sheet = make_sheet(**fields)
    found = technology.figures(sheet)
    assert [figure.is_met for figure in found] == met
    assert [figure.clause for figure in found] == ["5.8", "5.8", "5.8", "5.9", "5.10"]
    assert found[0].has == has
    assert technology.unmet(sheet) == met.count(False)


@pytest.mark.parametrize("wrong", [{"in_network": 61}, {"computers": 0}, {"wifi": 101}, {"signed_as": "x", "sign": 1}])
def test_the_database_refuses_impossible_figures(wrong):
    if wrong.pop("sign", None):
        wrong["signed_at"] = datetime.datetime.now(datetime.UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sheet(**wrong)


# The course of a passport


@pytest.mark.clause("5.8")
@pytest.mark.clause("second 5.8")
def test_a_passport_is_made_signed_and_then_stands(enter, people):
    client = enter("admin")
    answer = client.post(ADD, FIELDS)
    sheet = TechnologySheet.objects.get()
    page = f"/technology/{sheet.pk}/"
    assert (answer["Location"], sheet.made_by, sheet.is_signed) == (page, people["admin"], False)
    text = client.get(page).content.decode()
    assert ("Не выполнено: 2 требования" in text, "59 из 60 (98 %)" in text, "не соответствует" in text) == (True,) * 3
    client.post(f"{page}change/", {**FIELDS, "with_internet": 60})
    assert "Вы подтверждаете показатели" in client.get(f"{page}sign/").content.decode()
    assert client.post(f"{page}sign/")["Location"] == page
    sheet.refresh_from_db()
    assert (sheet.with_internet, sheet.signed_by, sheet.signed_as) == (60, people["admin"], "system_administrator")
    assert client.post(f"{page}change/", {**FIELDS, "wifi": 100})["Location"] == page
    assert TechnologySheet.objects.get().wifi == 79
    with pytest.raises(ValidationError, match="больше не меняется"):
        actions.sign_sheet(sheet, by=by(people["admin"]))
    trail = AuditEntry.objects.filter(object_type="resources.technologysheet").order_by("pk")
    assert [entry.action.split(".")[1] for entry in trail] == ["added", "changed", "signed"]
    text = client.get(page).content.decode()
    assert ("Подписать" in text, "Исправить" in text, "подписан" in text) == (False, False, True)


@pytest.mark.clause("second 5.8")
def test_who_acts_for_the_system_administrator_signs_too():
    acting = make_employee(position="system_administrator", is_acting=True)
    sheet = actions.sign_sheet(make_sheet(), by=by(acting))
    assert (sheet.signed_by, sheet.signed_as) == (acting, "и. о.: system_administrator")


def test_nobody_else_signs(enter, people):
    sheet = make_sheet()
    for name in ("director", "deputy", "teacher", "pupil"):
        assert (name, enter(name).post(f"/technology/{sheet.pk}/sign/").status_code) == (name, 403)
        with pytest.raises(ValidationError, match="Паспорт подписывает"):
            actions.sign_sheet(sheet, by=by(people[name]))
    with pytest.raises(ValidationError):
        actions.sign_sheet(sheet, by=COMMAND)
    assert not TechnologySheet.objects.get().is_signed


def test_management_reads_and_others_do_not(enter, people):
    sheet = make_sheet(notes="Тихий угол")
    for name, opens in (("director", True), ("deputy", True), ("teacher", False), ("pupil", False)):
        client = enter(name)
        page = client.get(f"/technology/{sheet.pk}/")
        assert (name, page.status_code == 200, "Тихий угол" in page.content.decode()) == (name, opens, opens)
        assert client.get(LIST).status_code == (200 if opens else 403)
        assert client.get("/technology/export/").status_code == (200 if opens else 403)
        assert client.post(ADD, FIELDS).status_code == 403
        assert client.post(f"/technology/{sheet.pk}/change/", FIELDS).status_code == 403
    assert TechnologySheet.objects.get().notes == "Тихий угол"


def test_who_may_contribute_makes_passports_but_does_not_sign(enter, people):
    section = Element.objects.get(slug="technology")
    make_privilege(section, person=people["support"], right="contribute")
    client = enter("support")
    assert client.post(ADD, FIELDS).status_code == 302
    page = f"/technology/{TechnologySheet.objects.get().pk}/"
    text = client.get(page).content.decode()
    assert ("Исправить" in text, f"{page}sign/" in text) == (True, False)
    assert client.post(f"{page}sign/").status_code == 403


WRONG = [
    {"date": f"{TODAY + DAY}"}, {"date": f"{TODAY - DAY}"}, {"date": "31.31.2026"}, {"computers": 0}, {"computers": -1},
    {"computers": "много"}, {"computers": 10**12}, {"in_network": 61}, {"with_internet": ""}, {"channel": 0},
    {"channel": 10**12}, {"channel_is_enough": ""}, {"channel_is_enough": "x"}, {"wifi": 101},
]  # fmt: skip


def test_bad_input_is_asked_again(enter):
    make_sheet(date=TODAY - DAY)
    client = enter("admin")
    for wrong in WRONG:
        answer = client.post(ADD, {**FIELDS, **wrong})
        assert (wrong, answer.status_code, "Тихий угол" in answer.content.decode()) == (wrong, 200, True)
    assert TechnologySheet.objects.count() == 1


def test_a_new_passport_begins_with_the_last_figures(enter):
    client = enter("admin")
    assert "перенесены" not in client.get(ADD).content.decode()
    make_sheet(date=TODAY - DAY, computers=73)
    form = client.get(ADD).context["form"]
    assert (form["computers"].value(), form["channel_is_enough"].value(), form["date"].value()) == (73, "", TODAY)


# The list


def test_the_list_stands_by_the_newest_signed_passport_with_charts(enter, people):
    client = enter("director")
    assert "Паспорта пока нет" in client.get(LIST).content.decode()
    admin = people["admin"]
    for days, wifi in ((400, 60), (200, 75), (100, 85)):
        make_sheet(date=TODAY - days * DAY, wifi=wifi, signed_by=admin)
    make_sheet(date=TODAY, wifi=1)
    answer = client.get(LIST)
    assert answer.context["current"].sheet.date == TODAY - 100 * DAY
    charts = {one.name: one for one in answer.context["series"]}
    assert len(charts) == 5
    wifi = charts["Покрытие Wi-Fi, %"]
    assert [(one.column.value, one.column.is_bad) for one in wifi.chart.columns] == [
        (60, True),
        (75, True),
        (85, False),
    ]
    assert wifi.text.endswith("85 %; требуется 80 %.")
    assert answer.content.decode().count('role="img"') == 5


def test_the_list_asks_a_constant_number_of_queries(enter, people, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(40) as found:
            client.get(LIST)
        return len(found)

    client = enter("admin")
    make_sheet(signed_by=people["admin"])
    queries()
    few = queries()
    for number in range(1, 31):
        make_sheet(date=TODAY - number * DAY, signed_by=people["admin"])
    assert queries() == few


def test_technology_export(enter, people):
    make_sheet(signed_by=people["admin"], notes="=1+1")
    answer = enter("director").get("/technology/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, row = ([cell.value for cell in line] for line in list(sheet.iter_rows())[3:5])
    assert dict(zip(head, row, strict=True)) | {"Подписан": ""} == {
        "На день": f"{TODAY:%d.%m.%Y}", "Компьютеров": 60, "В локальной сети": 60, "С выходом в интернет": 60,
        "С доступом к библиотекам и ресурсам": 60, "Канал, Мбит/с": 100, "Канала достаточно для всех": "да",
        "Покрытие Wi-Fi, %": 85, "Итог": "все требования выполнены", "Серверы": "", "Примечания": "=1+1",
        "Подписан": "",
    }  # fmt: skip
