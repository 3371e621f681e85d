"""The register of breaches of the Regulation: what happened, the evidence, the decision, the order (1.5, 12.3)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models.audit import AuditEntry
from eios.lib import search
from eios.lib.dates import today


class BreachQuerySet(models.QuerySet):
    def matching(self, query: str):
        """By words of the title, or of the name of the person concerned."""
        return self.filter(search.matching(query) | search.matching(query, "person__search"))


class Breach(models.Model):
    """One breach: open → decided → closed. The person concerned may be unknown."""

    class Kind(models.TextChoices):
        FOREIGN_LOGIN = "foreign_login", "вход под чужим логином (12.3)"
        DISCLOSED = "disclosed", "свой пароль передан другому (12.2)"
        GUESSING = "guessing", "подбор или кража паролей (12.3)"
        MALWARE = "malware", "вредоносная программа (12.3)"
        NO_SOURCE = "no_source", "материалы без указания источника (12.1)"
        OTHER = "other", "другое нарушение (1.5)"

    class State(models.TextChoices):
        OPEN = "open", "разбирается"
        DECIDED = "decided", "решение принято"
        CLOSED = "closed", "закрыто"

    kind = models.CharField("вид нарушения", max_length=13, choices=Kind)
    title = models.CharField("что произошло, коротко", max_length=200)
    description = models.TextField("обстоятельства", max_length=10_000, blank=True)
    happened_on = models.DateField("когда произошло", help_text="Если день не известен — день, когда обнаружили.")
    found_on = models.DateField("когда обнаружено", default=today)
    found_by = models.CharField("кто обнаружил", max_length=160, help_text="Фамилия и инициалы, должность.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кого касается", null=True, blank=True, related_name="+"
    )
    state = models.CharField("состояние", max_length=7, choices=State, default=State.OPEN, editable=False)
    decision = models.TextField("решение", max_length=4000, blank=True)
    decided_on = models.DateField("дата решения", null=True, blank=True)
    order = models.ForeignKey(
        "accounts.Order", models.PROTECT, verbose_name="приказ", null=True, blank=True, related_name="breaches"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="внёс", null=True, related_name="+", editable=False
    )
    added_at = models.DateTimeField("внесено", auto_now_add=True)
    evidence = models.ManyToManyField(
        AuditEntry, through="BreachEvidence", verbose_name="доказательства из журнала", related_name="+"
    )
    search = models.TextField(editable=False, default="")

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = "нарушение"
        verbose_name_plural = "нарушения"
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found_on__gte=F("happened_on")),
                name="breach_found_after_it_happened",
                violation_error_message="Обнаружить нарушение раньше, чем оно произошло, нельзя.",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="breach_decided_has_decision",
                violation_error_message="Запишите решение и его дату.",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("happened_on")),
                name="breach_decided_after_it_happened",
                violation_error_message="Решение не может быть раньше нарушения.",
            ),
        ]

    def __str__(self) -> str:
        return f"Нарушение №\N{NO-BREAK SPACE}{self.pk}" if self.pk else "Новое нарушение"

    def save(self, *args, **kwargs):
        self.search = search.index(self.title, self.found_by)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:breach_detail", args=[self.pk])

    def clean(self) -> None:
        for name in ("happened_on", "found_on", "decided_on"):
            if (getattr(self, name) or today()) > today():
                raise ValidationError({name: "Этот день ещё не наступил."})

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class BreachEvidence(models.Model):
    """An entry of the audit trail chosen as evidence; the entry itself is only read, and can't be deleted any more."""

    breach = models.ForeignKey(Breach, models.PROTECT, verbose_name="нарушение", related_name="evidence_rows")
    entry = models.ForeignKey(AuditEntry, models.PROTECT, verbose_name="запись аудита", related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто приложил", null=True, related_name="+"
    )
    added_at = models.DateTimeField("приложено", default=timezone.now)

    class Meta:
        verbose_name = "доказательство"
        verbose_name_plural = "доказательства"
        ordering = ["entry"]
        constraints = [models.UniqueConstraint(fields=["breach", "entry"], name="breach_evidence_once")]

    def __str__(self) -> str:
        return f"{self.breach}: {self.entry}"
