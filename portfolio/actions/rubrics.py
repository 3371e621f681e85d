"""The verbs of rubrics, and of the portfolio's rules (1.3 d). A rubric that was used stays as it is."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import SchoolCard
from portfolio import reviews
from portfolio.models import Criterion, PortfolioRules, Rubric

NO_CRITERIA = "Добавьте хотя бы один критерий."
NOT_YOURS = "Эту рубрику меняет тот, кто её составил, или руководство."
FIELDS = ("title", "subject", "kind")


@transaction.atomic
def save_rubric(rubric: Rubric, lines: Sequence[Criterion], *, seen: Seen | None = None, by: Actor) -> Rubric:
    """Adds a rubric, or changes it; of a used one a copy with the changes is made and the former is retired.

    `lines` are unsaved criteria in their order. Audited. Raises ValidationError: no criteria, another's; Stale.
    """
    if not lines:
        raise ValidationError(NO_CRITERIA)
    if rubric._state.adding:
        rubric.created_by = by.person
        return _with_criteria(save_row(rubric, by=by), lines)
    stored = _locked(rubric, by)
    refuse_stale(rubric, seen)
    if not stored.reviews.exists():
        stored.criteria.all().delete()
        # Its title may stand while the criteria change: the trail tells of that too.
        made = _with_criteria(save_row(rubric, by=by), lines)
        audit.record(by, "rubric.criteria_changed", made, {"criteria": [None, [one.title for one in lines]]})
        return made
    _retire(stored, by)
    fresh = Rubric(created_by=by.person, **{name: getattr(rubric, name) for name in FIELDS})
    return _with_criteria(save_row(fresh, by=by), lines)


@transaction.atomic
def retire(rubric: Rubric, *, by: Actor) -> Rubric:
    """It is offered no more; reviews written by it keep it. Raises ValidationError: another's, retired already."""
    stored = _locked(rubric, by)
    if not stored.is_active:
        raise ValidationError("Эту рубрику уже не предлагают.")
    return _retire(stored, by)


def _retire(stored: Rubric, by: Actor) -> Rubric:
    if stored.is_active:
        stored.is_active = False
        stored.save(update_fields=["is_active"])
        audit.record(by, "rubric.retired", stored, {"is_active": [True, False]})
    return stored


def _locked(rubric: Rubric, by: Actor) -> Rubric:
    stored = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if not reviews.may_change(by.person, stored):
        raise ValidationError(NOT_YOURS)
    return stored


def _with_criteria(rubric: Rubric, lines: Sequence[Criterion]) -> Rubric:
    for order, line in enumerate(lines, start=1):
        line.rubric, line.order = rubric, order
        line.full_clean()
    Criterion.objects.bulk_create(lines)
    return rubric


@transaction.atomic
def save_rules(rules: PortfolioRules, *, seen: Seen | None = None, by: Actor) -> PortfolioRules:
    """What the school switches on; works from the next request on. Audited. Raises ValidationError, Stale."""
    # Two who write the first row at once wait for each other here.
    SchoolCard.objects.select_for_update().filter(pk=1).first()
    if rules._state.adding and PortfolioRules.objects.exists():
        raise ValidationError("Правила тем временем сохранил кто-то ещё: откройте страницу заново.")
    refuse_stale(rules, seen)
    return save_row(rules, by=by)
