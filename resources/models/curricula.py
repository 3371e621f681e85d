"""Curricula by year and level of education: subjects, hours a week, forms of interim attestation (6.2)."""

from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import AcademicYear
from resources.models.subjects import Subject
from resources.models.year_plans import YearPlan, grade_field, level_of

MOST_HOURS = 40
HALF = Decimal("0.5")


def validate_halves(value: Decimal) -> None:
    if value % HALF:
        raise ValidationError("Часы считают целыми и половинами: 1; 1,5; 2.")


class Curriculum(YearPlan):
    """The curriculum of a level for a year: rows of subjects, each with hours by grade."""

    class Meta(YearPlan.Meta):
        verbose_name = "учебный план"
        verbose_name_plural = "учебные планы"

    def __str__(self) -> str:
        return f"Учебный план: {self.name}"


class CurriculumGrade(models.Model):
    """How many school weeks a grade has in the year: 33 in grade 1, 34 later."""

    curriculum = models.ForeignKey(Curriculum, models.CASCADE, verbose_name="учебный план", related_name="weeks")
    grade = grade_field()
    weeks = models.PositiveSmallIntegerField("учебных недель", validators=[MinValueValidator(1), MaxValueValidator(52)])

    class Meta:
        verbose_name = "недели класса"
        verbose_name_plural = "недели классов"
        ordering = ["grade"]
        constraints = [models.UniqueConstraint(fields=["curriculum", "grade"], name="curriculum_grade_once")]

    def __str__(self) -> str:
        return f"{self.grade} класс: {self.weeks}"


class CurriculumRow(models.Model):
    """A line: a subject in the obligatory part or in the one that the school forms, or an extracurricular course."""

    class Part(models.TextChoices):
        OBLIGATORY = "obligatory", "обязательная часть"
        FORMED = "formed", "часть, формируемая участниками образовательных отношений"
        EXTRA = "extra", "внеурочная деятельность"

    curriculum = models.ForeignKey(Curriculum, models.CASCADE, verbose_name="учебный план", related_name="rows")
    part = models.CharField("часть плана", max_length=10, choices=Part, default=Part.OBLIGATORY)
    subject = models.ForeignKey(
        Subject, models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="curriculum_rows"
    )
    title = models.CharField("курс внеурочной деятельности", max_length=200, blank=True)

    class Meta:
        verbose_name = "строка учебного плана"
        verbose_name_plural = "строки учебного плана"
        ordering = ["subject__area__order", "subject__order", "subject__name", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "part", "subject"], condition=Q(subject__isnull=False),
                name="curriculum_subject_once", violation_error_message="Этот предмет в этой части плана уже есть.",
            ),
            models.UniqueConstraint(
                fields=["curriculum", "title"], condition=~Q(title=""), name="curriculum_course_once",
                violation_error_message="Такой курс в плане уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(part="extra", subject__isnull=True) & ~Q(title="")
                | ~Q(part="extra") & Q(subject__isnull=False, title=""),
                name="curriculum_row_is_of_something",
                violation_error_message="У урочной строки есть предмет, у внеурочной — название курса.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.subject.name if self.subject_id else self.title


class CurriculumHoursQuerySet(models.QuerySet):
    def taught(self, year: AcademicYear, grade: int) -> Self:
        """Lessons of the grade in the year by the approved curriculum; a subject of both parts has two rows."""
        return self.filter(
            row__curriculum__year=year, row__curriculum__level=level_of(grade), row__subject__isnull=False,
            row__curriculum__state=Curriculum.State.APPROVED, grade=grade, hours__gt=0,
        )  # fmt: skip


class CurriculumHours(models.Model):
    """A cell: hours a week of a row in a grade, and how the year is attested. Empty cells are not kept."""

    row = models.ForeignKey(CurriculumRow, models.CASCADE, verbose_name="строка", related_name="hours")
    grade = grade_field()
    hours = models.DecimalField(
        "часов в неделю", max_digits=4, decimal_places=1,
        validators=[MinValueValidator(HALF), MaxValueValidator(MOST_HOURS), validate_halves],
    )  # fmt: skip
    attestation = models.CharField("форма промежуточной аттестации", max_length=80, blank=True)

    objects = CurriculumHoursQuerySet.as_manager()

    class Meta:
        verbose_name = "часы предмета"
        verbose_name_plural = "часы предметов"
        ordering = ["grade"]
        constraints = [
            models.UniqueConstraint(fields=["row", "grade"], name="curriculum_cell_once"),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="curriculum_hours",
                violation_error_message=f"Часов в неделю — больше 0 и не больше {MOST_HOURS}.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.row}, {self.grade} класс: {self.hours.normalize():f}"
