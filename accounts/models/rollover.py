"""The change of the school year: what was decided about classes and pupils, and the drafts made of it.

Nothing here moves anybody: pupils are moved by the orders (6.5).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.orders import Order, OrderKind
from accounts.models.school import AcademicYear, SchoolClass


class Rollover(models.Model):
    """From one school year to the next: when its orders work, what they rest on, and which orders they are."""

    year = models.OneToOneField(
        AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="rollover_from"
    )  # fmt: skip
    next_year = models.OneToOneField(
        AcademicYear, models.PROTECT, verbose_name="следующий учебный год", related_name="rollover_to"
    )
    promotion_on = models.DateField("перевод действует с", help_text="Обычно первый день нового учебного года.")
    graduation_on = models.DateField(
        "выпуск действует с", help_text="С этого дня учётные записи выпускников закрыты."
    )  # fmt: skip
    leaving_on = models.DateField(
        "выбытие действует с", help_text="Для тех, кто закончил год и уходит; с этого дня учётные записи закрыты."
    )
    basis = models.CharField(
        "основание приказов", max_length=500, blank=True, help_text="Решение педагогического совета, номер и дата."
    )
    orders = models.ManyToManyField(Order, verbose_name="приказы", blank=True, related_name="rollovers")
    created_at = models.DateTimeField("начат", auto_now_add=True)

    class Meta:
        verbose_name = "переход на новый год"
        verbose_name_plural = "переходы на новый год"
        ordering = ["-year__starts"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(year=F("next_year")),
                name="rollover_to_another_year",
                violation_error_message="Переходят в другой учебный год.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} → {self.next_year}"


class NextClass(models.Model):
    """Which class of the next year goes on with a class of this one; none where the class is left out."""

    rollover = models.ForeignKey(Rollover, models.CASCADE, verbose_name="переход", related_name="next_classes")
    school_class = models.OneToOneField(
        SchoolClass, models.PROTECT, verbose_name="класс", related_name="going_on_as"
    )  # fmt: skip
    next_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс следующего года", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "продолжение класса"
        verbose_name_plural = "продолжения классов"

    def __str__(self) -> str:
        return f"{self.school_class} → {self.next_class or 'нет'}"


class RolloverDecision(models.Model):
    """What happens to one pupil. `school_class` is the pupil's class when it was decided: after a transfer it counts no
    more, and is asked again."""

    class Outcome(models.TextChoices):
        UNDECIDED = "undecided", "не решено"
        PROMOTED = "promoted", "переведён"
        CONDITIONAL = "conditional", "переведён условно"
        REPEATS = "repeats", "оставлен на повторный год"
        GRADUATES = "graduates", "выпуск"
        MOVES_AWAY = "moves_away", "уходит в другую школу"
        EXPELLED = "expelled", "отчислен"

    MOVING = (Outcome.PROMOTED, Outcome.CONDITIONAL, Outcome.REPEATS)

    rollover = models.ForeignKey(Rollover, models.CASCADE, verbose_name="переход", related_name="decisions")
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="rollover_decisions"
    )
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="+")
    outcome = models.CharField("итог года", max_length=12, choices=Outcome)
    next_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс следующего года", null=True, blank=True, related_name="+"
    )
    remark = models.CharField("куда или примечание", max_length=300, blank=True)

    class Meta:
        verbose_name = "итог года обучающегося"
        verbose_name_plural = "итоги года обучающихся"
        constraints = [
            models.UniqueConstraint(fields=["rollover", "pupil"], name="rollover_decision_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["promoted", "conditional", "repeats"], next_class__isnull=False)
                | (~Q(outcome__in=["promoted", "conditional", "repeats"]) & Q(next_class__isnull=True)),
                name="rollover_decision_class",
                violation_error_message="Класс называют тому, кто остаётся в школе.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil}: {self.get_outcome_display()}"


Outcome = RolloverDecision.Outcome
# The kind of order that carries an outcome out.
KIND_OF = {
    Outcome.PROMOTED: OrderKind.PROMOTION,
    Outcome.CONDITIONAL: OrderKind.CONDITIONAL_PROMOTION,
    Outcome.REPEATS: OrderKind.REPEAT_YEAR,
    Outcome.GRADUATES: OrderKind.GRADUATION,
    Outcome.MOVES_AWAY: OrderKind.TRANSFER_OUT,
    Outcome.EXPELLED: OrderKind.EXPULSION,
}
