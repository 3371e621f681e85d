"""When lessons are: bells, the weekly timetable, and what changes in it for a date (1.3 b, 6.2)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import AcademicYear
from eios.lib import grades
from journal.models.gradebooks import Gradebook

# A zero lesson is before the first; a school of two shifts counts on.
LAST_NUMBER = 14


def number_field(**options) -> models.PositiveSmallIntegerField:
    """Which lesson of the day, from 0."""
    return models.PositiveSmallIntegerField(validators=[MaxValueValidator(LAST_NUMBER)], **options)


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, "понедельник"
    TUESDAY = 1, "вторник"
    WEDNESDAY = 2, "среда"
    THURSDAY = 3, "четверг"
    FRIDAY = 4, "пятница"
    SATURDAY = 5, "суббота"


class Room(models.Model):
    """Where lessons are given. A shared one, a gym, takes several classes at once."""

    name = models.CharField("номер или название", max_length=40, unique=True, help_text="214, спортивный зал.")
    title = models.CharField("что это", max_length=120, blank=True, help_text="Кабинет физики.")
    is_shared = models.BooleanField("несколько классов сразу", default=False)
    is_active = models.BooleanField("в нём проводят уроки", default=True)

    class Meta:
        verbose_name = "кабинет"
        verbose_name_plural = "кабинеты"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BellSchedule(models.Model):
    """Bells of some grades: of every day, of a weekday, or of one date (a short day). The narrowest holds."""

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="bell_schedules")
    name = models.CharField("название", max_length=80, help_text="Обычный день, сокращённый день.")
    grade_from = models.PositiveSmallIntegerField(
        "с класса", default=1, validators=[MinValueValidator(grades.FIRST), MaxValueValidator(grades.LAST)]
    )
    grade_to = models.PositiveSmallIntegerField(
        "по класс", default=9, validators=[MinValueValidator(grades.FIRST), MaxValueValidator(grades.LAST)]
    )
    weekday = models.PositiveSmallIntegerField("день недели", choices=Weekday, null=True, blank=True)
    date = models.DateField("только в этот день", null=True, blank=True)

    class Meta:
        verbose_name = "расписание звонков"
        verbose_name_plural = "расписания звонков"
        ordering = ["year", "grade_from", F("weekday").asc(nulls_first=True), F("date").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade_to__gte=F("grade_from")), name="bells_grades",
                violation_error_message="«По класс» не меньше, чем «с класса».",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(date__isnull=True), name="bells_of_one",
                violation_error_message="Укажите день недели или дату, а не то и другое.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Bell(models.Model):
    """A lesson's time."""

    schedule = models.ForeignKey(BellSchedule, models.CASCADE, verbose_name="звонки", related_name="bells")
    number = number_field(verbose_name="урок")
    starts = models.TimeField("начало")
    ends = models.TimeField("конец")

    class Meta:
        verbose_name = "звонок"
        verbose_name_plural = "звонки"
        ordering = ["schedule", "number"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "number"], name="bell_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="bell_times",
                violation_error_message="Конец урока — после начала.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.starts:%H:%M}–{self.ends:%H:%M}"


class Timetable(models.Model):
    """The whole school's week, in force from `starts` until the next one in force begins or the year ends."""

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        IN_FORCE = "in_force", "действует"

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="timetables")
    starts = models.DateField("действует с")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    basis = models.CharField("основание", max_length=300, blank=True, help_text="Приказ, причина изменений.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто составил", null=True, related_name="+",
        editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "расписание уроков"
        verbose_name_plural = "расписания уроков"
        ordering = ["-starts", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "starts"], condition=Q(state="in_force"), name="timetable_in_force_once",
                violation_error_message="С этого дня уже действует другое расписание.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Расписание с {self.starts:%d.%m.%Y}"


class TimetableLine(models.Model):
    """A lesson of the week. Of the school year's weeks the first, that of its beginning, is odd."""

    class Week(models.TextChoices):
        EVERY = "every", "каждую неделю"
        ODD = "odd", "по нечётным"
        EVEN = "even", "по чётным"

    timetable = models.ForeignKey(Timetable, models.CASCADE, verbose_name="расписание", related_name="lines")
    gradebook = models.ForeignKey(Gradebook, models.CASCADE, verbose_name="журнал", related_name="timetable_lines")
    weekday = models.PositiveSmallIntegerField("день недели", choices=Weekday)
    number = number_field(verbose_name="урок")
    week = models.CharField("недели", max_length=5, choices=Week, default=Week.EVERY)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учитель", null=True, blank=True, related_name="+"
    )
    room = models.ForeignKey(
        Room, models.PROTECT, verbose_name="кабинет", null=True, blank=True, related_name="timetable_lines"
    )

    class Meta:
        verbose_name = "урок недели"
        verbose_name_plural = "уроки недели"
        ordering = ["timetable", "weekday", "number", "gradebook"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "gradebook", "weekday", "number", "week"], name="timetable_line_once",
                violation_error_message="Этот урок уже стоит.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.gradebook}: {self.get_weekday_display()}, {self.number}"


class DayChange(models.Model):
    """What is otherwise on a date: a lesson falls out, is given by another or elsewhere, or is put in.

    A lesson that is moved falls out at one place and is put in at the other, which knows where it was `moved_from`.
    """

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", "урока нет"
        REPLACED = "replaced", "замена"
        ADDED = "added", "дополнительный урок"

    gradebook = models.ForeignKey(Gradebook, models.CASCADE, verbose_name="журнал", related_name="day_changes")
    date = models.DateField("день")
    number = number_field(verbose_name="урок")
    kind = models.CharField("что изменилось", max_length=10, choices=Kind)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учитель", null=True, blank=True, related_name="+"
    )
    room = models.ForeignKey(Room, models.PROTECT, verbose_name="кабинет", null=True, blank=True, related_name="+")
    moved_from = models.OneToOneField(
        "self", models.SET_NULL, verbose_name="откуда перенесён", null=True, blank=True, related_name="moved_to",
        editable=False,
    )  # fmt: skip
    reason = models.CharField("причина", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто внёс", null=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField("когда", auto_now=True)

    class Meta:
        verbose_name = "изменение в расписании"
        verbose_name_plural = "изменения в расписании"
        ordering = ["date", "number", "gradebook"]
        indexes = [models.Index(fields=["date"], name="day_change_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["gradebook", "date", "number"], name="day_change_once",
                violation_error_message="Об этом уроке уже есть изменение: исправьте его.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}, {self.number}: {self.get_kind_display()}"
