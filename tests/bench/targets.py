"""What is measured. A new page of the portal is one more line in TARGETS."""

from dataclasses import dataclass

LIMIT, PORTAL = "limit", "portal"
FORM, LIST = "Предел: форма входа", "Предел: список из 20 строк"


@dataclass(frozen=True)
class Target:
    """A page that is asked for again and again, by `who` (a key of PEOPLE) in turn, or by a guest.

    `beside` is the limit site's page it is compared with, `at_most` the goal of that ratio in CPU time, `queries` the
    most it may ask of the database. `again` means a repeat visit, which answers 304.
    """

    name: str
    path: str
    site: str = PORTAL
    who: str = ""
    beside: str = ""
    at_most: float | None = None
    queries: int | None = None
    again: bool = False


TARGETS = (
    Target(FORM, "/login/", LIMIT),
    Target(LIST, "/list/", LIMIT, "reader"),
    Target("Форма входа", "/login/", beside=FORM, at_most=2.5),
    Target("Главная, гость", "/", beside=LIST),
    Target("Главная, ученик", "/", who="pupil", beside=LIST, at_most=1.6, queries=7),
    Target("Главная, учитель", "/", who="teacher", beside=LIST, at_most=1.6, queries=7),
    Target("Главная, администратор", "/", who="admin", beside=LIST, at_most=1.6, queries=7),
    Target("Кабинет, ученик", "/cabinet/", who="pupil", beside=LIST, at_most=1.6, queries=7),
    Target("Кабинет, учитель", "/cabinet/", who="teacher", beside=LIST, at_most=1.6, queries=7),
    Target("Кабинет, администратор", "/cabinet/", who="admin", beside=LIST, at_most=1.6, queries=7),
    Target("Реестр, гость впервые", "/elements/", beside=LIST),
    Target("Реестр, гость повторно (304)", "/elements/", beside=LIST, at_most=0.5, again=True),
)

# Whose sessions are made: logins, as a regular expression.
PEOPLE = {
    LIMIT: {"reader": r"^reader\d+$"},
    PORTAL: {"pupil": r"^pupil\d+$", "teacher": r"^teacher\d+$", "admin": r"^admin$"},
}
SESSIONS_EACH = 100

# At the start of a school day: this many people sign in, so many of them at once, from one address.
SIGN_IN_PATH = "/login/"
SIGN_INS, AT_ONCE = 300, 16
SIGN_INS_A_SECOND = 45
MEANWHILE, WAIT_MEANWHILE_MS = "Кабинет, ученик", 500
# Bytes sent to a browser: a guest's first page with everything it loads, and pages after it.
FIRST_VISIT_KB, LATER_PAGE_KB = 100, 30
LATER_PAGES = ("Главная, ученик", "Кабинет, ученик", "Кабинет, учитель", "Кабинет, администратор", "Реестр, гость впервые")
WORKER_MIB = 70
