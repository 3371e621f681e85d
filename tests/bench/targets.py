"""What is measured and what it should be. A new page of the portal is one more line in TARGETS."""

from dataclasses import dataclass
from urllib.parse import urlencode

LIMIT, PORTAL = "limit", "portal"
FORM, LIST = "Предел: форма входа", "Предел: список, 20 строк"
LIST_LATER = "Предел: список, в конце замера"
DIARY, GRID = "Предел: дневник, ~280 отметок", "Предел: таблица 30×60 с полями"
SAVE = "Предел: одна отметка сохранена"


@dataclass(frozen=True)
class Target:
    """A page asked for again and again, by people of one kind (a key of PEOPLE) in turn, or by a guest.

    `beside`: the limit's page that it is compared with; `at_most`: the goal of that ratio of CPU times; `queries`: the
    most it may ask of the database; `again`: a repeat visit, answered with 304; `whole`: a list without pages, whose
    weight has no goal; `late`: asked when the registry has grown. `at_most_sqlite`: where the goal there is another.
    `saves`: a form is posted there, each time another one.
    """

    name: str
    path: str
    who: str = ""
    beside: str = ""
    at_most: float | None = None
    at_most_sqlite: float | None = None
    queries: int | None = None
    again: bool = False
    whole: bool = False
    late: bool = False
    saves: bool = False
    site: str = PORTAL

    def goal(self, on_sqlite: bool) -> float | None:
        return self.at_most_sqlite if on_sqlite and self.at_most_sqlite else self.at_most


def ordinary(name: str, path: str, who: str) -> Target:
    """A page of one who is signed in."""
    return Target(name, path, who, beside=LIST, at_most=1.6, queries=7)


def whole(name: str, path: str, *, queries: int, late: bool = False) -> Target:
    """A long list on one page, for the system administrator."""
    beside = LIST_LATER if late else LIST
    return Target(name, path, "admin", beside=beside, at_most=15, queries=queries, whole=True, late=late)


def searched(name: str, question: str, who: str = "") -> Target:
    """A page of hits among all the documents that the portal then has."""
    path = f"/search/?{urlencode({'q': question})}"
    return Target(name, path, who, beside=LIST_LATER, at_most=5, at_most_sqlite=15, queries=12, late=True)


COURSE, COURSE_PAGES = 900, 300
# A class of the demo school, of any size, that is marked.
CLASS = 14
# The key of a gradebook of 30 pupils and 60 lessons that is kept here.
BOOK = 9_000_000

