"""Which orders the decisions ask for, line by line."""

from accounts.models import Order, OrderKind, OrderLine, Rollover
from accounts.models.rollover import KIND_OF, Outcome
from accounts.rollover.pupils import Preview, Row

MOVES_ON = (OrderKind.PROMOTION, OrderKind.CONDITIONAL_PROMOTION, OrderKind.REPEAT_YEAR)


def effective_on(rollover: Rollover, kind: str):
    """The day from which an order of the kind works."""
    if kind in MOVES_ON:
        return rollover.promotion_on
    return rollover.graduation_on if kind == OrderKind.GRADUATION else rollover.leaving_on


def wanted_lines(preview: Preview) -> dict[str, list[OrderLine]]:
    """Unsaved lines of every kind of order, by class and name; a kind that nobody needs has none."""
    found: dict[str, list[OrderLine]] = {kind: [] for kind in KIND_OF.values()}
    for row in preview.open_rows:
        if row.choice.outcome != Outcome.UNDECIDED:
            found[KIND_OF[row.choice.outcome]].append(_line(row))
    return found


def _line(row: Row) -> OrderLine:
    choice = row.choice
    words = "place" if choice.outcome == Outcome.MOVES_AWAY else "note"
    return OrderLine(person=row.pupil, school_class=choice.next_class, **{words: choice.remark})


def same_words(one: OrderLine, other: OrderLine) -> bool:
    """Do two lines about one pupil say the same?"""
    names = ("person_id", "school_class_id", "place", "note")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def next_step(order: Order) -> str:
    """What the order waits for, in a sentence."""
    return {
        Order.State.DRAFT: "Впишите номер и дату, распечатайте, дайте директору на подпись и отметьте подписанным.",
        Order.State.SIGNED: "Подписан. Посмотрите, что изменится, и исполните.",
        Order.State.EXECUTED: "Исполнен.",
        Order.State.CANCELLED: "Отменён: обучающиеся снова ждут решения.",
    }[Order.State(order.state)]
