"""Filters of the audit trail as they stand in the address."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts import history
from accounts.hints import AUDIT_TITLES
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm

# The ends of the calendar have no midnight in every time zone.
POSSIBLE = [MinValueValidator(datetime.date(1990, 1, 1)), MaxValueValidator(datetime.date(2990, 1, 1))]


def _day(label: str) -> forms.DateField:
    widget = date_input()
    return forms.DateField(label=label, required=False, widget=widget, validators=POSSIBLE)


class AuditFilterForm(FilterForm):
    """Who, what, which object, when; a wrong value is passed over."""

    q = forms.CharField(label="Кто", required=False, max_length=200)
    action = forms.ChoiceField(label="Действие", required=False)
    kind = forms.ChoiceField(label="Вид объекта", required=False)
    starts = _day("С какого дня")
    ends = _day("По какой день")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        titles = sorted(AUDIT_TITLES.items(), key=lambda item: item[1])
        self.fields["action"].choices = [("", "Любое действие"), *titles]
        self.fields["kind"].choices = [("", "Любой объект"), *history.kinds()]
