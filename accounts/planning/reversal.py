"""Putting back what another order has changed: the whole of it for a cancellation, single lines for an amendment."""

from accounts import fact_rules
from accounts.models import Appointment, Enrolment, Order, OrderEffect, OrderLine, Relation
from accounts.models.facts import DatedFact
from accounts.planning.facts import owner, restored, stored
from accounts.planning.plan import Change, LineProblem, Plan, PlannedLine

Fact, Action = OrderEffect.Fact, OrderEffect.Action
MODELS = {Fact.ENROLMENT: Enrolment, Fact.APPOINTMENT: Appointment, Fact.RELATION: Relation}
STAYS = "Учётная запись останется: сведения и история не удаляются, но без статуса вход закрыт."


def effects_of(order: Order) -> list[OrderEffect]:
    """What stands of an order, the latest first: it is undone in that order."""
    rows = order.effects.standing().select_related("person", "line__person")
    return list(rows.order_by("-pk"))


def undone_by(order: Order) -> list[OrderEffect]:
    """What an amendment has undone of the order that it changes, in the order of time: its cancellation redoes it."""
    return list(order.undone_effects.select_related("person", "line__person").order_by("pk"))


class Reversal:
    """Undoes effects within a plan. Facts are loaded once for all of them."""

    def __init__(self, plan: Plan, effects: list[OrderEffect]):
        self.plan = plan
        self._found: dict[tuple[str, int], DatedFact] = {}
        for kind, model in MODELS.items():
            keys = [row.fact_id for row in effects if row.fact == kind]
            for fact in self._known(model) if model is not Relation else _relations(keys):
                self._found[kind, fact.pk] = fact

    def _known(self, model) -> list[DatedFact]:
        """The plan's own rows, so that what is undone is seen by the checks that follow."""
        if model is Appointment:
            return [row for row in self.plan.facts.appointments if row.pk]
        return [row for row in self.plan.facts.all_enrolments if row.pk]

    def undo(self, effect: OrderEffect) -> None:
        """Puts one thing back. Raises LineProblem where a later order has changed it since."""
        if effect.fact == Fact.PERSON:
            self.plan.say(STAYS)
        elif effect.action == Action.REMOVED:
            self._bring_back(effect)
        else:
            self._put_back(effect)
        self.plan.undone.append(effect)

    def redo(self, effect: OrderEffect) -> None:
        """Does once more what an amendment has undone, when the amendment itself is cancelled. Raises LineProblem."""
        if effect.fact != Fact.PERSON:
            self._redo(effect)
        self.plan.redone.append(effect)

    def _redo(self, effect: OrderEffect) -> None:
        if effect.action == Action.ADDED:
            fact = restored(MODELS[effect.fact], effect.fact_id, effect.after)
            self._add(fact, effect)
            self.plan.say(f"снова: {_words(fact)}")
            return
        fact = self._found.get((effect.fact, effect.fact_id))
        if fact is None or stored(fact) != effect.before:
            raise LineProblem(_changed_since(fact))
        if effect.action == Action.REMOVED:
            self.plan.say(f"снова убирается: {_words(fact)}")
            self._take_away(fact, effect)
        else:
            self._change(fact, effect.after, effect)
            self.plan.say(f"снова: {_words(fact)}")

    def _add(self, fact: DatedFact, effect: OrderEffect) -> None:
        if isinstance(fact, Relation):
            self.plan.current.changes.append(Change(Action.ADDED, fact, undoes=effect))
        else:
            self.plan.add(fact, undoes=effect)
        self._found[effect.fact, effect.fact_id] = fact

    def _change(self, fact: DatedFact, values: dict, effect: OrderEffect) -> None:
        before = stored(fact)
        former = restored(type(fact), fact.pk, values)
        fact.ends, fact.ended_by_id = former.ends, former.ended_by_id
        self.plan.current.changes.append(Change(Action.CHANGED, fact, before, undoes=effect))

    def _bring_back(self, effect: OrderEffect) -> None:
        fact = restored(MODELS[effect.fact], effect.fact_id, effect.before)
        self._add(fact, effect)
        self.plan.say(f"восстанавливается: {_words(fact)}")

    def _put_back(self, effect: OrderEffect) -> None:
        fact = self._found.get((effect.fact, effect.fact_id))
        if effect.fact == Fact.RELATION and (fact is None or stored(fact) != effect.after):
            self.plan.say("запись о законном представителе изменена позже и остаётся, как есть")
            return
        if fact is None or stored(fact) != effect.after:
            raise LineProblem(_changed_since(fact))
        if effect.action == Action.ADDED:
            self.plan.say(f"убирается: {_words(fact)}")
            self._take_away(fact, effect)
            return
        self._change(fact, effect.before, effect)
        self.plan.say(f"восстанавливается: {_words(fact)}")

    def _take_away(self, fact: DatedFact, effect: OrderEffect) -> None:
        if isinstance(fact, Relation):
            self.plan.current.changes.append(Change(Action.REMOVED, fact, stored(fact), undoes=effect))
        else:
            self.plan.remove(fact, undoes=effect)


def _relations(keys: list[int]):
    return Relation.objects.filter(pk__in=keys).select_related("parent", "pupil")


def undo_lines(plan: Plan, effects: list[OrderEffect], redone: list[OrderEffect] = ()) -> None:
    """Plans the reversal of these effects, then the repetition of others, line by line of the orders they belong to."""
    reversal, rows = Reversal(plan, [*effects, *redone]), {}
    for verb, chosen in ((reversal.undo, effects), (reversal.redo, redone)):
        for effect in chosen:
            row = plan.current = _row_of(plan, effect, rows)
            try:
                verb(effect)
            except LineProblem as problem:
                row.problems.append(str(problem))
    plan.lines.sort(key=lambda row: row.line.number)
    _check_overlaps(plan)


def _row_of(plan: Plan, effect: OrderEffect, rows: dict[int | None, PlannedLine]) -> PlannedLine:
    if effect.line_id not in rows:
        line = effect.line or OrderLine(number=0, person=effect.person)
        rows[effect.line_id] = PlannedLine(line, effect.person)
        plan.lines.append(rows[effect.line_id])
    return rows[effect.line_id]


def _check_overlaps(plan: Plan) -> None:
    """What comes back must not meet what has begun since."""
    for row, change in plan.changes:
        fact = change.fact
        if change.action == Action.REMOVED or isinstance(fact, Relation):
            continue
        others = plan.facts.enrolments_of(owner(fact)) if isinstance(fact, Enrolment) else plan.facts.appointments
        others = [other for other in others if other is not fact]
        rule = fact_rules.enrolment_conflict if isinstance(fact, Enrolment) else fact_rules.appointment_conflict
        if problem := rule(fact, others):
            row.problems.append(problem)


def _changed_since(fact: DatedFact | None) -> str:
    if fact is None:
        return "Этой записи больше нет: её убрал другой приказ."
    by = getattr(fact, "ended_by", None)
    return f"Это изменено позже{f': {by.reference}' if by else ''}. Сначала отмените то изменение."


def _words(fact: DatedFact) -> str:
    if isinstance(fact, Enrolment):
        return f"{fact.school_class}, {fact_rules.term(fact)}"
    if isinstance(fact, Appointment):
        place = fact.school_class or fact.method_group
        return f"{fact.title}{f', {place}' if place else ''}, {fact_rules.term(fact)}"
    return f"законный представитель {fact.parent}"
