"""Logins at platforms: what owners and administrators type and choose → clean values."""

import datetime
from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet

from accounts.forms.credentials import KeysField
from accounts.models import SchoolClass
from eios.lib.date_input import date_input
from resources.credentials import STATE_FILTERS, Filters
from resources.forms.desk import SearchForm
from resources.models import Element, ExternalCredential

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _login(**options) -> forms.CharField:
    return forms.CharField(label="Логин на платформе", max_length=200, widget=forms.TextInput(attrs=PLAIN), **options)


def _password(**options) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label="Пароль на платформе", max_length=200, strip=False, required=False, widget=widget, **options
    )


class NoteForm(forms.Form):
    """The own login at a platform, written down after registering there (10.5)."""

    element = forms.ModelChoiceField(
        label="Платформа", queryset=Element.objects.none(), empty_label="Выберите платформу",
        error_messages={"invalid_choice": "Выберите платформу из списка."},
    )  # fmt: skip
    login = _login()
    password = _password(help_text="Можно не записывать. Портал хранит пароль зашифрованным и показывает только вам.")

    def __init__(self, *args, elements: QuerySet[Element], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["element"].queryset = elements


class ChangeNoteForm(forms.Form):
    """Another login or password in the own note."""

    login = _login()
    password = _password(help_text="Оставьте пустым, если пароль прежний.")
    drop_password = forms.BooleanField(label="Убрать записанный пароль, оставить только логин", required=False)

    def __init__(self, *args, credential: ExternalCredential, **kwargs):
        super().__init__(*args, initial={"login": credential.login}, **kwargs)
        if not credential.has_password:
            del self.fields["drop_password"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("drop_password") and cleaned.get("password"):
            self.add_error("drop_password", "Пароль и введён, и убран: оставьте что-нибудь одно.")
        return cleaned


class DeskFilterForm(forms.Form):
    """Filters of the desk's list; they stand in the address, a wrong value there is passed over."""

    q = forms.CharField(label="Поиск по имени", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=list(STATE_FILTERS.items()))
    school_class = forms.ChoiceField(label="Класс", required=False)

    def __init__(self, *args, classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Все классы"), *((str(one.pk), one.name) for one in classes)]

    def filters(self) -> Filters:
        """What the list is narrowed by; what was wrong is empty."""
        self.is_valid()
        return Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class _PasswordWayForm(forms.Form):
    """A password that was typed, or one that the portal makes up."""

    TYPED, MADE = "typed", "made"
    login = _login()
    way = forms.ChoiceField(
        label="Пароль", widget=forms.RadioSelect, initial=MADE,
        choices=[(MADE, "Создать здесь: увижу его один раз и задам на платформе"), (TYPED, "Ввести: он уже есть")],
    )  # fmt: skip
    password = _password(help_text="Только если вы выбрали «Ввести».")
    expires_on = forms.DateField(
        label="Действуют по", required=False, widget=date_input(), help_text="Последний день. Пусто — без срока."
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        typed = cleaned.get("password")
        if cleaned.get("way") == self.TYPED and not typed:
            self.add_error("password", "Введите пароль или выберите «Создать здесь».")
        if cleaned.get("way") == self.MADE and typed:
            self.add_error("password", "Пароль введён, а выбрано «Создать здесь»: оставьте что-нибудь одно.")
        return cleaned


class PersonChoiceForm(SearchForm):
    """Whom to give a login: looked for by name, then chosen by the key; a wrong value is passed over."""

    person = forms.RegexField(r"^[0-9]{1,11}$", required=False)


class IssueForm(_PasswordWayForm):
    """A login for a person who made no request."""

    def values(self) -> dict[str, str | datetime.date | None]:
        """What the action asks. Call it on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "way"}


class ReissueForm(IssueForm):
    """A new password, with the reason."""

    reason = forms.CharField(
        label="Причина", max_length=300, help_text="Например: пароль забыт, пароль узнали. Останется в истории."
    )

    def __init__(self, *args, credential: ExternalCredential, **kwargs):
        initial = {"login": credential.login, "expires_on": credential.expires_on}
        super().__init__(*args, initial=initial, **kwargs)


class TermForm(forms.Form):
    """The last day of a credential, or none."""

    expires_on = forms.DateField(
        label="Действуют по", required=False, widget=date_input(), help_text="Последний день. Пусто — без срока."
    )


class RevokeForm(forms.Form):
    """Why a credential is ended."""

    end_reason = forms.CharField(
        label="Причина", max_length=300, help_text="Останется в истории и в списке закрытия на платформе."
    )


class ChosenForm(forms.Form):
    """Credentials ticked in a list, or all that the filters find."""

    credential = KeysField(required=False)
    all = forms.BooleanField(required=False)

    def keys(self) -> list[int]:
        return self.cleaned_data["credential"] if self.is_valid() else []

    @property
    def is_all(self) -> bool:
        return self.is_valid() and self.cleaned_data["all"]
