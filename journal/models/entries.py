"""Rules of entering marks, and the history of every cell (7.2)."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import AcademicYear
from journal.models.gradebooks import Gradebook


class EntryRules(models.Model):
    """How long teachers enter, in days after the lesson and after its period's end; `act` is what orders it (7.2).

    A year without a row has the defaults.
    """

    year = models.OneToOneField(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="entry_rules")
    lesson_days = models.PositiveSmallIntegerField(
        "дней после урока", null=True, blank=True, default=14, validators=[MaxValueValidator(366)],
        help_text="Столько дней учитель ставит и исправляет отметки урока. Пусто: до закрытия периода.",
    )  # fmt: skip
    term_days = models.PositiveSmallIntegerField(
        "дней после конца периода", default=3, validators=[MaxValueValidator(366)]
    )
    act = models.ForeignKey(
        "resources.Document", models.PROTECT, verbose_name="локальный акт", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "правила ввода"
        verbose_name_plural = "правила ввода"

    def __str__(self) -> str:
        return f"Правила ввода, {self.year}"


class EntryOpening(models.Model):
    """A gradebook opened again for lessons from–to, until a day: by whom and why."""

    gradebook = models.ForeignKey(Gradebook, models.CASCADE, verbose_name="журнал", related_name="openings")
    starts = models.DateField("уроки с")
    ends = models.DateField("уроки по")
    until = models.DateField("открыт до", help_text="Включительно.")
    reason = models.CharField("причина", max_length=300)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто открыл", null=True, related_name="+",
        editable=False,
    )  # fmt: skip
    opened_at = models.DateTimeField("когда", auto_now_add=True)

    class Meta:
        verbose_name = "открытие журнала"
        verbose_name_plural = "открытия журналов"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="entry_opening_dates",
                violation_error_message="Последний день не может быть раньше первого.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.gradebook}: {self.starts:%d.%m.%Y}–{self.ends:%d.%m.%Y}"


class CellChangeQuerySet(models.QuerySet):
    def of_cell(self, gradebook: Gradebook, pupil: int, date, slot: int, place: int) -> Self:
        return self.filter(gradebook=gradebook, date=date, slot=slot, place=place, pupil=pupil)


class CellChange(models.Model):
    """One change of a cell that a person made: append-only. `number` counts a cell's changes from 1, without gaps.

    `was` and `became` are what stood there, reasons of absence included («5», «Б», «4 ОП»): `journal.entry.shown`
    hides them from whom they do not concern.
    """

    class How(models.TextChoices):
        TYPED = "typed", "введено"
        PASTED = "pasted", "вставлено"
        UNDONE = "undone", "отменено"
        REASON = "reason", "указана причина"
        WORK = "work", "изменена работа"

    gradebook = models.ForeignKey(
        Gradebook, models.PROTECT, verbose_name="журнал", related_name="cell_changes", db_index=False
    )
    pupil = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="+")
    date = models.DateField("дата")
    slot = models.PositiveSmallIntegerField("который урок предмета за день", default=1)
    place = models.PositiveSmallIntegerField("которая в клетке", default=1)
    number = models.PositiveIntegerField("которое изменение клетки")
    was = models.CharField("было", max_length=20, blank=True)
    became = models.CharField("стало", max_length=20, blank=True)
    comment = models.CharField("замечание", max_length=300, blank=True)
    how = models.CharField("как", max_length=10, choices=How, default=How.TYPED)
    reason = models.CharField("почему поздно", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("когда", auto_now_add=True)

    objects = CellChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение клетки журнала"
        verbose_name_plural = "изменения клеток журнала"
        indexes = [models.Index(fields=["at"], condition=~Q(reason=""), name="cell_change_late")]
        constraints = [
            # It also makes the second of two writers at the same moment see that the cell has changed.
            models.UniqueConstraint(
                fields=["gradebook", "date", "slot", "place", "pupil", "number"], name="cell_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.was or '—'} → {self.became or '—'}"
