"""Files of other systems, read in batches: what was given, what was read, how to take it back (7.1, 11.2-11.3)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class ImportBatchQuerySet(models.QuerySet):
    def applied(self) -> Self:
        return self.filter(state=ImportBatch.State.APPLIED)


class ImportBatch(models.Model):
    """Files given at once: uploaded → applied in one transaction → undone; or dropped without a trace in the data.

    `purpose` is the app's own word for what is loaded («journal»); `counts` says how many rows were new, changed…
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "загружена, не применена"
        APPLIED = "applied", "применена"
        UNDONE = "undone", "отменена"
        DROPPED = "dropped", "отклонена"

    purpose = models.CharField("что загружают", max_length=20)
    source = models.CharField("откуда", max_length=40, help_text="Система, из которой взяты файлы.")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.UPLOADED)
    as_of = models.DateTimeField("данные на", null=True, blank=True)
    counts = models.JSONField("итог", default=dict, blank=True)
    options = models.JSONField("как читать", default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="загрузил", null=True, related_name="+"
    )
    created_at = models.DateTimeField("загружена", auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="применил", null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField("применена", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="отменил", null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("отменена", null=True, blank=True)
    reason = models.CharField("почему отменена", max_length=300, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка"
        verbose_name_plural = "загрузки"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_at__isnull=False),
                name="import_batch_applied_at",
                violation_error_message="У применённой загрузки есть время.",
            )
        ]

    def __str__(self) -> str:
        return f"Загрузка №{self.pk}"


class ImportedFile(models.Model):
    """One file of a batch. `importer` is the code of the one that recognised it, `facts` what it read of the heads.

    `before` is what applying the file changed or removed, for the undoing; it holds personal data.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="загрузка", related_name="files")
    name = models.CharField("имя", max_length=200)
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    importer = models.CharField("вид файла", max_length=40, blank=True)
    title = models.CharField("о чём", max_length=300, blank=True)
    facts = models.JSONField("прочитанное в заголовках", default=dict, blank=True)
    error = models.CharField("ошибка", max_length=500, blank=True)
    before = models.JSONField("прежнее", default=list, blank=True)

    class Meta:
        verbose_name = "файл загрузки"
        verbose_name_plural = "файлы загрузки"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportMapping(models.Model):
    """What somebody decided once about words of a source: a column, a subject, a pupil. Remembered for the next time.

    `kind` is the importer's own word («column», «subject», «pupil»), `scope` narrows it (a class, an importer).
    """

    purpose = models.CharField("что загружают", max_length=20)
    source = models.CharField("откуда", max_length=40)
    kind = models.CharField("что названо", max_length=20)
    scope = models.CharField("где", max_length=60, blank=True)
    text = models.CharField("как в файле", max_length=300)
    meaning = models.CharField("что это значит", max_length=60)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто решил", null=True, related_name="+"
    )
    decided_at = models.DateTimeField("когда", auto_now=True)

    class Meta:
        verbose_name = "соответствие"
        verbose_name_plural = "соответствия"
        ordering = ["purpose", "source", "kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "source", "kind", "scope", "text"], name="import_mapping_once",
                violation_error_message="Это уже решено.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.text} — {self.meaning}"
