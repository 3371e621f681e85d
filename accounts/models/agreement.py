"""The user agreement: editions, and who accepted which (6.4)."""

import datetime
import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from eios.lib import text
from eios.lib.composed import SOME_DAY, ComposedRows
from eios.lib.dates import today


class AgreementEditionQuerySet(models.QuerySet):
    def in_force(self, date: datetime.date):
        """The editions that have begun, the one in force first: a new one ends the former on its day."""
        return self.filter(in_force_from__lte=date).order_by("-in_force_from")

    def current(self, date: datetime.date) -> "AgreementEdition | None":
        return next(iter(_IN_FORCE.rows(day=date)), None)


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

    def clean(self) -> None:
        """A new edition begins today or later, and after every other one: what people accepted can't be changed."""
        if not self._state.adding or self.in_force_from is None:
            return
        if self.in_force_from < today():
            raise ValidationError({"in_force_from": "Редакция не может начать действовать в прошлом."})
        latest = AgreementEdition.objects.order_by("-in_force_from").first()
        if latest and self.in_force_from <= latest.in_force_from:
            after = f"{latest.in_force_from:%d.%m.%Y}"
            raise ValidationError(
                {"in_force_from": f"Последняя редакция действует с {after}: новой нужен более поздний день."}
            )

    @property
    def mark(self) -> str:
        """Of these very words: another edition has another mark, and so has this one when it is mended."""
        words = "\0".join([self.title, self.text, self.plain_text])
        return f"{self.pk}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"

    @property
    def html(self):
        return text.html_of(self.text)

    @property
    def plain_html(self):
        return text.html_of(self.plain_text)


# Every cabinet names it.
_IN_FORCE = ComposedRows(lambda day: AgreementEdition.objects.in_force(day)[:1], day=SOME_DAY)


class Acceptance(models.Model):
    """Who accepted which edition, when, from where, and how."""

    class Kind(models.TextChoices):
        SELF = "self", "лично"
        OWN_PAPER = "own_paper", "лично на бумаге"
        PARENT = "parent", "родитель за ребёнка"
        PAPER = "paper", "родитель на бумаге"
        CHILD = "child", "ребёнок, простой текст"

    # One's own acceptance settles by itself; a parent's needs the child's tick beside it.
    OWN_KINDS = (Kind.SELF, Kind.OWN_PAPER)
    PARENT_KINDS = (Kind.PARENT, Kind.PAPER)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="за кого", related_name="acceptances"
    )
    edition = models.ForeignKey(AgreementEdition, models.PROTECT, verbose_name="редакция", related_name="acceptances")
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
                condition=Q(kind__in=["self", "own_paper", "parent", "paper", "child"]), name="acceptance_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.edition} ({self.get_kind_display()})"
