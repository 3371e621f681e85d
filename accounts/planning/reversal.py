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


class Reversal:
    """Undoes effects within a plan. Facts are loaded once for all of them."""

    def __init__(self, plan: Plan, effects: list[OrderEffect]):
        self.plan = plan
        self._found: dict[tuple[str, int], DatedFact] = {}
        for kind, model in MODELS.items():
            keys = [row.fact_id for row in effects if row.fact == kind]
            for fact in self._known(model) if model is not Relation else Relation.objects.filter(pk__in=keys):
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

    def _bring_back(self, effect: OrderEffect) -> None:
        fact = restored(MODELS[effect.fact], effect.fact_id, effect.before)
        self.plan.add(fact, undoes=effect)
        self.plan.say(f"восстанавливается: {_words(fact)}")

    def _put_back(self, effect: OrderEffect) -> None:
        fact = self._found.get((effect.fact, effect.fact_id))
        if fact is None or stored(fact) != effect.after:
            raise LineProblem(_changed_since(fact))
        if effect.action == Action.ADDED:
            self.plan.say(f"убирается: {_words(fact)}")
            self._take_away(fact, effect)
            return
        before = stored(fact)
        former = restored(type(fact), fact.pk, effect.before)
        fact.ends, fact.ended_by_id = former.ends, former.ended_by_id
        self.plan.current.changes.append(Change(Action.CHANGED, fact, before, undoes=effect))
        self.plan.say(f"восстанавливается: {_words(fact)}")

    def _take_away(self, fact: DatedFact, effect: OrderEffect) -> None:
        if isinstance(fact, Relation):
            self.plan.current.changes.append(Change(Action.REMOVED, fact, stored(fact), undoes=effect))
        else:
            self.plan.remove(fact, undoes=effect)


def undo_lines(plan: Plan, effects: list[OrderEffect]) -> None:
    """Plans the reversal of these effects, line by line of the order that they belong to."""
    reversal, rows = Reversal(plan, effects), {}
    for effect in effects:
        row = rows.get(effect.line_id)
        if row is None:
            line = effect.line or OrderLine(number=0, person=effect.person)
            row = rows[effect.line_id] = PlannedLine(line, effect.person)
        plan.current = row
        try:
            reversal.undo(effect)
        except LineProblem as problem:
            row.problems.append(str(problem))
    plan.lines += sorted(rows.values(), key=lambda row: row.line.number)
    _check_overlaps(plan)


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
