"""What the text of a page may name: media and pages of its own course, and players of the administrator's list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from resources.models import Course, CourseMedia, CoursePart, EmbeddedPlayer


@dataclass(frozen=True)
class Media:
    """A file of a course as a page shows it; addresses are of the portal, or relative inside an archive.

    `smaller` are addresses of the picture's renditions with their widths, the narrowest first.
    """

    name: str
    address: str
    media_type: str
    size: int
    title: str = ""
    alt: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    smaller: tuple[tuple[str, int], ...] = ()
    subtitles: str = ""
    poster: str = ""


@dataclass(frozen=True)
class Links:
    """`media` by name, addresses of `pages` by key, beginnings of addresses of `players`."""

    media: Mapping[str, Media] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    players: tuple[str, ...] = ()


def links_of(course: Course, page_address: Callable[[CoursePart], str]) -> Links:
    """What the course's pages may name now; three queries, however large the course."""
    rows = course.media.select_related("file", "subtitles", "poster").prefetch_related("renditions__file")
    pages = course.parts.standing().filter(kind=CoursePart.Kind.PAGE).defer("text")
    players = EmbeddedPlayer.objects.filter(is_active=True).values_list("prefix", flat=True)
    return Links(
        media={row.name: media_of(row) for row in rows},
        pages={page.key: page_address(page) for page in pages},
        players=tuple(players),
    )


def media_of(row: CourseMedia) -> Media:
    """The row as pages of the portal show it."""
    return Media(
        name=row.name, address=row.file.url, media_type=row.file.media_type, size=row.file.size, title=row.file.name,
        alt=row.alt, credit=row.credit, width=row.width, height=row.height, seconds=row.seconds,
        smaller=tuple((one.file.url, one.width) for one in row.renditions.all()),
        subtitles=row.subtitles.url if row.subtitles else "", poster=row.poster.url if row.poster else "",
    )  # fmt: skip
