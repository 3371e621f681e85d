"""Credentials on paper: slips with a one-time password and a stop-code, and one-time links (9.2-9.7, 12.2)."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

# 99 bits each: 12.2 wants 80 at least, and five groups of four are read aloud without counting.
STOP_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
STOP_CODE_LENGTH = 20
LINK_CODE_LENGTH = 20


def new_stop_code() -> str:
    """Printed on the slip in groups; whoever holds the slip may block the account with it at once (12.2)."""
    return _random(STOP_CODE_LENGTH)


def new_link_code() -> str:
    """Opens a one-time link (9.7); short enough to be typed from a screen."""
    return _random(LINK_CODE_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(STOP_CODE_ALPHABET) for _ in range(length))


def digest(secret: str) -> str:
    """How a stop-code or a link's secret is stored: it has enough entropy to need no salt and no slow hash."""
    folded = "".join(letter for letter in secret.casefold() if letter.isalnum())
    return hashlib.sha256(folded.encode()).hexdigest()


class SlipBatch(models.Model):
    """Slips that left the printer together: one sheaf of paper, handed over together (9.6)."""

    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто напечатал", null=True, related_name="+"
    )
    printed_at = models.DateTimeField("напечатана", default=timezone.now)

    class Meta:
        verbose_name = "партия листков"
        verbose_name_plural = "партии листков"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Партия №\N{NO-BREAK SPACE}{self.pk} от {timezone.localtime(self.printed_at):%d.%m.%Y}"


class SlipQuerySet(models.QuerySet):
    def standing(self):
        """Not void: the password that was printed still works, as far as the portal knows."""
        return self.filter(voided_at__isnull=True)

    def with_working_code(self):
        """Slips whose stop-code still stops: the person's latest one, until it is reprinted, stopped or blocked.

        The first sign-in ends the printed password and not the code: a password of one's own gets known later.
        """
        newer = Slip.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
        works = Q(voided_at__isnull=True) | Q(void_reason__in=[Slip.Void.USED, Slip.Void.KEPT, Slip.Void.EXPIRED])
        return self.filter(works, ~Exists(newer))

    def of_stop_code(self, code: str):
        """The slip that this code is printed on, while the code works."""
        return self.with_working_code().filter(stop_digest=digest(code))

    def waiting_at(self, holder_key: int):
        """Received by the class teacher or designated person, not yet given to the owners."""
        return self.standing().filter(handed_to=holder_key, given_at__isnull=True)


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
    batch = models.ForeignKey(SlipBatch, models.PROTECT, verbose_name="партия", null=True, related_name="slips")
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

    @property
    def last_day(self) -> datetime.date:
        """The last day, whole, on which the printed password lets in."""
        return timezone.localdate(self.expires_at - datetime.timedelta(microseconds=1))

    def is_expired(self, now: datetime.datetime) -> bool:
        return self.expires_at <= now

    def opens_nothing(self, now: datetime.datetime) -> bool:
        """The printed password lets nobody in any more: the term is over, or it was stopped."""
        if self.voided_at is None:
            return self.is_expired(now)
        return self.void_reason in (self.Void.EXPIRED, self.Void.STOPPED, self.Void.BLOCKED)


class OneTimeLinkQuerySet(models.QuerySet):
    def unused(self, now: datetime.datetime):
        return self.filter(used_at__isnull=True, expires_at__gt=now)


class OneTimeLink(models.Model):
    """Instead of paper (9.7): opens once, briefly, and lets the owner set the own password. Holds only a digest.

    `epoch` is the person's session epoch at the issue: a new password, a block or its lifting ends the link.
    """

    class Channel(models.TextChoices):
        SHOWN = "shown", "показана на экране"
        EMAIL = "email", "отправлена на почту"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кому", related_name="one_time_links"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    channel = models.CharField("как передана", max_length=10, choices=Channel)
    epoch = models.PositiveIntegerField(editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто выдал", null=True, related_name="+"
    )
    issued_at = models.DateTimeField("выдана", default=timezone.now)
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("открыта", null=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "одноразовая ссылка"
        verbose_name_plural = "одноразовые ссылки"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["shown", "email"]), name="one_time_link_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: ссылка от {timezone.localtime(self.issued_at):%d.%m.%Y}"
