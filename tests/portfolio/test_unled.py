"""Classes without a class teacher are the management's: in the cabinet, the queue, the list and the numbers (11.1)."""

import io

import openpyxl
import pytest
from django.utils import timezone

from accounts.counters import waiting_for
from accounts.models import User
from eios.lib.dates import today
from portfolio import showing
from portfolio.statistics import statistics
from tests import factories
from tests.factories import LONG_AGO, sign_in
from tests.portfolio.factories import make_achievement

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1")]
QUEUE = "/portfolio/queue/"


@pytest.fixture
def school(site):
    """Three classes with an entry that waits in each: one is led, one nobody leads, one was led until last year."""
    rooms = [factories.make_class(grade=8, letter=letter) for letter in "АБВ"]
    pupils = [factories.make_pupil(school_class=room, surname=f"Ученик{room.letter}") for room in rooms]
    entries = [
        make_achievement(one, title=f"Конкурс {one.surname}", state="submitted", submitted_at=timezone.now())
        for one in pupils
    ]
    last_year = LONG_AGO.replace(year=LONG_AGO.year + 1)
    factories.make_employee(position="class_teacher", school_class=rooms[2], ends=last_year)
    return {
        "rooms": rooms, "entries": entries, "deputy": factories.make_employee(position="deputy"),
        "lead": factories.make_employee(position="class_teacher", school_class=rooms[0]),
    }  # fmt: skip


def waiting(person) -> list[str]:
    return [one.text for one in waiting_for(User.objects.get(pk=person.pk), today())]


def titles(client, query: str = "") -> list[str]:
    return [line.entry.title for line in client.get(f"{QUEUE}{query}").context["lines"]]


def test_the_cabinet_tells_the_management_alone_and_leads_to_them(client, school):
    words = "Портфолио классов без классного руководителя: 2 записи ждут проверки"
    assert (words in waiting(school["deputy"]), words in waiting(school["lead"])) == (True, False)
    (counter,) = [one for one in waiting_for(school["deputy"], today()) if one.text == words]
    sign_in(client, school["deputy"])
    answer = client.get(counter.url)
    assert [line.entry.title for line in answer.context["lines"]] == ["Конкурс УченикБ", "Конкурс УченикВ"]
    assert "Только классы без классного руководителя" in answer.content.decode()
    one, other = (school["rooms"][number].pk for number in (0, 1))
    assert titles(client) == ["Конкурс УченикА", "Конкурс УченикБ", "Конкурс УченикВ"]
    assert titles(client, f"?unled=on&school_class={other}") == ["Конкурс УченикБ"]
    assert titles(client, f"?unled=on&school_class={one}") == []
    # Somebody leads them now: nobody is to be reminded any more.
    for room in school["rooms"][1:]:
        factories.make_employee(position="class_teacher", school_class=room)
    assert words.split(":")[0] not in " ".join(waiting(school["deputy"]))
    assert titles(client, "?unled=on") == []


def test_a_class_teacher_asks_in_vain(client, school):
    sign_in(client, school["lead"])
    answer = client.get(f"{QUEUE}?unled=on")
    assert [line.entry.title for line in answer.context["lines"]] == ["Конкурс УченикА"]
    assert "Только классы без классного руководителя" not in answer.content.decode()


def test_lists_and_numbers_name_them(client, school):
    rooms = school["rooms"]
    found = statistics(rooms[0].year, rooms, today())
    assert [line.is_led for line in found.lines] == [True, False, False]
    unled = found.unled
    assert (unled.title, unled.pupils, unled.waiting, found.total.waiting) == (
        "Без классного руководителя: 2 класса", 2, 2, 3,
    )  # fmt: skip
    assert statistics(rooms[0].year, rooms[:1], today()).unled is None
    lines = showing.classes(school["deputy"], today())
    assert [(one.school_class, one.is_led) for one in lines] == list(zip(rooms, (True, False, False), strict=True))
    sign_in(client, school["deputy"])
    assert client.get("/portfolio/classes/").content.decode().count("нет классного руководителя") == 2
    page = client.get("/portfolio/statistics/").content.decode()
    assert f"Нет классного руководителя: {rooms[1]}, {rooms[2]}." in page
    assert page.count("Без руко&shy;води&shy;теля") == 1
    book = openpyxl.load_workbook(io.BytesIO(client.get("/portfolio/statistics/export/").getvalue()))
    rows = [[row[0], row[-1] or ""] for row in book["Классы"].iter_rows(values_only=True) if row[0]]
    assert [row for row in rows if row[0] in {str(rooms[1]), unled.title, "Всего"}] == [
        [str(rooms[1]), "нет"], [unled.title, ""], ["Всего", ""],
    ]  # fmt: skip
    sign_in(client, school["lead"])
    for page in ("/portfolio/classes/", "/portfolio/statistics/"):
        page = client.get(page).content.decode()
        assert ("классного руководителя" in page, "Без руко" in page) == (False, False)
