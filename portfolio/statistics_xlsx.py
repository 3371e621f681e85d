"""Statistics of portfolios as an XLSX file, under the heads of the screen."""

from accounts import exports
from accounts.models import AcademicYear, SchoolCard
from portfolio.models import Outcome, Sphere
from portfolio.statistics import Statistics


def of_statistics(found: Statistics, year: AcademicYear, school: SchoolCard) -> bytes:
    head = [("Класс", 10), ("Обучающихся", 13), ("С портфолио", 13), ("Достижений", 12),
            *((label, 24) for label in Sphere.labels), ("Ждут", 8), ("Работ", 6), ("Рецензий", 9),
            ("Классный руководитель", 22)]  # fmt: skip
    rows = [
        [
            one.title,
            one.pupils,
            one.active,
            one.achievements,
            *one.spheres,
            one.waiting,
            one.works,
            one.reviews,
            "" if one.is_led else "нет",
        ]
        for one in (*found.lines, *filter(None, [found.unled]), found.total)
    ]
    levels = [[level.label, *numbers] for level, numbers in found.levels]
    return exports.workbook_of(
        [
            exports.Sheet("Классы", f"Портфолио в числах, {year} учебный год", head, rows),
            exports.Sheet(
                "Уровни", "Достижения по уровням", [("Уровень", 20), *((label, 24) for label in Outcome.labels)], levels
            ),
        ],
        exports.source_line(school),
    )
