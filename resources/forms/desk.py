"""What an element's administrator types at the desk → clean values."""

from django import forms

from eios.lib.filter_form import FilterForm


class SearchForm(FilterForm):
    """Search among the own elements; a wrong value in the address is passed over."""

    q = forms.CharField(label="Поиск по своим элементам", required=False, max_length=200)


class BasisForm(forms.Form):
    """On what ground something is done at the desk."""

    basis = forms.CharField(label="Основание", max_length=300, help_text="Приказ, решение или своими словами.")


class SeenForm(forms.Form):
    """The version that was seen: what has changed meanwhile is not confirmed unseen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CandidateForm(SearchForm):
    """Search among employees for one more administrator."""

    q = forms.CharField(label="Фамилия или имя работника", required=False, max_length=200)
