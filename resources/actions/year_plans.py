"""What curricula and calendars have in common: drafts, approval by order, the next year (6.2)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import delete_row, noun_of
from accounts.actor import Actor
from accounts.models import AcademicYear, Order, SchoolCard
from resources.models import YearPlan


class StalePlan(ValidationError):
    """Somebody else has saved the plan since the page was opened."""

    def __init__(self):
        super().__init__(
            "Пока страница была открыта, сохранили другие правки. Ничего не записано: откройте заново и внесите свои."
        )


def draft_of(plan: YearPlan, version: int | None = None) -> YearPlan:
    """The draft, locked until the transaction ends. Raises ValidationError: deleted or approved already, StalePlan."""
    row = type(plan).objects.select_for_update().filter(pk=plan.pk).first()
    if row is None:
        raise ValidationError("Этот проект уже удалили.")
    if not row.is_draft:
        raise ValidationError("Утверждённое не меняется: составьте новую редакцию и утвердите её приказом.")
    if version is not None and row.version != version:
        raise StalePlan
    return row


@transaction.atomic
def approve(plan: YearPlan, lacks: list[str], *, order: Order, by: Actor) -> YearPlan:
    """Approves a locked draft by an executed order on the main activity; call it with what the draft lacks.

    Effects: the approved one of the same year and level is replaced; guests see the new one; audit.
    Raises ValidationError: it lacks something, no such order.
    """
    if lacks:
        raise ValidationError(lacks)
    # A cancellation of the order comes before or after.
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not order.can_approve:
        raise ValidationError("Утверждает исполненный приказ по основной деятельности.")
    # Two drafts of one year that are approved at once wait here for each other.
    AcademicYear.objects.select_for_update().get(pk=plan.year_id)
    for former in type(plan).objects.select_for_update().approved().filter(year=plan.year, level=plan.level):
        former.state = YearPlan.State.REPLACED
        former.save(update_fields=["state"])
        audit.record(by, f"{noun_of(former)}.replaced", former, basis=order.reference)
    plan.state, plan.order = YearPlan.State.APPROVED, order
    plan.save(update_fields=["state", "order"])
    audit.record(by, f"{noun_of(plan)}.approved", plan, basis=order.reference)
    SchoolCard.touch_public()
    return plan


@transaction.atomic
def delete_draft(plan: YearPlan, *, by: Actor) -> None:
    """Throws a draft away with its rows. Audited. Raises ValidationError where it is approved."""
    delete_row(draft_of(plan), by=by)
