"""Days that pupils missed wholly: every lesson that the timetable had for them (7.3). A day it does not know is none.

docs/decisions/0085-missed-days.md says why nothing else tells it.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import FilteredRelation, Q
from django.db.models.expressions import F

from accounts.models import AcademicYear, Enrolment
from journal.timetables import Planned, planned
from journal.week_days import Span

# (pupil, gradebook) → days on which the pupil belonged to it.
Spans = Mapping[tuple[int, int], Sequence[Span]]


def of_pupils(
    pupils: Collection[int], year: AcademicYear, starts: datetime.date, ends: datetime.date,
    missed: Iterable[tuple[int, int, datetime.date]],
) -> dict[int, set[datetime.date]] | None:  # fmt: skip
    """Pupil → days, of missed lessons (pupil, gradebook, day); None where no timetable has lessons of these days.

    Five queries, whatever the pupils.
    """
    spans = spans_of(pupils, year)
    lessons = planned(year, starts, ends, {book for _, book in spans})
    return whole(missed, lessons, spans) if lessons else None


def whole(
    missed: Iterable[tuple[int, int, datetime.date]], lessons: Iterable[Planned], spans: Spans
) -> dict[int, set[datetime.date]]:
    """Pure. A gradebook's missed lessons stand for its own lessons of the day only."""
    held: dict[datetime.date, Counter] = defaultdict(Counter)
    for one in lessons:
        held[one.date][one.gradebook] += 1
    absent: dict[tuple[int, datetime.date], Counter] = defaultdict(Counter)
    for pupil, book, date in missed:
        absent[pupil, date][book] += 1
    found: dict[int, set[datetime.date]] = defaultdict(set)
    for (pupil, date), books in absent.items():
        own = {
            book: count
            for book, count in held.get(date, {}).items()
            if any(one.holds(date) for one in spans.get((pupil, book), ()))
        }
        if own and all(books[book] >= count for book, count in own.items()):
            found[pupil].add(date)
    return found


def spans_of(pupils: Collection[int], year: AcademicYear) -> dict[tuple[int, int], list[Span]]:
    """Gradebooks of the pupils' classes of the year; of subgroups only the own ones. One query."""
    path = "school_class__gradebooks__subgroup__members"
    rows = Enrolment.objects.filter(pupil__in=pupils, school_class__year=year, school_class__gradebooks__isnull=False)
    rows = rows.annotate(member=FilteredRelation(path, condition=Q(**{f"{path}__pupil": F("pupil")}))).order_by()
    book = "school_class__gradebooks"
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for pupil, starts, ends, pk, subgroup, since, until in rows.values_list(
        "pupil", "starts", "ends", book, f"{book}__subgroup", "member__starts", "member__ends"
    ):
        span = Span(starts, ends)
        if subgroup is None:
            found[pupil, pk].append(span)
        elif since:
            found[pupil, pk].append(span.within(Span(since, until)))
    return found
