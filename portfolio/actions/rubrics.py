"""Keeping rubrics: one that a review was written by stays as it was, and a change makes the next one (1.3 d)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from portfolio.models import Criterion, Rubric
from portfolio.reviews import rubrics_kept

MOST_CRITERIA = 20


@dataclass(frozen=True)
class Line:
    """A criterion as it is wanted."""

    title: str
    about: str
    most: int


@transaction.atomic
def save_rubric(rubric: Rubric, lines: Sequence[Line], *, by: Actor) -> Rubric:
    """A new rubric, or a changed one: one that reviews were written by is retired and its changed copy returned.

    Audited. Raises ValidationError: no criterion, too many, another's rubric.
    """
    if not 1 <= len(lines) <= MOST_CRITERIA:
        raise ValidationError(f"Критериев — от одного до {MOST_CRITERIA}.")
    if rubric.pk:
        stored = _kept(rubric, by)
        if stored.reviews.exists():
            _retire(stored, by)
            rubric.pk, rubric._state.adding = None, True
    if rubric.pk is None:
        rubric.created_by = by.person
    save_row(rubric, by=by)
    rubric.criteria.all().delete()
    for order, line in enumerate(lines):
        row = Criterion(rubric=rubric, order=order, title=line.title, about=line.about, most=line.most)
        row.full_clean()
        row.save()
    audit.record(by, "rubric.filled", rubric, {"criteria": [None, len(lines)]})
    return rubric


@transaction.atomic
def retire(rubric: Rubric, *, by: Actor) -> Rubric:
    """Offered no more; reviews by it stay. Raises ValidationError."""
    return _retire(_kept(rubric, by), by)


def _retire(rubric: Rubric, by: Actor) -> Rubric:
    rubric.is_active = False
    return save_row(rubric, by=by)


def _kept(rubric: Rubric, by: Actor) -> Rubric:
    found = rubrics_kept(by.person).select_for_update().filter(pk=rubric.pk).first()
    if found is None:
        raise ValidationError("Эту рубрику составил другой: изменить её может он или администрация.")
    return found
