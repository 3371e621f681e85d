"""Carrying an order out: one transaction, exactly once, in bulk; everything it writes can be put back (6.5-6.7)."""

import datetime
from collections import defaultdict

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actions.administrators import SYSTEM_ADMINISTRATOR, lock_administrators, refuse_no_administrator
from accounts.actions.orders import move_state
from accounts.actions.people import PERSONAL_FIELDS, new_logins
from accounts.actor import Actor
from accounts.fact_rules import DAY
from accounts.models import (
    Appointment,
    AuditEntry,
    Enrolment,
    Order,
    OrderEffect,
    OrderKind,
    OrderLine,
    Relation,
    SchoolCard,
    User,
)
from accounts.order_rights import may_execute
from accounts.planning import Plan, plan_of
from accounts.planning.facts import everybody, identity, owner, stored
from accounts.planning.plan import Action, Change, PlannedLine
from eios.lib.dates import today

BATCH = 500
Fact = OrderEffect.Fact
FACT_OF = {Enrolment: Fact.ENROLMENT, Appointment: Fact.APPOINTMENT, Relation: Fact.RELATION}
NOUN = {Enrolment: "enrolment", Appointment: "appointment", Relation: "relation"}
VERB = {Action.ADDED: "added", Action.CHANGED: "ended", Action.REMOVED: "removed"}
ENDS = {Enrolment: ["ends", "ended_by_id"], Appointment: ["ends", "ended_by_id"], Relation: ["ends"]}
RELATION_KINDS = dict(Relation.Kind.choices)


class OrderRefused(ValidationError):
    """The order can't be carried out: messages name the lines. Nothing was changed."""


@transaction.atomic
def execute(order: Order, *, by: Actor) -> Plan:
    """Carries a signed order out and returns what was done.

    Effects: accounts, enrolments, appointments and relations; what was done, for a cancellation; the order's state;
    sessions of those who come or go end; audit. Raises OrderRefused with every line that can't be carried out, and
    ValidationError where the order was executed already, however many press the button at once.
    """
    if not may_execute(by.person, order):
        raise ValidationError("Приказы по личному составу исполняет системный администратор.")
    # Executions stand in a queue: the plan of one must not be overtaken by another.
    list(SchoolCard.objects.select_for_update().values_list("pk"))
    lock_administrators()
    stamp = {"executed_at": timezone.now(), "executed_by": by.person}
    order = move_state(order, Order.State.SIGNED, Order.State.EXECUTED, "order.executed", by, **stamp)
    plan = plan_of(order)
    if not plan.can_be_executed:
        raise OrderRefused(plan.all_problems)
    return _Execution(plan, by).carry_out()


