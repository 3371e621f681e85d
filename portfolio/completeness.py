"""What is missing for a good portfolio, and what to do about it (11.1). Steps are pure; `facts_of` reads for many."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts import consents
from accounts.models import User
from accounts.models.consents import ConsentKind
from portfolio.models import Achievement, Evidence, Origin, Portfolio, Review, State, Work, WorkAuthor, WorkVersion

# Of the five spheres (1.6): a portfolio of one of them is narrow.
ENOUGH_SPHERES = 3


@dataclass(frozen=True)
class Facts:
    """What a portfolio has: counts of confirmed achievements by sphere and of works; flags."""

    has_about: bool = False
    has_cover: bool = False
    achievements: int = 0
    spheres: int = 0
    unproved: int = 0
    returned: int = 0
    works: int = 0
    reflected: int = 0
    reviewed: int = 0
    may_show: bool = False


@dataclass(frozen=True)
class Step:
    """One thing of a good portfolio; `page` is where it is done (a name of the portfolio's pages)."""

    title: str
    advice: str
    is_done: bool
    page: str


@dataclass(frozen=True)
class Completeness:
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.steps)

    @property
    def missing(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.is_done)


def completeness(facts: Facts) -> Completeness:
    """Pure: the steps in the order in which they are best taken."""
    return Completeness((
        Step("Рассказ о себе", "Напишите несколько предложений о том, чем увлекаетесь.", facts.has_about,
             "portfolio_own"),
        Step("Обложка", "Поставьте картинку: рисунок, фотографию поделки, вид из окна.", facts.has_cover,
             "portfolio_own"),
        Step("Первое достижение", "Внесите грамоту, диплом или участие и передайте на проверку.",
             facts.achievements > 0, "achievement_list"),
        Step("Разные сферы", f"Хорошо, когда есть достижения и работы хотя бы в {ENOUGH_SPHERES} сферах из пяти.",
             facts.spheres >= ENOUGH_SPHERES, "achievement_list"),
        Step("Подтверждения", "Приложите к достижениям грамоты, ссылки или номера приказов.",
             facts.achievements > 0 and not facts.unproved, "achievement_list"),
        Step("Исправленные записи", "Исправьте то, что вернул классный руководитель, и отправьте снова.",
             not facts.returned, "achievement_list"),
        Step("Первая работа", "Добавьте сочинение, проект, рисунок или запись выступления.", facts.works > 0,
             "work_list"),
        Step("Выводы о работе", "Допишите в работе, чему научились и что сделали бы иначе.", facts.reflected > 0,
             "work_list"),
        Step("Рецензия", "Откройте работу для рецензий и попросите учителя или одноклассника о ней.",
             facts.reviewed > 0, "work_list"),
        Step("Согласие на показ", "Без согласия показать портфолио никому нельзя: его дают родители, с 14 лет и вы.",
             facts.may_show, "share_list"),
    ))  # fmt: skip


def facts_of(pupils: Iterable[User], date: datetime.date) -> dict[int, Facts]:
    """Of each of the pupils by key; eight queries however many there are."""
    pupils = list(pupils)
    keys = [pupil.pk for pupil in pupils]
    pages = {row.pupil_id: row for row in Portfolio.objects.filter(pupil__in=keys)}
    achievements, works = _achievements(keys), _works(keys)
    spheres = _spheres(keys)
    states = consents.states(pupils, ConsentKind.PORTFOLIO, date)
    return {
        key: Facts(
            has_about=bool(key in pages and pages[key].about), has_cover=bool(key in pages and pages[key].cover_id),
            spheres=len(spheres.get(key, ())), may_show=states[key].is_given,
            **achievements.get(key, {}), **works.get(key, {}),
        )
        for key in keys
    }  # fmt: skip


def _achievements(keys: list[int]) -> dict[int, dict]:
    confirmed = Q(state=State.CONFIRMED)
    bare = confirmed & Q(origin=Origin.PUPIL) & ~Exists(Evidence.objects.filter(achievement=OuterRef("pk")))
    rows = Achievement.objects.filter(pupil__in=keys).order_by().values("pupil")
    rows = rows.annotate(
        achievements=Count("pk", confirmed), unproved=Count("pk", bare), returned=Count("pk", Q(state=State.RETURNED))
    )
    return {row.pop("pupil"): row for row in rows}


def _works(keys: list[int]) -> dict[int, dict]:
    versions = WorkVersion.objects.filter(work=OuterRef("work"), sealed_at__isnull=False)
    reviews = Review.objects.published().filter(version__work=OuterRef("work"))
    rows = WorkAuthor.objects.filter(Exists(versions), person__in=keys, agreed_at__isnull=False).order_by()
    rows = rows.values("person").annotate(
        works=Count("pk"),
        reflected=Count("pk", Q(Exists(versions.exclude(reflection="")))),
        reviewed=Count("pk", Q(Exists(reviews))),
    )
    return {row.pop("person"): row for row in rows}


def _spheres(keys: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    achievements = Achievement.objects.confirmed().filter(pupil__in=keys).order_by()
    for key, sphere in achievements.values_list("pupil", "sphere").distinct():
        found.setdefault(key, set()).add(sphere)
    works = Work.objects.filter(authors__person__in=keys, authors__agreed_at__isnull=False).order_by()
    for key, sphere in works.values_list("authors__person", "sphere").distinct():
        found.setdefault(key, set()).add(sphere)
    return found
