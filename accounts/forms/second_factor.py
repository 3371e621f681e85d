"""Forms of passkeys: what a browser sends is parsed before it is believed, and a made-up key is an ordinary mistake."""

from allauth.mfa.webauthn import forms as allauth_forms
from django.core.exceptions import ValidationError

REFUSED = "Ключ не подошёл. Попробуйте ещё раз или выберите другой способ."
# What the parsers of allauth and fido2 raise over a key that no device has made.
MALFORMED = (TypeError, ValueError, KeyError)


class AddKeyForm(allauth_forms.AddWebAuthnForm):
    def clean(self) -> dict:
        try:
            return super().clean()
        except MALFORMED as error:
            raise ValidationError(REFUSED) from error


class _KeyForm(allauth_forms.AuthenticateWebAuthnForm):
    def clean_credential(self):
        try:
            return super().clean_credential()
        except MALFORMED as error:
            raise ValidationError(REFUSED) from error


class AuthenticateKeyForm(_KeyForm):
    pass


class ReauthenticateKeyForm(_KeyForm):
    reauthenticated = True
