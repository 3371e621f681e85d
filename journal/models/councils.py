"""The council of a period's end: teachers propose, the journal freezes, the council confirms by minutes (1.3 b)."""

from django.db import models
from django.db.models import Q

from accounts.models import AcademicYear, SchoolClass


class ResultKind(models.TextChoices):
    """In the order of the paper: periods, year, exam, final."""

    TERM = "term", "за период"
    YEAR = "year", "годовая"
    EXAM = "exam", "экзамен"
    FINAL = "final", "итоговая"


class Council(models.Model):
    """One council on the results of some classes: of a term (`number`), or of the year, with exams and finals.

    Proposing → frozen (nobody proposes any more) → confirmed: the results get this council, and families see them.
    """

    class State(models.TextChoices):
        PROPOSING = "proposing", "учителя выставляют"
        FROZEN = "frozen", "журналы закрыты"
        CONFIRMED = "confirmed", "утверждено"

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="councils")
    kind = models.CharField(
        "итоги чего", max_length=5, choices=[(ResultKind.TERM.value, "периода"), (ResultKind.YEAR.value, "года")]
    )
    number = models.PositiveSmallIntegerField("который период", default=0)
    classes = models.ManyToManyField(SchoolClass, verbose_name="классы", related_name="councils")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.PROPOSING)
    date = models.DateField("день педсовета", null=True, blank=True)
    minutes_number = models.CharField("протокол №", max_length=40, blank=True)
    minutes_date = models.DateField("дата протокола", null=True, blank=True)

    class Meta:
        verbose_name = "педсовет по итогам"
        verbose_name_plural = "педсоветы по итогам"
        ordering = ["-year__starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="term", number__gt=0) | Q(kind="year", number=0), name="council_number",
                violation_error_message="Номер есть только у периода.",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(minutes_number="") & Q(minutes_date__isnull=False),
                name="council_minutes", violation_error_message="Утверждают протоколом: укажите номер и дату.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        what = f"{self.number}-й период" if self.kind == ResultKind.TERM else "год"
        return f"Педсовет, {what}, {self.year}"
