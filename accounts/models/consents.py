"""Consents to what is done with personal data: versions of the texts, and who gave, refused or withdrew them."""

import datetime
import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from eios.lib import text
from eios.lib.dates import start_of_day, today

DAY = datetime.timedelta(days=1)


class ConsentKind(models.TextChoices):
    """What a consent is for; each is a document of its own (152-ФЗ, ст. 9 ч. 1; ст. 10.1 ч. 1)."""

    PROCESSING = "processing", "обработка персональных данных"
    PUBLICATION = "publication", "распространение: фотографии и работы на сайте"
    PORTFOLIO = "portfolio", "показ портфолио"


class ConsentTextQuerySet(models.QuerySet):
    def in_force(self, date: datetime.date):
        """The one version in force of each kind and audience: a new one ends the former on its day."""
        later = ConsentText.objects.filter(
            kind=OuterRef("kind"),
            audience=OuterRef("audience"),
            in_force_from__lte=date,
            in_force_from__gt=OuterRef("in_force_from"),
        )
        return self.filter(~Exists(later), in_force_from__lte=date)


class ConsentText(models.Model):
    """One version of the text of a consent, for pupils or for staff. Markdown; never changed once it was answered."""

    class Audience(models.TextChoices):
        PUPIL = "pupil", "обучающиеся"
        STAFF = "staff", "работники"

    kind = models.CharField("на что согласие", max_length=12, choices=ConsentKind)
    audience = models.CharField("для кого", max_length=5, choices=Audience)
    number = models.PositiveSmallIntegerField("номер версии", editable=False)
    title = models.CharField("заголовок", max_length=200)
    text = models.TextField("текст", help_text="Markdown: заголовки «##», списки «-».")
    in_force_from = models.DateField("действует с")
    is_asked = models.BooleanField(
        "напоминать в кабинете",
        default=False,
        help_text="Пока ответа нет, согласие стоит в «Ждёт вас». Ответом считается и отказ.",
    )
    created_at = models.DateTimeField("создана", auto_now_add=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = "текст согласия"
        verbose_name_plural = "тексты согласий"
        ordering = ["audience", "kind", "-in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "audience", "number"],
                name="consent_text_number",
                violation_error_message="Версия с таким номером уже есть.",
            ),
            models.UniqueConstraint(
                fields=["kind", "audience", "in_force_from"],
                name="consent_text_day",
                violation_error_message="На этот день уже назначена другая версия.",
            ),
        ]

    def __str__(self) -> str:
        return f"«{self.title}», версия №{self.number} от {self.in_force_from:%d.%m.%Y}"

    def clean(self) -> None:
        """A new version begins today or later, and after every other one: what people answered can't be changed."""
        if not self._state.adding or self.in_force_from is None:
            return
        if self.in_force_from < today():
            raise ValidationError({"in_force_from": "Версия не может начать действовать в прошлом."})
        others = ConsentText.objects.filter(kind=self.kind, audience=self.audience).order_by("-in_force_from")
        latest = others.first()
        if latest and self.in_force_from <= latest.in_force_from:
            after = f"{latest.in_force_from:%d.%m.%Y}"
            raise ValidationError(
                {"in_force_from": f"Последняя версия действует с {after}: новой нужен более поздний день."}
            )

    @property
    def mark(self) -> str:
        """Of these very words: another version has another mark, and so has this one when it is mended."""
        words = "\0".join([self.title, self.text])
        return f"{self.pk}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"

    @property
    def html(self):
        return text.html_of(self.text)


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        """Answers that nobody has withdrawn or replaced."""
        return self.filter(withdrawn_at__isnull=True)

    def in_force(self, kind: str, date: datetime.date):
        """Given under the version in force, and not withdrawn by the end of the date: a withdrawal works at once.

        One row is one signature; whether all that are needed are there says `accounts.consents`.
        """
        end = start_of_day(date + DAY)
        texts = ConsentText.objects.in_force(date).filter(kind=kind)
        return self.filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=end), is_refusal=False, given_at__lt=end, text__in=texts
        )


class Consent(models.Model):
    """One person's answer to one version of a text about one subject. Never deleted: withdrawn, or replaced by another.

    `given_by` is empty where a representative who has no account signed a paper; who that was stands on the paper.
    For a paper `given_at` is the day when it was signed, 00:00.
    """

    class Capacity(models.TextChoices):
        PARENT = "parent", "законный представитель"
        PUPIL = "pupil", "обучающийся"
        SELF = "self", "лично"

    class How(models.TextChoices):
        ELECTRONIC = "electronic", "на портале"
        PAPER = "paper", "на бумаге"

    # The subject's own answer: a pupil's from 14, an adult's.
    OWN = (Capacity.PUPIL, Capacity.SELF)

    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="чьи данные", related_name="consents"
    )
    text = models.ForeignKey(ConsentText, models.PROTECT, verbose_name="текст", related_name="answers")
    capacity = models.CharField("кто ответил", max_length=6, choices=Capacity)
    is_refusal = models.BooleanField("отказ", default=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кем дано", related_name="+", null=True, blank=True
    )
    given_at = models.DateTimeField("дано")
    how = models.CharField("как", max_length=10, choices=How, default=How.ELECTRONIC)
    address = models.GenericIPAddressField("откуда", null=True, blank=True)
    recorded_at = models.DateTimeField("внесено", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кем внесено", related_name="+", null=True, blank=True
    )
    note = models.CharField("примечание о бумаге", max_length=300, blank=True)
    scan = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="скан", null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("отозвано", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="отзыв внёс", related_name="+", null=True, blank=True
    )
    withdrawn_how = models.CharField("как отозвано", max_length=10, choices=How, blank=True)
    withdraw_reason = models.CharField("отзыв: причина или бумага", max_length=300, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "согласие"
        verbose_name_plural = "согласия"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "text", "capacity"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_standing",
                violation_error_message="Ответ на это согласие уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(how="paper", recorded_by__isnull=False)
                | Q(how="electronic", recorded_by__isnull=True, given_by__isnull=False),
                name="consent_paper_is_recorded",
                violation_error_message="Бумажное согласие вносит работник, электронное даёт сам человек.",
            ),
            models.CheckConstraint(
                condition=~Q(how="paper", is_refusal=True),
                name="consent_refusal_electronic",
                violation_error_message="Отказ на бумаге не вносится.",
            ),
        ]

    def __str__(self) -> str:
        answer = "отказ" if self.is_refusal else "согласие"
        return f"{self.subject}: {answer}, {self.text} ({self.get_capacity_display()})"

    @property
    def is_own(self) -> bool:
        return self.capacity in self.OWN

    @property
    def is_on_paper(self) -> bool:
        return self.how == self.How.PAPER
