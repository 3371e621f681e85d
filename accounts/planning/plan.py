"""The plan of an order: for each line what would change, in words and rows, and what stands against it.

The same plan is shown before the execution and carried out by it.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.fact_rules import DAY, SYSTEM_ADMINISTRATOR
from accounts.models import (
    Appointment,
    Block,
    Order,
    OrderEffect,
    OrderKind,
    OrderLine,
    Position,
    Relation,
    SchoolCard,
    User,
)
from accounts.models.facts import DatedFact
from accounts.planning.facts import Facts, owner, stored
from accounts.planning.kinds import line_kind
from eios.lib import russian
from eios.lib.dates import today

Action = OrderEffect.Action


class LineProblem(Exception):
    """Why a line can't be carried out: a Russian sentence."""


@dataclass(eq=False)
class Change:
    """One fact that the execution adds, changes or removes; `before` as `stored` gives it, empty for an added one."""

    action: str
    fact: DatedFact
    before: dict = field(default_factory=dict)
    undoes: OrderEffect | None = None


@dataclass(eq=False)
class PlannedLine:
    """A line with its consequences. `problems` forbid the execution, `warnings` do not."""

    line: OrderLine
    person: User | None = None
    words: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    is_new_person: bool = False


@dataclass(eq=False)
class Plan:
    """What the order does. `date`: the day from which it works; `facts`: everything as it would stand."""

    order: Order
    date: datetime.date
    facts: Facts
    lines: list[PlannedLine] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    relations: list[tuple[PlannedLine, dict]] = field(default_factory=list)
    undone: list[OrderEffect] = field(default_factory=list)
    redone: list[OrderEffect] = field(default_factory=list)
    current: PlannedLine | None = None

    @property
    def kind(self) -> OrderKind:
        """What its lines do; of an amendment, what the lines of the amended order did."""
        return OrderKind(line_kind(self.order))

    # What the effects of lines say

    def say(self, words: str) -> None:
        self.current.words.append(words)

    def warn(self, words: str) -> None:
        self.current.warnings.append(words)

    def add(self, fact: DatedFact, undoes: OrderEffect | None = None) -> None:
        self.facts.add(fact)
        self.current.changes.append(Change(Action.ADDED, fact, undoes=undoes))

    def end(self, fact: DatedFact, last_day: datetime.date) -> None:
        """The fact's last day becomes this one. Raises LineProblem where it would end before it begins."""
        if last_day < fact.starts:
            began = russian.short_date(fact.starts)
            ground = f" ({fact.order.reference})" if fact.order_id else ""
            raise LineProblem(f"Это начинается {began}{ground}, то есть не раньше: сначала отмените тот приказ.")
        before = stored(fact)
        fact.ends, fact.ended_by = last_day, self.order
        self.current.changes.append(Change(Action.CHANGED, fact, before))

    def remove(self, fact: DatedFact, undoes: OrderEffect | None = None) -> None:
        self.facts.remove(fact)
        # What an earlier line of the plan brings back and this one takes away again is not written in between.
        for row in self.lines:
            row.changes = [one for one in row.changes if not (one.fact is fact and one.action == Action.ADDED)]
        self.current.changes.append(Change(Action.REMOVED, fact, stored(fact), undoes))

    # What the page and the execution ask

    @property
    def can_be_executed(self) -> bool:
        return not self.problems and not any(row.problems for row in self.lines)

    @property
    def changes(self) -> list[tuple[PlannedLine, Change]]:
        return [(row, change) for row in self.lines for change in row.changes]

    @property
    def all_problems(self) -> list[str]:
        """Every problem with its line: «Пункт 3, Петров Иван: …»."""
        of_lines = [
            f"Пункт {row.line.number}, {row.line.full_name}: {problem}"
            for row in self.lines
            for problem in row.problems
        ]
        return self.problems + of_lines

    @property
    def touched(self) -> list[User]:
        """Known people whose facts change."""
        found = {owner(change.fact).pk: owner(change.fact) for _, change in self.changes if owner(change.fact).pk}
        return list(found.values())

    @property
    def closing(self) -> list[User]:
        """Known people who are left without a status once the order works; one query more."""
        morrow = max(self.date, today()) + DAY
        people = [
            person
            for person in self.touched
            if not person.is_superuser and not self.facts.has_status(person, morrow) and self._loses_something(person)
        ]
        parents = _living_parents([person.pk for person in people], morrow)
        return [person for person in people if person.pk not in parents]

    def _loses_something(self, person: User) -> bool:
        return any(owner(change.fact).pk == person.pk and change.action != Action.ADDED for _, change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """For the head of the preview: new accounts, people who go on with other facts, accounts that close."""
        new, closing = len(self.facts.new_people), len(self.closing)
        parents = len(self.relations)
        return {"new": new, "parents": parents, "going_on": len(self.touched) - closing, "closing": closing}


def _living_parents(keys: list[int], date: datetime.date) -> set[int]:
    """Who of these keeps a cabinet as a parent."""
    if not keys or not SchoolCard.current().parents_have_cabinets:
        return set()
    return set(Relation.objects.living(date).filter(parent__in=keys).values_list("parent", flat=True))


def parents_closing(plan: Plan) -> int:
    """How many parents lose their cabinet, since no child of theirs stays."""
    leaving = {person.pk for person in plan.closing}
    if not leaving or not SchoolCard.current().parents_have_cabinets:
        return 0
    parents = Relation.objects.on(plan.date).filter(pupil__in=leaving).values("parent")
    staying = Relation.objects.living(plan.date).filter(parent__in=parents).exclude(pupil__in=leaving)
    return User.objects.filter(pk__in=parents).exclude(pk__in=staying.values("parent")).count()


def check_administrators(plan: Plan) -> None:
    """Somebody living must administer the portal from the first day on which one of them does no more (6.6)."""
    ended = [
        change.fact
        for _, change in plan.changes
        if isinstance(change.fact, Appointment)
        and change.action != Action.ADDED
        and change.fact.position.code == SYSTEM_ADMINISTRATOR
    ]
    if not ended:
        return
    date = max(today(), *(min(fact.ends or plan.date, plan.date) + DAY for fact in ended))
    if not _administrators_left(plan, date, [fact.pk for fact in ended]):
        plan.problems.append("Это последний системный администратор: сначала назначьте другого.")


def _administrators_left(plan: Plan, date: datetime.date, ended: list[int]) -> bool:
    """Those loaded as they would stand, and others as they stand; the blocked administer nothing."""
    holders = [row.person_id for row in plan.facts.holders(SYSTEM_ADMINISTRATOR, date) if row.person_id]
    if User.objects.filter(pk__in=holders).exclude(blocks__in=Block.objects.standing()).exists():
        return True
    others = Appointment.objects.on(date).filter(position__code=SYSTEM_ADMINISTRATOR).exclude(pk__in=ended)
    return User.objects.alive(date).filter(Q(is_superuser=True) | Q(appointments__in=others)).exists()
