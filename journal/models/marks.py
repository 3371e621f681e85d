"""Marks, absences and results: what a gradebook holds, mirrored or entered here (7.1-7.3)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import AcademicYear, ImportBatch
from journal.models.councils import Council, ResultKind
from journal.models.gradebooks import Gradebook
from resources.models import Subject


class Cell(models.Model):
    """A pupil in a gradebook on a day; `slot` tells the subject's lessons of one day apart, from 1.

    `batch` is the import that wrote the row last; without one it was entered here.
    """

    gradebook = models.ForeignKey(
        Gradebook, models.PROTECT, verbose_name="журнал", related_name="%(class)ss", db_index=False
    )
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="%(class)ss", db_index=False
    )
    date = models.DateField("дата")
    slot = models.PositiveSmallIntegerField("который урок предмета за день", default=1)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, verbose_name="загрузка", null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True


class CellQuerySet(models.QuerySet):
    def of_pupil(self, pupil, starts, ends) -> Self:
        return self.filter(pupil=pupil, date__gte=starts, date__lte=ends)

    def of_gradebook(self, gradebook: Gradebook, starts, ends) -> Self:
        return self.filter(gradebook=gradebook, date__gte=starts, date__lte=ends)


class Mark(Cell):
    """One mark: `value` as it is shown («5», «зач», «87»), `number` where averages may take it.

    `place` orders several marks of a cell, from 1; `work` is the code of the kind of work, as the source calls it.
    """

    place = models.PositiveSmallIntegerField("которая в клетке", default=1)
    value = models.CharField("отметка", max_length=6)
    number = models.PositiveSmallIntegerField("числом", null=True, blank=True)
    weight = models.DecimalField("вес", max_digits=5, decimal_places=2, default=1)
    work = models.CharField("вид работы", max_length=4, blank=True)
    comment = models.CharField("замечание", max_length=300, blank=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = "отметка"
        verbose_name_plural = "отметки"
        # The unique index serves the grid, the other one the diary.
        indexes = [models.Index(fields=["pupil", "date"], name="mark_pupil_date")]
        constraints = [
            models.UniqueConstraint(fields=["gradebook", "date", "pupil", "slot", "place"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="mark_weight", violation_error_message="Вес отметки больше нуля."
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Absence(Cell):
    """Why a pupil was not at a lesson, or was late. «Б» is health data: who sees reasons says `journal.rights`."""

    class Code(models.TextChoices):
        EXCUSED = "excused", "по уважительной причине"
        ILL = "ill", "по болезни"
        UNEXCUSED = "unexcused", "по неуважительной причине"
        ABSENT = "absent", "причина не указана"
        LATE = "late", "опоздание"
        EXEMPT = "exempt", "освобождение от посещения"

    MISSED = (Code.EXCUSED, Code.ILL, Code.UNEXCUSED, Code.ABSENT)

    code = models.CharField("отметка об отсутствии", max_length=10, choices=Code)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = "пропуск"
        verbose_name_plural = "пропуски"
        indexes = [models.Index(fields=["pupil", "date"], name="absence_pupil_date")]
        constraints = [models.UniqueConstraint(fields=["gradebook", "date", "pupil", "slot"], name="absence_once")]

    def __str__(self) -> str:
        return self.get_code_display()


class ResultQuerySet(models.QuerySet):
    def of_year(self, year: AcademicYear) -> Self:
        return self.filter(year=year)

    def for_families(self) -> Self:
        """What pupils and parents see: what the outside system says, and what a council has confirmed (1.3 b)."""
        return self.filter(Q(batch__isnull=False) | Q(council__isnull=False))


class Result(models.Model):
    """A pupil's result in a subject: of a term, the year, the exam, or the final one (domain: Год → Экзамен → Итог).

    `number` is the term's place in the calendar, 0 for what is of the whole year. It stays when a pupil changes class;
    `gradebook` is where it was given. `average` is what the source computed, kept as the source says it. Without a
    batch and a council it is a teacher's proposal, which families do not see.
    """

    Kind = ResultKind

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="results", db_index=False
    )
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="+", db_index=False)
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="предмет", related_name="+", db_index=False)
    kind = models.CharField("какой результат", max_length=5, choices=ResultKind)
    number = models.PositiveSmallIntegerField("который период", default=0)
    value = models.CharField("отметка", max_length=6, blank=True)
    average = models.DecimalField("средняя", max_digits=5, decimal_places=2, null=True, blank=True)
    gradebook = models.ForeignKey(Gradebook, models.PROTECT, verbose_name="журнал", related_name="results")
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, verbose_name="загрузка", null=True, blank=True, related_name="results"
    )
    council = models.ForeignKey(
        Council, models.PROTECT, verbose_name="утверждён педсоветом", null=True, blank=True, related_name="results"
    )
    updated_at = models.DateTimeField("изменён", auto_now=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = "результат"
        verbose_name_plural = "результаты"
        indexes = [models.Index(fields=["year", "subject", "kind", "number"], name="result_year_subject")]
        constraints = [
            models.UniqueConstraint(fields=["pupil", "year", "subject", "kind", "number"], name="result_once"),
            models.CheckConstraint(
                condition=Q(kind="term", number__gt=0) | (~Q(kind="term") & Q(number=0)),
                name="result_number",
                violation_error_message="Номер есть только у периода.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
