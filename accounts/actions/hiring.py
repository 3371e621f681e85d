"""Hiring somebody new in one step: the order goes on record and is carried out together with the account (6.6)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions import execution, orders
from accounts.actor import Actor
from accounts.models import MethodGroup, OrderKind, OrderLine, Position, User
from accounts.signing import director_on, signature_of


@transaction.atomic
def hire_by_order(
    *,
    person: dict,
    position: Position,
    starts: datetime.date,
    ends: datetime.date | None = None,
    method_group: MethodGroup | None = None,
    number: str,
    date: datetime.date,
    signature: str = "",
    by: Actor,
) -> User:
    """Registers a new employee: a hire order with this number and date is drafted, signed and executed.

    `person`: names, birth date and contacts. Without `signature` the director of the order's date has signed. Effects:
    the order, the account with a login and without a password, the appointment, audit. Raises ValidationError, and
    nothing half-done stays.
    """
    director = director_on(date)
    if director is None and not signature:
        raise ValidationError({"signature": "На дату приказа директор не назначен: впишите, кто подписал."})
    signed = {"signatory_name": signature} if signature else _signature(director)
    order = orders.create_order(
        kind=OrderKind.HIRE, number=number, date=date, effective_on=starts, by=by, **signed
    )  # fmt: skip
    line = OrderLine(**person, position=position, method_group=method_group, ends=ends)
    orders.add_lines(order, [line], by=by)
    execution.execute(orders.sign(order, by=by), by=by)
    return order.lines.get().person


def _signature(director) -> dict:
    return {"signatory": director.person, "signatory_name": signature_of(director)}
