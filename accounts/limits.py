"""How often a public page may be used from one network; exact across workers, and silent about accounts.

Counted in the table of sign-in's failures (`accounts/throttling.py`), by windows of ten minutes.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import SignInThrottle
from eios.lib.crypto import keyed_digest
from eios.lib.network import inside, network_of

WINDOW = 10 * 60  # seconds


class TooOften(ValueError):
    """No more from this network for `wait` seconds."""

    def __init__(self, wait: int):
        super().__init__(wait)
        self.wait = wait

    @property
    def text(self) -> str:
        minutes = -(-self.wait // 60)
        return f"Из вашей сети пришло слишком много обращений подряд. Попробуйте снова через {minutes} мин."


@dataclass(frozen=True)
class NetworkLimit:
    """So many uses in a window: `most` from a network, `most_in_school` from the school's own, which many share."""

    name: str
    most: int
    most_in_school: int

    def count(self, address: str, local_networks: str) -> None:
        """Counts one use. Raises TooOften beyond the limit."""
        now = time.time()
        key = keyed_digest(
            settings.SECRET_KEY.encode(), "limit", self.name, network_of(address), str(int(now) // WINDOW)
        )
        rows = SignInThrottle.objects.filter(key=key)
        SignInThrottle.objects.bulk_create([SignInThrottle(key=key)], ignore_conflicts=True)
        rows.update(failures=F("failures") + 1, last_failure=timezone.now())
        used = rows.values_list("failures", flat=True).get()
        if used == 1:
            # Once in a window and network, the table is swept.
            SignInThrottle.objects.stale(timezone.now()).delete()
        if used > (self.most_in_school if inside(address, local_networks) else self.most):
            raise TooOften(WINDOW - int(now) % WINDOW)
