"""What the portal tells people: the inbox, how each one wants letters, and letters on their way out."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils import timezone

KEPT_READ = datetime.timedelta(days=365)
KEPT_LETTERS = datetime.timedelta(days=90)


class Mail(models.TextChoices):
    NOW = "now", "Сразу"
    DIGEST = "digest", "Раз в день, одним письмом"
    NONE = "none", "Не присылать"


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at__isnull=True)

    def for_digest(self):
        """Not yet in any letter, and still worth one."""
        return self.unread().filter(waits_for_digest=True)

    def unread_first(self):
        """The order of the inbox: what is new, newest first, then the rest."""
        is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=models.BooleanField())
        return self.order_by(is_read.asc(), "-created_at", "-pk")

    def stale(self, now: datetime.datetime):
        """Read a year ago and more. What was never read is kept."""
        return self.filter(read_at__lt=now - KEPT_READ)


class Notification(models.Model):
    """A line of somebody's inbox. The text may hold names: it is shown in the cabinet and goes nowhere else."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="кому", related_name="notifications"
    )
    kind = models.CharField("вид", max_length=40)
    text = models.TextField("текст")
    url = models.CharField("куда ведёт", max_length=300, blank=True)
    key = models.CharField("событие", max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="кто вызвал", null=True, related_name="+"
    )
    created_at = models.DateTimeField("когда", default=timezone.now)
    read_at = models.DateTimeField("прочитано", null=True)
    waits_for_digest = models.BooleanField("ждёт сводки", default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "уведомление"
        verbose_name_plural = "уведомления"
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notification_inbox"),
            models.Index(fields=["person"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["id"], name="notification_digest", condition=Q(read_at__isnull=True, waits_for_digest=True)
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notification_once")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.created_at:%d.%m.%Y}"


class NotificationChoice(models.Model):
    """How one person wants letters of one kind; without a row, as the kind says."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="чей", related_name="notification_choices"
    )
    kind = models.CharField("вид", max_length=40)
    mail = models.CharField("письма", max_length=10, choices=Mail)

    class Meta:
        verbose_name = "выбор писем"
        verbose_name_plural = "выбор писем"
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_mail_display()}"


class OutgoingLetterQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=OutgoingLetter.State.WAITING)

    def due(self, now: datetime.datetime):
        return self.waiting().filter(next_attempt_at__lte=now)

    def unfinished(self):
        return self.filter(state__in=[OutgoingLetter.State.WAITING, OutgoingLetter.State.SENDING])

    def stale(self, now: datetime.datetime):
        """Finished, one way or another, and of no more use."""
        return self.filter(finished_at__lt=now - KEPT_LETTERS)


class OutgoingLetter(models.Model):
    """A letter on its way out. It holds no address (that is looked up when it leaves) and no personal details.

    waiting → sending (claimed by one command) → sent, or waiting again, or failed; dropped where nobody may have it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт отправки"
        SENDING = "sending", "отправляется"
        SENT = "sent", "отправлено"
        FAILED = "failed", "не ушло"
        DROPPED = "dropped", "отменено"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="кому", related_name="outgoing_letters"
    )
    kind = models.CharField("вид", max_length=40)
    subject = models.CharField("тема", max_length=200)
    body = models.TextField("текст")
    key = models.CharField("событие", max_length=100)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    created_at = models.DateTimeField("написано", default=timezone.now)
    next_attempt_at = models.DateTimeField("следующая попытка", default=timezone.now)
    claimed_at = models.DateTimeField("взято в отправку", null=True)
    finished_at = models.DateTimeField("закончено", null=True)
    trouble = models.CharField("что помешало", max_length=200, blank=True)

    objects = OutgoingLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо"
        verbose_name_plural = "письма"
        indexes = [
            models.Index(fields=["next_attempt_at"], name="letter_waiting", condition=Q(state="waiting")),
            models.Index(fields=["finished_at"], name="letter_finished"),
        ]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="letter_once")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_state_display()}"
