"""Schedules of bells as their pages show them (1.3 b, 6.2). Reads only."""

from django.db.models import Prefetch, QuerySet

from accounts.marks import Seen, digest
from accounts.models import AcademicYear
from journal.models import Bell, BellSchedule

FIELDS = ("name", "grade_from", "grade_to", "weekday", "date")


def of_year(year: AcademicYear) -> QuerySet[BellSchedule]:
    """With their bells, from the widest to a single date."""
    bells = Prefetch("bells", Bell.objects.order_by("number"))
    return BellSchedule.objects.filter(year=year).select_related("year").prefetch_related(bells)


def seen_of_schedule(schedule: BellSchedule) -> Seen:
    """What a form edits, bells included; two queries."""
    stored = BellSchedule.objects.filter(pk=schedule.pk).values_list(*FIELDS).get()
    bells = Bell.objects.filter(schedule=schedule).order_by("number").values_list("number", "starts", "ends")
    return Seen((), digest([list(stored), list(bells)]))


def words_of(schedule: BellSchedule) -> str:
    """«1–4 классы, суббота»."""
    first, last = schedule.grade_from, schedule.grade_to
    grades = f"{first} классы" if first == last else f"{first}–{last} классы"
    if schedule.date:
        return f"{grades}, только {schedule.date:%d.%m.%Y}"
    return f"{grades}, {schedule.get_weekday_display()}" if schedule.weekday is not None else f"{grades}, все дни"
