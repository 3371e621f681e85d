"""Every page in every mode: accessible (WCAG 2.1 A/AA), valid, no wider than the screen, quiet, and only from here."""

import re

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

PAGES = {
    "": ["/", "/elements/", "/elements/?q=%D0%BD%D1%8D%D0%B1", "/elements/?q=zzz", "/elements/neb/",
         "/elements/fis-oko/",
         "/help/sign-in/", "/help/sign-in/sent/", "/help/stop/", "/help/stop/sent/", "/help/stopped/",
         "/curricula/", "/curricula/1/", "/curricula/2/", "/curricula/calendar/1/",
         "/library/", "/library/resources/", "/library/resources/?q=zzz&grade=7", "/library/resources/1/",
         "/library/editions/", "/library/editions/1/", "/library/materials/", "/library/materials/2/",
         "/link/platform/", "/documents/", "/documents/2/", "/documents/2/editions/1/",
         "/documents/?q=zzz", "/documents/?level=federal&kind=order", "/documents/2/compare/", "/documents/23/",
         "/documents/21/", "/documents/25/",
         "/news/", "/news/?year=2025", "/news/7/", "/programmes/", "/programmes/?grade=7", "/programmes/1/",
         "/search/", "/search/?q=%D0%BF%D0%BE%D1%80%D1%8F%D0%B4%D0%BE%D0%BA", "/search/?q=ghbrfp", "/search/?q=zzz",
         "/courses/", "/courses/?q=zzz", "/courses/1/", "/courses/1/2/", "/courses/1/3/", "/courses/1/7/",
         "/courses/1/8/",
         "/courses/1/search/?q=%D0%BF%D1%80%D1%8F%D0%BC%D0%B0%D1%8F", "/courses/1/print/", "/courses/complexes/",
         "/courses/complexes/?q=zzz", "/courses/complexes/1/", "/courses/complexes/2/", "/elements/eumk/",
         "/responsible/", "/sveden/", "/sveden/common/", "/sveden/struct/", "/sveden/document/", "/sveden/education/",
         "/sveden/eduStandarts/", "/sveden/managers/", "/sveden/employees/", "/sveden/objects/", "/sveden/grants/",
         "/sveden/paid_edu/", "/sveden/budget/", "/sveden/vacant/", "/sveden/inter/", "/sveden/catering/",
         "/login/", "/link/", "/account/password/reset/", "/display/", "/privacy/",
         "/no-such-page/", "/portfolio/show/no-such-code/", "/portfolio/verify/", "/portfolio/verify/no-such/",
         "/portfolio/handover/no-such/", "/portfolio/invited/no-such/",
         "/portfolio/invited/sent/"],
    "pupil1": ["/journal/", "/journal/?view=days", "/journal/pupils/24/week/", "/journal/?period=4",
               "/journal/pupils/24/what-if/?period=1&subject=1&marks=5+2",
               "/journal/pupils/24/what-if/?period=1&subject=1&marks=9",
               "/journal/attestation/mine/", "/journal/debts/", "/courses/1/", "/courses/1/2/", "/courses/mine/",
               "/cabinet/", "/agreement/", "/elements/", "/account/devices/", "/account/password/", "/account/factor/",
               "/account/stop/", "/notifications/", "/notifications/settings/",
               "/cabinet/logins/", "/cabinet/logins/add/", "/cabinet/logins/add/?element=sgo",
               "/portfolio/achievements/", "/portfolio/achievements/?q=zzz", "/portfolio/achievements/add/",
               "/portfolio/own/", "/portfolio/own/change/", "/portfolio/shares/", "/portfolio/shares/add/",
               "/portfolio/shown/", "/portfolio/own-reviews/", "/portfolio/works/", "/portfolio/works/add/",
               "/portfolio/works/1/", "/portfolio/works/1/change/", "/portfolio/works/1/authors/add/",
               "/portfolio/works/1/versions/2/invite/",
               "/portfolio/exports/", "/portfolio/pupils/24/completeness/", "/portfolio/rating/pupils/24/",
               "/portfolio/invitations/", "/portfolio/works/1/?version=1", "/portfolio/reviews/1/answer/"],
    "parent1": ["/portfolio/pupils/24/achievements/", "/portfolio/children/", "/portfolio/pupils/24/",
                "/portfolio/pupils/24/shares/", "/portfolio/pupils/24/works/", "/portfolio/pupils/24/exports/",
                "/journal/", "/journal/attestation/mine/", "/cabinet/", "/consents/", "/documents/to-read/"],
    "credentials": ["/cabinet/", "/credentials/", "/credentials/?who=parents&state=in", "/credentials/batches/",
                    "/credentials/issue/?all=on&state=in"],
    "teacher1": ["/portfolio/events/", "/portfolio/events/?q=zzz", "/portfolio/events/add/", "/portfolio/imports/",
                 "/portfolio/imports/olympiad/", "/portfolio/works/pupils/", "/portfolio/rubrics/",
                 "/portfolio/rubrics/add/", "/portfolio/rubrics/?state=retired", "/portfolio/shown/1/",
                 "/journal/gradebooks/71/", "/journal/gradebooks/71/?period=0", "/journal/lessons/34/marks/",
                 "/journal/lessons/1/marks/", "/journal/gradebooks/71/paper/", "/journal/timetable/",
                 "/journal/gradebooks/71/lessons/", "/journal/lessons/34/", "/journal/gradebooks/71/plan/",
                 "/journal/timetable/?date=2026-07-01", "/journal/timetable/day/?date=2026-11-24",
                 "/journal/timetable/classes/7/?date=2026-11-24",
                 "/journal/unposted/", "/journal/unposted/?kind=marks", "/journal/entry/",
                 "/journal/gradebooks/71/ask/?starts=2026-11-02&ends=2026-11-06", "/journal/gradebooks/71/history/",
                 "/courses/desk/", "/courses/desk/add/", "/courses/desk/import/", "/courses/desk/1/",
                 "/courses/desk/1/card/", "/courses/desk/1/media/", "/courses/desk/1/media/1/",
                 "/courses/desk/1/topics/", "/courses/desk/1/authors/", "/courses/desk/1/read/",
                 "/courses/desk/1/read/2/", "/courses/desk/1/life/",
                 "/courses/desk/1/life/archive/", "/courses/desk/1/use/", "/courses/desk/1/exchange/",
                 "/courses/desk/1/pages/2/", "/courses/desk/1/pages/2/versions/", "/courses/desk/1/pages/2/versions/1/",
                 "/courses/desk/1/parts/1/", "/courses/desk/4/life/", "/courses/1/copy/",
                 "/courses/desk/1/topics/?q=zzz", "/courses/complexes/desk/", "/courses/complexes/add/",
                 "/courses/complexes/1/fill/", "/courses/complexes/1/topics/360/", "/courses/complexes/1/whole/?q=zzz",
                 "/courses/complexes/1/whole/", "/courses/complexes/1/change/", "/courses/complexes/1/take/",
                 "/courses/complexes/1/close/", "/courses/complexes/1/carry/", "/courses/complexes/3/open/",
                 "/journal/gradebooks/", "/journal/load/",
                 "/journal/gradebooks/71/lessons/", "/journal/gradebooks/71/lessons/?period=4",
                 "/journal/gradebooks/71/lessons/add/", "/journal/gradebooks/71/lessons/topics/",
                 "/journal/gradebooks/71/lessons/programme/", "/journal/gradebooks/71/plan/", "/journal/lessons/35/",
                 "/journal/lessons/35/remove/", "/journal/lessons/1/",
                 "/cabinet/", "/elements/fis-oko/", "/staff/", "/staff/lacks/", "/staff/training/",
                 "/materials/", "/materials/?state=draft", "/materials/6/", "/materials/6/change/",
                 "/materials/6/publish/", "/materials/add/", "/materials/6/delete/", "/materials/1/take-back/"],
    "classteacher1": ["/portfolio/queue/", "/portfolio/queue/doubles/", "/portfolio/queue/?q=zzz",
                      "/portfolio/pupils/24/achievements/",
                      "/portfolio/classes/", "/portfolio/classes/8/", "/portfolio/works/1/", "/portfolio/own-reviews/",
                      "/portfolio/works/1/versions/2/review/", "/portfolio/moderation/", "/portfolio/completeness/8/",
                      "/portfolio/works/1/versions/2/review/?rubric=none", "/portfolio/reviews/1/",
                      "/journal/classes/8/", "/journal/classes/8/?period=1&order=alerts",
                      "/journal/reports/attendance/", "/journal/reports/pupils/24/",
                      "/cabinet/", "/classes/", "/incidents/", "/classes/slips/", "/consents/",
                      "/documents/2/sheet/", "/programmes/mine/", "/programmes/add/"],
    "director": ["/search/?q=%D1%83%D1%87%D0%B8%D1%82%D0%B5%D0%BB%D1%8C",
                 "/documents/2/", "/documents/2/readers/", "/documents/2/readers/?q=zzz", "/documents/23/readers/",
                 "/documents/2/sheet/?who=staff", "/documents/to-read/", "/programmes/board/"],
    # The libraries have an administrator of their own, so that the system administrator has none of these pages.
    "librarian": ["/library/", "/library/resources/add/", "/library/resources/1/change/", "/library/editions/add/",
                  "/library/editions/1/change/", "/library/editions/1/withdraw/", "/library/editions/1/restore/",
                  "/library/resources/1/withdraw/", "/library/resources/1/restore/", "/news/7/withdraw/",
                  "/desk/kniga-29/library/", "/desk/kniga-29/pools/", "/desk/kniga-29/pools/add/",
                  "/desk/kniga-29/pools/1/", "/desk/kniga-29/pools/1/?state=given", "/desk/kniga-29/pools/1/columns/",
                  "/desk/kniga-29/pools/1/export/", "/desk/kniga-29/pools/1/answer/",
                  "/desk/kniga-29/pools/1/answer/columns/", "/desk/kniga-29/pools/give/",
                  "/desk/kniga-29/pools/give/?school_class=1", "/desk/kniga-29/accounts/1/",
                  "/desk/kniga-29/accounts/20/", "/desk/tasks/", "/desk/neb/tasks/", "/desk/neb/credentials/",
                  "/news/", "/news/drafts/", "/news/add/", "/news/15/", "/news/7/change/", "/news/15/publish/",
                  "/desk/neb/credentials/?q=zzz", "/desk/neb/credentials/issue/?q=%D0%B0", "/desk/neb/files/"],
    "deputy": ["/portfolio/imports/", "/portfolio/imports/record/", "/portfolio/rating/", "/portfolio/statistics/",
               "/portfolio/queue/?unled=on",
               "/portfolio/leavers/", "/portfolio/points/", "/portfolio/points/change/", "/portfolio/rules/",
               "/portfolio/rating/pupils/24/", "/portfolio/rubrics/1/change/", "/portfolio/rubrics/1/retire/",
               "/journal/lessons/34/marks/", "/journal/gradebooks/100/paper/?period=0", "/journal/timetables/",
               "/journal/timetables/add/", "/journal/timetables/1/", "/journal/timetables/1/classes/7/",
               "/journal/timetables/1/classes/7/add/?weekday=0&number=8", "/journal/timetables/lines/1/",
               "/journal/timetables/lines/1/remove/", "/journal/timetables/1/import/", "/journal/timetables/1/force/",
               "/journal/changes/?date=2026-11-24", "/journal/changes/?date=2026-11-24&teacher=23",
               "/journal/changes/?date=2026-07-01", "/journal/changes/classes/7/2026-11-24/add/",
               "/journal/changes/lessons/10/2026-11-30/1/replace/", "/journal/changes/lessons/10/2026-11-30/1/cancel/",
               "/journal/changes/lessons/10/2026-11-30/1/move/",
               "/journal/bells/", "/journal/bells/add/", "/journal/bells/1/", "/journal/bells/1/remove/",
               "/journal/rooms/", "/journal/rooms/add/", "/journal/rooms/4/", "/journal/rooms/4/remove/",
               "/journal/work-kinds/", "/journal/lessons/generate/", "/journal/plan/",
               "/journal/entry/", "/journal/entry/?year=1", "/journal/entry/change/",
               "/journal/entry/openings/add/?gradebook=71&starts=2026-11-02&ends=2026-11-02&asked=23",
               "/journal/entry/openings/1/close/", "/journal/entry/late/", "/journal/entry/late/?ends=2001-01-01",
               "/journal/unposted/", "/journal/unposted/?teacher=23", "/journal/gradebooks/71/history/?late=on",
               "/journal/gradebooks/71/history/?place=9", "/journal/classes/7/absences/?week=2026-11-16",
               "/journal/classes/7/absences/?week=2026-11-16&pupil=69&day=2026-11-17",
               "/journal/imports/", "/journal/imports/add/", "/journal/imports/1/", "/journal/imports/1/undo/",
               "/journal/sheets/", "/journal/sheets/?year=1", "/journal/sheets/8/", "/journal/sheets/8/notes/",
               "/journal/sheets/8/archive/", "/journal/sheets/layout/", "/journal/sheets/year/1/",
               "/journal/sheets/archive/", "/journal/sheets/archive/?q=zzz", "/journal/sheets/archive/1/",
               "/journal/sheets/pupils/24/",
               "/journal/reports/", "/journal/reports/quality/", "/journal/reports/quality/?by=teacher",
               "/journal/reports/quality/?by=subject", "/journal/reports/classes/8/", "/journal/reports/pupils/24/",
               "/journal/reports/attendance/", "/journal/reports/attendance/8/", "/journal/reports/anomalies/",
               "/journal/reports/anomalies/?kind=silent&term=2", "/journal/desk/",
               "/journal/attestation/", "/journal/attestation/classes/8/", "/journal/attestation/classes/8/days/",
               "/journal/attestation/95/", "/journal/attestation/95/change/", "/journal/attestation/95/delete/",
               "/journal/debts/", "/journal/debts/?q=zzz", "/journal/debts/1/", "/journal/debts/1/retakes/add/",
               "/journal/debts/1/retakes/2/", "/journal/debts/3/retakes/2/result/", "/journal/exams/",
               "/journal/exams/classes/9/", "/journal/exams/classes/9/enter/?subject=1&date=2027-06-03",
               "/journal/exams/import/", "/journal/councils/", "/journal/councils/add/", "/journal/councils/2/",
               "/journal/councils/2/call-off/", "/journal/councils/2/confirm/", "/journal/councils/2/gradebooks/74/",
               "/journal/councils/1/gradebooks/74/",
               "/journal/councils/1/gradebooks/74/ → /journal/councils/1/results/",
               "/journal/gradebooks/", "/journal/gradebooks/?q=zzz", "/journal/gradebooks/100/",
               "/journal/gradebooks/100/?period=4", "/journal/classes/8/paper/",
               "/journal/gradebooks/open/", "/journal/load/",
               "/journal/load/?q=zzz", "/journal/load/gaps/", "/journal/load/add/", "/journal/load/import/",
               "/journal/load/1/change/", "/journal/load/1/end/", "/journal/load/1/replace/", "/journal/subgroups/",
               "/journal/subgroups/add/", "/journal/subgroups/1/change/", "/journal/subgroups/1/pupils/",
               "/journal/plan/", "/journal/gradebooks/71/lessons/generate/", "/journal/lessons/generate/",
               "/journal/gradebooks/71/lessons/generate/?starts=2027-01-11&ends=2027-01-31",
               "/journal/lessons/generate/?starts=2027-01-11&ends=2027-01-31", "/journal/lessons/1/",
               "/journal/work-kinds/", "/journal/work-kinds/add/", "/journal/work-kinds/1/change/",
               "/journal/rules/", "/journal/rules/keeping/add/", "/journal/rules/keeping/1/change/?kept=here",
               "/journal/rules/scales/add/?scale=pass&grade=9", "/journal/rules/scales/1/remove/",
               "/courses/board/", "/programmes/64/consider/", "/programmes/56/agree/", "/programmes/61/send-back/",
               "/programmes/21/end/",
               "/curricula/", "/curricula/add/", "/curricula/3/", "/curricula/3/change/", "/curricula/3/attestation/",
               "/curricula/3/approve/", "/curricula/3/copy/", "/curricula/3/delete/", "/curricula/calendar/add/",
               "/curricula/calendar/1/copy/", "/curricula/calendar/3/change/", "/curricula/calendar/3/approve/",
               "/curricula/calendar/3/delete/", "/programmes/mine/", "/programmes/64/", "/programmes/66/change/",
               "/programmes/66/lists/", "/programmes/66/plan/",
               "/programmes/approve/", "/programmes/board/",
               "/sveden/board/", "/sveden/board/common/", "/sveden/board/employees/", "/sveden/board/common/school/0/",
               "/sveden/board/common/founders/add/", "/sveden/board/education/",
               "/sveden/board/budget/flows/1/", "/sveden/board/budget/flows/1/remove/", "/sveden/export/",
               "/sveden/settings/",
               "/cabinet/", "/classes/", "/classes/1/platforms/",
               "/agreement/report/", "/orders/", "/orders/new/", "/orders/new/?kind=hire",
               "/breaches/", "/breaches/add/", "/consents/report/",
               "/people/", "/people/?q=zzz", "/people/1/", "/classes/1/", "/classes/year/1/", "/rollover/",
               "/reports/", "/reports/movement/", "/reports/headcount/", "/reports/sign-ins/", "/reports/book/",
               "/reports/book/?letter=%D0%9A", "/classes/1/movement/",
               "/classes/1/sheet/", "/classes/1/sheet/add/", "/classes/1/sheet/load/", "/registration/",
               "/registration/load/pupils/", "/registration/load/classes/",
               "/staff/", "/staff/?q=zzz", "/staff/3/", "/staff/1/", "/staff/1/training/add/", "/staff/1/skills/",
               "/staff/1/qualification/", "/staff/lacks/", "/staff/lacks/?skill=1", "/staff/skills/1/",
               "/staff/training/", "/staff/training/1/"],
    # Requests and suggestions
    "pupil2": ["/elements/sferum/", "/requests/", "/suggestions/", "/suggestions/add/",
               "/suggestions/add/?element=neb"],
    "classteacher2": ["/requests/class/", "/requests/class/?element=sferum"],
    "admin": ["/elements/import/", "/elements/reviews/", "/elements/reviews/?q=zzz", "/elements/sgo/connection/",
              "/desk/reviews/?state=due", "/desk/sgo/review/", "/desk/sgo/connection/", "/desk/tasks/",
              "/documents/", "/documents/add/", "/documents/2/change/", "/documents/2/editions/add/",
              "/documents/24/", "/documents/24/editions/3/", "/documents/24/editions/3/change/",
              "/documents/2/lose-force/", "/documents/25/restore-force/", "/documents/23/duties/",
              "/documents/23/duties/1/remove/",
              "/documents/2/?next=/elements/fis-oko/", "/desk/sferum/requests/", "/desk/sferum/suggestions/",
              "/suggestions/inbox/",
              "/cabinet/", "/elements/school-site/", "/elements/sgo/training/", "/audit/", "/incidents/", "/admin/",
              "/admin/accounts/user/", "/admin/accounts/skill/", "/credentials/authorised/",
              "/admin/accounts/user/add/", "/admin/accounts/order/", "/admin/accounts/appointment/",
              "/admin/accounts/schoolcard/1/change/", "/admin/resources/element/"],
}  # fmt: skip
MODES = {
    "light": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "dark": True},
    "low vision": {"viewport": WIDE, "low_vision": True},
    "phone": {"viewport": NARROW},
}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
STRUCTURE = RULES | {"rules": {"color-contrast": {"enabled": False}}}
# Asking for violations alone halves the time of axe.
ASK = "options => axe.run(document, {...options, resultTypes: ['violations']}).then(found => found.violations)"
# How many pages one test asks for, so that two workers share the work evenly.
SHARE = 15


