"""A portfolio as values: one content for screen, secret link, print, PDF and archive (1.3 d, 11.1-11.3, 12.1).

Whoever asks gives the rows that the reader may see; nothing here decides about rights. Queries are as many for one
entry as for a hundred.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from eios.lib import russian
from portfolio.models import (
    Achievement,
    Evidence,
    Origin,
    Portfolio,
    Review,
    ReviewPoints,
    Sphere,
    Work,
    WorkAuthor,
    WorkFile,
    WorkLink,
    WorkVersion,
)

# The order in which groups stand: what nobody types by hand comes first (11.3).
GROUPS = (Origin.RECORD, Origin.STAFF, Origin.PUPIL)


@dataclass(frozen=True)
class Entry:
    """An achievement with what proves it."""

    achievement: Achievement
    evidence: tuple[Evidence, ...]

    @property
    def origin(self) -> Origin:
        return Origin(self.achievement.origin)

    @property
    def source_words(self) -> str:
        """«Сетевой город, данные на 22.11.2026» of a record; "" of other entries."""
        row = self.achievement
        if not row.is_record:
            return ""
        of = f", данные на {timezone.localtime(row.as_of):%d.%m.%Y}" if row.as_of else ""
        return f"{row.source}{of}"


@dataclass(frozen=True)
class Group:
    """Entries of one origin; groups are never mixed."""

    origin: Origin
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Opinion:
    """A published review with its points: (criterion, points, most). Never averaged with others."""

    review: Review
    points: tuple[tuple[str, int, int], ...]

    @property
    def total(self) -> str:
        """«17 из 20», or "" without points."""
        if not self.points:
            return ""
        return f"{sum(points for _, points, _ in self.points)} из {sum(most for _, _, most in self.points)}"


@dataclass(frozen=True)
class VersionShown:
    version: WorkVersion
    files: tuple[WorkFile, ...]
    links: tuple[WorkLink, ...]
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class WorkShown:
    """A work with its sealed versions, the newest first; there is at least one."""

    work: Work
    authors: tuple[WorkAuthor, ...]
    versions: tuple[VersionShown, ...]

    @property
    def latest(self) -> VersionShown:
        return self.versions[0]

    @property
    def author_words(self) -> str:
        names = [author.person.get_full_name() for author in self.authors]
        return ", ".join(filter(None, [*names, self.work.other_authors]))


@dataclass(frozen=True)
class SphereCount:
    sphere: Sphere
    achievements: int
    works: int

    @property
    def total(self) -> int:
        return self.achievements + self.works


@dataclass(frozen=True)
class Content:
    """`cover` is None where the reader does not see it, or the pupil has made none."""

    pupil: User
    cover: Portfolio | None
    groups: tuple[Group, ...]
    works: tuple[WorkShown, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def spheres(self) -> tuple[SphereCount, ...]:
        """All five, in the order of the Regulation (1.6)."""
        achievements = Counter(entry.achievement.sphere for entry in self.entries)
        works = Counter(shown.work.sphere for shown in self.works)
        return tuple(SphereCount(one, achievements[one], works[one]) for one in Sphere)

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.works

    @property
    def words(self) -> str:
        return amount(len(self.entries), len(self.works))


def amount(achievements: int, works: int) -> str:
    """«12 достижений, 3 работы»; of what there is none is not said."""
    said = []
    if achievements:
        said.append(f"{achievements} {russian.plural(achievements, 'достижение', 'достижения', 'достижений')}")
    if works:
        said.append(f"{works} {russian.plural(works, 'работа', 'работы', 'работ')}")
    return ", ".join(said) or "пока пусто"


def content_of(
    pupil: User, *, achievements: QuerySet[Achievement], works: QuerySet[Work], with_cover: bool = True
) -> Content:
    """What the rows make: at most twelve queries. Of works only sealed versions, and published reviews of them; a work
    without a sealed version is left out."""
    cover = Portfolio.objects.filter(pupil=pupil).select_related("cover").first() if with_cover else None
    rows = achievements.filter(pupil=pupil).select_related("subject", "event").prefetch_related("evidence__file")
    entries = [Entry(row, tuple(row.evidence.all())) for row in rows.order_by("-date", "-pk")]
    return Content(pupil, cover, groups_of(entries), works_shown(works))


def groups_of(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Pure: by origin, without empty groups."""
    entries = list(entries)
    found = (Group(origin, tuple(one for one in entries if one.origin == origin)) for origin in GROUPS)
    return tuple(group for group in found if group.entries)


def works_shown(works: QuerySet[Work]) -> tuple[WorkShown, ...]:
    """The works with their sealed versions, the newest work first."""
    points = ReviewPoints.objects.select_related("criterion").order_by("criterion__order", "pk")
    reviews = Review.objects.published().select_related("reviewer", "invitation", "answered_by").order_by("pk")
    versions = WorkVersion.objects.filter(sealed_at__isnull=False).order_by("-number")
    versions = versions.prefetch_related(
        Prefetch("files", WorkFile.objects.select_related("file")),
        "links",
        Prefetch("reviews", reviews.prefetch_related(Prefetch("points", points))),
    )
    authors = WorkAuthor.objects.filter(agreed_at__isnull=False).select_related("person").order_by("pk")
    rows = works.select_related("subject", "mentor").prefetch_related(
        Prefetch("authors", authors), Prefetch("versions", versions)
    )
    found = (
        WorkShown(work, tuple(work.authors.all()), tuple(_version(version) for version in work.versions.all()))
        for work in rows.order_by("-created_at", "-pk")
    )
    return tuple(shown for shown in found if shown.versions)


def _version(version: WorkVersion) -> VersionShown:
    return VersionShown(
        version, tuple(version.files.all()), tuple(version.links.all()),
        tuple(opinion_of(review) for review in version.reviews.all()),
    )  # fmt: skip


def opinion_of(review: Review) -> Opinion:
    """A review read with its points."""
    return Opinion(review, tuple((row.criterion.title, row.points, row.criterion.most) for row in review.points.all()))
