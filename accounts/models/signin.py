"""What sign-in remembers beside the person: failures, counted so that guessing stops and owners are not locked out."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

PLAUSIBLE_TYPOS = 10
QUIET_AFTER_TYPOS = datetime.timedelta(days=1)
QUIET_AFTER_GUESSING = datetime.timedelta(days=30)


class SignInThrottleQuerySet(models.QuerySet):
    def of_logins(self, login_keys: list[str]):
        return self.filter(login_key__in=login_keys)

    def stale(self, now: datetime.datetime):
        """Rows that count no more: a day of quiet after a few typos, a month after what looks like guessing."""
        return self.filter(stale_at(now))


def stale_at(now: datetime.datetime) -> Q:
    return Q(last_failure__lt=now - QUIET_AFTER_GUESSING) | Q(
        last_failure__lt=now - QUIET_AFTER_TYPOS, failures__lte=PLAUSIBLE_TYPOS
    )


class SignInThrottle(models.Model):
    """A bucket of failures in a row (see `accounts/throttling.py`); keys are digests, so that no login stands here."""

    key = models.CharField(max_length=64, unique=True)
    login_key = models.CharField(max_length=64, blank=True, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SignInThrottleQuerySet.as_manager()

    class Meta:
        verbose_name = "счётчик неудачных входов"
        verbose_name_plural = "счётчики неудачных входов"

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.failures}"


class SharedCacheRow(models.Model):
    """The table of Django's database cache, so that all workers share used codes and counts of attempts.

    Only the cache backend reads and writes it (settings.CACHES); a model, so that migrations make it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shared_cache"
        verbose_name = "запись общего кэша"
        verbose_name_plural = "общий кэш"

    def __str__(self) -> str:
        return self.cache_key
