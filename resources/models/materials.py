"""Methodical materials of the school's own employees (4.3): a draft, then published."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from eios.lib import search, text
from eios.lib.filetypes import size_text
from resources.models.grades import ForGrades, ForGradesQuerySet
from resources.models.holdings import validate_web_address


@dataclass(frozen=True)
class Link:
    """A line of a material's links."""

    address: str
    title: str


def read_links(lines: str) -> list[Link]:
    """«https://resh.edu.ru/ Урок 12» → address and title; without a title the address says itself."""
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        address, _, title = line.partition(" ")
        found.append(Link(address, title.strip() or address))
    return found


def validate_links(lines: str) -> None:
    """Every line begins with an http(s) address. Raises ValidationError naming the line."""
    problems = []
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            if line.strip():
                validate_web_address(line.split()[0])
        except ValidationError as refusal:
            problems.append(f"Строка {number}: {refusal.messages[0]}")
    if problems:
        raise ValidationError(problems)


class MethodicalMaterialQuerySet(ForGradesQuerySet):
    def published(self):
        return self.filter(state=MethodicalMaterial.State.PUBLISHED)

    def matching(self, query: str):
        return self.filter(search.matching(query))


class MethodicalMaterial(ForGrades):
    """A lesson plan, a project, a test: text, file or links. Published, everybody reads it (1.4, 4.3)."""

    class Activity(models.TextChoices):
        LESSON = "lesson", "урок"
        EXTRA = "extra", "внеурочное занятие"
        PROJECT = "project", "проектная работа"
        PRACTICE = "practice", "практическая или лабораторная работа"
        TEST = "test", "контрольная или проверочная работа"
        SELF_STUDY = "self_study", "самостоятельная работа"
        EVENT = "event", "классный час, мероприятие"
        OTHER = "other", "другое"

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        PUBLISHED = "published", "опубликован"

    title = models.CharField("название", max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="автор", related_name="methodical_materials",
        editable=False,
    )  # fmt: skip
    subject = models.ForeignKey(
        "resources.Subject", models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="materials"
    )
    method_group = models.ForeignKey(
        "accounts.MethodGroup", models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="materials"
    )
    activity = models.CharField("вид учебной деятельности", max_length=12, choices=Activity)
    annotation = models.TextField(
        "коротко о материале", max_length=600, help_text="Видно в списке: для чего он и как им пользоваться."
    )
    text = models.TextField(
        "текст",
        blank=True,
        max_length=100_000,
        validators=[text.validate_markdown],
        help_text="Markdown: заголовки «##», списки «-», **жирный**.",
    )
    file = models.OneToOneField(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="material"
    )
    links = models.TextField(
        "ссылки", blank=True, max_length=4000, validators=[validate_links],
        help_text="По одной на строке: адрес, затем название. «https://resh.edu.ru/ Урок 12 в РЭШ».",
    )  # fmt: skip
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_at = models.DateTimeField("когда начат", auto_now_add=True)
    changed_at = models.DateTimeField("когда изменён", auto_now=True)
    published_at = models.DateTimeField("когда опубликован", null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = MethodicalMaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "методический материал"
        verbose_name_plural = "методические материалы"
        ordering = ["title", "pk"]
        constraints = [
            *ForGrades.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="published", published_at__isnull=False),
                name="methodicalmaterial_published",
                violation_error_message="У опубликованного материала есть день публикации.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def caption(self) -> str:
        """As it is told from other things in a list of what there is to read."""
        return self.title

    def get_absolute_url(self) -> str:
        """The page for everybody, once published."""
        return reverse("resources:library_material_detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def has_content(self) -> bool:
        """Is there anything to read but the title?"""
        return bool(self.text.strip() or self.file_id or self.links.strip())

    @property
    def html(self):
        return text.html_of(self.text)

    @property
    def file_size(self) -> str:
        """«1,4 МБ»."""
        return size_text(self.file.size)

    @property
    def named_links(self) -> list[Link]:
        return read_links(self.links)

    def prepare_search(self) -> None:
        names = [str(self.subject or ""), str(self.method_group or ""), self.author.get_full_name()]
        self.search = search.index(self.title, self.annotation, self.text, *names)
