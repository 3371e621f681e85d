"""Filters of the overview of availability."""

from django import forms

STATES = [
    ("", "Все"),
    ("down", "Не работают"),
    ("certificate", "Истекает сертификат"),
    ("works", "Работают"),
    ("unchecked", "Не проверены"),
]


class AvailabilityFilterForm(forms.Form):
    """Filters as they stand in the address; a wrong value is passed over."""

    q = forms.CharField(label="Поиск по названию и адресу", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)

    def values(self) -> dict[str, str]:
        """Clean values; what was wrong is empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
