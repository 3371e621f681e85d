"""Interim attestation of the year, debts that it opens, retakes, and the state's exams (1.3 b)."""

import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import AcademicYear
from eios.lib import russian
from eios.lib.dates import year_after
from journal.models.gradebooks import Gradebook
from resources.models import Subject

MOST_RETAKES = 2
MISSED = "missed"


class Outcome(models.Model):
    """What somebody got for a piece of attestation: a value, or did not come; neither until it is entered."""

    value = models.CharField("результат", max_length=6, blank=True)
    missed = models.BooleanField("не явился", default=False)

    FAILED = ("2", "1", "нзч", "н/а")

    class Meta:
        abstract = True

    @property
    def is_entered(self) -> bool:
        return self.missed or bool(self.value)

    @property
    def is_failed(self) -> bool:
        """Not passed, or not come without a good reason: an academic debt (273-ФЗ, ст. 58)."""
        return self.missed or self.value in self.FAILED

    @property
    def words(self) -> str:
        return "не явился" if self.missed else self.value or "—"

    @property
    def code(self) -> str:
        """As forms choose it."""
        return MISSED if self.missed else self.value

    @code.setter
    def code(self, code: str) -> None:
        self.missed = code == MISSED
        self.value = "" if self.missed else code


class InterimAssessmentQuerySet(models.QuerySet):
    def listed(self) -> Self:
        """With what a line names, in order of classes and subjects."""
        rows = self.select_related("gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup")
        return rows.order_by(
            "gradebook__school_class__grade", "gradebook__school_class__letter", "gradebook__subject__area__order",
            "gradebook__subject__order", "gradebook__subject__name", "gradebook__subgroup__name",
        )  # fmt: skip


class InterimAssessment(models.Model):
    """How the year of a gradebook is attested: the form (of the curriculum), the day, the commission."""

    gradebook = models.OneToOneField(
        Gradebook, models.PROTECT, verbose_name="журнал", related_name="interim_assessment"
    )
    form = models.CharField("форма", max_length=80)
    date = models.DateField("день", null=True, blank=True)
    commission = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="комиссия", blank=True, related_name="+"
    )  # fmt: skip

    objects = InterimAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "промежуточная аттестация"
        verbose_name_plural = "промежуточная аттестация"

    def __str__(self) -> str:
        return f"{self.gradebook}: {self.form}"

    def has_come(self, date: datetime.date) -> bool:
        """Results are entered from the day itself on."""
        return self.date is not None and self.date <= date


