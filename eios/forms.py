"""What a school tells the portal in its first hour."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import SchoolCard, User

NAME_LENGTH = 80


class SchoolForm(forms.ModelForm):
    """The school's card, as `setup` asks for it."""

    class Meta:
        model = SchoolCard
        fields = [
            "full_name",
            "short_name",
            "portal_name",
            "mark",
            "municipality",
            "address",
            "phone",
            "email",
            "site",
            "local_networks",
            "time_zone",
            "highest_grade",
        ]


class AdministratorForm(forms.Form):
    """The system administrator; the login is made from the name."""

    surname = forms.CharField(label="фамилия", max_length=NAME_LENGTH)
    name = forms.CharField(label="имя", max_length=NAME_LENGTH)
    patronymic = forms.CharField(label="отчество", max_length=NAME_LENGTH, required=False)
    email = forms.EmailField(label="электронная почта", required=False)
    basis = forms.CharField(
        label="приказ о назначении", max_length=300, required=False, help_text="Например: приказ № 12-о от 01.09.2026."
    )


class PasswordForm(forms.Form):
    """A password typed twice, checked by the portal's rules; empty, if one is to be made up."""

    password = forms.CharField(label="пароль", required=False, strip=False)
    repeated = forms.CharField(label="пароль ещё раз", required=False, strip=False)

    def __init__(self, *arguments, owner: User, **options):
        self.owner = owner
        super().__init__(*arguments, **options)

    def clean(self):
        password = self.cleaned_data.get("password")
        if password != self.cleaned_data.get("repeated"):
            raise forms.ValidationError("Пароли не совпали.")
        if password:
            validate_password(password, self.owner)
        return self.cleaned_data
