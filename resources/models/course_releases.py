"""What readers see of a course: frozen when the review lets it, numbered, drawn once."""

from django.conf import settings
from django.db import models
from django.utils.safestring import SafeString, mark_safe

from eios.lib.filetypes import size_text
from resources.models.course_media import CourseMedia
from resources.models.courses import Course, CoursePart, CourseText

WORDS_A_MINUTE = 120


def safe(html: str) -> SafeString:
    """What a release keeps: made of an author's text by `resources.courses.rendering`, only tags of its allow-list."""
    return mark_safe(html)  # noqa: S308 (cleaned when the release was made)


class CourseRelease(models.Model):
    """A published state of a course: its pages in the order of reading, with the volume that 1.6 asks for."""

    course = models.ForeignKey(Course, models.CASCADE, verbose_name="курс", related_name="releases")
    number = models.PositiveIntegerField("№")
    title = models.CharField("название", max_length=200)
    published_at = models.DateTimeField("когда опубликован")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто опубликовал", null=True, related_name="+"
    )
    media = models.ManyToManyField(CourseMedia, verbose_name="файлы", blank=True, related_name="releases")
    pages = models.PositiveIntegerField("страниц", default=0)
    words = models.PositiveIntegerField("слов", default=0)
    seconds = models.PositiveIntegerField("звука и видео, секунд", default=0)
    bytes = models.PositiveBigIntegerField("байт", default=0)

    class Meta:
        verbose_name = "выпуск курса"
        verbose_name_plural = "выпуски курсов"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="courserelease_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, выпуск {self.number}"

    @property
    def minutes(self) -> int:
        """Reading and watching, at the pace of a pupil of the middle grades; at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE + self.seconds / 60))

    @property
    def size(self) -> str:
        """«1,4 МБ»."""
        return size_text(self.bytes)


class ReleasedPart(models.Model):
    """A section or a page as the release shows it; `number` is its place in the order of reading, from 1."""

    release = models.ForeignKey(CourseRelease, models.CASCADE, verbose_name="выпуск", related_name="parts")
    part = models.ForeignKey(CoursePart, models.CASCADE, verbose_name="часть", related_name="released")
    text = models.ForeignKey(CourseText, models.PROTECT, verbose_name="версия", null=True, related_name="released")
    number = models.PositiveIntegerField("№")
    depth = models.PositiveSmallIntegerField("вложенность", default=0)
    section = models.PositiveIntegerField("№ раздела, в котором стоит", null=True)
    kind = models.CharField("вид", max_length=8, choices=CoursePart.Kind)
    title = models.CharField("название", max_length=200)
    html = models.TextField("как показана", blank=True)
    words = models.PositiveIntegerField("слов", default=0)
    search = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = "часть выпуска"
        verbose_name_plural = "части выпусков"
        ordering = ["release", "number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="releasedpart_number_once"),
            models.UniqueConstraint(fields=["release", "part"], name="releasedpart_part_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_page(self) -> bool:
        return self.kind == CoursePart.Kind.PAGE

    @property
    def drawn(self) -> SafeString:
        return safe(self.html)


class PageVisit(models.Model):
    """How a person has read a page of a course: the own progress; its author sees sums without names."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="кто", related_name="page_visits")
    part = models.ForeignKey(CoursePart, models.CASCADE, verbose_name="страница", related_name="visits")
    opened_at = models.DateTimeField("когда открыта впервые", auto_now_add=True)
    last_at = models.DateTimeField("когда открыта в последний раз")
    seconds = models.PositiveIntegerField("секунд на странице", default=0)
    is_read = models.BooleanField("прочитана", default=False)
    is_marked = models.BooleanField("закладка", default=False)

    class Meta:
        verbose_name = "чтение страницы"
        verbose_name_plural = "чтение страниц"
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["person", "part"], name="pagevisit_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.part}"
