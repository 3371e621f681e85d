"""The grid of a gradebook in Chromium: keys alone, a lost connection, a pasted column, two in one cell (7.2)."""

import io
import json

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import NARROW

pytestmark = pytest.mark.browser
PUPILS = 30
TABLET = {"width": 820, "height": 1180}
SET_UP = f"""
import datetime, json
from accounts.models import Enrolment, SchoolClass, User
from eios.lib.dates import today
from journal.models import Gradebook, Lesson, Subgroup, SubgroupMember, TeachingLoad
from resources.calendars import days_of
from resources.models import Subject
date = today()
school_class = SchoolClass.objects.of_year_on(date).filter(grade=7).select_related("year").first()
year = school_class.year
subject = Subject.objects.create(name="Риторика", area=Subject.objects.first().area)
group = Subgroup.objects.create(school_class=school_class, subject=subject, name="все")
book = Gradebook.objects.create(school_class=school_class, subject=subject, subgroup=group, kept="here")
for login in ("teacher1", "classteacher1"):
    TeachingLoad.objects.create(gradebook=book, teacher=User.objects.get(username=login), starts=year.starts, hours=1)
for pupil in Enrolment.objects.on(date).order_by("pk").values_list("pupil", flat=True)[:{PUPILS}]:
    SubgroupMember.objects.create(subgroup=group, pupil_id=pupil, starts=year.starts)
days = days_of(year, 7)
past = [date - datetime.timedelta(days=n) for n in range(14)]
held = sorted(day for day in past if days.is_school_day(day))[-5:]
lessons = [Lesson.objects.create(gradebook=book, date=day, number=2).pk for day in held]
print(json.dumps({{"book": book.pk, "lessons": lessons}}))
"""
MARKS = """
import json
from journal.models import Lesson, Mark
lesson = Lesson.objects.get(pk={})
marks = Mark.objects.filter(gradebook=lesson.gradebook_id, date=lesson.date).order_by("pupil__sort_name", "pupil")
print(json.dumps(list(marks.values_list("value", flat=True))))
"""


@pytest.fixture(scope="module")
def room(portal):
    return json.loads(portal.place.script(SET_UP).strip().splitlines()[-1])


def marks(portal, lesson: int) -> list[str]:
    return json.loads(portal.place.script(MARKS.format(lesson)).strip().splitlines()[-1])


def at(page, room, lesson: int):
    """The grid with the focus in the first cell of the lesson."""
    page.goto(f"/journal/gradebooks/{room['book']}/?period=0")
    number = page.locator("th.lesson").evaluate_all(
        "(all, key) => all.findIndex((one) => one.dataset.l === key)", str(lesson)
    )
    page.locator(f"tbody tr:first-child td:nth-child({number + 2})").click()
    return number


def saved(page) -> None:
    page.get_by_text("Всё сохранено в").wait_for()


def test_thirty_marks_by_keys_alone_and_a_cut_connection_loses_nothing(portal, room):
    lesson = room["lessons"][0]
    with portal.visit("teacher1") as page:
        at(page, room, lesson)
        loads = []
        page.on("framenavigated", lambda frame: loads.append(frame.url))
        typed = ["5432"[place % 4] for place in range(PUPILS)]
        for place, value in enumerate(typed):
            if place == 10:
                page.context.set_offline(True)
            if place == 20:
                page.get_by_text("Нет связи").wait_for()
                page.context.set_offline(False)
            page.keyboard.press(value)
            page.keyboard.press("Enter")
        saved(page)
        assert loads == []
        assert marks(portal, lesson) == typed
        assert page.locator("tbody tr:first-child .sum").first.inner_text() == "5,00"
        # What the average proposes is that of the marks just entered.
        offers = page.locator("tbody tr:first-child td.offer")
        assert offers.all_inner_texts() == ["(5)"]
        assert offers.first.get_attribute("aria-label") == "5, предложение по среднему 5,00"
        # Far down the table its heads and what has been saved are still seen.
        for one in ("[data-grid-state]", "thead th:first-child"):
            expect(page.locator(one)).to_be_in_viewport(ratio=1)
        # What a screen reader says: the pupil, the lesson, the value; rows and columns have their heads.
        page.keyboard.press("ArrowUp")
        field = page.locator("input.grid-input")
        name = page.locator("tbody tr th").nth(PUPILS - 2).inner_text()
        # The number of the lesson only where the day has another of the subject.
        label = field.get_attribute("aria-label")
        assert (label.startswith(f"{name}, "), "урок" in label) == (True, False)
        assert field.input_value() == typed[-2]
        tree = page.locator("table[data-grid]").aria_snapshot()
        assert "grid" in tree
        assert f'rowheader "{name}"' in tree
        # Only what the cut connection says of itself.
        assert all("ERR_INTERNET_DISCONNECTED" in one for one in page.trouble)


def test_a_sign_in_that_ends_in_the_middle_loses_nothing(portal, room):
    lesson = room["lessons"][1]
    with portal.visit("teacher1") as page:
        at(page, room, lesson)
        cookies = page.context.cookies()
        page.context.clear_cookies()
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        page.get_by_text("Вход закончился").wait_for()
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        page.context.add_cookies([one for one in cookies if one["name"] != "csrf"])
        saved(page)
        assert marks(portal, lesson) == ["4", "3"]


