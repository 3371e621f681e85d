"""The school: its card, years, classes, method groups and positions."""

import re
import secrets
import zoneinfo
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from eios.lib import grades, network
from eios.lib.composed import ComposedRows
from eios.lib.dates import DatedQuerySet, school_year_start

# Latin letters that look like Russian ones: «5A» typed on the other keyboard layout is class 5 «А».
_LOOKALIKES = str.maketrans("ABEKMHOPCTYXabekmhopctyx", "АВЕКМНОРСТУХАВЕКМНОРСТУХ")
_CLASS = re.compile(r"^\s*(\d{1,2})\s*[-–—.]?\s*[«\"“„]?\s*([^\W\d_]{0,15})\s*[»\"”]?\s*$")


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"Нет такого часового пояса: «{value}». Пример: Europe/Moscow.")


def validate_networks(value: str) -> None:
    try:
        network.parse_networks(value)
    except ValueError as error:
        raise ValidationError(f"Не похоже на сеть: {error}. Пример: 192.168.0.0/24, по одной на строке.") from error


class SchoolCard(models.Model):
    """The one school of this installation: names, contacts, switches. Always the row with key 1."""

    full_name = models.CharField("полное наименование", max_length=300, default="Школа")
    short_name = models.CharField("краткое наименование", max_length=120, default="Школа")
    portal_name = models.CharField("название портала", max_length=120, default="ЭИОС школы")
    mark = models.CharField("знак в шапке", max_length=4, default="Ш", help_text="Номер школы или одна-две буквы.")
    municipality = models.CharField("муниципальное образование", max_length=200, blank=True)
    address = models.CharField("адрес", max_length=300, blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    site = models.CharField(
        "официальный сайт", max_length=200, blank=True, validators=[URLValidator(["http", "https"])],
        help_text="Пункт 8.1 Положения. С http:// или https://.",
    )  # fmt: skip
    logo = models.OneToOneField(
        "accounts.StoredFile", models.PROTECT, verbose_name="логотип", null=True, blank=True, related_name="logo_of"
    )
    home_notice = models.TextField("объявление на главной", blank=True, max_length=2000)
    local_networks = models.TextField(
        "сети школы", blank=True, validators=[validate_networks], help_text="По одной на строке: 192.168.0.0/24."
    )
    time_zone = models.CharField(
        "часовой пояс", max_length=60, default="Europe/Moscow", validators=[validate_time_zone]
    )
    highest_grade = models.PositiveSmallIntegerField(
        "старший класс", default=9, validators=[MinValueValidator(grades.FIRST), MaxValueValidator(grades.LAST)]
    )
    parents_have_cabinets = models.BooleanField(
        "кабинеты родителей",
        default=False,
        help_text="Пункт 9.1 называет обучающихся и работников; родители — по решению школы.",
    )
    parent_accepts_under_14 = models.BooleanField(
        "до 14 лет соглашение принимает родитель", default=True, help_text="Ребёнок ставит отметку под простым текстом."
    )
    juniors_keep_password = models.BooleanField(
        "1–4 классы могут оставить выданный пароль", default=True, help_text="Иначе пароль меняют все."
    )
    slip_days = models.PositiveSmallIntegerField(
        "сколько дней действует листок", default=14, validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Неиспользованный разовый пароль перестаёт подходить.",
    )  # fmt: skip
    link_minutes = models.PositiveSmallIntegerField(
        "сколько минут действует ссылка с экрана", default=30,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )  # fmt: skip
    link_hours = models.PositiveSmallIntegerField(
        "сколько часов действует ссылка из письма", default=24, validators=[MinValueValidator(1), MaxValueValidator(72)]
    )
    responsible_are_public = models.BooleanField(
        "имена ответственных видны всем",
        default=False,
        help_text="На странице «Кто за что отвечает»; иначе гостям видны только должности и школьные контакты.",
    )
    public_version = models.PositiveBigIntegerField("версия открытых страниц", default=1, editable=False)
    access_version = models.PositiveBigIntegerField("версия прав", default=1, editable=False)

    class Meta:
        verbose_name = "карточка школы"
        verbose_name_plural = "карточка школы"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="school_card_is_one")]

    def __str__(self) -> str:
        return self.short_name

    @classmethod
    def current(cls) -> "SchoolCard":
        """The card; an installation that has not been set up yet gets an unsaved one with plain defaults."""
        return next(iter(_CARD.rows()), None) or cls(pk=1)

    @property
    def logo_url(self) -> str:
        return reverse("accounts:file", args=[self.logo_id]) if self.logo_id else ""

    @classmethod
    def touch_public(cls) -> None:
        """Something that guests see has changed: cached public pages are stale from now on."""
        cls.objects.filter(pk=1).update(public_version=F("public_version") + 1)

    @classmethod
    def touch_access(cls) -> None:
        """Who may open what has changed: what workers remember of it is stale from now on.

        A number never used before: one that was read in a transaction and rolled back must not come again.
        """
        cls.objects.filter(pk=1).update(access_version=secrets.randbits(62))


