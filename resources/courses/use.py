"""How a course is read, in sums without names, for its authors (1.6). Reads only."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Q

from resources.models import Course, PageVisit, ReleasedPart


@dataclass(frozen=True)
class PageUse:
    part: ReleasedPart
    opened: int
    read: int
    minutes: float


@dataclass(frozen=True)
class Use:
    """People who opened a page at least, people who read all of them, and the pages."""

    opened: int
    finished: int
    pages: list[PageUse]


def use_of(course: Course) -> Use:
    """Of the release that is read now; four queries. Guests are not counted: nothing is known of them."""
    parts = list(course.release.parts.filter(kind="page").defer("html", "search"))
    visits = PageVisit.objects.filter(part__in=[part.part_id for part in parts])
    sums = visits.values("part").annotate(
        opened=Count("pk"), read=Count("pk", filter=Q(is_read=True)), seconds=Avg("seconds", filter=Q(seconds__gt=0))
    )
    by_part = {row["part"]: row for row in sums}
    done = visits.filter(is_read=True).values("person").annotate(pages=Count("part")).filter(pages__gte=len(parts))
    return Use(
        opened=visits.values("person").distinct().count(),
        finished=done.count(),
        pages=[_page(part, by_part.get(part.part_id, {})) for part in parts],
    )


def _page(part: ReleasedPart, row: dict) -> PageUse:
    return PageUse(part, row.get("opened", 0), row.get("read", 0), round((row.get("seconds") or 0) / 60, 1))
