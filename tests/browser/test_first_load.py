"""An empty school loads its classes, staff and pupils from three files under one order, in Chromium (6.5, 6.6, 9.5).

PUPILS=300 STAFF=30 pytest -s tests/browser/test_first_load.py does it at the size of a school and prints the time.
"""

import csv
import datetime
import os
import re
import shutil
import time

import openpyxl
import pytest

from tests import ready
from tests.browser.conftest import PASSWORD, Portal, follow, sign_in
from tests.installations import Installation, serving

pytestmark = pytest.mark.browser
PUPILS, STAFF = int(os.environ.get("PUPILS", "24")), int(os.environ.get("STAFF", "6"))
CLASSES = [f"{grade}{letter}" for grade in range(1, 10) for letter in "АБ"]
SETUP = """
[school]
full_name = "МКОУ ООШ №1"
short_name = "ООШ №1"

[administrator]
surname = "Первый"
name = "Олег"
"""
# The gate's steps of the administrator have journeys of their own.
PAST_THE_GATE = f"""
from accounts.models import Acceptance, AgreementEdition, User
person = User.objects.get()
person.username, person.is_demo, person.must_change_password = "admin", True, False
person.set_password("{PASSWORD}")
person.save()
edition = AgreementEdition.objects.get()
Acceptance.objects.create(person=person, edition=edition, kind="self", by=person)
"""
COUNTS = """
from accounts.models import *
from eios.lib.dates import today
alive = User.objects.with_standing(today())
orders = Order.objects.in_force().filter(kind="initial_load").count()
pupils, staff = alive.filter(standing_pupil=True).count(), alive.filter(standing_employee=True).count()
print(orders, pupils, staff, SchoolClass.objects.count())
"""


def classes_file(path) -> None:
    """cp1251 with semicolons, as Excel saves it in Russia."""
    with open(path, "w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Класс"])
        writer.writerows([name] for name in CLASSES)


def _word(number: int) -> str:
    letters = "абвгдежзиклмнопрстуфхцчш"
    return letters[number % 24] + letters[number // 24 % 24]


def staff_file(path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ФИО", "Должность"])
    sheet.append(["Директорова Ирина Львовна", "директор"])
    for number in range(STAFF - 1):
        sheet.append([f"Учитель{_word(number)} Анна Юрьевна", "учитель"])
    book.save(path)


def pupils_file(path) -> None:
    """Merged titles first, columns in an order of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Контингент школы"])
    sheet.merge_cells("A1:E1")
    sheet.append(["Класс", "Дата рождения", "Отчество", "Имя", "Фамилия"])
    for number in range(PUPILS):
        name = CLASSES[number % len(CLASSES)]
        born = datetime.date(datetime.date.today().year - 6 - int(name[:-1]), 1 + number % 8, 1 + number % 27)
        sheet.append([name, born, "Ильич", f"Имя{_word(number % 500)}", f"Учеников{_word(number)}"])
    book.save(path)


@pytest.mark.clause("6.5")
def test_a_school_comes_in_from_three_files_under_one_order(tmp_path_factory, browser):
    folder = tmp_path_factory.mktemp("empty")
    (folder / "static").mkdir()
    place = Installation(folder, f"sqlite:///{folder}/eios.sqlite3", {})
    (folder / "school.toml").write_text(SETUP, encoding="utf-8")
    shutil.copy(ready.migrated().folder / "eios.sqlite3", folder)
    done = place.manage("setup", "--config", str(folder / "school.toml"))
    assert done.returncode == 0, done.stdout + done.stderr
    place.script(PAST_THE_GATE)
    classes_file(folder / "classes.csv")
    staff_file(folder / "staff.xlsx")
    pupils_file(folder / "pupils.xlsx")
    began = time.monotonic()
    with serving(place, workers=2) as server, Portal(place, server, browser, {}).visit() as page:
        sign_in(page, "admin", PASSWORD)
        for kind, name in (("classes", "classes.csv"), ("staff", "staff.xlsx"), ("pupils", "pupils.xlsx")):
            _load(page, kind, folder / name)
        _execute(page)
        assert page.trouble == []
    print(f"Школа внесена за {time.monotonic() - began:.0f} с: {PUPILS} обучающихся, {STAFF} работников")  # noqa: T201
    assert place.script(COUNTS).split() == ["1", str(PUPILS), str(STAFF + 1), str(len(CLASSES))]


def _load(page, kind: str, path) -> None:
    page.goto(f"/registration/load/{kind}/")
    page.set_input_files("main input[type=file]", path)
    follow(page.locator("main form button[type=submit]").first)
    follow(page.get_by_role("button", name="Подтвердить и сохранить"))
    if kind != "classes":
        follow(page.get_by_role("button", name=re.compile("Взять в приказ")))
        page.wait_for_url(re.compile(r"/orders/\d+/"))


def _execute(page) -> None:
    follow(page.get_by_role("link", name="Исправить заголовок"))
    page.fill("main [name=number]", "1")
    page.fill("main [name=signatory_name]", "Директор Директорова И. Л.")
    follow(page.get_by_role("button", name="Сохранить"))
    follow(page.get_by_role("link", name="Отметить подписанным"))
    follow(page.get_by_role("button", name="Приказ подписан"))
    follow(page.get_by_role("link", name="Проверить и исполнить"))
    assert "Исполнить нельзя" not in page.locator("main").inner_text()
    follow(page.get_by_role("button", name="Исполнить приказ"))
    page.get_by_text("Приказ исполнен").first.wait_for()