class _Execution:
    """One carrying out of a plan, inside the transaction of `execute`."""

    def __init__(self, plan: Plan, by: Actor):
        self.plan, self.by, self.order = plan, by, plan.order
        self.entries: list[AuditEntry] = []
        self.effects: list[OrderEffect] = []

    def carry_out(self) -> Plan:
        concerned = self._concerned()
        closed_before = self._without_status(concerned)
        self._register()
        self._write_facts()
        self._confirm_parents()
        OrderEffect.objects.bulk_create(self.effects, batch_size=BATCH)
        self._undo()
        audit.record_many(self.entries)
        self._end_sessions(closed_before | self._without_status(concerned))
        self._settle_appointments()
        return self.plan

    def _settle_appointments(self) -> None:
        """Public pages name the responsible; and somebody still administers the portal, blocks of now counted."""
        facts = [change.fact for _, change in self.plan.changes if isinstance(change.fact, Appointment)]
        if facts:
            SchoolCard.touch_public()
        if any(fact.position.code == SYSTEM_ADMINISTRATOR for fact in facts):
            refuse_no_administrator(self.plan.date + DAY)

    # Accounts

    def _register(self) -> None:
        """Accounts of new people, with logins and without passwords: those are issued on paper."""
        lines = [row for row in self.plan.lines if row.line.pk and row.line.is_new_person]
        first = {id(self.plan.facts.person(row.line)): row for row in reversed(lines)}
        self._create(self.plan.facts.new_people, first)
        for row in lines:
            row.line.person = row.person = self.plan.facts.person(row.line)
        OrderLine.objects.bulk_update([row.line for row in lines], ["person"], batch_size=BATCH)

    def _create(self, people: list[User], lines: dict[int, PlannedLine]) -> None:
        for person, login in zip(people, new_logins(people), strict=True):
            person.username, person.password = login, make_password(None)
            person.prepare_search()
        User.objects.bulk_create(people, batch_size=BATCH)
        for person in people:
            values = audit.snapshot(person, ("username", *PERSONAL_FIELDS))
            self.entries.append(self._entry("person.added", person, audit.difference({}, values)))
            self._note(
                lines[id(person)], person, Action.ADDED, Fact.PERSON, person.pk, {}, {"username": person.username}
            )

    # Facts

    def _write_facts(self) -> None:
        """Ends before beginnings, so that no two facts meet on a day even for a moment (PostgreSQL refuses that)."""
        by_action = defaultdict(list)
        for row, change in self.plan.changes:
            by_action[change.action].append((row, change))
        for action in (Action.REMOVED, Action.CHANGED, Action.ADDED):
            for model in (Enrolment, Appointment, Relation):
                self._write(model, action, [pair for pair in by_action[action] if isinstance(pair[1].fact, model)])

    def _write(self, model, action: str, pairs: list[tuple[PlannedLine, Change]]) -> None:
        if not pairs:
            return
        facts = [change.fact for _, change in pairs]
        keys = [fact.pk for fact in facts]
        if action == Action.REMOVED:
            model.objects.filter(pk__in=keys).delete()
        elif action == Action.CHANGED:
            _save_ends(model, facts)
        else:
            model.objects.bulk_create(facts, batch_size=BATCH)
        for (row, change), key in zip(pairs, keys, strict=True):
            self._record(row, change, key or change.fact.pk)

    def _record(self, row: PlannedLine, change: Change, key: int) -> None:
        fact = change.fact
        after = {} if change.action == Action.REMOVED else stored(fact)
        if change.undoes is None:
            self._note(row, owner(fact), change.action, FACT_OF[type(fact)], key, change.before, after)
        fact.pk = key
        values = audit.difference(change.before, after or dict.fromkeys(change.before))
        self.entries.append(self._entry(f"{NOUN[type(fact)]}.{VERB[change.action]}", fact, values))

    def _confirm_parents(self) -> None:
        """Representatives named in the lines: known ones are found by name and birth date or contact, others made."""
        wanted = [(row, data) for row, data in self.plan.relations if data.get("surname")]
        if not wanted:
            return
        known = _Parents([data for _, data in wanted], self.plan.date)
        new = {id(person): row for row, data in wanted if (person := known.person(data, row.person)).pk is None}
        self._create(known.new, new)
        rows = []
        for row, data in wanted:
            relation = _relation(known.person(data, row.person), row.person, data, self.plan, self.by)
            if known.is_news(relation):
                rows.append((row, Change(Action.ADDED, relation)))
        self._write(Relation, Action.ADDED, rows)

    # What it changes in other orders

    def _undo(self) -> None:
        keys = [effect.pk for effect in self.plan.undone]
        for start in range(0, len(keys), BATCH):
            OrderEffect.objects.filter(pk__in=keys[start : start + BATCH]).update(undone_by=self.order)
        OrderEffect.objects.filter(pk__in=[effect.pk for effect in self.plan.redone]).update(undone_by=None)
        if self.order.kind == OrderKind.CANCELLATION:
            target, after = self.order.changes, Order.State.CANCELLED
            move_state(target, target.state, after, "order.cancelled", self.by, self.order.reference)

    # Sessions

    def _concerned(self) -> set[int]:
        """Known people whose accounts may open or close: those of the lines, and parents of the pupils among them."""
        keys = {person.pk for person in self.plan.touched}
        return keys | set(Relation.objects.filter(pupil__in=keys).values_list("parent", flat=True))

    @staticmethod
    def _without_status(keys: set[int]) -> set[int]:
        return keys - set(User.objects.alive(today()).filter(pk__in=keys).values_list("pk", flat=True))

    @staticmethod
    def _end_sessions(keys: set[int]) -> None:
        """Whoever was without a status, or is now, has no session that could live on or come back to life."""
        User.objects.filter(pk__in=keys).update(session_epoch=F("session_epoch") + 1)
        devices = UserSession.objects.filter(user__in=keys)
        Session.objects.filter(session_key__in=devices.values("session_key")).delete()
        devices.delete()

    # The trail

    def _entry(self, action: str, obj, changes: dict) -> AuditEntry:
        return audit.entry(self.by, action, obj, changes, self.order.reference)

    def _note(
        self, row: PlannedLine, person: User, action: str, fact: str, key: int, before: dict, after: dict
    ) -> None:
        line = row.line if row.line.pk else None
        self.effects.append(
            OrderEffect(
                order=self.order,
                line=line,
                person=person,
                action=action,
                fact=fact,
                fact_id=key,
                before=before,
                after=after,
            )  # fmt: skip
        )


