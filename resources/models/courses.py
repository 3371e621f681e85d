"""The portal's own e-resources: courses of sections and pages (1.3 a, 1.6, 4.5 row 18)."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from guardian.models import UserObjectPermissionBase

from eios.lib import search
from resources.models.elements import AUTHORISED, FREE, LEVELS, MANAGEMENT, METHODICAL, STAFF, Element
from resources.models.grades import ForGrades, ForGradesQuerySet

KEY = RegexValidator(r"^[0-9a-f]{12}$", "Двенадцать знаков: цифры и буквы от a до f.")
CLOSURES = [(level, LEVELS[level]) for level in (FREE, AUTHORISED, STAFF, METHODICAL, MANAGEMENT)]
WRITE_COURSE = "write_course"
MOST_LETTERS = 200_000


def new_key() -> str:
    """A part's lasting name inside its course: links and archives carry it from one installation to another."""
    return uuid.uuid4().hex[:12]


class CourseQuerySet(ForGradesQuerySet):
    def readable(self):
        """Published and not in the archive; who may open each is asked of its element."""
        return self.filter(release__isnull=False).exclude(state=Course.State.ARCHIVED)

    def matching(self, query: str):
        return self.filter(search.matching(query))

    def for_lists(self):
        return self.select_related("subject", "method_group", "author", "release", "cover", "element").prefetch_related(
            "author_rows__user"
        )


