"""Who may do what with orders. Everybody here has the section open already (level 4)."""

from accounts.models import Order, OrderKind, User


def may_execute(person: User | None, order: Order) -> bool:
    """Staff are registered and removed by the system administrator, or who acts for him (6.6); the initial load brings
    staff too. Orders about pupils are carried out by any of the management. A command (None) may do everything."""
    if person is None or person.is_system_administrator:
        return True
    subject = order
    while subject.changes is not None:
        subject = subject.changes
    return subject.register != Order.Register.PERSONNEL and subject.kind != OrderKind.INITIAL_LOAD
