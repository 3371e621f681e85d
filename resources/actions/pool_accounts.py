"""The one way by which pseudonymous accounts change their state (10.6)."""

from collections.abc import Iterable

from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from resources.models import PoolAccount


def move(accounts: Iterable[PoolAccount], state: str, *, by: Actor, basis: str = "") -> None:
    """Puts accounts, locked before, into the state; each has its entry in the trail. In a transaction of the caller."""
    accounts, now = list(accounts), timezone.now()
    entries = [
        audit.entry(by, "pool_account.moved", one, {"state": [one.state, str(state)]}, basis) for one in accounts
    ]
    for one in accounts:
        one.state, one.changed_at = state, now
    PoolAccount.objects.bulk_update(accounts, ["state", "changed_at"], batch_size=500)
    audit.record_many(entries)