def _save_ends(model, facts: list) -> None:
    """Facts of one order end on few different days: one statement for each of them."""
    groups = defaultdict(list)
    for fact in facts:
        groups[tuple((name, getattr(fact, name)) for name in ENDS[model])].append(fact.pk)
    for values, keys in groups.items():
        model.objects.filter(pk__in=keys).update(**dict(values))


class _Parents:
    """Representatives of the lines: one account for several children, found or made."""

    def __init__(self, wanted: list[dict], date: datetime.date):
        names = {self._name(data) for data in wanted}
        self._known = defaultdict(list)
        for person in everybody():
            name = identity(person.surname, person.name, person.patronymic, None)
            if name in names:
                self._known[name].append(person)
        self._made: dict[tuple, User] = {}
        keys = [person.pk for people in self._known.values() for person in people]
        rows = Relation.objects.overlapping(date, None).filter(parent__in=keys)
        self._relations = set(rows.values_list("parent_id", "pupil_id"))

    @staticmethod
    def _name(data: dict) -> tuple:
        return identity(data.get("surname", ""), data.get("name", ""), data.get("patronymic", ""), None)

    def person(self, data: dict, pupil: User) -> User:
        """Somebody of that name with the same telephone or address is the same parent; otherwise a new one.

        Without either, nobody can be told from a namesake: each pupil's parent is somebody else then.
        """
        contacts = {contact for contact in (_digits(data.get("phone", "")), data.get("email", "").lower()) if contact}
        for person in self._known[self._name(data)]:
            if person.pk != pupil.pk and contacts & {_digits(person.phone), person.email.lower()}:
                return person
        key = (*self._name(data), *(sorted(contacts) or [pupil.pk]))
        if key not in self._made:
            fields = {part: data.get(part, "") for part in ("surname", "name", "patronymic", "phone", "email")}
            self._made[key] = User(**fields)
        return self._made[key]

    @property
    def new(self) -> list[User]:
        return list(self._made.values())

    def is_news(self, relation: Relation) -> bool:
        """Not confirmed before, nor by another line of this order."""
        pair = (relation.parent_id, relation.pupil_id)
        is_new = pair not in self._relations
        self._relations.add(pair)
        return is_new


def _digits(phone: str) -> str:
    """The last ten digits: +7 and 8 before them are one number."""
    return "".join(letter for letter in phone if letter.isdigit())[-10:]


def _relation(parent: User, pupil: User, data: dict, plan: Plan, by: Actor) -> Relation:
    kind = data.get("kind", "")
    return Relation(
        parent=parent, pupil=pupil, kind=kind if kind in RELATION_KINDS else Relation.Kind.OTHER, starts=plan.date,
        basis=data.get("document") or plan.order.reference, confirmed_by=by.person,
    )  # fmt: skip
