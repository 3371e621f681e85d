"""Filters of the overview of availability."""

from django import forms

from eios.lib.filter_form import FilterForm

STATES = [
    ("", "Все"),
    ("down", "Не работают"),
    ("certificate", "Истекает сертификат"),
    ("works", "Работают"),
    ("unchecked", "Не проверены"),
]


class AvailabilityFilterForm(FilterForm):
    """Filters as they stand in the address; a wrong value is passed over."""

    q = forms.CharField(label="Поиск по названию и адресу", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)
