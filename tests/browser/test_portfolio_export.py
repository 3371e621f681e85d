"""A pupil takes the portfolio out; the archive opens without the portal and the internet; withdrawn, the QR says so."""

import zipfile

import pytest
from pypdf import PdfReader

from tests.browser.conftest import follow, watch

pytestmark = [pytest.mark.browser, pytest.mark.clause("11.1", "12.1")]
FILL = """
from django.core.files.base import ContentFile
from accounts.actions.files import store
from accounts.actor import Actor
from accounts.models import User
from portfolio.file_owners import WORK_FILE
from tests.portfolio.factories import make_achievement, make_work
from tests.samples import picture
pupil = User.objects.get(username="pupil1")
make_achievement(pupil, title="Турнир юных физиков")
make_achievement(pupil, title="Ещё черновик", state="draft")
version = make_work(pupil, title="Птицы зимой", text="## Цель\\n\\n- раз\\n- два").versions.get()
by = Actor(pupil, None, "тест")
version.files.create(file=store(ContentFile(picture(), "двор #1 50%.png"), kind=WORK_FILE, by=by, owner=pupil))
"""


def test_a_portfolio_is_taken_out_opened_offline_and_withdrawn(make_portal, tmp_path):
    with make_portal() as portal:
        done = portal.place.manage("shell", "-c", FILL)
        assert done.returncode == 0, done.stdout + done.stderr
        with portal.visit("pupil1") as page, portal.visit() as guest:
            page.goto("/portfolio/exports/")
            page.get_by_label("архив со всеми файлами").check()
            follow(page.get_by_role("button", name="Сделать выгрузку"))
            with page.expect_download() as download:
                page.get_by_role("link", name="Скачать архив").click()
            zipfile.ZipFile(download.value.path()).extractall(tmp_path)
            _read_offline(portal.browser, tmp_path)
            address = "/" + page.locator(".export-verify a").inner_text().split("/", 3)[3]
            assert guest.goto(address).status == 200
            assert "действует" in guest.locator("main").inner_text()
            follow(page.get_by_role("link", name="Отозвать"))
            page.get_by_label("Почему").fill("Ошибка в дипломе")
            follow(page.locator("main form button[type=submit]"))
            guest.reload()
            words = guest.locator("main").inner_text()
            assert ("отозвана" in words, "Ошибка" in words) == (True, False)
            page.goto("/portfolio/exports/")
            page.get_by_text("Включить не").click()
            page.get_by_label("учебные результаты").uncheck()
            follow(page.get_by_role("button", name="Сделать выгрузку"))
            with page.expect_download() as download:
                page.get_by_role("link", name="Скачать PDF").click()
            paper = " ".join(one.extract_text() for one in PdfReader(download.value.path()).pages)
            seen = ("Турнир юных физиков", "Птицы зимой", "• раз", "Разделы", "Учебные результаты", "Ещё черновик")
            assert [one in paper for one in seen] == [True, True, True, True, False, False]
            assert (page.trouble, guest.trouble) == ([], [])


def _read_offline(browser, place) -> None:
    """All is there, the picture of the work too, and nothing is asked of anywhere."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    trouble = watch(page, "file://")
    page.goto((place / "index.html").as_uri())
    words = page.locator("main").inner_text()
    seen = ("Турнир юных физиков", "Птицы зимой", "Источник:", "Ещё черновик")
    assert [one in words for one in seen] == [True, True, True, False]
    follow(page.get_by_role("link", name="двор #1 50%.png"))
    assert page.locator("img").evaluate("one => one.naturalWidth") > 0
    context.close()
    assert trouble == []
