"""Signing in, loading the person with the standing of today, and the system administrator's rights in Django admin."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.throttling import normal_login
from eios.lib.composed import SOME_DAY, SOME_WORD, ComposedRows, key
from eios.lib.dates import today


def with_login(people: QuerySet[User], login: str) -> QuerySet[User]:
    """The one with this login, whatever its case; by the unique index on the lower-case login."""
    return people.alias(login=Lower("username")).filter(login=normal_login(login))


class PortalBackend(AuthenticationBackend):
    """allauth's backend; the person comes with the gate's annotations, so that the gate costs no query of its own."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        found = _BY_LOGIN.rows(login=normal_login(username), day=today())
        return self._check_password(next(iter(found), None), password)

    def get_user(self, user_id) -> User | None:
        """The signed-in person with today's standing; whether the account is alive is the gate's question."""
        return next(iter(_BY_KEY.rows(person=user_id, day=today())), None)

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
_BY_KEY = ComposedRows(
    lambda person, day: User.objects.with_standing(day).with_unread().filter(pk=person), person=key(0), day=SOME_DAY
)
_BY_LOGIN = ComposedRows(
    lambda login, day: with_login(User.objects.with_standing(day), login), login=SOME_WORD, day=SOME_DAY
)
