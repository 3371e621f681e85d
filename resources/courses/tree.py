"""A course as a tree in the order of reading: sections and pages, each with its depth and number."""

from collections import defaultdict
from dataclasses import dataclass

from resources.models import Course, CoursePart

DEEPEST = 3


@dataclass(frozen=True)
class Place:
    """A part where it stands: `number` from 1 over the whole course, `section` is the number of the one around it."""

    part: CoursePart
    number: int
    depth: int
    section: int | None


def places(course: Course, *, texts: bool = False) -> list[Place]:
    """All standing parts in the order of reading; one query, without the texts unless asked for."""
    rows = course.parts.standing()
    return order(list(rows if texts else rows.defer("text")))


def order(parts: list[CoursePart]) -> list[Place]:
    """Places of these parts; what stands in a section that was taken out is left out too."""
    below: dict[int | None, list[CoursePart]] = defaultdict(list)
    for part in sorted(parts, key=lambda one: (one.position, one.pk)):
        below[part.parent_id].append(part)
    found: list[Place] = []

    def walk(parent: int | None, depth: int, section: int | None) -> None:
        for part in below[parent]:
            number = len(found) + 1
            found.append(Place(part, number, depth, section))
            walk(part.pk, depth + 1, number)

    walk(None, 0, None)
    return found
