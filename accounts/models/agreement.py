"""The user agreement: editions, and who accepted which (6.4)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from eios.lib import text


class AgreementEditionQuerySet(models.QuerySet):
    def in_force(self, date: datetime.date):
        """The editions that have begun, the one in force first: a new one ends the former on its day."""
        return self.filter(in_force_from__lte=date).order_by("-in_force_from")

    def current(self, date: datetime.date) -> "AgreementEdition | None":
        return self.in_force(date).first()


class AgreementEdition(models.Model):
    """One edition of the agreement, with a plain-language version for children. Markdown."""

    number = models.PositiveSmallIntegerField("номер редакции", unique=True)
    title = models.CharField("заголовок", max_length=200)
    text = models.TextField("текст", help_text="Markdown: заголовки «##», списки «-».")
    plain_text = models.TextField("простыми словами", help_text="Для обучающихся младше 14 лет. Markdown.")
    in_force_from = models.DateField(
        "действует с", unique=True, error_messages={"unique": "На этот день уже назначена другая редакция."}
    )
    created_at = models.DateTimeField("создана", auto_now_add=True)

    objects = AgreementEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "редакция соглашения"
        verbose_name_plural = "редакции соглашения"
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return f"Редакция №{self.number} от {self.in_force_from:%d.%m.%Y}"

    @property
    def html(self):
        return text.html_of(self.text)

    @property
    def plain_html(self):
        return text.html_of(self.plain_text)


class Acceptance(models.Model):
    """Who accepted which edition, when, from where, and how."""

    class Kind(models.TextChoices):
        SELF = "self", "лично"
        PARENT = "parent", "родитель за ребёнка"
        PAPER = "paper", "на бумаге, внёс работник"
        CHILD = "child", "ребёнок, простой текст"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="за кого", related_name="acceptances"
    )
    edition = models.ForeignKey(
        AgreementEdition, models.PROTECT, verbose_name="редакция", related_name="acceptances"
    )
    kind = models.CharField("как", max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кем", related_name="+")
    at = models.DateTimeField("когда", auto_now_add=True)
    address = models.GenericIPAddressField("откуда", null=True)

    class Meta:
        verbose_name = "принятие соглашения"
        verbose_name_plural = "принятия соглашения"
        constraints = [
            models.UniqueConstraint(fields=["person", "edition", "kind"], name="acceptance_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["self", "parent", "paper", "child"]), name="acceptance_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.edition} ({self.get_kind_display()})"
