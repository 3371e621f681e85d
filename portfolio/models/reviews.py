"""Reviews and grades of works by any participant (1.3 d), rubrics, and invited people without an account."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portfolio.models.works import Work, WorkVersion
from resources.models import Subject


class Rubric(models.Model):
    """Criteria by which works of a subject or a kind are reviewed; empty ones fit all. One that was used stays as it
    is: a change makes another, and this one is retired."""

    title = models.CharField("название", max_length=150)
    subject = models.ForeignKey(
        Subject, models.PROTECT, verbose_name="предмет", null=True, blank=True, related_name="+"
    )
    kind = models.CharField("вид работ", max_length=11, choices=Work.Kind, blank=True)
    is_active = models.BooleanField("предлагать", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="составил", null=True, related_name="+"
    )
    created_at = models.DateTimeField("составлена", auto_now_add=True)

    class Meta:
        verbose_name = "рубрика оценивания"
        verbose_name_plural = "рубрики оценивания"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """A line of a rubric."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, verbose_name="рубрика", related_name="criteria")
    order = models.PositiveSmallIntegerField("порядок", default=0)
    title = models.CharField("критерий", max_length=200)
    about = models.CharField("за что даются баллы", max_length=500, blank=True)
    most = models.PositiveSmallIntegerField(
        "баллов не больше", default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "критерий"
        verbose_name_plural = "критерии"
        ordering = ["rubric", "order", "pk"]
        constraints = [models.CheckConstraint(condition=Q(most__gte=1, most__lte=100), name="criterion_most_in_range")]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """A personal link by which an outsider reviews a version once, without an account; its code is kept as a digest.

    `version` is the one under review. Used by one review, dead after `expires_at` or once revoked.
    """

    version = models.ForeignKey(WorkVersion, models.PROTECT, verbose_name="версия работы", related_name="invitations")
    name = models.CharField("имя", max_length=150)
    role = models.CharField("кто это", max_length=150, help_text="Научный сотрудник НИИ, тренер, художник.")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто пригласил", related_name="+"
    )
    created_at = models.DateTimeField("приглашён", auto_now_add=True)
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("рецензия прислана", null=True, blank=True)
    revoked_at = models.DateTimeField("отозвано", null=True, blank=True)

    class Meta:
        verbose_name = "приглашение рецензента"
        verbose_name_plural = "приглашения рецензентов"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"


class ReviewQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(state=Review.State.PUBLISHED)


class Review(models.Model):
    """One person's words about one version, with points by criteria and a mark if wished. Never deleted.

    `capacity` is what the reviewer was to the author on that day. Pupils' and outsiders' wait for moderation first.
    """

    class Capacity(models.TextChoices):
        TEACHER = "teacher", "учитель"
        PUPIL = "pupil", "обучающийся"
        PARENT = "parent", "родитель"
        OUTSIDER = "outsider", "приглашённый рецензент"

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт проверки"
        PUBLISHED = "published", "опубликована"
        DECLINED = "declined", "не опубликована"
        REVOKED = "revoked", "отозвана"

    version = models.ForeignKey(WorkVersion, models.PROTECT, verbose_name="версия работы", related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="рецензент", null=True, blank=True, related_name="+"
    )
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, verbose_name="приглашение", null=True, blank=True, related_name="review"
    )
    capacity = models.CharField("кто это", max_length=8, choices=Capacity)
    state = models.CharField("состояние", max_length=9, choices=State)
    text = models.TextField("рецензия", max_length=8000, blank=True)
    mark = models.PositiveSmallIntegerField(
        "отметка", null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(5)]
    )
    rubric = models.ForeignKey(
        Rubric, models.PROTECT, verbose_name="рубрика", null=True, blank=True, related_name="reviews"
    )
    created_at = models.DateTimeField("написана", auto_now_add=True)
    published_at = models.DateTimeField("опубликована", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="проверил", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("проверена", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="отозвал", null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("отозвана", null=True, blank=True)
    reason = models.CharField("почему", max_length=500, blank=True)
    answer = models.TextField("ответ автора", max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто ответил", null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("ответ дан", null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "рецензия"
        verbose_name_plural = "рецензии"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], condition=Q(state="waiting"), name="review_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "reviewer"], condition=Q(state__in=["waiting", "published"]), name="review_once",
                violation_error_message="Ваша рецензия на эту версию уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=False, invitation__isnull=True)
                | Q(reviewer__isnull=True, invitation__isnull=False, capacity="outsider"),
                name="review_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(mark__gte=2, mark__lte=5), name="review_mark_in_scale",
                violation_error_message="Отметка — от 2 до 5.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "published"]) | ~Q(reason=""), name="review_end_has_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.author_words}: {self.version}"

    @property
    def author_words(self) -> str:
        return str(self.reviewer) if self.reviewer_id else str(self.invitation)


class ReviewPoints(models.Model):
    """Points of a review by one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, verbose_name="рецензия", related_name="points", db_index=False)
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name="критерий", related_name="+")
    points = models.PositiveSmallIntegerField("баллы")

    class Meta:
        verbose_name = "баллы по критерию"
        verbose_name_plural = "баллы по критериям"
        ordering = ["review", "criterion__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="review_points_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
