"""What an order would do: `plan_of(order)` is shown before the execution and carried out by it. Reads only."""

from accounts.models import Order, OrderKind, OrderLine, Position
from accounts.planning import reversal
from accounts.planning.effects import EFFECTS
from accounts.planning.facts import Facts
from accounts.planning.kinds import line_kind, rules_of
from accounts.planning.plan import LineProblem, Plan, PlannedLine, check_administrators
from eios.lib.dates import today

__all__ = ["Plan", "lines_of", "plan_of"]


def lines_of(order: Order) -> list[OrderLine]:
    """Lines with everything that they name, one query."""
    related = ("person", "school_class__year", "position", "replaced_position", "method_group", "amended_line__person")
    return list(order.lines.select_related(*related).order_by("number"))


def plan_of(order: Order) -> Plan:
    """The consequences of an order, line by line; a constant number of queries, nothing is written."""
    lines = lines_of(order)
    effects = _effects_to_undo(order, lines)
    redone = _effects_to_redo(order)
    people = {row.person_id for row in [*effects, *redone]}
    plan = Plan(order, order.effective_on, Facts(order, lines, people))
    plan.positions = {row.code: row for row in Position.objects.filter(code=line_kind(order))}
    if order.changes_id:
        _check_changed(plan, order.changes)
    if effects or redone:
        reversal.undo_lines(plan, effects, redone)
    _plan_lines(plan, [line for line in lines if line.mode != OrderLine.Mode.EXCLUDE])
    if rules_of(order).has_lines and not lines:
        plan.problems.append("В приказе нет ни одного пункта.")
    check_administrators(plan)
    return plan


def _effects_to_undo(order: Order, lines: list[OrderLine]) -> list:
    """All that a cancelled order did; of an amended one only what its amended lines did."""
    if not order.changes_id:
        return []
    effects = reversal.effects_of(order.changes)
    if order.kind == OrderKind.CANCELLATION:
        return effects
    amended = {line.amended_line_id for line in lines}
    return [row for row in effects if row.line_id in amended]


def _effects_to_redo(order: Order) -> list:
    """A cancelled amendment gives back what it had taken from the order that it changed."""
    is_of_amendment = order.kind == OrderKind.CANCELLATION and order.changes.kind == OrderKind.AMENDMENT
    return reversal.undone_by(order.changes) if is_of_amendment else []


def _check_changed(plan: Plan, target: Order) -> None:
    living = target.changed_by.filter(state=Order.State.EXECUTED).exclude(pk=plan.order.pk).first()
    if living:
        plan.problems.append(f"{target} уже изменён: {living}. Сначала отмените то изменение.")
    if target.state not in (Order.State.SIGNED, Order.State.EXECUTED):
        plan.problems.append(f"{target}: {target.get_state_display()}, изменять и отменять нечего.")
    if plan.order.kind == OrderKind.CANCELLATION:
        _check_cancellation(plan, target)
    elif target.effective_on <= today():
        plan.problems.append("Приказ уже действует: то, что вступило в силу, меняет новый приказ.")


def _check_cancellation(plan: Plan, target: Order) -> None:
    if target.kind == OrderKind.CANCELLATION:
        plan.problems.append("Приказ об отмене не отменяют: издайте новый приказ.")
    if plan.date > today():
        plan.problems.append("Отмена действует сразу: день вступления в силу не может быть позже сегодняшнего.")
    if target.state == Order.State.SIGNED:
        plan.notes.append("Приказ не исполнялся: возвращать нечего, он больше не будет исполнен.")
    else:
        plan.notes.append("Не вернуть: выданные пароли и завершённые входы. Учётные записи и история остаются.")


def _plan_lines(plan: Plan, lines: list[OrderLine]) -> None:
    effect = EFFECTS[plan.kind]
    for line in lines:
        row = plan.current = PlannedLine(line, line.person)
        plan.lines.append(row)
        try:
            effect(plan, line)
        except LineProblem as problem:
            row.problems.append(str(problem))
