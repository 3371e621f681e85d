"""Reports of people who can't sign in, or whose password is known to others (12.2). A report changes no account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from eios.lib import russian, search

LONGEST_LOGIN = 60


class AccessReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def matching(self, query: str):
        """By words of the person's name, or by a part of the login as typed."""
        if not query.strip():
            return self
        typed = Q(login_key__contains=query.strip().lower()[:LONGEST_LOGIN])
        return self.filter(search.matching(query, "person__search") | typed)


class AccessReport(models.Model):
    """What was reported of one login, until it is answered. Pressed again, an open one only counts.

    `login` is as typed: it may be nobody's, and is then seen by the system administrator only. `person` is whose login
    it was at the latest press.
    """

    class What(models.TextChoices):
        CANNOT = "cannot", "не получается войти"
        KNOWN = "known", "пароль узнал кто-то ещё"
        LOST = "lost", "потерян листок с паролем"
        SELF = "self", "владелец остановил свой вход"
        CODE = "code", "вход остановлен по стоп-коду"

    # What anybody may say; the others are said by the portal.
    PUBLIC = (What.CANNOT, What.KNOWN, What.LOST)

    login = models.CharField("логин, как его ввели", max_length=LONGEST_LOGIN)
    login_key = models.CharField(max_length=LONGEST_LOGIN, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="чей логин", null=True, related_name="access_reports"
    )
    what = models.CharField("что случилось", max_length=6, choices=What)
    times = models.PositiveIntegerField("сколько раз сообщили", default=0)
    created_at = models.DateTimeField("сообщено", default=timezone.now)
    last_at = models.DateTimeField("в последний раз", default=timezone.now)
    closed_at = models.DateTimeField("закрыто", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто закрыл", null=True, related_name="+"
    )
    answer = models.CharField("чем кончилось", max_length=300, blank=True)

    objects = AccessReportQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщение о входе"
        verbose_name_plural = "сообщения о входе"
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["person", "closed_at"], name="access_report_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["login_key"], condition=Q(closed_at__isnull=True), name="access_report_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(answer=""),
                name="access_report_closed_has_answer",
                violation_error_message="Напишите, чем кончилось.",
            ),
        ]

    def __str__(self) -> str:
        return f"№\N{NO-BREAK SPACE}{self.pk} от {timezone.localtime(self.created_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:incident_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def waiting_words(self) -> str:
        """How long it waits for an answer: «меньше часа», «5 часов», «3 дня»."""
        hours = int((timezone.now() - self.created_at).total_seconds()) // 3600
        if hours < 1:
            return "меньше часа"
        if hours < 24:
            return f"{hours} {russian.plural(hours, 'час', 'часа', 'часов')}"
        return f"{hours // 24} {russian.plural(hours // 24, 'день', 'дня', 'дней')}"


class ReportEvent(models.Model):
    """One line of a report's story: a press of the form, what was done with the account, a note."""

    class Kind(models.TextChoices):
        FILED = "filed", "сообщение"
        NOTE = "note", "заметка"
        BLOCKED = "blocked", "вход закрыт"
        UNBLOCKED = "unblocked", "блокировка снята"
        CLOSED = "closed", "закрыто"

    report = models.ForeignKey(AccessReport, models.PROTECT, verbose_name="сообщение о входе", related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=10, choices=Kind)
    what = models.CharField("что случилось", max_length=6, choices=AccessReport.What, blank=True)
    text = models.CharField("слова", max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", null=True, related_name="+")
    address = models.GenericIPAddressField("откуда", null=True)

    class Meta:
        verbose_name = "запись о сообщении"
        verbose_name_plural = "записи о сообщениях"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_kind_display()}"
