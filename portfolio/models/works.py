"""Works of pupils in versions: what was made, by whom, for which lesson (1.3 d, 11.1)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from eios.lib.filetypes import size_text
from eios.lib.text import html_of
from portfolio.models.events import Sphere
from resources.models import Subject


class WorkQuerySet(models.QuerySet):
    def of_author(self, person) -> Self:
        """Works that the person wrote, alone or with others, and has agreed to be named at."""
        return self.filter(authors__person=person, authors__agreed_at__isnull=False)


class Work(models.Model):
    """A work of one pupil or several; what is in it stands in versions.

    `owner` is the pupil who entered it, also the first of its authors. A draft is seen by its authors alone; submitted,
    it waits for reviews by whom it concerns (portfolio.rights.works_seen).
    """

    class Kind(models.TextChoices):
        ESSAY = "essay", "сочинение, эссе"
        PROJECT = "project", "проект"
        RESEARCH = "research", "исследование"
        REPORT = "report", "доклад, реферат"
        PICTURE = "picture", "рисунок, фотография"
        CRAFT = "craft", "изделие, модель"
        PERFORMANCE = "performance", "выступление"
        PROGRAM = "program", "программа, сайт"
        OTHER = "other", "другое"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="чья работа", related_name="portfolio_works"
    )
    title = models.CharField("название", max_length=200)
    kind = models.CharField("вид", max_length=11, choices=Kind)
    sphere = models.CharField("сфера", max_length=10, choices=Sphere, default=Sphere.ACADEMIC)
    subject = models.ForeignKey(
        Subject, models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="+"
    )
    lesson = models.ForeignKey(
        "journal.Lesson", models.SET_NULL, verbose_name="урок", null=True, blank=True, related_name="+"
    )
    task = models.CharField("по какому заданию", max_length=200, blank=True)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="руководитель", null=True, blank=True, related_name="+"
    )
    mentor_words = models.CharField("руководитель не из школы", max_length=150, blank=True)
    other_authors = models.CharField("соавторы не из школы", max_length=300, blank=True)
    created_at = models.DateTimeField("добавлена", auto_now_add=True)
    submitted_at = models.DateTimeField("открыта для рецензий", null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = "работа"
        verbose_name_plural = "работы"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class WorkAuthor(models.Model):
    """An author of a work. A co-author named by the owner agrees first: nobody's work lands in a foreign portfolio."""

    work = models.ForeignKey(Work, models.CASCADE, verbose_name="работа", related_name="authors", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="автор", related_name="authorships"
    )
    contribution = models.CharField("что сделал", max_length=200, blank=True)
    agreed_at = models.DateTimeField("согласился", null=True, blank=True)

    class Meta:
        verbose_name = "автор работы"
        verbose_name_plural = "авторы работ"
        ordering = ["work", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "person"], name="work_author_once",
                violation_error_message="Этот соавтор уже назван.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


class FormerAuthor(models.Model):
    """An author who has left a work. The name stands at it no more; the person still does not review what was written
    together. Whoever comes back is an author again, and this stays."""

    work = models.ForeignKey(Work, models.CASCADE, verbose_name="работа", related_name="former", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто вышел", related_name="+")
    left_at = models.DateTimeField("вышел", auto_now_add=True)

    class Meta:
        verbose_name = "бывший автор работы"
        verbose_name_plural = "бывшие авторы работ"
        ordering = ["work", "pk"]
        constraints = [models.UniqueConstraint(fields=["work", "person"], name="former_author_once")]

    def __str__(self) -> str:
        return str(self.person)


class WorkVersion(models.Model):
    """One state of a work's contents. While not sealed it is edited by the authors and seen by them alone.

    Sealing is for good: `sha256` is of all that it holds, and neither text nor files change any more.
    """

    work = models.ForeignKey(Work, models.CASCADE, verbose_name="работа", related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField("версия")
    text = models.TextField("текст", max_length=60_000, blank=True, help_text="Markdown: заголовки «##», списки «-».")
    reflection = models.TextField("что получилось, чему научился", max_length=4000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто добавил", related_name="+"
    )
    created_at = models.DateTimeField("начата", auto_now_add=True)
    sealed_at = models.DateTimeField("закреплена", null=True, blank=True)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True)

    class Meta:
        verbose_name = "версия работы"
        verbose_name_plural = "версии работ"
        ordering = ["work", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["work", "number"], name="work_version_once"),
            models.UniqueConstraint(
                fields=["work"], condition=Q(sealed_at__isnull=True), name="work_version_one_open",
                violation_error_message="Новая версия этой работы уже начата.",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sha256="") | (Q(sealed_at__isnull=False) & ~Q(sha256="")),
                name="work_version_sealed_with_hash",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.work}, версия {self.number}"

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None

    @property
    def html(self):
        return html_of(self.text)


class WorkFile(models.Model):
    """A file of a version."""

    version = models.ForeignKey(WorkVersion, models.CASCADE, verbose_name="версия", related_name="files")
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, verbose_name="файл", related_name="+")
    title = models.CharField("подпись", max_length=200, blank=True)

    class Meta:
        verbose_name = "файл работы"
        verbose_name_plural = "файлы работ"
        ordering = ["version", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "file"], name="work_file_once")]

    def __str__(self) -> str:
        return self.title or str(self.file)

    @property
    def size_text(self) -> str:
        return size_text(self.file.size)


class WorkLink(models.Model):
    """A link of a version."""

    version = models.ForeignKey(WorkVersion, models.CASCADE, verbose_name="версия", related_name="links")
    url = models.URLField("ссылка", max_length=500)
    title = models.CharField("подпись", max_length=200, blank=True)

    class Meta:
        verbose_name = "ссылка работы"
        verbose_name_plural = "ссылки работ"
        ordering = ["version", "pk"]

    def __str__(self) -> str:
        return self.title or self.url
