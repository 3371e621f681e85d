"""What a diary's address says, and the marks that one would like to have → clean values."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from eios.lib.filter_form import FilterForm
from journal.summary import BEST

MOST = 20


class DiaryForm(FilterForm):
    """Year, period («0» is the whole year), by subjects or by days."""

    year = forms.IntegerField(required=False, min_value=1)
    period = forms.IntegerField(required=False, min_value=0, max_value=20)
    view = forms.ChoiceField(required=False, choices=[("", "По предметам"), ("days", "По дням")])

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class WeekForm(FilterForm):
    """A day of the week to show."""

    date = forms.DateField(
        required=False,
        validators=[MinValueValidator(datetime.date(2000, 1, 1)), MaxValueValidator(datetime.date(2100, 1, 1))],
    )


class WhatIfForm(forms.Form):
    """Marks to add to a subject: «5 5 4» or «5, 5, 4»."""

    subject = forms.ChoiceField(label="Предмет")
    marks = forms.CharField(
        label="Какие ещё отметки", required=False, max_length=80, help_text="Через пробел или запятую: 5 5 4.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, subjects: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(str(key), name) for key, name in subjects]

    def clean_marks(self) -> list[int]:
        found = self.cleaned_data["marks"].replace(",", " ").replace(";", " ").split()
        wrong = next((one for one in found if not (one.isdigit() and 1 <= int(one) <= BEST)), None)
        if wrong:
            raise forms.ValidationError(f"«{wrong}» — не отметка. Напишите числа от 1 до 5 через пробел.")
        if len(found) > MOST:
            raise forms.ValidationError(f"Не больше {MOST} отметок.")
        return [int(one) for one in found]
