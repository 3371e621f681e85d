"""The small core of documents, their editions and who is acquainted with them (3.2, 3.3, 5.11, 13)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from eios.lib import text
from eios.lib.dates import today


class DocumentQuerySet(models.QuerySet):
    def policies(self):
        """Documents under which closure is set (5.3)."""
        return self.filter(kind=Document.Kind.POLICY)

    def acquainted(self, person_key, date: datetime.date):
        """Documents whose edition in force the person has read; for a key or an OuterRef."""
        newest = Edition.objects.in_force(date).filter(document=OuterRef("pk")).values("pk")[:1]
        read = Acquaintance.objects.filter(person=person_key).values("edition")
        return self.annotate(_edition=Subquery(newest)).filter(_edition__in=read)


class Document(models.Model):
    """An act that the environment lives by."""

    class Kind(models.TextChoices):
        REGULATION = "regulation", "положение"
        POLICY = "policy", "политика безопасности"
        RULES = "rules", "правила или порядок"
        INSTRUCTION = "instruction", "инструкция"
        OTHER = "other", "иной документ"

    title = models.CharField("название", max_length=300)
    short_name = models.CharField("коротко", max_length=120, blank=True)
    kind = models.CharField("вид", max_length=15, choices=Kind, default=Kind.RULES)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.short_name or self.title

    def edition_on(self, date: datetime.date) -> "Edition | None":
        """The edition in force on the date."""
        return self.editions.in_force(date).first()


class EditionQuerySet(models.QuerySet):
    def in_force(self, date: datetime.date):
        """Editions that have begun, the one in force first: a new one ends the former on its day (13)."""
        return self.filter(in_force_from__lte=date).order_by("-in_force_from")


class Edition(models.Model):
    """The text of a document in force from a day until the next edition's day (13). Markdown."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name="документ", related_name="editions")
    number = models.PositiveSmallIntegerField("номер редакции")
    text = models.TextField("текст", help_text="Markdown: заголовки «##», списки «-».")
    in_force_from = models.DateField("действует с", default=today)
    basis = models.CharField("чем утверждена", max_length=300, blank=True, help_text="Приказ, протокол педсовета.")

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "редакция документа"
        verbose_name_plural = "редакции документов"
        ordering = ["-in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="edition_number_once",
                violation_error_message="Редакция с таким номером уже есть.",
            ),
            models.UniqueConstraint(
                fields=["document", "in_force_from"],
                name="edition_day_once",
                violation_error_message="На этот день уже назначена другая редакция.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, редакция №{self.number} от {self.in_force_from:%d.%m.%Y}"

    @property
    def html(self):
        return text.html_of(self.text)


class Acquaintance(models.Model):
    """Who has read which edition, and when (3.2, 5.11)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", related_name="acquaintances"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name="редакция", related_name="acquaintances")
    at = models.DateTimeField("когда", auto_now_add=True)
    address = models.GenericIPAddressField("откуда", null=True)

    class Meta:
        verbose_name = "ознакомление"
        verbose_name_plural = "ознакомления"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "edition"],
                name="acquaintance_once",
                violation_error_message="С этой редакцией человек уже ознакомлен.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.edition}"
