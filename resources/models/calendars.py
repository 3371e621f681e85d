"""The calendar schedule of a year: terms, breaks, attestation, days off and working Saturdays (6.2)."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import AcademicYear
from eios.lib import russian
from resources.models.year_plans import YearPlan, grade_field, level_of


class AcademicCalendar(YearPlan):
    """The calendar of a level for a year."""

    class Meta(YearPlan.Meta):
        verbose_name = "календарный график"
        verbose_name_plural = "календарные графики"

    def __str__(self) -> str:
        return f"Календарный график: {self.name}"


class CalendarEntryQuerySet(models.QuerySet):
    def in_force(self, year: AcademicYear, grade: int) -> Self:
        """Entries of the approved calendar that concern the grade, in order of days."""
        return self.of_approved(year).filter(
            Q(grade__isnull=True) | Q(grade=grade), calendar__level=level_of(grade)
        )  # fmt: skip

    def of_approved(self, year: AcademicYear) -> Self:
        return self.filter(calendar__year=year, calendar__state=AcademicCalendar.State.APPROVED)

    def terms(self) -> Self:
        return self.filter(kind=CalendarEntry.Kind.TERM)

    def on(self, date: datetime.date) -> Self:
        return self.filter(starts__lte=date, ends__gte=date)


class CalendarEntry(models.Model):
    """Days with a meaning, both ends included; with `grade`, of that grade alone (the extra break of grade 1)."""

    class Kind(models.TextChoices):
        TERM = "term", "учебный период"
        BREAK = "break", "каникулы"
        ATTESTATION = "attestation", "промежуточная аттестация"
        OFF = "off", "нерабочие дни"
        WORKING = "working", "учебный день взамен выходного"

    calendar = models.ForeignKey(AcademicCalendar, models.CASCADE, verbose_name="график", related_name="entries")
    kind = models.CharField("что это", max_length=12, choices=Kind)
    name = models.CharField("название", max_length=80, help_text="I четверть, осенние каникулы.")
    starts = models.DateField("с")
    ends = models.DateField("по")
    grade = grade_field(verbose_name="только для класса", null=True, blank=True)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "строка календарного графика"
        verbose_name_plural = "строки календарного графика"
        ordering = ["starts", "ends", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="calendar_entry_dates",
                violation_error_message="Последний день раньше первого.",
            ),
            models.UniqueConstraint(
                fields=["calendar", "kind", "starts"], condition=Q(grade__isnull=True), name="calendar_entry_once",
                violation_error_message="В этот день уже начинается такая же строка.",
            ),
            models.UniqueConstraint(
                fields=["calendar", "kind", "starts", "grade"], condition=Q(grade__isnull=False),
                name="calendar_entry_of_grade_once",
                violation_error_message="В этот день у класса уже начинается такая же строка.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}, {russian.short_date(self.starts)} — {russian.short_date(self.ends)}"

    def holds(self, date: datetime.date) -> bool:
        return self.starts <= date <= self.ends
