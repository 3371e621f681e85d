"""Signing in, loading the person with the standing of today, and the system administrator's rights in Django admin."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from eios.lib.dates import today


class PortalBackend(AuthenticationBackend):
    """allauth's backend; the person comes with the gate's annotations, so that the gate costs no query of its own."""

    def get_user(self, user_id):
        """The signed-in person with today's standing; whether the account is alive is the gate's question."""
        return User.objects.with_standing(today()).filter(pk=user_id).first()

    def user_can_authenticate(self, user) -> bool:
        """The password alone decides here; the adapter and the gate turn away the blocked, after the right password."""
        return True

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        """The system administrator in force has the admin's rights, by the appointment and not by permission rows."""
        return obj is None and user_obj.is_staff

    def has_module_perms(self, user_obj, app_label) -> bool:
        return user_obj.is_staff
