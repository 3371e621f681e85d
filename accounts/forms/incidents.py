"""What people say of a sign-in that fails, and what those who help them write down → clean values."""

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from accounts import incidents
from accounts.models import AccessReport, User
from accounts.models.incidents import LONGEST_LOGIN
from eios.lib.filter_form import FilterForm

NOT_SPELT = {"autocapitalize": "none", "spellcheck": "false"}
IDENTITY = "Личность проверена: это владелец учётной записи, а для ребёнка — он сам или его родитель"
HOW = "Например: узнали в лицо; позвонили по номеру из личного дела. По словам в сообщении личность не проверить."
LONGEST_REASON, LONGEST_HOW = 150, 100


class SignInTroubleForm(forms.Form):
    """The public form; it asks nothing that would prove who writes."""

    login = forms.CharField(
        label="Логин",
        max_length=LONGEST_LOGIN,
        help_text="Как на листке или как вы его помните. Пароль сюда не пишите.",
        widget=forms.TextInput(attrs={"autocomplete": "username", **NOT_SPELT}),
    )
    what = forms.ChoiceField(
        label="Что случилось",
        choices=[(value.value, value.label.capitalize()) for value in AccessReport.PUBLIC],
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label="Как с вами связаться",
        max_length=200,
        required=False,
        help_text="Телефон или имя и класс: чтобы вас быстрее нашли.",
    )


class StopCodeForm(forms.Form):
    code = forms.CharField(
        label="Стоп-код с листка",
        max_length=60,
        help_text="Буквы и цифры в нижней части листка. Пробелы, дефисы и большие буквы не важны.",
        widget=forms.TextInput(attrs={"autocomplete": "off", **NOT_SPELT}),
    )


class SelfBlockForm(forms.Form):
    """One's password once more: an open session left alone is no proof."""

    password = forms.CharField(
        label="Ваш пароль",
        strip=False,
        help_text="Чтобы убедиться, что вход останавливаете именно вы.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        # The adapter counts failures, as at sign-in.
        if not get_adapter().reauthenticate(self.person, self.cleaned_data["password"]):
            raise ValidationError("Неверный пароль.")
        return self.cleaned_data["password"]


class _IdentityForm(forms.Form):
    """An act with another's account: why, and how one knows that the owner asks for it."""

    reason = forms.CharField(label="Причина", max_length=LONGEST_REASON)
    checked = forms.BooleanField(
        label=IDENTITY, error_messages={"required": "Сначала убедитесь, что обращается владелец учётной записи."}
    )
    how = forms.CharField(label="Как проверили", max_length=LONGEST_HOW, help_text=HOW)

    def reason_in_full(self) -> str:
        """For the block and the trail. Call it on a valid form."""
        return f"{self.cleaned_data['reason']}. Личность проверена: {self.cleaned_data['how']}"


class BlockForm(_IdentityForm):
    needs_new_password = forms.BooleanField(
        label="Пароль или листок с ним мог узнать кто-то ещё: после разблокировки нужен новый пароль",
        required=False,
        initial=True,
    )


class UnblockForm(_IdentityForm):
    new_password = forms.BooleanField(
        label="Прежний пароль больше не подходит: выдать новый", required=False, initial=True
    )

    def __init__(self, *args, is_forced: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_forced:
            del self.fields["new_password"]


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Что выяснили, с кем договорились", max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class CloseForm(forms.Form):
    answer = forms.CharField(label="Чем кончилось", max_length=300, help_text="Например: выдан новый листок.")


class IncidentFilterForm(FilterForm):
    """Filters of the list as they stand in the address; a wrong value is passed over."""

    STATES = [(incidents.OPEN, "Открытые"), (incidents.CLOSED, "Закрытые"), (incidents.EVERY, "Все")]

    q = forms.CharField(label="Поиск по имени или логину", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)
    what = forms.ChoiceField(label="Что случилось", required=False, choices=[("", "Всё"), *AccessReport.What.choices])
