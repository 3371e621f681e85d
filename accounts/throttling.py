"""Stopping password guessing without locking owners out (docs/decisions/0021-sign-in.md).

Failures in a row are counted in buckets, never on the account. A device where the person has signed in before has a
bucket of its own. All other devices share three: the login in their network (waits that grow), the login everywhere
(at the limit unknown devices are refused until a fresh password is issued), and the network (against trying one
password on many logins). Unknown logins are counted just like known ones. Keys are digests.
"""

import datetime
import enum
import math
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models import SignInThrottle
from accounts.models.signin import PLAUSIBLE_TYPOS, stale_at
from eios.lib.crypto import keyed_digest
from eios.lib.network import network_of
from eios.lib.russian import plural

FREE_FAILURES = 5  # so many cost nothing; from then on each one doubles the wait
FIRST_WAIT, LONGEST_WAIT = 5, 15 * 60  # seconds
LIMIT = 100  # NIST SP 800-63B: no more failures in a row than this
CAUTIOUS_FROM = 50  # from here on attempts are counted before they are made, so that parallel ones can't pass the limit
# A class of thirty with five typos each stays far below; the school's own networks hold a thousand people.
NETWORK_LIMIT, OWN_NETWORK_LIMIT = 300, 3000
NETWORK_WINDOW = 10 * 60  # seconds
SUSPENDED_RETRY = 60 * 60  # seconds a browser is told to wait where waiting alone does not help


class Bucket(enum.Enum):
    DEVICE = "device"
    PAIR = "pair"
    LOGIN = "login"
    NETWORK = "network"


class AttemptRefused(ValueError):
    """No attempt is made now: `wait` in seconds; `is_suspended` where a fresh password is needed, not patience."""

    def __init__(self, wait: int, *, is_suspended: bool = False):
        super().__init__(wait)
        self.wait, self.is_suspended = wait, is_suspended

    @property
    def text(self) -> str:
        if self.is_suspended:
            return (
                "Под этим логином слишком много раз подряд ввели неверный пароль, поэтому вход с незнакомых устройств "
                "приостановлен. Войдите с устройства, на котором уже входили, или попросите новый пароль: "
                "обучающиеся и родители — у классного руководителя, работники — у системного администратора."
            )
        return f"Слишком много неудачных попыток. Попробуйте снова через {_in_words(self.wait)}."


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} {plural(seconds, 'секунду', 'секунды', 'секунд')}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} {plural(minutes, 'минуту', 'минуты', 'минут')}"


def normal_login(login: str) -> str:
    """One spelling of a login: the same for looking the person up and for counting."""
    return login.strip().lower()


def _key(*parts: str) -> str:
    return keyed_digest(settings.SECRET_KEY.encode(), "sign-in", *parts)