def test_a_pasted_column_stands_but_for_the_cell_that_does_not_fit_and_is_undone_at_once(portal, room):
    lesson = room["lessons"][2]
    with portal.visit("teacher1") as page:
        at(page, room, lesson)
        column = ["4"] * PUPILS
        column[6] = "9"
        page.evaluate(
            """(text) => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
            }""",
            "\n".join(column) + "\n",
        )
        page.locator("td.bad").wait_for()
        expect(page.locator("td.wait")).to_have_count(0)
        assert page.locator("td.bad").count() == 1
        name = page.locator("tbody tr th").nth(6).inner_text()
        assert page.locator("input.grid-input").get_attribute("aria-label").startswith(name)
        assert name in page.locator("[data-grid-state]").inner_text() or "Не подошло: 1" in page.inner_text("main")
        assert marks(portal, lesson) == ["4"] * (PUPILS - 1)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+z")
        saved(page)
        assert marks(portal, lesson) == []


def test_two_teachers_in_one_cell_are_shown_both_values(portal, room):
    lesson = room["lessons"][3]
    with portal.visit("teacher1") as page, portal.visit("classteacher1") as other:
        for one in (page, other):
            at(one, room, lesson)
        page.keyboard.press("5")
        page.keyboard.press("Enter")
        saved(page)
        other.keyboard.press("3")
        other.keyboard.press("Enter")
        dialog = other.locator("dialog[open]")
        dialog.wait_for()
        assert dialog.locator("[data-grid-mine]").inner_text() == "3"
        assert dialog.locator("[data-grid-theirs]").inner_text() == "5"
        dialog.get_by_role("button", name="Оставить моё").click()
        saved(other)
        assert marks(portal, lesson) == ["3"]


def test_on_a_telephone_big_keys_put_marks_down_the_list(portal, room):
    lesson = room["lessons"][4]
    with portal.visit("teacher1", viewport=NARROW) as page:
        page.goto(f"/journal/lessons/{lesson}/marks/")
        page.locator("input.mark-input").first.focus()
        for name in ("5", "н", "4"):
            page.locator("[data-mark-keys]").get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name="Сохранить").click()
        page.get_by_text("Сохранено: 3.").wait_for()
        assert marks(portal, lesson) == ["5", "4"]
        # Remarks that nobody wrote are out of the way; the key opens that of the pupil at hand.
        assert page.locator("details.remark:visible").count() == 0
        page.locator("input.mark-input").nth(2).focus()
        page.locator("[data-mark-keys]").get_by_role("button", name="Замечание").click()
        page.keyboard.type("Забыл тетрадь")
        page.get_by_role("button", name="Сохранить").click()
        page.get_by_text("Сохранено: 1.").wait_for()
        assert page.locator("details.remark:visible").all_inner_texts() == ["Забыл тетрадь"]
        assert marks(portal, lesson) == ["5", "4"]
        assert page.locator("input.mark-input").nth(1).input_value() == "Н"
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert page.trouble == []


def test_a_long_press_opens_the_menu_of_a_cell_on_a_touch_screen(portal, room):
    """Sees and writes the remark, goes to the cell's own history; a finger that moves on asks for nothing."""
    lesson = room["lessons"][4]
    with portal.visit("teacher1", viewport=TABLET, has_touch=True) as page:
        number = at(page, room, lesson)
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        saved(page)
        cell = page.locator(f"tbody tr:first-child td:nth-child({number + 2})")
        menu = page.locator("dialog[open]")
        fingers = page.context.new_cdp_session(page)

        def press(seconds: float, moved: int = 0) -> None:
            box = cell.bounding_box()
            spot = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
            fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
            if moved:
                there = spot | {"y": spot["y"] + moved}
                fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
            page.wait_for_timeout(seconds * 1000)
            fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        press(0.8, moved=30)
        press(0.1)
        expect(menu).to_have_count(0)
        press(0.8)
        menu.wait_for()
        assert (
            page.locator("[data-grid-menu-title]")
            .inner_text()
            .startswith(page.locator("tbody tr:first-child th").inner_text())
        )
        menu.get_by_role("button", name="Замечание").click()
        page.keyboard.type("Молодец")
        menu.get_by_role("button", name="Сохранить").click()
        expect(page.locator("td.c[title='Молодец']")).to_have_count(1)
        saved(page)
        press(0.8)
        assert menu.locator("[data-grid-menu-remark]").inner_text() == "Замечание: Молодец"
        menu.get_by_role("link", name="История клетки").click()
        page.get_by_text("История одной клетки.").wait_for()
        assert "Молодец" in page.locator("tbody tr").first.inner_text()
        assert page.trouble == []


def test_the_paper_gradebook_prints_without_the_site_around_it(portal, room):
    """Page one begins with the school and is the title; nothing of the portal's head, path and buttons is printed."""
    for options in ({}, {"low_vision": True}):
        with portal.visit("teacher1", **options) as page:
            page.goto(f"/journal/gradebooks/{room['book']}/paper/?period=0")
            head = page.locator("header.top b").first.inner_text()
            printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
            # Spaces of a PDF's text are as its letters fall.
            pages = ["".join(one.extract_text().split()) for one in printed.pages]
            assert "Классныйжурнал" in pages[0]
            assert "Содержание" in pages[0]
            around = (head, "Выйти", "Журналы/", "Для печати", "При использовании материалов")
            assert not [words for words in around if "".join(words.split()) in "".join(pages)]
            assert float(printed.pages[0].mediabox.width) > float(printed.pages[0].mediabox.height)
