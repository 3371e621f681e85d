"""The yearly sheet of a class: how it looks, what is written into it by hand, what lies in the archive (7.3)."""

import functools
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import AcademicYear, SchoolClass, StoredFile
from journal.models.councils import ResultKind


class SheetColumn(models.TextChoices):
    """What stands beside the subjects. The first three are counted for each period, the others once for a pupil."""

    MISSED_DAYS = "missed_days", "Дней с пропусками"
    MISSED_LESSONS = "missed_lessons", "Пропущено уроков"
    ILL_LESSONS = "ill_lessons", "Из них по болезни"
    BEHAVIOUR = "behaviour", "Поведение"
    DECISION = "decision", "Решение педагогического совета"


def all_rows() -> list[str]:
    return [kind.value for kind in ResultKind]


def usual_columns() -> list[str]:
    return [column.value for column in SheetColumn if column != SheetColumn.BEHAVIOUR]


class SheetLayout(models.Model):
    """How sheets look. A version never changes: a new one is added, and the newest holds.

    `subjects` are [key of the subject, name in the head], in order; others follow in the order of the dictionary.
    """

    class Paper(models.TextChoices):
        A3 = "A3", "А3, альбомная"
        A4 = "A4", "А4, альбомная"

    version = models.PositiveSmallIntegerField("версия", unique=True)
    title = models.CharField("заголовок", max_length=200, default="Сводная ведомость учёта успеваемости обучающихся")
    paper = models.CharField("лист", max_length=2, choices=Paper, default=Paper.A3)
    rows = models.JSONField("строки обучающегося", default=all_rows)
    columns = models.JSONField("графы после предметов", default=usual_columns, blank=True)
    signatures = models.TextField(
        "подписи", max_length=600, blank=True, default="Классный руководитель\nЗаместитель директора\nДиректор",
        help_text="Кто подписывает, по одному на строке.",
    )  # fmt: skip
    subjects = models.JSONField("предметы", default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто составил", null=True, related_name="+",
        editable=False,
    )  # fmt: skip
    made_at = models.DateTimeField("когда", auto_now_add=True)

    class Meta:
        verbose_name = "вид сводной ведомости"
        verbose_name_plural = "виды сводной ведомости"
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Вид сводной ведомости, версия {self.version}"

    @classmethod
    def current(cls) -> "SheetLayout":
        """The newest version; a school that has decided nothing has the usual one, number 0."""
        return next(iter(cls.objects.raw(*cls._newest())), None) or cls(version=0)

    @classmethod
    @functools.cache
    def _newest(cls) -> tuple[str, tuple]:
        """Every sheet asks for it: composing the query anew would cost several times as much as running it."""
        return cls.objects.order_by("-version")[:1].query.sql_with_params()

    @classmethod
    def of_version(cls, version: int) -> "SheetLayout":
        return cls.objects.filter(version=version).first() or cls(version=0)


class SheetMinutes(models.Model):
    """By which minutes the council decided on the year of a class, where no confirmed council says so."""

    school_class = models.OneToOneField(SchoolClass, models.PROTECT, verbose_name="класс", related_name="sheet_minutes")
    number = models.CharField("протокол №", max_length=40)
    date = models.DateField("дата протокола")

    class Meta:
        verbose_name = "протокол для сводной ведомости"
        verbose_name_plural = "протоколы для сводных ведомостей"

    def __str__(self) -> str:
        return f"протокол № {self.number} от {self.date:%d.%m.%Y}"


class SheetNote(models.Model):
    """What is written into the sheet by hand about one pupil."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="sheet_notes")
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="sheet_notes"
    )
    behaviour = models.CharField("поведение", max_length=40, blank=True)
    decision = models.CharField("решение педагогического совета", max_length=120, blank=True)

    class Meta:
        verbose_name = "запись в сводной ведомости"
        verbose_name_plural = "записи в сводных ведомостях"
        constraints = [models.UniqueConstraint(fields=["school_class", "pupil"], name="sheet_note_once")]

    def __str__(self) -> str:
        return f"{self.pupil}, {self.school_class}"


class ArchivedSheetQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those that no later one replaces."""
        return self.filter(superseded_by__isnull=True)


class ArchivedSheet(models.Model):
    """A sheet as it went into the archive: the content, its PDF and the sum over the content. Never changed.

    A later one replaces it, with a reason; both stay.
    """

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="archived_sheets")
    number = models.PositiveIntegerField("номер")
    layout_version = models.PositiveSmallIntegerField("версия вида", default=0)
    content = models.JSONField("содержание")
    sha256 = models.CharField("SHA-256 содержания", max_length=64)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="PDF", related_name="archived_sheet")
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто сдал", null=True, related_name="+"
    )
    archived_at = models.DateTimeField("сдана в архив")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, verbose_name="взамен", null=True, blank=True, related_name="superseded_by"
    )
    reason = models.CharField("почему выдана взамен", max_length=300, blank=True)

    objects = ArchivedSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "архивная ведомость"
        verbose_name_plural = "архивные ведомости"
        ordering = ["-archived_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="archived_sheet_number"),
            models.UniqueConstraint(
                fields=["school_class"], condition=Q(supersedes__isnull=True), name="archived_sheet_first",
                violation_error_message="Ведомость класса уже в архиве.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="archived_sheet_reason",
                violation_error_message="Взамен прежней ведомость выдают только с причиной.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Сводная ведомость № {self.number}, {self.school_class}"

    def get_absolute_url(self) -> str:
        return reverse("journal:sheet_archived", args=[self.pk])
