"""Work programmes: a subject or practice for grades and a year, with a thematic plan (1.3 a, 3.7, 6.1)."""

import datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import AcademicYear, MethodGroup
from eios.lib import grades, search, text
from resources.models.elements import Element
from resources.models.holdings import LibraryEdition, OutsideResource
from resources.models.subjects import Subject

GRADE = [MinValueValidator(grades.FIRST), MaxValueValidator(grades.LAST)]
MOST_HOURS = Decimal(400)
MARKDOWN = "Markdown: заголовки «##», списки «-», **жирный**, ссылки [слова](https://…)."


def hours_words(hours: Decimal) -> str:
    """«2», «1,5»."""
    return f"{hours.normalize():f}".replace(".", ",")


class ProgrammeQuerySet(models.QuerySet):
    def approved(self):
        """What the public reads (6.1)."""
        return self.filter(state=Programme.State.APPROVED)

    def of_grade(self, grade: int):
        return self.filter(grade_from__lte=grade, grade_to__gte=grade)

    def of_year_on(self, date: datetime.date):
        return self.filter(year__starts__lte=date, year__ends__gte=date)

    def matching(self, query: str):
        return self.filter(search.matching(query))

    def for_lists(self):
        return self.select_related("subject__area", "year", "author", "method_group", "order").defer(
            "explanation", "content", "results"
        )