TARGETS = (
    Target(FORM, "/login/", site=LIMIT),
    Target(LIST, "/list/", "reader", site=LIMIT),
    Target("Форма входа", "/login/", beside=FORM, at_most=2.5),
    Target("Главная, гость", "/", beside=LIST),
    ordinary("Главная, ученик", "/", "pupil"),
    ordinary("Главная, учитель", "/", "teacher"),
    ordinary("Главная, администратор", "/", "admin"),
    ordinary("Кабинет, ученик", "/cabinet/", "pupil"),
    ordinary("Кабинет, родитель", "/cabinet/", "parent"),
    ordinary("Кабинет, учитель", "/cabinet/", "teacher"),
    ordinary("Кабинет, классный руководитель", "/cabinet/", "classteacher"),
    ordinary("Кабинет, администратор", "/cabinet/", "admin"),
    Target("Реестр, ученик", "/elements/", "pupil", beside=LIST, queries=7),
    Target("Реестр, гость", "/elements/", beside=LIST),
    Target("Реестр, гость повторно (304)", "/elements/", beside=LIST, at_most=0.5, again=True),
    whole("Реестр, администратор", "/elements/", queries=7),
    whole("Стол, все элементы", "/desk/", queries=7),
    whole("Кто может открыть, вся школа", "/desk/sferum/who/", queries=16),
    # The registry of another size: the lists ask as many queries, and cost no more than a long list may.
    Target(LIST_LATER, "/list/", "reader", site=LIMIT, late=True),
    whole("Реестр, 500 элементов", "/elements/", queries=7, late=True),
    whole("Стол, 500 элементов", "/desk/", queries=7, late=True),
    Target(
        "Страница курса из 300, ученик",
        f"/courses/{COURSE}/152/",
        "pupil",
        beside=LIST_LATER,
        at_most=1.6,
        queries=7,
        late=True,
    ),
    Target(
        "Страница курса, гость повторно (304)",
        f"/courses/{COURSE}/152/",
        beside=LIST_LATER,
        at_most=0.5,
        again=True,
        late=True,
    ),
    # A million marks. The first pages are asked before there are so many, to tell whether they grow with history.
    Target("Дневник, четверть, до роста", "/journal/?period=1", "pupil", beside=LIST, queries=13),
    Target("Класс целиком, до роста", f"/journal/classes/{CLASS}/?period=1", "deputy", beside=LIST, queries=16),
    Target(DIARY, "/diary/", "reader", site=LIMIT, late=True),
    Target(GRID, "/grid/", "reader", site=LIMIT, late=True),
    Target("Дневник, четверть", "/journal/?period=1", "pupil", beside=LIST_LATER, queries=13, late=True),
    Target(
        "Дневник, весь год, ~280 отметок",
        "/journal/?period=0",
        "pupil",
        beside=DIARY,
        at_most=1.5,
        queries=13,
        late=True,
    ),
    Target("Класс целиком", f"/journal/classes/{CLASS}/?period=1", "deputy", beside=LIST_LATER, queries=16, late=True),
    Target(
        "Сводная ведомость класса",
        f"/journal/sheets/{CLASS}/",
        "deputy",
        beside=GRID,
        at_most=2,
        queries=25,
        whole=True,
        late=True,
    ),
    Target("Качество по школе", "/journal/reports/quality/", "deputy", beside=GRID, queries=16, whole=True, late=True),
    Target(
        "Очередь достижений, классный руководитель",
        "/portfolio/queue/",
        "classteacher",
        beside=LIST_LATER,
        at_most=2,
        queries=10,
        late=True,
    ),
    Target(
        "Рейтинг достижений школы",
        "/portfolio/rating/",
        "deputy",
        beside=LIST_LATER,
        at_most=10,
        queries=12,
        late=True,
    ),
    Target(SAVE, "/save/", "reader", site=LIMIT, late=True, saves=True),
    Target(
        "Журнал 30×60, ввод",
        f"/journal/gradebooks/{BOOK}/?period=0",
        "keeper",
        beside=GRID,
        at_most=1.5,
        queries=9,
        whole=True,
        late=True,
    ),
    Target(
        "Одна отметка сохранена",
        f"/journal/gradebooks/{BOOK}/cells/",
        "keeper",
        beside=SAVE,
        at_most=3,
        late=True,
        saves=True,
    ),
    searched("Поиск, слово, гость", "школовун"),
    searched("Поиск, два слова, гость", "школоов школовун"),
    searched("Поиск, слово, ученик", "школовун", "pupil"),
    # A word that nearly all of them have is as slow as it can be: shown, with no goal.
    Target("Поиск, слово из каждого, гость", f"/search/?{urlencode({'q': 'школа'})}", beside=LIST_LATER, late=True),
)
ELEMENTS = 500  # of a registry that has grown
DOCUMENTS, WORDS_OF_DOCUMENT = 10_000, 300  # of what is searched then

# Whose sessions are made: logins, as a regular expression.
PEOPLE = {LIMIT: {"reader": r"^reader\d+$"}, PORTAL: {"admin": "^admin$", "deputy": "^deputy$"}}
PEOPLE[PORTAL]["keeper"] = "^teacher1$"
PEOPLE[PORTAL] |= {who: rf"^{who}\d+$" for who in ("pupil", "parent", "teacher", "classteacher")}

SIGN_INS, AT_ONCE = 300, 16  # how many people sign in, and how many at a time, from one address
SIGN_INS_A_SECOND = 45
MEANWHILE, MEANWHILE_P95_MS = "Кабинет, ученик", 500
FIRST_VISIT_KB, LATER_PAGE_KB = 100, 30  # on the wire; the first with fonts, styles, icons and scripts
WORKER_MIB = 70
