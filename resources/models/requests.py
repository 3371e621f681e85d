"""What people ask of elements: access (5.4) and changes (3.5)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from resources.models.elements import Element


class AccessRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=AccessRequest.State.WAITING)

    def giving(self, date: datetime.date):
        """Confirmed, and something that was given by it works on the date."""
        login = Q(credential__isnull=False, credential__ended_at__isnull=True)
        login &= Q(credential__expires_on__isnull=True) | Q(credential__expires_on__gte=date)
        door = Q(privilege__isnull=False, privilege__revoked_at__isnull=True)
        door &= Q(privilege__ends__isnull=True) | Q(privilege__ends__gte=date)
        return self.filter(login | door, state=AccessRequest.State.CONFIRMED)


class AccessRequest(models.Model):
    """A person's request for access to an element: waiting → confirmed, declined or withdrawn (5.4).

    A confirmed one has issued `credential`, opened the element by `privilege`, or both; it ends as they do.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт решения"
        CONFIRMED = "confirmed", "подтверждена"
        DECLINED = "declined", "отклонена"
        WITHDRAWN = "withdrawn", "отозвана заявителем"

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кому нужен доступ", related_name="access_requests"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто просит", related_name="+")
    asked_at = models.DateTimeField("когда", auto_now_add=True)
    note = models.CharField("зачем", max_length=300, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто решил", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("когда решено", null=True, blank=True)
    answer = models.CharField("ответ", max_length=300, blank=True)
    credential = models.OneToOneField(
        "resources.ExternalCredential", models.PROTECT, verbose_name="что выдано", null=True, blank=True,
        related_name="request",
    )  # fmt: skip
    privilege = models.OneToOneField(
        "resources.Privilege", models.PROTECT, verbose_name="что открыто", null=True, blank=True,
        related_name="request",
    )  # fmt: skip
    reminded_at = models.DateTimeField("когда напомнили", null=True, blank=True, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "заявка на доступ"
        verbose_name_plural = "заявки на доступ"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "asked_at"], name="access_request_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "person"],
                condition=Q(state="waiting"),
                name="access_request_one_waiting",
                violation_error_message="Такая заявка уже ждёт решения.",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="access_request_answer",
                violation_error_message="Укажите, почему заявка отклонена.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.person}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_for_another(self) -> bool:
        """A class teacher asked for a pupil."""
        return self.asked_by_id != self.person_id

    def gives_on(self, date: datetime.date) -> bool:
        """Confirmed, and the login or the privilege that it gave works on the date."""
        if self.state != self.State.CONFIRMED:
            return False
        login = self.credential and self.credential.ended_at is None and not self.credential.is_expired(date)
        return bool(login or (self.privilege and self.privilege.in_force_on(date)))

    def days_waiting(self, date: datetime.date) -> int:
        return (date - timezone.localdate(self.asked_at)).days


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Suggestion.State.WAITING)


class Suggestion(models.Model):
    """Anyone signed in proposes a resource, or a change to an element (3.5)."""

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт ответа"
        ACCEPTED = "accepted", "принято"
        DECLINED = "declined", "отклонено"

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто предложил", related_name="suggestions"
    )
    element = models.ForeignKey(
        Element, models.PROTECT, verbose_name="к какому элементу", null=True, blank=True, related_name="suggestions",
        help_text="Пусто: предлагается новый ресурс.",
    )  # fmt: skip
    title = models.CharField("что предлагаете", max_length=200)
    address = models.CharField("адрес в интернете", max_length=500, blank=True)
    text = models.TextField("зачем и кому это нужно", max_length=2000, blank=True)
    created_at = models.DateTimeField("когда", auto_now_add=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField("ответ", max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто ответил", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("когда ответили", null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "предложение"
        verbose_name_plural = "предложения"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="suggestion_answer",
                violation_error_message="Напишите, почему предложение отклонено.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
