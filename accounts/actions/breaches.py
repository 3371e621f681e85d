"""The verbs of the register of breaches (1.5, 12.3): open → decided → closed. Every one is audited."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import AuditEntry, Breach, BreachEvidence, Order

FIELDS = ("kind", "title", "description", "happened_on", "found_on", "found_by", "person")
State = Breach.State


@transaction.atomic
def add_breach(*, by: Actor, **fields) -> Breach:
    """Enters a breach; the fields are FIELDS. Raises ValidationError."""
    row = Breach(added_by=by.person, **fields)
    row.full_clean(exclude=["added_by"])
    row.save()
    audit.record(by, "breach.added", row, audit.difference({}, audit.snapshot(row, FIELDS)))
    return row


@transaction.atomic
def change_breach(breach: Breach, *, by: Actor, **fields) -> Breach:
    """Corrects the record while it is not closed. Raises ValidationError."""
    row = _locked(breach)
    _refuse_closed(row)
    before = audit.snapshot(row, fields)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(exclude=["added_by"])
    if changes := audit.difference(before, audit.snapshot(row, fields)):
        row.save()
        audit.record(by, "breach.changed", row, changes)
    return row


@transaction.atomic
def decide_breach(
    breach: Breach, *, decision: str, decided_on: datetime.date, order: Order | None, by: Actor
) -> Breach:
    """Writes the decision, or another one while the breach is not closed. Raises ValidationError."""
    row = _locked(breach)
    _refuse_closed(row)
    names = ("state", "decision", "decided_on", "order")
    before = audit.snapshot(row, names)
    row.state, row.decision, row.decided_on, row.order = State.DECIDED, decision.strip(), decided_on, order
    row.full_clean(exclude=["added_by"])
    row.save()
    basis = order.reference if order else ""
    audit.record(by, "breach.decided", row, audit.difference(before, audit.snapshot(row, names)), basis)
    return row


@transaction.atomic
def close_breach(breach: Breach, *, by: Actor) -> Breach:
    """The decision is carried out; the record can't be changed any more. Raises ValidationError: not decided."""
    return _move(breach, State.DECIDED, State.CLOSED, "Закрыть можно нарушение, по которому принято решение.", by)


@transaction.atomic
def reopen_breach(breach: Breach, reason: str, *, by: Actor) -> Breach:
    """Something new came to light: the record can be changed again. Raises ValidationError: no reason, not closed."""
    if not reason.strip():
        raise ValidationError("Укажите, почему нарушение открывается заново.")
    return _move(breach, State.CLOSED, State.DECIDED, "Нарушение не закрыто.", by, reason.strip())


@transaction.atomic
def attach_evidence(breach: Breach, entries: Iterable[AuditEntry], *, by: Actor) -> int:
    """Chooses entries of the trail as evidence; how many were new. Raises ValidationError: the breach is closed."""
    row = _locked(breach)
    _refuse_closed(row)
    chosen = set(row.evidence_rows.values_list("entry", flat=True))
    new = [entry for entry in entries if entry.pk not in chosen]
    BreachEvidence.objects.bulk_create([BreachEvidence(breach=row, entry=entry, added_by=by.person) for entry in new])
    if new:
        keys = sorted(entry.pk for entry in new)
        audit.record(by, "breach.evidence_added", row, {"entries": [[], keys]})
    return len(new)


@transaction.atomic
def detach_evidence(evidence: BreachEvidence, *, by: Actor) -> Breach:
    """An entry chosen by mistake; the trail remembers both. Raises ValidationError: the breach is closed."""
    row = _locked(evidence.breach)
    _refuse_closed(row)
    audit.record(by, "breach.evidence_removed", row, {"entries": [[evidence.entry_id], []]})
    evidence.delete()
    return row


def _locked(breach: Breach) -> Breach:
    return Breach.objects.select_for_update().get(pk=breach.pk)


def _refuse_closed(row: Breach) -> None:
    if row.is_closed:
        raise ValidationError("Нарушение закрыто: сначала откройте его заново.")


def _move(breach: Breach, source: str, target: str, refusal: str, by: Actor, basis: str = "") -> Breach:
    row = _locked(breach)
    if row.state != source:
        raise ValidationError(refusal)
    row.state = target
    row.save(update_fields=["state"])
    action = "breach.closed" if target == State.CLOSED else "breach.reopened"
    audit.record(by, action, row, {"state": [source, target]}, basis)
    return row