class Course(ForGrades):
    """A course as its authors write it. Readers see its `release`, which changes only when a review lets it.

    Its `element` is a part of the section «courses»: closure, privileges and conditions are those of every element.
    """

    class State(models.TextChoices):
        WRITING = "writing", "в работе"
        REVIEW = "review", "на проверке"
        PUBLISHED = "published", "опубликован"
        ARCHIVED = "archived", "в архиве"

    title = models.CharField("название", max_length=200)
    annotation = models.TextField(
        "аннотация", max_length=1000, help_text="О чём курс, кому и для чего; видна в списке."
    )
    subject = models.ForeignKey(
        "resources.Subject", models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="courses"
    )
    method_group = models.ForeignKey(
        "accounts.MethodGroup", models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="courses",
        help_text="Её руководитель проверяет курс перед публикацией.",
    )  # fmt: skip
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="автор", related_name="courses", editable=False
    )
    authors_line = models.CharField(
        "авторы, как их указать", max_length=300, blank=True,
        help_text="Пусто — автор и соавторы портала. Заполните, если курс писали и другие люди.",
    )  # fmt: skip
    cover = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="обложка", null=True, blank=True, related_name="+"
    )
    closure = models.PositiveSmallIntegerField(
        "кому открыть", choices=CLOSURES, default=FREE, help_text="Начинает действовать с публикации."
    )
    element = models.OneToOneField(
        Element, models.PROTECT, verbose_name="элемент", related_name="course", editable=False
    )
    programmes = models.ManyToManyField(
        "resources.Programme", verbose_name="рабочие программы", blank=True, related_name="courses"
    )
    topics = models.ManyToManyField("resources.Topic", verbose_name="темы программ", blank=True, related_name="courses")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WRITING, editable=False)
    returned_because = models.CharField("почему возвращён", max_length=500, blank=True, editable=False)
    release = models.ForeignKey(
        "resources.CourseRelease", models.PROTECT, verbose_name="что читают", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    revised_on = models.DateField("когда пересмотрен", null=True, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="списан с", null=True, editable=False, related_name="copies"
    )
    made_at = models.DateTimeField("когда начат", auto_now_add=True)
    changed_at = models.DateTimeField("когда изменён", auto_now=True)
    search = models.TextField(editable=False, default="")

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = "курс"
        verbose_name_plural = "курсы"
        ordering = ["title", "pk"]
        permissions = [(WRITE_COURSE, "Соавтор курса")]
        constraints = [
            *ForGrades.Meta.constraints,
            models.CheckConstraint(
                condition=Q(release__isnull=False) | ~Q(state__in=["published", "archived"]),
                name="course_published_has_release",
                violation_error_message="Опубликован и в архиве бывает только проверенный курс.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resources:course_detail", args=[self.pk])

    @property
    def byline(self) -> str:
        """Who wrote it: as the authors said, else the author and the co-authors, «Иванова Мария Петровна»."""
        together = [row.user for row in self.author_rows.all()]
        return self.authors_line or ", ".join(person.get_full_name() for person in [self.author, *together])

    @property
    def is_readable(self) -> bool:
        return self.release_id is not None and self.state != self.State.ARCHIVED

    @property
    def can_be_written(self) -> bool:
        """What is being reviewed, and what is in the archive, stands still."""
        return self.state in (self.State.WRITING, self.State.PUBLISHED)

    @property
    def has_unpublished_changes(self) -> bool:
        return self.release_id is not None and self.state in (self.State.WRITING, self.State.REVIEW)

    def prepare_search(self) -> None:
        names = [str(self.subject or ""), self.authors_line, self.author.get_full_name()]
        self.search = search.index(self.title, self.annotation, *names)


class CourseAuthor(UserObjectPermissionBase):
    """A person writes a course together with its author, without a term: guardian's permission on the course.

    Its rows name blocked and departed people too; only employees write (`resources.courses.rights`).
    """

    content_object = models.ForeignKey(Course, models.CASCADE, verbose_name="курс", related_name="author_rows")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "соавтор курса"
        verbose_name_plural = "соавторы курсов"

    def __str__(self) -> str:
        return f"{self.user} — {self.content_object}"

    @classmethod
    def add(cls, person, course: Course) -> "CourseAuthor":
        return cls.objects.assign_perm(WRITE_COURSE, person, course)

    @classmethod
    def remove(cls, person, course: Course) -> int:
        """How many rows went: 1, or 0 where the person was no co-author."""
        return cls.objects.remove_perm(WRITE_COURSE, person, course)[0]


class CoursePartQuerySet(models.QuerySet):
    def standing(self):
        """Parts that were not taken out of the course."""
        return self.filter(removed_at__isnull=True)


class CoursePart(models.Model):
    """A section or a page of a course as it is being written; the order among those of one parent is `position`.

    `version` is the number of its last text: an edit names the one that it began from.
    """

    class Kind(models.TextChoices):
        SECTION = "section", "раздел"
        PAGE = "page", "страница"

    course = models.ForeignKey(Course, models.CASCADE, verbose_name="курс", related_name="parts")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name="раздел", null=True, blank=True, related_name="parts"
    )
    kind = models.CharField("вид", max_length=8, choices=Kind)
    key = models.CharField(max_length=12, default=new_key, validators=[KEY], editable=False)
    position = models.PositiveIntegerField("порядок", default=1)
    title = models.CharField("название", max_length=200)
    text = models.TextField("текст", blank=True, max_length=MOST_LETTERS)
    version = models.PositiveIntegerField("версия", default=0, editable=False)
    changed_at = models.DateTimeField("изменена", auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="кто изменил", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    removed_at = models.DateTimeField("убрана", null=True, editable=False)

    objects = CoursePartQuerySet.as_manager()

    class Meta:
        verbose_name = "часть курса"
        verbose_name_plural = "части курсов"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="coursepart_key_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="coursepart_not_own_part"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_page(self) -> bool:
        return self.kind == self.Kind.PAGE


class CourseText(models.Model):
    """A text that a page has had: what was written, by whom, when. Never changed once a release has shown it.

    The author's saving within a few minutes of the former one goes into the same row.
    """

    class Origin(models.TextChoices):
        SAVED = "saved", "сохранена"
        RESTORED = "restored", "возвращена прежняя"
        IMPORTED = "imported", "из архива"
        COPIED = "copied", "из другого курса"

    part = models.ForeignKey(CoursePart, models.CASCADE, verbose_name="часть", related_name="texts")
    number = models.PositiveIntegerField("№")
    title = models.CharField("название", max_length=200)
    text = models.TextField("текст", blank=True)
    origin = models.CharField("откуда", max_length=8, choices=Origin, default=Origin.SAVED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="кто", null=True, related_name="+"
    )
    made_at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "версия страницы курса"
        verbose_name_plural = "версии страниц курсов"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="coursetext_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, версия {self.number}"


class CourseComment(models.Model):
    """A remark of whoever reviews the course or writes it, on a page as it stood; answered, then settled."""

    part = models.ForeignKey(CoursePart, models.CASCADE, verbose_name="страница", related_name="comments")
    version = models.PositiveIntegerField("версия страницы")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", related_name="+")
    text = models.TextField("замечание", max_length=2000)
    made_at = models.DateTimeField("когда", auto_now_add=True)
    answer = models.TextField("ответ", max_length=2000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто закрыл", null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField("когда закрыто", null=True, blank=True)

    class Meta:
        verbose_name = "замечание к странице"
        verbose_name_plural = "замечания к страницам"
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.part}: {self.text[:60]}"
