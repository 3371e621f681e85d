"""News of the school: written, published at a moment, withdrawn; read by everybody (1.4)."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from eios.lib import text

# A slip in the year would hide an item for decades, or put it where nobody leafs.
FIRST_YEAR, MOST_AHEAD = 2000, datetime.timedelta(days=366)


def validate_moment(moment: datetime.datetime) -> None:
    """Raises ValidationError for a moment that a school's news can't have."""
    if moment.year < FIRST_YEAR:
        raise ValidationError(f"Слишком давно: новости начинаются с {FIRST_YEAR} года.")
    if moment > timezone.now() + MOST_AHEAD:
        raise ValidationError("Слишком далеко: новость можно назначить не больше чем на год вперёд. Проверьте год.")


class NewsQuerySet(models.QuerySet):
    def public(self, moment: datetime.datetime):
        """What everybody reads at the moment: published, and its time has come."""
        return self.filter(state=News.State.PUBLISHED, published_from__lte=moment)

    def coming(self, moment: datetime.datetime):
        """Published, and yet to appear."""
        return self.filter(state=News.State.PUBLISHED, published_from__gt=moment)

    def hidden(self, moment: datetime.datetime):
        """What only those who write see: drafts, withdrawn ones, and those whose time has not come."""
        return self.exclude(state=News.State.PUBLISHED, published_from__lte=moment)


class News(models.Model):
    """One item. The author is kept, and not shown: the school speaks."""

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        PUBLISHED = "published", "опубликована"
        WITHDRAWN = "withdrawn", "снята с публикации"

    title = models.CharField("заголовок", max_length=200)
    lead = models.CharField(
        "коротко", max_length=400, help_text="Одно-два предложения: на главной, в списке и в ленте RSS."
    )
    text = models.TextField(
        "текст", blank=True, max_length=50_000, validators=[text.validate_markdown],
        help_text="Markdown: заголовки «##», списки «-», ссылки [слова](https://…).",
    )  # fmt: skip
    picture = models.OneToOneField(
        "accounts.StoredFile", models.PROTECT, verbose_name="картинка", null=True, blank=True, related_name="news"
    )
    picture_alt = models.CharField(
        "что на картинке", max_length=300, blank=True,
        help_text="Для тех, кто её не видит: «Первоклассники сажают сирень у входа».",
    )  # fmt: skip
    published_from = models.DateTimeField(
        "показывать с", null=True, blank=True, validators=[validate_moment],
        help_text="Пусто — сразу после публикации. День и час впереди — появится сама.",
    )  # fmt: skip
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто написал", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    made_at = models.DateTimeField("когда написана", auto_now_add=True)
    changed_at = models.DateTimeField("когда изменена", auto_now=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = "новость"
        verbose_name_plural = "новости"
        ordering = ["-published_from", "-pk"]
        indexes = [models.Index(fields=["state", "-published_from"], name="news_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=True) | ~Q(picture_alt=""),
                name="news_picture_in_words",
                violation_error_message="Опишите картинку словами.",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_from__isnull=False),
                name="news_published_from",
                violation_error_message="У опубликованной новости есть день и час.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def html(self):
        return text.html_of(self.text)

    @property
    def is_public(self) -> bool:
        """Does everybody read it now?"""
        return self.state == self.State.PUBLISHED and self.published_from <= timezone.now()

    @property
    def is_coming(self) -> bool:
        return self.state == self.State.PUBLISHED and not self.is_public

    @property
    def version(self) -> str:
        """What an editor has seen: another one after every change."""
        return self.changed_at.isoformat() if self.changed_at else ""
