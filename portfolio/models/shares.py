"""What a pupil shows to whom, for how long (1.3 d; 152-ФЗ), and what was handed out of the portal."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portfolio.models.achievements import Achievement
from portfolio.models.works import Work


class Portfolio(models.Model):
    """A pupil's own page: what stands on its cover, and whether the portfolio is frozen (transfer, graduation).

    A frozen portfolio is read and handed out, and nothing in it changes any more.
    """

    pupil = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="portfolio"
    )
    motto = models.CharField("девиз", max_length=150, blank=True)
    about = models.TextField("о себе", max_length=3000, blank=True)
    cover = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="обложка", null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField("закрыто", null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="закрыл", null=True, blank=True, related_name="+"
    )
    frozen_reason = models.CharField("почему закрыто", max_length=300, blank=True)

    class Meta:
        verbose_name = "портфолио"
        verbose_name_plural = "портфолио"

    def __str__(self) -> str:
        return f"Портфолио: {self.pupil}"


class ShareQuerySet(models.QuerySet):
    def standing(self, now: datetime.datetime) -> Self:
        """Neither withdrawn nor out of date. Whether the consent stands is asked beside (portfolio.sharing)."""
        return self.filter(withdrawn_at__isnull=True, expires_at__gt=now)


class Share(models.Model):
    """A selection shown to one person, one class, or whoever has the secret link, until a moment.

    The link's code is kept as a digest. It works while the consent to showing is in force and the pupil is enrolled.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "человеку"
        CLASS = "class", "классу"
        LINK = "link", "по секретной ссылке"

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="portfolio_shares"
    )
    kind = models.CharField("кому", max_length=6, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="человек", null=True, blank=True,
        related_name="portfolios_shown",
    )  # fmt: skip
    school_class = models.ForeignKey(
        "accounts.SchoolClass", models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True)
    title = models.CharField("для чего", max_length=150, blank=True, help_text="Видите только вы.")
    with_cover = models.BooleanField("обложка и рассказ о себе", default=True)
    achievements = models.ManyToManyField(Achievement, verbose_name="достижения", blank=True, related_name="shares")
    works = models.ManyToManyField(Work, verbose_name="работы", blank=True, related_name="shares")
    created_at = models.DateTimeField("показано", auto_now_add=True)
    expires_at = models.DateTimeField("действует до")
    withdrawn_at = models.DateTimeField("отозвано", null=True, blank=True)
    views = models.PositiveIntegerField("просмотров", default=0)
    viewed_at = models.DateTimeField("последний просмотр", null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = "показ портфолио"
        verbose_name_plural = "показы портфолио"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="share_code_once"),
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, school_class__isnull=True, digest="")
                | Q(kind="class", person__isnull=True, school_class__isnull=False, digest="")
                | (Q(kind="link", person__isnull=True, school_class__isnull=True) & ~Q(digest="")),
                name="share_to_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class Export(models.Model):
    """A portfolio printed or packed on a day: what the verification page speaks of, without a name.

    `number` stands in the QR code and can't be guessed; `sha256` is of the exported contents. `sections` are those that
    were chosen (portfolio.sections), empty for the whole portfolio.
    """

    class Kind(models.TextChoices):
        PRINT = "print", "печать"
        ARCHIVE = "archive", "архив"

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="portfolio_exports"
    )
    kind = models.CharField("вид", max_length=7, choices=Kind)
    number = models.CharField("номер", max_length=24, unique=True)
    sha256 = models.CharField("отпечаток", max_length=64)
    sections = models.JSONField("разделы", default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто выгрузил", null=True, related_name="+"
    )
    created_at = models.DateTimeField("выгружено", auto_now_add=True)
    withdrawn_at = models.DateTimeField("отозвано", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто отозвал", null=True, blank=True, related_name="+"
    )
    reason = models.CharField("почему отозвано", max_length=300, blank=True)

    class Meta:
        verbose_name = "выгрузка портфолио"
        verbose_name_plural = "выгрузки портфолио"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Выгрузка {self.number}"


class Handover(models.Model):
    """A leaver's one-time link to the archive of the portfolio, valid for 90 days; its code is kept as a digest."""

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="выбывший", related_name="portfolio_handovers"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто выдал", null=True, related_name="+"
    )
    created_at = models.DateTimeField("выдана", auto_now_add=True)
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("использована", null=True, blank=True)
    revoked_at = models.DateTimeField("отозвана", null=True, blank=True)

    class Meta:
        verbose_name = "ссылка выбывшего"
        verbose_name_plural = "ссылки выбывших"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Ссылка на архив: {self.pupil}"
