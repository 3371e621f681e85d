"""Why a portfolio is frozen or opened again, and whom to find among leavers → clean values."""

from django import forms

from accounts.models import User
from eios.lib.filter_form import FilterForm

GONE = "Список тем временем изменился: отметьте учеников ещё раз."


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Основание", max_length=300, help_text="Например: приказ об отчислении № 15.")


class LeaverFilterForm(FilterForm):
    q = forms.CharField(label="Фамилия или имя", required=False, max_length=100)
    ticked = forms.BooleanField(label="Отметить всех", required=False)


class TickedForm(forms.Form):
    """Leavers ticked in the list, and why their portfolios are closed."""

    pupil = forms.ModelMultipleChoiceField(User.objects.none(), required=False)
    reason = forms.CharField(
        label="Основание, если закрываете", max_length=300, required=False,
        help_text="Одно для всех: например, приказ об отчислении № 15.", widget=forms.TextInput({"required": True}),
    )  # fmt: skip

    def __init__(self, *args, leavers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pupil"].queryset = leavers
        self.fields["pupil"].error_messages |= dict.fromkeys(("invalid_choice", "invalid_pk_value"), GONE)
