"""Saves drawn orders with their lines, effects and facts: in bulk, as their execution would have written them."""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import (
    Appointment,
    AuditEntry,
    Enrolment,
    MethodGroup,
    Order,
    OrderEffect,
    OrderLine,
    Position,
    SchoolClass,
    User,
)
from accounts.models.facts import DatedFact
from accounts.planning.facts import stored
from accounts.planning.kinds import KINDS
from eios.demo.families import Person
from eios.demo.movement import Place
from eios.demo.papers import CANCELLED, DRAFT, EXECUTED, Line, Paper

BATCH = 1000
Action, Fact, Register = OrderEffect.Action, OrderEffect.Fact, Order.Register
SUFFIX = {Register.PUPILS: "к", Register.PERSONNEL: "л", Register.GENERAL: "о"}
HEAD = (
    "kind",
    "register",
    "number",
    "date",
    "effective_on",
    "title",
    "basis",
    "signatory",
    "signatory_name",
    "changes",
)
LINE = ("person", "school_class", "position", "method_group", "ends", "place")
NOON = datetime.time(12)


class OrderWriter:
    """One writing of all orders of a school whose people and classes are saved."""

    def __init__(self, users: dict[Person, User], classes: dict[tuple[int, int, str], SchoolClass], by: Actor):
        self.users, self.classes, self.by = users, classes, by
        self.staff = {person.login: row for person, row in users.items() if person.login}
        self.positions = {position.code: position for position in Position.objects.all()}
        self.groups = {group.name: group for group in MethodGroup.objects.all()}
        self.numbers: Counter = Counter()
        self.orders: dict[Paper, Order] = {}
        self.facts: dict = {}
        self.entries: list[AuditEntry] = []
        self.effects: list[OrderEffect] = []
        self.known: set[Person] = set()

    def write(self, papers: list[Paper]) -> None:
        """Orders first, then the facts that name them, then what the execution of each has changed."""
        self._write_orders(papers)
        rows = [(paper, line, self._line(paper, number, line)) for paper in papers for number, line in _numbered(paper)]
        OrderLine.objects.bulk_create([row for *_, row in rows], batch_size=BATCH)
        self._write_facts([(paper, line) for paper, line, _ in rows])
        done: dict[Paper, list[tuple[Line, OrderLine]]] = {}
        for paper, line, row in rows:
            done.setdefault(paper, []).append((line, row))
        for paper in papers:
            self._tell(paper, done.get(paper, []))
        OrderEffect.objects.bulk_create(self.effects, batch_size=BATCH)
        audit.record_many(self.entries)

    # Papers

    def _write_orders(self, papers: list[Paper]) -> None:
        """Those that cancel others come last, when the others have their keys."""
        for changing in (False, True):
            chosen = [paper for paper in papers if (paper.changes is not None) == changing]
            self.orders |= {paper: self._order(paper) for paper in chosen}
            Order.objects.bulk_create([self.orders[paper] for paper in chosen], batch_size=BATCH)

    def _order(self, paper: Paper) -> Order:
        rules, changed = KINDS[paper.kind], self.orders.get(paper.changes)
        register = changed.register if changed else rules.register
        order = Order(
            kind=paper.kind, register=register, state=paper.state, date=paper.date, effective_on=paper.effective_on,
            title=paper.title or rules.title, basis=paper.basis, changes=changed, created_by=self.staff["deputy"],
        )  # fmt: skip
        if changed:
            order.title = f"{rules.title}: {changed.reference}"
        if paper.state != DRAFT:
            self._sign(order)
        if paper.state == EXECUTED:
            order.executed_by = self.staff["deputy" if register == Register.PUPILS else "admin"]
            order.executed_at = timezone.make_aware(datetime.datetime.combine(paper.date, NOON))
        order.prepare()
        return order

    def _sign(self, order: Order) -> None:
        book = (order.register, order.date.year)
        self.numbers[book] += 1
        order.number = f"{self.numbers[book]}-{SUFFIX[order.register]}"
        director = self.staff["director"]
        order.signatory, order.signatory_name = director, f"Директор {director.initials}"

    def _line(self, paper: Paper, number: int, line: Line) -> OrderLine:
        row = OrderLine(order=self.orders[paper], number=number, place=line.place)
        if line.person in self.users:
            row.person = self.users[line.person]
        else:
            name = line.person.name
            row.surname, row.name, row.patronymic = name.surname, name.name, name.patronymic
            row.birth_date = line.person.birth_date
        school_class = line.begins.school_class if line.begins else line.school_class
        row.school_class = self.classes[school_class] if school_class else None
        if line.begins and not isinstance(line.begins, Place):
            post = line.begins
            row.position, row.method_group, row.ends = self.positions[post.code], self._group(post), post.ends
        return row

    def _group(self, post) -> MethodGroup | None:
        return self.groups.get(post.method_group)

    # Facts

    def _write_facts(self, lines: list[tuple[Paper, Line]]) -> None:
        for paper, line in lines:
            if line.begins:
                self.facts[line.begins] = self._fact(line.begins, self.orders[paper])
        for paper, line in lines:
            if line.ends:
                self.facts[line.ends].ends, self.facts[line.ends].ended_by = line.ends.ends, self.orders[paper]
        for model in (Enrolment, Appointment):
            model.objects.bulk_create([row for row in self.facts.values() if isinstance(row, model)], batch_size=BATCH)

    def _fact(self, drawn, order: Order) -> DatedFact:
        """As the order began it: an enrolment goes on until another order ends it."""
        grounds = {"starts": drawn.starts, "basis": order.reference, "order": order}
        school_class = self.classes[drawn.school_class] if drawn.school_class else None
        if isinstance(drawn, Place):
            return Enrolment(pupil=self.users[drawn.pupil], school_class=school_class, **grounds)
        return Appointment(
            person=self.users[drawn.person], position=self.positions[drawn.code], school_class=school_class,
            method_group=self._group(drawn), is_acting=drawn.is_acting, ends=drawn.ends, **grounds,
        )  # fmt: skip

    # What was done, for the trail and for whoever would undo it

    def _tell(self, paper: Paper, lines: list[tuple[Line, OrderLine]]) -> None:
        order = self.orders[paper]
        self._record("order.drafted", order, _filled(order, HEAD))
        for _, row in lines:
            self._record("order_line.added", row, _filled(row, LINE))
        if paper.state != DRAFT:
            self._record("order.signed", order, {"state": ["draft", "signed"]})
        if paper.state == EXECUTED:
            self._record("order.executed", order, {"state": ["signed", "executed"]})
            self._tell_effects(order, lines)
        if paper.changes:
            self._record("order.cancelled", self.orders[paper.changes], {"state": ["signed", CANCELLED]}, order)

    def _tell_effects(self, order: Order, lines: list[tuple[Line, OrderLine]]) -> None:
        """In the order in which an execution writes: accounts, ends, beginnings."""
        for line, row in lines:
            if line.person not in self.known:
                self.known.add(line.person)
                self._effect(row, Action.ADDED, row.person, after={"username": row.person.username})
        for line, row in lines:
            if line.ends:
                self._tell_end(order, row, self.facts[line.ends])
        for line, row in lines:
            if line.begins:
                fact = self.facts[line.begins]
                after = _as_begun(fact)
                self._effect(row, Action.ADDED, fact, after=after)
                values = {name: [None, value] for name, value in after.items() if value not in (None, "")}
                self._record(f"{_noun(fact)}.added", fact, values, order)

    def _tell_end(self, order: Order, row: OrderLine, fact: DatedFact) -> None:
        before, after = _as_begun(fact), stored(fact)
        self._effect(row, Action.CHANGED, fact, before, after)
        self._record(f"{_noun(fact)}.ended", fact, audit.difference(before, after), order)

    def _effect(self, row: OrderLine, action: str, fact, before: dict | None = None, after: dict | None = None) -> None:
        self.effects.append(
            OrderEffect(
                order=row.order, line=row, person=row.person, action=action, fact=Fact(fact._meta.label_lower),
                fact_id=fact.pk, before=before or {}, after=after or {},
            )
        )  # fmt: skip

    def _record(self, action: str, obj, changes: dict, order: Order | None = None) -> None:
        self.entries.append(audit.entry(self.by, action, obj, changes, order.reference if order else ""))


def _numbered(paper: Paper) -> Iterable[tuple[int, Line]]:
    return enumerate(paper.lines, 1)


def _as_begun(fact: DatedFact) -> dict:
    """What is kept of a fact before another order ended it."""
    values = stored(fact)
    return {**values, "ends": None, "ended_by": None} if fact.ended_by_id else values


def _noun(fact: DatedFact) -> str:
    return fact._meta.model_name


def _filled(row, fields: Iterable[str]) -> dict:
    return {name: [None, value] for name, value in audit.snapshot(row, fields).items() if value not in (None, "")}