def _kinds() -> set[tuple[str, str]]:
    """One page of each kind: its template is the same for every person, object and filter."""
    kinds: dict[str, tuple[str, str]] = {}
    for login, paths in PAGES.items():
        for path in paths:
            kinds.setdefault(re.sub(r"\d+", "N", path.partition("?")[0]), (login, path))
    return set(kinds.values())


KINDS = _kinds()
SHARES = [(login, first) for login, paths in PAGES.items() for first in range(0, len(paths), SHARE)]


@pytest.mark.parametrize(("login", "first"), SHARES)
def test_pages(portal, login, first):
    """Every page light and on a phone; one page of each kind in every mode. `make proof` has all pages in all modes."""
    paths = PAGES[login][first : first + SHARE]
    with portal.visit(login) as page:
        problems = {path: _sound(page, path, in_colours=(login, path) in KINDS) for path in paths}
    with portal.visit(login, **MODES["low vision"]) as page:
        for path in paths:
            if (login, path) in KINDS:
                problems[path] += _problems(page, path, "low vision")
    assert {path: found for path, found in problems.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("login", PAGES)
def test_pages_in_every_mode(portal, login, mode):
    with portal.visit(login, **MODES[mode]) as page:
        problems = {path: found for path in PAGES[login] if (found := _problems(page, path, mode))}
    assert problems == {}


def _sound(page, path: str, *, in_colours: bool) -> list[str]:
    """What is wrong with a page that is opened once, then narrowed to a phone's width and darkened."""
    # Colours that fade into each other would be measured half-way.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = _problems(page, path, "light")
    page.set_viewport_size(NARROW)
    found += [f"phone: {one}" for one in [*_axe(page, RULES if in_colours else STRUCTURE), *_too_wide(page)]]
    page.set_viewport_size(WIDE)
    if in_colours:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        # Links of Django admin fade into their new colour whatever the visitor prefers.
        page.wait_for_timeout(300 if path.startswith("/admin/") else 0)
        found += [f"dark: {one}" for one in _axe(page, COLOURS)]
    return found


def _problems(page, path: str, mode: str) -> list[str]:
    page.trouble.clear()
    answer = _opened(page, path)
    expected = 404 if "no-such" in path else 200
    found = [] if answer.status == expected else [f"status {answer.status}"]
    # Before axe: it inlines the @import that a style sheet of Django admin has, which the policy refuses.
    found += [text for text in page.trouble if str(expected) not in text]
    page.evaluate(Axe().axe_script)
    found += _axe(page, RULES if mode in ("light", "phone") else COLOURS) + _too_wide(page)
    if mode == "light":
        found += _invalid(answer.text())
    return found


def _opened(page, path: str):
    """The page; of «one → other», where the first link of the one leads whose address begins as the other's: keys of
    what the demo draws by lot change from week to week."""
    first, _, beginning = path.partition(" → ")
    answer = page.goto(first)
    return page.goto(page.locator(f'a[href^="{beginning}"]').first.get_attribute("href")) if beginning else answer


def _axe(page, rules) -> list[str]:
    """What axe finds; its script is in the page already."""
    violations = page.evaluate(ASK, rules)
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in violations for node in v["nodes"][:3]]


def _too_wide(page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    return ["wider than the screen"] if wide else []


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
    page.evaluate(Axe().axe_script)
    return _axe(page, COLOURS)
