"""One store for every file of the portal."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse


class StoredFileQuerySet(models.QuerySet):
    def bytes_of(self, owner) -> int:
        """How much the person's files take of the quota."""
        return self.filter(owner=owner).aggregate(total=Sum("size"))["total"] or 0

    def unreferenced(self, before: datetime.datetime):
        """Files stored before the moment that no row of any model points at."""
        found = self.filter(created_at__lt=before)
        for relation in _relations():
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            found = found.exclude(Exists(rows))
        return found


def _relations() -> list:
    """Foreign keys of all models to stored files, nameless ones and tables of many-to-many included."""
    fields = StoredFile._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and (field.one_to_many or field.one_to_one)]


class StoredFile(models.Model):
    """A file that somebody gave: bytes under a random name, type known by content.

    The bytes never change. Rows come by `accounts.actions.files.store` and go by the clean-up once nothing points at
    them; the kind decides who may read (accounts.hints.FILE_AUTHORISERS).
    """

    class State(models.TextChoices):
        READY = "ready", "готов"
        WAITING = "waiting", "ждёт проверки на вирусы"
        REFUSED = "refused", "не прошёл проверку"

    key = models.UUIDField("ключ", primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("назначение", max_length=30, help_text="По нему владелец файла решает, кому он открыт.")
    name = models.CharField("имя", max_length=200)
    media_type = models.CharField("тип", max_length=100)
    size = models.PositiveBigIntegerField("байт")
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.READY)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто загрузил", null=True, related_name="files"
    )
    created_at = models.DateTimeField("загружен", auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:file", args=[self.key])

    @property
    def url(self) -> str:
        """The address under the name that Django's file inputs ask for."""
        return self.get_absolute_url()

    @property
    def path(self) -> str:
        """Where the bytes lie below the store's root."""
        return f"{self.key.hex[:2]}/{self.key.hex}"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
