"""Points of achievements by an editable table, and how the school uses the portfolio at all."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import AcademicYear
from portfolio.models.achievements import Outcome
from portfolio.models.events import Level, Mode, Sphere


class PortfolioRules(models.Model):
    """What the school has switched on; one row."""

    outsiders_review = models.BooleanField(
        "приглашённые рецензенты", default=False,
        help_text="Рецензии людей без учётной записи по личной ссылке с кодом и сроком.",
    )  # fmt: skip
    has_rating = models.BooleanField("рейтинг достижений", default=False)
    pupils_see_rating = models.BooleanField(
        "обучающийся видит свои баллы", default=False, help_text="Свои баллы и место; чужих имён — никогда."
    )
    share_days = models.PositiveSmallIntegerField(
        "ссылка действует, дней", default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    invitation_days = models.PositiveSmallIntegerField(
        "приглашение рецензента действует, дней", default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    class Meta:
        verbose_name = "правила портфолио"
        verbose_name_plural = "правила портфолио"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="portfolio_rules_one_row")]

    def __str__(self) -> str:
        return "Правила портфолио"

    @classmethod
    def current(cls) -> "PortfolioRules":
        """The row, or what holds until somebody writes one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class PointsTable(models.Model):
    """A version of the points of a year; the newest of a year holds. Not changed once another year's rating or a later
    version stands on it: an edit makes the next version."""

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="+")
    version = models.PositiveSmallIntegerField("версия")
    basis = models.CharField("на основании", max_length=200, blank=True, help_text="Протокол педсовета, приказ.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="составил", null=True, related_name="+"
    )
    created_at = models.DateTimeField("составлена", auto_now_add=True)

    class Meta:
        verbose_name = "таблица баллов"
        verbose_name_plural = "таблицы баллов"
        ordering = ["-year__starts", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="points_table_once")]

    def __str__(self) -> str:
        return f"Таблица баллов за {self.year}, версия {self.version}"


class Points(models.Model):
    """A line of the table: what an achievement of this kind is worth."""

    table = models.ForeignKey(PointsTable, models.CASCADE, verbose_name="таблица", related_name="lines", db_index=False)
    sphere = models.CharField("сфера", max_length=10, choices=Sphere)
    level = models.CharField("уровень", max_length=15, choices=Level)
    outcome = models.CharField("результат", max_length=11, choices=Outcome)
    mode = models.CharField("как проходило", max_length=10, choices=Mode)
    points = models.DecimalField(
        "баллы", max_digits=6, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )

    class Meta:
        verbose_name = "баллы"
        verbose_name_plural = "баллы"
        ordering = ["table", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "sphere", "level", "outcome", "mode"], name="points_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=1000), name="points_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.points}"
