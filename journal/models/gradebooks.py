"""Gradebooks, who teaches in them, and what the school decides about them (1.3 b, 7.1)."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import AcademicYear, ImportBatch, SchoolClass
from accounts.models.facts import DatedFact, dates_in_order
from eios.lib.dates import DatedQuerySet
from resources.models import Programme, Subject
from resources.models.year_plans import grade_field


class Kept(models.TextChoices):
    """Where a gradebook is kept. Never in both places: nobody types a mark twice."""

    ELSEWHERE = "elsewhere", "во внешней системе"
    HERE = "here", "на портале"


class Scale(models.TextChoices):
    """How a subject is marked; what each scale allows stands in `journal.scales`."""

    FIVE = "five", "отметки 2–5"
    PASS = "pass", "зачёт / незачёт"
    NONE = "none", "без отметок"
    POINTS = "points", "баллы"


class Subgroup(models.Model):
    """A part of a class that is taught a subject by itself: «Английский язык, 1-я группа»."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="subgroups")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="предмет", related_name="+")
    name = models.CharField("название", max_length=40, help_text="1-я группа, юноши.")

    class Meta:
        verbose_name = "подгруппа"
        verbose_name_plural = "подгруппы"
        ordering = ["school_class", "subject", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "subject", "name"], name="subgroup_once",
                violation_error_message="Такая подгруппа у класса по этому предмету уже есть.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.school_class}, {self.subject}, {self.name}"


class SubgroupMember(DatedFact):
    """A pupil belongs to a subgroup."""

    subgroup = models.ForeignKey(Subgroup, models.CASCADE, verbose_name="подгруппа", related_name="members")
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="subgroups"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "участник подгруппы"
        verbose_name_plural = "участники подгрупп"
        constraints = [
            dates_in_order("subgroup_member_dates"),
            models.UniqueConstraint(fields=["subgroup", "pupil", "starts"], name="subgroup_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} — {self.subgroup}"


class GradebookQuerySet(models.QuerySet):
    def of_year(self, year: AcademicYear) -> Self:
        return self.filter(school_class__year=year)

    def listed(self) -> Self:
        """With what a line of a list names, in order of classes and subjects."""
        return self.select_related("school_class__year", "subject", "subgroup").order_by(
            "school_class__grade", "school_class__letter", "subject__area__order", "subject__order", "subject__name",
            "subgroup__name",
        )  # fmt: skip

    def kept_elsewhere(self) -> Self:
        return self.filter(kept=Kept.ELSEWHERE)


class Gradebook(models.Model):
    """A class, or its subgroup, × a subject × the class's year.

    `kept` and `scale` follow the school's decisions (KeepingDecision, ScaleRule); `actions.gradebooks` brings them to
    rows. A mirror says by which batch and as of when it was refreshed last.
    """

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="gradebooks")
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name="предмет", related_name="gradebooks")
    subgroup = models.OneToOneField(
        Subgroup, models.PROTECT, verbose_name="подгруппа", null=True, blank=True, related_name="gradebook"
    )
    kept = models.CharField("где ведётся", max_length=10, choices=Kept, default=Kept.ELSEWHERE)
    scale = models.CharField("шкала", max_length=10, choices=Scale, default=Scale.FIVE)
    # Whose thematic plan offers topics to the lessons.
    programme = models.ForeignKey(
        Programme, models.SET_NULL, verbose_name="рабочая программа", null=True, blank=True, related_name="gradebooks"
    )
    mirrored_at = models.DateTimeField("данные на", null=True, blank=True)
    mirrored_by = models.ForeignKey(
        ImportBatch, models.SET_NULL, verbose_name="последняя загрузка", null=True, blank=True, related_name="+"
    )

    objects = GradebookQuerySet.as_manager()

    class Meta:
        verbose_name = "журнал"
        verbose_name_plural = "журналы"
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "subject"], condition=Q(subgroup__isnull=True), name="gradebook_once",
                violation_error_message="Журнал класса по этому предмету уже есть.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        tail = f", {self.subgroup.name}" if self.subgroup_id else ""
        return f"{self.school_class}, {self.subject}{tail}"

    @property
    def is_mirror(self) -> bool:
        """Kept elsewhere: read only here, filled by imports (7.1)."""
        return self.kept == Kept.ELSEWHERE