def wait_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row: 0 for the first few, then 5, 10, 20… up to fifteen minutes."""
    if failures < FREE_FAILURES:
        return 0
    # The exponent is bounded, so that a thousand failures don't make a number of a thousand bits.
    return min(FIRST_WAIT * 2 ** min(failures - FREE_FAILURES, 20), LONGEST_WAIT)


@dataclass
class Attempt:
    """One attempt to sign in: `begin` before the password is looked at, then `failed` or `succeeded`."""

    login: str
    address: str
    device: str | None = None
    in_school: bool = False
    reached: set[Bucket] = field(default_factory=set)

    def __post_init__(self):
        self.now = timezone.now()
        self.login_key = _key("login", normal_login(self.login))
        self.keys = self._keys()
        self.first = next(iter(self.keys))
        self.rows: dict[Bucket, SignInThrottle] = {}
        self.is_counted = False

    def _keys(self) -> dict[Bucket, str]:
        """The buckets of this attempt, the one with the growing wait first."""
        if self.device:
            return {Bucket.DEVICE: _key("device", self.device, self.login_key)}
        network, window = network_of(self.address), int(self.now.timestamp()) // NETWORK_WINDOW
        return {
            Bucket.PAIR: _key("pair", self.login_key, network),
            Bucket.LOGIN: self.login_key,
            Bucket.NETWORK: _key("network", network, str(window)),
        }

    def begin(self) -> "Attempt":
        """Asks whether the attempt may be made; one query, and no write unless failures look like guessing.

        Raises AttemptRefused.
        """
        found = SignInThrottle.objects.exclude(stale_at(self.now)).in_bulk(self.keys.values(), field_name="key")
        self.rows = {bucket: found[key] for bucket, key in self.keys.items() if key in found}
        self._refuse_suspended()
        self._refuse_network()
        self._refuse_early()
        if self._failures(self.first) >= FREE_FAILURES or self._failures(Bucket.LOGIN) >= CAUTIOUS_FROM:
            self._reserve()
        return self

    def failed(self) -> None:
        """The password was wrong. `reached` then names the buckets that became full, or suspicious, by this one."""
        if not self.is_counted:
            with transaction.atomic():
                self._count()

    def succeeded(self) -> None:
        """The password was right: the owner's own typos are forgiven, what others tried stays counted."""
        if not self.rows and not self.is_counted:
            return
        with transaction.atomic():
            own = min(self._failures(self.first), PLAUSIBLE_TYPOS) + self.is_counted
            SignInThrottle.objects.filter(key=self.keys[self.first]).delete()
            self._take_off(Bucket.LOGIN, own)
            self._take_off(Bucket.NETWORK, int(self.is_counted))
            self.reached.clear()

    def _failures(self, bucket: Bucket) -> int:
        row = self.rows.get(bucket)
        return row.failures if row else 0

    def _refuse_suspended(self) -> None:
        if self._failures(Bucket.DEVICE) >= LIMIT or self._failures(Bucket.LOGIN) >= LIMIT:
            raise AttemptRefused(SUSPENDED_RETRY, is_suspended=True)

    def _refuse_network(self) -> None:
        if self._failures(Bucket.NETWORK) >= self._network_limit:
            raise AttemptRefused(NETWORK_WINDOW - int(self.now.timestamp()) % NETWORK_WINDOW)

    def _refuse_early(self) -> None:
        row = self.rows.get(self.first)
        if row is None:
            return
        until = row.last_failure + datetime.timedelta(seconds=wait_after(row.failures))
        if until > self.now:
            raise AttemptRefused(math.ceil((until - self.now).total_seconds()))

    @property
    def _network_limit(self) -> int:
        return OWN_NETWORK_LIMIT if self.in_school else NETWORK_LIMIT

    def _reserve(self) -> None:
        """Counts the attempt beforehand: of attempts made at once only one gets through, and none beyond the limit."""
        guards = {self.first: Q(failures=self._failures(self.first)), Bucket.LOGIN: Q(failures__lt=LIMIT)}
        with transaction.atomic():
            self._count({bucket: guard for bucket, guard in guards.items() if bucket in self.rows})

    def _count(self, guards: dict[Bucket, Q] | None = None) -> None:
        """Adds one failure to each bucket; in the order of keys, so that two attempts never wait for each other."""
        for bucket, key in sorted(self.keys.items(), key=lambda item: item[1]):
            self._add_one(bucket, key, (guards or {}).get(bucket, Q()))
        self.is_counted = True
        counts = dict(SignInThrottle.objects.filter(key__in=self.keys.values()).values_list("key", "failures"))
        self.reached = {bucket for bucket, key in self.keys.items() if counts.get(key) in self._telling(bucket)}

    def _add_one(self, bucket: Bucket, key: str, guard: Q) -> None:
        begun_anew = Case(When(stale_at(self.now), then=Value(1)), default=F("failures") + 1)
        rows = SignInThrottle.objects.filter(key=key)
        if rows.filter(guard).update(failures=begun_anew, last_failure=self.now):
            return
        if guard:
            # Another attempt was counted between the question and now: this one comes too early.
            raise AttemptRefused(max(wait_after(self._failures(bucket) + 1), FIRST_WAIT))
        login_key = "" if bucket is Bucket.NETWORK else self.login_key
        new = SignInThrottle(key=key, login_key=login_key, last_failure=self.now)
        # Another worker may add the same row this very moment: the unique key keeps one, and both count on it.
        SignInThrottle.objects.bulk_create([new], ignore_conflicts=True)
        rows.update(failures=F("failures") + 1, last_failure=self.now)
        if bucket is Bucket.NETWORK:
            # Once in a window and network, the table is swept.
            SignInThrottle.objects.stale(self.now).delete()

    def _telling(self, bucket: Bucket) -> set[int]:
        """Counts that are worth a line in the audit trail: guessing has begun, a limit is reached."""
        return {
            Bucket.DEVICE: {PLAUSIBLE_TYPOS, LIMIT},
            Bucket.PAIR: {PLAUSIBLE_TYPOS},
            Bucket.LOGIN: {LIMIT},
            Bucket.NETWORK: {self._network_limit},
        }[bucket]

    def _take_off(self, bucket: Bucket, number: int) -> None:
        if number and bucket in self.keys:
            rows = SignInThrottle.objects.filter(key=self.keys[bucket], failures__gte=number)
            rows.update(failures=F("failures") - number)


def forget_failures(*logins: str) -> None:
    """A fresh password was issued or set: what was tried on the old one counts no more."""
    SignInThrottle.objects.of_logins([_key("login", normal_login(login)) for login in logins]).delete()
