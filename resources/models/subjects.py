"""School subjects and their areas: one list for curricula, programmes, materials and the journal (1.3 a, 6.2)."""

from typing import Self

from django.db import models
from django.db.models import Sum


class SubjectArea(models.Model):
    """A subject area of the federal programme: «Математика и информатика»."""

    name = models.CharField("предметная область", max_length=200, unique=True)
    order = models.PositiveSmallIntegerField("порядок", default=100)

    class Meta:
        verbose_name = "предметная область"
        verbose_name_plural = "предметные области"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class SubjectQuerySet(models.QuerySet):
    def taught(self, year, grade: int) -> Self:
        """Subjects of the grade in the year by the approved curriculum, each with `hours` a week of both parts."""
        found = self.filter(
            curriculum_rows__hours__grade=grade, curriculum_rows__curriculum__year=year,
            curriculum_rows__curriculum__state="approved",
        )  # fmt: skip
        return found.annotate(hours=Sum("curriculum_rows__hours__hours"))


class Subject(models.Model):
    """A subject, or a module that is taught and marked by itself: «Алгебра».

    `aliases` are other names that files of other systems use, one on a line.
    """

    area = models.ForeignKey(SubjectArea, models.PROTECT, verbose_name="предметная область", related_name="subjects")
    name = models.CharField("название", max_length=200, unique=True)
    short_name = models.CharField("коротко", max_length=40, blank=True, help_text="Для таблиц: «Рус. яз.».")
    aliases = models.TextField(
        "другие названия", blank=True, help_text="Как в файлах других систем, по одному на строке."
    )
    order = models.PositiveSmallIntegerField("порядок", default=100)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = "учебный предмет"
        verbose_name_plural = "учебные предметы"
        ordering = ["area__order", "order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        return self.short_name or self.name
