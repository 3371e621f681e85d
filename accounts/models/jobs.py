"""Long work that a page advances piece by piece: no broker, no daemon."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Job(models.Model):
    """`kind` names a JobKind (accounts.hints.JOB_KINDS), whose step does a piece of the work that `params` describe.

    Whoever watches the page drives the job; if nobody does, it waits and goes on from where it stood.
    """

    class State(models.TextChoices):
        RUNNING = "running", "выполняется"
        DONE = "done", "готово"
        FAILED = "failed", "не получилось"
        CANCELLED = "cancelled", "остановлено"

    kind = models.CharField("вид", max_length=40)
    title = models.CharField("что делается", max_length=200)
    params = models.JSONField(default=dict)
    total = models.PositiveIntegerField("всего", default=0)
    done = models.PositiveIntegerField("сделано", default=0)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.RUNNING)
    message = models.CharField("итог", max_length=500, blank=True)
    next_url = models.CharField("куда дальше", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто начал", null=True, related_name="jobs"
    )
    created_at = models.DateTimeField("начато", auto_now_add=True)
    updated_at = models.DateTimeField("продвинулось", auto_now=True)

    class Meta:
        verbose_name = "долгая работа"
        verbose_name_plural = "долгие работы"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("accounts:job", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