class AssessmentResult(Outcome):
    """A pupil's result of an interim attestation."""

    assessment = models.ForeignKey(
        InterimAssessment, models.CASCADE, verbose_name="аттестация", related_name="results"
    )  # fmt: skip
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="assessment_results"
    )

    class Meta:
        verbose_name = "результат промежуточной аттестации"
        verbose_name_plural = "результаты промежуточной аттестации"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "pupil"], name="assessment_result_once"),
            models.CheckConstraint(
                condition=Q(missed=True, value="") | Q(missed=False) & ~Q(value=""), name="assessment_result_is_one",
                violation_error_message="Укажите результат или «не явился».",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words


class AcademicDebtQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(cleared_on__isnull=True)

    def listed(self) -> Self:
        rows = self.select_related(
            "pupil", "gradebook__subject", "gradebook__school_class__year", "gradebook__subgroup"
        )
        return rows.prefetch_related("retakes").order_by(
            "gradebook__school_class__grade", "gradebook__school_class__letter", "pupil__sort_name", "pupil",
            "gradebook__subject__order", "pk",
        )  # fmt: skip


class AcademicDebt(models.Model):
    """An academic debt: interim attestation failed or missed. Open until a retake is passed (273-ФЗ, ст. 58)."""

    gradebook = models.ForeignKey(
        Gradebook, models.PROTECT, verbose_name="журнал", related_name="debts"
    )  # fmt: skip
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="academic_debts"
    )
    opened_on = models.DateField("возникла")
    cleared_on = models.DateField("ликвидирована", null=True, blank=True)

    objects = AcademicDebtQuerySet.as_manager()

    class Meta:
        verbose_name = "академическая задолженность"
        verbose_name_plural = "академические задолженности"
        constraints = [
            models.UniqueConstraint(fields=["gradebook", "pupil"], name="academic_debt_once"),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=F("opened_on")), name="academic_debt_dates",
                violation_error_message="Задолженность ликвидируют не раньше, чем она возникла.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pupil}: {self.gradebook.subject}"

    @property
    def is_open(self) -> bool:
        return self.cleared_on is None

    @property
    def until(self) -> datetime.date:
        """The last day of the year within which it is to be cleared; illness and breaks are not counted in."""
        return year_after(self.opened_on)

    @property
    def tries(self) -> list["Retake"]:
        """Retakes in order; prefetch them for a list."""
        return sorted(self.retakes.all(), key=lambda one: one.number)

    @property
    def waiting(self) -> "Retake | None":
        """The retake that has been set and has no result."""
        return next((one for one in self.tries if not one.is_entered), None)

    @property
    def is_exhausted(self) -> bool:
        """Open after both retakes: repeating the year, an adapted or an individual plan, as the parents choose."""
        return self.is_open and sum(one.is_entered for one in self.tries) >= MOST_RETAKES

    @property
    def can_be_retaken(self) -> bool:
        return self.is_open and self.waiting is None and len(self.tries) < MOST_RETAKES

    @property
    def subject(self) -> Subject:
        return self.gradebook.subject


class Retake(Outcome):
    """One of two retakes of a debt; the second one is taken before a commission."""

    debt = models.ForeignKey(AcademicDebt, models.CASCADE, verbose_name="задолженность", related_name="retakes")
    number = models.PositiveSmallIntegerField("которая")
    date = models.DateField("день")
    commission = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="комиссия", blank=True, related_name="+"
    )  # fmt: skip
    note = models.CharField("примечание", max_length=300, blank=True)

    class Meta:
        verbose_name = "пересдача"
        verbose_name_plural = "пересдачи"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["debt", "number"], name="retake_once", violation_error_message="Такая пересдача уже назначена."
            ),
            models.CheckConstraint(
                condition=Q(number__in=[1, 2]), name="retake_number",
                violation_error_message="Пересдать можно не больше двух раз.",
            ),
            models.CheckConstraint(
                condition=Q(missed=False) | Q(value=""), name="retake_is_one",
                violation_error_message="Укажите результат или «не явился».",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}-я пересдача, {russian.short_date(self.date)}"


class StateExamQuerySet(models.QuerySet):
    def listed(self) -> Self:
        return self.select_related("subject", "pupil").order_by(
            "pupil__sort_name", "pupil", "date", "subject__order", "pk"
        )  # fmt: skip


class StateExam(models.Model):
    """A result of a state exam (ОГЭ) as the protocol says; certificates are not kept here."""

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="state_exams"
    )
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="предмет", related_name="+")
    date = models.DateField("день экзамена")
    score = models.PositiveSmallIntegerField(
        "первичный балл", null=True, blank=True, validators=[MaxValueValidator(100)]
    )  # fmt: skip
    mark = models.PositiveSmallIntegerField("отметка", validators=[MinValueValidator(2), MaxValueValidator(5)])
    is_retake = models.BooleanField("пересдача", default=False)

    objects = StateExamQuerySet.as_manager()

    class Meta:
        verbose_name = "государственный экзамен"
        verbose_name_plural = "государственные экзамены"
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "subject", "date"], name="state_exam_once",
                violation_error_message="Результат этого дня по этому предмету уже внесён.",
            ),
            models.CheckConstraint(
                condition=Q(mark__range=(2, 5)), name="state_exam_mark",
                violation_error_message="Отметка за экзамен — от 2 до 5.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject}, {russian.short_date(self.date)}: {self.mark}"