# How the basis of a load begins that the change of a day makes, so that it is known when the change is withdrawn.
DAY_BASIS = "Замена на день"


class TeachingLoadQuerySet(DatedQuerySet):
    def of_teacher(self, person) -> Self:
        return self.filter(teacher=person)

    def for_some_days(self) -> Self:
        """Of those who replace somebody, or were named for a lesson of a day."""
        return self.filter(Q(replaces__isnull=False) | Q(basis__startswith=DAY_BASIS))


class TeachingLoad(DatedFact):
    """A teacher teaches a gradebook's pupils, some hours a week; `replaces` is whom for these days, if anybody."""

    gradebook = models.ForeignKey(Gradebook, models.CASCADE, verbose_name="журнал", related_name="loads")
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учитель", related_name="teaching_loads"
    )
    hours = models.DecimalField(
        "часов в неделю", max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(40)],
    )  # fmt: skip
    replaces = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="заменяет", null=True, blank=True, related_name="+"
    )

    objects = TeachingLoadQuerySet.as_manager()

    class Meta:
        verbose_name = "учебная нагрузка"
        verbose_name_plural = "учебная нагрузка"
        indexes = [models.Index(fields=["teacher", "starts", "ends"], name="load_teacher_dates")]
        constraints = [
            dates_in_order("teaching_load_dates"),
            models.UniqueConstraint(
                fields=["gradebook", "teacher", "starts"], name="teaching_load_once",
                violation_error_message="Эта нагрузка с этого дня уже внесена.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("teacher")) & Q(ends__isnull=False),
                name="teaching_load_replacement",
                violation_error_message="Замещают другого человека и до известного дня.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.teacher} — {self.gradebook}"


class Decision(models.Model):
    """What the school decides for a year, for all or for a grade, a class, a subject; the narrowest holds."""

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name="учебный год", related_name="+")
    grade = grade_field(verbose_name="параллель", null=True, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="+"
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="+"
    )
    basis = models.CharField("основание", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто внёс", null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("когда", auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(school_class__isnull=True), name="%(class)s_for_one",
                violation_error_message="Укажите параллель или класс, а не то и другое.",
            ),
            models.UniqueConstraint(
                F("year"), Coalesce("grade", 0), Coalesce("school_class", Value(0, models.BigIntegerField())),
                Coalesce("subject", Value(0, models.BigIntegerField())), name="%(class)s_once",
                violation_error_message="Об этом уже решено: исправьте прежнее решение.",
            ),
        ]  # fmt: skip

    @property
    def narrowness(self) -> tuple[bool, bool, bool]:
        """Sorts decisions: of a class over of a grade over of a subject alone over of all."""
        return self.school_class_id is not None, self.grade is not None, self.subject_id is not None

    def concerns(self, gradebook: Gradebook) -> bool:
        school_class = gradebook.school_class
        return (
            self.year_id == school_class.year_id
            and self.grade in (None, school_class.grade)
            and self.school_class_id in (None, school_class.pk)
            and self.subject_id in (None, gradebook.subject_id)
        )


class KeepingDecision(Decision):
    """Where gradebooks are kept; without a decision, elsewhere (7.1)."""

    kept = models.CharField("где ведётся", max_length=10, choices=Kept)

    class Meta(Decision.Meta):
        verbose_name = "решение о ведении журнала"
        verbose_name_plural = "решения о ведении журнала"

    def __str__(self) -> str:
        return f"{self.year}: {self.get_kept_display()}"


class ScaleRule(Decision):
    """How pupils are marked; without a rule, grade 1 is unmarked and the others have 2–5."""

    scale = models.CharField("шкала", max_length=10, choices=Scale)

    class Meta(Decision.Meta):
        verbose_name = "шкала отметок"
        verbose_name_plural = "шкалы отметок"

    def __str__(self) -> str:
        return f"{self.year}: {self.get_scale_display()}"
