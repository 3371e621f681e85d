"""The parts of the portfolio, each shown to whom it opens. A part that is not built yet has no tab."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import User
from portfolio import rights


def pupils(person: User) -> bool:
    return person.is_pupil


def parents(person: User) -> bool:
    return person.is_parent


def employees(person: User) -> bool:
    return person.is_employee


def leaders(person: User) -> bool:
    return rights.manages(person) or rights.leads_somebody(person)


@dataclass(frozen=True)
class Tab:
    title: str
    page: str
    is_for: Callable[[User], bool]
    # Beginnings of addresses that belong to the part besides its own.
    also: tuple[str, ...] = ()


TABS = (
    # The pupil's own
    Tab("Моё портфолио", "portfolio_own", pupils),
    Tab("Достижения", "achievement_list", pupils),
    Tab("Работы", "work_list", pupils),
    Tab("Кому показано", "share_list", pupils),
    Tab("Выгрузки", "export_list", pupils),
    # The family's
    Tab("Мои дети", "child_list", parents),
    # Everybody's
    Tab("Показано мне", "shown_list", lambda person: True),
    # The school's
    Tab("Классы", "class_list", leaders, ("/portfolio/classes/", "/portfolio/pupils/")),
    Tab("Проверка", "queue", leaders),
    Tab("Мероприятия", "event_list", rights.enters_events),
    Tab("Загрузки", "import_list", rights.enters_events),
    Tab("Работы учеников", "work_staff_list", employees),
    Tab("Рецензии", "moderation_list", leaders, ("/portfolio/reviews/",)),
    Tab("Рубрики", "rubric_list", employees),
    Tab("Рейтинг", "rating", leaders),
    Tab("Статистика", "statistics", leaders),
    Tab("Выбывшие", "leaver_list", rights.manages),
    Tab("Правила", "rules", rights.manages),
)


@dataclass(frozen=True)
class Shown:
    title: str
    url: str
    is_current: bool


def shown_to(person: User, path: str) -> list[Shown]:
    """Tabs for the person; the one whose address begins the path is the current one. No queries."""
    found = [(tab, url) for tab in TABS if tab.is_for(person) and (url := _address(tab.page))]
    return [Shown(tab.title, url, path.startswith((url, *tab.also))) for tab, url in found]


@functools.cache
def _address(page: str) -> str:
    try:
        return reverse(f"portfolio:{page}")
    except NoReverseMatch:
        return ""
