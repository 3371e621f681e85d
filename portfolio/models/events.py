"""Events in which pupils take part, entered once with many participants (11.1, 1.6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from eios.lib import search
from resources.models import Subject


class Sphere(models.TextChoices):
    """The five spheres of the portfolio (1.6)."""

    ACADEMIC = "academic", "учебная"
    RESEARCH = "research", "научно-исследовательская"
    SOCIAL = "social", "общественная"
    ARTS = "arts", "культурно-творческая"
    SPORT = "sport", "спортивная"


class Level(models.TextChoices):
    SCHOOL = "school", "школьный"
    MUNICIPAL = "municipal", "муниципальный"
    REGIONAL = "regional", "региональный"
    NATIONAL = "national", "всероссийский"
    INTERNATIONAL = "international", "международный"


class Stage(models.TextChoices):
    """Of the all-Russian olympiad of pupils (ВсОШ); it has a level of its own name, the last one is national."""

    SCHOOL = "school", "школьный этап"
    MUNICIPAL = "municipal", "муниципальный этап"
    REGIONAL = "regional", "региональный этап"
    FINAL = "final", "заключительный этап"


STAGE_LEVELS = {
    Stage.SCHOOL: Level.SCHOOL,
    Stage.MUNICIPAL: Level.MUNICIPAL,
    Stage.REGIONAL: Level.REGIONAL,
    Stage.FINAL: Level.NATIONAL,
}


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "очно"
    REMOTE = "remote", "дистанционно"


KNOWN = "Такое мероприятие уже внесено."


class Occasion(models.Model):
    """What an event and an achievement say alike: what, of which sphere and level, when, how.

    `title_key` is the title folded, so that the same thing written in two ways is found.
    """

    title = models.CharField("мероприятие", max_length=250)
    title_key = models.CharField(max_length=250, editable=False, default="")
    sphere = models.CharField("сфера", max_length=10, choices=Sphere)
    level = models.CharField("уровень", max_length=15, choices=Level)
    stage = models.CharField("этап ВсОШ", max_length=10, choices=Stage, blank=True)
    mode = models.CharField("как проходило", max_length=10, choices=Mode, default=Mode.IN_PERSON)
    date = models.DateField("дата")
    subject = models.ForeignKey(
        Subject, models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="+"
    )
    organiser = models.CharField("организатор", max_length=200, blank=True)

    OCCASION = ("title", "sphere", "level", "stage", "mode", "date", "subject", "organiser")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.title_key = title_key(self.title)
        super().save(*args, **kwargs)


def title_key(title: str) -> str:
    """The words of a title without case, ё, quotes and punctuation: what duplicates are found by."""
    return " ".join(search.words(title))[:250]


class Event(Occasion):
    """An olympiad, a contest, a match… that staff enter with its participants (`Achievement.event`).

    `ends` is the last day of an event of several days; `batch` is the file that it was read from.
    """

    ends = models.DateField("последний день", null=True, blank=True)
    link = models.URLField("страница в интернете", max_length=500, blank=True)
    note = models.CharField("примечание", max_length=300, blank=True)
    batch = models.ForeignKey(
        "accounts.ImportBatch", models.PROTECT, verbose_name="загрузка", null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="внёс", null=True, related_name="+"
    )
    created_at = models.DateTimeField("внесено", auto_now_add=True)

    class Meta:
        verbose_name = "мероприятие"
        verbose_name_plural = "мероприятия"
        ordering = ["-date", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title_key", "date", "level", "stage", "subject"],
                name="event_once", violation_error_message=KNOWN,
            ),
            models.UniqueConstraint(
                fields=["title_key", "date", "level", "stage"], condition=Q(subject__isnull=True),
                name="event_without_subject_once", violation_error_message=KNOWN,
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("date")), name="event_dates_in_order",
                violation_error_message="Последний день не может быть раньше первого.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}, {self.date:%d.%m.%Y}"
