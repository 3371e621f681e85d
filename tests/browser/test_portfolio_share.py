"""A pupil shows the portfolio by a secret link; a guest opens it; withdrawn, it is dead (1.3 d)."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.clause("1.3 d", "11.1")]
# What the pupil has to show, and the consent to showing it.
FILL = """
from accounts.models import Consent, ConsentText, Relation, User
from eios.lib.dates import today
from tests.portfolio.factories import make_achievement, make_work
pupil = User.objects.get(username="pupil1")
parent = Relation.objects.filter(pupil=pupil).first().parent
text = ConsentText.objects.in_force(today()).get(kind="portfolio", audience="pupil")
for person, capacity in ((parent, "parent"), (pupil, "pupil")):
    if not Consent.objects.in_force("portfolio", today()).filter(subject=pupil, capacity=capacity).exists():
        Consent.objects.create(subject=pupil, text=text, given_by=person, capacity=capacity)
make_achievement(pupil, title="Турнир юных физиков")
make_achievement(pupil, title="Остаётся закрытым")
make_work(pupil, title="Птицы нашего двора")
"""


def test_a_portfolio_is_shown_by_a_link_and_withdrawn(make_portal):
    with make_portal() as portal:
        done = portal.place.manage("shell", "-c", FILL)
        assert done.returncode == 0, done.stdout + done.stderr
        with portal.visit("pupil1") as page, portal.visit() as guest:
            page.goto("/portfolio/own/")
            assert page.locator("svg.sphere-bars").is_visible()
            page.goto("/portfolio/shares/add/")
            page.get_by_label("Турнир юных физиков").check()
            page.get_by_label("Птицы нашего двора").check()
            assert not page.get_by_label("Человек, если").is_visible()
            page.get_by_role("button", name="Показать").click()
            link = page.locator("#secret-link").inner_text().strip()
            assert re.search(r"/portfolio/show/[a-z0-9]{20}/$", link)
            assert guest.goto(link).status == 200
            words = guest.locator("main").inner_text()
            seen = ("Турнир юных физиков", "Птицы нашего двора", "Остаётся закрытым")
            assert [one in words for one in seen] == [True, True, False]
            assert guest.trouble == []
            page.goto("/portfolio/shares/")
            row = page.locator("tbody tr").first
            assert row.locator("td.num").inner_text().split()[0] == "1"
            row.get_by_role("link", name="Отозвать").click()
            page.get_by_role("button", name="Отозвать").click()
            assert "отозвано" in page.locator("tbody tr").first.inner_text()
            assert guest.goto(link).status == 404
            assert "По этой ссылке ничего нет" in guest.locator("main").inner_text().replace("\xa0", " ")
            assert page.trouble == []
