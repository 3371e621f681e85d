"""The parts of the journal for staff, each shown to whom it opens. A part that is not built yet has no tab."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import User
from journal import rights


def everybody(person: User) -> bool:
    """Their pages show each person the own rows."""
    return True


def class_seers(person: User) -> bool:
    return rights.reads_all(person) or bool(person.led_classes)


def loaders(person: User) -> bool:
    return rights.manages(person) or bool(person.led_classes)


@dataclass(frozen=True)
class Tab:
    title: str
    page: str
    is_for: Callable[[User], bool]
    # Beginnings of addresses that belong to the part besides its own.
    also: tuple[str, ...] = ()


TABS = (
    Tab("Журналы", "gradebook_list", everybody),
    Tab("Не выставлено", "unposted_list", everybody),
    Tab("Ввод", "entry_detail", everybody),
    Tab("Нагрузка", "load_list", everybody),
    Tab("Расписание", "timetable", everybody, ("/journal/timetables/", "/journal/bells/", "/journal/rooms/")),
    Tab("Замены", "change_list", rights.manages),
    Tab("Подгруппы", "subgroup_list", rights.manages),
    Tab("Решения", "rule_list", rights.manages),
    Tab("План и факт", "plan_list", everybody, ("/journal/lessons/",)),
    Tab("Виды работ", "work_kind_list", rights.manages),
    Tab("Загрузки", "import_list", loaders),
    Tab("Аттестация", "attestation_list", everybody, ("/journal/debts/", "/journal/exams/", "/journal/councils/")),
    Tab("Ведомости", "sheet_list", class_seers),
    Tab("Отчёты", "report_list", everybody),
    Tab("Стол", "desk", rights.reads_all),
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


def _address(page: str) -> str:
    try:
        return reverse(f"journal:{page}")
    except NoReverseMatch:
        return ""