# Every request asks for it.
_CARD = ComposedRows(lambda: SchoolCard.objects.filter(pk=1))


class AcademicYear(models.Model):
    """A school year, by default from 1 September to 31 August."""

    starts = models.DateField("начало", unique=True)
    ends = models.DateField("конец")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "учебный год"
        verbose_name_plural = "учебные годы"
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="academic_year_dates",
                violation_error_message="Учебный год кончается позже, чем начинается.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts.year}/{self.ends.year}"

    @classmethod
    def usual_dates(cls, date):
        """First and last day of the usual school year that holds the date."""
        starts = school_year_start(date)
        return starts, starts.replace(year=starts.year + 1, month=8, day=31)

    def following(self) -> Self | None:
        """The next year that the school has opened."""
        return AcademicYear.objects.filter(starts__gt=self.ends).order_by("starts").first()

    def former(self) -> Self | None:
        return AcademicYear.objects.filter(starts__lt=self.starts).order_by("-starts").first()


def parse_class_name(text: str) -> tuple[int, str]:
    """«5А», «5-а», «5 «А»», Latin «5A» → (5, "А"). Raises ValidationError."""
    match = _CLASS.match(text or "")
    if not match or not grades.FIRST <= int(match[1]) <= grades.LAST:
        raise ValidationError(f"Не похоже на класс: «{text}». Напишите, например, 5А или 5 «А».")
    return int(match[1]), match[2].translate(_LOOKALIKES).upper()


class SchoolClassQuerySet(models.QuerySet):
    def of_year_on(self, date):
        return self.filter(year__starts__lte=date, year__ends__gte=date)

    def named(self, text: str):
        """Classes of that name, however it was typed. Raises ValidationError."""
        grade, letter = parse_class_name(text)
        return self.filter(grade=grade, letter=letter)


class SchoolClass(models.Model):
    """A class of one school year: grade and letter, printed as 5 «А»."""

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="classes")
    grade = models.PositiveSmallIntegerField(
        "параллель", validators=[MinValueValidator(grades.FIRST), MaxValueValidator(grades.LAST)]
    )
    letter = models.CharField("литера", max_length=15, blank=True)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = "класс"
        verbose_name_plural = "классы"
        ordering = ["-year__starts", "grade", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "grade", "letter"],
                name="school_class_once_a_year",
                violation_error_message="Такой класс в этом учебном году уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(grade__range=(grades.FIRST, grades.LAST)),
                name="school_class_grade",
                violation_error_message="Параллель — число от 1 до 12.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.grade}\N{NO-BREAK SPACE}«{self.letter}»" if self.letter else str(self.grade)

    def clean(self) -> None:
        self.letter = self.letter.strip().translate(_LOOKALIKES).upper()


class MethodGroup(models.Model):
    """A school's method group (ШМО)."""

    name = models.CharField("название", max_length=120, unique=True)

    class Meta:
        verbose_name = "ШМО"
        verbose_name_plural = "ШМО"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A position or a duty given by order; its level opens elements (5.3)."""

    class Category(models.TextChoices):
        TEACHING = "teaching", "педагогические работники"
        ADMINISTRATIVE = "administrative", "административно-управленческий персонал"
        SUPPORT = "support", "учебно-вспомогательный персонал"
        DUTY = "duty", "поручение по приказу"

    code = models.SlugField("код", unique=True, help_text="Не меняется: по нему портал узнаёт должность.")
    name = models.CharField("название", max_length=120, unique=True)
    category = models.CharField("категория", max_length=20, choices=Category)
    level = models.PositiveSmallIntegerField(
        "уровень доступа", default=2, validators=[MinValueValidator(2), MaxValueValidator(4)],
        help_text="2 — работник, 3 — методический, 4 — руководство.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField("порядок", default=100)

    class Meta:
        verbose_name = "должность"
        verbose_name_plural = "должности"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__range=(2, 4)),
                name="position_level",
                violation_error_message="Уровень должности — от 2 до 4: уровень 1 есть у всех, 5 даётся поимённо.",
            )
        ]

    def __str__(self) -> str:
        return self.name