class Programme(models.Model):
    """A work programme of one school year. Public once approved; then it changes no more.

    Draft → submitted to the ШМО → considered → agreed → approved by an order. Next year's is another row that
    `renewed_from` ties to this one. `ends_because` says why there is none.
    """

    class Kind(models.TextChoices):
        SUBJECT = "subject", "учебный предмет"
        PRACTICE = "practice", "практика"
        EXTRACURRICULAR = "extracurricular", "внеурочная деятельность"

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        SUBMITTED = "submitted", "на рассмотрении ШМО"
        CONSIDERED = "considered", "рассмотрена ШМО"
        AGREED = "agreed", "согласована"
        APPROVED = "approved", "утверждена"

    kind = models.CharField("вид", max_length=15, choices=Kind, default=Kind.SUBJECT)
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="предмет", related_name="programmes")
    title = models.CharField(
        "название", max_length=200, blank=True, help_text="Для практик и курсов; у предмета — его название."
    )
    grade_from = models.PositiveSmallIntegerField("с класса", validators=GRADE)
    grade_to = models.PositiveSmallIntegerField("по класс", validators=GRADE)
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="programmes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="автор", related_name="programmes"
    )
    method_group = models.ForeignKey(
        MethodGroup, models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="programmes"
    )
    explanation = models.TextField(
        "пояснительная записка", blank=True, max_length=60_000, validators=[text.validate_markdown], help_text=MARKDOWN
    )
    content = models.TextField(
        "содержание", blank=True, max_length=200_000, validators=[text.validate_markdown], help_text=MARKDOWN
    )
    results = models.TextField(
        "планируемые результаты",
        blank=True,
        max_length=200_000,
        validators=[text.validate_markdown],
        help_text=MARKDOWN,
    )
    reference_systems = models.TextField(
        "профессиональные базы данных и справочные системы", blank=True, max_length=4000,
        help_text="Пункт 3.7. По одной на строке, можно с адресом.",
    )  # fmt: skip
    elements = models.ManyToManyField(
        Element, verbose_name="платформы и библиотеки", blank=True, related_name="programmes"
    )
    resources = models.ManyToManyField(
        OutsideResource, verbose_name="внешние ресурсы", blank=True, related_name="programmes"
    )
    editions = models.ManyToManyField(
        LibraryEdition, verbose_name="издания библиотеки", blank=True, related_name="programmes"
    )
    file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл программы", null=True, blank=True, related_name="+"
    )
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    returned_because = models.CharField("почему возвращена", max_length=500, blank=True, editable=False)
    protocol = models.CharField("протокол ШМО №", max_length=30, blank=True, editable=False)
    considered_on = models.DateField("рассмотрена", null=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="согласовал", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    agreed_on = models.DateField("согласована", null=True, editable=False)
    order = models.ForeignKey(
        "accounts.Order", models.PROTECT, verbose_name="утверждена приказом", null=True, editable=False,
        related_name="programmes",
    )  # fmt: skip
    renewed_from = models.ForeignKey(
        "self", models.PROTECT, verbose_name="прошлогодняя", null=True, editable=False, related_name="renewals"
    )
    ends_because = models.CharField("почему не продлена", max_length=300, blank=True, editable=False)
    changed_at = models.DateTimeField("изменена", auto_now=True)
    search = models.TextField(editable=False, default="")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "рабочая программа"
        verbose_name_plural = "рабочие программы"
        ordering = ["-year__starts", "grade_from", "subject__name", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade_from__gte=grades.FIRST)
                & Q(grade_to__lte=grades.LAST)
                & Q(grade_to__gte=F("grade_from")),
                name="programme_grades",
                violation_error_message="«По класс» не меньше, чем «с класса»; классы — от 1 до 12.",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(order__isnull=False),
                name="programme_approved_by_order",
                violation_error_message="Утверждают приказом.",
            ),
            models.UniqueConstraint(
                fields=["renewed_from", "year"],
                name="programme_renewed_once",
                violation_error_message="На этот год программа уже перенесена.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.grades}"

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("resources:programme_detail", args=[self.pk])

    def prepare(self) -> None:
        """Fills the hidden column; bulk writers call it themselves."""
        self.search = search.index(self.title, self.subject.name, self.author.get_full_name())

    @property
    def name(self) -> str:
        return self.title or self.subject.name

    @property
    def grades(self) -> str:
        """«7 класс», «5–9 классы»."""
        if self.grade_from == self.grade_to:
            return f"{self.grade_from}\N{NO-BREAK SPACE}класс"
        return f"{self.grade_from}\N{EN DASH}{self.grade_to}\N{NO-BREAK SPACE}классы"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def explanation_html(self):
        return text.html_of(self.explanation)

    @property
    def content_html(self):
        return text.html_of(self.content)

    @property
    def results_html(self):
        return text.html_of(self.results)

    @property
    def systems(self) -> list[str]:
        return [line.strip() for line in self.reference_systems.splitlines() if line.strip()]


class TopicQuerySet(models.QuerySet):
    def with_links(self):
        """With what each topic uses, in three more queries."""
        return self.prefetch_related("elements", "outside_resources", "editions")


class Topic(models.Model):
    """A line of the thematic plan: what is taught, for how many hours, how (1.3 a, 2.2)."""

    class Way(models.TextChoices):
        IN_PERSON = "in_person", "очно"
        E_LEARNING = "e_learning", "электронное обучение"
        DISTANCE = "distance", "дистанционные технологии"

    programme = models.ForeignKey(Programme, models.CASCADE, verbose_name="рабочая программа", related_name="topics")
    position = models.PositiveSmallIntegerField("№")
    section = models.CharField("раздел", max_length=200, blank=True)
    name = models.CharField("тема", max_length=300)
    hours = models.DecimalField(
        "часов",
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(MOST_HOURS)],
    )
    work = models.CharField("вид работы", max_length=120, blank=True, help_text="Урок, контрольная, проект.")
    way = models.CharField("как проводится", max_length=12, choices=Way, default=Way.IN_PERSON)
    # What of the programme's own lists the topic uses; whatever else was written beside it stays in `resources`.
    elements = models.ManyToManyField(Element, verbose_name="платформы", blank=True, related_name="topics")
    outside_resources = models.ManyToManyField(
        OutsideResource, verbose_name="внешние ресурсы", blank=True, related_name="topics"
    )
    editions = models.ManyToManyField(LibraryEdition, verbose_name="издания", blank=True, related_name="topics")
    resources = models.CharField(
        "другие ресурсы", max_length=500, blank=True, help_text="Материалы темы, которых нет в списках программы."
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "тема"
        verbose_name_plural = "темы"
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="topic_position_once"),
            models.CheckConstraint(
                condition=Q(hours__gt=0), name="topic_hours", violation_error_message="Часов больше нуля."
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours_text(self) -> str:
        """«2», «1,5»."""
        return hours_words(self.hours)
