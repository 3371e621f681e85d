"""E-learning complexes of subjects (ЭУМК; 4.5 row 18): everything for a work programme's year, topic by topic."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from resources.models.courses import Course
from resources.models.holdings import LibraryEdition, OutsideResource
from resources.models.materials import MethodicalMaterial
from resources.models.programmes import Programme, Topic

KINDS = ("course", "material", "resource", "edition")


def _exactly_one() -> Q:
    ways = Q()
    for chosen in KINDS:
        ways |= Q(**{f"{kind}__isnull": kind != chosen for kind in KINDS})
    return ways


def _once(kind: str, whole: bool) -> models.UniqueConstraint:
    """A thing stands once at a topic, and once at the complex as a whole (SQLite takes two NULLs for different)."""
    return models.UniqueConstraint(
        fields=["study_complex", kind] if whole else ["study_complex", "topic", kind],
        condition=Q(**{f"{kind}__isnull": False, "topic__isnull": whole}),
        name=f"complexitem_{kind}_{'whole' if whole else 'topic'}_once",
        violation_error_message="Здесь это уже есть.",
    )


class StudyComplex(models.Model):
    """The complex of a work programme; public once the programme is approved and the complex opened."""

    programme = models.OneToOneField(
        Programme, models.PROTECT, verbose_name="рабочая программа", related_name="study_complex"
    )
    annotation = models.TextField("о комплексе", max_length=1000, blank=True)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто ведёт", related_name="study_complexes",
        editable=False,
    )  # fmt: skip
    is_open = models.BooleanField("открыт всем", default=False, editable=False)
    changed_at = models.DateTimeField("изменён", auto_now=True)

    class Meta:
        verbose_name = "учебно-методический комплекс"
        verbose_name_plural = "учебно-методические комплексы"
        ordering = ["-programme__year__starts", "programme__grade_from", "programme__subject__name", "pk"]

    def __str__(self) -> str:
        return f"ЭУМК: {self.programme}"

    def get_absolute_url(self) -> str:
        return reverse("resources:complex_detail", args=[self.pk])


class ComplexItem(models.Model):
    """One thing of a complex: a course, a material, a resource or an edition, for a topic or for the whole."""

    study_complex = models.ForeignKey(StudyComplex, models.CASCADE, verbose_name="комплекс", related_name="items")
    topic = models.ForeignKey(
        Topic, models.CASCADE, verbose_name="тема", null=True, blank=True, related_name="complex_items"
    )
    course = models.ForeignKey(
        Course, models.CASCADE, verbose_name="курс", null=True, blank=True, related_name="complex_items"
    )
    material = models.ForeignKey(
        MethodicalMaterial, models.CASCADE, verbose_name="материал", null=True, blank=True,
        related_name="complex_items",
    )  # fmt: skip
    resource = models.ForeignKey(
        OutsideResource, models.PROTECT, verbose_name="внешний ресурс", null=True, blank=True,
        related_name="complex_items",
    )  # fmt: skip
    edition = models.ForeignKey(
        LibraryEdition, models.PROTECT, verbose_name="издание", null=True, blank=True, related_name="complex_items"
    )
    note = models.CharField("что взять", max_length=200, blank=True)

    class Meta:
        verbose_name = "составляющая комплекса"
        verbose_name_plural = "составляющие комплексов"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one(),
                name="complexitem_one_thing",
                violation_error_message="Одно из четырёх: курс, материал, ресурс или издание.",
            ),
            *(_once(kind, whole) for kind in KINDS for whole in (False, True)),
        ]

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def thing(self):
        """The course, material, resource or edition itself."""
        return next(getattr(self, kind) for kind in KINDS if getattr(self, f"{kind}_id"))
