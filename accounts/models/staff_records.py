"""How staff are prepared for the environment: training, basic skills, qualification (3.2, 4.3, 5.11)."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models.school import Position
from eios.lib import search

LONGEST_COURSE = 2000  # hours
# What people type in; the rest of a record the portal knows by itself.
TRAINING_FIELDS = (
    "kind", "title", "organisation", "hours", "document", "document_number", "document_date", "valid_until", "note",
)  # fmt: skip
QUALIFICATION_FIELDS = ("education", "speciality", "document", "category", "valid_until")


class TrainingQuerySet(models.QuerySet):
    def waiting(self):
        """Entered by the employees themselves and not looked at yet."""
        return self.filter(confirmed_by__isnull=True, return_reason="")

    def returned(self):
        return self.exclude(return_reason="")

    def confirmed(self):
        return self.filter(confirmed_by__isnull=False)

    def in_force(self, date: datetime.date):
        """Confirmed, and the document still counts on the date."""
        return self.confirmed().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=date))

    def matching(self, query: str):
        """Every word in what was taught, or every word in the name of who was."""
        return self.filter(search.matching(query) | search.matching(query, "person__search"))


class Training(models.Model):
    """A course, seminar or retraining of an employee. Which elements it is for is kept in `resources`.

    Without `confirmed_by` it waits for the management, or, with a `return_reason`, for its owner.
    """

    class Kind(models.TextChoices):
        COURSE = "course", "курсы повышения квалификации"
        RETRAINING = "retraining", "профессиональная переподготовка"
        SEMINAR = "seminar", "семинар, вебинар"

    class Document(models.TextChoices):
        CERTIFICATE = "certificate", "удостоверение"
        DIPLOMA = "diploma", "диплом"
        ATTENDANCE = "attendance", "сертификат"
        REFERENCE = "reference", "справка"

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт подтверждения"
        CONFIRMED = "confirmed", "подтверждено"
        RETURNED = "returned", "возвращено"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="работник", related_name="trainings"
    )
    kind = models.CharField("вид", max_length=12, choices=Kind, default=Kind.COURSE)
    title = models.CharField("тема", max_length=300, help_text="Как в документе.")
    organisation = models.CharField("где проходило", max_length=300, help_text="Организация, выдавшая документ.")
    hours = models.PositiveSmallIntegerField(
        "часов", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_COURSE)]
    )
    document = models.CharField("документ", max_length=12, choices=Document, default=Document.CERTIFICATE)
    document_number = models.CharField("номер документа", max_length=60, blank=True)
    document_date = models.DateField("дата документа")
    valid_until = models.DateField("действует по", null=True, blank=True, help_text="Пусто — без срока.")
    scan = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="скан", null=True, blank=True, related_name="+"
    )
    note = models.CharField("примечание", max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто внёс", null=True, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField("внесено", auto_now_add=True)
    changed_at = models.DateTimeField("изменено", auto_now=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто подтвердил", null=True, related_name="+",
        editable=False,
    )  # fmt: skip
    confirmed_at = models.DateTimeField("подтверждено", null=True, editable=False)
    return_reason = models.CharField("почему возвращено", max_length=300, blank=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = "обучение работника"
        verbose_name_plural = "обучение работников"
        ordering = ["-document_date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "title", "document_date", "document_number"],
                name="training_once",
                violation_error_message="Это обучение у работника уже внесено.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("document_date")),
                name="training_dates",
                violation_error_message="Срок действия не может кончиться раньше даты документа.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, return_reason=""),
                name="training_confirmed_or_returned",
                violation_error_message="Обучение либо подтверждено, либо возвращено.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.title}"

    def save(self, *args, **kwargs):
        self.prepare_search()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:training_detail", args=[self.pk])

    def prepare_search(self) -> None:
        """Fills the hidden column; bulk writers call it themselves."""
        self.search = search.index(self.title, self.organisation)

    @property
    def state(self) -> "Training.State":
        if self.return_reason:
            return self.State.RETURNED
        return self.State.WAITING if self.confirmed_by_id is None else self.State.CONFIRMED

    @property
    def tag_kind(self) -> str:
        return {self.State.WAITING: "wait", self.State.CONFIRMED: "ok", self.State.RETURNED: "no"}[self.state]

    @property
    def mark(self) -> str:
        """Names the words that somebody has read, so that others are not confirmed unseen."""
        return f"{self.pk}:{self.changed_at.isoformat()}"


class Skill(models.Model):
    """A basic skill that the environment asks of its staff; whom it is asked of is the school's to say (5.11)."""

    name = models.CharField(
        "навык", max_length=200, unique=True, error_messages={"unique": "Такой навык в перечне уже есть."}
    )
    about = models.CharField("что умеет человек", max_length=300, blank=True)
    required_of_all = models.BooleanField("нужен каждому работнику", default=False)
    required_of_positions = models.ManyToManyField(
        Position, verbose_name="нужен на должностях", blank=True, related_name="skills"
    )
    order = models.PositiveSmallIntegerField("порядок", default=100)

    class Meta:
        verbose_name = "навык работников"
        verbose_name_plural = "навыки работников"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class SkillRecord(models.Model):
    """An employee has the skill: who has made sure of it, when and how."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="работник", related_name="skill_records"
    )
    skill = models.ForeignKey(Skill, models.PROTECT, verbose_name="навык", related_name="records")
    confirmed_on = models.DateField("дата")
    how = models.CharField("как подтверждено", max_length=200, help_text="Например: тест, наблюдение, занятие.")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто подтвердил", null=True, related_name="+",
        editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "подтверждённый навык"
        verbose_name_plural = "подтверждённые навыки"
        ordering = ["skill__order", "skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "skill"],
                name="skill_record_once",
                violation_error_message="Этот навык у работника уже подтверждён.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.skill}"


class QualificationRecord(models.Model):
    """Education and category of an employee; asked of those who run the environment (5.11, ФГОС)."""

    class Education(models.TextChoices):
        SECONDARY = "secondary", "среднее профессиональное"
        BACHELOR = "bachelor", "высшее — бакалавриат"
        SPECIALIST = "specialist", "высшее — специалитет, магистратура"

    class Category(models.TextChoices):
        NONE = "none", "без категории"
        SUITABLE = "suitable", "соответствие должности"
        FIRST = "first", "первая"
        HIGHEST = "highest", "высшая"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="работник", related_name="qualification"
    )
    education = models.CharField("образование", max_length=12, choices=Education)
    speciality = models.CharField("специальность", max_length=200, help_text="Как в дипломе.")
    document = models.CharField("документ об образовании", max_length=200, help_text="Вид, номер и дата.")
    category = models.CharField("категория", max_length=10, choices=Category, default=Category.NONE)
    valid_until = models.DateField("категория действует по", null=True, blank=True, help_text="Пусто — без срока.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто внёс", null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField("изменено", auto_now=True)

    class Meta:
        verbose_name = "квалификация работника"
        verbose_name_plural = "квалификация работников"

    def __str__(self) -> str:
        return f"{self.person}: {self.get_education_display()}"
