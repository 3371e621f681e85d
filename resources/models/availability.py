"""Do the addresses of elements answer (5.6): every check, and the state that they add up to."""

import datetime

from django.db import models
from django.db.models import F, Q

from eios.lib.outside import Outcome
from resources.models.elements import Element

# One failure may be a hiccup of the network; the second in a row is the site's.
TWICE = 2
# How long an element is silent before its administrators are told.
TOLD_AFTER = datetime.timedelta(hours=2)
KEPT = datetime.timedelta(days=90)
CERTIFICATE_SOON = datetime.timedelta(days=21)

OUTCOMES = [
    (Outcome.WORKS.value, "работает"),
    (Outcome.ERROR.value, "отвечает ошибкой"),
    (Outcome.SILENT.value, "не отвечает"),
    (Outcome.DISTRUSTED.value, "сертификат не принят"),
    (Outcome.REFUSED.value, "не проверяется"),
]
FAILURES = [Outcome.ERROR.value, Outcome.SILENT.value, Outcome.DISTRUSTED.value]


class AvailabilityCheckQuerySet(models.QuerySet):
    def outlived(self, now: datetime.datetime):
        """Rows older than what is kept."""
        return self.filter(at__lt=now - KEPT)


class AvailabilityCheck(models.Model):
    """One asking of an element's address; kept for 90 days."""

    element = models.ForeignKey(Element, models.CASCADE, verbose_name="элемент", related_name="availability_checks")
    at = models.DateTimeField("когда")
    outcome = models.CharField("итог", max_length=10, choices=OUTCOMES)
    status = models.PositiveSmallIntegerField("код ответа", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("за сколько миллисекунд", null=True, blank=True)
    certificate_until = models.DateField("сертификат действует по", null=True, blank=True)
    detail = models.CharField("подробности", max_length=300, blank=True)

    objects = AvailabilityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "проверка доступности"
        verbose_name_plural = "проверки доступности"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["element", "-at"], name="availability_check_newest")]

    def __str__(self) -> str:
        return f"{self.element}: {self.get_outcome_display()}"

    @property
    def is_failure(self) -> bool:
        return self.outcome in FAILURES


class AvailabilityQuerySet(models.QuerySet):
    def down(self):
        """Failed twice in a row, so that it is not a hiccup."""
        return self.filter(outcome__in=FAILURES, in_a_row__gte=TWICE, address=F("element__address"))

    def long_down(self):
        """Down for so long that the administrators are told."""
        return self.down().filter(checked_at__gte=F("since") + TOLD_AFTER)


class Availability(models.Model):
    """What the checks of an element's present address add up to; kept by `actions.availability`.

    `since` is the first of the checks in a row that worked, or failed, like the last one; a refused address does
    neither.
    """

    element = models.OneToOneField(Element, models.CASCADE, verbose_name="элемент", related_name="availability")
    address = models.CharField("какой адрес проверялся", max_length=500)
    outcome = models.CharField("итог", max_length=10, choices=OUTCOMES)
    since = models.DateTimeField("с какого времени")
    in_a_row = models.PositiveIntegerField("проверок подряд с таким итогом", default=1)
    checked_at = models.DateTimeField("последняя проверка")
    status = models.PositiveSmallIntegerField("код ответа", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("за сколько миллисекунд", null=True, blank=True)
    certificate_until = models.DateField("сертификат действует по", null=True, blank=True)
    detail = models.CharField("подробности", max_length=300, blank=True)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = "доступность элемента"
        verbose_name_plural = "доступность элементов"
        ordering = ["element"]
        constraints = [
            models.CheckConstraint(condition=Q(in_a_row__gte=1), name="availability_in_a_row"),
            models.CheckConstraint(condition=Q(checked_at__gte=F("since")), name="availability_since"),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.get_outcome_display()}"

    @property
    def works(self) -> bool:
        return self.outcome == Outcome.WORKS

    @property
    def is_refused(self) -> bool:
        return self.outcome == Outcome.REFUSED

    @property
    def is_down(self) -> bool:
        return self.outcome in FAILURES and self.in_a_row >= TWICE

    @property
    def shown(self) -> tuple[str, bool, str]:
        """What cards show of it: a change of this, and of nothing else, stales public pages."""
        return self.outcome, self.is_down, self.address

    def certificate_days(self, date: datetime.date) -> int | None:
        """Full days until the certificate ends, negative after it has; None where there is none."""
        return (self.certificate_until - date).days if self.certificate_until else None
