"""Passwords that people set: the first one, a change, a reset by letter."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.actions.letters import ResetLink, send_reset_links
from accounts.models import User
from eios.lib.dates import today

DIFFERENT = "Пароли не совпадают: введите одно и то же дважды."
SAME_AS_BEFORE = "Новый пароль совпадает с прежним. Придумайте другой."
MOST_LETTERS = 10  # accounts with one address: a parent and the children


def _password_field(label: str, *, is_new: bool = True, **options) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if is_new else "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget, **options)


class FirstPasswordForm(forms.Form):
    """An own password instead of the issued one; the issued one is asked again where signing in was long ago."""

    current = _password_field(
        "Выданный пароль", is_new=False, help_text="Тот, с которым вы вошли: с листка или из памятки."
    )
    password1 = _password_field("Новый пароль", help_text=password_validation.password_validators_help_text_html())
    password2 = _password_field("Новый пароль ещё раз")

    def __init__(self, *args, person: User, ask_current: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if not ask_current:
            del self.fields["current"]

    def clean_current(self) -> str:
        # The adapter counts failures: an open session left alone is no place to guess.
        if not get_adapter().reauthenticate(self.person, self.cleaned_data["current"]):
            raise ValidationError("Неверный пароль.")
        return self.cleaned_data["current"]

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.person)
        if self.person.check_password(password):
            raise ValidationError(SAME_AS_BEFORE)
        return password

    def clean(self) -> dict:
        values = super().clean()
        if "password1" in values and values["password1"] != values.get("password2"):
            self.add_error("password2", DIFFERENT)
        return values


class _InOurWords:
    """Labels and the message of two different entries, for the forms of allauth."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "Новый пароль", "Новый пароль ещё раз"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict:
        values = forms.Form.clean(self)
        if values.get("password1") and values.get("password2") and values["password1"] != values["password2"]:
            self.add_error("password2", DIFFERENT)
        return values


class ChangePasswordForm(_InOurWords, allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        old = self.fields["oldpassword"]
        old.label, old.help_text = "Нынешний пароль", ""

    def clean_oldpassword(self) -> str:
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise ValidationError("Неверный пароль.")
        return self.cleaned_data["oldpassword"]

    def clean(self) -> dict:
        values = super().clean()
        if values.get("password1") and values.get("password1") == values.get("oldpassword"):
            self.add_error("password1", SAME_AS_BEFORE)
        return values


class ResetPasswordForm(_InOurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ResetRequestForm(allauth_forms.ResetPasswordForm):
    """«Забыт пароль»: same answer, in the same time, for any address."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        self.users = list(User.objects.alive(today()).filter(email__iexact=email)[:MOST_LETTERS])
        return email

    def save(self, request: HttpRequest, **kwargs) -> str:
        email, tokens = self.cleaned_data["email"], allauth_forms.default_token_generator
        links = []
        for person in self.users:
            key = f"{user_pk_to_url_str(person)}-{tokens.make_token(person)}"
            login = person.username if len(self.users) > 1 else ""
            links.append(ResetLink(get_reset_password_from_key_url(request, key), login))
        send_reset_links(email, links)
        return email
