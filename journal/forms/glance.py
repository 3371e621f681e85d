"""What the address of a class at a glance says → clean values."""

from django import forms

from eios.lib.filter_form import FilterForm
from journal.class_glance import ORDERS


class GlanceForm(FilterForm):
    """Period («0» is the whole year) and order."""

    period = forms.IntegerField(required=False, min_value=0, max_value=20)
    order = forms.ChoiceField(label="Порядок", required=False, choices=list(ORDERS.items()))

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}
