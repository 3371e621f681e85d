"""Which classes the next year begins with: proposals made of this year's."""

from dataclasses import dataclass

from accounts.models import SchoolClass
from accounts.rollover.pupils import Preview


@dataclass(frozen=True)
class GoingOn:
    """A class of this year and the name that is proposed for its next one; "" where it is left out."""

    school_class: SchoolClass
    name: str
    is_there: bool


def short_name(grade: int, letter: str) -> str:
    """«5А», as people type it."""
    return f"{grade}{letter}"


def proposals(preview: Preview) -> list[GoingOn]:
    """Every class that does not finish school: the name decided before, else the next grade with the same letter."""
    decided = {row.school_class_id for row in preview.rollover.next_classes.all()}
    found = []
    for one in preview.classes:
        if preview.is_last_grade(one):
            continue
        target = preview.going_on[one.pk]
        if target is not None:
            name = short_name(target.grade, target.letter)
        else:
            name = "" if one.pk in decided else short_name(one.grade + 1, one.letter)
        found.append(GoingOn(one, name, target is not None))
    return found


def first_classes(preview: Preview) -> list[str]:
    """New first classes: those of the next year that are there, else the letters of this year's."""
    there = [one for one in preview.next_classes if one.grade == 1]
    return [short_name(1, one.letter) for one in there or preview.classes if one.grade == 1]
