"""For which grades something is meant: from–to, or for any."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from eios.lib import grades

FIRST, LAST = grades.FIRST, grades.LAST_OF_BOOKS
_LIMITS = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class ForGradesQuerySet(models.QuerySet):
    def for_grade(self, grade: int):
        """Meant for the grade; what is for any grade is for this one too."""
        return self.filter(Q(grade_from__isnull=True) | Q(grade_from__lte=grade, grade_to__gte=grade))


class ForGrades(models.Model):
    """Both grades, or neither: then for any grade."""

    grade_from = models.PositiveSmallIntegerField("с какого класса", null=True, blank=True, validators=_LIMITS)
    grade_to = models.PositiveSmallIntegerField("по какой класс", null=True, blank=True, validators=_LIMITS)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(grade_from__isnull=True, grade_to__isnull=True)
                # NULL compares to «unknown», which a check lets through: that neither is NULL is said outright.
                | Q(grade_from__isnull=False, grade_to__isnull=False)
                & Q(grade_from__gte=FIRST, grade_to__gte=F("grade_from"), grade_to__lte=LAST),
                name="%(class)s_grades",
                violation_error_message="Классы указывают оба, от меньшего к большему: «с 5 по 7».",
            )
        ]

    @property
    def grades(self) -> str:
        """«7–9 классы», «7 класс», or "" for any."""
        if self.grade_from is None:
            return ""
        if self.grade_from == self.grade_to:
            return f"{self.grade_from} класс"
        return f"{self.grade_from}–{self.grade_to} классы"
