from django.conf import settings
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    name = models.CharField(max_length=80)
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    readers = models.IntegerField()
    is_open = models.BooleanField(default=True)
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Lesson(models.Model):
    """A meeting of readers about a subject."""

    subject = models.CharField(max_length=40)
    group = models.IntegerField()
    date = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["group", "subject", "date"], name="limit_lesson_of_group")]

    def __str__(self) -> str:
        return self.subject


class Mark(models.Model):
    lesson = models.ForeignKey(Lesson, models.CASCADE, db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    value = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "reader"], name="limit_mark_once")]

    def __str__(self) -> str:
        return str(self.value)
