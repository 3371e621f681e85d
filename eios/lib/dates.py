"""Dated facts: inclusive days in the school's time zone."""

import datetime

from django.db import models
from django.utils import timezone


def today() -> datetime.date:
    """The date at school: the time zone that the request or command activated."""
    return timezone.localdate()


def week_start(date: datetime.date) -> datetime.date:
    """The Monday of the date's week."""
    return date - datetime.timedelta(days=date.weekday())


def start_of_day(date: datetime.date) -> datetime.datetime:
    """00:00 of the day at school."""
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time.min))


class DatedQuerySet(models.QuerySet):
    """Rows in force from `starts` to `ends`, both inclusive; an empty `ends` means «until further notice»."""

    def on(self, date: datetime.date):
        return self.filter(models.Q(ends__isnull=True) | models.Q(ends__gte=date), starts__lte=date)

    def overlapping(self, starts: datetime.date, ends: datetime.date | None):
        rows = self.filter(models.Q(ends__isnull=True) | models.Q(ends__gte=starts))
        return rows if ends is None else rows.filter(starts__lte=ends)


def age_on(birth_date: datetime.date, date: datetime.date) -> int:
    """Full years; one born on 29 February has the birthday on 1 March of a common year."""
    return date.year - birth_date.year - ((date.month, date.day) < (birth_date.month, birth_date.day))


def years_before(date: datetime.date, years: int) -> datetime.date:
    """The latest birth date of one who is that old on the date: `age_on(birth, date) >= years` in a form for SQL."""
    try:
        return date.replace(year=date.year - years)
    except ValueError:  # 29 February, and that year had none
        return date.replace(year=date.year - years, day=28)


def year_after(date: datetime.date) -> datetime.date:
    """The same day a year later; of 29 February the 28th."""
    return years_before(date, -1)


def school_year_start(date: datetime.date) -> datetime.date:
    """1 September of the school year that holds the date."""
    return datetime.date(date.year if date.month >= 9 else date.year - 1, 9, 1)
