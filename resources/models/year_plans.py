"""What the school lays down for a year and a level of education, draft → approved by order (6.2)."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import AcademicYear, Order
from eios.lib import grades


class StudyLevel(models.TextChoices):
    """Levels that the school plans for."""

    PRIMARY = grades.PRIMARY.code, grades.PRIMARY.title.lower()
    BASIC = grades.BASIC.code, grades.BASIC.title.lower()


GRADES = {StudyLevel(level.code): level.grades for level in (grades.PRIMARY, grades.BASIC)}


def level_of(grade: int) -> StudyLevel | None:
    """The level of education that the grade belongs to; None above the school."""
    return next((level for level, held in GRADES.items() if grade in held), None)


def grade_field(**options) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        options.pop("verbose_name", "класс"),
        **options,
        validators=[MinValueValidator(grades.FIRST), MaxValueValidator(grades.BASIC.grades[-1])],
    )


class YearPlanQuerySet(models.QuerySet):
    def approved(self) -> Self:
        """What is in force and public; drafts and what was replaced are the editors' own."""
        return self.filter(state=YearPlan.State.APPROVED)

    def visible(self, *, to_editor: bool) -> Self:
        return self if to_editor else self.approved()

    def of_grade(self, year: AcademicYear, grade: int) -> Self:
        """The approved one of the grade in the year: one row or none."""
        return self.approved().filter(year=year, level=level_of(grade))


class YearPlan(models.Model):
    """A plan of one year and level. Approving another one of the same year and level replaces it.

    `version` grows with each saving, so that two people who edit at once do not overwrite each other.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "проект"
        APPROVED = "approved", "утверждён"
        REPLACED = "replaced", "заменён"

    class Week(models.IntegerChoices):
        FIVE = 5, "пятидневная"
        SIX = 6, "шестидневная"

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="%(class)ss")
    level = models.CharField("уровень образования", max_length=10, choices=StudyLevel)
    title = models.CharField("уточнение", max_length=120, blank=True, help_text="Если вариантов несколько.")
    week = models.PositiveSmallIntegerField("учебная неделя", choices=Week, default=Week.FIVE)
    source = models.CharField("на основе чего", max_length=400, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name="утверждён приказом", null=True, blank=True, editable=False,
        related_name="+",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = YearPlanQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-year__starts", "-level", "state", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "level"], condition=Q(state="approved"), name="%(class)s_approved_once",
                violation_error_message="На этот год и уровень уже утверждён другой: он заменяется.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", order__isnull=True) | (~Q(state="draft") & Q(order__isnull=False)),
                name="%(class)s_approved_by_order",
                violation_error_message="Утверждают приказом.",
            ),
            models.CheckConstraint(
                condition=Q(week__in=[5, 6]), name="%(class)s_week", violation_error_message="Неделя — 5 или 6 дней."
            ),
        ]  # fmt: skip

    @property
    def grades(self) -> range:
        return GRADES[StudyLevel(self.level)]

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def name(self) -> str:
        """«Основное общее образование, 2026/2027 (вариант 2)»"""
        tail = f" ({self.title})" if self.title else ""
        return f"{self.get_level_display().capitalize()}, {self.year}{tail}"
