"""What people propose and answer (3.5) → clean values."""

from django import forms

from eios.lib.filter_form import FilterForm
from resources import suggestions
from resources.models import Suggestion, validate_address


class SuggestionForm(forms.ModelForm):
    """A suggestion; the element that it is about comes from the address of the page."""

    class Meta:
        model = Suggestion
        fields = ["title", "address", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"address": "Если предлагаете ресурс: https://…"}

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if address:
            validate_address(address)
        return address


class SuggestionFilterForm(FilterForm):
    """The state as it stands in the address; a wrong value is passed over."""

    state = forms.ChoiceField(label="Состояние", required=False, choices=list(suggestions.STATES.items()))


class InboxFilterForm(SuggestionFilterForm):
    """Those that wait first, unless others are asked for."""

    STATES = [("", "Ждут ответа"), ("accepted", "Приняты"), ("declined", "Отклонены"), ("all", "Все")]

    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label="Решение", widget=forms.RadioSelect,
        choices=[(Suggestion.State.ACCEPTED, "Принять"), (Suggestion.State.DECLINED, "Отклонить")],
    )  # fmt: skip
    answer = forms.CharField(
        label="Ответ", required=False, max_length=2000, help_text="Его увидит автор. Для отказа — обязательно.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self):
        values = super().clean()
        if values.get("state") == Suggestion.State.DECLINED and not values.get("answer", "").strip():
            self.add_error("answer", "Напишите, почему предложение отклонено.")
        return values
