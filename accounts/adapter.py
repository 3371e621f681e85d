"""allauth bent to the school: sign-up closed, sign-in throttled and audited, secrets of second factors encrypted.

These are the adapters that allauth's documentation offers for it; what they decide stands in modules of our own.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import audit, devices
from accounts.actions.passwords import set_own_password
from accounts.actions.slips import note_first_sign_in
from accounts.actor import Actor
from accounts.backends import with_login
from accounts.credentials import is_term_over
from accounts.models import SignInThrottle, User
from accounts.sealed_values import factor_row
from accounts.throttling import Attempt, AttemptRefused, Bucket
from eios.lib import crypto, network
from eios.lib.addresses import safe_next

EPOCH = "accounts.signing_in_epoch"
TOO_MANY = "too_many_login_attempts"
WHERE = {
    Bucket.DEVICE: "на знакомом устройстве",
    Bucket.PAIR: "под одним логином из одной сети",
    Bucket.LOGIN: "под одним логином с разных устройств: незнакомым вход приостановлен",
    Bucket.NETWORK: "из одной сети под разными логинами: незнакомым устройствам вход приостановлен",
}


def display_name(user: User) -> str:
    return user.get_full_name()


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Tokens of the letters «забыт пароль»: one use, one hour; a block, too, ends those that are on their way."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch}"


class PortalAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Неверный логин или пароль.",
        "enter_current_password": "Неверный пароль.",
        "incorrect_password": "Неверный пароль.",
        "incorrect_code": "Код не подошёл.",
        TOO_MANY: "Слишком много неудачных попыток. Попробуйте через несколько минут.",
        "rate_limited": "Слишком много попыток подряд. Попробуйте через несколько минут.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the school only (9.1)."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every page of sign-in is a page; the answers in JSON that allauth knows are not for us."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """`next` leads to a path of this portal only."""
        return bool(safe_next(context.request, url, ""))

    def get_client_ip(self, request: HttpRequest) -> str:
        return network.client_address(request)

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("eios:cabinet")

    # Before and after the password is looked at

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Refuses too many attempts before anything costs time. Raises ValidationError with `retry_after` seconds."""
        login, address = credentials["username"], network.client_address(request)
        in_school = network.inside(address, request.school.local_networks)
        attempt = Attempt(login, address, device=devices.device_of(request, login), in_school=in_school)
        try:
            self._attempt = attempt.begin()
        except AttemptRefused as refusal:
            raise ValidationError(refusal.text, TOO_MANY, {"retry_after": refusal.wait}) from refusal

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            self._attempt.succeeded()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        self._attempt.failed()
        for bucket in self._attempt.reached:
            self._record_guessing(request, credentials["username"], bucket)

    @transaction.atomic
    def _record_guessing(self, request: HttpRequest, login: str, bucket: Bucket) -> None:
        row = SignInThrottle.objects.filter(key=self._attempt.keys[bucket]).first()
        if row:
            person = None if bucket is Bucket.NETWORK else with_login(User.objects.all(), login).first()
            changes = {"failures": [None, row.failures]}
            audit.record(Actor.of(request), "sign_in.guessing", person or row, changes, f"Подбор {WHERE[bucket]}")

    # After the right password

    def pre_login(self, request: HttpRequest, user: User, **kwargs) -> None:
        """Tells one whose account is closed, or whose slip is out of date, and opens no session.

        Raises ImmediateHttpResponse.
        """
        self._refuse_closed(request, user)
        if is_term_over(user):
            request.session.flush()
            raise ImmediateHttpResponse(render(request, "accounts/slip_expired.html", status=403))
        request.session[EPOCH] = user.session_epoch

    def login(self, request: HttpRequest, user: User) -> None:
        """Opens the session, unless the account was closed since the password. Raises ImmediateHttpResponse."""
        self._refuse_closed(request, user)
        if request.session.pop(EPOCH, None) != user.session_epoch:
            # Between the password and the second step the password was changed, or the account blocked for a while.
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login"))
        self._open_session(request, user)

    @transaction.atomic
    def _open_session(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        user_agent = request.META.get("HTTP_USER_AGENT", "")[: UserSession._meta.get_field("user_agent").max_length]
        address, key = network.client_address(request), request.session.session_key
        UserSession.objects.create(user=user, session_key=key, ip=address, user_agent=user_agent)
        audit.record(Actor.of(request), "person.signed_in", user)
        if user.must_change_password:
            note_first_sign_in(user)

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs) -> HttpResponse:
        response = redirect(redirect_url or self.get_login_redirect_url(request))
        devices.remember(request, response, user.username)
        return response

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        audit.record(Actor.of(request), "person.signed_out", request.user)
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        super().logout(request)

    @staticmethod
    def _refuse_closed(request: HttpRequest, user: User) -> None:
        if not user.is_alive:
            request.session.flush()
            raise ImmediateHttpResponse(render(request, "accounts/closed.html", status=403))

    # Later on

    def set_password(self, user: User, password: str) -> None:
        """Change and reset of a password are one action of ours."""
        request = context.request
        by_letter = not request.user.is_authenticated
        by = Actor(user, network.client_address(request), user.username)
        set_own_password(
            user, password, by=by, keep=request.session.session_key, basis="По письму" if by_letter else ""
        )

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """A sign-in of the last minutes is proof enough."""
        records = get_authentication_records(context.request, context.request.user)
        age = timezone.now().timestamp() - records[-1]["at"] if records else None
        return age is None or age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class PortalMFAAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": "Код не подошёл."}

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, row=factor_row(self._owner().pk))

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text, row=factor_row(self._owner().pk))

    @staticmethod
    def _owner() -> User:
        """Whose secret it is: the one who is signed in, or is at the second step of signing in."""
        request = context.request
        return request.user if request.user.is_authenticated else request._login_stage.login.user

    def is_mfa_enabled(self, user: User, types: list[str] | None = None) -> bool:
        if types and set(types) == {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN} and user.is_authenticated:
            return user.has_second_factor
        return super().is_mfa_enabled(user, types)

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return context.request.school.portal_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": context.request.school.portal_name}
