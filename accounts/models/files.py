"""One store for every file of the portal."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class StoredFile(models.Model):
    """A file that somebody gave: bytes under a random name, type known by content."""

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

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:file", args=[self.key])

    @property
    def path(self) -> str:
        """Where the bytes lie below the store's root."""
        return f"{self.key.hex[:2]}/{self.key.hex}"
