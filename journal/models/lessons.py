"""Lessons of gradebooks kept here: what was taught, what is asked for next time (1.3 b-c, 2.2)."""

import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from journal.models.gradebooks import Gradebook
from journal.models.timetables import Room, number_field
from resources.models import Course, Element, OutsideResource, Topic


class WorkKind(models.Model):
    """A kind of work that marks are given for, with the weight it usually has."""

    code = models.CharField("код", max_length=4, unique=True, help_text="О, К, Д: стоит у отметки.")
    name = models.CharField("название", max_length=80, unique=True)
    weight = models.DecimalField(
        "вес", max_digits=5, decimal_places=2, default=1,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
    )  # fmt: skip
    order = models.PositiveSmallIntegerField("порядок", default=0)
    is_active = models.BooleanField("предлагать", default=True)

    class Meta:
        verbose_name = "вид работы"
        verbose_name_plural = "виды работ"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="work_kind_weight", violation_error_message="Вес больше нуля."
            )
        ]

    def __str__(self) -> str:
        return self.name


class LessonQuerySet(models.QuerySet):
    def of_gradebook(self, gradebook: Gradebook, starts: datetime.date, ends: datetime.date) -> Self:
        return self.filter(gradebook=gradebook, date__gte=starts, date__lte=ends)


class Lesson(models.Model):
    """A lesson of a gradebook on a day; with (gradebook, date, slot) marks and absences belong to it.

    `number` is the lesson of the day, `slot` counts the subject's own lessons of that day from 1. `topic` is a line of
    the programme's thematic plan; `subject_matter` is what is written in the journal, the topic's name unless changed.
    """

    gradebook = models.ForeignKey(
        Gradebook, models.PROTECT, verbose_name="журнал", related_name="lessons", db_index=False
    )
    date = models.DateField("дата")
    slot = models.PositiveSmallIntegerField("который урок предмета за день", default=1)
    number = number_field(verbose_name="урок", null=True, blank=True)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учитель", null=True, blank=True, related_name="lessons",
        db_index=False,
    )  # fmt: skip
    room = models.ForeignKey(Room, models.PROTECT, verbose_name="кабинет", null=True, blank=True, related_name="+")
    topic = models.ForeignKey(
        Topic, models.SET_NULL, verbose_name="тема программы", null=True, blank=True, related_name="lessons"
    )
    subject_matter = models.CharField("тема урока", max_length=300, blank=True)
    way = models.CharField("как проводится", max_length=12, choices=Topic.Way, default=Topic.Way.IN_PERSON)
    done = models.TextField("что пройдено", max_length=2000, blank=True)
    remark = models.CharField("замечание", max_length=300, blank=True)
    changed_at = models.DateTimeField("изменён", auto_now=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = "урок"
        verbose_name_plural = "уроки"
        ordering = ["gradebook", "date", "slot"]
        indexes = [
            models.Index(fields=["teacher", "date"], name="lesson_teacher_date"),
            models.Index(fields=["date"], name="lesson_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gradebook", "date", "slot"], name="lesson_once",
                violation_error_message="Такой урок в этот день уже есть.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.gradebook}, {self.date:%d.%m.%Y}"


class LessonWork(models.Model):
    """A column of a lesson that takes marks. A lesson without such rows has one, of weight 1 and no kind.

    Marks of the column have its `place`, and its weight and kind as long as they are in the journal.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, verbose_name="урок", related_name="works", db_index=False)
    place = models.PositiveSmallIntegerField("которая колонка урока", default=1)
    kind = models.ForeignKey(
        WorkKind, models.PROTECT, verbose_name="вид работы", null=True, blank=True, related_name="+"
    )
    title = models.CharField("название", max_length=100, blank=True, help_text="Контрольная № 2.")
    weight = models.DecimalField(
        "вес", max_digits=5, decimal_places=2, default=1,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
    )  # fmt: skip

    class Meta:
        verbose_name = "работа на уроке"
        verbose_name_plural = "работы на уроках"
        ordering = ["lesson", "place"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "place"], name="lesson_work_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="lesson_work_weight", violation_error_message="Вес больше нуля."
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.kind or "Работа на уроке")


class Homework(models.Model):
    """What a lesson asks for; `due` is the day it is asked for, the subject's next lesson unless said otherwise."""

    lesson = models.OneToOneField(Lesson, models.CASCADE, verbose_name="урок", related_name="homework")
    text = models.TextField("задание", max_length=4000, blank=True)
    due = models.DateField("к какому дню", null=True, blank=True)
    elements = models.ManyToManyField(Element, verbose_name="платформы", blank=True, related_name="+")
    outside_resources = models.ManyToManyField(
        OutsideResource, verbose_name="внешние ресурсы", blank=True, related_name="+"
    )
    courses = models.ManyToManyField(Course, verbose_name="электронные курсы", blank=True, related_name="+")
    changed_at = models.DateTimeField("изменено", auto_now=True)

    class Meta:
        verbose_name = "домашнее задание"
        verbose_name_plural = "домашние задания"
        indexes = [models.Index(fields=["due"], name="homework_due")]

    def __str__(self) -> str:
        return self.text[:80]


class HomeworkFile(models.Model):
    """A file of a homework."""

    homework = models.ForeignKey(Homework, models.CASCADE, verbose_name="задание", related_name="files")
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, verbose_name="файл", related_name="+")

    class Meta:
        verbose_name = "файл задания"
        verbose_name_plural = "файлы заданий"
        ordering = ["homework", "pk"]
        constraints = [models.UniqueConstraint(fields=["homework", "file"], name="homework_file_once")]

    def __str__(self) -> str:
        return str(self.file)
