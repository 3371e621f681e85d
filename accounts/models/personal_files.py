"""The alphabetical book of pupils: each has a number within the letter, the number of the personal file on paper."""

import re

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

# In the paper book there is no page for Ё or Й: those surnames stand under Е and И.
_SHARED_PAGES = str.maketrans("ЁЙ", "ЕИ")
_TYPED = re.compile(r"^\s*([^\W\d_])\s*[-–—№/ ]*\s*(\d{1,6})\s*$")
NO_LETTER = "?"


def letter_of(surname: str) -> str:
    """The page of the book: the first letter of the surname; Ё counts as Е, Й as И."""
    first = next((letter for letter in surname.upper() if letter.isalpha()), NO_LETTER)
    return first.translate(_SHARED_PAGES)


def parse_file_number(text: str) -> tuple[str, int] | None:
    """«К-27», «к 27», «К №27» → ("К", 27); None for what is no such number."""
    match = _TYPED.match(text)
    if not match or not int(match[2]):
        return None
    return letter_of(match[1]), int(match[2])


class PersonalFile(models.Model):
    """A pupil's line of the alphabetical book (алфавитная книга). The number is given once and stays: after a change
    of the surname, a departure and a return as well.

    `order` is the order that brought the pupil; its point may have named the number.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="personal_file"
    )
    letter = models.CharField("буква", max_length=1)
    number = models.PositiveIntegerField("номер", validators=[MinValueValidator(1)])
    order = models.ForeignKey(
        "accounts.Order", models.PROTECT, verbose_name="приказ о зачислении", null=True, related_name="+"
    )
    given_at = models.DateTimeField("присвоен", auto_now_add=True)

    class Meta:
        verbose_name = "номер личного дела"
        verbose_name_plural = "номера личных дел"
        ordering = ["letter", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "number"],
                name="personal_file_number_once",
                violation_error_message="Такой номер личного дела уже есть.",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="personal_file_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.letter}-{self.number}"
