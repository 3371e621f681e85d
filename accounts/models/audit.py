"""The one trail of the portal: who did what, when, from where, to which object. Rows are only added."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models.people import User
from eios.lib.dates import start_of_day


class AuditQuerySet(models.QuerySet):
    def of(self, obj: models.Model):
        """The history of one object, newest first."""
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-pk")

    def matching(self, *, q: str = "", action: str = "", kind: str = "", starts=None, ends=None):
        """By words of the actor's name or the command's, action, kind of object, and days, both inclusive."""
        found = self
        if q:
            found = found.filter(Q(actor__in=User.objects.matching(q)) | Q(actor_label__contains=q.strip()))
        if action:
            found = found.filter(action=action)
        if kind:
            found = found.filter(object_type=kind)
        if starts:
            found = found.filter(at__gte=start_of_day(starts))
        if ends:
            found = found.filter(at__lt=start_of_day(ends + datetime.timedelta(days=1)))
        return found

    def unsealed(self):
        """Entries that no block holds yet, in the order of their numbers."""
        seals = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
        return self.filter(~Exists(seals)).order_by("pk")


class AuditEntry(models.Model):
    """One change; written in the same transaction as the change itself.

    `changes` maps a field to [before, after]; of identifying fields (names, birth date, contacts) it holds null.
    """

    at = models.DateTimeField("когда", default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", null=True, related_name="+")
    actor_label = models.CharField("от чьего имени", max_length=60, help_text="Логин или название команды.")
    address = models.GenericIPAddressField("откуда", null=True)
    action = models.CharField("действие", max_length=60)
    object_type = models.CharField("вид объекта", max_length=60)
    object_id = models.CharField("номер объекта", max_length=40)
    changes = models.JSONField("было → стало", default=dict)
    basis = models.CharField("основание", max_length=300, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "запись аудита"
        verbose_name_plural = "журнал аудита"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.action}"


class AuditBlock(models.Model):
    """A sealed run of entries; its code covers the former block's code, so that blocks form a chain."""

    number = models.PositiveIntegerField("номер", unique=True)
    count = models.PositiveIntegerField("записей")
    previous_code = models.CharField("код предыдущего", max_length=64, blank=True)
    code = models.CharField("код", max_length=64)
    sealed_at = models.DateTimeField("опечатан")

    class Meta:
        verbose_name = "блок аудита"
        verbose_name_plural = "блоки аудита"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Блок {self.number}"


class AuditSeal(models.Model):
    """An entry's place in its block. No foreign key to the entry: a deleted entry must be noticed, not forbidden."""

    entry_id = models.BigIntegerField("запись", unique=True)
    block = models.ForeignKey(AuditBlock, models.PROTECT, verbose_name="блок", related_name="seals")
    position = models.PositiveIntegerField("место")
    code = models.CharField("код записи", max_length=64)

    class Meta:
        verbose_name = "печать аудита"
        verbose_name_plural = "печати аудита"
        constraints = [models.UniqueConstraint(fields=["block", "position"], name="audit_seal_place")]

    def __str__(self) -> str:
        return f"{self.block}, {self.position}"
