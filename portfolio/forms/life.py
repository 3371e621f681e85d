"""Why a portfolio is frozen or opened again, and whom to find among leavers → clean values."""

from django import forms

from eios.lib.filter_form import FilterForm


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Основание", max_length=300, help_text="Например: приказ об отчислении № 15.")


class LeaverFilterForm(FilterForm):
    q = forms.CharField(label="Фамилия или имя", required=False, max_length=100)
