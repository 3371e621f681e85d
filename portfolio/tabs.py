"""The parts of the portfolio, each shown to whom it opens."""

from accounts.models import User
from eios.lib.tabs import Tab
from portfolio import rights


def pupils(person: User) -> bool:
    return person.is_pupil


def parents(person: User) -> bool:
    return person.is_parent


def employees(person: User) -> bool:
    return person.is_employee


def shown_to(person: User) -> bool:
    """Pupils show to employees, classmates and classes; the parents see the portfolio anyway."""
    return person.is_pupil or person.is_employee


def leaders(person: User) -> bool:
    return rights.manages(person) or rights.leads_somebody(person)


TABS = (
    # The pupil's own
    Tab("Моё портфолио", "portfolio:portfolio_own", pupils),
    Tab("Достижения", "portfolio:achievement_list", pupils),
    Tab("Работы", "portfolio:work_list", pupils),
    Tab("Кому показано", "portfolio:share_list", pupils),
    Tab("Выгрузки", "portfolio:export_list", pupils),
    # The family's
    Tab("Мои дети", "portfolio:child_list", parents),
    # The school's: first what waits
    Tab(
        "Классы",
        "portfolio:class_list",
        leaders,
        ("/portfolio/classes/", "/portfolio/pupils/", "/portfolio/completeness/"),
    ),
    Tab("Проверка", "portfolio:queue", leaders),
    Tab("Проверка рецензий", "portfolio:moderation_list", leaders, ("/portfolio/reviews/", "/portfolio/invitations/")),
    Tab("Работы учеников", "portfolio:work_staff_list", employees, ("/portfolio/works/",)),
    Tab("Мероприятия", "portfolio:event_list", rights.enters_events),
    Tab("Загрузки", "portfolio:import_list", rights.enters_events),
    # Everybody's
    Tab("Показано мне", "portfolio:shown_list", shown_to),
    Tab("Мои рецензии", "portfolio:own_review_list", lambda person: True),
    # The school's rules and numbers
    Tab("Рубрики", "portfolio:rubric_list", employees),
    Tab("Рейтинг", "portfolio:rating", leaders, ("/portfolio/points/",)),
    Tab("Статистика", "portfolio:statistics", leaders),
    Tab("Выбывшие", "portfolio:leaver_list", rights.manages),
    Tab("Правила", "portfolio:rules", rights.manages),
)
