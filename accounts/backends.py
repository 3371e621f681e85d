"""Signing in, loading the person with the standing of today, and the system administrator's rights in Django admin."""

import datetime
import functools
from dataclasses import dataclass

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.throttling import normal_login
from eios.lib.dates import today

# Stand in the composed statement for what each request puts there.
SOME_DATE, SOME_KEY, SOME_LOGIN = datetime.date(1, 2, 3), -1, "\x01"


def with_login(people: QuerySet[User], login: str) -> QuerySet[User]:
    """The one with this login, whatever its case; by the unique index on the lower-case login."""
    return people.alias(login=Lower("username")).filter(login=normal_login(login))


class PortalBackend(AuthenticationBackend):
    """allauth's backend; the person comes with the gate's annotations, so that the gate costs no query of its own."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        return self._check_password(_load(_by_login(), SOME_LOGIN, normal_login(username)), password)

    def get_user(self, user_id) -> User | None:
        """The signed-in person with today's standing; whether the account is alive is the gate's question."""
        return _load(_by_key(), SOME_KEY, user_id)

    def user_can_authenticate(self, user) -> bool:
        """The password alone decides here; the adapter and the gate turn away the blocked, after the right password."""
        return True

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        """The system administrator in force has the admin's rights, by the appointment and not by permission rows."""
        return obj is None and user_obj.is_staff

    def has_module_perms(self, user_obj, app_label) -> bool:
        return user_obj.is_staff


# Every request of one who is signed in loads the person with the standing. Composing that statement takes thirty times
# as long as running it, so it is composed once.


@dataclass(frozen=True)
class Statement:
    """A composed query: its SQL, the parameters with stand-ins among them, and what it says beside the fields."""

    sql: str
    parameters: tuple
    annotations: tuple[str, ...]

    @classmethod
    def of(cls, people: QuerySet[User]) -> "Statement":
        query = people.order_by().query
        return cls(*query.sql_with_params(), tuple(query.annotation_select))


@functools.cache
def _by_key() -> Statement:
    return Statement.of(User.objects.with_standing(SOME_DATE).with_unread().filter(pk=SOME_KEY))


@functools.cache
def _by_login() -> Statement:
    return Statement.of(with_login(User.objects.with_standing(SOME_DATE), SOME_LOGIN))


def _load(statement: Statement, stand_in: int | str, value: int | str) -> User | None:
    as_stored = connection.ops.adapt_datefield_value
    values = {as_stored(SOME_DATE): as_stored(today()), stand_in: value}
    people = list(User.objects.raw(statement.sql, [values.get(known, known) for known in statement.parameters]))
    if not people:
        return None
    for name in statement.annotations:
        if name.startswith("standing_"):
            # SQLite keeps truth as 0 and 1.
            setattr(people[0], name, bool(getattr(people[0], name)))
    return people[0]
