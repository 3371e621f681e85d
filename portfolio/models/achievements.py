"""Achievements of pupils: what systems of record say, what staff entered, what the pupil gives (11.1-11.3)."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portfolio.models.events import Event, Occasion


class Origin(models.TextChoices):
    """Whose word it is; the groups are never mixed (11.3). A record is read-only."""

    RECORD = "record", "из системы учёта"
    STAFF = "staff", "внесено школой"
    PUPIL = "pupil", "от обучающегося"


class Outcome(models.TextChoices):
    WINNER = "winner", "победитель"
    PRIZE = "prize", "призёр"
    LAUREATE = "laureate", "лауреат или дипломант"
    PARTICIPANT = "participant", "участник"


class State(models.TextChoices):
    """Of an entry; what staff entered and what came from a record is confirmed from the start.

    A confirmed entry is never edited: a draft that `replaces` it takes its place when confirmed, and it is `replaced`.
    """

    DRAFT = "draft", "черновик"
    SUBMITTED = "submitted", "на проверке"
    RETURNED = "returned", "возвращено"
    CONFIRMED = "confirmed", "подтверждено"
    REPLACED = "replaced", "заменено новой версией"


class AchievementQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        return self.filter(state=State.CONFIRMED)

    def counted(self) -> Self:
        """Confirmed, each achievement once: of two that are the same only the one that was kept."""
        return self.confirmed().filter(same_as__isnull=True)


class Achievement(Occasion):
    """What a pupil has achieved at an event.

    Of an `event` entered by staff the occasion's fields are copies, changed together with it. `grade` is the pupil's on
    the day, `grade_performed` another one that the pupil competed for. `same_as` names the entry of which this one is a
    double: both are seen, one counts. `source` and `as_of` say which record it is from and of when, `record_key` is its
    key there.
    """

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="achievements",
        db_index=False,
    )  # fmt: skip
    origin = models.CharField("откуда", max_length=6, choices=Origin)
    state = models.CharField("состояние", max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField("версия", default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name="вместо", null=True, blank=True, related_name="later"
    )
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name="мероприятие школы", null=True, blank=True, related_name="participants"
    )
    outcome = models.CharField("результат", max_length=11, choices=Outcome)
    place = models.CharField("место, баллы", max_length=60, blank=True)
    team = models.CharField("команда", max_length=120, blank=True)
    mentor = models.CharField("руководитель", max_length=150, blank=True)
    grade = models.PositiveSmallIntegerField("параллель", null=True, blank=True)
    grade_performed = models.PositiveSmallIntegerField(
        "выступал за параллель", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(11)],
    )  # fmt: skip
    note = models.TextField("пояснение", max_length=1000, blank=True)

    source = models.CharField("система учёта", max_length=40, blank=True)
    as_of = models.DateTimeField("данные на", null=True, blank=True)
    record_key = models.CharField("ключ в системе учёта", max_length=80, blank=True)
    batch = models.ForeignKey(
        "accounts.ImportBatch", models.PROTECT, verbose_name="загрузка", null=True, blank=True, related_name="+"
    )

    same_as = models.ForeignKey(
        "self", models.PROTECT, verbose_name="то же, что", null=True, blank=True, related_name="doubles"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="внёс", null=True, related_name="+"
    )
    created_at = models.DateTimeField("внесено", auto_now_add=True)
    submitted_at = models.DateTimeField("передано на проверку", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="проверил", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("проверено", null=True, blank=True)
    reason = models.CharField("почему возвращено", max_length=500, blank=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = "достижение"
        verbose_name_plural = "достижения"
        ordering = ["-date", "-pk"]
        indexes = [
            # What a pupil's points come from stands in it whole: the school's rating reads it alone.
            models.Index(
                fields=["pupil", "state", "date"],
                name="achievement_pupil_state_date",
                include=["sphere", "level", "outcome", "mode", "same_as"],
            ),
            models.Index(fields=["date", "title_key"], name="achievement_date_title"),
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="achievement_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "pupil"], condition=Q(event__isnull=False), name="achievement_once_at_event",
                violation_error_message="Этот участник в мероприятии уже есть.",
            ),
            models.UniqueConstraint(
                fields=["source", "record_key"], condition=~Q(record_key=""), name="achievement_record_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="achievement_one_next",
                violation_error_message="Новая версия этой записи уже начата.",
            ),
            models.CheckConstraint(
                condition=Q(origin="pupil") | Q(state__in=["confirmed", "replaced"]), name="achievement_own_is_checked"
            ),
            models.CheckConstraint(
                condition=~Q(origin="record") | ~Q(source=""), name="achievement_record_has_source"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="achievement_return_has_reason",
                violation_error_message="Напишите, почему запись возвращена.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}, {self.get_outcome_display()}"

    @property
    def is_editable(self) -> bool:
        """May its pupil still change it?"""
        return self.origin == Origin.PUPIL and self.state in (State.DRAFT, State.RETURNED)

    @property
    def is_record(self) -> bool:
        return self.origin == Origin.RECORD


class Evidence(models.Model):
    """What proves an achievement: a file, a link, or the number and date of an order or a protocol."""

    class Kind(models.TextChoices):
        FILE = "file", "файл"
        LINK = "link", "ссылка"
        ORDER = "order", "приказ или протокол"

    achievement = models.ForeignKey(
        Achievement, models.CASCADE, verbose_name="достижение", related_name="evidence"
    )  # fmt: skip
    kind = models.CharField("чем подтверждается", max_length=5, choices=Kind)
    title = models.CharField("название", max_length=200, blank=True, help_text="Диплом II степени; приказ № 15.")
    file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="+"
    )
    link = models.URLField("ссылка", max_length=500, blank=True)

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering = ["achievement", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False, link="")
                | (Q(kind="link", file__isnull=True) & ~Q(link=""))
                | (Q(kind="order", file__isnull=True, link="") & ~Q(title="")),
                name="evidence_of_its_kind", violation_error_message="Приложите файл, ссылку или номер и дату приказа.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or (str(self.file) if self.file_id else self.link)
