"""Credentials on paper: slips with a one-time password and a stop-code, and one-time links (9.2-9.7, 12.2)."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# 80 bits and more: sixteen of these letters and digits.
STOP_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
STOP_CODE_LENGTH = 17


def new_stop_code() -> str:
    """Printed on the slip in groups; whoever holds the slip may block the account with it at once (12.2)."""
    return "".join(secrets.choice(STOP_CODE_ALPHABET) for _ in range(STOP_CODE_LENGTH))


def digest(secret: str) -> str:
    """How a stop-code or a link's secret is stored: it has enough entropy to need no salt and no slow hash."""
    folded = "".join(letter for letter in secret.casefold() if letter.isalnum())
    return hashlib.sha256(folded.encode()).hexdigest()


class SlipQuerySet(models.QuerySet):
    def standing(self):
        """Not void: the password that was printed still works, as far as the portal knows."""
        return self.filter(voided_at__isnull=True)

    def of_stop_code(self, code: str):
        """The standing slip that this code is printed on; a void slip's code stops nothing."""
        return self.standing().filter(stop_digest=digest(code))


class Slip(models.Model):
    """One issue of a login and a one-time password: printed, handed over, used or void. Holds no password.

    printed → handed to the class teacher or designated person → handed to the owner → first sign-in → void.
    """

    class Void(models.TextChoices):
        USED = "used", "пароль сменён при первом входе"
        KEPT = "kept", "выданный пароль оставлен"
        REPRINTED = "reprinted", "напечатан новый"
        EXPIRED = "expired", "истёк срок"
        STOPPED = "stopped", "вход остановлен по стоп-коду"
        BLOCKED = "blocked", "учётная запись заблокирована"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="чей", related_name="slips")
    stop_digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто выдал", null=True, related_name="+"
    )
    printed_at = models.DateTimeField("напечатан", default=timezone.now)
    expires_at = models.DateTimeField("действует до")
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кому передан", null=True, related_name="+"
    )
    handed_at = models.DateTimeField("передан", null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто вручил", null=True, related_name="+"
    )
    given_at = models.DateTimeField("вручён", null=True)
    used_at = models.DateTimeField("первый вход", null=True)
    voided_at = models.DateTimeField("недействителен с", null=True)
    void_reason = models.CharField("почему", max_length=10, choices=Void, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = "листок"
        verbose_name_plural = "листки"
        ordering = ["-printed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(voided_at__isnull=True), name="slip_one_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: листок от {self.printed_at:%d.%m.%Y}"
