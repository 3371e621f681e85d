"""A pupil's achievements as a reader sees them: chosen by filters, in groups by whose word it is (11.1-11.3).
Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Max, Min, Q, QuerySet, When

from accounts.models import Enrolment, User
from eios.lib import search
from eios.lib.dates import school_year_start, year_after
from portfolio import rights
from portfolio.models import Achievement, Origin, State

ORDER = (Origin.RECORD, Origin.STAFF, Origin.PUPIL)
ABOUT = {
    Origin.RECORD: "Загружено из системы, в которой школа ведёт учёт. На портале эти записи не меняются.",
    Origin.STAFF: "Эти записи внесли работники школы.",
    Origin.PUPIL: "Эти записи внёс сам обучающийся. Проверенные школой отмечены словом «подтверждено».",
}


@dataclass(frozen=True)
class Group:
    """Entries of one origin; the groups are never mixed (11.3)."""

    origin: Origin
    entries: list[Achievement]

    @property
    def title(self) -> str:
        return self.origin.label.capitalize()

    @property
    def about(self) -> str:
        return ABOUT[self.origin]


def of_pupil(pupil: User, reader: User, date: datetime.date) -> QuerySet[Achievement]:
    """What the reader sees of the pupil's entries; without a question about duties where it is the own portfolio."""
    rows = Achievement.objects if pupil.pk == reader.pk else rights.achievements_seen(reader, date)
    return rows.filter(pupil=pupil)


def listed(rows: QuerySet[Achievement]) -> QuerySet[Achievement]:
    """In the order of the groups, the newest first, with all that a list shows."""
    ranks = Case(*(When(origin=one, then=number) for number, one in enumerate(ORDER)))
    return rows.select_related("subject").prefetch_related("evidence__file").order_by(ranks, "-date", "-pk")


def chosen(rows: QuerySet[Achievement], filters: dict) -> QuerySet[Achievement]:
    """By sphere, state, origin, school year and words of the title. What was replaced is shown when asked for."""
    for name in ("sphere", "state", "origin"):
        if filters[name]:
            rows = rows.filter(**{name: filters[name]})
    if not filters["state"]:
        rows = rows.exclude(state=State.REPLACED)
    if filters["year"]:
        starts = datetime.date(int(filters["year"]), 9, 1)
        rows = rows.filter(date__gte=starts, date__lt=year_after(starts))
    return rows.filter(titled(filters["q"]))


def titled(query: str) -> Q:
    """Titles with the words, whatever their endings."""
    condition = Q()
    for word in search.words(query)[: search.MAX_QUERY_WORDS]:
        condition &= Q(title_key__contains=search.stem(word))
    return condition


def years_of(rows: QuerySet[Achievement]) -> list[tuple[str, str]]:
    """(«2026», «2026/27») of the school years from the first entry to the last one, the newest first."""
    found = rows.order_by().aggregate(first=Min("date"), last=Max("date"))
    if found["first"] is None:
        return []
    first, last = (school_year_start(found[name]).year for name in ("first", "last"))
    return [(str(year), f"{year}/{(year + 1) % 100:02}") for year in range(last, first - 1, -1)]


def groups_of(entries: Iterable[Achievement]) -> list[Group]:
    entries = list(entries)
    found = (Group(origin, [one for one in entries if one.origin == origin]) for origin in ORDER)
    return [group for group in found if group.entries]


def versions_of(entry: Achievement, rows: QuerySet[Achievement]) -> list[Achievement]:
    """The entry among its former and later versions that are in `rows`, the newest first; empty where it is alone."""
    chained = rows.filter(Q(replaces__isnull=False) | Q(later__isnull=False), pupil=entry.pupil_id).distinct()
    found = {one.pk: one for one in chained.select_related("decided_by")}
    if entry.pk not in found:
        return []
    after = {one.replaces_id: one for one in found.values()}
    chain = [found[entry.pk]]
    while chain[-1].replaces_id in found:
        chain.append(found[chain[-1].replaces_id])
    while chain[0].pk in after:
        chain.insert(0, after[chain[0].pk])
    return chain if len(chain) > 1 else []


def grade_on(pupil: User, date: datetime.date) -> int | None:
    """The grade in which the pupil learned on the day; None where the pupil was not enrolled here."""
    row = Enrolment.objects.on(date).filter(pupil=pupil).select_related("school_class").order_by("-starts").first()
    return row.school_class.grade if row else None
