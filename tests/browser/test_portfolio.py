"""A work from first file to dead link: written, reviewed by teacher, classmate and invited scientist, answered,
a second version, shown by a secret link, withdrawn; taken out as an archive that opens offline (1.3 d, 11.1, 12.1)."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import follow
from tests.samples import pdf, picture

pytestmark = [pytest.mark.browser, pytest.mark.clause("1.3 d", "11.1", "12.1")]
# What the pupil has to show, and the consent to showing it.
FILL = """
from accounts.models import Consent, ConsentText, Relation, User
from eios.lib.dates import today
from tests.portfolio.factories import make_achievement
pupil = User.objects.get(username="pupil1")
parent = Relation.objects.filter(pupil=pupil).first().parent
text = ConsentText.objects.in_force(today()).get(kind="portfolio", audience="pupil")
for person, capacity in ((parent, "parent"), (pupil, "pupil")):
    if not Consent.objects.in_force("portfolio", today()).filter(subject=pupil, capacity=capacity).exists():
        Consent.objects.create(subject=pupil, text=text, given_by=person, capacity=capacity)
make_achievement(pupil, title="Турнир юных физиков")
make_achievement(pupil, title="Остаётся закрытым")
print("surname:" + pupil.surname)
print("room:", pupil.school_class_now.pk)
print("mate:" + User.objects.in_classes([pupil.school_class_now], today()).exclude(pk=pupil.pk).first().username)
"""
WORK = "Звёзды над школой"
# A person reads before writing: the form says so to whoever posts at once.
READS = 5500


def press(page, name: str) -> None:
    follow(page.get_by_role("button", name=name).first)


def add_work(page) -> str:
    """A research project with files, sealed and opened for reviews; its address."""
    page.goto("/portfolio/works/add/")
    page.get_by_label("Название").fill(WORK)
    page.get_by_label("Вид").select_option("research")
    page.get_by_label("Сфера").select_option("research")
    press(page, "Дальше")
    files = [("отчёт.pdf", "application/pdf", pdf()), ("небо.png", "image/png", picture()),
             ("карта.png", "image/png", picture()),
             ("данные.csv", "text/csv", b"day;stars\n1;12\n")]  # fmt: skip
    page.get_by_label("Добавить файлы").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": data} for name, kind, data in files]
    )
    page.get_by_label("Текст").fill("## Цель\n\nСосчитать звёзды")
    press(page, "Сохранить")
    expect(page.locator("figure.work-picture:visible")).to_have_count(2)
    follow(page.get_by_role("link", name="Закрепить версию 1"))
    press(page, "Закрепить")
    press(page, "Открыть для рецензий")
    return re.search(r"/portfolio/works/\d+/", page.url)[0]


def review(page, words: str) -> None:
    """Five points by each criterion of the rubric, and words."""
    for field in page.locator('input[type="number"]').all():
        field.fill("5")
    page.locator("#id_text").fill(words)
    press(page, "Отправить рецензию")


def show(page, way: str, **chosen) -> None:
    page.goto("/portfolio/shares/add/")
    for name in chosen["what"]:
        page.get_by_label(name).check()
    page.locator(f'input[name="kind"][value="{way}"]').check()
    if way == "class":
        page.get_by_label("Класс, если").select_option(chosen["room"])
    press(page, "Показать")


def test_a_work_from_its_first_file_to_a_dead_link(make_portal, browser, tmp_path):
    with make_portal() as portal:
        done = portal.place.manage("shell", "-c", FILL)
        assert done.returncode == 0, done.stdout + done.stderr
        mate = re.search(r"mate:(\w+)", done.stdout)[1]
        with portal.visit("pupil1") as page, portal.visit("classteacher1") as teacher, portal.visit() as guest:
            work = add_work(page)
            teacher.goto(work)
            follow(teacher.get_by_role("link", name="Написать рецензию"))
            follow(teacher.get_by_role("link", name="Исследование или проект"))
            review(teacher, "Наблюдения точны")
            assert "20 из 25" in teacher.locator("main").inner_text().replace("\xa0", " ")
            show(page, "class", what=[WORK], room=re.search(r"room: (\d+)", done.stdout)[1])
            with portal.visit(mate) as classmate:
                classmate.goto(work)
                follow(classmate.get_by_role("link", name="Написать рецензию"))
                review(classmate, "Хочу так же")
                assert classmate.trouble == []
            page.goto(work)
            follow(page.get_by_role("link", name="Пригласить рецензента"))
            page.get_by_label("Имя").fill("Орлов Иван Петрович")
            page.get_by_label("Кто это").fill("астроном")
            press(page, "Получить ссылку")
            invited = re.search(r"http\S+/portfolio/invited/[a-z0-9]{20}/", page.locator("main").inner_text())[0]
            guest.goto(invited)
            guest.wait_for_timeout(READS)
            review(guest, "Метод годится для обсерватории")
            assert guest.url.endswith("/portfolio/invited/sent/")
            page.goto(work)
            words = page.locator("main").inner_text()
            said = ("Наблюдения точны", "Хочу так же", "Метод годится")
            assert [one in words for one in said] == [True, False, False]
            teacher.goto("/portfolio/moderation/")
            for box in teacher.locator('main input[type="checkbox"]').all():
                box.check()
            press(teacher, "Опубликовать")
            page.goto(work)
            words = page.locator("main").inner_text()
            assert [one in words for one in said] == [True, True, True]
            follow(page.get_by_role("link", name="Ответить").first)
            page.locator("textarea").fill("Спасибо, досчитаю зимой")
            follow(page.locator("main form button[type=submit]").first)
            press(page, "Начать следующую версию")
            page.get_by_label("Текст").fill("## Цель\n\nСосчитать звёзды зимой")
            press(page, "Сохранить")
            follow(page.get_by_role("link", name="Закрепить версию 2"))
            press(page, "Закрепить")
            _shown_and_withdrawn(page, guest)
            _taken_out(page, guest, browser, tmp_path, re.search(r"surname:(\S+)", done.stdout)[1])
            # The dead link is the guest's one trouble.
            assert [len(one.trouble) for one in (page, teacher, guest)] == [0, 0, 1]


def _shown_and_withdrawn(page, guest) -> None:
    show(page, "link", what=["Турнир юных физиков", WORK])
    link = page.locator("#secret-link").inner_text().strip()
    assert re.search(r"/portfolio/show/[a-z0-9]{20}/$", link)
    assert guest.goto(link).status == 200
    words = guest.locator("main").inner_text()
    seen = ("Турнир юных физиков", WORK, "Остаётся закрытым")
    assert [one in words for one in seen] == [True, True, False]
    page.goto("/portfolio/shares/")
    row = page.locator("tbody tr").first
    assert row.locator("td.num").inner_text().split()[0] == "1"
    follow(row.get_by_role("link", name="Отозвать"))
    press(page, "Отозвать")
    assert "отозвано" in page.locator("tbody tr").first.inner_text()
    assert guest.goto(link).status == 404
    assert "По этой ссылке ничего нет" in guest.locator("main").inner_text().replace("\xa0", " ")


def _taken_out(page, guest, browser, tmp_path, surname: str) -> None:
    """The archive, unpacked, opens from the disk with no network; its number is verified until it is withdrawn."""
    page.goto("/portfolio/exports/")
    page.get_by_label("архив").check()
    press(page, "Сделать выгрузку")
    verify = page.locator("main a[href*='/portfolio/verify/']").get_attribute("href")
    number = verify.rstrip("/").rsplit("/", 1)[1]
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать архив").click()
    download.value.save_as(tmp_path / "portfolio.zip")
    with zipfile.ZipFile(tmp_path / "portfolio.zip") as archive:
        archive.extractall(tmp_path / "open")
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto((tmp_path / "open" / "index.html").as_uri())
    words = opened.locator("body").inner_text()
    said = ("Турнир юных физиков", WORK, "Сосчитать звёзды зимой", "Наблюдения точны", "Хочу так же", "Метод годится",
            "Спасибо, досчитаю зимой", "отчёт.pdf")  # fmt: skip
    assert [one for one in (*said, surname) if one not in words] == []
    follow(opened.get_by_role("link", name="небо.png").first)
    assert opened.locator("img").evaluate("img => img.naturalWidth") > 0
    context.close()
    assert guest.goto(f"/portfolio/verify/{number}/").status == 200
    words = guest.locator("main").inner_text()
    assert ("действует" in words, surname in words) == (True, False)
    follow(page.get_by_role("link", name="Отозвать"))
    page.get_by_label("Почему").fill("Ошибка")
    press(page, "Отозвать")
    guest.reload()
    assert "отозвана" in guest.locator("main").inner_text()
