"""Every page in every mode: accessible (WCAG 2.1 A/AA), valid, no wider than the screen, quiet, and only from here."""

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

PAGES = {
    "": ["/", "/elements/", "/elements/?q=%D0%BD%D1%8D%D0%B1", "/elements/?q=zzz", "/elements/neb/",
         "/elements/fis-oko/",
         "/help/sign-in/", "/help/sign-in/sent/", "/help/stop/", "/help/stop/sent/", "/help/stopped/",
         "/responsible/", "/login/", "/link/", "/link/platform/",
         "/documents/", "/documents/2/", "/documents/2/editions/1/", "/library/",
         "/account/password/reset/", "/display/", "/privacy/", "/no-such-page/"],
    "pupil1": ["/cabinet/", "/agreement/", "/elements/", "/account/devices/", "/account/password/", "/account/factor/",
               "/account/stop/", "/notifications/", "/notifications/settings/",
               "/cabinet/logins/", "/cabinet/logins/add/", "/cabinet/logins/add/?element=sgo"],
    "parent1": ["/cabinet/", "/consents/"],
    "credentials": ["/cabinet/", "/credentials/", "/credentials/?who=parents&state=in", "/credentials/batches/",
                    "/credentials/issue/?all=on&state=in"],
    "teacher1": ["/cabinet/", "/elements/fis-oko/", "/staff/", "/staff/lacks/", "/staff/training/"],
    "classteacher1": ["/cabinet/", "/classes/", "/incidents/", "/classes/slips/", "/consents/"],
    "deputy": ["/cabinet/", "/classes/", "/agreement/report/", "/orders/", "/orders/new/", "/orders/new/?kind=hire",
               "/breaches/", "/breaches/add/", "/consents/report/",
               "/people/", "/people/?q=zzz", "/people/1/", "/classes/1/", "/classes/year/1/", "/rollover/",
               "/reports/", "/reports/movement/", "/reports/headcount/", "/reports/sign-ins/", "/reports/book/",
               "/reports/book/?letter=%D0%9A", "/classes/1/movement/", "/classes/1/platforms/",
               "/classes/1/sheet/", "/classes/1/sheet/add/", "/classes/1/sheet/load/", "/registration/",
               "/registration/load/pupils/", "/registration/load/classes/",
               "/staff/", "/staff/?q=zzz", "/staff/3/", "/staff/1/", "/staff/1/training/add/", "/staff/1/skills/",
               "/staff/1/qualification/", "/staff/lacks/", "/staff/lacks/?skill=1", "/staff/skills/1/",
               "/staff/training/", "/staff/training/1/"],
    "director": ["/documents/2/", "/documents/2/readers/", "/documents/2/readers/?q=zzz", "/technology/"],
    "pupil2": ["/elements/sferum/", "/requests/", "/suggestions/", "/suggestions/add/",
               "/suggestions/add/?element=neb", "/library/", "/cabinet/logins/", "/cabinet/logins/add/?element=sirius"],
    "classteacher2": ["/requests/class/", "/requests/class/?element=sferum"],
    "librarian": ["/desk/", "/desk/kniga-29/", "/desk/kniga-29/pools/", "/desk/kniga-29/pools/add/",
                  "/desk/kniga-29/pools/1/", "/desk/kniga-29/library/", "/desk/kniga-29/credentials/",
                  "/desk/kniga-29/requests/"],
    "admin": ["/cabinet/", "/elements/school-site/", "/elements/sgo/training/", "/audit/", "/incidents/", "/admin/",
              "/admin/accounts/user/", "/admin/accounts/skill/", "/credentials/authorised/",
              "/admin/accounts/user/add/", "/admin/accounts/order/", "/admin/accounts/appointment/",
              "/admin/accounts/schoolcard/1/change/", "/admin/resources/element/"],
    # The desk of an element's administrator
    "admin ": ["/desk/", "/desk/?q=zzz", "/desk/sgo/", "/desk/sgo/card/", "/desk/sgo/parts/add/", "/desk/sgo/closure/",
              "/desk/sgo/closure/change/?closure=4", "/desk/sgo/acts/", "/desk/sgo/conditions/add/?kind=training",
              "/desk/sgo/administrators/?q=%D0%BE", "/desk/sgo/history/", "/admin/resources/condition/",
              "/admin/resources/elementadministrator/", "/admin/resources/elementadministrator/add/",
              "/desk/sferum/privileges/", "/desk/sferum/privileges/grant/", "/desk/sferum/who/?q=zzz", "/why/",
              "/desk/sferum/requests/", "/desk/sferum/suggestions/", "/suggestions/inbox/",
              "/desk/sferum/files/", "/documents/2/?next=/elements/fis-oko/",
              "/desk/tasks/", "/desk/sferum/tasks/", "/desk/sferum/credentials/",
               "/desk/sferum/credentials/issue/?q=%D0%B0",
              "/desk/sferum/availability/", "/elements/availability/", "/technology/", "/technology/1/",
              "/technology/add/", "/elements/import/", "/elements/reviews/", "/elements/reviews/?q=zzz",
              "/elements/sgo/connection/", "/desk/reviews/?state=due", "/desk/sgo/review/", "/desk/sgo/connection/"],
}  # fmt: skip
# The structure of a page is the same in every mode of the same width; colours are not.
MODES = {
    "light": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "dark": True},
    "low vision": {"viewport": WIDE, "low_vision": True},
    "phone": {"viewport": NARROW},
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("login", PAGES)
def test_pages(portal, login, mode):
    with portal.visit(login.strip(), **MODES[mode]) as page:
        problems = {path: found for path in PAGES[login] if (found := _problems(page, path, mode))}
    assert problems == {}


def _problems(page, path: str, mode: str) -> list[str]:
    page.trouble.clear()
    answer = page.goto(path)
    expected = 404 if "no-such" in path else 200
    found = [] if answer.status == expected else [f"status {answer.status}"]
    # Before axe: it inlines the @import that a style sheet of Django admin has, which the policy refuses.
    found += [text for text in page.trouble if str(expected) not in text]
    found += _axe(page, WCAG if mode in ("light", "phone") else COLOURS)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        found.append("wider than the screen")
    if mode == "light":
        found += _invalid(answer.text())
    return found


def _axe(page, rules) -> list[str]:
    violations = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in violations for node in v["nodes"][:3]]


def _invalid(html: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"html: {code} at line {place[0]}" for place, code, _ in parser.errors]


def test_all_low_vision_colours_are_accessible(portal):
    problems = {}
    for contrast in ("normal", "black-white", "white-black", "blue"):
        with portal.visit("pupil1") as page:
            page.goto(f"/display/?vision=low&contrast={contrast}&size=3&spacing=3&next=/cabinet/")
            problems |= {
                (contrast, path): found for path in ("/", "/cabinet/", "/elements/") if (found := _on(page, path))
            }
    assert problems == {}


def _on(page, path: str) -> list[str]:
    page.goto(path)
    return _axe(page, COLOURS)
