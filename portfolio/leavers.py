"""Pupils who have left, or leave by an executed order, and what became of their portfolios (11). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import Enrolment, User
from accounts.models.credentials import digest
from eios.lib import search
from portfolio.models import Achievement, Handover, Portfolio, State

# Those who leave within so many days may be served beforehand.
AHEAD = 60


@dataclass(frozen=True)
class Line:
    """A leaver: the last class and day, whether the portfolio is frozen, the newest link. `is_back`: learns here again,
    and the portfolio is still frozen."""

    pupil: User
    class_name: str
    last_day: datetime.date
    frozen_at: datetime.datetime | None
    handover: Handover | None
    waiting: int
    is_back: bool


def leavers(date: datetime.date) -> QuerySet[User]:
    """Pupils whose last enrolment has ended or ends within two months, the latest first."""
    return served(date).filter(is_back=False)


def served(date: datetime.date) -> QuerySet[User]:
    """Leavers, and those who have come back to a frozen portfolio: to be opened again for them."""
    far = date + datetime.timedelta(days=AHEAD)
    here = Enrolment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=far), pupil=OuterRef("pk"))
    last = Enrolment.objects.filter(pupil=OuterRef("pk")).order_by(F("ends").desc(nulls_first=True), "-pk")
    pupils = User.objects.filter(Exists(Enrolment.objects.filter(pupil=OuterRef("pk")))).annotate(
        last_day=Max("enrolments__ends"), last_enrolment=Subquery(last.values("pk")[:1]), is_back=Exists(here)
    )
    frozen = Exists(Portfolio.objects.filter(pupil=OuterRef("pk"), frozen_at__isnull=False))
    order = ("-is_back", F("last_day").desc(nulls_last=True), "sort_name", "pk")
    return pupils.filter(Q(is_back=False) | Q(frozen)).order_by(*order)


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
            waiting.get(one.pk, 0), one.is_back,
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
