"""Pupils who have left, or leave by an executed order, and what became of their portfolios (11). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from accounts.models import Enrolment, User
from accounts.models.credentials import digest
from eios.lib import search
from portfolio.models import Achievement, Handover, Portfolio, State

# Those who leave within so many days may be served beforehand.
AHEAD = 60


@dataclass(frozen=True)
class Line:
    """A leaver: the last class and day, whether the portfolio is frozen, the newest link."""

    pupil: User
    class_name: str
    last_day: datetime.date
    frozen_at: datetime.datetime | None
    handover: Handover | None
    waiting: int


def leavers(date: datetime.date) -> QuerySet[User]:
    """Pupils whose last enrolment has ended or ends within two months, the latest first."""
    later = Enrolment.objects.filter(pupil=OuterRef("pk"), ends__isnull=True)
    far = Enrolment.objects.filter(pupil=OuterRef("pk"), ends__gt=date + datetime.timedelta(days=AHEAD))
    last = Enrolment.objects.filter(pupil=OuterRef("pk")).order_by("-ends", "-pk")
    pupils = User.objects.filter(Exists(Enrolment.objects.filter(pupil=OuterRef("pk"))))
    pupils = pupils.filter(~Exists(later), ~Exists(far)).annotate(
        last_day=Max("enrolments__ends"), last_enrolment=Subquery(last.values("pk")[:1])
    )
    return pupils.order_by("-last_day", "sort_name", "pk")


def chosen(pupils: QuerySet[User], words: str) -> QuerySet[User]:
    return pupils.filter(search.matching(words)) if words else pupils


def lines_of(pupils: list[User]) -> list[Line]:
    """Four queries for any number of them."""
    keys = [one.pk for one in pupils]
    rooms = Enrolment.objects.select_related("school_class").in_bulk([one.last_enrolment for one in pupils])
    frozen = dict(Portfolio.objects.filter(pupil__in=keys).values_list("pupil", "frozen_at"))
    links = {row.pupil_id: row for row in Handover.objects.filter(pupil__in=keys).order_by("pk")}
    waiting: dict[int, int] = {}
    rows = Achievement.objects.filter(pupil__in=keys, state=State.SUBMITTED).order_by()
    for key in rows.values_list("pupil", flat=True):
        waiting[key] = waiting.get(key, 0) + 1
    return [
        Line(
            one, str(rooms[one.last_enrolment].school_class), one.last_day, frozen.get(one.pk), links.get(one.pk),
            waiting.get(one.pk, 0),
        )
        for one in pupils
    ]  # fmt: skip


def waiting(pupil: User) -> QuerySet[Achievement]:
    """What the pupil has given to check and the school has not answered."""
    return Achievement.objects.filter(pupil=pupil, state=State.SUBMITTED).order_by("submitted_at", "pk")


def living_link(code: str, now: datetime.datetime) -> Handover | None:
    """The link that the code opens, while it was not used, revoked or out of date."""
    rows = Handover.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
    return rows.filter(digest=digest(code)).select_related("pupil").first()
