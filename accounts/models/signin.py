"""Failures of sign-in, counted so that guessing stops and owners are not locked out."""

from django.db import models


class SignInThrottle(models.Model):
    """A bucket of failures; the key is a digest, so that no login stands here."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.DateTimeField()

    class Meta:
        verbose_name = "счётчик неудачных входов"
        verbose_name_plural = "счётчики неудачных входов"

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.failures}"
